import { describe, expect, test } from 'vitest';
import { latestMatch, matchesBetween } from '../src/cron.ts';
import { cronWords } from '../src/cron-words.ts';
import { fillPlain } from '../src/template.ts';

const ZONE = 'Europe/Paris';

describe('the dates that a cron line names', () => {
  test.each([
    ['0 8 * * 1', '2026-10-20', ['2026-10-26T07:00', '2026-11-02T07:00', '2026-11-09T07:00']],
    ['0 8 * * 1', '2026-03-24', ['2026-03-30T06:00', '2026-04-06T06:00', '2026-04-13T06:00']],
    ['30 7 1 * *', '2026-01-15', ['2026-02-01T06:30', '2026-03-01T06:30', '2026-04-01T05:30']],
    ['0,30 9 * * 5', '2026-09-09', ['2026-09-11T07:00', '2026-09-11T07:30', '2026-09-18T07:00']],
    ['0 8 29 2 *', '2026-01-01', ['2028-02-29T07:00']],
    ['0 */12 * * 3', '2026-09-07', ['2026-09-08T22:00', '2026-09-09T10:00', '2026-09-15T22:00']],
  ])('« %s » after %s', (line, after, expected) => {
    const from = new Date(`${after}T00:00:00Z`);
    const until = new Date(from.getTime() + 5 * 365 * 86_400_000);
    const dates = matchesBetween(line, ZONE, from, until, 3);
    expect(dates.map((at) => at.toISOString().slice(0, 16)).slice(0, expected.length)).toEqual(expected);
  });

  test('are those that the scheduler finds', () => {
    for (const line of ['0 8 * * 1', '15 6-9 * * 1-5', '*/20 7 10 * *', '0 3 * * 0']) {
      const from = new Date('2026-10-23T12:00:00Z');
      const until = new Date('2026-10-27T12:00:00Z');
      const last = matchesBetween(line, ZONE, from, until, 1_000).at(-1) ?? null;
      expect(last).toEqual(latestMatch(line, ZONE, from, until));
    }
  });

  test('are none for a 29 February that is a Monday, before 2044', () => {
    const from = new Date('2026-01-01T00:00:00Z');
    expect(matchesBetween('0 8 29 2 1', ZONE, from, new Date('2031-01-01T00:00:00Z'), 3)).toEqual([]);
  });
});

test.each([
  ['0 8 * * 1', 'chaque lundi à 8 h'],
  ['5 18 * * *', 'chaque jour à 18 h 05'],
  ['30 7 * * 1-5', 'chaque lundi, mardi, mercredi, jeudi, vendredi à 7 h 30'],
  ['0 9 * * 0,7', 'chaque dimanche à 9 h'],
  ['0 9 1 * *', 'le 1er de chaque mois à 9 h'],
  ['0 9 15 * *', 'le 15 de chaque mois à 9 h'],
  ['0 9 15 6 *', 'selon « 0 9 15 6 * »'],
  ['*/5 9 * * 1', 'selon « */5 9 * * 1 »'],
])('« %s » in words', (line, words) => {
  expect(fillPlain('console/_cron.txt', { c: cronWords(line) }).replaceAll('\u00a0', ' ')).toBe(words);
});

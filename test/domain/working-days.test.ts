import { describe, expect, test } from 'vitest';
import { addWorkingDays, type Territory } from '../../src/domain/calendar.ts';
import { weekdayOf } from '../../src/domain/local-time.ts';

/** Working days counted on the calendar on the wall: each case was reckoned by hand. */

const CASES: [what: string, from: string, days: number, to: string, territory?: Territory, closures?: string[]][] = [
  ['an ordinary Monday', '2026-09-07', 5, '2026-09-14'],
  ['an ordinary Friday', '2026-09-11', 5, '2026-09-18'],
  ['a Saturday', '2026-09-12', 1, '2026-09-14'],
  ['a Sunday', '2026-09-13', 5, '2026-09-18'],
  ['the eve of Good Friday', '2026-04-02', 1, '2026-04-03'],
  ['the eve of Good Friday in Alsace', '2026-04-02', 1, '2026-04-07', 'alsace-moselle'],
  ['Good Friday', '2026-04-03', 1, '2026-04-07'],
  ['the week of Easter', '2026-04-02', 5, '2026-04-10'],
  ['the week of Easter in Alsace', '2026-04-02', 5, '2026-04-13', 'alsace-moselle'],
  ['the eve of Ascension', '2026-05-13', 1, '2026-05-15'],
  ['the eve of Ascension, with the bridge', '2026-05-13', 1, '2026-05-18', 'metropole', ['2026-05-15']],
  ['the eve of Ascension, five days', '2026-05-13', 5, '2026-05-21'],
  ['a May with the 1st and the 8th', '2026-04-30', 5, '2026-05-11'],
  ['a May with the 1st, the 8th and Ascension', '2026-04-30', 10, '2026-05-19'],
  ['Whit Monday', '2026-05-22', 1, '2026-05-26'],
  ['Whit Monday and the abolition in Guadeloupe', '2026-05-22', 2, '2026-05-28', 'guadeloupe'],
  ['the abolition in Martinique, a Friday', '2026-05-21', 1, '2026-05-26', 'martinique'],
  ['the abolition in French Guiana', '2026-06-09', 1, '2026-06-11', 'guyane'],
  ['the abolition in Réunion, in 2027 a Monday', '2027-12-17', 1, '2027-12-21', 'reunion'],
  ['the abolition in Mayotte', '2026-04-24', 1, '2026-04-28', 'mayotte'],
  ['the abolition in Saint-Barthélemy', '2026-10-08', 1, '2026-10-12', 'saint-barthelemy'],
  ['the day of citizenship in New Caledonia', '2026-09-23', 1, '2026-09-25', 'nouvelle-caledonie'],
  ['the day of the Gospel in Polynesia', '2026-03-04', 1, '2026-03-06', 'polynesie-francaise'],
  ['the night clocks go forward', '2026-03-27', 1, '2026-03-30'],
  ['the week clocks go forward', '2027-03-25', 5, '2027-04-02'],
  ['the night clocks go back', '2026-10-23', 1, '2026-10-26'],
  ['the 29 February', '2028-02-28', 1, '2028-02-29'],
  ['no 29 February', '2027-02-26', 1, '2027-03-01'],
  ['Christmas and the year’s end', '2026-12-24', 5, '2027-01-05', 'metropole', ['2026-12-31']],
  ['the day after Christmas in Alsace, in 2028 a Tuesday', '2028-12-22', 1, '2028-12-27', 'alsace-moselle'],
];

describe('C7: working days', () => {
  test('are reckoned in thirty cases', () => {
    expect(CASES).toHaveLength(30);
  });

  test.each(CASES)(
    'from %s: %s and %i days make %s',
    (_what, from, days, to, territory = 'metropole', closures = []) => {
      expect(addWorkingDays(from, days, { territory, closures })).toBe(to);
      expect([1, 2, 3, 4, 5]).toContain(weekdayOf(to));
    },
  );
});

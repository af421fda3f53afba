import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TERRITORIES } from '../../src/domain/calendar.ts';
import { addDays, localParts } from '../../src/domain/local-time.ts';
import { dueAt, isOfficeTime, momentAfter, nextReminderAt, type Delay } from '../../src/domain/schedule.ts';
import { STATUSES } from '../../src/domain/workflow.ts';
import { aRequest, aSchedule, aTown } from './plassans.ts';

const town = aTown();
const schedule = aSchedule();

describe('« 3 jours ouvrés », at nine in the morning', () => {
  const THREE: Delay = { amount: 3, unit: 'working_days' };

  test.each([
    ['within a week', '2026-09-07T10:00:00+02:00', '2026-09-10T09:00:00+02:00'],
    ['over a week-end', '2026-09-10T17:59:00+02:00', '2026-09-15T09:00:00+02:00'],
    ['from a Saturday', '2026-09-12T12:00:00+02:00', '2026-09-16T09:00:00+02:00'],
    ['from a Sunday night', '2026-09-13T23:59:00+02:00', '2026-09-16T09:00:00+02:00'],
    ['over Easter Monday', '2026-04-02T10:00:00+02:00', '2026-04-08T09:00:00+02:00'],
    ['over Ascension', '2026-05-13T10:00:00+02:00', '2026-05-19T09:00:00+02:00'],
    ['over the 14 July', '2026-07-10T10:00:00+02:00', '2026-07-16T09:00:00+02:00'],
    ['over Christmas and New Year’s Day', '2026-12-29T10:00:00+01:00', '2027-01-04T09:00:00+01:00'],
    ['while clocks go forward', '2026-03-26T10:00:00+01:00', '2026-03-31T09:00:00+02:00'],
    ['while clocks go back', '2026-10-22T10:00:00+02:00', '2026-10-27T09:00:00+01:00'],
    [
      'from a mail that came just after midnight in Plassans, still yesterday in UTC',
      '2026-09-07T22:30:00Z',
      '2026-09-11T07:00:00Z',
    ],
  ])('%s', (_when, from, end) => {
    expect(momentAfter(new Date(from), THREE, schedule, town)).toEqual(new Date(end));
  });

  test('over the bridge that the town hall makes after Ascension', () => {
    const bridge = aTown({ closures: ['2026-05-15'] });
    const end = momentAfter(new Date('2026-05-13T10:00:00+02:00'), THREE, schedule, bridge);
    expect(end).toEqual(new Date('2026-05-20T09:00:00+02:00'));
  });
});

describe('other delays', () => {
  test.each<[string, Delay, string, string]>([
    [
      'ten days that end on a Sunday end on Monday',
      { amount: 10, unit: 'days' },
      '2026-09-03T10:00:00+02:00',
      '2026-09-14T09:00:00+02:00',
    ],
    [
      'thirty-six hours that end in office hours end then',
      { amount: 36, unit: 'hours' },
      '2026-09-07T22:15:00+02:00',
      '2026-09-09T10:15:00+02:00',
    ],
    [
      'twelve hours that end at night end when the town hall opens',
      { amount: 12, unit: 'hours' },
      '2026-09-07T14:00:00+02:00',
      '2026-09-08T08:00:00+02:00',
    ],
    [
      'five hours from a Friday afternoon end on Monday',
      { amount: 5, unit: 'hours' },
      '2026-09-11T15:00:00+02:00',
      '2026-09-14T08:00:00+02:00',
    ],
    [
      'an hour that ends as the town hall closes waits for the morning',
      { amount: 1, unit: 'hours' },
      '2026-09-07T17:00:00+02:00',
      '2026-09-08T08:00:00+02:00',
    ],
    [
      'hours over the night clocks change are true hours',
      { amount: 72, unit: 'hours' },
      '2026-03-27T10:00:00+01:00',
      '2026-03-30T11:00:00+02:00',
    ],
  ])('%s', (_sentence, delay, from, end) => {
    expect(momentAfter(new Date(from), delay, schedule, town)).toEqual(new Date(end));
  });
});

describe('reminders', () => {
  const waiting = aRequest({ statusSince: new Date('2026-09-07T10:00:00+02:00') });

  test('begin when the holder becomes late, then follow at the admin’s pace', () => {
    const first = nextReminderAt(waiting, schedule, town);
    expect(first).toEqual(dueAt(waiting, schedule, town));
    const second = nextReminderAt({ ...waiting, remindedCount: 1, remindedAt: first }, schedule, town);
    expect(second).toEqual(new Date('2026-09-14T09:00:00+02:00'));
  });

  test('end after as many as are allowed, while the request stays late', () => {
    const chased = { ...waiting, remindedCount: 5, remindedAt: new Date('2026-10-01T09:00:00+02:00') };
    expect(nextReminderAt(chased, schedule, town)).toBeNull();
    expect(dueAt(chased, schedule, town)).not.toBeNull();
  });

  test('at most none means none', () => {
    const never = aSchedule({ notTakenUp: { ...schedule.notTakenUp, atMost: 0 } });
    expect(nextReminderAt(waiting, never, town)).toBeNull();
  });

  test('chase nobody where the citizen is awaited, or the request sleeps, or is closed', () => {
    const silent = STATUSES.filter((status) => nextReminderAt({ ...waiting, status }, schedule, town) === null);
    expect(silent).toEqual(['awaiting_citizen', 'on_hold', 'closed']);
    expect(STATUSES.filter((status) => dueAt({ ...waiting, status }, schedule, town) === null)).toEqual(silent);
  });

  test('whatever the delay and the moment, are due in office hours of a worked day, and after what they are about', () => {
    const anyDelay = fc.record({
      amount: fc.integer({ min: 1, max: 90 }),
      unit: fc.constantFrom('hours', 'days', 'working_days'),
    }) satisfies fc.Arbitrary<Delay>;
    const anyMinute = fc.integer({ min: Date.UTC(2020, 0) / 60_000, max: Date.UTC(2040, 0) / 60_000 });
    const anyTown = fc.record({
      territory: fc.constantFrom(...TERRITORIES),
      closures: fc.constantFrom([], ['2026-05-15', '2027-12-24']),
    });
    fc.assert(
      fc.property(anyDelay, anyMinute, anyTown, (delay, minute, place) => {
        const here = aTown(place);
        const from = new Date(minute * 60_000);
        const end = momentAfter(from, delay, schedule, here);
        expect(isOfficeTime(end, schedule, here)).toBe(true);
        expect(end > from).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('office time', () => {
  test.each([
    ['2026-09-07T08:00:00+02:00', true],
    ['2026-09-07T17:59:59+02:00', true],
    ['2026-09-07T18:00:00+02:00', false],
    ['2026-09-07T07:59:59+02:00', false],
    ['2026-09-06T10:00:00+02:00', false],
    ['2026-09-05T10:00:00+02:00', false],
    ['2026-07-14T10:00:00+02:00', false],
    ['2026-10-26T08:00:00+01:00', true],
    ['2026-10-26T08:00:00+02:00', false],
    ['2026-03-30T08:00:00+02:00', true],
  ])('%s: %s', (instant, isOpen) => {
    expect(isOfficeTime(new Date(instant), schedule, town)).toBe(isOpen);
  });

  test('is ten hours long, in the weeks when clocks change too', () => {
    for (const day of ['2026-03-30', '2026-10-26', '2026-09-07']) {
      const start = new Date(`${addDays(day, -1)}T20:00:00Z`).getTime();
      const minutes = Array.from({ length: 30 * 60 }, (_, i) => new Date(start + i * 60_000));
      const open = minutes.filter(
        (minute) => localParts(minute, town.timeZone).day === day && isOfficeTime(minute, schedule, town),
      );
      expect(open).toHaveLength(600);
    }
  });
});

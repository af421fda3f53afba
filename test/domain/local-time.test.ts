import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { addDays, instantAt, localParts, weekdayOf } from '../../src/domain/local-time.ts';

const PARIS = 'Europe/Paris';
const PROCESS_ZONES = ['UTC', 'Europe/Paris', 'Pacific/Auckland', 'America/New_York'];
const homeZone = process.env['TZ'];

afterEach(() => {
  if (homeZone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = homeZone;
});

describe.each(PROCESS_ZONES)('on a machine whose clock is set to %s', (zone) => {
  test.each([
    ['2026-03-29T00:59:00Z', '2026-03-29', '01:59'],
    ['2026-03-29T01:00:00Z', '2026-03-29', '03:00'],
    ['2026-10-24T21:59:00Z', '2026-10-24', '23:59'],
    ['2026-10-24T22:00:00Z', '2026-10-25', '00:00'],
    ['2026-10-25T00:30:00Z', '2026-10-25', '02:30'],
    ['2026-10-25T01:30:00Z', '2026-10-25', '02:30'],
    ['2026-12-31T23:00:00Z', '2027-01-01', '00:00'],
  ])('%s is %s at %s in Plassans', (instant, day, time) => {
    process.env['TZ'] = zone;
    expect(localParts(new Date(instant), PARIS)).toEqual({ day, time, weekday: weekdayOf(day) });
  });

  test.each([
    ['2026-03-28', '09:00', '2026-03-28T08:00:00.000Z'],
    ['2026-03-29', '01:59', '2026-03-29T00:59:00.000Z'],
    ['2026-03-29', '03:00', '2026-03-29T01:00:00.000Z'],
    ['2026-03-29', '09:00', '2026-03-29T07:00:00.000Z'],
    ['2026-10-25', '01:59', '2026-10-24T23:59:00.000Z'],
    ['2026-10-25', '03:00', '2026-10-25T02:00:00.000Z'],
    ['2026-10-25', '09:00', '2026-10-25T08:00:00.000Z'],
    ['2026-10-26', '09:00', '2026-10-26T08:00:00.000Z'],
  ])('%s at %s in Plassans is %s', (day, time, instant) => {
    process.env['TZ'] = zone;
    expect(instantAt(day, time, PARIS).toISOString()).toBe(instant);
  });
});

test('the machine’s own clock did change in these tests', () => {
  process.env['TZ'] = 'Pacific/Auckland';
  expect(new Date('2026-01-01T12:00:00Z').getHours()).toBe(1);
});

test('an hour that spring skips is the hour after it', () => {
  expect(instantAt('2026-03-29', '02:30', PARIS).toISOString()).toBe('2026-03-29T01:30:00.000Z');
});

test('an hour that autumn repeats is one of the two', () => {
  const instant = instantAt('2026-10-25', '02:30', PARIS);
  expect(localParts(instant, PARIS)).toMatchObject({ day: '2026-10-25', time: '02:30' });
});

// Every zone of a French commune, from Wallis to Wallis round the world.
const ZONES = [
  'Europe/Paris',
  'America/Guadeloupe',
  'America/Cayenne',
  'America/Miquelon',
  'Indian/Reunion',
  'Indian/Mayotte',
  'Pacific/Noumea',
  'Pacific/Tahiti',
  'Pacific/Marquesas',
  'Pacific/Wallis',
];

test('an instant said as a day and an hour is that instant again, but for the repeated hour, in every commune', () => {
  const minutes = fc.integer({ min: Date.UTC(2000, 0) / 60_000, max: Date.UTC(2060, 0) / 60_000 });
  fc.assert(
    fc.property(minutes, fc.constantFrom(...ZONES), (minute, zone) => {
      const instant = new Date(minute * 60_000);
      const { day, time } = localParts(instant, zone);
      const back = instantAt(day, time, zone);
      expect(localParts(back, zone)).toMatchObject({ day, time });
      expect([0, 3_600_000]).toContain(Math.abs(back.getTime() - instant.getTime()));
    }),
    { numRuns: 2_000 },
  );
});

test('days add up over months, leap years and clock changes', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
  expect(addDays('2026-10-26', -2)).toBe('2026-10-24');
});

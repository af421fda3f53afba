import { expect, test } from 'vitest';
import { monthBefore, spanOf } from '../../src/domain/month.ts';

const PARIS = 'Europe/Paris';

test.each([
  ['2026-09-01T08:00:00+02:00', '2026-08'],
  ['2026-09-30T23:30:00+02:00', '2026-08'],
  ['2026-08-31T22:30:00Z', '2026-08'],
  ['2026-01-01T00:30:00+01:00', '2025-12'],
  ['2028-03-01T08:00:00+01:00', '2028-02'],
])('at %s the month that is over is %s', (instant, month) => {
  expect(monthBefore(new Date(instant), PARIS)).toBe(month);
});

test.each([
  ['2026-02', '2026-02-01T00:00:00+01:00', '2026-03-01T00:00:00+01:00'],
  ['2026-03', '2026-03-01T00:00:00+01:00', '2026-04-01T00:00:00+02:00'],
  ['2026-12', '2026-12-01T00:00:00+01:00', '2027-01-01T00:00:00+01:00'],
  ['2028-02', '2028-02-01T00:00:00+01:00', '2028-03-01T00:00:00+01:00'],
])('%s goes from midnight to midnight on the town’s clocks', (month, start, end) => {
  expect(spanOf(month, PARIS)).toEqual({ start: new Date(start), end: new Date(end) });
});

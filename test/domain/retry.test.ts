import { describe, expect, test } from 'vitest';
import { deferral, withoutOurTime, type Waiting } from '../../src/domain/retry.ts';

const MONDAY = new Date('2026-09-07T10:00:00+02:00');
const HOUR = 3_600;
const DAY = 24 * HOUR;
const UNTRIED: Waiting = { deferrals: 0, deferredAt: null, tryAfter: null };

const after = (seconds: number) => new Date(MONDAY.getTime() + seconds * 1_000);

/** The minutes after the first refusal at which a mail is tried that is refused each time. */
function triesOf(patienceSeconds: number): number[] {
  const tries: number[] = [];
  for (let mail = deferral(UNTRIED, MONDAY, patienceSeconds); mail.tryAfter !== null; ) {
    tries.push((mail.tryAfter.getTime() - MONDAY.getTime()) / 60_000);
    mail = deferral(mail, mail.tryAfter, patienceSeconds);
  }
  return tries;
}

describe('a mail that is refused « for now », again and again', () => {
  test('is tried after 1, 5, 15, 30 minutes, 1, 2, then every 4 hours', () => {
    expect(triesOf(5 * DAY).slice(0, 9)).toEqual([1, 6, 21, 51, 111, 231, 471, 711, 951]);
  });

  test('until five days after the first refusal, when it is tried for the last time', () => {
    const tries = triesOf(5 * DAY);
    expect(tries.at(-1)).toBe(5 * 24 * 60);
    expect(tries).toHaveLength(36);
  });

  test('for as long as the town hall says, even less than the first pause', () => {
    expect(triesOf(20)).toEqual([20 / 60]);
    expect(triesOf(HOUR)).toEqual([1, 6, 21, 51, 60]);
  });

  test('is not given up because we were away: six days of our own count for nothing', () => {
    const greylisted = deferral(UNTRIED, MONDAY, 5 * DAY);
    const again = deferral(greylisted, after(6 * DAY), 5 * DAY);
    expect(again).toEqual({ deferrals: 2, deferredAt: after(6 * DAY - 60), tryAfter: after(6 * DAY + 300) });
  });

  test('a mail that no server refused has no patience to lose', () => {
    expect(withoutOurTime(UNTRIED, after(DAY))).toBeNull();
    expect(withoutOurTime({ ...UNTRIED, tryAfter: MONDAY }, after(DAY))).toBeNull();
  });
});

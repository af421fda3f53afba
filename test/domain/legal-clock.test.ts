import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayBefore, legalClock, type ClockFacts, type Suspension } from '../../src/domain/legal-clock.ts';
import { addDays, instantAt } from '../../src/domain/local-time.ts';
import { addMonths, type Procedure } from '../../src/domain/silence.ts';

/** The delay at whose end silence decides: CRPA L231-1, L231-4, and L114-5 for its suspension. */

const PARIS = 'Europe/Paris';
const REJECTION: Procedure = { regime: 'rejection', silenceMonths: 2, legalBasis: '' };
const ACCEPTANCE: Procedure = { ...REJECTION, regime: 'acceptance' };

describe('the day on which silence decides', () => {
  test.each([
    ['an ordinary day', '2026-04-23T09:00:00+02:00', '2026-06-23'],
    ['half past eleven at night, on the last winter day', '2026-03-28T23:30:00+01:00', '2026-05-28'],
    ['half past midnight, the night clocks go forward', '2026-03-29T00:30:00+01:00', '2026-05-29'],
    ['the 31 December', '2025-12-31T10:00:00+01:00', '2026-02-28'],
    ['the 31 December before a leap year', '2027-12-31T10:00:00+01:00', '2028-02-29'],
    ['the 30 June', '2026-06-30T10:00:00+02:00', '2026-08-30'],
  ])('is two months after %s, be it a Sunday', (_what, receivedAt, day) => {
    for (const procedure of [REJECTION, ACCEPTANCE]) {
      expect(legalClock(facts({ receivedAt: new Date(receivedAt) }), procedure, PARIS)?.decidesOn).toBe(day);
    }
  });

  test('does not come where no decision is awaited, nor once there is one', () => {
    expect(legalClock(facts(), { ...REJECTION, regime: 'information' }, PARIS)).toBeNull();
    expect(legalClock(facts({ status: 'closed' }), REJECTION, PARIS)).toBeNull();
  });

  test('is counted from the day of reopening where a decision came before', () => {
    const clock = legalClock(facts({ clockSince: noon('2026-05-20') }), REJECTION, PARIS);
    expect(clock?.decidesOn).toBe('2026-07-20');
    expect(clock?.steps.map(({ kind }) => kind)).toEqual(['reopened', 'decides']);
  });
});

describe('L114-5, where silence rejects', () => {
  test('the delay stops on the day pieces are asked for, and goes on the day they come', () => {
    const clock = legalClock(suspended(asked('2026-04-17', '2026-05-15', '2026-04-27')), REJECTION, PARIS);
    expect(said(clock)).toEqual([
      '2026-04-07 received, runs, 61 left',
      '2026-04-17 asked, stands, 51 left',
      '2026-04-27 pieces_received, runs, 51 left',
      '2026-06-17 decides, stands, 0 left',
    ]);
  });

  test('without the pieces it goes on when the day given is over, and not when they come later', () => {
    const never = legalClock(suspended(asked('2026-04-17', '2026-05-15')), REJECTION, PARIS);
    expect(said(never)).toEqual([
      '2026-04-07 received, runs, 61 left',
      '2026-04-17 asked, stands, 51 left',
      '2026-05-15 time_over, runs, 51 left',
      '2026-07-05 decides, stands, 0 left',
    ]);
    const late = legalClock(suspended(asked('2026-04-17', '2026-05-15', '2026-05-20')), REJECTION, PARIS);
    expect(late?.decidesOn).toBe('2026-07-05');
  });

  test('two suspensions add up; one that others take the place of is not counted twice', () => {
    const twice = suspended(
      asked('2026-04-10', '2026-04-30', '2026-04-15'),
      asked('2026-05-04', '2026-05-29', '2026-05-06'),
    );
    expect(legalClock(twice, REJECTION, PARIS)?.decidesOn).toBe('2026-06-14');
    const again = { ...asked('2026-04-10', '2026-04-30', '2026-04-15'), endedBy: 'asked_again' as const };
    const replaced = suspended(again, asked('2026-04-15', '2026-05-29', '2026-04-20'));
    expect(legalClock(replaced, REJECTION, PARIS)?.decidesOn).toBe('2026-06-17');
  });

  test('pieces asked for on the very day that silence decided, or after, stop nothing', () => {
    for (const askedOn of ['2026-06-07', '2026-06-20']) {
      const clock = legalClock(suspended(asked(askedOn, '2026-07-20', '2026-07-01')), REJECTION, PARIS);
      expect(clock?.decidesOn).toBe('2026-06-07');
      expect(clock?.steps.map(({ kind }) => kind)).toContain('asked_too_late');
    }
  });

  test('a mail that never arrived stopped nothing', () => {
    const lost = { ...asked('2026-04-17', '2026-05-15', '2026-04-17'), endedBy: 'undelivered' as const };
    expect(legalClock(suspended(lost), REJECTION, PARIS)?.decidesOn).toBe('2026-06-07');
    expect(legalClock(suspended(lost), ACCEPTANCE, PARIS)?.decidesOn).toBe('2026-06-07');
  });
});

describe('L114-5, where silence accepts', () => {
  test('the whole delay begins when the pieces come, however late', () => {
    for (const receivedOn of ['2026-05-04', '2026-05-20']) {
      const clock = legalClock(suspended(asked('2026-04-17', '2026-05-15', receivedOn)), ACCEPTANCE, PARIS);
      expect(clock?.decidesOn).toBe(addMonths(receivedOn, 2));
      expect(clock?.steps.map(({ kind }) => kind)).toEqual(['received', 'asked', 'restarted', 'decides']);
    }
  });

  test('it does not begin without them', () => {
    const clock = legalClock(suspended(asked('2026-04-17', '2026-05-15')), ACCEPTANCE, PARIS);
    expect(clock?.decidesOn).toBeNull();
    expect(clock?.steps.map(({ kind, isRunning, daysLeft }) => [kind, isRunning, daysLeft])).toEqual([
      ['received', true, 61],
      ['asked', false, null],
      ['still_waiting', false, null],
    ]);
  });
});

describe('the days left', () => {
  test('are counted down while it runs, whatever the suspension', () => {
    const clock = legalClock(suspended(asked('2026-05-01', '2026-05-31')), REJECTION, PARIS);
    // 37 left on 1 May; it stands until the 31st.
    expect([60, 38, 37, 30, 2, 0].map((days) => clock && dayBefore(clock, days))).toEqual([
      '2026-04-08',
      '2026-04-30',
      '2026-05-01',
      '2026-06-07',
      '2026-07-05',
      '2026-07-07',
    ]);
  });

  test('are never those of a longer delay than it has', () => {
    const clock = legalClock(facts(), { ...REJECTION, silenceMonths: 1 }, PARIS);
    expect([31, 30].map((days) => clock && dayBefore(clock, days))).toEqual([null, '2026-04-07']);
  });
});

describe('whatever happens', () => {
  const anyProcedure = fc.record({
    regime: fc.constantFrom('rejection' as const, 'acceptance' as const),
    silenceMonths: fc.integer({ min: 1, max: 24 }),
    legalBasis: fc.constant(''),
  });
  const anyGap = fc.record({
    after: fc.integer({ min: 0, max: 80 }),
    given: fc.integer({ min: 1, max: 60 }),
    took: fc.option(fc.integer({ min: 0, max: 90 }), { nil: null }),
  });
  const anyStart = fc.integer({ min: 0, max: 12_000 }).map((days) => addDays('2015-01-01', days));
  const anyCase = fc.record({
    procedure: anyProcedure,
    start: anyStart,
    gaps: fc.array(anyGap, { maxLength: 4 }),
    zone: fc.constantFrom(PARIS, 'America/Martinique', 'Pacific/Noumea'),
  });

  test('silence never decides sooner than the months after the receipt, and each step says where it stands', () => {
    fc.assert(
      fc.property(anyCase, ({ procedure, start, gaps, zone }) => {
        const given = {
          ...facts({ receivedAt: instantAt(start, '23:30', zone) }),
          suspensions: suspensionsOf(start, gaps, zone),
        };
        const clock = legalClock(given, procedure, zone);
        expect(clock).not.toBeNull();
        if (clock === null) return;
        if (clock.decidesOn !== null) expect(clock.decidesOn >= addMonths(start, procedure.silenceMonths)).toBe(true);
        const days = clock.steps.map(({ on }) => on).filter((_on, i) => clock.steps[i]?.kind !== 'asked_too_late');
        expect(days).toEqual(days.toSorted());
        for (const { isRunning, daysLeft } of clock.steps) if (isRunning) expect(daysLeft).toBeGreaterThan(0);
        for (const { daysLeft } of clock.steps) if (daysLeft !== null) expect(daysLeft).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a suspension more never brings the day nearer, and pieces that come later never either', () => {
    fc.assert(
      fc.property(anyCase, anyGap, ({ procedure, start, gaps, zone }, gap) => {
        const decides = (each: typeof gaps) =>
          legalClock(
            {
              ...facts({ receivedAt: instantAt(start, '10:00', zone) }),
              suspensions: suspensionsOf(start, each, zone),
            },
            procedure,
            zone,
          )?.decidesOn ?? '9999';
        // What waits for pieces for good is set going by those asked for next.
        fc.pre(decides(gaps) !== '9999');
        expect(decides([...gaps, gap]) >= decides(gaps)).toBe(true);
        const sooner = { ...gap, took: gap.took === null ? 10 : Math.floor(gap.took / 2) };
        expect(decides([...gaps, gap]) >= decides([...gaps, sooner])).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('every day of the countdown comes once, in order, and while the clock runs', () => {
    fc.assert(
      fc.property(anyCase, ({ procedure, start, gaps, zone }) => {
        const given = {
          ...facts({ receivedAt: instantAt(start, '10:00', zone) }),
          suspensions: suspensionsOf(start, gaps, zone),
        };
        const clock = legalClock(given, procedure, zone);
        if (clock === null || clock.decidesOn === null) return;
        expect(dayBefore(clock, 0)).toBe(clock.decidesOn);
        const counted = [30, 10, 2, 0].map((days) => dayBefore(clock, days)).filter((day) => day !== null);
        expect(counted).toEqual(counted.toSorted());
        for (const days of [30, 10, 2]) {
          const day = dayBefore(clock, days);
          const isStopped = (from: string, until: string | null) =>
            day !== null && until !== null && day > until && day < from;
          const stops = clock.runs.slice(1).map(({ from }, i) => [from, clock.runs[i]?.until ?? null] as const);
          expect(stops.some(([from, until]) => isStopped(from, until))).toBe(false);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

function facts(changes: Partial<ClockFacts> = {}): ClockFacts {
  return { status: 'in_progress', receivedAt: noon('2026-04-07'), clockSince: null, suspensions: [], ...changes };
}

function suspended(...suspensions: Suspension[]): ClockFacts {
  return facts({ suspensions });
}

function asked(on: string, dueOn: string, receivedOn?: string): Suspension {
  const ended = receivedOn === undefined ? null : noon(receivedOn);
  return { askedAt: noon(on), dueOn, endedAt: ended, endedBy: ended && 'received' };
}

/** One after the other: no request asks for pieces twice at once. */
function suspensionsOf(
  start: string,
  gaps: readonly { after: number; given: number; took: number | null }[],
  zone: string,
) {
  let day = start;
  return gaps.map(({ after, given, took }): Suspension => {
    const askedOn = addDays(day, after);
    const dueOn = addDays(askedOn, given);
    day = addDays(askedOn, Math.max(given, took ?? 0));
    const endedAt = took === null ? null : instantAt(addDays(askedOn, took), '12:00', zone);
    return { askedAt: instantAt(askedOn, '11:00', zone), dueOn, endedAt, endedBy: endedAt && 'received' };
  });
}

function noon(day: string): Date {
  return instantAt(day, '12:00', PARIS);
}

function said(clock: ReturnType<typeof legalClock>): string[] {
  return (clock?.steps ?? []).map(
    ({ on, kind, isRunning, daysLeft }) => `${on} ${kind}, ${isRunning ? 'runs' : 'stands'}, ${daysLeft} left`,
  );
}

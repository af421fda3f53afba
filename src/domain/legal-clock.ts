import { addDays, daysBetween, localParts, type Day } from './local-time.ts';
import { addMonths, type Procedure } from './silence.ts';
import type { Status } from './workflow.ts';

/**
 * The delay at whose end the town hall's silence decides, reckoned step by step. Where a text can be read in two ways,
 * the earliest day is taken: an alarm may come early, never late.
 */

/** Pieces without which a request cannot be judged were asked for, by a day (CRPA L114-5). */
export interface Suspension {
  askedAt: Date;
  /** The last day that the citizen was given. */
  dueOn: Day;
  /** Null as long as nothing came. */
  endedAt: Date | null;
  endedBy: SuspensionEnd | null;
}

/** The pieces came; others were asked for instead; the mail that asked for them never arrived. */
export const SUSPENSION_ENDS = ['received', 'asked_again', 'undelivered'] as const;
export type SuspensionEnd = (typeof SUSPENSION_ENDS)[number];

/** What the clock is reckoned from. */
export interface ClockFacts {
  status: Status;
  receivedAt: Date;
  /** When it began anew, for a request opened again after the town hall had decided; null: at its receipt. */
  clockSince: Date | null;
  /** Oldest first. */
  suspensions: readonly Suspension[];
}

/** Each has its sentence in the locale file. */
export const CLOCK_STEPS = [
  'received',
  'reopened',
  'asked',
  'asked_too_late',
  'undelivered',
  'pieces_received',
  'time_over',
  'still_waiting',
  'restarted',
  'decides',
] as const;

export interface ClockStep {
  kind: (typeof CLOCK_STEPS)[number];
  on: Day;
  /** Null for what only a calendar brings. */
  at: Date | null;
  isRunning: boolean;
  /** Null while the whole delay waits for the pieces. */
  daysLeft: number | null;
}

export interface LegalClock {
  steps: readonly ClockStep[];
  /** When it runs, since it last began at its whole length. */
  runs: readonly Run[];
  /** Null while it waits for pieces without which it does not begin. If no piece comes in time, where some are awaited. */
  decidesOn: Day | null;
}

interface Run {
  from: Day;
  daysLeft: number;
  /** The day on which it was stopped; null when it comes to its end. */
  until: Day | null;
}

/** Null where silence decides nothing: no decision is awaited, or the request is closed. */
export function legalClock(facts: ClockFacts, procedure: Procedure, timeZone: string): LegalClock | null {
  if (procedure.regime === 'information' || facts.status === 'closed') return null;
  const dayOf = (at: Date) => localParts(at, timeZone).day;
  const start = facts.clockSince ?? facts.receivedAt;
  const begin = began(facts.clockSince === null ? 'received' : 'reopened', start, dayOf(start), procedure);
  const clock = facts.suspensions.reduce((sum, suspension) => {
    const askedOn = dayOf(suspension.askedAt);
    if (suspension.endedBy === 'undelivered') return noted(sum, 'undelivered', suspension, askedOn);
    if (sum.decidesOn !== null && askedOn >= sum.decidesOn) return noted(sum, 'asked_too_late', suspension, askedOn);
    const endedOn = suspension.endedAt && dayOf(suspension.endedAt);
    return SUSPENDED[procedure.regime === 'acceptance' ? 'acceptance' : 'rejection'](
      sum,
      { ...suspension, askedOn, endedOn },
      procedure,
    );
  }, begin);
  const { decidesOn } = clock;
  if (decidesOn === null) return clock;
  return withStep(clock, { kind: 'decides', on: decidesOn, at: null, isRunning: false, daysLeft: 0 });
}

/** The day on which the clock, as it runs, comes to this many days before its end; null when it never does. */
export function dayBefore({ runs }: LegalClock, days: number): Day | null {
  const run = runs.find(
    ({ from, until, daysLeft }) => daysLeft >= days && (until === null || daysLeft - daysBetween(from, until) <= days),
  );
  const isLonger = runs[0] !== undefined && runs[0].daysLeft >= days;
  return isLonger && run !== undefined ? addDays(run.from, run.daysLeft - days) : null;
}

interface Stop extends Suspension {
  askedOn: Day;
  endedOn: Day | null;
}

type Suspend = (clock: LegalClock, stop: Stop, procedure: Procedure) => LegalClock;

const SUSPENDED: Record<'acceptance' | 'rejection', Suspend> = {
  /** It does not run while pieces are awaited: until they come, or until the day given is over. */
  rejection: (clock, stop) => {
    const { askedOn, endedOn, dueOn } = stop;
    const daysLeft = daysBetween(askedOn, clock.decidesOn ?? askedOn);
    const isInTime = endedOn !== null && endedOn <= dueOn;
    const resumesOn = isInTime ? endedOn : dueOn;
    const stopped = stoppedAt(withStep(clock, asked(stop, daysLeft)), askedOn);
    const decidesOn = addDays(resumesOn, daysLeft);
    const runs = [...stopped.runs, { from: resumesOn, daysLeft, until: null }];
    if (isInTime && stop.endedBy === 'asked_again') return { ...stopped, runs, decidesOn };
    const kind = isInTime ? 'pieces_received' : 'time_over';
    const at = isInTime ? stop.endedAt : null;
    return { ...withStep(stopped, { kind, on: resumesOn, at, isRunning: true, daysLeft }), runs, decidesOn };
  },
  /** It only begins when the pieces came, and has its whole length then. */
  acceptance: (clock, stop, procedure) => {
    const { endedOn, endedAt, endedBy, dueOn } = stop;
    const waiting = { ...withStep(clock, asked(stop, null)), runs: [], decidesOn: null };
    if (endedBy === 'received' && endedOn !== null && endedAt !== null) {
      const begin = began('restarted', endedAt, endedOn, procedure);
      return { ...begin, steps: [...waiting.steps, ...begin.steps] };
    }
    if (endedBy === 'asked_again') return waiting;
    return withStep(waiting, { kind: 'still_waiting', on: dueOn, at: null, isRunning: false, daysLeft: null });
  },
};

function began(kind: ClockStep['kind'], at: Date, on: Day, { silenceMonths }: Procedure): LegalClock {
  const decidesOn = addMonths(on, silenceMonths);
  const daysLeft = daysBetween(on, decidesOn);
  const steps = [{ kind, on, at, isRunning: true, daysLeft }];
  return { steps, runs: [{ from: on, daysLeft, until: null }], decidesOn };
}

function asked({ askedOn: on, askedAt: at }: Stop, daysLeft: number | null): ClockStep {
  return { kind: 'asked', on, at, isRunning: false, daysLeft };
}

/** What changes nothing of the delay. */
function noted(clock: LegalClock, kind: ClockStep['kind'], { askedAt: at }: Suspension, on: Day): LegalClock {
  const { decidesOn } = clock;
  const daysLeft = decidesOn === null ? null : Math.max(0, daysBetween(on, decidesOn));
  return withStep(clock, { kind, on, at, isRunning: daysLeft !== null && daysLeft > 0, daysLeft });
}

function withStep(clock: LegalClock, step: ClockStep): LegalClock {
  return { ...clock, steps: [...clock.steps, step] };
}

function stoppedAt(clock: LegalClock, until: Day): LegalClock {
  const runs = clock.runs.map((run, i) => (i === clock.runs.length - 1 ? { ...run, until } : run));
  return { ...clock, runs };
}

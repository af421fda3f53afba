import { isWorkingDay, workingDayFrom } from './calendar.ts';
import { chase } from './chase.ts';
import type { Decision } from './decision.ts';
import { nextAlarmAt, raiseAlarm } from './legal-alarm.ts';
import { instantAt, localParts } from './local-time.ts';
import { wake } from './occurrences.ts';
import { supervisorsOf, type Person, type Town } from './people.ts';
import type { RequestState } from './request.ts';
import type { Rulebook } from './rulebook.ts';
import { isOfficeTime, momentAfter, nextLookAt } from './schedule.ts';
import type { MailKind, Status } from './workflow.ts';

/**
 * The mails that the clock alone will bring if nobody acts. The rules of the clock are asked again and again at the
 * moments when it would ask them, so that whatever they learn is forecast too.
 */

export interface ForecastMail {
  at: Date;
  kind: MailKind;
  to: Person;
  /** Null for what concerns no single request. */
  reference: string | null;
  /** Why: who is awaited, and for the how manieth time; null where there is no such thing. */
  status: Status | null;
  number: number | null;
  /** It was due before the forecast begins. */
  isOverdue: boolean;
}

export interface Period {
  from: Date;
  until: Date;
}

interface ClockRule {
  nextAt(request: RequestState, rules: Rulebook): Date | null;
  judge(request: RequestState, rules: Rulebook, now: Date): Decision;
  inOfficeTime: boolean;
}

/** What the tick looks for in a request. */
const CLOCK_RULES: readonly ClockRule[] = [
  {
    nextAt: ({ status, waitUntil }) => (status === 'on_hold' ? waitUntil : null),
    judge: (request, { town }, now) => wake(request, town, now),
    inOfficeTime: false,
  },
  { nextAt: nextAlarmAt, judge: raiseAlarm, inOfficeTime: false },
  {
    nextAt: (request, { schedule, town }) => nextLookAt(request, schedule, town),
    judge: chase,
    inOfficeTime: true,
  },
];

/** Rules that never come to an end are a mistake in the config: the forecast does, and shows it. */
const STEPS_AT_MOST = 400;
const TICK_MS = 60_000;

/** Of one request, in the order of time. */
export function forecastRequest(request: RequestState, rules: Rulebook, { from, until }: Period): ForecastMail[] {
  const mails: ForecastMail[] = [];
  let state = request;
  let earliest = from;
  for (let step = 0; step < STEPS_AT_MOST; step++) {
    const next = nextStep(state, rules, earliest);
    if (next === null || next.now > until) break;
    const { rule, dueAt, now } = next;
    const decision = rule.judge(state, rules, now);
    if (!decision.done) break;
    const after = { ...state, ...decision.changes };
    const number = after.remindedCount > state.remindedCount ? after.remindedCount : null;
    const about = { at: now, reference: state.reference, status: state.status, number, isOverdue: dueAt < from };
    mails.push(...decision.mails.map(({ kind, to }) => ({ ...about, kind, to })));
    state = after;
    earliest = new Date(now.getTime() + TICK_MS);
  }
  return mails;
}

function nextStep(state: RequestState, rules: Rulebook, earliest: Date) {
  const steps = CLOCK_RULES.flatMap((rule) => {
    const dueAt = rule.nextAt(state, rules);
    if (dueAt === null) return [];
    return [{ rule, dueAt, now: dueAt >= earliest ? dueAt : whenLate(rule, earliest, rules) }];
  });
  return steps.toSorted((one, other) => one.now.getTime() - other.now.getTime())[0] ?? null;
}

/** What is overdue happens at once, or when the town hall opens. */
function whenLate({ inOfficeTime }: ClockRule, now: Date, { schedule, town }: Rulebook): Date {
  if (!inOfficeTime || isOfficeTime(now, schedule, town)) return now;
  return momentAfter(now, { amount: 0, unit: 'hours' }, schedule, town);
}

/** A report at these moments, one to each supervisor; on a day that is not worked, on the next one at the same hour. */
export function forecastReports(
  kind: MailKind,
  moments: readonly Date[],
  { town }: Pick<Rulebook, 'town'>,
): ForecastMail[] {
  const about = { kind, reference: null, status: null, number: null, isOverdue: false };
  return moments.flatMap((at) => supervisorsOf(town).map((to) => ({ ...about, at: whenOpen(at, town), to })));
}

function whenOpen(at: Date, town: Town): Date {
  const { day, time } = localParts(at, town.timeZone);
  return isWorkingDay(day, town) ? at : instantAt(workingDayFrom(day, town), time, town.timeZone);
}

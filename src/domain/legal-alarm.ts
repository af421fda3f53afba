import { refused, type Decision, type PlannedMail } from './decision.ts';
import { dayBefore, legalClock, type LegalClock } from './legal-clock.ts';
import { daysBetween, instantAt, localParts } from './local-time.ts';
import { holdersOf, isWorthMailing } from './mails.ts';
import { supervisorsOf, SYSTEM } from './people.ts';
import type { RequestState } from './request.ts';
import type { Rulebook } from './rulebook.ts';
import { procedureOf } from './silence.ts';

/**
 * What tells the town hall that its silence is about to decide. No reminder: it waits neither for a worked day nor for
 * the end of an « on hold », which stop no legal delay.
 */

type AlarmRules = Pick<Rulebook, 'town' | 'schedule' | 'categories' | 'ordinary'>;

/** The first that was not raised; null when none is to come. A day that moved away since is announced again. */
export function nextAlarmAt(request: RequestState, rules: AlarmRules): Date | null {
  const clock = clockOf(request, rules);
  if (clock === null || clock.decidesOn === null) return null;
  const { remindersAt, alarmDays } = rules.schedule;
  // A delay that is no longer than an alarm begins without it.
  const whole = clock.runs[0]?.daysLeft ?? 0;
  const instants = [...alarmDays, 0]
    .filter((days) => days < whole)
    .flatMap((days) => dayBefore(clock, days) ?? [])
    .map((day) => instantAt(day, remindersAt, rules.town.timeZone).getTime())
    .filter((at) => at > (request.alarmedAt?.getTime() ?? 0));
  return instants.length === 0 ? null : new Date(Math.min(...instants));
}

/** Judged again under the lock. Several that fell due while the clock stood still are told as one, with what is left now. */
export function raiseAlarm(request: RequestState, rules: AlarmRules, now: Date): Decision {
  const { town, schedule } = rules;
  const clock = clockOf(request, rules);
  const at = nextAlarmAt(request, rules);
  if (at === null || at > now || clock === null || clock.decidesOn === null) return refused('nothing_due');
  const { decidesOn } = clock;
  const { regime, legalBasis } = procedureOf(request.category, rules);
  const daysLeft = Math.max(0, daysBetween(localParts(now, town.timeZone).day, decidesOn));
  const facts = { action: 'legal_alarm', holder: request.holder, daysLeft, decidesOn, regime, legalBasis };
  const isLast = daysLeft <= Math.min(...schedule.alarmDays, Number.POSITIVE_INFINITY);
  const told = [...holdersOf(request, town), ...(isLast ? supervisorsOf(town) : [])];
  const mails = told
    .filter((to, i) => isWorthMailing(to, SYSTEM, town) && told.findIndex((o) => o.address === to.address) === i)
    .map((to): PlannedMail => ({ kind: 'legal_alarm', to, facts, showsMessage: false }));
  return {
    done: true,
    changes: { alarmedAt: now },
    event: { action: 'legal_alarm', actor: SYSTEM, comment: '', details: { daysLeft, decidesOn } },
    message: null,
    mails,
  };
}

export function clockOf(request: RequestState, { town, ...rules }: AlarmRules): LegalClock | null {
  return legalClock(request, procedureOf(request.category, rules), town.timeZone);
}

import { refused, type Decision, type Done, type MailFacts, type PlannedMail } from './decision.ts';
import { localParts } from './local-time.ts';
import { holdersOf, isWorthMailing } from './mails.ts';
import { headOf, prefersDigest, supervisorsOf, SYSTEM, type Person, type Town } from './people.ts';
import type { HolderRule } from './reminder-rules.ts';
import { citizenOf, type RequestState } from './request.ts';
import type { Rulebook } from './rulebook.ts';
import { citizenRuleFor, isOfficeTime, nextReminderAt, ruleFor, silenceEndsAt } from './schedule.ts';
import { reopenableUntil } from './standing.ts';

/**
 * What the clock does about a request that stands still. Judged again under the lock: whoever acted meanwhile is not
 * chased. One reminder, however long the clock stood still.
 */

type Rules = Pick<Rulebook, 'schedule' | 'town'>;

export function chase(request: RequestState, rules: Rules, now: Date): Decision {
  const { schedule, town } = rules;
  if (!isOfficeTime(now, schedule, town)) return refused('nothing_due');
  const end = silenceEndsAt(request, schedule, town);
  if (end !== null && end <= now) return endSilence(request, rules, now);
  const at = nextReminderAt(request, schedule, town);
  if (at === null || at > now) return refused('nothing_due');
  const rule = ruleFor(request, schedule);
  return rule === null ? remindCitizen(request, rules, now) : remindHolder(request, rule, town, now);
}

function remindHolder(request: RequestState, rule: HolderRule, town: Town, now: Date): Decision {
  const number = request.remindedCount + 1;
  const facts = { action: 'reminder', holder: request.holder, number, status: request.status };
  const told = [
    ...holdersOf(request, town).map((to) => ({ to, facts })),
    ...superiorsOf(request, rule, number, town).map((to) => ({ to, facts: { ...facts, escalated: to.role } })),
  ];
  const mails = told
    .filter(({ to }) => isWorthMailing(to, SYSTEM, town) && !prefersDigest(town, to))
    .filter(({ to }, i, all) => all.findIndex((other) => other.to.address === to.address) === i)
    .map((mail) => ({ ...mail, kind: 'reminder' as const, showsMessage: false }));
  return happened('reminder', { number }, { remindedCount: number, remindedAt: now }, mails);
}

/** Who hears of it because the reminders before did not help. Without an address, an office's head is the supervisors. */
function superiorsOf({ holder }: RequestState, { escalate }: HolderRule, number: number, town: Town): Person[] {
  const isReached = (from: number | undefined) => from !== undefined && number >= from;
  const head = isReached(escalate?.head) ? (headOf(town, holder) ?? supervisorsOf(town)) : [];
  return [head, isReached(escalate?.supervisors) ? supervisorsOf(town) : []].flat();
}

/** The last one says from which day on the request is closed, where the town hall wants that. */
function remindCitizen(request: RequestState, rules: Rules, now: Date): Decision {
  const { schedule, town } = rules;
  const { waitUntil } = request;
  if (waitUntil !== null && waitUntil < now) return refused('nothing_due');
  const number = request.remindedCount + 1;
  const changes = { remindedCount: number, remindedAt: now, lapsesAt: null };
  const after = { ...request, ...changes };
  const isLast = nextReminderAt(after, schedule, town) === null;
  const isReached = isReachable(request, town);
  const closes = isLast && isReached && citizenRuleFor(request, schedule)?.andThen === 'close';
  const lapsesAt = closes ? silenceEndsAt(after, schedule, town) : null;
  const facts = {
    action: 'citizen_reminder',
    holder: request.holder,
    number,
    ...missingOf(request),
    ...(waitUntil === null ? {} : { dueOn: dayOf(waitUntil, town) }),
    ...(lapsesAt === null ? {} : { closesOn: dayOf(lapsesAt, town) }),
  };
  const mail = { kind: 'citizen_reminder' as const, to: citizenOf(request), facts, showsMessage: false };
  return happened('citizen_reminder', { number }, { ...changes, lapsesAt }, isReached ? [mail] : []);
}

/** Back to whoever holds it; closed only where the last reminder had said so. */
function endSilence(request: RequestState, rules: Rules, now: Date): Decision {
  const { schedule, town } = rules;
  const closes = request.lapsesAt !== null && citizenRuleFor(request, schedule)?.andThen === 'close';
  const stood = { statusSince: now, remindedCount: 0, remindedAt: null, waitUntil: null, lapsesAt: null };
  const facts = { holder: request.holder, ...missingOf(request) };
  if (!closes) {
    const status = request.assignee === null ? ('new' as const) : ('in_progress' as const);
    const mails = toHolders(request, { ...facts, action: 'citizen_silent' }, town);
    return happened('citizen_silent', {}, { ...stood, status }, mails);
  }
  const changes = { ...stood, status: 'closed', outcome: 'dropped' } as const;
  const until = reopenableUntil({ ...request, ...changes, closedAt: now }, rules);
  const told = {
    ...facts,
    action: 'lapsed',
    outcome: 'dropped',
    ...(until === null ? {} : { reopenUntil: dayOf(until, town) }),
  };
  const letter = { kind: 'lapsed_citizen' as const, to: citizenOf(request), facts: told, showsMessage: false };
  const letters = isReachable(request, town) ? [letter] : [];
  return happened('lapsed', {}, changes, [...letters, ...toHolders(request, told, town)]);
}

function toHolders(request: RequestState, facts: MailFacts, town: Town): PlannedMail[] {
  return holdersOf(request, town)
    .filter((to) => isWorthMailing(to, SYSTEM, town))
    .map((to) => ({ kind: 'citizen_silent' as const, to, facts, showsMessage: false }));
}

function isReachable(request: RequestState, town: Town): boolean {
  return !request.undeliverable && isWorthMailing(citizenOf(request), SYSTEM, town);
}

function missingOf({ pieces }: RequestState): MailFacts {
  const missing = pieces.filter(({ isReceived }) => !isReceived).map(({ name }) => name);
  return missing.length === 0 ? {} : { pieces: missing.join('\n') };
}

function dayOf(instant: Date, { timeZone }: Town): string {
  return localParts(instant, timeZone).day;
}

function happened(
  action: Done['event']['action'],
  details: Done['event']['details'],
  changes: Done['changes'],
  mails: readonly PlannedMail[],
): Done {
  return { done: true, changes, event: { action, actor: SYSTEM, comment: '', details }, message: null, mails };
}

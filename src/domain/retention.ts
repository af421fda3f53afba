import { refused, type Decision, type Refusal } from './decision.ts';
import { addDays, localParts, type Day } from './local-time.ts';
import { SYSTEM } from './people.ts';
import type { RequestState } from './request.ts';
import type { Rulebook } from './rulebook.ts';
import { addMonths } from './silence.ts';

/** How long a closed request is kept, and what is left of it afterwards. An open one is never forgotten. */

export interface Span {
  amount: number;
  unit: 'days' | 'months' | 'years';
}

export interface RetentionRule {
  /** Counted from the closing; null: kept for ever. */
  keep: Span | null;
  /** `visa`: a public archive, which only the departmental archives allow to destroy (code du patrimoine L212-2). */
  archive: 'none' | 'visa';
}

export interface Retention {
  /** Of a request of no category. */
  ordinary: RetentionRule;
  /** Of every category, by its id, what it takes from the ordinary rule included. */
  categories: Readonly<Record<string, RetentionRule>>;
  /** Between the notice to the supervisors and the forgetting. */
  noticeDays: number;
}

const FOR_EVER: RetentionRule = { keep: null, archive: 'none' };

/** Of a category that the config no longer knows nobody says how long: it is kept. */
export function retentionRuleOf(category: string | null, { ordinary, categories }: Retention): RetentionRule {
  return category === null ? ordinary : (categories[category] ?? FOR_EVER);
}

type Rules = Pick<Rulebook, 'town' | 'schedule' | 'lists' | 'retention'>;
type Closed = Pick<RequestState, 'status' | 'closedAt' | 'category' | 'frozenAt' | 'anonymisedAt'>;

/**
 * The first day on which it may be forgotten: the day after the last one of its retention, and of the time in which its
 * citizen may reopen it. Null when there is none: it is open, frozen, forgotten already, or kept for ever.
 */
export function forgetOn(request: Closed, { town, schedule, retention }: Omit<Rules, 'lists'>): Day | null {
  const { keep } = retentionRuleOf(request.category, retention);
  if (request.status !== 'closed' || request.closedAt === null || keep === null) return null;
  if (request.frozenAt !== null || request.anonymisedAt !== null) return null;
  const { day } = localParts(request.closedAt, town.timeZone);
  const kept = [spanAfter(day, keep), addDays(day, schedule.reopenDays)];
  return addDays(kept.toSorted().at(-1) ?? day, 1);
}

function spanAfter(day: Day, { amount, unit }: Span): Day {
  return unit === 'days' ? addDays(day, amount) : addMonths(day, unit === 'years' ? amount * 12 : amount);
}

/** Whether the supervisors are to be told of it by now. */
export function isNoticeDue(request: RequestState, rules: Rules, now: Date): boolean {
  const on = forgetOn(request, rules);
  if (on === null || request.deletionNoticeAt !== null) return false;
  return on <= addDays(localParts(now, rules.town.timeZone).day, rules.retention.noticeDays);
}

/** Why it is forgotten: its time is over, or its citizen asked for it. `visa`: the archives' number, when there is one. */
export interface Asked {
  by: 'clock' | 'citizen';
  visa: string | null;
}

/** What stands in the way; null when it may be forgotten. The last one is the archives' visa: the rest is settled then. */
export function objectionToForgetting(
  request: RequestState,
  { by, visa }: Asked,
  rules: Rules,
  now: Date,
): Refusal | null {
  if (request.anonymisedAt !== null) return 'forgotten';
  if (request.status !== 'closed' || request.closing !== null) return 'still_open';
  if (request.frozenAt !== null) return 'frozen';
  if (by === 'clock') {
    const on = forgetOn(request, rules);
    if (on === null) return 'kept_for_ever';
    if (localParts(now, rules.town.timeZone).day < on) return 'kept_longer';
    if (!isAnnounced(request, rules, now)) return 'not_announced';
  }
  const { archive } = retentionRuleOf(request.category, rules.retention);
  return archive === 'visa' && visa === null ? 'visa_missing' : null;
}

/** The notice came so many days before: counted in days of the town, as the notice says it. */
function isAnnounced({ deletionNoticeAt }: RequestState, { town, retention }: Rules, now: Date): boolean {
  if (deletionNoticeAt === null) return false;
  const { day } = localParts(deletionNoticeAt, town.timeZone);
  return addDays(day, retention.noticeDays) <= localParts(now, town.timeZone).day;
}

/** What there was of it, for the history and the figures. */
export interface Held {
  messages: number;
  pieces: number;
  /** Of its pieces and of the mails that it came from. */
  bytes: number;
}

/** The rule, judged under the lock: the request keeps its figures and its milestones, and loses everything said. */
export function forget(request: RequestState, asked: Asked, held: Held, rules: Rules, now: Date): Decision {
  const objection = objectionToForgetting(request, asked, rules, now);
  if (objection !== null) return refused(objection);
  return {
    done: true,
    changes: { ...anonymised(request, rules.lists), anonymisedAt: now },
    event: { action: 'anonymise', actor: SYSTEM, comment: '', details: { ...held } },
    message: null,
    mails: [],
  };
}

/** The agent in charge, the category, the dates and the counts stay; labels are words of the config, and of nobody else. */
function anonymised({ labels }: RequestState, lists: Rulebook['lists']): Partial<RequestState> {
  return {
    citizenName: '',
    citizenAddress: '',
    citizenPhone: '',
    citizenPostalAddress: '',
    citizenOrganisation: '',
    citizenLanguage: '',
    pendingAddress: '',
    subject: '',
    details: {},
    pieces: [],
    labels: labels.filter((label) => lists.labels.includes(label)),
    sharedWith: [],
    waitReason: '',
    frozenReason: '',
    draft: null,
  };
}

import type { Act } from './decide.ts';
import { legalClock, type Suspension } from './legal-clock.ts';
import { localParts } from './local-time.ts';
import type { RequestState } from './request.ts';
import type { Rulebook } from './rulebook.ts';
import { procedureOf } from './silence.ts';
import type { Action, Outcome } from './workflow.ts';

/** What actions do to the legal delay of a request. */

/** Whether there is a delay, and it has not come to its end. */
export function maySuspend(request: RequestState, rules: Rulebook, now: Date): boolean {
  const { timeZone } = rules.town;
  const clock = legalClock(request, procedureOf(request.category, rules), timeZone);
  if (clock === null) return false;
  return clock.decidesOn === null || localParts(now, timeZone).day < clock.decidesOn;
}

/** `after`: what the request is once the action is taken. */
export function delayAfter(request: RequestState, act: Act, after: RequestState, now: Date): Partial<RequestState> {
  return DELAYS[act.action]?.(request, act, after, now) ?? {};
}

const DELAYS: Partial<Record<Action, typeof delayAfter>> = {
  request_correction: ({ suspensions }, { indispensable, dueOn }, _after, now) => {
    if (!indispensable || !dueOn) return {};
    const asked = { askedAt: now, dueOn, endedAt: null, endedBy: null };
    return { suspensions: [...ended(suspensions, 'asked_again', now), asked] };
  },
  citizen_reply: ({ suspensions }, act, _after, now) => ({
    suspensions: ended(suspensions, 'received', arrival(act, now)),
  }),
  edit: (request, _act, after, now) =>
    hasAllPieces(after) && !hasAllPieces(request) ? { suspensions: ended(request.suspensions, 'received', now) } : {},
  reopen: ({ outcome }, _act, _after, now) =>
    outcome !== null && DECIDES.has(outcome) ? { clockSince: now, suspensions: [] } : {},
};

/** The mail that asked for the pieces never arrived: nothing was suspended. */
export function withoutSuspension({ suspensions }: RequestState): Pick<RequestState, 'suspensions'> {
  return { suspensions: suspensions.map((each) => endedAs(each, 'undelivered', each.askedAt)) };
}

/**
 * Ends of a request after which nothing is left for silence to decide: opened again, it is asked anew. The others
 * decided nothing, and the first delay runs as if they had not been.
 */
const DECIDES: ReadonlySet<Outcome> = new Set<Outcome>(['accepted', 'refused', 'answered', 'withdrawn']);

function ended(suspensions: readonly Suspension[], by: Suspension['endedBy'], at: Date): readonly Suspension[] {
  return suspensions.map((each) => endedAs(each, by, at < each.askedAt ? each.askedAt : at));
}

function endedAs(suspension: Suspension, endedBy: Suspension['endedBy'], endedAt: Date): Suspension {
  return suspension.endedAt === null ? { ...suspension, endedAt, endedBy } : suspension;
}

/** A mail counts from when it reached the town hall, however late it is read. */
function arrival({ receivedAt }: Act, now: Date): Date {
  return receivedAt !== undefined && receivedAt < now ? receivedAt : now;
}

function hasAllPieces({ pieces }: RequestState): boolean {
  return pieces.length > 0 && pieces.every(({ isReceived }) => isReceived);
}

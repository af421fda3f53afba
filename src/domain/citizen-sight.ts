import type { Refusal } from './decision.ts';
import type { Person } from './people.ts';
import type { RequestState } from './request.ts';
import type { Rulebook } from './rulebook.ts';
import { reopenableUntil, standing } from './standing.ts';
import type { Action } from './workflow.ts';

/** What a citizen knows of their request, and what they may do with it. */

/** As they have been told: while a decision can be undone, the request is for them what it was before. */
export function asTold(request: RequestState): RequestState {
  const { closing } = request;
  return closing === null ? request : { ...request, ...closing.was, outcome: null, closedAt: null, closing: null };
}

/** In the order a page offers them. */
const CITIZEN_CHOICES = ['confirm_address', 'citizen_reply', 'reopen', 'withdraw'] as const satisfies Action[];

export function actionsOpenToCitizen(request: RequestState, citizen: Person, rules: Rulebook, now: Date): Action[] {
  return CITIZEN_CHOICES.filter((action) => objectionToCitizen(request, citizen, action, rules, now) === null);
}

/**
 * Whether this address may do that now. An address not confirmed yet can only be confirmed, and what is over for
 * good is not added to: their next mail is another request. A word may cross a decision that was not told yet.
 */
export function objectionToCitizen(
  request: RequestState,
  citizen: Person,
  action: Action,
  rules: Rulebook,
  now: Date,
): Refusal | null {
  if (!mayFollow(request, citizen) && !(action === 'confirm_address' && isNewcomer(request, citizen))) {
    return 'not_yours';
  }
  const objection = standing(request, citizen, action, rules, now);
  const isOver = request.status === 'closed' && request.closing === null;
  if (objection !== null || action !== 'citizen_reply' || !isOver) return objection;
  const until = reopenableUntil(request, rules);
  return until !== null && now <= until ? null : 'window_over';
}

export function mayFollow(
  { citizenAddress }: Pick<RequestState, 'citizenAddress'>,
  { address }: Pick<Person, 'address'>,
): boolean {
  return address !== '' && address === citizenAddress;
}

/** The address that the request may be given. */
export function isNewcomer(
  { pendingAddress }: Pick<RequestState, 'pendingAddress'>,
  { address }: Pick<Person, 'address'>,
): boolean {
  return address !== '' && address === pendingAddress;
}

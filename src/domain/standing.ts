import type { Refusal } from './decision.ts';
import { addDays, instantAt, localParts } from './local-time.ts';
import { DESK, type Person } from './people.ts';
import { isGuest, isHeldBy, type RequestState } from './request.ts';
import type { Rulebook } from './rulebook.ts';
import { objectionToUndo } from './undo.ts';
import { PAGE_ACTIONS, WORKFLOW, type Action, type Transition } from './workflow.ts';

/** Whether somebody may do something at all, before anything is chosen or written. */
export function standing(
  request: RequestState,
  actor: Person,
  action: Action,
  rules: Rulebook,
  now: Date,
): Refusal | null {
  if (request.anonymisedAt !== null) return 'forgotten';
  const transition = WORKFLOW[action];
  const objection = objectionToActor(request, actor, transition);
  if (objection !== null) return objection;
  if (transition.restores) return objectionToUndo(request, actor);
  if (transition.moves[request.status] === undefined) {
    return request.status === 'closed' ? 'closed_already' : 'status_forbids';
  }
  if (transition.onlyAway && request.holder === DESK) return 'held_there_already';
  if (action === 'message' && request.citizenAddress === '') return 'no_citizen_address';
  if (action === 'confirm_address') return isPending(request, actor) ? null : 'nothing_pending';
  if (action === 'freeze' && request.frozenAt !== null) return 'frozen_already';
  if (action === 'unfreeze' && request.frozenAt === null) return 'not_frozen';
  if (action === 'unshare' && request.sharedWith.length === 0) return 'not_shared';
  // Nobody was told of the end yet: it can be undone, and the news of a reopening would come before that of the decision.
  if (action === 'reopen' && request.closing !== null) return 'status_forbids';
  if (action === 'reopen' && actor.role === 'citizen') return objectionToReopening(request, rules, now);
  return null;
}

/** What an agent may choose now, for links and pages. */
export function actionsOpenTo(request: RequestState, person: Person, rules: Rulebook, now: Date): Action[] {
  return PAGE_ACTIONS.filter((action) => standing(request, person, action, rules, now) === null);
}

/** Until when a citizen can reopen it, to the end of that day; null when they cannot at all. */
export function reopenableUntil(
  request: RequestState,
  { town, schedule }: Pick<Rulebook, 'town' | 'schedule'>,
): Date | null {
  if (request.status !== 'closed' || request.closedAt === null || request.outcome === 'discarded') return null;
  const { day } = localParts(request.closedAt, town.timeZone);
  return new Date(instantAt(addDays(day, schedule.reopenDays + 1), '00:00', town.timeZone).getTime() - 1);
}

/** A department acts on what it holds, whatever the action; a guest on what is shared; the others on every request. */
function objectionToActor(request: RequestState, actor: Person, { by }: Transition): Refusal | null {
  if (by.includes('guest') && isGuest(request, actor)) return null;
  const byRole = by.includes(actor.role);
  if (!byRole && !by.includes('holder')) return 'not_allowed';
  return (actor.role === 'department' || !byRole) && !isHeldBy(request, actor) ? 'not_yours' : null;
}

function isPending({ pendingAddress }: RequestState, { address }: Person): boolean {
  return pendingAddress !== '' && address === pendingAddress;
}

function objectionToReopening(request: RequestState, rules: Rulebook, now: Date): Refusal | null {
  const until = reopenableUntil(request, rules);
  if (until === null) return 'closed_already';
  return now <= until ? null : 'window_over';
}

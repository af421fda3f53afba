import { officeOf, type Town } from './people.ts';
import type { RequestState } from './request.ts';

/**
 * Whose links to a request end with a decision: the agent whose charge went to a colleague, the one with whom it no
 * longer is shared, the address that no longer is the citizen's. A department's end with its holding, and its agents'
 * with them: those live again when a decision is undone.
 */
export function endedLinks(before: RequestState, after: RequestState, town: Town): string[] {
  const { assignee } = before;
  const isPersonal = assignee !== null && assignee !== officeOf(town, before.holder).address;
  const isReassigned = before.holder === after.holder && assignee !== after.assignee;
  const ended = [
    ...(isPersonal && isReassigned && !after.sharedWith.includes(assignee) ? [assignee] : []),
    ...before.sharedWith.filter((guest) => !after.sharedWith.includes(guest)),
    ...(before.citizenAddress !== after.citizenAddress ? [before.citizenAddress] : []),
  ];
  return ended.filter((address) => address !== '');
}

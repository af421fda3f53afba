import { officeOf, type Town } from './people.ts';
import type { RequestState } from './request.ts';

/**
 * Whose links to a request end with a decision: the agent who no longer is in charge, the colleague with whom it no
 * longer is shared, the address that no longer is the citizen's. A department's end with its holding.
 */
export function endedLinks(before: RequestState, after: RequestState, town: Town): string[] {
  const { assignee } = before;
  const isPersonal = assignee !== null && assignee !== officeOf(town, before.holder).address;
  const ended = [
    ...(isPersonal && assignee !== after.assignee && !after.sharedWith.includes(assignee) ? [assignee] : []),
    ...before.sharedWith.filter((guest) => !after.sharedWith.includes(guest)),
    ...(before.citizenAddress !== after.citizenAddress ? [before.citizenAddress] : []),
  ];
  return ended.filter((address) => address !== '');
}

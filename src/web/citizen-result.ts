import type { Dossier } from '../store/dossiers.ts';
import type { CitizenVisit } from './citizen-access.ts';
import { requestView } from './citizen-view.ts';
import { page, type Answer } from './site.ts';

type Event = Dossier['events'][number];

/** What a citizen just did, and what happens next. */
export function citizenResult(visit: CitizenVisit, event: Event, isAgain: boolean): Answer {
  return page(200, 'citizen-result', {
    ...requestView(visit),
    event: { action: event.action, at: event.at },
    isAgain,
  });
}

/** An event of this very person, by its id. */
export function ownEvent({ dossier, person }: CitizenVisit, id: string): Event | undefined {
  return dossier.events.find((event) => event.id === id && isOwn(event, person.address));
}

/** What this person did already and nothing has changed since: sent once more, it is done all the same. */
export function doneBefore({ dossier, person }: CitizenVisit, action: string): Event | undefined {
  const last = dossier.events.findLastIndex((event) => event.action === action && isOwn(event, person.address));
  const later = dossier.events.slice(last + 1);
  const isSettled = later.every(({ statusBefore, statusAfter }) => statusBefore === statusAfter);
  return isSettled ? dossier.events[last] : undefined;
}

function isOwn({ actorRole, actorAddress }: Event, address: string): boolean {
  return actorRole === 'citizen' && actorAddress === address;
}

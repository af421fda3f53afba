import { subjectOf, type LinkClaims } from '../action-link.ts';
import { DESK, personOfOffice, staffAt, type Person, type Town } from '../domain/people.ts';
import { isGuest, maySee } from '../domain/request.ts';
import { findActionLink, type ActionLink, type Holding } from '../store/dossiers.ts';
import type { Ground } from '../store/store.ts';

/** Who holds a link, and what they may see of its request. */

export interface Bearer {
  link: ActionLink;
  person: Person;
}

/** `bearer`: of a link that was taken back from somebody whom the config still knows. */
export type Found = { ok: true; bearer: Bearer } | { ok: false; reason: 'unknown' | 'revoked'; bearer: Bearer | null };

/** The person a verified token was mailed to: its row, and a config that still knows them. One query. */
export async function findBearer({ store, config }: Ground, claims: LinkClaims): Promise<Found> {
  const link = await findActionLink(store.db, claims.jti);
  if (link === null || link.requestId !== claims.rid || subjectOf(link) !== claims.sub) {
    return { ok: false, reason: 'unknown', bearer: null };
  }
  const person = staffAt(config.town, link.address).find(
    ({ role, department }) => role === link.role && department === link.department,
  );
  if (person === undefined) return { ok: false, reason: 'revoked', bearer: null };
  const bearer = { link, person };
  return link.revokedAt === null ? { ok: true, bearer } : { ok: false, reason: 'revoked', bearer };
}

/** A department's links die with its holding: what comes back to it later comes with new ones. A guest's do not. */
export function mayOpen(request: Holding, { link, person }: Bearer): boolean {
  if (!maySee(request, person)) return false;
  return person.role !== 'department' || link.holdingNo === request.holdingNo || isGuest(request, person);
}

/** An office's own address is read by several agents: the page asks which one. */
export function isSharedMailbox(person: Person, town: Town): boolean {
  return person.role !== 'supervisor' && personOfOffice(town, person.department ?? DESK).address === person.address;
}

/** Whether this person, or a colleague behind the same address, is the one of an event. */
export function isActor(
  person: Person,
  event: { actorRole: string; actorDepartment: string | null; actorAddress: string },
): boolean {
  return (
    event.actorRole === person.role &&
    event.actorDepartment === person.department &&
    event.actorAddress === person.address
  );
}

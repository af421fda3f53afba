import { subjectOf, verifyLink, type LinkClaims } from '../action-link.ts';
import { asTold, isNewcomer, mayFollow } from '../domain/citizen-sight.ts';
import type { Person } from '../domain/people.ts';
import type { RequestState } from '../domain/request.ts';
import { findActionLink, loadDossier, stateOfDossier, type ActionLink, type Dossier } from '../store/dossiers.ts';
import { linkPath, messagePage, page, type Answer, type Site } from './site.ts';

/** Who holds a citizen's link: whoever reads the mail of the address that the request has, or is about to have. */

export const CITIZEN = 'citizen';

export interface CitizenVisit {
  site: Site;
  claims: LinkClaims;
  person: Person;
  dossier: Dossier;
  state: RequestState;
  /** As the citizen has been told. */
  told: RequestState;
  /** The address is not confirmed yet: it can be, and nothing else is shown. */
  isNewcomer: boolean;
}

export type OpenedByCitizen = { ok: true; visit: CitizenVisit } | { ok: false; answer: Answer };

/** A damaged token costs no query; an expired one offers a fresh link. */
export async function openCitizenLink(site: Site, token: string): Promise<OpenedByCitizen> {
  const verified = verifyLink('citizen', token, site.secrets, site.ground.clock.now());
  if (verified.ok) return citizenVisit(site, verified.claims);
  return { ok: false, answer: verified.claims === null ? messagePage(404, 'damaged') : expired(site, verified.claims) };
}

/** Whom a verified token was mailed to, as long as the address is the one of the request. */
export async function citizenVisit(site: Site, claims: LinkClaims): Promise<OpenedByCitizen> {
  const { ground } = site;
  const [link, dossier] = await Promise.all([
    findActionLink(ground.store.db, claims.jti),
    loadDossier(ground.store.db, claims.rid),
  ]);
  if (link === null || dossier === null || !isOf(link, claims)) return dead(404, 'damaged');
  const state = stateOfDossier(ground, dossier);
  const isOwn = mayFollow(state, link);
  if (link.revokedAt !== null || (!isOwn && !isNewcomer(state, link))) return dead(410, 'citizen_revoked');
  const person: Person = { role: 'citizen', department: null, name: state.citizenName, address: link.address };
  const visit = { site, claims, person, dossier, state, told: asTold(state), isNewcomer: !isOwn };
  return { ok: true, visit };
}

/** The page of an expired link: where a fresh one can be asked for. */
export function expired(site: Site, claims: LinkClaims): Answer {
  return page(410, 'citizen-expired', { freshPath: `${linkPath('citizen', claims, 'follow', site)}/fresh` });
}

function isOf(link: ActionLink, claims: LinkClaims): boolean {
  return link.role === CITIZEN && link.requestId === claims.rid && subjectOf(link) === claims.sub;
}

function dead(status: number, key: string): OpenedByCitizen {
  return { ok: false, answer: messagePage(status, key) };
}

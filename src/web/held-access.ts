import { subjectOf, verifyLink, type LinkClaims } from '../action-link.ts';
import { staffAt, type Person } from '../domain/people.ts';
import { findHeldEmail, findNotice, type HeldEmail, type Notice } from '../store/held-emails.ts';
import { deadLink } from './show-dossier.ts';
import { linkPath, messagePage, page, type Answer, type Site } from './site.ts';

/** Who holds the link of a held mail: whoever decides on it, or the agent whose address it bears. */

export interface HeldVisit {
  site: Site;
  claims: LinkClaims;
  person: Person;
  notice: Notice;
  /** They are asked whether they wrote it, and nothing else. */
  isAuthor: boolean;
  email: HeldEmail;
}

export type OpenedHeld = { ok: true; visit: HeldVisit } | { ok: false; answer: Answer };

/** A damaged token costs no query; an expired one offers a fresh link. */
export async function openHeld(site: Site, token: string): Promise<OpenedHeld> {
  const { ground, secrets } = site;
  const verified = verifyLink('held', token, secrets, ground.clock.now());
  if (verified.ok) return visitOf(site, verified.claims);
  if (verified.claims === null) return { ok: false, answer: messagePage(404, 'damaged') };
  const freshPath = `${linkPath('held', verified.claims, 'view', site)}/fresh`;
  return { ok: false, answer: page(410, 'held-expired', { freshPath }) };
}

/** The person a verified token was mailed to, when the config still knows them, and the mail it is about. */
export async function visitOf(site: Site, claims: LinkClaims): Promise<OpenedHeld> {
  const { store, config } = site.ground;
  const [notice, email] = await Promise.all([findNotice(store.db, claims.jti), findHeldEmail(store.db, claims.rid)]);
  const isAuthor = notice?.kind === 'confirm_email';
  if (notice === null || email === null || (!isAuthor && notice.kind !== 'held_email')) {
    return { ok: false, answer: deadLink('unknown') };
  }
  const person = staffAt(config.town, notice.toAddress).find((each) => subjectOf(each) === claims.sub);
  if (person === undefined) return { ok: false, answer: deadLink('revoked') };
  return { ok: true, visit: { site, claims, person, notice, isAuthor, email } };
}

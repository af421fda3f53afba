import { claimsOfLink, verifyLink } from '../action-link.ts';
import { findOwnList, mailOwnRequests, type OwnList } from '../store/citizens.ts';
import { standingView } from './citizen-view.ts';
import { addressIn } from './citizen-words.ts';
import { inEvenTime } from './even-time.ts';
import { linkPath, messagePage, page, type Answer, type Site } from './site.ts';

/** `/mes-demandes`: all the requests of an address, by a link that is only ever mailed to that address. */

export function showAsking(): Answer {
  return askPage(200, '', null);
}

/** The same answer, after the same time, whoever has requests here and who has none. */
export async function mailMine(site: Site, body: unknown): Promise<Answer> {
  const address = addressIn(body);
  if (!address.includes('@')) return askPage(422, address, 'address_required');
  await inEvenTime(mailOwnRequests(site.ground, address));
  return page(200, 'citizen-notice', { isPublic: true, key: 'my_requests_sent' });
}

/** GET of the link in that mail: the list as things stand now. Reads only. */
export async function showMine(site: Site, token: string): Promise<Answer> {
  const verified = verifyLink('mine', token, site.secrets, site.ground.clock.now());
  if (!verified.ok) {
    return verified.claims === null ? messagePage(404, 'damaged') : page(410, 'citizen-expired', { freshPath: null });
  }
  const list = await findOwnList(site.ground, verified.claims.jti);
  if (list === null) return messagePage(404, 'damaged');
  if (list.requests.length === 0) return messagePage(410, 'citizen_revoked');
  return page(200, 'citizen-mine', { requests: list.requests.map((own) => ownView(site, own)) });
}

function ownView(site: Site, { told, link }: OwnList['requests'][number]) {
  return {
    ...standingView(site, told),
    subject: told.subject,
    path: linkPath('citizen', claimsOfLink(link, 'follow'), 'follow', site),
  };
}

function askPage(status: number, address: string, error: string | null): Answer {
  return page(status, 'citizen-ask', { isPublic: true, address, error, hasErrors: error !== null });
}

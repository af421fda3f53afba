import { verifyLink } from '../action-link.ts';
import { mailFollowLink } from '../store/citizens.ts';
import { findActionLink } from '../store/dossiers.ts';
import { CITIZEN } from './citizen-access.ts';
import { inEvenTime } from './even-time.ts';
import { messagePage, page, type Answer, type Site } from './site.ts';

/** Mails a fresh link, to the address on file and to no other. The answer is the same whatever is true. */
export async function sendFreshCitizenLink(site: Site, token: string): Promise<Answer> {
  const { claims } = verifyLink('citizen', token, site.secrets, site.ground.clock.now());
  if (claims === null) return messagePage(404, 'damaged');
  return inEvenTime(mailAgain(site, claims.jti));
}

async function mailAgain({ ground }: Site, jti: string): Promise<Answer> {
  const link = await findActionLink(ground.store.db, jti);
  if (link?.role === CITIZEN) await mailFollowLink(ground, link.requestId, link.address);
  return page(200, 'citizen-notice', { isPublic: true, key: 'fresh_link_sent' });
}

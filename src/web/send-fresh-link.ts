import { verifyLink, type LinkClaims } from '../action-link.ts';
import { maySee } from '../domain/request.ts';
import { TRANSACTION } from '../store/decide-on.ts';
import { findHolding, wasMailedSince } from '../store/dossiers.ts';
import type { Tx } from '../store/store.ts';
import { writeMail } from '../store/write-decisions.ts';
import { findBearer, type Bearer } from './access.ts';
import { messagePage, type Answer, type Site } from './site.ts';

/** However often the button is pressed. */
const ONE_PER_MS = 5 * 60_000;

/**
 * Mails a new link, to the address that the old one was mailed to and to no other, if that person still may see the
 * request. The answer is the same whatever is true: it tells nothing to whoever found an old link.
 */
export async function sendFreshLink(site: Site, token: string): Promise<Answer> {
  const verified = verifyLink('action', token, site.secrets, site.ground.clock.now());
  if (verified.claims === null) return messagePage(404, 'damaged');
  const found = await findBearer(site.ground, verified.claims);
  if (found.ok) await mailLink(site, verified.claims, found.bearer);
  return messagePage(200, 'fresh_link_sent');
}

async function mailLink({ ground }: Site, { jti, rid, act }: LinkClaims, { person }: Bearer): Promise<void> {
  await ground.store.db.$transaction(async (tx: Tx) => {
    // The request before its link, as a decision locks them: else each could wait for the other.
    await tx.$queryRaw`SELECT 1 FROM "ServiceRequest" WHERE id = ${rid}::uuid FOR KEY SHARE`;
    // One after the other: of two presses at once the second sees the mail of the first.
    await tx.$queryRaw`SELECT 1 FROM "ActionLink" WHERE id = ${jti}::uuid FOR UPDATE`;
    const request = await findHolding(tx, rid);
    if (request === null || !maySee(request, person)) return;
    const now = ground.clock.now();
    const recent = { requestId: rid, kind: 'fresh_link', toAddress: person.address };
    if (await wasMailedSince(tx, recent, new Date(now.getTime() - ONE_PER_MS))) return;
    const { holder, holdingNo } = request;
    const mail = { kind: 'fresh_link' as const, to: person, facts: { action: act, holder }, showsMessage: false };
    await writeMail(
      ground,
      tx,
      { ...mail, requestId: rid, linksTo: [{ id: rid, holdingNo }] },
      `fresh:${jti}:${now.toISOString()}`,
    );
  }, TRANSACTION);
}

import { verifyLink } from '../action-link.ts';
import type { MailKind } from '../domain/workflow.ts';
import { TRANSACTION } from '../store/decide-on.ts';
import type { Tx } from '../store/store.ts';
import { writeMail, type LooseMail } from '../store/write-decisions.ts';
import { visitOf, type HeldVisit } from './held-access.ts';
import { isWaiting } from './held-page.ts';
import { messagePage, type Answer, type Site } from './site.ts';

/** However often the button is pressed. */
const ONE_PER_MS = 5 * 60_000;
const EXCERPT_CHARS = 2_000;

/** Tells of a held mail once more, the same person at the same address. The answer is the same whatever is true. */
export async function sendFreshHeldLink(site: Site, token: string): Promise<Answer> {
  const { claims } = verifyLink('held', token, site.secrets, site.ground.clock.now());
  if (claims === null) return messagePage(404, 'damaged');
  const opened = await visitOf(site, claims);
  if (opened.ok && isWaiting(opened.visit)) await tellAgain(opened.visit);
  return messagePage(200, 'held_link_sent');
}

async function tellAgain({ site: { ground }, person, notice, email }: HeldVisit): Promise<void> {
  const mail: LooseMail = {
    kind: notice.kind as MailKind,
    to: person,
    requestId: notice.requestId,
    linksTo: [],
    showsMessage: false,
    facts: {
      reason: email.verdict ?? '',
      from: email.fromAddress,
      subject: email.subject,
      receivedAt: email.receivedAt.toISOString(),
      inboundId: email.id,
      excerpt: email.held.text.slice(0, EXCERPT_CHARS).toWellFormed(),
      ...(email.request === null ? {} : { suggestedReference: email.request.reference }),
    },
  };
  const period = Math.floor(ground.clock.now().getTime() / ONE_PER_MS);
  await ground.store.db.$transaction(
    (tx: Tx) => writeMail(ground, tx, mail, `held-fresh:${email.id}:${period}`),
    TRANSACTION,
  );
}

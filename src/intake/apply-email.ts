import { recordAutomatic } from '../domain/occurrences.ts';
import type { Person } from '../domain/people.ts';
import type { Route } from '../domain/routing.ts';
import { decideOn, openRequests } from '../store/decide-on.ts';
import { settleEmails } from '../store/inbound-emails.ts';
import type { Ground } from '../store/store.ts';
import { writeMail, type LooseMail } from '../store/write-decisions.ts';
import { applyBounce } from './apply-bounce.ts';
import { applyReply } from './apply-reply.ts';
import { holdEmail } from './hold-email.ts';
import { newRequest, type NewEmail, type OpeningRoute } from './new-request.ts';
import type { PreparedEmail } from './prepare-email.ts';
import { inOneTransaction, settlement, settleLocked, type Outcome } from './settlement.ts';

/** What becomes of an email once it is known what it is: each in one transaction with its row of the journal. */

export async function openAll(ground: Ground, news: readonly NewEmail[]): Promise<void> {
  const emails = news.map(({ prepared }) => prepared);
  const opened = await inOneTransaction(ground, emails, async (tx) => {
    const requests = await openRequests(
      ground,
      tx,
      news.map((email) => newRequest(ground, email)),
    );
    const settled = news.map(({ prepared, route }, i) => {
      const requestId = requests[i]?.requestId ?? null;
      return settlement(prepared, { state: 'done', verdict: route.verdict, reasons: route.reasons, requestId });
    });
    await settleEmails(ground, tx, settled);
    return requests;
  });
  for (const { reference } of opened) ground.log.info({ event: 'request.opened', reference });
}

export async function settleOne(
  ground: Ground,
  prepared: PreparedEmail,
  route: Exclude<Route, OpeningRoute>,
): Promise<void> {
  switch (route.verdict) {
    case 'ignore':
      await settleOnly(ground, prepared, {
        state: 'ignored',
        verdict: 'ignore',
        reasons: route.reasons,
        requestId: null,
      });
      break;
    case 'archive':
      await settleOnly(ground, prepared, {
        state: 'archived',
        verdict: 'archive',
        reasons: route.reasons,
        requestId: null,
      });
      break;
    case 'forward_help':
      await explainForwarding(ground, prepared, route);
      break;
    case 'hold':
      await holdEmail(ground, prepared, route);
      break;
    case 'bounce':
      await applyBounce(ground, prepared, route);
      break;
    case 'automatic':
      await showAutomatic(ground, prepared, route);
      break;
    case 'reply':
      await applyReply(ground, prepared, route);
      break;
  }
  ground.log.info({ event: 'email.settled', inboundId: prepared.stored.id, verdict: route.verdict });
}

async function settleOnly(ground: Ground, prepared: PreparedEmail, outcome: Outcome): Promise<void> {
  await inOneTransaction(ground, [prepared], (tx) => settleEmails(ground, tx, [settlement(prepared, outcome)]));
}

async function showAutomatic(
  ground: Ground,
  prepared: PreparedEmail,
  { requestId, reasons }: Extract<Route, { verdict: 'automatic' }>,
): Promise<void> {
  const { stored, email, text, elided, files } = prepared;
  // A calendar's answer says all it has to say in its subject.
  const words = text.trim() === '' ? (email?.subject ?? '') : text;
  const author: Person = { role: 'third_party', department: null, name: email?.from[0]?.name ?? '', address: '' };
  const cause = { id: `email:${stored.id}`, inboundEmailId: stored.id, attachments: files };
  await decideOn(
    ground,
    requestId,
    () => recordAutomatic(author, words, elided),
    cause,
    (tx) => settleLocked(ground, tx, prepared, { state: 'done', verdict: 'automatic', reasons, requestId }),
  );
}

/** An agent forwarded something, and nobody can tell whose it is: they learn how it is done. */
async function explainForwarding(
  ground: Ground,
  prepared: PreparedEmail,
  { forwarder, reasons }: Extract<Route, { verdict: 'forward_help' }>,
): Promise<void> {
  const facts = { subject: prepared.email?.subject ?? '', receivedAt: prepared.stored.receivedAt.toISOString() };
  const mail: LooseMail = {
    kind: 'forward_help',
    to: forwarder,
    facts,
    showsMessage: false,
    requestId: null,
    linksTo: [],
  };
  await inOneTransaction(ground, [prepared], async (tx) => {
    const outcome = { state: 'archived', verdict: 'forward_help', reasons, requestId: null } as const;
    await settleEmails(ground, tx, [settlement(prepared, outcome)]);
    await writeMail(ground, tx, mail, `forward_help:${prepared.stored.id}`);
  });
}

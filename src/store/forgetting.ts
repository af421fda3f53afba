import { forget, type Asked, type Held } from '../domain/retention.ts';
import type { Decided } from './decide-on.ts';
import { decideLocked, lockRequest, TRANSACTION } from './decide-on.ts';
import { Prisma } from './client/client.ts';
import { queueErasures } from './mailbox-erasures.ts';
import { DELIVERY_QUEUE, type Ground, type Tx } from './store.ts';

/**
 * A request is forgotten in one transaction: the decision, which empties its own row, and here everything else that was said.
 * What stays is the skeleton: rows, dates, counts, agents. A killed process leaves the whole request, or nothing of it.
 */

/** `run`: what this forgetting belongs to, so that its report finds it. */
export async function forgetRequest(ground: Ground, requestId: string, asked: Asked, run: string): Promise<Decided> {
  return ground.store.db.$transaction(async (tx) => {
    await lockRequest(tx, requestId);
    const held = await weigh(tx, requestId);
    const visa = asked.visa ?? (await visaOf(tx, requestId));
    const cause = { id: `forget:${run}:${requestId}` };
    const decided = await decideLocked(
      ground,
      tx,
      requestId,
      (request, now) => forget(request, { ...asked, visa }, held, ground.config, now),
      cause,
    );
    if (decided.decision.done && !decided.repeated) await eraseRest(ground, tx, requestId, decided.request.reference);
    return decided;
  }, TRANSACTION);
}

/** Every number that says how much there was. */
export async function weigh(tx: Pick<Tx, '$queryRaw'>, requestId: string): Promise<Held> {
  const [row] = await tx.$queryRaw<{ messages: number; pieces: number; bytes: number }[]>`
    SELECT
      (SELECT count(*)::int FROM "Message" WHERE "requestId" = ${requestId}::uuid) AS messages,
      count(a.id)::int AS pieces,
      (coalesce(sum(a.size), 0)
        + coalesce((SELECT sum(size) FROM "InboundEmail" WHERE "requestId" = ${requestId}::uuid), 0))::float8 AS bytes
    FROM "Attachment" a JOIN "Message" m ON m.id = a."messageId" WHERE m."requestId" = ${requestId}::uuid`;
  return row ?? { messages: 0, pieces: 0, bytes: 0 };
}

async function visaOf(tx: Tx, requestId: string): Promise<string | null> {
  const request = await tx.serviceRequest.findUnique({ where: { id: requestId }, select: { elimination: true } });
  return request?.elimination?.visa ?? null;
}

/** Idempotent: what came for a request after it was forgotten goes the same way. */
export async function eraseRest(ground: Ground, tx: Tx, requestId: string, reference: string): Promise<void> {
  const inbound = await inboundOf(tx, requestId);
  const outbound = await outboundOf(tx, requestId, inbound);
  await queueErasures(ground, tx, inbound, outbound);
  await emptyHistory(tx, requestId, reference);
  await dropPieces(tx, requestId);
  await tx.message.updateMany({ where: { requestId }, data: { text: '', elided: '' } });
  await tx.message.updateMany({
    where: { requestId, authorRole: { in: OUTSIDERS } },
    data: { authorName: '', authorAddress: '' },
  });
  await emptyInbound(tx, inbound);
  await emptyOutbound(tx, outbound);
  await emptyLinks(tx, requestId, ground.clock.now());
}

const OUTSIDERS = ['citizen', 'third_party'];

/** Its mails, and those that came a second time by another way. */
async function inboundOf(tx: Tx, requestId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH own AS (
      SELECT id, "contentSha", "messageIdSha" FROM "InboundEmail" WHERE "requestId" = ${requestId}::uuid
      UNION SELECT mail.id, mail."contentSha", mail."messageIdSha" FROM "InboundEmail" mail
        JOIN "Message" m ON m."inboundEmailId" = mail.id WHERE m."requestId" = ${requestId}::uuid)
    SELECT id::text FROM own
    UNION SELECT mail.id::text FROM own JOIN "InboundEmail" mail ON mail."contentSha" = own."contentSha"
      WHERE mail."requestId" IS NULL AND mail.state IN ('ignored', 'archived')
    UNION SELECT mail.id::text FROM own JOIN "InboundEmail" mail ON mail."messageIdSha" = own."messageIdSha"
      WHERE mail."requestId" IS NULL AND mail.state IN ('ignored', 'archived')`;
  return rows.map(({ id }) => id);
}

/** Its mails; those that told of its mails while they were held; and the citizen's lists of requests that it stands on. */
async function outboundOf(tx: Tx, requestId: string, inbound: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM "OutboundEmail" WHERE "requestId" = ${requestId}::uuid
    UNION SELECT id::text FROM "OutboundEmail"
      WHERE "requestId" IS NULL AND facts->>'inboundId' = ANY(${[...inbound]}::text[])
    UNION SELECT mail.id::text FROM "ActionLink" link JOIN "OutboundEmail" mail ON mail.id = link."outboundEmailId"
      WHERE link."requestId" = ${requestId}::uuid AND mail.kind = 'my_requests'`;
  return rows.map(({ id }) => id);
}

/** The trigger lets the events of the request that this names be emptied, until the transaction ends or another is named. */
async function emptyHistory(tx: Tx, requestId: string, reference: string): Promise<void> {
  await nameForgotten(tx, requestId);
  await tx.$executeRaw`
    UPDATE "Event" SET
      comment = '',
      details = CASE WHEN jsonb_exists(details, 'milestone')
        THEN jsonb_build_object('milestone', details->'milestone') ELSE '{}'::jsonb END,
      "actorName" = CASE WHEN "actorRole" = ANY(${OUTSIDERS}) THEN '' ELSE "actorName" END,
      "actorAddress" = CASE WHEN "actorRole" = ANY(${OUTSIDERS}) THEN '' ELSE "actorAddress" END
    WHERE "requestId" = ${requestId}::uuid AND action <> 'anonymise'`;
  // A duplicate's words were told to the request that it repeats.
  const joined = await tx.$queryRaw<{ id: string; requestId: string }[]>`
    SELECT id::text, "requestId"::text FROM "Event"
    WHERE action = 'duplicate_joined' AND details->>'reference' = ${reference} AND "requestId" IN (
      SELECT other.id FROM "ServiceRequest" own JOIN "ServiceRequest" other ON other.reference = own."relatedReference"
      WHERE own.id = ${requestId}::uuid)`;
  for (const event of joined) {
    await nameForgotten(tx, event.requestId);
    await tx.$executeRaw`UPDATE "Event" SET comment = '', details = '{}'::jsonb WHERE id = ${event.id}::uuid`;
  }
  await nameForgotten(tx, '');
}

async function nameForgotten(tx: Tx, requestId: string): Promise<void> {
  await tx.$queryRaw`SELECT set_config('guichet.forgetting', ${requestId}, true)`;
}

/** The bytes too, unless another request has the same. */
async function dropPieces(tx: Tx, requestId: string): Promise<void> {
  const pieces = await tx.attachment.findMany({
    where: { message: { requestId } },
    select: { id: true, blobSha256: true },
  });
  if (pieces.length === 0) return;
  await tx.attachment.deleteMany({ where: { id: { in: pieces.map(({ id }) => id) } } });
  const shas = [...new Set(pieces.map(({ blobSha256 }) => blobSha256))].toSorted();
  await tx.blob.deleteMany({ where: { sha256: { in: shas }, attachments: { none: {} } } });
}

/** The SHA-256 of its bytes stays: put back into the mailbox, the same mail is known again and opens nothing. */
export async function emptyInbound(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.inboundEmail.updateMany({
    where: { id: { in: [...ids] } },
    data: {
      raw: new Uint8Array(),
      reasons: [],
      error: null,
      held: Prisma.DbNull,
      ruling: Prisma.DbNull,
      fromAddress: '',
      subject: '',
      messageId: null,
      messageIdSha: null,
      contentSha: null,
    },
  });
}

/** What has not left will not. */
export async function emptyOutbound(tx: Tx, ids: readonly string[]): Promise<void> {
  const waiting = { id: { in: [...ids] }, state: { in: ['queued', 'sending'] } };
  await tx.outboundEmail.updateMany({ where: waiting, data: { state: 'cancelled' } });
  await tx.$executeRaw`
    UPDATE "OutboundEmail" SET
      "toName" = '', "toAddress" = '', facts = '{}'::jsonb, response = NULL, "lastError" = NULL,
      "dedupeKey" = 'forgotten:' || id::text
    WHERE id = ANY(${[...ids]}::uuid[])`;
  await tx.$executeRaw`
    DELETE FROM pgboss.job WHERE name = ${DELIVERY_QUEUE} AND data->>'outboundEmailId' = ANY(${[...ids]}::text[])`;
}

/** An agent's link still opens what is left, for as long as it lives; a citizen's is nobody's any more. */
async function emptyLinks(tx: Tx, requestId: string, now: Date): Promise<void> {
  await tx.stepUpCode.deleteMany({ where: { link: { requestId } } });
  await tx.actionLink.updateMany({
    where: { requestId, role: { in: OUTSIDERS } },
    data: { name: '', address: '' },
  });
  await tx.actionLink.updateMany({
    where: { requestId, role: { in: OUTSIDERS }, revokedAt: null },
    data: { revokedAt: now },
  });
}

import type { JobResult } from 'pg-boss';
import type { Person } from '../domain/people.ts';
import { carriesPieces, isServable, scanPatienceMs } from '../domain/piece-safety.ts';
import type { MailKind } from '../domain/workflow.ts';
import { DELIVERY_QUEUE, hastenMails, type Ground, type Store, type Tx } from './store.ts';

/** The life of an outgoing mail: queued → sending → sent, or failed; or cancelled, before any try. Every try is on its row. */

export interface DeliveryTry {
  outboundEmailId: string;
  /** No later try will come. */
  isLast: boolean;
}

/** Answers true when the mail needs no other try. */
type Deliver = (delivery: DeliveryTry) => Promise<boolean>;

const BATCH_COUNT = 5;
const WORKERS = 2;

/** Any instance sends any mail; a mail is woken by the commit that queued it (LISTEN/NOTIFY), polling is the net below. */
export async function workMails(store: Store, deliver: Deliver): Promise<void> {
  const options = {
    batchSize: BATCH_COUNT,
    localConcurrency: WORKERS,
    includeMetadata: true,
    perJobResults: true,
    burstWhenBatchFull: true,
    pollingIntervalSeconds: 1,
    notifyPollingIntervalSeconds: 5,
  } as const;
  await store.boss.work<{ outboundEmailId: string }, JobResult[], typeof options>(
    DELIVERY_QUEUE,
    options,
    async (jobs) =>
      Promise.all(
        jobs.map(async ({ id, data, retryCount, retryLimit }): Promise<JobResult> => {
          const isDone = await deliver({ outboundEmailId: data.outboundEmailId, isLast: retryCount >= retryLimit });
          return { id, status: isDone ? 'completed' : 'failed' };
        }),
      ),
  );
}

/** Commits that a try begins; null when the mail has left, or will not, or must wait. */
export async function claimMail(ground: Ground, id: string) {
  const { store, clock } = ground;
  if (ground.scansPieces && (await awaitsScan(ground, id))) return null;
  const { count } = await store.db.outboundEmail.updateMany({
    where: { id, state: { in: ['queued', 'sending'] }, ...isDue(clock.now()) },
    data: { state: 'sending', attempts: { increment: 1 } },
  });
  if (count === 0) return null;
  return store.db.outboundEmail.findUnique({ where: { id }, include: { links: true } });
}

/** Its job came early: the database's clock is ahead of ours, or its pieces are being scanned. */
export async function mustWait({ store }: Ground, id: string): Promise<boolean> {
  return (await store.db.outboundEmail.count({ where: { id, state: 'queued' } })) > 0;
}

/** It brings pieces that the antivirus has not seen yet, and has not waited for them too long. */
async function awaitsScan({ store: { db }, clock }: Ground, id: string): Promise<boolean> {
  const mail = await db.outboundEmail.findUnique({
    where: { id },
    select: { kind: true, toRole: true, messageRef: true, createdAt: true },
  });
  if (mail === null || mail.messageRef === null || !carriesPieces(mail.kind as MailKind)) return false;
  const waitedMs = clock.now().getTime() - mail.createdAt.getTime();
  if (waitedMs >= scanPatienceMs(mail.toRole)) return false;
  return (await db.attachment.count({ where: { messageId: mail.messageRef, blob: { scan: 'pending' } } })) > 0;
}

/** Mails that need not wait any more. */
export function isDue(now: Date) {
  return { OR: [{ sendAfter: null }, { sendAfter: { lte: now } }] };
}

/**
 * Cancels the mails of a decision, its receipt too if it still can be: all of them, or none and false when one was tried,
 * even in vain, since an answer that was lost may have been a yes. Their rows stay locked until the commit, and a try
 * begins by locking its row: a mail is cancelled or leaves, never both.
 */
export async function cancelMails(tx: Tx, eventId: string): Promise<boolean> {
  const mails = await tx.$queryRaw<{ kind: string; state: string; attempts: number }[]>`
    SELECT kind, state, attempts FROM "OutboundEmail" WHERE "eventId" = ${eventId}::uuid ORDER BY id FOR UPDATE`;
  const hasLeft = mails.some(
    ({ kind, state, attempts }) => kind !== 'receipt' && !(state === 'queued' && attempts === 0),
  );
  if (hasLeft) return false;
  await tx.outboundEmail.updateMany({ where: { eventId, state: 'queued', attempts: 0 }, data: { state: 'cancelled' } });
  return true;
}

/** For a clock that jumps, which the queue cannot see. In ordinary time it finds nothing to do. */
export async function releaseMails({ store, clock }: Ground): Promise<void> {
  const due = await store.db.outboundEmail.findMany({
    where: { state: 'queued', attempts: 0, sendAfter: { lte: clock.now() } },
    select: { id: true },
  });
  await hastenMails(
    store,
    due.map(({ id }) => id),
  );
}

export type ClaimedMail = NonNullable<Awaited<ReturnType<typeof claimMail>>>;

export async function markSent({ store, clock }: Ground, id: string, response: string): Promise<void> {
  await store.db.outboundEmail.update({
    where: { id },
    data: { state: 'sent', sentAt: clock.now(), response, lastError: null },
  });
}

export async function markRetrying({ store }: Ground, id: string, lastError: string): Promise<void> {
  await store.db.outboundEmail.update({ where: { id }, data: { state: 'queued', lastError } });
}

export async function markFailed(tx: Tx, id: string, lastError: string): Promise<void> {
  await tx.outboundEmail.update({ where: { id }, data: { state: 'failed', lastError } });
}

/** Message-IDs exchanged with one address about a request before this mail, oldest first: its thread. */
export async function threadOf({ store: { db } }: Ground, mail: ClaimedMail): Promise<string[]> {
  if (mail.requestId === null) return [];
  const { requestId, toAddress } = mail;
  // A mail server's clock may be a little ahead of ours.
  const until = new Date(mail.createdAt.getTime() + 5 * 60_000);
  const [sent, received] = await Promise.all([
    db.outboundEmail.findMany({
      where: { requestId, toAddress, id: { lt: mail.id }, state: { notIn: ['failed', 'cancelled'] } },
      select: { messageId: true, createdAt: true },
    }),
    db.inboundEmail.findMany({
      where: { requestId, fromAddress: toAddress, messageId: { not: null }, receivedAt: { lte: until } },
      select: { messageId: true, receivedAt: true },
    }),
  ]);
  return [
    ...sent.map(({ messageId, createdAt }) => ({ messageId, at: createdAt })),
    ...received.map(({ messageId, receivedAt }) => ({ messageId: messageId ?? '', at: receivedAt })),
  ]
    .toSorted((one, other) => one.at.getTime() - other.at.getTime())
    .map(({ messageId }) => messageId);
}

/** The pieces of a message that may leave with a mail: none that the antivirus holds back. */
export async function filesOf({ store: { db } }: Ground, messageId: string, maxBytes: number) {
  const files = await db.attachment.findMany({
    where: { messageId },
    orderBy: { position: 'asc' },
    select: { fileName: true, contentType: true, size: true, blobSha256: true, blob: { select: { scan: true } } },
  });
  const servable = files.filter(({ blob }) => isServable(blob.scan));
  if (servable.length === 0 || servable.reduce((sum, { size }) => sum + size, 0) > maxBytes) return [];
  const blobs = await db.blob.findMany({
    where: { sha256: { in: servable.map(({ blobSha256 }) => blobSha256) } },
    select: { sha256: true, bytes: true },
  });
  const bytes = new Map(blobs.map((blob) => [blob.sha256, blob.bytes]));
  return servable.map(({ blobSha256, blob: _scan, ...file }) => ({
    ...file,
    content: Buffer.from(bytes.get(blobSha256) ?? []),
  }));
}

/** A mail of ours, and whom it was written to. */
export async function findOutbound({ store }: Ground, id: string): Promise<{ kind: string; to: Person }> {
  const mail = await store.db.outboundEmail.findUniqueOrThrow({ where: { id }, include: { links: { take: 1 } } });
  const department = mail.links[0]?.department ?? null;
  return {
    kind: mail.kind,
    to: { role: mail.toRole as Person['role'], department, name: mail.toName, address: mail.toAddress },
  };
}

/** It was sent, and came back. */
export async function markBounced(tx: Tx, id: string, diagnostic: string): Promise<void> {
  await tx.outboundEmail.update({ where: { id }, data: { state: 'failed', lastError: diagnostic } });
}

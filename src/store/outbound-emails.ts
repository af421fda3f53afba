import type { JobResult } from 'pg-boss';
import type { Person } from '../domain/people.ts';
import { isServable } from '../domain/piece-safety.ts';
import type { ClaimedMail, DeliveryJob } from './claim-mail.ts';
import { DELIVERY_QUEUE, type Ground, type Store, type Tx } from './store.ts';

/** Who works on outgoing mails, and what else is asked of them. */

export type { ClaimedMail };

/** Answers true when the job is done: false, or a worker's death, brings it again. */
type Deliver = (job: DeliveryJob) => Promise<boolean>;

const BATCH_COUNT = 5;
const WORKERS = 2;

/** Any instance sends any mail; a job wakes a worker by its commit (LISTEN/NOTIFY), polling is the net below. */
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
        jobs.map(async ({ id, data }): Promise<JobResult> => {
          const isDone = await deliver({ jobId: id, outboundEmailId: data.outboundEmailId });
          return { id, status: isDone ? 'completed' : 'failed' };
        }),
      ),
  );
}

/** Takes no more, and waits for what is in hand. */
export async function stopWorking({ boss }: Store): Promise<void> {
  await boss.offWork(DELIVERY_QUEUE, { wait: true });
}

/** Mails that need not wait any more. */
export function isDue(now: Date) {
  return { OR: [{ tryAfter: null }, { tryAfter: { lte: now } }] };
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

/** Message-IDs exchanged with one address about a request before this mail, oldest first: its thread. */
export async function threadOf({ store: { db } }: Ground, mail: ClaimedMail): Promise<string[]> {
  if (mail.requestId === null) return [];
  const { requestId, toAddress } = mail;
  // A mail server's clock may be a little ahead of ours.
  const until = new Date(mail.createdAt.getTime() + 5 * 60_000);
  const [sent, received] = await Promise.all([
    db.outboundEmail.findMany({
      where: { requestId, toAddress, id: { lt: mail.id }, state: { notIn: ['failed', 'cancelled', 'withheld'] } },
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

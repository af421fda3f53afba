import { carriesPieces, scanPatienceMs } from '../domain/piece-safety.ts';
import type { MailKind } from '../domain/workflow.ts';
import { anEarlierOneIsPending, isDueNow, isPaused } from './mail-conditions.ts';
import type { Ground } from './store.ts';
import { Prisma } from './client/client.ts';

/** A wake-up for one mail. Its id is on the row as long as no other job has taken its place. */
export interface DeliveryJob {
  jobId: string;
  outboundEmailId: string;
}

export type ClaimedMail = NonNullable<Awaited<ReturnType<typeof claimMail>>>;

/** Between two looks at whether the antivirus has seen its pieces. */
const SCAN_PAUSE_MS = 5_000;

/**
 * Commits that a try begins; null when it may not: another job has the mail, it has left or will not, sending is paused, an
 * earlier one goes first, or its pieces are being scanned. If it is this job's, it then waits for the releaser again.
 */
export async function claimMail(ground: Ground, job: DeliveryJob) {
  const { store, clock } = ground;
  const { jobId, outboundEmailId: id } = job;
  if (ground.scansPieces && (await awaitsScan(ground, id))) {
    await putBack(ground, job, new Date(clock.now().getTime() + SCAN_PAUSE_MS));
    return null;
  }
  const claimed = await store.db.$executeRaw`
    UPDATE "OutboundEmail" m SET state = 'sending', attempts = attempts + 1
    WHERE id = ${id}::uuid AND "jobId" = ${jobId}::uuid AND state IN ('queued', 'sending')
      AND ${isDueNow(clock.now())} AND NOT ${isPaused} AND NOT ${anEarlierOneIsPending}`;
  if (claimed === 0) {
    await putBack(ground, job);
    return null;
  }
  return store.db.outboundEmail.findUnique({ where: { id }, include: { links: true } });
}

/** Untouched, for the releaser to wake again. */
export async function putBack(
  { store }: Ground,
  { jobId, outboundEmailId: id }: DeliveryJob,
  tryAfter?: Date,
): Promise<void> {
  const data = {
    state: 'queued',
    jobId: null,
    ...(tryAfter && { tryAfter }),
  } satisfies Prisma.OutboundEmailUpdateInput;
  await store.db.outboundEmail.updateMany({ where: { id, jobId, state: { in: ['queued', 'sending'] } }, data });
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

import { newId } from './ids.ts';
import type { Ground, Tx } from './store.ts';

/** Mails to be deleted from the mailbox's folders: queued where a request is forgotten, worked by whoever reads the mailbox. */

export interface Erasure {
  id: string;
  /** With its angle brackets. */
  messageId: string | null;
  /** Of a mail that came in; null for one of ours. */
  rawSha256: string | null;
  size: number | null;
}

/** Every mail that came in, and every one of ours that was tried: a server may keep copies of what it sends. */
export async function queueErasures(
  { config, clock }: Ground,
  tx: Tx,
  inbound: readonly string[],
  outbound: readonly string[],
): Promise<void> {
  const [received, sent] = await Promise.all([
    tx.inboundEmail.findMany({
      // Emptied already: queued already.
      where: { id: { in: [...inbound] }, NOT: { raw: new Uint8Array() } },
      select: { messageId: true, rawSha256: true, size: true },
    }),
    tx.outboundEmail.findMany({
      where: { id: { in: [...outbound] }, attempts: { gt: 0 }, NOT: { dedupeKey: { startsWith: 'forgotten:' } } },
      select: { messageId: true },
    }),
  ]);
  const common = { mailbox: config.town.mailbox, createdAt: clock.now() };
  await tx.mailboxErasure.createMany({
    data: [
      ...received.map((mail) => ({ ...mail, ...common, id: newId() })),
      ...sent.map((mail) => ({ ...mail, ...common, id: newId() })),
    ],
  });
}

/** Oldest first. */
export async function pendingErasures({ store, config }: Ground, atMost: number): Promise<Erasure[]> {
  return store.db.mailboxErasure.findMany({
    where: { doneAt: null, mailbox: config.town.mailbox },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: atMost,
    select: { id: true, messageId: true, rawSha256: true, size: true },
  });
}

/** A mail that was not there is done too. Nothing personal stays on the row. */
export async function markErased({ store, clock }: Ground, id: string, deleted: number): Promise<void> {
  await store.db.mailboxErasure.update({
    where: { id },
    data: { doneAt: clock.now(), deleted: { increment: deleted }, messageId: null },
  });
}

/** Somebody put forgotten mails back into the mailbox: they are refused as known, and are to be deleted once more. */
export async function renewErasures({ store }: Ground, rawSha256s: readonly string[]): Promise<void> {
  const where = { rawSha256: { in: [...rawSha256s] }, doneAt: { not: null } };
  await store.db.mailboxErasure.updateMany({ where, data: { doneAt: null } });
}

/** Whether a mail with these bytes is still needed: another request's, or not settled yet. */
export async function isStillKept({ store }: Ground, rawSha256: string): Promise<boolean> {
  const rows = await store.db.$queryRaw<unknown[]>`
    SELECT 1 FROM "InboundEmail" WHERE "rawSha256" = ${rawSha256} AND length(raw) > 0`;
  return rows.length > 0;
}

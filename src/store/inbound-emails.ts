import { createHash } from 'node:crypto';
import { Prisma } from './client/client.ts';
import { cleanText } from './clean-text.ts';
import type { Ground, Tx } from './store.ts';
import { newId } from './ids.ts';

/** The journal of what came in: kept first, decided later. */

export interface KeptEmail {
  raw: Buffer;
  /** The server's date of receipt. */
  receivedAt: Date;
  isTruncated: boolean;
}

export interface StoredEmail {
  id: string;
  arrivalNo: bigint;
  raw: Uint8Array;
  receivedAt: Date;
  attempts: number;
  verdict: string | null;
  /** What a person said it is. */
  ruling: unknown;
}

/** Keeps raw mails, in order; the same bytes a second time are refused by the unique key, silently. */
export async function keepEmails(ground: Ground, mails: readonly KeptEmail[]): Promise<number> {
  const now = ground.clock.now();
  const { count } = await ground.store.db.inboundEmail.createMany({
    data: mails.map(({ raw, receivedAt, isTruncated }) => ({
      id: newId(),
      mailbox: ground.config.town.mailbox,
      rawSha256: createHash('sha256').update(raw).digest('hex'),
      raw: new Uint8Array(raw),
      size: raw.length,
      receivedAt: plausibleReceipt(receivedAt, now),
      // Its beginning is all we have: a human looks at it in the mailbox.
      ...(isTruncated ? { verdict: 'too_large' } : {}),
    })),
    skipDuplicates: true,
  });
  return count;
}

/** What is not settled yet, in order of arrival, after a given place in it. */
export async function storedEmails({ store, clock }: Ground, after: bigint, count: number): Promise<StoredEmail[]> {
  return store.db.inboundEmail.findMany({
    where: { state: 'stored', arrivalNo: { gt: after }, OR: [{ retryAt: null }, { retryAt: { lte: clock.now() } }] },
    orderBy: { arrivalNo: 'asc' },
    take: count,
    select: { id: true, arrivalNo: true, raw: true, receivedAt: true, attempts: true, verdict: true, ruling: true },
  });
}

export interface Settlement {
  id: string;
  state: 'done' | 'held' | 'ignored' | 'archived';
  verdict: string;
  reasons: readonly string[];
  requestId: string | null;
  fromAddress: string;
  subject: string;
  messageId: string | null;
  messageIdSha: string | null;
  contentSha: string | null;
  error: string | null;
  /** What the desk is shown of a held mail. */
  held: { text: string; files: { fileName: string; size: number }[]; suggestion: string | null } | null;
}

/** Locks mails that are still to be settled; false when another instance was quicker with any of them. */
export async function lockStored(tx: Tx, ids: readonly string[]): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM "InboundEmail" WHERE id = ANY(${ids}::uuid[]) AND state = 'stored' FOR UPDATE`;
  return rows.length === ids.length;
}

/** Says what became of mails, in the transaction that made it so. */
export async function settleEmails(ground: Ground, tx: Tx, settlements: readonly Settlement[]): Promise<void> {
  const now = ground.clock.now();
  const [only] = settlements;
  if (settlements.length === 1 && only !== undefined) {
    const { id, held, reasons, ...columns } = only;
    const data = { ...columns, reasons: [...reasons], held: held ?? Prisma.DbNull, settledAt: now };
    await tx.inboundEmail.update({ where: { id }, data });
    return;
  }
  const clean = JSON.stringify(
    settlements.map((settlement) => ({ ...settlement, settledAt: now })),
    stripForJson,
  );
  await tx.$executeRaw`
    UPDATE "InboundEmail" AS mail SET
      state = s.state, verdict = s.verdict, reasons = s.reasons, "requestId" = s."requestId",
      "fromAddress" = s."fromAddress", subject = s.subject, "messageId" = s."messageId",
      "messageIdSha" = s."messageIdSha", "contentSha" = s."contentSha", error = s.error, "settledAt" = s."settledAt"
    FROM jsonb_to_recordset(${clean}::jsonb) AS s(
      id uuid, state text, verdict text, reasons jsonb, "requestId" uuid, "fromAddress" text, subject text,
      "messageId" text, "messageIdSha" text, "contentSha" text, error text, "settledAt" timestamptz)
    WHERE mail.id = s.id`;
}

/** A fault of the database or of ours is given time to pass. */
const RETRY_AFTER_SECONDS = 30;

/** One more failure of a mail; answers how many there were. Survives the process: a mail that kills it is counted too. */
export async function countFailure({ store, clock }: Ground, id: string, error: string): Promise<number> {
  const retryAt = new Date(clock.now().getTime() + RETRY_AFTER_SECONDS * 1_000);
  const data = { attempts: { increment: 1 }, error, retryAt };
  const { attempts } = await store.db.inboundEmail.update({ where: { id }, data, select: { attempts: true } });
  return attempts;
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** INTERNALDATE is the legal date of receipt, unless a server makes it up: never in the future, never long before now. */
function plausibleReceipt(receivedAt: Date, now: Date): Date {
  const latest = now.getTime() + 5 * 60_000;
  const earliest = now.getTime() - 3_650 * 86_400_000;
  const ms = receivedAt.getTime();
  return ms >= earliest && ms <= latest ? receivedAt : now;
}

function stripForJson(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? cleanText(value) : value;
}

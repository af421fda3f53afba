import type { Ruling } from '../domain/routing.ts';
import type { Prisma } from './client/client.ts';
import { TRANSACTION } from './decide-on.ts';
import type { Db, Ground, Tx } from './store.ts';

/** Mails that wait for a human: what is known of them, what a person says they are, and back to the receiver. */

/** The column `held`: intake writes the first three when it holds a mail, a person's answers are added to them. */
export interface HeldContent {
  text: string;
  files: { fileName: string; size: number }[];
  /** The id of the request that it seems to concern. */
  suggestion: string | null;
  /** The agent whose address it bears says that they did not write it. */
  deniedAt?: string;
  ruled?: Ruled;
}

export interface Ruled {
  as: Ruling['as'] | 'ignore';
  reference: string | null;
  /** A role: `desk`, `department:voirie`. */
  by: string;
  name: string;
  at: string;
}

export interface RequestName {
  id: string;
  reference: string;
  subject: string;
}

export interface HeldEmail {
  id: string;
  /** `held`, or what became of it. */
  state: string;
  receivedAt: Date;
  size: number;
  verdict: string | null;
  fromAddress: string;
  subject: string;
  held: HeldContent;
  /** While it is held, the request that it seems to concern; then the one it belongs to. */
  request: RequestName | null;
}

const COLUMNS = {
  id: true,
  state: true,
  receivedAt: true,
  size: true,
  verdict: true,
  fromAddress: true,
  subject: true,
} as const;

/** Whatever became of it; null when there is no such mail. Without its bytes. */
export async function findHeldEmail(db: Db, id: string): Promise<HeldEmail | null> {
  const row = await db.inboundEmail.findUnique({ where: { id }, select: { ...COLUMNS, held: true, requestId: true } });
  if (row === null) return null;
  const { requestId, ...mail } = row;
  const held = contentOf(row.held);
  const concerns = row.state === 'held' ? (held.suggestion ?? requestId) : requestId;
  return { ...mail, held, request: concerns === null ? null : await nameOf(db, { id: concerns }) };
}

export type HeldLine = Omit<HeldEmail, 'held' | 'request'>;

/** Oldest first. */
export async function listHeldEmails(db: Db, atMost: number): Promise<{ count: number; mails: HeldLine[] }> {
  const [count, mails] = await Promise.all([
    db.inboundEmail.count({ where: { state: 'held' } }),
    db.inboundEmail.findMany({
      where: { state: 'held' },
      orderBy: [{ receivedAt: 'asc' }, { arrivalNo: 'asc' }],
      take: atMost,
      select: COLUMNS,
    }),
  ]);
  return { count, mails };
}

export async function findRequestByReference(db: Db, reference: string): Promise<RequestName | null> {
  return nameOf(db, { reference });
}

/** The mail as it came, byte for byte. */
export async function loadRaw(db: Db, id: string): Promise<Uint8Array | null> {
  const row = await db.inboundEmail.findUnique({ where: { id }, select: { raw: true } });
  return row?.raw ?? null;
}

/** The mail that told a person of a held one: `id` is the token's `jti`. */
export async function findNotice(db: Db, id: string) {
  return db.outboundEmail.findUnique({
    where: { id },
    select: { requestId: true, kind: true, toAddress: true, facts: true },
  });
}

export type Notice = NonNullable<Awaited<ReturnType<typeof findNotice>>>;

export interface Judge {
  by: string;
  name: string;
}

/** Gives a held mail back to the receiver with what a person says it is. False when it was no longer held. */
export async function ruleOn(ground: Ground, id: string, ruling: Ruling, judge: Judge): Promise<boolean> {
  return settleHeld(ground, id, async (tx, { held }) => {
    const named = ruling.as === 'new' ? null : await nameOf(tx, { id: ruling.requestId });
    const ruled = ruledBy(ground, ruling.as, named?.reference ?? null, judge);
    return { state: 'stored', attempts: 0, settledAt: null, ruling, held: toJson({ ...held, ruled }) };
  });
}

/** Nothing becomes of it; its bytes stay. False when it was no longer held. */
export async function ignoreHeld(ground: Ground, id: string, judge: Judge): Promise<boolean> {
  return settleHeld(ground, id, async (_tx, { held, reasons }) => ({
    state: 'ignored',
    verdict: 'ignore',
    reasons: [...reasons, `by ${judge.by}`],
    settledAt: ground.clock.now(),
    held: toJson({ ...held, ruled: ruledBy(ground, 'ignore', null, judge) }),
  }));
}

/** It stays held, and the desk reads that the agent did not write it. False when it was no longer held. */
export async function denyHeld(ground: Ground, id: string): Promise<boolean> {
  return settleHeld(ground, id, async (_tx, { held }) => ({
    held: toJson({ ...held, deniedAt: held.deniedAt ?? ground.clock.now().toISOString() }),
  }));
}

/** Held mails go back to the receiver, as if they had just come. `ids` null: all of them. Answers which they were. */
export async function requeueHeld(db: Db, ids: readonly string[] | null, isDryRun: boolean): Promise<string[]> {
  const wanted = ids === null ? {} : { id: { in: [...ids] } };
  if (isDryRun) {
    const mails = await db.inboundEmail.findMany({
      where: { state: 'held', ...wanted },
      orderBy: { arrivalNo: 'asc' },
      select: { id: true },
    });
    return mails.map(({ id }) => id);
  }
  const everyOne = ids === null;
  const rows = await db.$queryRaw<{ id: string }[]>`
    UPDATE "InboundEmail" SET
      state = 'stored', attempts = 0, error = NULL, ruling = NULL, "settledAt" = NULL,
      held = CASE WHEN jsonb_typeof(held) = 'object' THEN held - 'ruled' ELSE held END
    WHERE state = 'held' AND (${everyOne} OR id = ANY(${[...(ids ?? [])]}::uuid[]))
    RETURNING id::text`;
  return rows.map(({ id }) => id).toSorted();
}

interface Locked {
  held: HeldContent;
  reasons: string[];
}

/** Two persons at once wait for each other: the second finds it settled. */
async function settleHeld(
  { store }: Ground,
  id: string,
  change: (tx: Tx, locked: Locked) => Promise<Prisma.InboundEmailUncheckedUpdateInput>,
): Promise<boolean> {
  return store.db.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ held: unknown; reasons: unknown }[]>`
      SELECT held, reasons FROM "InboundEmail" WHERE id = ${id}::uuid AND state = 'held' FOR UPDATE`;
    if (row === undefined) return false;
    const reasons = Array.isArray(row.reasons) ? row.reasons.map(String) : [];
    await tx.inboundEmail.update({ where: { id }, data: await change(tx, { held: contentOf(row.held), reasons }) });
    return true;
  }, TRANSACTION);
}

function ruledBy({ clock }: Ground, as: Ruled['as'], reference: string | null, { by, name }: Judge): Ruled {
  return { as, reference, by, name, at: clock.now().toISOString() };
}

async function nameOf(db: Db | Tx, where: { id: string } | { reference: string }): Promise<RequestName | null> {
  return db.serviceRequest.findUnique({ where, select: { id: true, reference: true, subject: true } });
}

/** A mail that could not be read was held with nothing to show. */
function contentOf(column: unknown): HeldContent {
  const known = column !== null && typeof column === 'object' && !Array.isArray(column) ? column : {};
  return { text: '', files: [], suggestion: null, ...known };
}

function toJson(held: HeldContent): Prisma.InputJsonObject {
  return held as unknown as Prisma.InputJsonObject;
}

import type { Elimination } from './client/client.ts';
import { TRANSACTION } from './decide-on.ts';
import type { Db, Ground, Tx } from './store.ts';

/**
 * The lists of public archives to be destroyed. What is due joins the list that is open; writing a list out for the
 * archives closes it, so that their visa is for what they read, and for nothing that came later.
 */

/** Null when there was nothing to add. One instance at a time, or two lists would be open. */
export async function addToElimination(ground: Ground, ids: readonly string[]): Promise<number | null> {
  if (ids.length === 0) return null;
  return ground.store.db.$transaction(async (tx) => {
    await lockLists(tx);
    const open = await tx.elimination.findFirst({ where: { sealedAt: null }, orderBy: { id: 'asc' } });
    const { id } = open ?? (await tx.elimination.create({ data: { createdAt: ground.clock.now() } }));
    // Whatever happened to one since: what was reopened or frozen has no day any more.
    const where = { id: { in: [...ids] }, eliminationId: null, forgetOn: { not: null } };
    await tx.serviceRequest.updateMany({ where, data: { eliminationId: id } });
    return id;
  }, TRANSACTION);
}

/** « elim » in ASCII. */
const LISTS_LOCK = 0x656c696d;

async function lockLists(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LISTS_LOCK}::bigint)`;
}

export type EliminationLine = Elimination & { count: number; remaining: number };

/** Newest first. */
export async function listEliminations(db: Db): Promise<EliminationLine[]> {
  const rows = await db.elimination.findMany({
    orderBy: { id: 'desc' },
    include: { requests: { select: { anonymisedAt: true } } },
  });
  return rows.map(({ requests, ...row }) => ({
    ...row,
    count: requests.length,
    remaining: requests.filter(({ anonymisedAt }) => anonymisedAt === null).length,
  }));
}

export interface EliminationRow {
  reference: string;
  category: string | null;
  receivedAt: Date;
  closedAt: Date;
  anonymisedAt: Date | null;
  pieces: number;
  bytes: number;
}

/** What stands on a list, oldest first; of what was forgotten already, the figures that its history keeps. */
export async function eliminationRows(db: Db, id: number): Promise<EliminationRow[]> {
  return db.$queryRaw<EliminationRow[]>`
    SELECT r.reference, r.category, r."receivedAt", r."closedAt", r."anonymisedAt",
      coalesce((e.details->>'pieces')::int, (
        SELECT count(*) FROM "Attachment" a JOIN "Message" m ON m.id = a."messageId" WHERE m."requestId" = r.id))::int AS pieces,
      coalesce((e.details->>'bytes')::float8, coalesce((
        SELECT sum(a.size) FROM "Attachment" a JOIN "Message" m ON m.id = a."messageId" WHERE m."requestId" = r.id), 0)
        + coalesce((SELECT sum(i.size) FROM "InboundEmail" i WHERE i."requestId" = r.id), 0))::float8 AS bytes
    FROM "ServiceRequest" r LEFT JOIN "Event" e ON e."requestId" = r.id AND e.action = 'anonymise'
    WHERE r."eliminationId" = ${id} ORDER BY r."closedAt", r.reference`;
}

export async function findElimination(db: Db, id: number): Promise<Elimination | null> {
  return db.elimination.findUnique({ where: { id } });
}

/** Nothing joins it any more. */
export async function sealElimination(db: Db, id: number, now: Date): Promise<void> {
  await db.$transaction(async (tx) => {
    await lockLists(tx);
    await tx.elimination.updateMany({ where: { id, sealedAt: null }, data: { sealedAt: now } });
  }, TRANSACTION);
}

export type VisaOutcome = 'entered' | 'unknown' | 'not_sealed' | 'has_one';

/** The archives allow it: what is on the list is forgotten at the next run. */
export async function enterVisa(db: Db, id: number, visa: string, by: string, now: Date): Promise<VisaOutcome> {
  return db.$transaction(async (tx) => {
    await lockLists(tx);
    const found = await tx.elimination.findUnique({ where: { id } });
    if (found === null) return 'unknown';
    if (found.sealedAt === null) return 'not_sealed';
    if (found.visa !== null) return 'has_one';
    await tx.elimination.update({ where: { id }, data: { visa, visedAt: now, visedBy: by } });
    return 'entered';
  }, TRANSACTION);
}

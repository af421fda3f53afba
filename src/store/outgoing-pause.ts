import { newId } from './ids.ts';
import type { Db } from './store.ts';

/** The switch that stops the sending of mails on every instance; and what waits. */

export interface Pause {
  at: Date;
  by: string;
  reason: string;
}

export async function findPause(db: Db): Promise<Pause | null> {
  return db.outgoingPause.findFirst({ where: { endedAt: null }, select: { at: true, by: true, reason: true } });
}

/** False when it was paused already: that pause goes on. */
export async function pauseOutgoing(db: Db, { at, by, reason }: Pause): Promise<boolean> {
  const { count } = await db.outgoingPause.createMany({
    data: [{ id: newId(), at, by, reason }],
    skipDuplicates: true,
  });
  return count > 0;
}

/** False when nothing was paused. */
export async function resumeOutgoing(db: Db, { at, by }: Pick<Pause, 'at' | 'by'>): Promise<boolean> {
  const { count } = await db.outgoingPause.updateMany({
    where: { endedAt: null },
    data: { endedAt: at, endedBy: by },
  });
  return count > 0;
}

export interface OutgoingCounts {
  /** May leave now. */
  due: number;
  /** Not before a later moment. */
  waiting: number;
  /** Refused for now by their recipient's server, and tried again. */
  deferred: number;
  failed: number;
  withheld: number;
  written: number;
}

export async function countOutgoing(db: Db, now: Date): Promise<OutgoingCounts> {
  const rows = await db.$queryRaw<{ what: keyof OutgoingCounts; count: number }[]>`
    SELECT what, count(*)::int AS count FROM (
      SELECT CASE
        WHEN state IN ('failed', 'withheld', 'written') THEN state
        WHEN "deferredAt" IS NOT NULL THEN 'deferred'
        WHEN "tryAfter" > ${now}::timestamptz THEN 'waiting'
        ELSE 'due' END AS what
      FROM "OutboundEmail" WHERE state IN ('queued', 'sending', 'failed', 'withheld', 'written')
    ) AS mails GROUP BY what`;
  const none = { due: 0, waiting: 0, deferred: 0, failed: 0, withheld: 0, written: 0 };
  return { ...none, ...Object.fromEntries(rows.map(({ what, count }) => [what, count])) };
}

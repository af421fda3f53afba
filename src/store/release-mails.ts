import { OUT_OF_TURN } from '../domain/dispatch.ts';
import { DOUBTFUL_PAUSE_MS } from '../domain/retry.ts';
import { Prisma } from './client/client.ts';
import { TRANSACTION } from './decide-on.ts';
import { anEarlierOneIsPending, isDueNow, isPaused } from './mail-conditions.ts';
import { DELIVERY_QUEUE, insertJobs, type Ground, type Tx } from './store.ts';

/** Mails that wait are rows; whichever instance finds that one may leave writes its job. */

/** Any number, the same for every instance: the rate is counted by one at a time. */
const RATE_LOCK = 7_202_601;
const RATE_WINDOW_MS = 60_000;

/** The jobs of mails that may leave now, those first that somebody waits for, then the oldest. Answers how many. */
export async function releaseMails(ground: Ground, atMost: number): Promise<number> {
  const { store, clock, config } = ground;
  const now = clock.now();
  const perMinute = config.outgoing.atMostPerMinute;
  return store.db.$transaction(async (tx) => {
    const count = perMinute === undefined ? atMost : Math.min(atMost, await placesLeft(tx, perMinute, now));
    if (count <= 0) return 0;
    const urgent = await pick(tx, now, count, Prisma.sql`m.kind IN (${Prisma.join([...OUT_OF_TURN])})`);
    const others = await pick(tx, now, count - urgent.length, Prisma.sql`NOT ${anEarlierOneIsPending}`);
    await insertJobs(store, tx, [...urgent, ...others]);
    return urgent.length + others.length;
  }, TRANSACTION);
}

/** Names a job on each: the oldest that fit, save those that another instance is just picking. */
async function pick(tx: Tx, now: Date, count: number, condition: Prisma.Sql): Promise<{ id: string; jobId: string }[]> {
  return tx.$queryRaw`
    WITH due AS MATERIALIZED (
      SELECT id FROM "OutboundEmail" m
      WHERE state = 'queued' AND "jobId" IS NULL AND ${isDueNow(now)} AND NOT ${isPaused} AND ${condition}
      ORDER BY id LIMIT ${count} FOR UPDATE SKIP LOCKED
    )
    UPDATE "OutboundEmail" o SET "jobId" = gen_random_uuid() FROM due WHERE o.id = due.id RETURNING o.id, o."jobId"`;
}

/**
 * A mail takes a place from its release until a minute after the end of its try: wherever in between the server saw it, no
 * minute holds more than `perMinute`.
 */
async function placesLeft(tx: Tx, perMinute: number, now: Date): Promise<number> {
  await tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(${RATE_LOCK}::bigint)`;
  const since = new Date(now.getTime() - RATE_WINDOW_MS);
  const [inHand, tried] = [
    await tx.outboundEmail.count({ where: { state: { in: ['queued', 'sending'] }, jobId: { not: null } } }),
    await tx.outboundEmail.count({
      where: { triedAt: { gt: since }, NOT: { state: { in: ['queued', 'sending'] }, jobId: { not: null } } },
    }),
  ];
  return perMinute - inHand - tried;
}

/** Jobs of before there was a rate would all run at once: their mails wait for the releaser. */
export async function recallJobs({ store }: Ground): Promise<void> {
  await store.db.outboundEmail.updateMany({
    where: { state: 'queued', jobId: { not: null } },
    data: { jobId: null },
  });
}

/**
 * Mails whose job is gone: its worker died again and again, or the queue was emptied. One that was being sent may have
 * left, and may be what killed the worker: it waits.
 */
export async function recoverMails({ store, clock, log }: Ground): Promise<void> {
  const doubtful = new Date(clock.now().getTime() + DOUBTFUL_PAUSE_MS);
  const count = await store.db.$executeRaw`
    UPDATE "OutboundEmail" m
    SET state = 'queued', "jobId" = NULL,
      "tryAfter" = CASE WHEN state = 'sending' THEN ${doubtful}::timestamptz ELSE "tryAfter" END
    WHERE state IN ('queued', 'sending') AND "jobId" IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM pgboss.job j
      WHERE j.name = ${DELIVERY_QUEUE} AND j.id = m."jobId" AND j.state IN ('created', 'retry', 'active'))`;
  if (count > 0) log.warn({ event: 'mails.recovered', count });
}

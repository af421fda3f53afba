import { Prisma } from './client/client.ts';
import { newId } from './ids.ts';
import type { Ground } from './store.ts';

/** One row per run: the unique pair of job and due time makes one instance win. */

/** An instance that has not finished a run by then is dead: another takes it over, at the third tick after. */
const ABANDONED_AFTER_MS = 170_000;

/**
 * Runs the job unless it ran, or runs elsewhere, for this due time. Answers whether it did. Work that answers null is for
 * later: its run stays unfinished, and is taken over like one that was abandoned.
 */
export async function runOnce(
  { store: { db }, clock }: Ground,
  job: string,
  dueAt: Date,
  work: () => Promise<object | null>,
): Promise<boolean> {
  const id = newId();
  const startedAt = clock.now();
  const { count } = await db.jobRun.createMany({ data: [{ id, job, dueAt, startedAt }], skipDuplicates: true });
  if (count === 0) {
    const abandoned = new Date(startedAt.getTime() - ABANDONED_AFTER_MS);
    const where = { job, dueAt, finishedAt: null, startedAt: { lt: abandoned } };
    const takenOver = await db.jobRun.updateMany({ where, data: { id, startedAt } });
    if (takenOver.count === 0) return false;
  }
  try {
    const outcome = await work();
    if (outcome === null) return false;
    await db.jobRun.update({
      where: { id },
      data: { finishedAt: clock.now(), outcome: outcome as Prisma.InputJsonObject },
    });
    return true;
  } catch (error) {
    // Not done is not run: the next tick, here or elsewhere, tries again.
    await db.jobRun.delete({ where: { id } });
    throw error;
  }
}

/** A tick that died half way may have missed a cron line: what came since the last whole one is looked at again. */
export async function lastTick({ store: { db } }: Ground): Promise<Date | null> {
  const run = await db.jobRun.findFirst({
    where: { job: 'tick', finishedAt: { not: null } },
    orderBy: { dueAt: 'desc' },
    select: { dueAt: true },
  });
  return run?.dueAt ?? null;
}

/** When the oldest run of a job that began and did not end was due. */
export async function unfinishedSince({ store: { db } }: Ground, job: string): Promise<Date | null> {
  const where = { job, finishedAt: null };
  const run = await db.jobRun.findFirst({ where, orderBy: { dueAt: 'asc' }, select: { dueAt: true } });
  return run?.dueAt ?? null;
}

export async function latestOutcome({ store: { db } }: Ground, job: string): Promise<Record<string, unknown> | null> {
  const run = await db.jobRun.findFirst({
    where: { job, finishedAt: { not: null } },
    orderBy: { dueAt: 'desc' },
    select: { outcome: true },
  });
  const outcome = run?.outcome;
  return outcome !== null && typeof outcome === 'object' && !Array.isArray(outcome) ? outcome : null;
}

export async function pruneTicks({ store: { db } }: Ground, before: Date): Promise<void> {
  await db.jobRun.deleteMany({ where: { job: 'tick', dueAt: { lt: before } } });
}

import type { ConfigChange } from '../config-files.ts';
import { Prisma } from './client/client.ts';
import { TRANSACTION } from './decide-on.ts';
import { newId } from './ids.ts';
import type { Db, Ground } from './store.ts';
import { writeMail, type LooseMail } from './write-decisions.ts';

/** What became of each state of the config files: rows of `JobRun`, written by the instance that sees it first. */

export const CONFIG_VERDICTS = ['started', 'changed', 'refused', 'restored'] as const;
export type ConfigVerdict = (typeof CONFIG_VERDICTS)[number];

export interface ConfigRecord {
  verdict: ConfigVerdict;
  /** Of the files. */
  fingerprint: string;
  changes: readonly ConfigChange[];
}

const JOB = 'config';
/** Any number, the same for every instance: one at a time looks at the latest row and writes the next. */
const HISTORY_LOCK = 7_202_602;

/** With its mails, in one transaction; false when the files were known to be so already, here or elsewhere. */
export async function recordConfig(
  ground: Ground,
  record: ConfigRecord,
  mails: readonly LooseMail[],
): Promise<boolean> {
  const now = ground.clock.now();
  return ground.store.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(${HISTORY_LOCK}::bigint)`;
    const latest = await tx.jobRun.findFirst({ where: { job: JOB }, orderBy: { dueAt: 'desc' } });
    if (latest !== null && recordOf(latest.outcome)?.fingerprint === record.fingerprint) return false;
    const id = newId();
    // One after the other, whatever the clocks of the instances say.
    const dueAt = new Date(Math.max(now.getTime(), (latest?.dueAt.getTime() ?? 0) + 1));
    const outcome = record as unknown as Prisma.InputJsonObject;
    await tx.jobRun.create({ data: { id, job: JOB, dueAt, startedAt: now, finishedAt: now, outcome } });
    for (const mail of mails) await writeMail(ground, tx, mail, `config:${id}`);
    return true;
  }, TRANSACTION);
}

/** Newest first. */
export async function configHistory(db: Db, atMost: number): Promise<(ConfigRecord & { at: Date })[]> {
  const rows = await db.jobRun.findMany({ where: { job: JOB }, orderBy: { dueAt: 'desc' }, take: atMost });
  return rows.flatMap(({ startedAt, outcome }) => {
    const record = recordOf(outcome);
    return record === null ? [] : [{ ...record, at: startedAt }];
  });
}

function recordOf(outcome: Prisma.JsonValue): ConfigRecord | null {
  return outcome !== null && typeof outcome === 'object' ? (outcome as unknown as ConfigRecord) : null;
}

import { supervisorsOf } from '../domain/people.ts';
import { reasonOf } from '../log.ts';
import { TRANSACTION } from '../store/decide-on.ts';
import { addToElimination } from '../store/eliminations.ts';
import { forgetRequest } from '../store/forgetting.ts';
import { announce, dueForElimination, dueForForgetting, dueForNotice, forgottenIn } from '../store/retention.ts';
import type { Ground } from '../store/store.ts';
import { SAID_IN, vacuum } from '../store/vacuum.ts';
import { writeMail } from '../store/write-decisions.ts';

/** Every night: what will be over is announced, what is over and was announced is forgotten, and both are told. */

/** A mail must stay readable, and carries a link to each: a backlog is announced over several nights. */
const ANNOUNCED_AT_MOST = 60;
/** Rather some nights more than a night that never ends. */
const FORGOTTEN_AT_MOST = 1_000;
const BATCH_COUNT = 100;

export async function forgetDaily(ground: Ground, dueAt: Date): Promise<object> {
  const announced = await announce(ground, await dueForNotice(ground, ANNOUNCED_AT_MOST));
  const done = await forgetWhatIsOver(ground, dueAt.toISOString());
  if (done.forgotten + done.listed > 0) await report(ground, dueAt, done);
  const { forgotten, listed } = done;
  if (announced + forgotten + listed > 0) ground.log.info({ event: 'forget.done', announced, forgotten, listed });
  return { announced, forgotten, listed };
}

export interface ForgettingDone {
  forgotten: number;
  /** What waits for a visa from now on, and the list that it stands on. */
  listed: number;
  elimination: number | null;
}

export async function forgetWhatIsOver(ground: Ground, run: string): Promise<ForgettingDone> {
  const due = await dueForElimination(ground);
  const elimination = await addToElimination(ground, due);
  await forgetDue(ground, run);
  // Of a run that another process began, everything.
  const forgotten = (await forgottenIn(ground.store.db, run)).reduce((sum, { count }) => sum + count, 0);
  if (forgotten > 0) await clearFiles(ground);
  return { forgotten, listed: due.length, elimination };
}

export async function clearFiles({ store, log }: Ground): Promise<void> {
  const tell = (reason: string) => log.warn({ event: 'forget.not_vacuumed', reason });
  const done = await vacuum(store.databaseUrl, SAID_IN, tell);
  log.info({ event: 'forget.vacuumed', ...done });
}

/** Each under its own lock, judged again; one that fails does not keep the others. */
async function forgetDue(ground: Ground, run: string): Promise<void> {
  let count = 0;
  let after = '';
  while (count < FORGOTTEN_AT_MOST) {
    const ids = await dueForForgetting(ground, after, BATCH_COUNT);
    for (const id of ids) if (await forgetOne(ground, id, run)) count += 1;
    after = ids.at(-1) ?? '';
    if (ids.length < BATCH_COUNT) break;
  }
}

async function forgetOne(ground: Ground, id: string, run: string): Promise<boolean> {
  try {
    const { decision } = await forgetRequest(ground, id, { by: 'clock', visa: null }, run);
    if (decision.done) ground.log.info({ event: 'request.forgotten', requestId: id });
    return decision.done;
  } catch (error) {
    ground.log.error({ event: 'forget.failed', requestId: id, reason: reasonOf(error) });
    return false;
  }
}

async function report(ground: Ground, dueAt: Date, { forgotten, listed, elimination }: ForgettingDone): Promise<void> {
  const facts = { run: dueAt.toISOString(), forgotten, listed, ...(elimination === null ? {} : { elimination }) };
  const mail = { kind: 'deletion_report' as const, facts, showsMessage: false, requestId: null, linksTo: [] };
  await ground.store.db.$transaction(async (tx) => {
    for (const to of supervisorsOf(ground.config.town)) {
      await writeMail(ground, tx, { ...mail, to }, `deletion_report:${dueAt.toISOString()}`);
    }
  }, TRANSACTION);
}

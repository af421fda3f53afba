import { isNoticeDue, retentionRuleOf, type RetentionRule } from '../domain/retention.ts';
import { addDays, localParts } from '../domain/local-time.ts';
import { supervisorsOf } from '../domain/people.ts';
import { findClosing } from './closings.ts';
import { lockRequest, TRANSACTION } from './decide-on.ts';
import { newId } from './ids.ts';
import { stateOf } from './request-state.ts';
import type { Db, Ground, Tx } from './store.ts';
import { dateOf, writeMail } from './write-decisions.ts';

/** What the clock looks at to announce and to forget: found by an index on the day, whatever lies in the archive. */

/** The ids of those to announce now, oldest first: due within the time of the notice, and not announced yet. */
export async function dueForNotice({ store, config, clock }: Ground, atMost: number): Promise<string[]> {
  const today = localParts(clock.now(), config.town.timeZone).day;
  const rows = await store.db.serviceRequest.findMany({
    where: { forgetOn: { lte: dateOf(addDays(today, config.retention.noticeDays)) }, deletionNoticeAt: null },
    orderBy: [{ forgetOn: 'asc' }, { id: 'asc' }],
    take: atMost,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/**
 * Writes one mail to each supervisor, with a link to each request, and marks the requests: both or neither. Each is judged
 * again under its lock. Answers how many were announced.
 */
export async function announce(ground: Ground, ids: readonly string[]): Promise<number> {
  return ground.store.db.$transaction(async (tx) => {
    const told = await lockAnnounced(ground, tx, ids);
    if (told.length === 0) return 0;
    const now = ground.clock.now();
    await tx.serviceRequest.updateMany({
      where: { id: { in: told.map(({ id }) => id) } },
      data: { deletionNoticeAt: now },
    });
    const mail = { kind: 'deletion_notice' as const, facts: {}, showsMessage: false, requestId: null };
    // The mark on the requests keeps them from being announced twice; no key of the mail could, if it kept one from leaving.
    const key = `deletion_notice:${newId()}`;
    for (const to of supervisorsOf(ground.config.town)) {
      await writeMail(ground, tx, { ...mail, to, linksTo: told }, key);
    }
    return told.length;
  }, TRANSACTION);
}

async function lockAnnounced(ground: Ground, tx: Tx, ids: readonly string[]) {
  const told: { id: string; holdingNo: number }[] = [];
  const now = ground.clock.now();
  for (const id of ids.toSorted()) {
    await lockRequest(tx, id);
    const row = await tx.serviceRequest.findUniqueOrThrow({ where: { id } });
    const state = stateOf(row, await findClosing(tx, row, ground.config.schedule.undoSeconds, now));
    if (isNoticeDue(state, ground.config, now)) told.push({ id, holdingNo: row.holdingNo });
  }
  return told;
}

/** The ids of those whose day has come, and that were announced: those that need a visa and have none are left out. */
export async function dueForForgetting(ground: Ground, after: string, atMost: number): Promise<string[]> {
  const rows = await ground.store.db.serviceRequest.findMany({
    where: { ...isDue(ground), ...(after === '' ? {} : { id: { gt: after } }), OR: mayGo(ground) },
    orderBy: { id: 'asc' },
    take: atMost,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** The ids of those that need a visa, and are on no list yet. */
export async function dueForElimination(ground: Ground): Promise<string[]> {
  const rows = await ground.store.db.serviceRequest.findMany({
    where: { ...isDue(ground), eliminationId: null, OR: categoriesOf(ground.config, 'visa') },
    orderBy: [{ forgetOn: 'asc' }, { id: 'asc' }],
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

function isDue({ config, clock }: Ground) {
  const today = localParts(clock.now(), config.town.timeZone).day;
  return { forgetOn: { lte: dateOf(today) }, deletionNoticeAt: { not: null } } as const;
}

/** Hints for the query: the rule judges. */
function mayGo({ config }: Ground) {
  return [...categoriesOf(config, 'none'), { elimination: { visa: { not: null } } }];
}

function categoriesOf({ retention }: Ground['config'], archive: RetentionRule['archive']) {
  const ids = Object.keys(retention.categories).filter((id) => retentionRuleOf(id, retention).archive === archive);
  return [{ category: { in: ids } }, ...(retention.ordinary.archive === archive ? [{ category: null }] : [])];
}

export interface Forgotten {
  category: string | null;
  count: number;
  messages: number;
  pieces: number;
  bytes: number;
}

/** What a run has forgotten, however many processes it took: read from the history. */
export async function forgottenIn(db: Db, run: string): Promise<Forgotten[]> {
  return db.$queryRaw<Forgotten[]>`
    SELECT r.category, count(*)::int AS count,
      sum((e.details->>'messages')::int)::int AS messages, sum((e.details->>'pieces')::int)::int AS pieces,
      sum((e.details->>'bytes')::float8)::float8 AS bytes
    FROM "Event" e JOIN "ServiceRequest" r ON r.id = e."requestId"
    WHERE e.action = 'anonymise' AND e.cause LIKE ${`forget:${run}:%`}
    GROUP BY r.category ORDER BY count(*) DESC, r.category`;
}

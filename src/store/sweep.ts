import type { Prisma } from './client/client.ts';
import { clockColumns } from './clock-columns.ts';
import { forgetOn } from '../domain/retention.ts';
import { withdrawnNotice } from './decide-on.ts';
import { stateOf } from './request-state.ts';
import type { Ground } from './store.ts';
import { dateOf } from './write-decisions.ts';

/** What the clock looks at: found by an index on the next reminder, whatever lies in the archive. */
export async function dueForReminder({ store, clock }: Ground, atMost: number) {
  return store.db.serviceRequest.findMany({
    where: { remindAt: { lte: clock.now() } },
    orderBy: { remindAt: 'asc' },
    take: atMost,
    select: { id: true, remindedCount: true, statusSince: true },
  });
}

/** Requests about whose end by silence the town hall is to be told now. */
export async function dueForAlarm({ store, clock }: Ground, atMost: number) {
  const rows = await store.db.serviceRequest.findMany({
    where: { alarmAt: { lte: clock.now() } },
    orderBy: { alarmAt: 'asc' },
    take: atMost,
    select: { id: true, alarmAt: true },
  });
  return rows.flatMap(({ id, alarmAt }) => (alarmAt === null ? [] : [{ id, alarmAt }]));
}

/** On hold until now: a citizen who is late is nobody's to wake. */
export async function dueToWake({ store, clock }: Ground, atMost: number) {
  const rows = await store.db.serviceRequest.findMany({
    where: { status: 'on_hold', waitUntil: { lte: clock.now() } },
    orderBy: { waitUntil: 'asc' },
    take: atMost,
    select: { id: true, waitUntil: true },
  });
  return rows.flatMap(({ id, waitUntil }) => (waitUntil === null ? [] : [{ id, waitUntil }]));
}

const PAGE = 500;

/** Reckons the deadlines and reminders of every open request anew, by the schedule of today. Answers how many changed. */
export async function rescheduleAll({ store: { db }, config }: Ground): Promise<number> {
  let count = 0;
  for (let after = ''; ; ) {
    const rows = await db.serviceRequest.findMany({
      where: { status: { not: 'closed' }, ...(after === '' ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take: PAGE,
    });
    for (const row of rows) {
      const state = stateOf(row, null);
      const { id, statusSince, remindedCount, alarmedAt, category } = row;
      const data = clockColumns(state, config);
      if (
        isSame(row.dueAt, data.dueAt) &&
        isSame(row.remindAt, data.remindAt) &&
        row.silenceOn === data.silenceOn &&
        isSame(row.alarmAt, data.alarmAt)
      )
        continue;
      const suspensions = { equals: row.suspensions as Prisma.InputJsonValue };
      // Only if nothing happened to it since it was read: a decision reckons by itself.
      await db.serviceRequest.updateMany({
        where: { id, statusSince, remindedCount, alarmedAt, category, suspensions },
        data,
      });
      count += 1;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return count;
    after = last.id;
  }
}

function isSame(one: Date | null, other: Date | null): boolean {
  return one?.getTime() === other?.getTime();
}

/** The same for what is closed: the first day on which each may be forgotten. Answers how many have another one than before. */
export async function rescheduleForgetting({ store: { db }, config }: Ground): Promise<number> {
  let count = 0;
  for (let after = ''; ; ) {
    const rows = await db.serviceRequest.findMany({
      where: { status: 'closed', anonymisedAt: null, ...(after === '' ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take: PAGE,
      select: {
        id: true,
        status: true,
        closedAt: true,
        category: true,
        frozenAt: true,
        anonymisedAt: true,
        forgetOn: true,
      },
    });
    for (const row of rows) {
      const day = forgetOn(row, config);
      const on = day === null ? null : dateOf(day);
      if (on?.getTime() === row.forgetOn?.getTime()) continue;
      // Only if nothing happened to it since it was read: a decision reckons by itself.
      const { id, closedAt, category, frozenAt } = row;
      const data = { forgetOn: on, ...withdrawnNotice(row, row, on) };
      await db.serviceRequest.updateMany({ where: { id, status: 'closed', closedAt, category, frozenAt }, data });
      count += 1;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return count;
    after = last.id;
  }
}

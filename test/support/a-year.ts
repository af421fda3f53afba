import { dueAt, nextLookAt } from '../../src/domain/schedule.ts';
import { Scheduler } from '../../src/jobs/scheduler.ts';
import { newId } from '../../src/store/ids.ts';
import { requestColumns } from '../../src/store/write-decisions.ts';
import type { TestGround } from '../store/ground.ts';
import { aRequest } from '../domain/plassans.ts';

/** Requests come in day by day, some are closed, several schedulers tick at once; what they must send is counted on a calendar. */

export interface Year {
  firstDay: string;
  days: number;
  requests: number;
}

/** The closed days of 2026 in Plassans, written by hand. */
const HOLIDAYS_2026 =
  '2026-01-01 2026-04-06 2026-05-01 2026-05-08 2026-05-14 2026-05-25 2026-07-14 2026-08-15 2026-11-01 2026-11-11 2026-12-25'.split(
    ' ',
  );

interface Story {
  id: string;
  receivedOn: string;
  closedOn: string;
}

/** What was sent, and what should have been: `request number` and the local day. */
export async function playYear(
  grounds: readonly TestGround[],
  year: Year,
): Promise<{ sent: string[]; expected: string[] }> {
  const [ground] = grounds as [TestGround];
  const { db } = ground.store;
  const stories = storiesOf(year);
  const schedulers = grounds.map((each) => new Scheduler(each));
  const tickAt = async (instant: Date) => {
    for (const each of grounds) each.set(instant.toISOString());
    await Promise.all(schedulers.map((scheduler) => scheduler.tick()));
  };
  const end = dayAfter(year.firstDay, year.days);
  for (let day = year.firstDay; day < end; day = dayAfter(day, 1)) {
    const closing = stories.filter(({ closedOn }) => closedOn === day).map(({ id }) => id);
    const closed = {
      status: 'closed',
      outcome: 'answered',
      dueAt: null,
      remindAt: null,
      closedAt: at(day, '08:30'),
    } as const;
    await db.serviceRequest.updateMany({ where: { id: { in: closing } }, data: closed });
    const coming = stories.filter(({ receivedOn }) => receivedOn === day);
    await db.serviceRequest.createMany({ data: coming.map((story) => rowOf(ground, story)) });
    const nights = day.endsWith('5') ? [at(day, '03:00')] : [];
    for (const night of nights) await tickAt(night);
    // Sixty leave in a minute.
    for (let minute = 0; minute < 10; minute++) {
      await tickAt(new Date(at(day, '09:00').getTime() + minute * 60_000));
      const left = await db.serviceRequest.count({ where: { remindAt: { lte: ground.clock.now() } } });
      if (left === 0 || isClosedDay(day)) break;
    }
  }
  const events = await db.event.findMany({
    where: { action: 'reminder' },
    select: { requestId: true, at: true, details: true },
  });
  const sent = events.map(({ requestId, at: sentAt, details }) => {
    const { number } = details as { number: number };
    return `${requestId} ${number} ${localDay(sentAt)}`;
  });
  return { sent: sent.toSorted(), expected: stories.flatMap((story) => remindersOf(story, end, ground)).toSorted() };
}

/** On a calendar: after so many worked days, then every so many, until it is closed. */
function remindersOf({ id, receivedOn, closedOn }: Story, end: string, { config }: TestGround): string[] {
  const { after, every, atMost } = config.schedule.notTakenUp;
  const days: string[] = [];
  let day = worked(receivedOn, after.amount);
  while (days.length < atMost && day < closedOn && day < end) {
    days.push(day);
    day = worked(day, every.amount);
  }
  return days.map((each, i) => `${id} ${i + 1} ${each}`);
}

function worked(from: string, count: number): string {
  let day = from;
  for (let left = count; left > 0; ) {
    day = dayAfter(day, 1);
    if (!isClosedDay(day)) left -= 1;
  }
  return day;
}

export function isClosedDay(day: string): boolean {
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6 || HOLIDAYS_2026.includes(day);
}

/** Most are closed within some days, one in seven is forgotten. */
function storiesOf({ firstDay, days, requests }: Year): Story[] {
  return Array.from({ length: requests }, (_each, i) => {
    const receivedOn = dayAfter(firstDay, (i * 7_919) % days);
    const lasts = i % 7 === 0 ? 400 : 1 + ((i * 104_729) % 9);
    return { id: newId(), receivedOn, closedOn: dayAfter(receivedOn, lasts) };
  });
}

function rowOf({ config }: TestGround, { id, receivedOn }: Story) {
  const receivedAt = at(receivedOn, '10:00');
  const reference = `Y-${id}`;
  const state = aRequest({ reference, receivedAt, statusSince: receivedAt });
  const { schedule, town } = config;
  const clocks = { dueAt: dueAt(state, schedule, town), remindAt: nextLookAt(state, schedule, town) };
  return { ...requestColumns(state, config, receivedAt), ...clocks, id };
}

/** In summer Plassans is two hours ahead, from the last Sunday of March to that of October. */
function at(day: string, time: string): Date {
  const isSummer = day >= '2026-03-29' && day < '2026-10-25';
  return new Date(`${day}T${time}:00${isSummer ? '+02:00' : '+01:00'}`);
}

function localDay(instant: Date): string {
  return new Date(instant.getTime() + 7_200_000).toISOString().slice(0, 10);
}

function dayAfter(day: string, count: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}

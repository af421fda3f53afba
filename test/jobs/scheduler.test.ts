import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { latestMatch } from '../../src/cron.ts';
import { Scheduler } from '../../src/jobs/scheduler.ts';
import { sendReminders } from '../../src/jobs/send-reminders.ts';
import { newId } from '../../src/store/ids.ts';
import { runOnce } from '../../src/store/job-runs.ts';
import { freshDatabase } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { act, aGround, DESK_PERSON, mailsOf, openOne, VOIRIE, type TestGround } from '../store/ground.ts';

/** Requests open on Monday 7 September 2026 at ten: the desk is late on Thursday the 10th at nine. */
const DUE = '2026-09-10T09:00:00+02:00';

let url: string;
let ground: TestGround;
const others: TestGround[] = [];

beforeEach(async () => {
  ({ url } = await freshDatabase());
  ground = await aGround(url);
});

afterEach(async () => {
  await Promise.all([ground, ...others.splice(0)].map((each) => each.close()));
});

describe('a reminder', () => {
  test('leaves at the minute the desk becomes late, not before', async () => {
    const id = await openOne(ground);
    await tickAt('2026-09-10T08:59:00+02:00');
    expect(await remindersOf(id)).toEqual([]);
    await tickAt(DUE);
    expect(await remindersOf(id)).toEqual(['reminder → accueil@plassans.fr']);
  });

  test('leaves once though five instances tick at once, again and again', async () => {
    const ids = [await openOne(ground), await openOne(ground), await openOne(ground)];
    await startFourMore();
    const instances = [ground, ...others].map((each) => new Scheduler(each));
    for (const at of [DUE, '2026-09-10T09:01:00+02:00', '2026-09-10T09:02:00+02:00']) {
      for (const each of [ground, ...others]) each.set(at);
      await Promise.all(instances.map((instance) => instance.tick()));
    }
    for (const id of ids) expect(await remindersOf(id)).toHaveLength(1);
    expect(await ground.store.db.jobRun.count({ where: { job: 'tick' } })).toBe(3);
  });

  test('leaves once though five instances look for whom to chase at the very same moment', async () => {
    const id = await openOne(ground);
    await startFourMore();
    for (const each of [ground, ...others]) each.set(DUE);
    await Promise.all([ground, ...others].map((each) => sendReminders(each)));
    expect(await remindersOf(id)).toHaveLength(1);
  });

  test.each([
    ['at night', '2026-09-10T03:00:00+02:00'],
    ['before the town hall opens', '2026-09-11T07:59:00+02:00'],
    ['when it has closed', '2026-09-10T18:00:00+02:00'],
    ['on a Saturday', '2026-09-12T10:00:00+02:00'],
    ['on a Sunday', '2026-09-13T10:00:00+02:00'],
  ])('never leaves %s', async (_when, at) => {
    const id = await openOne(ground);
    await tickAt(at);
    expect(await remindersOf(id)).toEqual([]);
  });

  test('never leaves on the 14 July; it leaves on the 15th', async () => {
    ground.set('2026-07-08T10:00:00+02:00');
    const id = await openOne(ground);
    await tickAt('2026-07-14T10:00:00+02:00');
    expect(await remindersOf(id)).toEqual([]);
    await tickAt('2026-07-15T10:00:00+02:00');
    expect(await remindersOf(id)).toHaveLength(1);
  });

  test('is one per request after ten days’ standstill, not one for each that was missed', async () => {
    const ids = [await openOne(ground), await openOne(ground)];
    await tickAt('2026-09-21T10:00:00+02:00');
    await tickAt('2026-09-21T10:01:00+02:00');
    await tickAt('2026-09-22T10:00:00+02:00');
    for (const id of ids) expect(await remindersOf(id)).toHaveLength(1);
    await tickAt('2026-09-23T09:00:00+02:00');
    for (const id of ids) expect(await remindersOf(id)).toHaveLength(2);
  });

  test('leaves at most as often as the town hall allows', async () => {
    const id = await openOne(ground);
    for (let day = 10; day <= 30; day++) await tickAt(`2026-09-${day}T11:00:00+02:00`);
    for (let day = 10; day <= 30; day++) await tickAt(`2026-10-${day}T11:00:00+02:00`);
    expect(await remindersOf(id)).toHaveLength(ground.config.schedule.notTakenUp.atMost);
  });

  test('of a closed request does not leave', async () => {
    const id = await openOne(ground);
    await act(ground, id, 'accept', DESK_PERSON);
    await tickAt('2026-09-21T10:00:00+02:00');
    expect(await remindersOf(id)).toEqual([]);
  });

  test('of a request that waits for the citizen does not leave', async () => {
    const id = await openOne(ground);
    await act(ground, id, 'request_correction', DESK_PERSON);
    await tickAt('2026-09-21T10:00:00+02:00');
    expect(await remindersOf(id)).toEqual([]);
  });

  test('of a request that moved chases the new holder, in that holder’s own time', async () => {
    const id = await openOne(ground);
    ground.set('2026-09-09T10:00:00+02:00');
    await act(ground, id, 'transfer', DESK_PERSON);
    await tickAt(DUE);
    expect(await remindersOf(id)).toEqual([]);
    await tickAt('2026-09-14T09:00:00+02:00');
    expect(await remindersOf(id)).toEqual(['reminder → voirie@plassans.fr']);
  });

  test('waits longer for whoever took the request up', async () => {
    const id = await openOne(ground);
    await act(ground, id, 'transfer', DESK_PERSON);
    await act(ground, id, 'take_charge', VOIRIE);
    await tickAt('2026-09-18T10:00:00+02:00');
    expect(await remindersOf(id)).toEqual([]);
    await tickAt('2026-09-21T09:00:00+02:00');
    expect(await remindersOf(id)).toEqual(['reminder → voirie@plassans.fr']);
  });

  test('does not chase whoever acts in the same instant: it judges under the lock', async () => {
    const id = await openOne(ground);
    ground.set(DUE);
    const { db } = ground.store;
    let acted: Promise<unknown> = Promise.resolve();
    let reminded: Promise<unknown> = Promise.resolve();
    await db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM "ServiceRequest" WHERE id = ${id}::uuid FOR UPDATE`;
      acted = act(ground, id, 'take_charge', DESK_PERSON);
      await waitingForLock(1);
      reminded = sendReminders(ground);
      await waitingForLock(2);
    });
    await Promise.all([acted, reminded]);
    expect(await remindersOf(id)).toEqual([]);
    const row = await db.serviceRequest.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ status: 'in_progress', remindedCount: 0 });
    expect(row.remindAt).toEqual(new Date('2026-09-24T09:00:00+02:00'));
  });

  test('leaves for sixty at a time: the rest follow in the next minutes, nobody twice', async () => {
    const ids = await Promise.all(Array.from({ length: 130 }, () => openOne(ground)));
    const counts: number[] = [];
    for (const minute of ['00', '01', '02', '03']) {
      await tickAt(`2026-09-10T09:${minute}:00+02:00`);
      counts.push(await ground.store.db.outboundEmail.count({ where: { kind: 'reminder' } }));
    }
    expect(counts).toEqual([60, 120, 130, 130]);
    expect(ids).toHaveLength(130);
  });
});

describe('a delay that the admin changes', () => {
  test('counts for the requests that are open already', async () => {
    const id = await openOne(ground);
    await tickAt('2026-09-08T10:00:00+02:00');
    const impatient = await aGround(url, withDelay(1));
    others.push(impatient);
    impatient.set('2026-09-08T10:01:00+02:00');
    await new Scheduler(impatient).tick();
    expect(await remindersOf(id)).toHaveLength(1);
  });

  test('and a longer one keeps what was about to leave', async () => {
    const id = await openOne(ground);
    const closed = await openOne(ground);
    await act(ground, closed, 'accept', DESK_PERSON);
    await tickAt('2026-09-08T10:00:00+02:00');
    const patient = await aGround(url, withDelay(20));
    others.push(patient);
    patient.set(DUE);
    await new Scheduler(patient).tick();
    expect(await remindersOf(id)).toEqual([]);
    const rows = await ground.store.db.serviceRequest.findMany({
      where: { id: { in: [id, closed] } },
      orderBy: { status: 'asc' },
    });
    expect(rows.map(({ status, dueAt }) => [status, dueAt])).toEqual([
      ['new', new Date('2026-10-05T09:00:00+02:00')],
      ['closed', null],
    ]);
  });
});

describe('the weekly report', () => {
  test.each([
    ['the Monday after clocks went forward', '2026-03-30', '08:00:00+02:00', '2026-03-30T06:00:00.000Z'],
    ['the Monday before', '2026-03-23', '08:00:00+01:00', '2026-03-23T07:00:00.000Z'],
    ['the Monday after clocks went back', '2026-10-26', '08:00:00+01:00', '2026-10-26T07:00:00.000Z'],
    ['the Monday before that', '2026-10-19', '08:00:00+02:00', '2026-10-19T06:00:00.000Z'],
  ])('%s leaves at eight on the town’s clocks, once', async (_when, day, hour, utc) => {
    await tickAt(`${day}T05:59:00Z`);
    const eight = new Date(`${day}T${hour}`);
    expect(eight.toISOString()).toBe(utc);
    for (const minutes of [-61, -60, -59, -1, 0, 1, 59, 60, 61]) {
      const at = new Date(eight.getTime() + minutes * 60_000);
      if (at > new Date(`${day}T05:59:00Z`)) await tickAt(at.toISOString());
    }
    const reports = await ground.store.db.jobRun.findMany({ where: { job: 'status_report.weekly' } });
    expect(reports.map(({ dueAt }) => dueAt.toISOString())).toEqual([utc]);
    expect(await reportCount()).toBe(1);
  });

  test('leaves once though five instances tick at once', async () => {
    await startFourMore();
    for (const each of [ground, ...others]) each.set('2026-09-14T08:00:00+02:00');
    await Promise.all([ground, ...others].map((each) => new Scheduler(each).tick()));
    expect(await reportCount()).toBe(1);
  });

  test('that was missed is caught up with, once, however many were', async () => {
    await tickAt('2026-09-07T10:00:00+02:00');
    await tickAt('2026-10-01T15:00:00+02:00');
    await tickAt('2026-10-01T15:01:00+02:00');
    expect(await reportCount()).toBe(1);
    const [run] = await ground.store.db.jobRun.findMany({ where: { job: 'status_report.weekly' } });
    expect(run?.dueAt).toEqual(new Date('2026-09-28T08:00:00+02:00'));
  });

  test('is not sent for the past when Guichet starts for the first time', async () => {
    await tickAt('2026-09-09T10:00:00+02:00');
    expect(await reportCount()).toBe(0);
  });

  test('C3: of an instance that died in the middle is taken over once it is surely dead, within three minutes', async () => {
    await tickAt('2026-09-14T07:59:00+02:00');
    const dueAt = new Date('2026-09-14T08:00:00+02:00');
    await abandon('status_report.weekly', dueAt);
    await abandon('tick', dueAt);
    await tickAt('2026-09-14T08:02:00+02:00');
    expect(await reportCount()).toBe(0);
    await tickAt('2026-09-14T08:03:00+02:00');
    await tickAt('2026-09-14T08:04:00+02:00');
    expect(await reportCount()).toBe(1);
  });

  test('is not lost when the instance died before it came to it', async () => {
    await tickAt('2026-09-14T07:59:00+02:00');
    await abandon('tick', new Date('2026-09-14T08:00:00+02:00'));
    await tickAt('2026-09-14T08:01:00+02:00');
    expect(await reportCount()).toBe(1);
  });

  test('C14: lists what is late, with a link for each', async () => {
    const late = await openOne(ground);
    ground.set('2026-09-11T10:00:00+02:00');
    await openOne(ground);
    await tickAt('2026-09-14T07:59:00+02:00');
    await tickAt('2026-09-14T08:00:00+02:00');
    const { db } = ground.store;
    const report = await db.outboundEmail.findFirstOrThrow({
      where: { kind: 'status_report' },
      include: { links: true },
    });
    expect(report.toAddress).toBe('dgs@plassans.fr');
    expect(report.links.map(({ requestId }) => requestId)).toEqual([late]);
  });
});

describe('a job', () => {
  test('runs once for a due time, wherever it is asked for', async () => {
    let runs = 0;
    const work = async () => ({ runs: ++runs });
    const at = ground.clock.now();
    const ran = await Promise.all(Array.from({ length: 10 }, () => runOnce(ground, 'once', at, work)));
    expect(ran.filter(Boolean)).toHaveLength(1);
    expect(runs).toBe(1);
  });

  test('that fails is tried again', async () => {
    const at = ground.clock.now();
    await expect(runOnce(ground, 'fails', at, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await runOnce(ground, 'fails', at, async () => ({}))).toBe(true);
  });

  test('that fails does not keep the others from running', async () => {
    const id = await openOne(ground);
    await ground.store.db.$executeRaw`ALTER TABLE "ServiceRequest" RENAME COLUMN "dueAt" TO "elsewhere"`;
    await tickAt('2026-09-14T08:00:00+02:00');
    await ground.store.db.$executeRaw`ALTER TABLE "ServiceRequest" RENAME COLUMN "elsewhere" TO "dueAt"`;
    expect(await ground.store.db.jobRun.findMany({ where: { job: 'tick', finishedAt: { not: null } } })).toHaveLength(
      1,
    );
    await tickAt('2026-09-14T08:01:00+02:00');
    expect(await remindersOf(id)).toHaveLength(1);
  });
});

test('eight days of minutes are looked through in no time', () => {
  const end = new Date('2026-09-14T07:59:00+02:00');
  const after = new Date(end.getTime() - 8 * 86_400_000);
  const started = performance.now();
  expect(latestMatch('0 8 * * 1', 'Europe/Paris', after, end)).toEqual(new Date('2026-09-07T08:00:00+02:00'));
  expect(latestMatch('0 8 1 1 *', 'Europe/Paris', after, end)).toBeNull();
  process.stdout.write(`two windows of eight days: ${Math.round(performance.now() - started)} ms\n`);
  expect(performance.now() - started).toBeLessThan(10_000);
});

async function tickAt(instant: string): Promise<void> {
  ground.set(instant);
  await new Scheduler(ground).tick();
}

async function remindersOf(id: string): Promise<string[]> {
  return (await mailsOf(ground, id)).filter((mail) => mail.startsWith('reminder'));
}

async function reportCount(): Promise<number> {
  return ground.store.db.outboundEmail.count({ where: { kind: 'status_report' } });
}

async function startFourMore(): Promise<void> {
  for (let i = 0; i < 4; i++) others.push(await aGround(url));
}

/** What an instance leaves that is killed while a job runs. */
async function abandon(job: string, dueAt: Date): Promise<void> {
  await ground.store.db.jobRun.create({ data: { id: newId(), job, dueAt, startedAt: dueAt } });
}

/** Until so many sessions of this database stand before a lock. */
async function waitingForLock(count: number): Promise<void> {
  await until(`${count} to wait for the lock`, 10_000, async () => {
    const rows = await ground.store.db.$queryRaw<{ waiting: bigint }[]>`
      SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return Number(rows[0]?.waiting) >= count;
  });
}

function withDelay(amount: number) {
  return (config: Config): Config => {
    const notTakenUp = { ...config.schedule.notTakenUp, after: { amount, unit: 'working_days' as const } };
    return { ...config, schedule: { ...config.schedule, notTakenUp } };
  };
}

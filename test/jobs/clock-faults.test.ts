import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { signLink, verifyLink } from '../../src/action-link.ts';
import type { Config } from '../../src/config.ts';
import { everyMinute, latestMatch } from '../../src/cron.ts';
import { isOfficeTime, nextReminderAt } from '../../src/domain/schedule.ts';
import { Scheduler } from '../../src/jobs/scheduler.ts';
import { sendReminders } from '../../src/jobs/send-reminders.ts';
import { newId } from '../../src/store/ids.ts';
import { holdLease } from '../../src/store/lease.ts';
import { aRequest, aSchedule, aTown } from '../domain/plassans.ts';
import { freshDatabase } from '../support/postgres.ts';
import { aGround, openOne, type TestGround } from '../store/ground.ts';

/** RELIABILITY C1–C6: clocks that change, instances that compete, machines that stood still, jobs that hang. */

const SECRET = 'a-test-secret-that-is-long-enough-0123456789';
const MINUTE_MS = 60_000;
const DUE = '2026-09-10T09:00:00+02:00';

let url: string;
let ground: TestGround;
const others: TestGround[] = [];

async function prepare(): Promise<void> {
  ({ url } = await freshDatabase());
  ground = await aGround(url);
}

async function leave(): Promise<void> {
  await Promise.all([ground, ...others.splice(0)].map((each) => each.close()));
}

describe.each(['UTC', 'Europe/Paris'])('C1: with the process in %s', (zone) => {
  const usual = process.env['TZ'];
  beforeEach(() => {
    process.env['TZ'] = zone;
  });
  afterEach(() => {
    vi.useRealTimers();
    if (usual === undefined) delete process.env['TZ'];
    else process.env['TZ'] = usual;
  });

  test.each([
    ['back', '2026-10-24T22:30:00Z'],
    ['forward', '2027-03-27T22:30:00Z'],
  ])('the night that clocks go %s has a tick every minute', async (_way, start) => {
    vi.useFakeTimers({ now: new Date(start) });
    const ticks: number[] = [];
    const ticker = everyMinute(async () => void ticks.push(Date.now()));
    await vi.advanceTimersByTimeAsync(6 * 60 * MINUTE_MS);
    await ticker.stop();
    const gaps = ticks.slice(1).map((at, i) => at - (ticks[i] ?? 0));
    expect(ticks.length).toBeGreaterThanOrEqual(359);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(61_000);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(59_000);
  });

  test.each([
    ['back', '2026-10-25', '2026-10-25T07:00:00Z'],
    ['forward', '2027-03-28', '2027-03-28T06:00:00Z'],
  ])('what is daily at eight happens once the day clocks go %s', (_way, day, eight) => {
    const start = new Date(`${day}T00:00:00Z`).getTime() - 2 * 60 * MINUTE_MS;
    const found: string[] = [];
    for (let minute = 1; minute <= 24 * 60; minute++) {
      const until = new Date(start + minute * MINUTE_MS);
      const at = latestMatch('0 8 * * *', 'Europe/Paris', new Date(until.getTime() - MINUTE_MS), until);
      if (at !== null) found.push(at.toISOString().replace('.000', ''));
    }
    expect(found).toEqual([eight]);
  });

  test.each([
    ['back', '2026-10-22T10:00:00+02:00', '2026-10-27T08:00:00.000Z'],
    ['forward', '2027-03-24T10:00:00+01:00', '2027-03-30T07:00:00.000Z'],
  ])('a reminder counted in days comes at nine on the town’s clocks when they went %s', (_way, since, expected) => {
    const waiting = aRequest({ statusSince: new Date(since) });
    expect(nextReminderAt(waiting, aSchedule(), aTown())?.toISOString()).toBe(expected);
  });
});

describe('with a database', () => {
  beforeEach(prepare);
  afterEach(leave);

  test('C2: five instances, each a hundred times on the same minute: one tick, one mail each', async () => {
    const ids = [await openOne(ground), await openOne(ground), await openOne(ground)];
    for (let i = 0; i < 4; i++) others.push(await aGround(url));
    const all = [ground, ...others];
    for (const each of all) each.set(DUE);
    const schedulers = all.map((each) => new Scheduler(each));
    for (let round = 0; round < 100; round++) await Promise.all(schedulers.map((each) => each.tick()));
    // The body itself, in a race with no tick to elect anybody.
    await Promise.all(all.flatMap((each) => Array.from({ length: 20 }, () => sendReminders(each))));
    const counts = await remindersByRequest();
    expect(ids.map((id) => counts.get(id))).toEqual([1, 1, 1]);
    expect(await ground.store.db.jobRun.count({ where: { job: 'tick' } })).toBe(1);
  });

  test('C4: after ten days’ stop: nothing on Sunday night, then one for each, sixty a minute', async () => {
    await openMany(130);
    await tickAt('2026-09-09T10:00:00+02:00');
    const counts: number[] = [];
    for (const at of [
      '2026-09-20T22:00:00+02:00',
      '2026-09-21T07:59:00+02:00',
      '2026-09-21T08:00:00+02:00',
      '2026-09-21T08:01:00+02:00',
      '2026-09-21T08:02:00+02:00',
      '2026-09-21T08:03:00+02:00',
      '2026-09-21T17:59:00+02:00',
    ]) {
      await tickAt(at);
      counts.push(await ground.store.db.outboundEmail.count({ where: { kind: 'reminder' } }));
    }
    expect(counts).toEqual([0, 0, 60, 120, 130, 130, 130]);
    expect([...(await remindersByRequest()).values()].every((count) => count === 1)).toBe(true);
  });

  test('C5: a job that hangs keeps neither the others nor the next tick from running; health and the log tell', async () => {
    const id = await openOne(ground);
    const hung: unknown[] = [];
    ground.config = withRate(ground.config);
    ground.log = Object.assign(Object.create(ground.log) as typeof ground.log, {
      error: (row: unknown) => hung.push(row),
    });
    const scheduler = new Scheduler(ground, 300);
    const { release, isHeld } = lockQueue();
    await isHeld;
    ground.set(DUE);
    await scheduler.tick();
    expect((await remindersByRequest()).get(id)).toBe(1);
    expect(hung).toEqual([{ event: 'job.hung', job: 'lost_mails', seconds: 0.3 }]);
    expect(scheduler.isHealthy()).toBe(false);
    ground.set('2026-09-14T09:00:00+02:00');
    await scheduler.tick();
    expect((await remindersByRequest()).get(id)).toBe(2);
    expect(hung).toHaveLength(1);
    await release();
    await vi.waitFor(() => expect(scheduler.isHealthy()).toBe(true), 10_000);
  });

  test('C6: an instance two hours ahead and one two hours behind remind and report once between them', async () => {
    const id = await openOne(ground);
    const [ahead, behind] = [await aGround(url), await aGround(url)];
    others.push(ahead, behind);
    const skewed: [TestGround, number][] = [
      [ground, 0],
      [ahead, 120],
      [behind, -120],
    ];
    for (const start of ['2026-09-10T07:00:00+02:00', '2026-09-14T06:00:00+02:00']) {
      for (let minute = 0; minute <= 240; minute += 30) {
        for (const [each, skew] of skewed) {
          const at = new Date(new Date(start).getTime() + (minute + skew) * MINUTE_MS);
          each.set(at.toISOString());
          await new Scheduler(each).tick();
        }
      }
    }
    const { db } = ground.store;
    const reminders = await db.outboundEmail.findMany({ where: { kind: 'reminder', requestId: id } });
    expect(reminders).toHaveLength(2);
    const { schedule, town } = ground.config;
    expect(reminders.every(({ createdAt }) => isOfficeTime(createdAt, schedule, town))).toBe(true);
    expect(await db.outboundEmail.count({ where: { kind: 'status_report' } })).toBe(1);
  });

  test('C6: a link signed two hours ahead opens at once where the clock is behind', () => {
    const now = new Date('2026-09-10T09:00:00Z');
    const iat = now.getTime() / 1_000 + 7_200;
    const ids = { jti: newId(), rid: newId() };
    const token = signLink('action', { ...ids, sub: 'desk', act: 'view', iat, exp: iat + 86_400 }, [SECRET]);
    expect(verifyLink('action', token, [SECRET], now)).toMatchObject({ ok: true });
  });

  test('C6: a lease is kept by the database’s clock alone', async () => {
    const ahead = await aGround(url);
    others.push(ahead);
    ground.set(new Date().toISOString());
    ahead.set(new Date(Date.now() + 2 * 60 * MINUTE_MS).toISOString());
    expect(await holdLease(ground, 'mailbox:test', 'one')).toBe(true);
    expect(await holdLease(ahead, 'mailbox:test', 'other')).toBe(false);
  });
});

async function tickAt(instant: string): Promise<void> {
  ground.set(instant);
  await new Scheduler(ground).tick();
}

async function remindersByRequest(): Promise<Map<string, number>> {
  const { db } = ground.store;
  const rows = await db.outboundEmail.groupBy({ by: ['requestId'], where: { kind: 'reminder' }, _count: true });
  return new Map(rows.map(({ requestId, _count }) => [requestId ?? '', _count]));
}

/** One opened as usual, the others as copies of its row. */
async function openMany(count: number): Promise<void> {
  await openOne(ground);
  await ground.store.db.$executeRaw`
    INSERT INTO "ServiceRequest" SELECT (jsonb_populate_record(r, jsonb_build_object(
      'id', gen_random_uuid(), 'reference', '2026-' || (100000 + n)))).*
    FROM "ServiceRequest" r, generate_series(2, ${count}::int) n`;
}

/** Whoever looks at the queue waits; writing requests and mails does not. */
function lockQueue() {
  const held = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const work = ground.store.db.$transaction(
    async (tx) => {
      await tx.$executeRaw`LOCK TABLE pgboss.job IN ACCESS EXCLUSIVE MODE`;
      held.resolve();
      await end.promise;
    },
    { timeout: 30_000 },
  );
  return {
    isHeld: held.promise,
    release: async () => {
      end.resolve();
      await work;
    },
  };
}

/** With a rate, the releaser alone writes jobs: a reminder needs no queue. */
function withRate(config: Config): Config {
  return { ...config, outgoing: { ...config.outgoing, atMostPerMinute: 1_000 } };
}

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { recordDeliveryFailure } from '../../src/domain/undelivered.ts';
import { raiseLegalAlarms } from '../../src/jobs/raise-legal-alarms.ts';
import { Scheduler } from '../../src/jobs/scheduler.ts';
import { decideOn } from '../../src/store/decide-on.ts';
import { dueForAlarm } from '../../src/store/sweep.ts';
import { act, aGround, DESK_PERSON, MONDAY, NORA, openOne, VOIRIE, type TestGround } from '../store/ground.ts';
import { freshDatabase } from '../support/postgres.ts';

/**
 * Opened on Monday 7 September 2026 at ten: silence rejects on Saturday 7 November. Thirty days before is Thursday
 * 8 October, ten days before Wednesday 28 October, two days before Thursday 5 November.
 */

const THIRTY = '2026-10-08T09:00:00+02:00';
const TEN = '2026-10-28T09:00:00+01:00';
const TWO = '2026-11-05T09:00:00+01:00';
const THE_DAY = '2026-11-07T09:00:00+01:00';

const DESK = 'accueil@plassans.fr';
const SUPERVISOR = 'dgs@plassans.fr';

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

describe('silence is announced', () => {
  test('thirty, ten and two days before, at nine and not a minute sooner, then on the day; the last times to the supervisors', async () => {
    const id = await openOne(ground);
    expect(await rowOf(id)).toMatchObject({ silenceOn: '2026-11-07', alarmAt: new Date(THIRTY) });
    await tickAt('2026-10-08T08:59:00+02:00');
    expect(await alarmsOf(id)).toEqual([]);
    await tickAt(THIRTY);
    expect(await alarmsOf(id)).toEqual([[30, DESK]]);
    await tickAt('2026-10-27T18:00:00+01:00');
    await tickAt(TEN);
    await tickAt(TWO);
    await tickAt(THE_DAY);
    await tickAt('2026-12-20T09:00:00+01:00');
    expect(await alarmsOf(id)).toEqual([
      [30, DESK],
      [10, DESK],
      [2, DESK],
      [2, SUPERVISOR],
      [0, DESK],
      [0, SUPERVISOR],
    ]);
    expect(await rowOf(id)).toMatchObject({ silenceOn: '2026-11-07', alarmAt: null, status: 'new' });
  });

  test('once, though five schedulers tick at once, and look at the very same moment', async () => {
    const ids = [await openOne(ground), await openOne(ground)];
    for (let i = 0; i < 4; i++) others.push(await aGround(url));
    const all = [ground, ...others];
    for (const each of all) each.set(TWO);
    await Promise.all(all.map((each) => raiseLegalAlarms(each)));
    await Promise.all(all.map((each) => new Scheduler(each).tick()));
    for (const id of ids) expect(await alarmsOf(id)).toHaveLength(2);
  });

  test('once, by the nearest alarm alone, when Guichet stood still; on a Sunday night too', async () => {
    const id = await openOne(ground);
    await tickAt('2026-11-01T03:00:00+01:00');
    await tickAt('2026-11-01T03:01:00+01:00');
    expect(await alarmsOf(id)).toEqual([[6, DESK]]);
    await tickAt(TWO);
    expect(await alarmsOf(id)).toHaveLength(3);
  });

  test('on a day when the town hall is closed, and while the request is on hold', async () => {
    ground.config = closedOn('2026-10-08');
    const id = await openOne(ground);
    await act(ground, id, 'transfer', DESK_PERSON);
    await act(ground, id, 'take_charge', VOIRIE);
    await act(ground, id, 'hold', VOIRIE);
    await tickAt(THIRTY);
    expect(await alarmsOf(id)).toEqual([[30, VOIRIE.address]]);
    expect(await rowOf(id)).toMatchObject({ status: 'on_hold', remindAt: null });
  });

  test('never where no decision is awaited, nor once there is one', async () => {
    const told = await openOne(ground, { category: 'chaussee' });
    const done = await openOne(ground);
    await act(ground, done, 'answer', DESK_PERSON);
    for (const id of [told, done]) expect(await rowOf(id)).toMatchObject({ silenceOn: null, alarmAt: null });
    await tickAt(THE_DAY);
    expect([...(await alarmsOf(told)), ...(await alarmsOf(done))]).toEqual([]);
  });

  test('again after a closing that was undone, and by the first delay when nothing had been decided', async () => {
    const undone = await openOne(ground);
    await act(ground, undone, 'answer', DESK_PERSON);
    await act(ground, undone, 'undo', DESK_PERSON);
    expect(await rowOf(undone)).toMatchObject({ silenceOn: '2026-11-07', alarmAt: new Date(THIRTY) });
    const dropped = await openOne(ground);
    await act(ground, dropped, 'drop', DESK_PERSON);
    ground.set('2026-09-15T10:00:00+02:00');
    await act(ground, dropped, 'reopen', DESK_PERSON);
    expect(await rowOf(dropped)).toMatchObject({ silenceOn: '2026-11-07', clockSince: null });
  });

  test('by a new delay when the town hall had answered before', async () => {
    const id = await openOne(ground);
    await act(ground, id, 'answer', DESK_PERSON);
    ground.set('2026-09-15T10:00:00+02:00');
    await act(ground, id, 'reopen', DESK_PERSON);
    expect(await rowOf(id)).toMatchObject({ silenceOn: '2026-11-15', clockSince: ground.clock.now() });
  });

  test('on another day when the category or the config changes, for requests that are open already', async () => {
    const id = await openOne(ground);
    await tickAt(MONDAY);
    ground.config = { ...ground.config, ordinary: { ...ground.config.ordinary, silenceMonths: 1 } };
    await tickAt('2026-09-07T10:01:00+02:00');
    expect(await rowOf(id)).toMatchObject({ silenceOn: '2026-10-07', alarmAt: new Date('2026-09-27T09:00:00+02:00') });
    expect(await alarmsOf(id)).toEqual([]);
    await act(ground, id, 'edit', DESK_PERSON, { fields: [{ field: 'category', was: '', value: 'chaussee' }] });
    expect(await rowOf(id)).toMatchObject({ silenceOn: null, alarmAt: null });
  });
});

describe('L114-5: while indispensable pieces are awaited', () => {
  test('no alarm is raised; when they come the day is that much later', async () => {
    const id = await askedOn('2026-10-01T10:00:00+02:00', '2026-11-02');
    // 37 days were left; without the pieces they go on from 2 November.
    expect(await rowOf(id)).toMatchObject({ silenceOn: '2026-12-09', alarmAt: new Date('2026-11-09T09:00:00+01:00') });
    await tickAt(TEN);
    expect(await alarmsOf(id)).toEqual([]);
    ground.set('2026-10-28T10:00:00+01:00');
    await act(ground, id, 'citizen_reply', NORA);
    expect(await rowOf(id)).toMatchObject({ silenceOn: '2026-12-04', alarmAt: new Date('2026-11-04T09:00:00+01:00') });
  });

  test('count as received on the day their mail arrived, not on that when it was read', async () => {
    const id = await askedOn('2026-10-01T10:00:00+02:00', '2026-11-02');
    ground.set('2026-10-20T10:00:00+02:00');
    const received = { receivedAt: new Date('2026-10-11T08:00:00+02:00') };
    await act(ground, id, 'citizen_reply', NORA, received);
    expect(await rowOf(id)).toMatchObject({ silenceOn: '2026-11-17' });
  });

  test('count as received when an agent ticks the last of them, not the first', async () => {
    const id = await askedOn('2026-10-01T10:00:00+02:00', '2026-11-02', ['Plan', 'Photo']);
    ground.set('2026-10-11T10:00:00+02:00');
    const tick = (name: string) =>
      act(ground, id, 'edit', DESK_PERSON, { fields: [{ field: `piece:${name}`, was: '', value: 'yes' }] });
    await tick('Plan');
    expect(await rowOf(id)).toMatchObject({ silenceOn: '2026-12-09' });
    await tick('Photo');
    expect(await rowOf(id)).toMatchObject({ silenceOn: '2026-11-17' });
  });

  test('silence accepts nothing until they come, and has its whole delay then', async () => {
    const id = await askedOn('2026-10-01T10:00:00+02:00', '2026-11-02', ['Plan'], 'autorisation');
    expect(await rowOf(id)).toMatchObject({ silenceOn: null, alarmAt: null });
    ground.set('2026-11-10T10:00:00+01:00');
    await act(ground, id, 'citizen_reply', NORA);
    expect(await rowOf(id)).toMatchObject({ silenceOn: '2027-01-10' });
  });

  test('nothing is suspended by a mail that could not be delivered', async () => {
    const id = await askedOn('2026-10-01T10:00:00+02:00', '2026-11-02');
    const failed = { kind: 'correction', to: NORA, answer: '550 5.1.1 user unknown' };
    await decideOn(ground, id, (request) => recordDeliveryFailure(failed, request, ground.config.town), {
      id: 'test:f',
    });
    expect(await rowOf(id)).toMatchObject({ silenceOn: '2026-11-07', undeliverable: true });
  });

  test('nothing is suspended by a question that did not say so', async () => {
    const id = await openOne(ground);
    await act(ground, id, 'request_correction', DESK_PERSON, { dueOn: '2026-09-30', pieces: ['Plan'] });
    expect(await rowOf(id)).toMatchObject({ silenceOn: '2026-11-07', suspensions: [] });
  });
});

test('what is due is found by the index', async () => {
  await openOne(ground);
  ground.set(THIRTY);
  expect(await dueForAlarm(ground, 10)).toHaveLength(1);
  const plan = await ground.store.db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
    return tx.$queryRaw<Record<string, string>[]>`
      EXPLAIN SELECT id FROM "ServiceRequest" WHERE "alarmAt" <= now() ORDER BY "alarmAt" LIMIT 60`;
  });
  expect(JSON.stringify(plan)).toContain('ServiceRequest_alarmAt_idx');
});

async function askedOn(at: string, dueOn: string, pieces = ['Plan'], category: string | null = null): Promise<string> {
  const id = await openOne(ground, { category });
  ground.set(at);
  await act(ground, id, 'request_correction', DESK_PERSON, { dueOn, pieces, indispensable: true });
  return id;
}

async function tickAt(at: string): Promise<void> {
  ground.set(at);
  await new Scheduler(ground).tick();
}

async function rowOf(id: string) {
  return ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
}

/** The days left, and to whom, in the order they were written. */
async function alarmsOf(id: string): Promise<[number, string][]> {
  const mails = await ground.store.db.outboundEmail.findMany({ where: { requestId: id, kind: 'legal_alarm' } });
  return mails
    .toSorted(
      (one, other) =>
        one.createdAt.getTime() - other.createdAt.getTime() || one.toAddress.localeCompare(other.toAddress),
    )
    .map(({ facts, toAddress }) => [(facts as { daysLeft: number }).daysLeft, toAddress]);
}

function closedOn(day: string): Config {
  const { town } = ground.config;
  return { ...ground.config, town: { ...town, closures: [day] } };
}

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Scheduler } from '../../src/jobs/scheduler.ts';
import { wakeRequests } from '../../src/jobs/wake-requests.ts';
import {
  act,
  actionsOf,
  aGround,
  DESK_PERSON,
  mailsOf,
  NORA,
  openOne,
  VOIRIE,
  type TestGround,
} from '../store/ground.ts';
import { dueToWake } from '../../src/store/sweep.ts';
import { freshDatabase } from '../support/postgres.ts';

/** Monday 7 September 2026 at ten; on hold until Tuesday the 15th, at the hour of reminders. */
const UNTIL = '2026-09-15';
const AWAKE = '2026-09-15T09:00:00+02:00';

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

describe('S18: a request on hold', () => {
  test('goes on at nine of its day, not a minute before; its department is told why it had waited', async () => {
    const id = await onHold(UNTIL);
    await tickAt('2026-09-15T08:59:00+02:00');
    expect(await dueToWake(ground, 10)).toEqual([]);
    expect(await rowOf(id)).toMatchObject({ status: 'on_hold', waitReason: 'Avis de la préfecture attendu' });
    await tickAt(AWAKE);
    expect(await rowOf(id)).toMatchObject({ status: 'in_progress', waitUntil: null, waitReason: '' });
    const mail = await ground.store.db.outboundEmail.findFirstOrThrow({ where: { requestId: id, kind: 'resumed' } });
    expect(mail).toMatchObject({ toAddress: VOIRIE.address, toRole: 'department' });
    expect(mail.facts).toMatchObject({ reason: 'Avis de la préfecture attendu' });
    const event = await ground.store.db.event.findFirstOrThrow({ where: { requestId: id, action: 'resume' } });
    expect(event).toMatchObject({ actorRole: 'system', statusBefore: 'on_hold', statusAfter: 'in_progress' });
  });

  test('S17: is never chased until then; afterwards its department has its whole time again', async () => {
    const id = await onHold('2026-10-15');
    for (const at of ['2026-09-21T10:00:00+02:00', '2026-09-28T10:00:00+02:00', '2026-10-14T17:59:00+02:00']) {
      await tickAt(at);
    }
    await tickAt('2026-10-15T09:00:00+02:00');
    await tickAt('2026-10-29T08:59:00+01:00');
    expect(await kindsOf(id)).not.toContain('reminder');
    await tickAt('2026-10-29T09:00:00+01:00');
    expect(await kindsOf(id)).toContain('reminder');
  });

  test('goes on once though five instances look at once, and again and again', async () => {
    const ids = [await onHold(UNTIL), await onHold(UNTIL)];
    for (let i = 0; i < 4; i++) others.push(await aGround(url));
    for (const each of [ground, ...others]) each.set(AWAKE);
    await Promise.all([ground, ...others].map((each) => wakeRequests(each)));
    await Promise.all([ground, ...others].map((each) => new Scheduler(each).tick()));
    for (const id of ids) {
      expect((await kindsOf(id)).filter((kind) => kind === 'resumed')).toHaveLength(1);
      expect((await actionsOf(ground, id)).filter((action) => action === 'resume')).toHaveLength(1);
    }
  });

  test('goes on when Guichet runs again, however long it stood still', async () => {
    const id = await onHold(UNTIL);
    await tickAt('2026-10-03T03:00:00+02:00');
    expect(await rowOf(id)).toMatchObject({ status: 'in_progress' });
  });

  test('goes on on its day though that is a Sunday: it is what the agent chose', async () => {
    const id = await onHold('2026-09-13');
    await tickAt('2026-09-13T09:00:00+02:00');
    expect(await rowOf(id)).toMatchObject({ status: 'in_progress' });
  });

  test('without a day stays so, for months', async () => {
    const id = await onHold(undefined);
    await tickAt('2027-03-15T10:00:00+01:00');
    expect(await rowOf(id)).toMatchObject({ status: 'on_hold' });
  });

  test('that its citizen woke before is not woken again: nobody is mailed', async () => {
    const id = await onHold(UNTIL);
    await act(ground, id, 'citizen_reply', NORA);
    await tickAt(AWAKE);
    expect(await actionsOf(ground, id)).toEqual(['receive', 'transfer', 'take_charge', 'hold', 'citizen_reply']);
    expect(await kindsOf(id)).not.toContain('resumed');
  });

  test('twice is woken twice', async () => {
    const id = await onHold(UNTIL);
    await tickAt(AWAKE);
    await act(ground, id, 'hold', VOIRIE, { comment: 'Une visite', until: '2026-09-18' });
    await tickAt('2026-09-18T09:00:00+02:00');
    expect((await kindsOf(id)).filter((kind) => kind === 'resumed')).toHaveLength(2);
  });

  test('that was decided meanwhile stays closed', async () => {
    const id = await onHold(UNTIL);
    await act(ground, id, 'accept', VOIRIE);
    await tickAt(AWAKE);
    expect(await rowOf(id)).toMatchObject({ status: 'closed', outcome: 'accepted' });
  });
});

test('what a citizen is late to answer is not woken: only what is on hold', async () => {
  const id = await openOne(ground);
  await act(ground, id, 'request_correction', DESK_PERSON, { dueOn: UNTIL });
  expect(await rowOf(id)).toMatchObject({ waitUntil: new Date('2026-09-15T23:59:00+02:00') });
  await tickAt('2026-09-16T09:00:00+02:00');
  expect(await dueToWake(ground, 10)).toEqual([]);
  expect(await rowOf(id)).toMatchObject({ status: 'awaiting_citizen' });
});

test('sixty are woken in a minute, the others in the next', async () => {
  const ids = await Promise.all(Array.from({ length: 70 }, () => onHold(UNTIL)));
  const awake = () => ground.store.db.serviceRequest.count({ where: { status: 'in_progress' } });
  await tickAt(AWAKE);
  expect(await awake()).toBe(60);
  await tickAt('2026-09-15T09:01:00+02:00');
  expect(await awake()).toBe(ids.length);
});

async function onHold(until: string | undefined): Promise<string> {
  const id = await openOne(ground);
  await act(ground, id, 'transfer', DESK_PERSON);
  await act(ground, id, 'take_charge', VOIRIE);
  const wait = until === undefined ? {} : { until };
  const { decision } = await act(ground, id, 'hold', VOIRIE, { comment: 'Avis de la préfecture attendu', ...wait });
  expect(decision.done).toBe(true);
  return id;
}

async function tickAt(instant: string): Promise<void> {
  ground.set(instant);
  await new Scheduler(ground).tick();
}

async function rowOf(id: string) {
  return ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
}

async function kindsOf(id: string): Promise<string[]> {
  return (await mailsOf(ground, id)).map((mail) => mail.split(' ')[0] ?? '');
}

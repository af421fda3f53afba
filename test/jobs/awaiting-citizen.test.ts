import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import type { CitizenRule, SilentEnd } from '../../src/domain/reminder-rules.ts';
import { Scheduler } from '../../src/jobs/scheduler.ts';
import { sendReminders } from '../../src/jobs/send-reminders.ts';
import { dueForReminder } from '../../src/store/sweep.ts';
import { freshDatabase } from '../support/postgres.ts';
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

/** Asked on Monday 7 September 2026 at ten; reminded on the 17th and the 28th, awaited until 8 October. */
const FIRST = '2026-09-17T09:00:00+02:00';
const SECOND = '2026-09-28T09:00:00+02:00';
const END = '2026-10-08T09:00:00+02:00';

let url: string;
const grounds: TestGround[] = [];

beforeEach(async () => {
  ({ url } = await freshDatabase());
});

afterEach(async () => {
  await Promise.all(grounds.splice(0).map((each) => each.close()));
});

describe('S21: a citizen who stays silent', () => {
  test('is reminded twice, then the request goes back to its department, once, however many instances look', async () => {
    const five = await Promise.all([1, 2, 3, 4, 5].map(() => aTownThat('return')));
    const [ground] = five as [TestGround];
    const id = await anAskedRequest(ground, undefined, 'chaussee');
    await tickAt(ground, '2026-09-17T08:59:00+02:00');
    expect(await citizenMails(ground, id)).toEqual([]);
    for (const at of [FIRST, SECOND, END]) {
      for (const each of five) each.set(at);
      await Promise.all(five.map((each) => sendReminders(each)));
      await Promise.all(five.map((each) => new Scheduler(each).tick()));
    }
    expect(await citizenMails(ground, id)).toEqual(['citizen_reminder', 'citizen_reminder']);
    expect(await mailsOf(ground, id)).toContain('citizen_silent → voirie@plassans.fr');
    expect(await actionsOf(ground, id)).toEqual([
      ...(['receive', 'transfer', 'take_charge', 'request_correction'] as const),
      ...(['citizen_reminder', 'citizen_reminder', 'citizen_silent'] as const),
    ]);
    expect(await rowOf(ground, id)).toMatchObject({
      status: 'in_progress',
      waitUntil: null,
      remindedCount: 0,
      statusSince: new Date(END),
      remindAt: new Date('2026-10-22T09:00:00+02:00'),
    });
  });

  test('reads in the last reminder from which day the request is closed; it is, and can be opened again', async () => {
    const ground = await aTownThat('close');
    const id = await anAskedRequest(ground, undefined, 'chaussee');
    for (const at of [FIRST, SECOND]) await tickAt(ground, at);
    const facts = await factsOf(ground, id, 'citizen_reminder');
    expect(facts.map((each) => each['closesOn'])).toEqual([undefined, '2026-10-08']);
    expect(await rowOf(ground, id)).toMatchObject({ status: 'awaiting_citizen', lapsesAt: new Date(END) });
    await tickAt(ground, '2026-10-08T08:59:00+02:00');
    expect(await rowOf(ground, id)).toMatchObject({ status: 'awaiting_citizen' });
    await tickAt(ground, END);
    expect(await rowOf(ground, id)).toMatchObject({ status: 'closed', outcome: 'dropped', holder: 'voirie' });
    expect(await citizenMails(ground, id)).toEqual(['citizen_reminder', 'citizen_reminder', 'lapsed_citizen']);
    expect(await mailsOf(ground, id)).toContain('citizen_silent → voirie@plassans.fr');
    expect((await factsOf(ground, id, 'lapsed_citizen'))[0]).toMatchObject({ reopenUntil: '2026-11-07' });
    const { decision } = await act(ground, id, 'reopen', NORA, { comment: 'Voici la photo.' });
    expect(decision.done).toBe(true);
    expect(await rowOf(ground, id)).toMatchObject({ status: 'new', holder: 'voirie', lapsesAt: null });
  });

  test('whose request an agent closes, then takes that back, is closed on the day that was announced', async () => {
    const ground = await aTownThat('close');
    const id = await anAskedRequest(ground);
    for (const at of [FIRST, SECOND]) await tickAt(ground, at);
    await act(ground, id, 'accept', VOIRIE);
    expect(await rowOf(ground, id)).toMatchObject({ status: 'closed', lapsesAt: null, remindAt: null });
    await act(ground, id, 'undo', VOIRIE);
    expect(await rowOf(ground, id)).toMatchObject({
      status: 'awaiting_citizen',
      lapsesAt: new Date(END),
      remindAt: new Date(END),
    });
  });

  test.each(['return', 'close'] as const)('who replied meanwhile is left in peace: %s', async (andThen) => {
    const ground = await aTownThat(andThen);
    const id = await anAskedRequest(ground, undefined, 'chaussee');
    for (const at of [FIRST, SECOND]) await tickAt(ground, at);
    await act(ground, id, 'citizen_reply', NORA);
    await tickAt(ground, END);
    expect(await rowOf(ground, id)).toMatchObject({ status: 'in_progress', outcome: null, lapsesAt: null });
    expect(await actionsOf(ground, id)).not.toContain('citizen_silent');
    expect(await citizenMails(ground, id)).toEqual(['citizen_reminder', 'citizen_reminder']);
  });

  test('who replies in the same instant is heard: it is judged under the lock', async () => {
    const ground = await aTownThat('close');
    const id = await anAskedRequest(ground, undefined, 'chaussee');
    for (const at of [FIRST, SECOND]) await tickAt(ground, at);
    ground.set(END);
    const replied = act(ground, id, 'citizen_reply', NORA);
    const looked = sendReminders(ground);
    await Promise.all([replied, looked]);
    const actions = await actionsOf(ground, id);
    expect(actions.at(-1) === 'citizen_reply' || actions.at(-1) === 'lapsed').toBe(true);
    expect((await rowOf(ground, id)).status === 'closed').toBe(actions.includes('lapsed'));
  });

  test('whose deadline comes before the reminder is not reminded after it: the request goes back', async () => {
    const ground = await aTownThat('close');
    const id = await anAskedRequest(ground, '2026-09-11');
    await tickAt(ground, '2026-09-14T08:59:00+02:00');
    expect(await rowOf(ground, id)).toMatchObject({ status: 'awaiting_citizen' });
    await tickAt(ground, '2026-09-14T09:00:00+02:00');
    expect(await rowOf(ground, id)).toMatchObject({ status: 'in_progress', outcome: null });
    expect(await citizenMails(ground, id)).toEqual([]);
    expect((await factsOf(ground, id, 'citizen_silent'))[0]).toMatchObject({ pieces: 'Photographie' });
  });

  test('is told of the deadline, and what is still missing', async () => {
    const ground = await aTownThat('return');
    const id = await anAskedRequest(ground, '2026-09-30');
    await tickAt(ground, FIRST);
    expect(await factsOf(ground, id, 'citizen_reminder')).toMatchObject([
      { pieces: 'Photographie', dueOn: '2026-09-30' },
    ]);
    await tickAt(ground, '2026-09-30T17:59:00+02:00');
    expect(await rowOf(ground, id)).toMatchObject({ status: 'awaiting_citizen' });
    await tickAt(ground, '2026-10-01T09:00:00+02:00');
    expect(await rowOf(ground, id)).toMatchObject({ status: 'in_progress' });
  });

  test('is awaited for ever where the town hall says nothing, and is looked at no more once the deadline is over', async () => {
    const ground = await aTownThat('nothing');
    const id = await anAskedRequest(ground, '2026-09-17');
    await tickAt(ground, '2026-09-18T10:00:00+02:00');
    expect(await citizenMails(ground, id)).toEqual([]);
    expect(await dueForReminder(ground, 10)).toEqual([]);
    expect(await rowOf(ground, id)).toMatchObject({ status: 'awaiting_citizen', remindAt: null });
  });

  test('of one category can be closed where the others go back', async () => {
    const ground = await aTownThat('return', (config) => ({
      ...config.schedule,
      overrides: [{ categories: ['autorisation'], departments: [], awaitingCitizen: { andThen: 'close' as const } }],
    }));
    const plans = await anAskedRequest(ground, undefined, 'autorisation');
    const other = await anAskedRequest(ground);
    for (const at of [FIRST, SECOND, END]) await tickAt(ground, at);
    expect([(await rowOf(ground, plans)).status, (await rowOf(ground, other)).status]).toEqual([
      'closed',
      'in_progress',
    ]);
  });

  test('after a standstill of two months gets one mail, not three, and nothing is closed unannounced', async () => {
    const ground = await aTownThat('close');
    const id = await anAskedRequest(ground, undefined, 'chaussee');
    for (const at of ['2026-11-09T10:00:00+01:00', '2026-11-09T10:01:00+01:00', '2026-11-10T10:00:00+01:00']) {
      await tickAt(ground, at);
    }
    expect(await citizenMails(ground, id)).toEqual(['citizen_reminder']);
    expect(await rowOf(ground, id)).toMatchObject({ status: 'awaiting_citizen', remindedCount: 1 });
  });
});

async function aTownThat(andThen: SilentEnd, scheduleOf = ({ schedule }: Config): Config['schedule'] => schedule) {
  const tenDays = { amount: 10, unit: 'days' } as const;
  const awaitingCitizen: CitizenRule = { after: tenDays, every: tenDays, atMost: 2, andThen };
  const ground = await aGround(url, (config) => ({ ...config, schedule: { ...scheduleOf(config), awaitingCitizen } }));
  grounds.push(ground);
  return ground;
}

/** At the roads department, in charge of it, which asks for a photograph. */
async function anAskedRequest(ground: TestGround, dueOn?: string, category: string | null = null): Promise<string> {
  const id = await openOne(ground, { category });
  await act(ground, id, 'transfer', DESK_PERSON);
  await act(ground, id, 'take_charge', VOIRIE);
  await act(ground, id, 'request_correction', VOIRIE, {
    pieces: ['Photographie'],
    ...(dueOn === undefined ? {} : { dueOn }),
  });
  return id;
}

async function tickAt(ground: TestGround, instant: string): Promise<void> {
  ground.set(instant);
  await new Scheduler(ground).tick();
}

async function rowOf({ store }: TestGround, id: string) {
  return store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
}

/** Of the kinds that the clock writes, in the order of their writing. */
async function citizenMails({ store }: TestGround, requestId: string): Promise<string[]> {
  const where = { requestId, toRole: 'citizen', kind: { in: ['citizen_reminder', 'lapsed_citizen'] } };
  return (await store.db.outboundEmail.findMany({ where, orderBy: { id: 'asc' } })).map(({ kind }) => kind);
}

async function factsOf({ store }: TestGround, requestId: string, kind: string): Promise<Record<string, unknown>[]> {
  const mails = await store.db.outboundEmail.findMany({ where: { requestId, kind }, orderBy: { id: 'asc' } });
  return mails.map(({ facts }) => facts as Record<string, unknown>);
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stateOfDossier, loadDossier } from '../../src/store/dossiers.ts';
import { markSent, markUntried } from '../../src/store/delivery-marks.ts';
import { releaseMails } from '../../src/store/release-mails.ts';
import { freshDatabase } from '../support/postgres.ts';
import {
  act,
  actionsOf,
  aGround,
  allHasLeft,
  claim,
  DESK_PERSON,
  MONDAY,
  openOne,
  VOIRIE,
  type TestGround,
} from './ground.ts';

let ground: TestGround;
beforeAll(async () => {
  ground = await aGround((await freshDatabase()).url);
});
afterAll(() => ground?.close());

const AFTER_59_S = '2026-09-07T10:00:59+02:00';
const AFTER_60_S = '2026-09-07T10:01:00+02:00';

describe('a decision that is undone within the window', () => {
  test('leaves the request as it was, deadlines included; the history shows both; its mails never leave', async () => {
    ground.set(MONDAY);
    const id = await openOne(ground);
    await act(ground, id, 'transfer', DESK_PERSON);
    await act(ground, id, 'take_charge', VOIRIE);
    const before = await rowOf(id);
    ground.set('2026-09-08T10:00:00+02:00');
    await act(ground, id, 'refuse', VOIRIE);
    expect(await rowOf(id)).toMatchObject({ status: 'closed', outcome: 'refused', dueAt: null, remindAt: null });
    expect(await statesOf(id)).toEqual({ decision: 'queued', decision_copy: 'queued', receipt: 'queued' });

    ground.set('2026-09-08T10:00:59+02:00');
    const { decision } = await act(ground, id, 'undo', VOIRIE, { comment: '' });
    expect(decision.done).toBe(true);
    expect(await rowOf(id)).toEqual(before);
    expect(await actionsOf(ground, id)).toEqual(['receive', 'transfer', 'take_charge', 'refuse', 'undo']);
    expect(await statesOf(id)).toEqual({ decision: 'cancelled', decision_copy: 'cancelled', receipt: 'cancelled' });
    ground.set('2026-09-08T12:00:00+02:00');
    for (const mail of await mailsOf(id)) expect(await claim(ground, mail.id)).toBeNull();
  });

  test('can be taken again, and that one undone too', async () => {
    ground.set(MONDAY);
    const id = await openOne(ground);
    for (const action of ['accept', 'undo', 'refuse', 'undo', 'accept'] as const) {
      expect([action, (await act(ground, id, action, DESK_PERSON)).decision.done]).toEqual([action, true]);
    }
    expect(await rowOf(id)).toMatchObject({ status: 'closed', outcome: 'accepted' });
    expect((await mailsOf(id)).filter(({ state }) => state === 'queued').map(({ kind }) => kind)).toContain('decision');
  });

  test('happens once, however often it is asked for at once', async () => {
    ground.set(MONDAY);
    const id = await openOne(ground);
    await act(ground, id, 'accept', DESK_PERSON);
    const undone = await Promise.all(Array.from({ length: 20 }, () => act(ground, id, 'undo', DESK_PERSON)));
    expect(undone.filter(({ decision }) => decision.done)).toHaveLength(1);
    expect(await actionsOf(ground, id)).toEqual(['receive', 'accept', 'undo']);
  });
});

describe('too late', () => {
  test('is when the window is over, though no mail has left yet', async () => {
    ground.set(MONDAY);
    const id = await openOne(ground);
    await act(ground, id, 'accept', DESK_PERSON);
    ground.set(AFTER_60_S);
    expect((await act(ground, id, 'undo', DESK_PERSON)).decision).toEqual(tooLate);
    expect(await rowOf(id)).toMatchObject({ status: 'closed', outcome: 'accepted' });
  });

  test.each<[string, (mailId: string) => Promise<unknown>]>([
    ['is leaving', async () => undefined],
    ['has left', async (mailId) => markSent(ground, mailId, SENT)],
    ['was tried in vain: the answer alone may be lost', async (mailId) => putDown(mailId)],
  ])('is when one mail %s: nothing is undone, no other mail is stopped', async (_what, goOn) => {
    ground.set(MONDAY);
    const id = await openOne(ground);
    await act(ground, id, 'transfer', DESK_PERSON);
    await allHasLeft(ground);
    await act(ground, id, 'accept', VOIRIE);
    const copy = (await mailsOf(id)).find(({ kind }) => kind === 'decision_copy');
    // Another instance, whose clock is ahead.
    ground.set(AFTER_60_S);
    expect(await claim(ground, copy?.id ?? '')).not.toBeNull();
    await goOn(copy?.id ?? '');
    ground.set(AFTER_59_S);
    expect((await act(ground, id, 'undo', VOIRIE)).decision).toEqual(tooLate);
    expect(await rowOf(id)).toMatchObject({ status: 'closed' });
    expect(await statesOf(id)).toMatchObject({ decision: 'queued', receipt: 'queued' });
    expect(await actionsOf(ground, id)).toEqual(['receive', 'transfer', 'accept']);
  });

  test('is always, in a town without a window: its mails leave at once, without a receipt', async () => {
    ground.set(MONDAY);
    const id = await openOne(ground);
    const { config } = ground;
    ground.config = { ...config, schedule: { ...config.schedule, undoSeconds: 0 } };
    await act(ground, id, 'accept', DESK_PERSON);
    ground.config = config;
    expect((await mailsOf(id)).map(({ kind, sendAfter }) => [kind, sendAfter])).toEqual([['decision', null]]);
    expect((await act(ground, id, 'undo', DESK_PERSON)).decision).toEqual(tooLate);
  });
});

describe('a mail that waits', () => {
  test('has no job, and is not sent, before its time; then it gets one', async () => {
    ground.set(MONDAY);
    const id = await openOne(ground);
    await allHasLeft(ground);
    await act(ground, id, 'accept', DESK_PERSON);
    const mailId = (await mailsOf(id)).find(({ kind }) => kind === 'decision')?.id ?? '';
    ground.set(AFTER_59_S);
    await releaseMails(ground, 100);
    expect(await jobsOf(mailId)).toBe(0);
    expect(await claim(ground, mailId)).toBeNull();
    ground.set(AFTER_60_S);
    await releaseMails(ground, 100);
    expect(await jobsOf(mailId)).toBe(1);
    await releaseMails(ground, 100);
    expect(await jobsOf(mailId)).toBe(1);
  });
});

test('a page offers it as long as it would be accepted', async () => {
  ground.set(MONDAY);
  const id = await openOne(ground);
  await act(ground, id, 'accept', DESK_PERSON);
  const closingOf = async () => {
    const dossier = await loadDossier(ground.store.db, id);
    return dossier && stateOfDossier(ground, dossier).closing;
  };
  ground.set(AFTER_59_S);
  expect(await closingOf()).toMatchObject({ by: { role: 'desk' }, was: { status: 'new', assignee: null } });
  ground.set(AFTER_60_S);
  expect(await closingOf()).toBeNull();
});

describe('a decision that is undone just as its mails leave', () => {
  const ROUNDS = 100;

  test(`is undone, or its citizen is told, never both (${ROUNDS} rounds)`, { timeout: 120_000 }, async () => {
    const ends = { undone: 0, told: 0 };
    const wrong: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ground.set(MONDAY);
      const id = await openOne(ground);
      await act(ground, id, 'transfer', DESK_PERSON);
      await allHasLeft(ground);
      await act(ground, id, 'accept', VOIRIE);
      const mails = (await mailsOf(id)).filter(({ kind }) => kind !== 'receipt');
      // The instance that delivers finds that the time has come; the one that undoes is a little behind.
      const ahead = { ...ground, clock: { now: () => new Date(AFTER_60_S) } };
      ground.set(AFTER_59_S);
      const deliver = async (mailId: string, delay: number) => {
        await pause(delay);
        if ((await claim(ahead, mailId)) === null) return false;
        await markSent(ahead, mailId, SENT);
        return true;
      };
      const [undone, ...sent] = await Promise.all([
        pause(round % 4).then(() => act(ground, id, 'undo', VOIRIE)),
        ...mails.map((mail, i) => deliver(mail.id, (round % 9) + i * (round % 3))),
      ]);
      const isUndone = undone.decision.done;
      const { status } = await rowOf(id);
      const isConsistent = isUndone
        ? status === 'new' && sent.every((hasLeft) => !hasLeft)
        : status === 'closed' && sent.every(Boolean);
      if (!isConsistent || mails.length !== 2) wrong.push(`${round}: ${isUndone} ${status} ${sent.join()}`);
      ends[isUndone ? 'undone' : 'told'] += 1;
    }
    expect(wrong).toEqual([]);
    // Both happened, or it was no race.
    expect(Math.min(ends.undone, ends.told)).toBeGreaterThan(0);
  });
});

const SENT = { state: 'sent', response: '250 ok' } as const;

/** The connection was lost in the middle of it. */
async function putDown(mailId: string): Promise<void> {
  const mail = await ground.store.db.outboundEmail.findUniqueOrThrow({
    where: { id: mailId },
    include: { links: true },
  });
  await markUntried(ground, mail, true);
}

const tooLate = { done: false, refusal: 'undo_too_late' };

async function rowOf(id: string) {
  return ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
}

/** The mails of the last decision that has any. */
async function mailsOf(requestId: string) {
  const mails = await ground.store.db.outboundEmail.findMany({
    where: { requestId, kind: { in: ['decision', 'decision_copy', 'receipt'] } },
    orderBy: { id: 'asc' },
  });
  return mails.filter(({ eventId }) => eventId === mails.at(-1)?.eventId);
}

async function statesOf(requestId: string) {
  return Object.fromEntries((await mailsOf(requestId)).map(({ kind, state }) => [kind, state]));
}

async function jobsOf(mailId: string): Promise<number> {
  const rows = await ground.store.db.$queryRaw<unknown[]>`
    SELECT 1 FROM pgboss.job WHERE data->>'outboundEmailId' = ${mailId}`;
  return rows.length;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

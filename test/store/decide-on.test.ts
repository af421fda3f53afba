import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decideOn, openRequests } from '../../src/store/decide-on.ts';
import { newId } from '../../src/store/ids.ts';
import { freshDatabase } from '../support/postgres.ts';
import { queryOnce } from '../support/query-once.ts';
import {
  act,
  actionsOf,
  aGround,
  aNewRequest,
  DESK_PERSON,
  jobCount,
  mailsOf,
  openOne,
  type TestGround,
} from './ground.ts';

let ground: TestGround;
let url: string;
beforeAll(async () => {
  ({ url } = await freshDatabase());
  ground = await aGround(url);
});
afterAll(() => ground?.close());

describe('fifty agents who decide at once', () => {
  // The first round finds few connections open, so that its agents come almost one by one.
  test.each([1, 2, 3])('make one decision; the others hear that it was taken (round %i)', async () => {
    const id = await openOne(ground);
    const decided = await Promise.all(
      Array.from({ length: 50 }, (_, i) => act(ground, id, i % 2 === 0 ? 'accept' : 'refuse', DESK_PERSON)),
    );
    const answers = decided.map(({ decision }) => (decision.done ? 'done' : decision.refusal)).toSorted();
    expect(answers).toEqual([...Array.from({ length: 49 }, () => 'closed_already'), 'done']);
    const [winner] = decided.filter(({ decision }) => decision.done);
    const row = await ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ status: 'closed', outcome: winner?.request.outcome });
    expect(await actionsOf(ground, id)).toHaveLength(2);
    expect((await mailsOf(ground, id)).filter((mail) => mail.startsWith('decision '))).toHaveLength(1);
  });

  test('one after the other never see the request as it was before the one in front of them', async () => {
    const id = await openOne(ground);
    await Promise.all(Array.from({ length: 20 }, () => act(ground, id, 'transfer', DESK_PERSON)));
    expect(await actionsOf(ground, id)).toEqual(['receive', 'transfer']);
  });
});

describe('the same cause', () => {
  test('however often it comes at once, writes once, and answers as if it had each time', async () => {
    const id = await openOne(ground);
    const cause = `form:${newId()}`;
    const decided = await Promise.all(
      Array.from({ length: 20 }, () => act(ground, id, 'note', DESK_PERSON, { cause })),
    );
    expect(await actionsOf(ground, id)).toEqual(['receive', 'note']);
    expect(new Set(decided.map(({ eventId }) => eventId)).size).toBe(1);
    expect(decided.filter(({ repeated }) => !repeated)).toHaveLength(1);
  });

  test('of a decision that was taken is told as repeated, though a new one would be refused', async () => {
    const id = await openOne(ground);
    const cause = `form:${newId()}`;
    const first = await act(ground, id, 'accept', DESK_PERSON, { cause });
    const second = await act(ground, id, 'accept', DESK_PERSON, { cause });
    expect(second).toMatchObject({ repeated: true, eventId: first.eventId });
    expect(await actionsOf(ground, id)).toEqual(['receive', 'accept']);
  });

  test('is refused by the database itself, whatever the code forgets', async () => {
    const id = await openOne(ground);
    const event = await ground.store.db.event.findFirstOrThrow({ where: { requestId: id } });
    const copy = ground.store.db.event.create({ data: { ...event, id: newId(), details: {} } });
    await expect(copy).rejects.toMatchObject({ code: 'P2002' });
  });
});

describe('a transaction that fails', () => {
  test('writes nothing: no event, no mail, no job, no change', async () => {
    const id = await openOne(ground);
    const jobs = await jobCount(ground);
    const failing = decideOn(
      ground,
      id,
      () => ({
        done: true,
        changes: { status: 'closed', outcome: 'accepted' },
        event: { action: 'accept', actor: DESK_PERSON, comment: '', details: {} },
        message: { kind: 'outbound', author: DESK_PERSON, text: 'Bonjour', elided: '' },
        mails: [{ kind: 'decision', to: DESK_PERSON, facts: {}, showsMessage: true }],
      }),
      { id: `test:${newId()}` },
      async () => Promise.reject(new Error('the power went')),
    );
    await expect(failing).rejects.toThrow('the power went');
    expect(await actionsOf(ground, id)).toEqual(['receive']);
    expect(await mailsOf(ground, id)).toHaveLength(2);
    expect(await jobCount(ground)).toBe(jobs);
    expect(await ground.store.db.message.count({ where: { requestId: id } })).toBe(1);
    const row = await ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ status: 'new', outcome: null });
  });

  test('leaves no gap in the numbers', async () => {
    const year = new Date('2031-03-03T10:00:00Z');
    const requests = [aNewRequest(ground, { receivedAt: year }), aNewRequest(ground, { receivedAt: year })];
    const open = () => ground.store.db.$transaction((tx) => openRequests(ground, tx, [...requests]));
    const failing = ground.store.db.$transaction(async (tx) => {
      await openRequests(ground, tx, requests);
      throw new Error('the power went');
    });
    await expect(failing).rejects.toThrow('the power went');
    expect((await open()).map(({ reference }) => reference)).toEqual(['2031-000001', '2031-000002']);
    await expect(open()).rejects.toThrow();
    const next = await ground.store.db.$transaction((tx) =>
      openRequests(ground, tx, [aNewRequest(ground, { receivedAt: year })]),
    );
    expect(next[0]?.reference).toBe('2031-000003');
  });
});

describe('N02, C12: numbers', () => {
  test('of requests that open at once in twenty places follow each other without a gap', async () => {
    const receivedAt = new Date('2032-06-01T10:00:00Z');
    const opened = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        ground.store.db.$transaction(
          async (tx) => {
            const requests = Array.from({ length: (i % 3) + 1 }, () => aNewRequest(ground, { receivedAt }));
            return openRequests(ground, tx, requests);
          },
          { maxWait: 30_000, timeout: 30_000 },
        ),
      ),
    );
    const references = opened.flat().map(({ reference }) => reference);
    const wanted = references.map((_, i) => `2032-${String(i + 1).padStart(6, '0')}`);
    expect(references.toSorted()).toEqual(wanted);
  });

  test('are of the year of receipt on the town’s clocks', async () => {
    const [newYear, lastYear] = await ground.store.db.$transaction((tx) =>
      openRequests(ground, tx, [
        aNewRequest(ground, { receivedAt: new Date('2033-12-31T23:00:00Z') }),
        aNewRequest(ground, { receivedAt: new Date('2033-12-31T22:59:59Z') }),
      ]),
    );
    expect([newYear?.reference, lastYear?.reference]).toEqual(['2034-000001', '2033-000001']);
  });
});

describe('history', () => {
  test('cannot be altered or erased, by anybody who speaks to the database', async () => {
    const id = await openOne(ground);
    const mine = `"requestId" = '${id}'`;
    await expect(queryOnce(url, `UPDATE "Event" SET comment = 'autre' WHERE ${mine}`)).rejects.toThrow(/append-only/);
    await expect(queryOnce(url, `DELETE FROM "Event" WHERE ${mine}`)).rejects.toThrow(/append-only/);
    await expect(ground.store.db.event.deleteMany({ where: { requestId: id } })).rejects.toThrow();
    expect(await actionsOf(ground, id)).toEqual(['receive']);
  });

  test('keeps the reference: everything else of a request may change', async () => {
    const id = await openOne(ground);
    const { serviceRequest } = ground.store.db;
    const change = queryOnce(url, `UPDATE "ServiceRequest" SET reference = '2026-999999' WHERE id = '${id}'`);
    await expect(change).rejects.toThrow(/a reference never changes/);
    await serviceRequest.update({ where: { id }, data: { subject: 'Corrigé' } });
    expect((await serviceRequest.findUniqueOrThrow({ where: { id } })).subject).toBe('Corrigé');
  });

  test('an open request has no outcome, a closed one has one, whoever writes', async () => {
    const id = await openOne(ground);
    const { serviceRequest } = ground.store.db;
    await expect(serviceRequest.update({ where: { id }, data: { outcome: 'accepted' } })).rejects.toThrow();
    await expect(serviceRequest.update({ where: { id }, data: { status: 'closed' } })).rejects.toThrow();
  });
});

test('what is decided is written whole: the change, who did it, the mail and its link', async () => {
  const id = await openOne(ground);
  await act(ground, id, 'transfer', DESK_PERSON, { comment: 'C’est une route communale.' });
  const { db } = ground.store;
  const row = await db.serviceRequest.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ status: 'new', holder: 'voirie', holdingNo: 2, statusSince: ground.clock.now() });
  expect(row.dueAt).toEqual(new Date('2026-09-10T09:00:00+02:00'));
  expect(row.remindAt).toEqual(row.dueAt);
  const [, event] = await db.event.findMany({ where: { requestId: id }, orderBy: { id: 'asc' } });
  expect(event).toMatchObject({
    action: 'transfer',
    actorRole: 'desk',
    holderBefore: 'desk',
    holderAfter: 'voirie',
    statusBefore: 'new',
    statusAfter: 'new',
    comment: 'C’est une route communale.',
  });
  expect(await mailsOf(ground, id)).toEqual([
    'acknowledgement → nora@example.org',
    'new_request → accueil@plassans.fr',
    'transferred → voirie@plassans.fr',
    'transferred_citizen → nora@example.org',
  ]);
  const links = await db.actionLink.findMany({ where: { requestId: id }, orderBy: { id: 'asc' } });
  expect(links.map(({ role, holdingNo }) => `${role} ${holdingNo}`)).toEqual([
    'citizen 1',
    'desk 1',
    'department 2',
    'citizen 2',
  ]);
});

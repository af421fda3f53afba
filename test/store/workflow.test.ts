import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decide } from '../../src/domain/decide.ts';
import { joinDuplicate } from '../../src/domain/occurrences.ts';
import type { Person } from '../../src/domain/people.ts';
import { decideLocked, decideOn, type Decided } from '../../src/store/decide-on.ts';
import { findOriginal } from '../../src/store/dossiers.ts';
import { newId } from '../../src/store/ids.ts';
import { freshDatabase } from '../support/postgres.ts';
import {
  act,
  actionsOf,
  aGround,
  DESK_PERSON,
  mailsOf,
  MONDAY,
  NORA,
  openOne,
  VOIRIE,
  type TestGround,
} from './ground.ts';

/** What the rules decide, on a real PostgreSQL: several people at once, and what is written beside the request. */

const JEANNE: Person = { ...VOIRIE, name: 'Jeanne Martin', address: 'j.martin@plassans.fr' };
const LOUIS: Person = { ...VOIRIE, name: 'Louis Petit', address: 'l.petit@plassans.fr' };
const PAUL: Person = { role: 'department', department: 'urbanisme', name: 'Paul Roux', address: 'p.roux@plassans.fr' };

let ground: TestGround;
beforeAll(async () => {
  ground = await aGround((await freshDatabase()).url, (config) => {
    const agents = [JEANNE, LOUIS, PAUL].map(({ name, address, department }) => ({
      name,
      address,
      office: department ?? 'desk',
    }));
    return { ...config, town: { ...config.town, agents } };
  });
});
beforeEach(() => ground.set(MONDAY));
afterAll(() => ground?.close());

describe('N24: two desks that find each other’s request a duplicate', () => {
  const ROUNDS = 20;

  test(`at once, in both directions: one is joined to the other, which stays open (${ROUNDS} rounds)`, async () => {
    const wrong: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [one, other] = [await openOne(ground), await openOne(ground)];
      const decided = await Promise.all([merge(one, other), merge(other, one)]);
      const answers = decided.map(({ decision }) => (decision.done ? 'done' : decision.refusal)).toSorted();
      const statuses = (await Promise.all([rowOf(one), rowOf(other)])).map(({ status }) => status).toSorted();
      if (answers.join() !== 'done,request_is_duplicate' || statuses.join() !== 'closed,new') {
        wrong.push(`${round}: ${answers.join()} ${statuses.join()}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('among many: nobody waits for ever, and one at least stays open', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => openOne(ground)));
    await Promise.all(ids.flatMap((id) => ids.filter((other) => other !== id).map((other) => merge(id, other))));
    const rows = await Promise.all(ids.map(rowOf));
    expect(rows.filter(({ status }) => status !== 'closed').length).toBeGreaterThan(0);
    const open = new Set(rows.filter(({ status }) => status !== 'closed').map(({ id }) => id));
    for (const { id, status } of rows) {
      if (status === 'closed') expect(open).toContain((await findOriginal(ground.store.db, id))?.id);
    }
  });

  test('what it said is kept with the one that stays; the citizen is told the number of that one', async () => {
    const [repeated, kept] = [await openOne(ground, { text: 'Le trou s’agrandit.' }), await openOne(ground)];
    await merge(repeated, kept);
    expect(await actionsOf(ground, kept)).toEqual(['receive', 'duplicate_joined']);
    const { reference } = await rowOf(kept);
    expect(await rowOf(repeated)).toMatchObject({ outcome: 'duplicate', relatedReference: reference });
    const mail = await mailOf(repeated, 'duplicate');
    expect(mail.facts).toMatchObject({ originalReference: reference });
  });

  test('undone, it is joined to nothing any more', async () => {
    const [repeated, kept] = [await openOne(ground), await openOne(ground)];
    await merge(repeated, kept);
    await act(ground, repeated, 'undo', DESK_PERSON);
    expect(await rowOf(repeated)).toMatchObject({ status: 'new', outcome: null, relatedReference: null });
    expect((await merge(kept, repeated)).decision.done).toBe(true);
  });

  test('what is written about the first of three is read where it is treated', async () => {
    const [first, second, third] = [await openOne(ground), await openOne(ground), await openOne(ground)];
    await merge(first, second);
    expect((await merge(third, first)).decision).toEqual({ done: false, refusal: 'request_is_duplicate' });
    await merge(second, third);
    expect(await findOriginal(ground.store.db, first)).toMatchObject({ id: third });
    expect(await findOriginal(ground.store.db, third)).toBeNull();
  });
});

describe('links end in the very transaction', () => {
  test('N08: of the agent who no longer is in charge; not of the department, nor of the new one', async () => {
    const id = await atVoirie();
    await act(ground, id, 'assign', VOIRIE, { agent: JEANNE.address });
    expect(await liveLinks(id)).toContain(JEANNE.address);
    await act(ground, id, 'assign', VOIRIE, { agent: LOUIS.address });
    expect(await liveLinks(id)).toEqual(expect.arrayContaining([LOUIS.address, VOIRIE.address]));
    expect(await liveLinks(id)).not.toContain(JEANNE.address);
  });

  test('N22: of the colleague with whom it no longer is shared; shared again, the new link opens it', async () => {
    const id = await atVoirie();
    await act(ground, id, 'share', VOIRIE, { colleague: PAUL.address });
    await act(ground, id, 'unshare', VOIRIE, { guest: PAUL.address });
    expect(await liveLinks(id)).not.toContain(PAUL.address);
    await act(ground, id, 'share', VOIRIE, { colleague: PAUL.address });
    expect((await liveLinks(id)).filter((address) => address === PAUL.address)).toHaveLength(1);
  });

  test('N10: of the citizen’s old address, which the mail of the change gives no new one', async () => {
    const id = await openOne(ground);
    const NEW = 'nora@nouvelle.fr';
    await act(ground, id, 'edit', DESK_PERSON, {
      fields: [{ field: 'citizenAddress', was: NORA.address, value: NEW }],
    });
    expect(await liveLinks(id)).toEqual(expect.arrayContaining([NORA.address, NEW]));
    await act(ground, id, 'confirm_address', { ...NORA, address: NEW });
    expect(await mailsOf(ground, id)).toContain(`address_changed → ${NORA.address}`);
    expect(await liveLinks(id)).toContain(NEW);
    expect(await liveLinks(id)).not.toContain(NORA.address);
  });

  test('or not at all, when the transaction fails', async () => {
    const id = await atVoirie();
    await act(ground, id, 'assign', VOIRIE, { agent: JEANNE.address });
    const wanted = { action: 'assign', actor: VOIRIE, comment: '', agent: LOUIS.address } as const;
    const failing = decideOn(
      ground,
      id,
      (request, now) => decide(request, wanted, ground.config, now),
      { id: `test:${newId()}` },
      async () => Promise.reject(new Error('the power went')),
    );
    await expect(failing).rejects.toThrow('the power went');
    expect(await liveLinks(id)).toContain(JEANNE.address);
    expect(await rowOf(id)).toMatchObject({ assignee: JEANNE.address });
  });
});

describe('N13: two agents who correct at once', () => {
  const phone = (value: string) => ({ fields: [{ field: 'citizenPhone', was: '', value }] });
  const subject = (value: string) => ({ fields: [{ field: 'subject', was: 'Nid-de-poule rue des Lilas', value }] });

  test('different lines: both hold', async () => {
    const id = await openOne(ground);
    const decided = await Promise.all([
      act(ground, id, 'edit', DESK_PERSON, phone('0442')),
      act(ground, id, 'edit', DESK_PERSON, subject('Trou')),
    ]);
    expect(decided.map(({ decision }) => decision.done)).toEqual([true, true]);
    expect(await rowOf(id)).toMatchObject({ citizenPhone: '0442', subject: 'Trou' });
    expect(await actionsOf(ground, id)).toEqual(['receive', 'edit', 'edit']);
  });

  test('the same line: one holds, the other hears of it', async () => {
    const id = await openOne(ground);
    const values = Array.from({ length: 8 }, (_, i) => `044200000${i}`);
    const decided = await Promise.all(values.map((value) => act(ground, id, 'edit', DESK_PERSON, phone(value))));
    const answers = decided.map(({ decision }) => (decision.done ? 'done' : decision.refusal)).toSorted();
    expect(answers).toEqual([...Array.from({ length: 7 }, () => 'changed_meanwhile'), 'done']);
    const winner = values[decided.findIndex(({ decision }) => decision.done)];
    expect(await rowOf(id)).toMatchObject({ citizenPhone: winner });
  });

  test('two details and two pieces, which lie in one column each: all hold', async () => {
    const id = await openOne(ground, { category: 'autorisation' });
    await act(ground, id, 'request_correction', DESK_PERSON, { pieces: ['Plan de masse', 'Photographie'] });
    const fields = ['detail:parcelle', 'detail:cadastre', 'piece:Plan de masse', 'piece:Photographie'];
    await Promise.all(
      fields.map((field) => act(ground, id, 'edit', DESK_PERSON, { fields: [{ field, was: '', value: 'yes' }] })),
    );
    expect(await rowOf(id)).toMatchObject({
      details: { parcelle: 'yes', cadastre: 'yes' },
      pieces: [
        { name: 'Plan de masse', isReceived: true },
        { name: 'Photographie', isReceived: true },
      ],
    });
  });
});

describe('the message of an answer', () => {
  test('carries its event, so that undone it was never said; its draft is there again', async () => {
    const id = await openOne(ground);
    await act(ground, id, 'draft', DESK_PERSON, { comment: 'Bonjour,' });
    await act(ground, id, 'answer', DESK_PERSON, { comment: 'Bonjour, le trou est comblé.' });
    const undone = await act(ground, id, 'undo', DESK_PERSON);
    const message = await ground.store.db.message.findFirstOrThrow({ where: { requestId: id, kind: 'outbound' } });
    const undo = await ground.store.db.event.findFirstOrThrow({ where: { id: undone.eventId ?? '' } });
    expect(undo.details).toMatchObject({ undoes: message.eventId });
    const { draft } = undone.request;
    expect(draft).toEqual({ text: 'Bonjour,', name: 'Accueil', address: DESK_PERSON.address, at: new Date(MONDAY) });
    expect((await rowOf(id)).draft).toMatchObject({ text: 'Bonjour,' });
  });
});

describe('C32: a request that its citizen opens again', () => {
  test('has no end any more, and its new one counts the window anew', async () => {
    const id = await openOne(ground);
    await act(ground, id, 'accept', DESK_PERSON);
    expect((await act(ground, id, 'reopen', NORA)).decision).toEqual({ done: false, refusal: 'status_forbids' });
    ground.set('2026-09-20T10:00:00+02:00');
    expect((await act(ground, id, 'reopen', NORA)).decision.done).toBe(true);
    expect(await rowOf(id)).toMatchObject({ status: 'new', outcome: null, closedAt: null, reopenedCount: 1 });
    await act(ground, id, 'refuse', DESK_PERSON);
    expect(await rowOf(id)).toMatchObject({ outcome: 'refused', closedAt: new Date('2026-09-20T10:00:00+02:00') });
    ground.set('2026-10-19T10:00:00+02:00');
    expect((await act(ground, id, 'reopen', NORA)).decision.done).toBe(true);
    expect(await mailsOf(ground, id)).toContain('arbitration → dgs@plassans.fr');
  });

  test('a note or a reply after the end does not move its window', async () => {
    const id = await openOne(ground);
    await act(ground, id, 'accept', DESK_PERSON);
    ground.set('2026-09-20T10:00:00+02:00');
    await act(ground, id, 'note', DESK_PERSON);
    await act(ground, id, 'citizen_reply', NORA, { comment: 'Merci' });
    expect(await rowOf(id)).toMatchObject({ closedAt: new Date(MONDAY) });
    ground.set('2026-10-08T00:00:00+02:00');
    expect((await act(ground, id, 'reopen', NORA)).decision).toEqual({ done: false, refusal: 'window_over' });
  });
});

test('a form that is sent twice shares once, mails once and ends no link twice', async () => {
  const id = await atVoirie();
  const cause = `form:${newId()}`;
  const options = { colleague: PAUL.address, cause };
  const decided = await Promise.all(Array.from({ length: 10 }, () => act(ground, id, 'share', VOIRIE, options)));
  expect(decided.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(new Set(decided.map(({ eventId }) => eventId)).size).toBe(1);
  expect(await rowOf(id)).toMatchObject({ sharedWith: [PAUL.address] });
  expect((await mailsOf(ground, id)).filter((mail) => mail.startsWith('invitation'))).toHaveLength(1);
});

test('every field that the rules know survives the database', async () => {
  const id = await openOne(ground, { category: 'actes', details: { acte: 'mariage' }, origin: 'phone' });
  await act(ground, id, 'draft', DESK_PERSON, { comment: 'Bonjour' });
  await act(ground, id, 'label', DESK_PERSON, { labels: ['urgent', 'école'] });
  await act(ground, id, 'request_correction', DESK_PERSON, { pieces: ['Livret'], dueOn: '2026-09-30' });
  const { request } = await act(ground, id, 'note', DESK_PERSON, { comment: '@Paul Roux' });
  expect(request).toMatchObject({
    category: 'actes',
    details: { acte: 'mariage' },
    origin: 'phone',
    labels: ['urgent', 'école'],
    pieces: [{ name: 'Livret', isReceived: false }],
    sharedWith: [PAUL.address],
    waitUntil: new Date('2026-09-30T23:59:00+02:00'),
    draft: { text: 'Bonjour', at: new Date(MONDAY) },
  });
  const { request: again } = await act(ground, id, 'milestone', DESK_PERSON, { milestone: 'Avis reçu' });
  expect(again).toEqual(request);
});

/** As a desk does it: both requests locked, what the one says kept with the other. */
async function merge(id: string, originalId: string): Promise<Decided> {
  const original = await ground.store.db.serviceRequest.findUniqueOrThrow({
    where: { id: originalId },
    select: { id: true, reference: true, citizenAddress: true },
  });
  const wanted = { action: 'merge', actor: DESK_PERSON, comment: '', original } as const;
  return decideOn(
    ground,
    id,
    (request, now) => decide(request, wanted, ground.config, now),
    { id: `test:${newId()}` },
    async (tx, { decision, request, eventId }) => {
      if (!decision.done) return;
      const rule = () => joinDuplicate(DESK_PERSON, { reference: request.reference, text: '' });
      await decideLocked(ground, tx, originalId, rule, { id: `merge:${eventId}` });
    },
    [originalId],
  );
}

async function atVoirie(): Promise<string> {
  const id = await openOne(ground);
  await act(ground, id, 'transfer', DESK_PERSON);
  return id;
}

async function liveLinks(requestId: string): Promise<string[]> {
  const links = await ground.store.db.actionLink.findMany({ where: { requestId, revokedAt: null } });
  return links.map(({ address }) => address);
}

async function mailOf(requestId: string, kind: string) {
  return ground.store.db.outboundEmail.findFirstOrThrow({ where: { requestId, kind } });
}

async function rowOf(id: string) {
  return ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
}

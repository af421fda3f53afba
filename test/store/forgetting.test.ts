import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { joinDuplicate } from '../../src/domain/occurrences.ts';
import { forgetDaily, forgetWhatIsOver } from '../../src/jobs/forget-requests.ts';
import { Scheduler } from '../../src/jobs/scheduler.ts';
import { eliminationRows, enterVisa, listEliminations, sealElimination } from '../../src/store/eliminations.ts';
import { forecast } from '../../src/store/forecast.ts';
import { forgetRequest } from '../../src/store/forgetting.ts';
import { rescheduleForgetting } from '../../src/store/sweep.ts';
import { decideOn, openRequests } from '../../src/store/decide-on.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import { act, actionsOf, aGround, aNewRequest, DESK_PERSON, MONDAY, openOne, type TestGround } from './ground.ts';

/** Requests are closed on Monday 7 September 2026, and kept for two months: until 7 November, included. */

const NOTICE = '2026-10-09T03:30:00+02:00';
const DAY = '2026-11-08T03:30:00+01:00';
const SUPERVISOR = { role: 'supervisor', department: null, name: 'DGS', address: 'dgs@plassans.fr' } as const;

function twoMonths(config: Config): Config {
  const keep = { amount: 2, unit: 'months' } as const;
  const rule = { keep, archive: 'none' } as const;
  const categories = { chaussee: rule, eclairage: rule, autorisation: { keep, archive: 'visa' as const } };
  return {
    ...config,
    schedule: { ...config.schedule, undoSeconds: 0 },
    retention: { ordinary: rule, categories, noticeDays: 30 },
  };
}

let database: TestDatabase;
let ground: TestGround;
beforeAll(async () => {
  database = await freshDatabase();
  ground = await aGround(database.url, twoMonths);
});
afterAll(() => ground?.close());

async function aClosedRequest(changes: Parameters<typeof openOne>[1] = {}): Promise<string> {
  ground.set(MONDAY);
  const id = await openOne(ground, changes);
  await act(ground, id, 'answer', DESK_PERSON, { comment: 'Réparé.' });
  return id;
}

const rowOf = (id: string) => ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
const dayOf = async (id: string) => (await rowOf(id)).forgetOn?.toISOString().slice(0, 10) ?? null;
const isForgotten = async (id: string) => (await rowOf(id)).anonymisedAt !== null;

async function night(at: string): Promise<object> {
  ground.set(at);
  return forgetDaily(ground, new Date(at));
}

describe('S24: the day', () => {
  test('is reckoned when a request closes, reopens, is frozen, is of another category', async () => {
    const id = await aClosedRequest();
    expect(await dayOf(id)).toBe('2026-11-08');
    await act(ground, id, 'freeze', DESK_PERSON, { comment: 'Contentieux.' });
    expect(await dayOf(id)).toBeNull();
    await act(ground, id, 'unfreeze', SUPERVISOR, { comment: '' });
    expect(await dayOf(id)).toBe('2026-11-08');
    const fields = [{ field: 'category', was: '', value: 'actes' }];
    await act(ground, id, 'edit', DESK_PERSON, { fields });
    // Of that category nobody said how long.
    expect(await dayOf(id)).toBeNull();
    await act(ground, id, 'edit', DESK_PERSON, { fields: [{ field: 'category', was: 'actes', value: '' }] });
    await act(ground, id, 'reopen', DESK_PERSON, { comment: 'Pas fini.' });
    expect(await dayOf(id)).toBeNull();
    await act(ground, id, 'discard', DESK_PERSON);
    expect(await dayOf(id)).toBe('2026-11-08');
  });

  test('follows the config, and what is kept longer than announced is announced again', async () => {
    const id = await aClosedRequest();
    await night(NOTICE);
    expect((await rowOf(id)).deletionNoticeAt).not.toBeNull();
    const longer = { keep: { amount: 1, unit: 'years' }, archive: 'none' } as const;
    const config = { ...ground.config, retention: { ...ground.config.retention, ordinary: longer } };
    await rescheduleForgetting({ ...ground, config });
    expect(await dayOf(id)).toBe('2027-09-08');
    expect((await rowOf(id)).deletionNoticeAt).toBeNull();
    await rescheduleForgetting(ground);
    expect(await dayOf(id)).toBe('2026-11-08');
    expect(await rescheduleForgetting(ground)).toBe(0);
  });
});

describe('S21, S24: the nights', () => {
  test('each request is announced once, with a link; and forgotten on its day, neither before nor without a notice', async () => {
    const id = await aClosedRequest();
    const noticesOf = () =>
      ground.store.db.actionLink.count({
        where: { requestId: id, role: 'supervisor', outboundEmail: { kind: 'deletion_notice' } },
      });
    await night('2026-10-08T03:30:00+02:00');
    expect(await noticesOf()).toBe(0);
    await night(NOTICE);
    await night('2026-10-10T03:30:00+02:00');
    expect(await noticesOf()).toBe(1);
    await night('2026-11-07T23:30:00+01:00');
    expect(await isForgotten(id)).toBe(false);
    await night(DAY);
    expect(await isForgotten(id)).toBe(true);
    expect((await actionsOf(ground, id)).at(-1)).toBe('anonymise');
    const late = await aClosedRequest();
    await night(DAY);
    // Announced now: thirty days later.
    expect(await isForgotten(late)).toBe(false);
    await night('2026-12-07T03:30:00+01:00');
    expect(await isForgotten(late)).toBe(false);
    await night('2026-12-08T03:30:00+01:00');
    expect(await isForgotten(late)).toBe(true);
  });

  test('what was reopened or frozen meanwhile stays whole', async () => {
    const [reopened, frozen] = [await aClosedRequest(), await aClosedRequest()];
    await night(NOTICE);
    await act(ground, reopened, 'reopen', DESK_PERSON, { comment: 'Pas fini.' });
    await act(ground, frozen, 'freeze', DESK_PERSON, { comment: 'Contentieux.' });
    await night(DAY);
    for (const id of [reopened, frozen]) expect((await rowOf(id)).citizenName).toBe('Nora Lemaire');
    const lines = await forecast(ground, 'clock');
    const why = (id: string) => lines.find((line) => line.id === id)?.objection;
    expect([why(reopened), why(frozen)]).toEqual(['still_open', 'frozen']);
  });

  test('two instances at once forget each request once', async () => {
    const ids = [];
    for (let i = 0; i < 12; i += 1) ids.push(await aClosedRequest());
    await night(NOTICE);
    ground.set(DAY);
    const other = await aGround(database.url, twoMonths);
    other.set(DAY);
    await Promise.all([forgetWhatIsOver(ground, 'one'), forgetWhatIsOver(other, 'two')]);
    await other.close();
    for (const id of ids) {
      expect(await isForgotten(id)).toBe(true);
      expect((await actionsOf(ground, id)).filter((action) => action === 'anonymise')).toHaveLength(1);
    }
  }, 30_000);

  test('one that fails in the middle loses nothing, does not keep the others, and is forgotten later', async () => {
    const [broken, fine] = [await aClosedRequest(), await aClosedRequest()];
    await night(NOTICE);
    const { db } = ground.store;
    // The links come last: everything else was written by then.
    await db.$executeRawUnsafe(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF OLD."requestId" = '${broken}' THEN RAISE EXCEPTION 'killed'; END IF; RETURN NEW; END $$`);
    await db.$executeRawUnsafe(
      `CREATE TRIGGER fail BEFORE UPDATE ON "ActionLink" FOR EACH ROW EXECUTE FUNCTION fail()`,
    );
    await night(DAY);
    expect(await isForgotten(fine)).toBe(true);
    expect(await rowOf(broken)).toMatchObject({ anonymisedAt: null, citizenName: 'Nora Lemaire' });
    expect(await db.message.count({ where: { requestId: broken, text: { contains: 'trou' } } })).toBe(1);
    expect(await actionsOf(ground, broken)).not.toContain('anonymise');
    await db.$executeRawUnsafe(`DROP TRIGGER fail ON "ActionLink"`);
    await night('2026-11-09T03:30:00+01:00');
    expect(await isForgotten(broken)).toBe(true);
  });

  test('a run that died half way is ended by the next tick, and its report counts what both forgot', async () => {
    const ids = [await aClosedRequest(), await aClosedRequest()];
    await night(NOTICE);
    const { db } = ground.store;
    const dueAt = new Date('2026-11-10T03:30:00+01:00');
    ground.set('2026-11-10T03:31:00+01:00');
    await forgetRequest(ground, ids[0] ?? '', { by: 'clock', visa: null }, dueAt.toISOString());
    await db.jobRun.create({
      data: {
        id: crypto.randomUUID(),
        job: 'forgetting.daily',
        dueAt,
        startedAt: new Date('2026-11-10T03:30:01+01:00'),
      },
    });
    ground.set('2026-11-10T03:40:00+01:00');
    await new Scheduler(ground).tick();
    for (const id of ids) expect(await isForgotten(id)).toBe(true);
    const run = await db.jobRun.findFirstOrThrow({ where: { job: 'forgetting.daily', dueAt } });
    expect(run.outcome).toMatchObject({ forgotten: 2 });
    const reports = await db.outboundEmail.findMany({ where: { kind: 'deletion_report' }, orderBy: { id: 'desc' } });
    expect(reports[0]?.facts).toMatchObject({ forgotten: 2, run: dueAt.toISOString() });
  });
});

describe('J20, S24: public archives', () => {
  test('wait on a list; what the archives read is what their visa allows, and nothing that came later', async () => {
    const first = await aClosedRequest({ category: 'autorisation' });
    await night(NOTICE);
    await night(DAY);
    expect(await isForgotten(first)).toBe(false);
    const { db } = ground.store;
    const [list] = await listEliminations(db);
    const no = list?.id ?? 0;
    expect(list).toMatchObject({ count: 1, remaining: 1, visa: null });
    expect(await enterVisa(db, no, 'AD13-1', 'maire', ground.clock.now())).toBe('not_sealed');
    await sealElimination(db, no, ground.clock.now());
    const second = await aClosedRequest({ category: 'autorisation' });
    await night(NOTICE);
    await night(DAY);
    expect((await rowOf(second)).eliminationId).not.toBe(no);
    expect(await enterVisa(db, no, 'AD13-1', 'maire', ground.clock.now())).toBe('entered');
    expect(await enterVisa(db, no, 'AD13-2', 'maire', ground.clock.now())).toBe('has_one');
    await night('2026-11-09T03:30:00+01:00');
    expect([await isForgotten(first), await isForgotten(second)]).toEqual([true, false]);
    const rows = await eliminationRows(db, no);
    expect(rows).toMatchObject([{ reference: (await rowOf(first)).reference, category: 'autorisation', pieces: 0 }]);
  });

  test('reopened or frozen, one leaves the list', async () => {
    const id = await aClosedRequest({ category: 'autorisation' });
    await night(NOTICE);
    await night(DAY);
    expect((await rowOf(id)).eliminationId).not.toBeNull();
    await act(ground, id, 'freeze', DESK_PERSON, { comment: 'Contentieux.' });
    expect((await rowOf(id)).eliminationId).toBeNull();
  });
});

describe('D2: the history', () => {
  test('refuses every change but the emptying of the request that the transaction names, and that only', async () => {
    const [one, other] = [await aClosedRequest(), await aClosedRequest()];
    const { db } = ground.store;
    const attempt = async (named: string, sql: string) =>
      db
        .$transaction(async (tx) => {
          await tx.$queryRaw`SELECT set_config('guichet.forgetting', ${named}, true)`;
          await tx.$executeRawUnsafe(sql);
          // Nothing is kept of what was let through.
          throw new Error('let through');
        })
        .catch((error: Error) => (/append-only/.test(error.message) ? 'refused' : error.message));
    const at = (set: string, id: string) => `UPDATE "Event" SET ${set} WHERE "requestId" = '${id}'`;
    const empty = `comment = '', details = '{}'`;
    const nobody = `"actorName" = CASE WHEN "actorRole" = 'citizen' THEN '' ELSE "actorName" END, "actorAddress" = CASE WHEN "actorRole" = 'citizen' THEN '' ELSE "actorAddress" END`;
    expect(await attempt(one, at(`${empty}, ${nobody}`, one))).toBe('let through');
    expect(await attempt('', at(`${empty}, ${nobody}`, one))).toBe('refused');
    expect(await attempt(one, at(`${empty}, ${nobody}`, other))).toBe('refused');
    expect(await attempt(one, at(`comment = 'autre'`, one))).toBe('refused');
    expect(await attempt(one, at(`${empty}, "actorName" = ''`, one))).toBe('refused');
    expect(await attempt(one, at(`${empty}, ${nobody}, at = now()`, one))).toBe('refused');
    expect(await attempt(one, at(`${empty}, ${nobody}, action = 'accept'`, one))).toBe('refused');
    expect(await attempt(one, `DELETE FROM "Event" WHERE "requestId" = '${one}'`)).toBe('refused');
    // Outside such a transaction, as ever.
    await expect(db.event.updateMany({ where: { requestId: one }, data: { comment: '' } })).rejects.toThrow();
  });

  test('what was forgotten takes nobody in again', async () => {
    const id = await aClosedRequest();
    await night(NOTICE);
    await night(DAY);
    const data = { citizenName: 'Nora Lemaire' };
    await expect(ground.store.db.serviceRequest.update({ where: { id }, data })).rejects.toThrow();
    expect(await act(ground, id, 'note', DESK_PERSON)).toMatchObject({
      decision: { done: false, refusal: 'forgotten' },
    });
    expect(await act(ground, id, 'reopen', DESK_PERSON)).toMatchObject({ decision: { refusal: 'forgotten' } });
  });

  test('the words of a duplicate go with it, wherever they were told', async () => {
    ground.set(MONDAY);
    const [original, duplicate] = [await openOne(ground), await openOne(ground)];
    const { reference } = await rowOf(duplicate);
    const { reference: first } = await rowOf(original);
    const target = { id: original, reference: first, citizenAddress: '' };
    await act(ground, duplicate, 'merge', DESK_PERSON, { original: target });
    await decideOn(ground, original, () => joinDuplicate(DESK_PERSON, { reference, text: 'canari' }), {
      id: 'merge:test',
    });
    await night(NOTICE);
    await night(DAY);
    expect(await isForgotten(duplicate)).toBe(true);
    expect(await isForgotten(original)).toBe(false);
    expect(await ground.store.db.event.count({ where: { comment: 'canari' } })).toBe(0);
  });
});

describe('the figures', () => {
  test('are what they were: how many, of what, for whom, in which month, with how many messages and pieces', async () => {
    const { db } = ground.store;
    ground.set(MONDAY);
    const content = Buffer.from('une pièce');
    const attachments = [
      { fileName: 'a.txt', contentType: 'text/plain', sha256: 'a'.repeat(64), inline: false, content },
    ];
    const request = aNewRequest(ground, { category: 'chaussee' });
    const [opened] = await db.$transaction((tx) =>
      openRequests(ground, tx, [{ ...request, cause: { ...request.cause, attachments } }]),
    );
    const id = opened?.requestId ?? '';
    await act(ground, id, 'answer', DESK_PERSON, { comment: 'Réparé.' });
    const figures = () => db.$queryRaw`
      SELECT category, holder, outcome, to_char("receivedAt", 'YYYY-MM') AS month, count(*)::int FROM "ServiceRequest"
      GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`;
    const before = await figures();
    await night(NOTICE);
    await night(DAY);
    expect(await isForgotten(id)).toBe(true);
    expect(await figures()).toEqual(before);
    const event = await db.event.findFirstOrThrow({ where: { requestId: id, action: 'anonymise' } });
    expect(event.details).toEqual({ messages: 2, pieces: 1, bytes: content.length });
    expect(await db.blob.count({ where: { sha256: 'a'.repeat(64) } })).toBe(0);
  });
});

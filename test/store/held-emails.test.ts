import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import {
  denyHeld,
  findHeldEmail,
  findRequestByReference,
  ignoreHeld,
  listHeldEmails,
  requeueHeld,
  ruleOn,
} from '../../src/store/held-emails.ts';
import { newId } from '../../src/store/ids.ts';
import { freshDatabase } from '../support/postgres.ts';
import { aGround, openOne, type TestGround } from './ground.ts';

const DESK = { by: 'desk', name: 'Jeanne Martin' };

let url: string;
let ground: TestGround;

beforeAll(async () => {
  ({ url } = await freshDatabase());
  ground = await aGround(url);
});
afterAll(async () => ground.close());
beforeEach(async () => void (await ground.store.db.inboundEmail.deleteMany({})));

async function hold(on: TestGround, changes: object = {}): Promise<string> {
  const id = newId();
  const raw = new Uint8Array(Buffer.from(id));
  const column = { text: 'Bonjour', files: [], suggestion: null };
  const data = { id, mailbox: 'mairie@plassans.fr', rawSha256: id, raw, size: 36, receivedAt: on.clock.now() };
  const row = { state: 'held', attempts: 3, verdict: 'failed_thrice', error: 'boom', held: column, ...changes };
  await on.store.db.inboundEmail.create({ data: { ...data, ...row } });
  return id;
}

describe('a ruling', () => {
  test('gives the mail back to the receiver, once', async () => {
    const requestId = await openOne(ground);
    const id = await hold(ground);
    const rulings = [1, 2, 3].map(() => ruleOn(ground, id, { as: 'attach', requestId }, DESK));
    expect((await Promise.all(rulings)).filter(Boolean)).toHaveLength(1);
    const row = await ground.store.db.inboundEmail.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ state: 'stored', attempts: 0, settledAt: null, ruling: { as: 'attach', requestId } });
    expect(row.held).toMatchObject({ text: 'Bonjour', ruled: { as: 'attach', by: 'desk', name: 'Jeanne Martin' } });
    expect(await ignoreHeld(ground, id, DESK)).toBe(false);
    expect(await denyHeld(ground, id)).toBe(false);
  });

  test('is not written on a mail that is none, or settled', async () => {
    expect(await ruleOn(ground, newId(), { as: 'new' }, DESK)).toBe(false);
    const id = await hold(ground, { state: 'done' });
    expect(await ruleOn(ground, id, { as: 'new' }, DESK)).toBe(false);
    expect((await ground.store.db.inboundEmail.findUniqueOrThrow({ where: { id } })).ruling).toBeNull();
  });
});

test('an agent’s first denial is kept', async () => {
  const id = await hold(ground);
  expect(await denyHeld(ground, id)).toBe(true);
  const first = (await findHeldEmail(ground.store.db, id))?.held.deniedAt;
  ground.set('2026-09-08T10:00:00+02:00');
  expect(await denyHeld(ground, id)).toBe(true);
  expect((await findHeldEmail(ground.store.db, id))?.held.deniedAt).toBe(first);
});

test('what it seems to concern is found by the suggestion, else by the request it was taken for', async () => {
  const [suggestion, requestId] = [await openOne(ground), await openOne(ground)];
  const byBoth = await hold(ground, { held: { text: '', files: [], suggestion }, requestId });
  const byRequest = await hold(ground, { requestId });
  const without = await hold(ground, { held: undefined });
  expect((await findHeldEmail(ground.store.db, byBoth))?.request?.id).toBe(suggestion);
  expect((await findHeldEmail(ground.store.db, byRequest))?.request?.id).toBe(requestId);
  expect(await findHeldEmail(ground.store.db, without)).toMatchObject({ request: null, held: { text: '', files: [] } });
  expect(await findHeldEmail(ground.store.db, newId())).toBeNull();
  expect(await findRequestByReference(ground.store.db, '2019-000001')).toBeNull();
});

test('the list is of held mails only, oldest first', async () => {
  const late = await hold(ground, { receivedAt: new Date('2026-09-02T10:00:00Z') });
  const early = await hold(ground, { receivedAt: new Date('2026-09-01T10:00:00Z') });
  await hold(ground, { state: 'done' });
  const { count, mails } = await listHeldEmails(ground.store.db, 10);
  expect([count, mails.map(({ id }) => id)]).toEqual([2, [early, late]]);
  expect((await listHeldEmails(ground.store.db, 1)).mails).toHaveLength(1);
});

test('what is requeued comes as if for the first time', async () => {
  const [first, second] = [await hold(ground), await hold(ground, { held: undefined })];
  const done = await hold(ground, { state: 'done' });
  expect(await requeueHeld(ground.store.db, null, true)).toEqual([first, second]);
  expect(await requeueHeld(ground.store.db, [first, done], false)).toEqual([first]);
  expect(await ground.store.db.inboundEmail.findUniqueOrThrow({ where: { id: first } })).toMatchObject({
    state: 'stored',
    attempts: 0,
    error: null,
    ruling: null,
    settledAt: null,
  });
  expect(await requeueHeld(ground.store.db, null, false)).toEqual([second]);
  expect(await requeueHeld(ground.store.db, null, false)).toEqual([]);
});

describe('on the command line, with the address of the database and nothing else', () => {
  test('« held » lists who wrote what, when, and why it waits', async () => {
    expect((await guichet('held')).output).toContain('Aucun message n’attend');
    const id = await hold(ground, { fromAddress: 'zoe@example.org', subject: 'Mon trou', size: 2_400 });
    const { output, status } = await guichet('held');
    expect(status).toBe(0);
    const words = [id, '2,4 ko', 'après trois essais', 'zoe@example.org', 'Mon trou', '1 message en attente'];
    for (const word of words) expect(output.replaceAll('\u00a0', ' ')).toContain(word);
  });

  test('« requeue » takes those it is told, says which, and touches nothing when it only tries', async () => {
    const [first, second] = [await hold(ground), await hold(ground)];
    const tried = await guichet('requeue', '--all', '--dry-run');
    expect(tried.output).toContain('2 messages seraient repris');
    expect(await statesOf(ground)).toEqual(['held', 'held']);
    const one = await guichet('requeue', first.toUpperCase(), 'not-an-id');
    expect(one).toMatchObject({ status: 1, output: expect.stringContaining('1 message repris') });
    expect(one.output).toContain('not-an-id');
    expect(await statesOf(ground)).toEqual(['held', 'stored']);
    expect((await guichet('requeue', '--all')).output).toContain(second);
    expect(await statesOf(ground)).toEqual(['stored', 'stored']);
    expect((await guichet('requeue', '--all')).output).toContain('Aucun message n’est à reprendre');
  });

  test.each([[[]], [['--dryrun', '--all']], [['--dry-run']], [['--all', newId()]]])(
    '« requeue » with %j explains itself and does nothing',
    async (args) => {
      await hold(ground);
      const { output, status } = await guichet('requeue', ...args);
      expect([status, output]).toEqual([2, expect.stringContaining('[ID… | --all] [--dry-run]')]);
      expect(await statesOf(ground)).toEqual(['held']);
    },
  );

  test('a setting that is wrong is told as everywhere, a database that is away in one line', async () => {
    const wrong = await run({ DATABASE_URL: 'mysql://x' }, ['held']);
    expect(wrong).toMatchObject({ status: 1, output: expect.stringContaining('DATABASE_URL') });
    const away = await run({ DATABASE_URL: 'postgresql://guichet@127.0.0.1:1/guichet' }, ['held']);
    expect(away).toMatchObject({ status: 1, output: expect.stringContaining('command.failed') });
  });

  test('the embedded database of a Guichet that runs is found', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'guichet-held-'));
    const server = await startEmbeddedPostgres(dataDir);
    const embedded = await aGround(server.url);
    const id = await hold(embedded);
    expect((await run({ DATA_DIR: dataDir }, ['requeue', '--all'])).output).toContain(id);
    expect(await statesOf(embedded)).toEqual(['stored']);
    await embedded.close();
    await server.stop();
    // Stopped, it is started for the time of the command.
    expect((await run({ DATA_DIR: dataDir }, ['held'])).output).toContain('Aucun message n’attend');
    rmSync(dataDir, { recursive: true, force: true });
  });
});

function guichet(...args: string[]): Promise<{ output: string; status: number }> {
  return run({ DATABASE_URL: url }, args);
}

async function statesOf({ store }: TestGround): Promise<string[]> {
  const rows = await store.db.inboundEmail.findMany({ select: { state: true } });
  return rows.map(({ state }) => state).toSorted();
}

function run(env: Record<string, string>, args: string[]): Promise<{ output: string; status: number }> {
  return new Promise((done) => {
    const options = { env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' } as const;
    const child = execFile(process.execPath, ['src/main.ts', ...args], options, (_error, stdout, stderr) => {
      done({ output: stdout + stderr, status: child.exitCode ?? -1 });
    });
  });
}

import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../support/postgres.ts';
import { aGround, openOne, type TestGround } from './ground.ts';

let ground: TestGround;
let url: string;
beforeAll(async () => {
  ({ url } = await freshDatabase());
  ground = await aGround(url);
});
afterAll(() => ground?.close());

test('guichet outgoing: what waits, who paused it and why; twice is as once', { timeout: 60_000 }, async () => {
  await openOne(ground);
  await openOne(ground);
  const { outboundEmail } = ground.store.db;
  const [first, second] = await outboundEmail.findMany({ orderBy: { id: 'asc' } });
  await outboundEmail.update({ where: { id: first?.id ?? '' }, data: { state: 'failed' } });
  const later = { deferredAt: new Date(), tryAfter: new Date() };
  await outboundEmail.update({ where: { id: second?.id ?? '' }, data: later });

  const before = await run('outgoing');
  expect(before.said).toContain('Envois en cours');
  expect(before.said).toMatch(/prêts à partir : +2\n[\s\S]*retardés, seront réessayés : +1\n +en échec : +1\n/);

  const paused = await run('outgoing', 'pause', 'Le prestataire', 'nous bloque');
  expect(paused.said).toContain('Les envois sont suspendus.');
  expect(paused.said).toMatch(/Envois suspendus depuis le \d\d\/.* UTC, par \S+ : Le prestataire nous bloque\n/);
  expect((await run('outgoing', 'pause')).said).toContain('Les envois étaient déjà suspendus.');
  expect(await ground.store.db.outgoingPause.count({ where: { endedAt: null } })).toBe(1);

  expect((await run('outgoing', 'resume')).said).toContain('Les envois reprennent.');
  expect((await run('outgoing', 'resume')).said).toContain('n’étaient pas suspendus');
  expect(await ground.store.db.outgoingPause.count({ where: { endedAt: null } })).toBe(0);

  const wrong = await run('outgoing', 'stop');
  expect(wrong).toMatchObject({ code: 2, said: expect.stringContaining('outgoing pause [raison]') });
});

async function run(...args: string[]): Promise<{ code: number | null; said: string }> {
  const options = { env: { ...process.env, DATABASE_URL: url } };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['src/main.ts', ...args], options, (_error, stdout) => {
      resolve({ code: child.exitCode, said: stdout.replaceAll('\u00a0', ' ') });
    });
  });
}

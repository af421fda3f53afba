import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { queryOnce } from '../support/query-once.ts';

const OWNER = fileURLToPath(new URL('embedded-owner.ts', import.meta.url));

const stops: (() => Promise<unknown>)[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const stop of stops.splice(0)) await stop();
});

test('a town hall without a database has one, and finds its data again the next day', async () => {
  const folder = await aFolder();
  const first = await startEmbeddedPostgres(folder);
  stops.push(first.stop);
  await queryOnce(first.url, 'CREATE TABLE kept AS SELECT 21 AS number');
  await first.stop();
  await expect(queryOnce(first.url, 'SELECT 1')).rejects.toThrow();
  const second = await startEmbeddedPostgres(folder);
  stops.unshift(second.stop);
  expect(await queryOnce(second.url, 'SELECT number FROM kept')).toEqual([{ number: 21 }]);
  await second.stop();
  stops.length = 0;
  stops.push(() => rm(folder, { recursive: true, force: true }));
});

test('whoever was killed is succeeded, with everything that was committed', async () => {
  const folder = await aFolder();
  const owner = await startOwner(folder);
  await queryOnce(owner.url, 'CREATE TABLE kept AS SELECT 21 AS number');
  const gone = once(owner.process, 'exit');
  owner.process.kill('SIGKILL');
  await gone;
  const next = await startEmbeddedPostgres(folder);
  stops.push(next.stop, () => rm(folder, { recursive: true, force: true }));
  expect(await queryOnce(next.url, 'SELECT number FROM kept')).toEqual([{ number: 21 }]);
});

test('a second Guichet on the same folder is refused, and does the first no harm', async () => {
  const folder = await aFolder();
  const owner = await startOwner(folder);
  await expect(startEmbeddedPostgres(folder)).rejects.toThrow(/already runs/);
  expect(await queryOnce(owner.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  owner.process.kill('SIGKILL');
  await once(owner.process, 'exit');
  const next = await startEmbeddedPostgres(folder);
  stops.push(next.stop, () => rm(folder, { recursive: true, force: true }));
});

test('nobody else on the machine can read its password or reach it from outside', async () => {
  const folder = await aFolder();
  const server = await startEmbeddedPostgres(folder);
  stops.push(server.stop, () => rm(folder, { recursive: true, force: true }));
  const { mode } = await stat(join(folder, 'postgres-password'));
  expect(mode & 0o077).toBe(0);
  const wrong = new URL(server.url);
  wrong.password = 'guess';
  await expect(queryOnce(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  expect(await queryOnce(server.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  expect((await readFile(join(folder, 'postgres', 'server.log'), 'utf8')).toLowerCase()).not.toContain('statement');
});

async function aFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'guichet-embedded-'));
}

async function startOwner(folder: string): Promise<{ process: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [OWNER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, url: line.toString().trim() };
}

import { afterEach, expect, test } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import { queryOnce } from '../support/query-once.ts';

const databases: TestDatabase[] = [];
afterEach(async () => {
  for (const database of databases.splice(0)) await database.drop();
});

test('a new database gets every table once, and the second start changes nothing', async () => {
  const url = await anEmptyDatabase();
  expect((await migrate(url)).length).toBeGreaterThan(0);
  const before = await tablesOf(url);
  expect(before).toContain('ServiceRequest');
  expect(await migrate(url)).toEqual([]);
  expect(await tablesOf(url)).toEqual(before);
});

test('five that start at once: one migrates, the others wait and go on', async () => {
  const url = await anEmptyDatabase();
  const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(url)));
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
  const journal = await queryOnce(url, 'SELECT migration_name FROM _prisma_migrations');
  expect(journal).toHaveLength(applied.flat().length);
});

test('a migration that was edited after it was applied stops the start, by its name', async () => {
  const url = await anEmptyDatabase();
  const [first] = await migrate(url);
  await queryOnce(url, `UPDATE _prisma_migrations SET checksum = 'another' WHERE migration_name = '${first}'`);
  await expect(migrate(url)).rejects.toThrow(`migration ${first} was edited`);
});

test('a migration that fails leaves nothing of itself, and succeeds once what was in its way is gone', async () => {
  const url = await anEmptyDatabase();
  await queryOnce(url, 'CREATE TABLE "OutboundEmail" (something text)');
  await expect(migrate(url)).rejects.toThrow(/migration \S+ failed/);
  expect(await tablesOf(url)).toEqual(['OutboundEmail', '_prisma_migrations']);
  expect(await queryOnce(url, 'SELECT * FROM _prisma_migrations')).toEqual([]);
  expect(await queryOnce(url, `SELECT typname FROM pg_type WHERE typname = 'Status'`)).toEqual([]);
  await queryOnce(url, 'DROP TABLE "OutboundEmail"');
  expect((await migrate(url)).length).toBeGreaterThan(0);
});

async function anEmptyDatabase(): Promise<string> {
  const database = await freshDatabase();
  databases.push(database);
  return database.url;
}

async function tablesOf(url: string): Promise<string[]> {
  const rows = await queryOnce(
    url,
    `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename COLLATE "C"`,
  );
  return rows.map(({ tablename }) => String(tablename));
}

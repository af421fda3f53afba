import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freshDatabase } from './postgres.ts';
import { startPostgres } from './postgres-server.ts';
import { queryOnce } from './query-once.ts';

describe('a fresh database', () => {
  it('answers, is empty, and is not the one of another call', async () => {
    const first = await freshDatabase();
    const second = await freshDatabase();
    await queryOnce(first.url, 'CREATE TABLE only_here (id int)');
    const tables = `SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public'`;
    expect(await queryOnce(first.url, tables)).toEqual([{ n: 1 }]);
    expect(await queryOnce(second.url, tables)).toEqual([{ n: 0 }]);
  });

  it('is gone once dropped', async () => {
    const database = await freshDatabase();
    await database.drop();
    await expect(queryOnce(database.url, 'SELECT 1')).rejects.toThrow('does not exist');
  });
});

describe('a durable PostgreSQL', () => {
  it('keeps what was committed when it is killed, and removes its files at the end', async () => {
    const postgres = await startPostgres({ durable: true });
    const url = postgres.url('postgres');
    expect(await queryOnce(url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    await queryOnce(url, 'CREATE TABLE kept AS SELECT 21 AS n');
    await postgres.kill();
    await expect(queryOnce(url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await postgres.restart();
    expect(await queryOnce(url, 'SELECT n FROM kept')).toEqual([{ n: 21 }]);
    await postgres.stop();
    await postgres.removeFiles();
    expect(existsSync(postgres.folder)).toBe(false);
  });
});

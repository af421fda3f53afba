import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { expect, inject } from 'vitest';
import { DATABASE_PREFIX } from './database-prefix.ts';
import { queryOnce } from './query-once.ts';

export type TestDatabase = {
  url: string;
  /** Called for every database at the end of its file. Does nothing once a test of the file has failed. */
  drop(): Promise<void>;
};

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

const open = new Set<TestDatabase>();
let kept = false;

/** A new, empty database of the run's PostgreSQL: no fsync. To kill a server, start one with `startPostgres`. */
export async function freshDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = databaseName(expect.getState().testPath ?? 'unnamed');
  await queryOnce(server, `CREATE DATABASE "${name}"`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = {
    url: url.href,
    async drop() {
      if (!open.delete(database)) return;
      if (kept) process.stderr.write(`\nA test failed. Its database is kept: ${name}\n`);
      else await queryOnce(server, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    },
  };
  open.add(database);
  return database;
}

/** After a failure, what the test left is worth looking at. */
export function keepDatabases(): void {
  kept = true;
}

export async function dropDatabases(): Promise<void> {
  for (const database of open) await database.drop();
}

// PostgreSQL cuts names at 63 bytes.
function databaseName(testPath: string): string {
  const file = basename(testPath, '.test.ts')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 30);
  return `${DATABASE_PREFIX}${file}_${randomBytes(4).toString('hex')}`;
}

import type { TestProject } from 'vitest/node';
import { DATABASE_PREFIX } from './database-prefix.ts';
import { startPostgres } from './postgres-server.ts';
import { queryOnce } from './query-once.ts';

/** One PostgreSQL for the run, or the one of TEST_DATABASE_URL (whose user must be allowed to create databases). */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') {
    project.provide('postgresUrl', given);
    return async () => undefined;
  }

  const postgres = await startPostgres({ durable: false });
  project.provide('postgresUrl', postgres.url('postgres'));
  return async () => {
    const left = await databasesLeft(postgres.url('postgres'));
    await postgres.stop();
    if (left.length === 0) await postgres.removeFiles();
    else process.stderr.write(`\nKept: ${left.join(', ')}. To look: ${postgres.commandLine}\n`);
  };
}

async function databasesLeft(url: string): Promise<string[]> {
  const rows = await queryOnce(url, `SELECT datname FROM pg_database WHERE starts_with(datname, '${DATABASE_PREFIX}')`);
  return rows.map(({ datname }) => String(datname));
}

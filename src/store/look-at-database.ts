import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runningEmbeddedUrl } from './embedded-postgres.ts';
import { migrationNames } from './migrate.ts';
import type { Db } from './store.ts';
import { visitDatabase, type DatabasePlace } from './visit-database.ts';

/** The database as `check` finds it: nothing is created or migrated. */
export type DatabaseReport =
  /** Embedded, and made at the first start. */
  { state: 'absent' } | { state: 'ready'; version: string; pending: string[]; isEmbedded: boolean };

/** @throws when it cannot be reached */
export async function lookAtDatabase(place: DatabasePlace): Promise<DatabaseReport> {
  const isEmbedded = place.databaseUrl === null;
  if (isAbsent(place)) return { state: 'absent' };
  return visitDatabase(place, async (db) => ({ state: 'ready', isEmbedded, ...(await versionsOf(db)) }));
}

/** The embedded one, before the first start: a visit would make it. */
export function isAbsent({ databaseUrl, dataDir }: DatabasePlace): boolean {
  const isThere = existsSync(join(dataDir, 'postgres', 'PG_VERSION'));
  return databaseUrl === null && !isThere && runningEmbeddedUrl(dataDir) === null;
}

async function versionsOf(db: Db): Promise<{ version: string; pending: string[] }> {
  const [server] = await db.$queryRaw<{ version: string; journal: string | null }[]>`
    SELECT current_setting('server_version') AS version, to_regclass('_prisma_migrations')::text AS journal`;
  const applied = (server?.journal ?? null) === null ? [] : await appliedNames(db);
  return { version: server?.version ?? '', pending: migrationNames().filter((name) => !applied.includes(name)) };
}

async function appliedNames(db: Db): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  return rows.map(({ name }) => name);
}

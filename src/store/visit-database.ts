import { startEmbeddedPostgres, runningEmbeddedUrl } from './embedded-postgres.ts';
import { PgBoss } from 'pg-boss';
import { openClient, type Db, type Ground } from './store.ts';

export interface DatabasePlace {
  /** Null: an embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | null;
  dataDir: string;
}

/**
 * For a command beside a running Guichet, or while it is stopped: uses its database, then leaves. Nothing is migrated.
 * @throws when the database cannot be reached, or was never prepared
 */
export async function visitDatabase<T>(
  { databaseUrl, dataDir }: DatabasePlace,
  work: (db: Db, databaseUrl: string) => Promise<T>,
): Promise<T> {
  const known = databaseUrl ?? runningEmbeddedUrl(dataDir);
  if (known !== null) return workAt(known, work);
  const server = await startEmbeddedPostgres(dataDir);
  try {
    return await workAt(server.url, work);
  } finally {
    await server.stop();
  }
}

/** The same, for a command that decides: with the rules of the config. It sends nothing, and starts no queue. */
export async function visitGround<T>(
  place: DatabasePlace,
  { config, clock, log }: Pick<Ground, 'config' | 'clock' | 'log'>,
  work: (ground: Ground) => Promise<T>,
): Promise<T> {
  return visitDatabase(place, async (db, databaseUrl) => {
    const boss = new PgBoss(databaseUrl);
    const store = { db, boss, databaseUrl, close: async () => {} };
    return work({ store, config, clock, log, scansPieces: false });
  });
}

async function workAt<T>(databaseUrl: string, work: (db: Db, databaseUrl: string) => Promise<T>): Promise<T> {
  const db = openClient(databaseUrl, () => {});
  try {
    return await work(db, databaseUrl);
  } finally {
    await db.$disconnect();
  }
}

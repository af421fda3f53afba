import { startEmbeddedPostgres, runningEmbeddedUrl } from './embedded-postgres.ts';
import { openClient, type Db } from './store.ts';

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
  work: (db: Db) => Promise<T>,
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

async function workAt<T>(databaseUrl: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = openClient(databaseUrl, () => {});
  try {
    return await work(db);
  } finally {
    await db.$disconnect();
  }
}

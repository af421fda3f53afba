import { PrismaPg } from '@prisma/adapter-pg';
import { fromPrisma, PgBoss } from 'pg-boss';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { PrismaClient } from './client/client.ts';
import { cleanDeep } from './clean-text.ts';
import { migrate } from './migrate.ts';

/** What every flow stands on. `config` is replaced whole when its files change. */
export interface Ground {
  store: Store;
  config: Config;
  clock: Clock;
  log: Log;
  /** An antivirus looks at every piece before anybody gets it. */
  scansPieces: boolean;
}

/** The database and its queue: what the flows meet in. */
export interface Store {
  db: Db;
  /** pg-boss; only `insertJobs` and `workMails` speak to it. */
  boss: PgBoss;
  databaseUrl: string;
  close(): Promise<void>;
}

export type Db = ReturnType<typeof openClient>;
export type Tx = Parameters<Parameters<Db['$transaction']>[0]>[0];

export interface StoreOptions {
  databaseUrl: string;
  onError(error: unknown): void;
}

export const DELIVERY_QUEUE = 'deliver';

/** Migrates, connects, prepares the queue. */
export async function openStore({ databaseUrl, onError }: StoreOptions): Promise<Store> {
  await migrate(databaseUrl);
  const db = openClient(databaseUrl, onError);
  const boss = new PgBoss({
    connectionString: databaseUrl,
    max: 4,
    // How often the mails of an instance that died are looked for.
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
    schema: 'pgboss',
    useListenNotify: true,
    schedule: false,
  });
  boss.on('error', onError);
  await boss.start();
  await prepareDeliveryQueue(boss);
  return {
    db,
    boss,
    databaseUrl,
    close: async () => {
      await boss.stop({ graceful: true, timeout: 10_000 });
      await db.$disconnect();
    },
  };
}

export interface ReleasedMail {
  id: string;
  /** Null: it waits for the releaser. */
  jobId: string | null;
}

/** Writes the jobs in the transaction that names them on their mails: both or neither (`fromPrisma`). */
export async function insertJobs(store: Store, tx: Tx, mails: readonly ReleasedMail[]): Promise<void> {
  const jobs = mails.flatMap(({ id, jobId }) => (jobId === null ? [] : [{ id: jobId, data: { outboundEmailId: id } }]));
  // In the order of the mails: workers take the oldest job first.
  if (jobs.length > 0) await store.boss.insert(DELIVERY_QUEUE, jobs, { db: fromPrisma(tx) });
}

/** A connection and nothing else: neither migrated nor with its queue. */
export function openClient(databaseUrl: string, onError: (error: unknown) => void) {
  const adapter = new PrismaPg(
    { connectionString: databaseUrl, max: 12, connectionTimeoutMillis: 5_000 },
    { onPoolError: onError, onConnectionError: onError },
  );
  // Bytes are large and rarely wanted: whoever needs them selects them.
  const client = new PrismaClient({
    adapter,
    omit: { inboundEmail: { raw: true }, blob: { bytes: true, thumbnail: true } },
  });
  return client.$extends({ query: { $allModels: { $allOperations: ({ args, query }) => query(cleanDeep(args)) } } });
}

/** A job is a wake-up: it is tried again for a worker that died, and for nothing else. */
async function prepareDeliveryQueue(boss: PgBoss): Promise<void> {
  const options = {
    retryDelay: 1,
    retryBackoff: false,
    retryLimit: 10,
    retentionSeconds: 30 * 86_400,
    // A worker that died holding a mail: it is tried again after this.
    heartbeatSeconds: 10,
    expireInSeconds: 120,
    deleteAfterSeconds: 86_400,
    notify: true,
  };
  if ((await boss.getQueue(DELIVERY_QUEUE)) === null) await boss.createQueue(DELIVERY_QUEUE, options);
  await boss.updateQueue(DELIVERY_QUEUE, options);
}

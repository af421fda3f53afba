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
  /** pg-boss; only `queueMails`, `hastenMails` and `workMails` speak to it. */
  boss: PgBoss;
  databaseUrl: string;
  close(): Promise<void>;
}

export type Db = ReturnType<typeof openClient>;
export type Tx = Parameters<Parameters<Db['$transaction']>[0]>[0];

export interface StoreOptions {
  databaseUrl: string;
  /** Seconds during which a mail is tried again. */
  giveUpAfterSeconds: number;
  onError(error: unknown): void;
}

export const DELIVERY_QUEUE = 'deliver';

/** Migrates, connects, prepares the queue. */
export async function openStore({ databaseUrl, giveUpAfterSeconds, onError }: StoreOptions): Promise<Store> {
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
  await prepareDeliveryQueue(boss, giveUpAfterSeconds);
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

export interface QueuedMail {
  id: string;
  /** Null: at once. */
  sendAfter: Date | null;
}

/** Writes the jobs in the transaction that decided the mails: both or neither (`fromPrisma`). */
export async function queueMails(store: Store, tx: Tx, mails: readonly QueuedMail[], now: Date): Promise<void> {
  if (mails.length === 0) return;
  const jobs = mails.map(({ id, sendAfter }) => {
    const data = { outboundEmailId: id };
    if (sendAfter === null) return { data };
    // Counted by the database's own clock; and with an id that is known, so that a clock that jumps can call it forward.
    return { id, data, startAfter: Math.ceil((sendAfter.getTime() - now.getTime()) / 1_000) };
  });
  await store.boss.insert(DELIVERY_QUEUE, jobs, { db: fromPrisma(tx) });
}

/** The jobs of mails that had to wait. One that runs or has run is left alone. */
export async function hastenMails(store: Store, outboundEmailIds: readonly string[]): Promise<void> {
  for (const id of outboundEmailIds) await store.boss.update(DELIVERY_QUEUE, undefined, { id, startAfter: 0 });
}

/** A connection and nothing else: neither migrated nor with its queue. */
export function openClient(databaseUrl: string, onError: (error: unknown) => void) {
  const adapter = new PrismaPg(
    { connectionString: databaseUrl, max: 12, connectionTimeoutMillis: 5_000 },
    { onPoolError: onError, onConnectionError: onError },
  );
  // Bytes are large and rarely wanted: whoever needs them selects them.
  const client = new PrismaClient({ adapter, omit: { inboundEmail: { raw: true }, blob: { bytes: true } } });
  return client.$extends({ query: { $allModels: { $allOperations: ({ args, query }) => query(cleanDeep(args)) } } });
}

/** First after some seconds, then ever more rarely up to every four hours, until the time is over (RFC 5321 §4.5.4.1). */
async function prepareDeliveryQueue(boss: PgBoss, giveUpAfterSeconds: number): Promise<void> {
  const longestDelay = 4 * 3_600;
  const options = {
    retryDelay: 20,
    retryBackoff: true,
    retryDelayMax: longestDelay,
    // Ten tries grow to four hours, then one every four hours.
    retryLimit: Math.max(3, 10 + Math.ceil(giveUpAfterSeconds / longestDelay)),
    retentionSeconds: giveUpAfterSeconds + 30 * 86_400,
    // A worker that died holding a mail: it is tried again after this.
    heartbeatSeconds: 10,
    expireInSeconds: 120,
    deleteAfterSeconds: 86_400,
    notify: true,
  };
  if ((await boss.getQueue(DELIVERY_QUEUE)) === null) await boss.createQueue(DELIVERY_QUEUE, options);
  await boss.updateQueue(DELIVERY_QUEUE, options);
}

import pg from 'pg';
import { reasonOf } from '../log.ts';

/**
 * PostgreSQL keeps the bytes of what was deleted until its table is rewritten. A small table is, at night; a large one would
 * stand still for too long: its space is given free, and is overwritten as new mails come.
 */

/** Where what is forgotten had been. */
export const SAID_IN = [
  '"ServiceRequest"',
  '"Message"',
  '"Attachment"',
  '"Blob"',
  '"Event"',
  '"InboundEmail"',
  '"OutboundEmail"',
  '"ActionLink"',
  '"StepUpCode"',
  'pgboss.job',
];

/** Where a mail's Message-ID is kept until it is deleted. */
export const ERASURES_IN = ['"MailboxErasure"'];

const REWRITTEN_AT_MOST_BYTES = 1_000_000_000;
/** Whoever waits longer for a table that somebody uses would hold up everybody behind. */
const LOCK_PATIENCE = '5s';
const REWRITE_PATIENCE = '120s';

export interface Vacuumed {
  /** The tables whose old bytes are gone from the files. */
  rewritten: number;
  /** Those whose old bytes stay until they are overwritten. */
  freed: number;
}

/** @throws when the database cannot be reached; a table that cannot be worked on is left to the next run */
export async function vacuum(
  databaseUrl: string,
  tables: readonly string[],
  onTrouble: (reason: string) => void,
): Promise<Vacuumed> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const attempt = async (sql: string) =>
    client.query(sql).then(
      () => true,
      (error: unknown) => {
        onTrouble(reasonOf(error));
        return false;
      },
    );
  try {
    await client.query(`SET lock_timeout = '${LOCK_PATIENCE}'`);
    await client.query(`SET statement_timeout = '${REWRITE_PATIENCE}'`);
    let rewritten = 0;
    let freed = 0;
    for (const table of await tablesIn(client, tables)) {
      const isSmall = table.bytes <= REWRITTEN_AT_MOST_BYTES;
      if (isSmall && (await attempt(`VACUUM (FULL, ANALYZE) ${table.name}`))) rewritten += 1;
      else if (await attempt(`VACUUM (ANALYZE) ${table.name}`)) freed += 1;
    }
    // The commonest values of each column, as they were: only the owner of the database may.
    await attempt('VACUUM FULL pg_catalog.pg_statistic');
    // Twice: the journal of before the first one is not needed after the second.
    for (let i = 0; i < 2; i += 1) {
      await client.query('SELECT pg_switch_wal()').catch(() => undefined);
      await client.query('CHECKPOINT').catch(() => undefined);
    }
    return { rewritten, freed };
  } finally {
    await client.end();
  }
}

/** A queue is a table of its own under `pgboss.job`, and only what holds rows can be rewritten. */
async function tablesIn(client: pg.Client, tables: readonly string[]): Promise<{ name: string; bytes: number }[]> {
  const { rows } = await client.query<{ name: string; bytes: string }>(
    `SELECT DISTINCT tree.relid::text AS name, pg_total_relation_size(tree.relid) AS bytes
     FROM unnest($1::text[]) AS wanted, pg_partition_tree(wanted::regclass) AS tree WHERE tree.isleaf
     UNION SELECT wanted, pg_total_relation_size(wanted::regclass) FROM unnest($1::text[]) AS wanted
     WHERE (SELECT relkind FROM pg_class WHERE oid = wanted::regclass) = 'r'
     ORDER BY 1`,
    [tables],
  );
  return rows.map(({ name, bytes }) => ({ name, bytes: Number(bytes) }));
}

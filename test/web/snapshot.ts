import type { TestTown } from './town.ts';

/** A fingerprint of every row of every table, queued mails included: what did not change compares equal. */
export async function contentsOf({ ground }: TestTown): Promise<Record<string, unknown>> {
  const { db } = ground.store;
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
    WHERE schemaname = 'public' OR (schemaname = 'pgboss' AND tablename LIKE 'job%')`;
  const contents: Record<string, unknown> = {};
  for (const { name } of tables) {
    contents[name] = await db.$queryRawUnsafe(
      `SELECT count(*)::int, md5(string_agg(t::text, '' ORDER BY t::text)) FROM ${name} t`,
    );
  }
  return contents;
}

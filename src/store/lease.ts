import type { Ground } from './store.ts';

/** One owner per mailbox: a row with an end, by the database's own clock. A killed owner's lease runs out by itself. */
export const LEASE_SECONDS = 5;

/** Takes or renews the lease; false when another owner has it. */
export async function holdLease({ store }: Ground, name: string, owner: string): Promise<boolean> {
  const rows = await store.db.$queryRaw<unknown[]>`
    INSERT INTO "Lease" (name, owner, until) VALUES (${name}, ${owner}, now() + make_interval(secs => ${LEASE_SECONDS}))
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
      WHERE "Lease".owner = excluded.owner OR "Lease".until < now()
    RETURNING 1`;
  return rows.length > 0;
}

/** So that the next owner need not wait. */
export async function releaseLease({ store }: Ground, name: string, owner: string): Promise<void> {
  await store.db.lease.deleteMany({ where: { name, owner } });
}

import type { Ground } from './store.ts';

/** What the mails and the commands of the forgetting show. */

export interface DeletionRow {
  id: string;
  reference: string;
  category: string | null;
  closedAt: Date;
  forgetOn: Date;
  pieces: number;
}

/** Of these requests, those that are still to be forgotten, oldest first. */
export async function loadDeletion({ store: { db } }: Ground, requestIds: readonly string[]): Promise<DeletionRow[]> {
  return db.$queryRaw<DeletionRow[]>`
    SELECT r.id::text, r.reference, r.category, r."closedAt", r."forgetOn", (
      SELECT count(*) FROM "Attachment" a JOIN "Message" m ON m.id = a."messageId" WHERE m."requestId" = r.id)::int AS pieces
    FROM "ServiceRequest" r
    WHERE r.id = ANY(${[...requestIds]}::uuid[]) AND r."forgetOn" IS NOT NULL
    ORDER BY r."closedAt", r.reference`;
}

export async function pendingErasureCount({ store: { db } }: Ground): Promise<number> {
  return db.mailboxErasure.count({ where: { doneAt: null } });
}

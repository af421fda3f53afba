import type { PieceScan } from '../domain/piece-safety.ts';
import type { Ground } from './store.ts';

/** What the antivirus says of each piece, on its row: pending → clean | infected | unscannable. */

/**
 * With an antivirus nothing leaves unscanned: pieces that came while there was none are looked at too, and wait for it.
 * Written again and again, since another instance may still keep pieces without one.
 */
export async function expectScans({ store }: Ground): Promise<number> {
  return replaceScan(store.db, 'off', 'pending');
}

/** Without one, nobody will look at what still waits. What was found stays held back. */
export async function giveUpScans({ store }: Ground): Promise<number> {
  return replaceScan(store.db, 'pending', 'off');
}

/**
 * The pieces that wait, those that came first before the others. One that was tried waits its turn: another instance has
 * it in hand, or it failed, and must not keep the others from being scanned.
 */
export async function waitingPieces({ store, clock }: Ground, retryAfterMs: number, count: number): Promise<string[]> {
  // Ids grow with time (UUID version 7); not every PostgreSQL has min(uuid).
  const rows = await store.db.$queryRaw<{ sha256: string }[]>`
    SELECT blob.sha256 FROM "Blob" AS blob JOIN "Attachment" AS piece ON piece."blobSha256" = blob.sha256
    WHERE blob.scan = 'pending'
      AND (blob."scannedAt" IS NULL OR blob."scannedAt" <= ${triedBefore(clock.now(), retryAfterMs)})
    GROUP BY blob.sha256 ORDER BY min(piece.id::text) LIMIT ${count}`;
  return rows.map(({ sha256 }) => sha256);
}

/** Its bytes, for one instance alone: the claim is a condition on the row, and ends by itself. Null when another was quicker. */
export async function claimPiece({ store, clock }: Ground, sha256: string, retryAfterMs: number) {
  const now = clock.now();
  const [piece] = await store.db.blob.updateManyAndReturn({
    where: {
      sha256,
      scan: 'pending' satisfies PieceScan,
      OR: [{ scannedAt: null }, { scannedAt: { lte: triedBefore(now, retryAfterMs) } }],
    },
    data: { scannedAt: now },
    omit: { bytes: false, thumbnail: true },
  });
  return piece?.bytes ?? null;
}

/** It was not really tried: whoever is next may. */
export async function releasePiece({ store }: Ground, sha256: string): Promise<void> {
  await store.db.blob.updateMany({ where: { sha256, scan: 'pending' satisfies PieceScan }, data: { scannedAt: null } });
}

export async function recordScan(
  { store, clock }: Ground,
  sha256: string,
  { scan, threat }: { scan: PieceScan; threat: string | null },
): Promise<void> {
  await store.db.blob.updateMany({
    where: { sha256, scan: 'pending' satisfies PieceScan },
    data: { scan, threat, scannedAt: clock.now() },
  });
}

async function replaceScan(db: Ground['store']['db'], from: PieceScan, to: PieceScan): Promise<number> {
  const { count } = await db.blob.updateMany({ where: { scan: from }, data: { scan: to, scannedAt: null } });
  return count;
}

function triedBefore(now: Date, retryAfterMs: number): Date {
  return new Date(now.getTime() - retryAfterMs);
}

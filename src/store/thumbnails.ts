import type { PieceScan } from '../domain/piece-safety.ts';
import type { Ground } from './store.ts';

/** Photos made small, kept with the piece: null until the first need, empty when there is none to be had. */

const SERVABLE: PieceScan[] = ['clean', 'off'];
/** Enough to know a picture by. */
const START_BYTES = 16;

export interface KnownPiece {
  sha256: string;
  start: Uint8Array;
  thumbnail: Uint8Array | null;
}

/** Of these pieces, those that may leave; neither whole nor in order. */
export async function knownPieces({ store }: Ground, sha256s: readonly string[]): Promise<KnownPiece[]> {
  if (sha256s.length === 0) return [];
  return store.db.$queryRaw<KnownPiece[]>`
    SELECT sha256, substring(bytes FOR ${START_BYTES}::int) AS start, thumbnail FROM "Blob"
    WHERE sha256 = ANY(${[...sha256s]}) AND scan = ANY(${SERVABLE})`;
}

/**
 * The bytes of a piece that nobody made small yet, for one instance alone. Until it is kept it counts as one that cannot
 * be: a picture that kills the process kills it once.
 */
export async function claimThumbnail({ store }: Ground, sha256: string): Promise<Uint8Array | null> {
  const [piece] = await store.db.blob.updateManyAndReturn({
    where: { sha256, thumbnail: null, scan: { in: SERVABLE } },
    data: { thumbnail: new Uint8Array() },
    omit: { bytes: false, thumbnail: true },
  });
  return piece?.bytes ?? null;
}

export async function keepThumbnail({ store }: Ground, sha256: string, jpeg: Uint8Array): Promise<void> {
  await store.db.blob.updateMany({ where: { sha256 }, data: { thumbnail: Uint8Array.from(jpeg) } });
}

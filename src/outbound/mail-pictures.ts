import { isPiece } from '../domain/citizen-mail.ts';
import { isStaff, type Person } from '../domain/people.ts';
import { pictureType } from '../domain/picture-type.ts';
import { sizeOf } from '../domain/thumbnail.ts';
import { reasonOf } from '../log.ts';
import type { Dossier } from '../store/dossiers.ts';
import type { ClaimedMail } from '../store/outbound-emails.ts';
import type { Ground } from '../store/store.ts';
import { claimThumbnail, keepThumbnail, knownPieces, type KnownPiece } from '../store/thumbnails.ts';
import type { PictureView } from './mail-view.ts';
import { PICTURES } from './shorten-view.ts';
import { openThumbnails } from './thumbnail.ts';

/** The photos of a request, small, inside an agent's mail. A picture that cannot be had is left out; the mail goes. */

export interface MailPicture extends PictureView {
  jpeg: Buffer;
}

const MOST_TOTAL_BYTES = 100_000;
/** As many as a mail lists, of its message and of the request. */
const MOST_LOOKED_AT = 24;
const LARGEST_PIECE_BYTES = 25_000_000;
/** A mail is worth more than its pictures. */
const MAKING_MS = 10_000;
/** What is drawn is twice as large as what is shown. */
const DENSITY = 2;

/** By attachment. */
export type PicturesOf = (mail: ClaimedMail, to: Person, dossier: Dossier | null) => Promise<Map<string, MailPicture>>;

export function createPictures(ground: Ground): PicturesOf {
  const thumbnailOf = thumbnails(ground);
  return async (mail, to, dossier) => {
    if (dossier === null || !isStaff(to.role)) return new Map();
    try {
      return await picturesOf(ground, thumbnailOf, piecesOf(dossier, mail.messageRef));
    } catch (error) {
      ground.log.warn({ event: 'picture.not_made', outboundId: mail.id, reason: reasonOf(error) });
      return new Map();
    }
  };
}

/** The parts of the mail that its HTML shows, once each. */
export function inlineParts(pictures: Iterable<MailPicture>, html: string) {
  const byCid = new Map([...pictures].map((picture) => [picture.cid, picture]));
  const shown = [...byCid.values()].filter(({ cid }) => html.includes(`cid:${cid}"`));
  return shown.map(({ cid, jpeg }, i) => ({
    cid,
    filename: `photo-${i + 1}.jpg`,
    contentType: 'image/jpeg',
    contentDisposition: 'inline' as const,
    content: jpeg,
  }));
}

async function picturesOf(
  ground: Ground,
  thumbnailOf: ThumbnailOf,
  pieces: { id: string; blobSha256: string }[],
): Promise<Map<string, MailPicture>> {
  const sha256s = [...new Set(pieces.slice(0, MOST_LOOKED_AT).map(({ blobSha256 }) => blobSha256))];
  const known = new Map((await knownPieces(ground, sha256s)).map((piece) => [piece.sha256, piece]));
  const chosen = new Map<string, MailPicture>();
  const startedAt = performance.now();
  let totalBytes = 0;
  for (const sha256 of sha256s) {
    const piece = known.get(sha256);
    if (piece === undefined || chosen.size === PICTURES) continue;
    const jpeg = await thumbnailOf(piece, performance.now() - startedAt < MAKING_MS);
    const picture = jpeg && pictureOf(ground, sha256, jpeg);
    if (picture === null || totalBytes + picture.jpeg.length > MOST_TOTAL_BYTES) continue;
    totalBytes += picture.jpeg.length;
    chosen.set(sha256, picture);
  }
  return new Map(
    pieces.flatMap(({ id, blobSha256 }) => {
      const picture = chosen.get(blobSha256);
      return picture ? [[id, picture] as const] : [];
    }),
  );
}

/** In the order in which a mail shows them: its own message first. */
function piecesOf({ messages }: Dossier, messageRef: string | null) {
  const own = messages.filter(({ id }) => id === messageRef);
  const others = messages.filter(({ id }) => id !== messageRef);
  return [...own, ...others]
    .flatMap(({ attachments }) => attachments)
    .filter(({ inline, size }) => isPiece(inline, size) && size <= LARGEST_PIECE_BYTES);
}

function pictureOf({ config }: Ground, sha256: string, jpeg: Uint8Array): MailPicture | null {
  const size = sizeOf(jpeg);
  if (size === null) return null;
  const domain = config.town.mailbox.slice(config.town.mailbox.lastIndexOf('@') + 1);
  return {
    cid: `${sha256.slice(0, 32)}@${domain}`,
    width: Math.ceil(size.width / DENSITY),
    height: Math.ceil(size.height / DENSITY),
    jpeg: Buffer.from(jpeg),
  };
}

type ThumbnailOf = (piece: KnownPiece, mayMake: boolean) => Promise<Uint8Array | null>;

/** What is being made is made once, whoever asks. */
function thumbnails(ground: Ground): ThumbnailOf {
  const making = new Map<string, Promise<Uint8Array | null>>();
  return async ({ sha256, start, thumbnail }, mayMake) => {
    const inHand = making.get(sha256);
    if (inHand !== undefined) return inHand;
    if (thumbnail !== null) return thumbnail;
    if (!mayMake || pictureType(start) === null) return null;
    const made = makeOne(ground, sha256).finally(() => making.delete(sha256));
    making.set(sha256, made);
    return made;
  };
}

async function makeOne(ground: Ground, sha256: string): Promise<Uint8Array | null> {
  const makeThumbnail = await openThumbnails();
  const bytes = makeThumbnail && (await claimThumbnail(ground, sha256));
  if (makeThumbnail === null || bytes === null) return null;
  const made = await makeThumbnail(bytes);
  if ('refused' in made) {
    ground.log.info({ event: 'picture.not_made', sha256, reason: made.refused });
    return null;
  }
  await keepThumbnail(ground, sha256, made.jpeg);
  return made.jpeg;
}

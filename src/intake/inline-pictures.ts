import { pictureType } from '../domain/picture-type.ts';
import type { MimeFile } from './read-mime.ts';

/** Which pictures of a mail may be shown inside it: those it brings with it, small, and pictures by their first bytes. */

const MAX_PICTURE_BYTES = 300_000;
/** Of all that one mail shows, each time it shows it: one picture a thousand times is a thousand pictures. */
const MAX_TOTAL_BYTES = 1_000_000;

/** Answers the `data:` address of what an `<img>` points at, or null when it is not to be shown. */
export type ChoosePicture = (source: string) => string | null;

export function choosePictures(attachments: readonly MimeFile[]): ChoosePicture {
  const byCid = new Map(
    attachments.flatMap(({ cid, content }) => (cid === undefined ? [] : [[cid, content] as const])),
  );
  let total = 0;
  return (source) => {
    const bytes = source.startsWith('data:') ? bytesOfData(source) : byCid.get(cidOf(source));
    const type = bytes && bytes.length <= MAX_PICTURE_BYTES ? pictureType(bytes) : null;
    if (bytes === undefined || type === null || total + bytes.length > MAX_TOTAL_BYTES) return null;
    total += bytes.length;
    return `data:${type};base64,${bytes.toString('base64')}`;
  };
}

/** RFC 2392: percent-encoded, and some programs forget it. */
function cidOf(source: string): string {
  const given = /^cid:(.{1,500})$/i.exec(source)?.[1] ?? '';
  try {
    return decodeURIComponent(given);
  } catch {
    return given;
  }
}

function bytesOfData(source: string): Buffer | undefined {
  const comma = source.indexOf(',');
  if (comma < 0 || comma > 100 || !source.slice(0, comma).endsWith(';base64')) return undefined;
  return Buffer.from(source.slice(comma + 1), 'base64');
}

import { pictureType } from '../domain/picture-type.ts';

/** What a file is by its first bytes. Anything that is not on this list travels as plain bytes (html and svg above all). */

export const OTHER = 'application/octet-stream';

/** `declared` is believed for plain text only, and only when it reads as UTF-8 without control characters. */
export function sniffType(bytes: Uint8Array, declared: string): string {
  const picture = pictureType(bytes);
  if (picture !== null) return picture;
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-') return 'application/pdf';
  return /^text\/plain\b/i.test(declared) && isPlainText(bytes) ? 'text/plain; charset=utf-8' : OTHER;
}

/** Shown in the page: pictures that browsers decode, not too heavy for a phone. */
export function isSmallPicture(contentType: string, size: number): boolean {
  return /^image\/(jpeg|png|gif|webp)$/i.test(contentType) && size <= 1_500_000;
}

function isPlainText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    return !/[\u0000-\u0008\u000e-\u001f\u007f]/.test(text);
  } catch {
    return false;
  }
}

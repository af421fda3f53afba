/** A photo made small for a mail: a JPEG of ours, which says so itself. */

/** Of a comment that programs keep when they quote the mail with its pictures, so that we know our own when they come back. */
const MARK = Buffer.from('Guichet: a piece, shown small');
/** ITU-T T.81, B.2.4.5: marker FFFE, then the length, itself included. */
const COMMENT = Buffer.concat([Buffer.from([0xff, 0xfe, 0, MARK.length + 2]), MARK]);
/** Start of image, and JFIF's own segment, which wants to be the first. */
const LONGEST_HEAD_BYTES = 64;

export function marked(jpeg: Uint8Array): Buffer {
  const bytes = Buffer.from(jpeg);
  const at = bytes[3] === 0xe0 ? 4 + bytes.readUInt16BE(4) : 2;
  return Buffer.concat([bytes.subarray(0, at), COMMENT, bytes.subarray(at)]);
}

export function isThumbnail(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, LONGEST_HEAD_BYTES + COMMENT.length));
  return head[0] === 0xff && head[1] === 0xd8 && head.includes(COMMENT);
}

/** In pixels, from the segment that begins the frame (T.81, B.2.2); null when it is no whole JPEG. */
export function sizeOf(jpeg: Uint8Array): { width: number; height: number } | null {
  const bytes = Buffer.from(jpeg);
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    const isFrame = bytes[at + 1] === 0xc0 || bytes[at + 1] === 0xc2;
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
  }
  return null;
}

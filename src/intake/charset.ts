import { isUtf8 } from 'node:buffer';
import { Transform } from 'node:stream';

/** Bytes whose charset is not said, or said wrongly, are UTF-8 where they can be, and western elsewhere (RELIABILITY M12). */

/** Line by line: a gateway adds its footer in a charset of its own. */
export function decodeGuessed(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return bytes
    .toString('latin1')
    .split('\n')
    .map((line) => {
      const raw = Buffer.from(line, 'latin1');
      return isUtf8(raw) ? raw.toString('utf8') : (withoutNulMarks(line) ?? WESTERN.decode(raw));
    })
    .join('\n');
}

/**
 * A literal of IMAP carries no NUL (RFC 3501 §9): Dovecot puts 0x80 in its place, which is no letter of UTF-8. Beside
 * nothing but ASCII it is the euro of windows-1252.
 */
function withoutNulMarks(line: string): string | null {
  const raw = Buffer.from(line.replaceAll(/(?<![\x80-\xff])\x80+/g, ''), 'latin1');
  return isUtf8(raw) && raw.some((byte) => byte > 0x7f) ? raw.toString('utf8') : null;
}

const WESTERN = new TextDecoder('windows-1252');

/** HTML may name its charset itself: heard when nothing else says it, and the bytes are not plainly UTF-8. */
export function decodeGuessedHtml(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const named = META.exec(bytes.subarray(0, 4_096).toString('latin1'))?.[1] ?? '';
  const decoder = decoderOf(named);
  return decoder === null || decoder.encoding === 'utf-8' ? decodeGuessed(bytes) : decoder.decode(bytes);
}

const META = /<meta\s[^>]{0,200}charset\s*=\s*["']?\s*([\w:.-]{2,40})/i;

function decoderOf(label: string): TextDecoder | null {
  try {
    return label === '' ? null : new TextDecoder(label);
  } catch {
    return null;
  }
}

/** Decodes at the end of the stream: whether a letter is half of another is known only then. */
export function guessingStream(decode: (bytes: Buffer) => string): Transform {
  const chunks: Buffer[] = [];
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
    flush(done) {
      done(null, decode(Buffer.concat(chunks)));
    },
  });
}

/** What labels say nothing: none, 7-bit ones over 8-bit letters, UTF-8 that is not. */
export function saysNothing(label: string): boolean {
  return /^(?:|(?:us-?)?ascii|ansi_x3\.4-1968|utf-?8|7bit|8bit|unknown(?:-8bit)?|default)$/i.test(label.trim());
}

/** ISO 8859-1 has no letters from 0x80 to 0x9f: whoever writes them means windows-1252 (WHATWG Encoding). */
export function isLatin1(label: string): boolean {
  return /^(?:iso[-_]?8859-?1|latin-?1|l1)$/i.test(label.trim());
}

/** The same mail with its header fields in UTF-8, raw or in encoded words: the parser would lose every other letter. */
export function withReadableHeaders(raw: Buffer): Buffer {
  const end = headerEnd(raw);
  const head = raw.subarray(0, end);
  const readable = isUtf8(head) ? head : Buffer.from(decodeGuessed(head));
  const text = readable.toString('latin1');
  const relabelled = text.includes('=?') ? text.replace(WORDS, relabelRun) : text;
  const body = raw.subarray(end);
  const parts = isUtf8(body) ? body : withReadablePartHeaders(body);
  if (relabelled === text && readable === head && parts === body) return raw;
  return Buffer.concat([Buffer.from(relabelled, 'latin1'), parts]);
}

function headerEnd(raw: Buffer): number {
  const ends = [raw.indexOf('\r\n\r\n'), raw.indexOf('\n\n')].filter((at) => at >= 0);
  return ends.length === 0 ? raw.length : Math.min(...ends);
}

/** Names of files, written as they are. */
function withReadablePartHeaders(body: Buffer): Buffer {
  const text = body.toString('latin1');
  const readable = text.replace(PART_FIELD, (field) => {
    const raw = Buffer.from(field, 'latin1');
    return isUtf8(raw) ? field : Buffer.from(decodeGuessed(raw)).toString('latin1');
  });
  return readable === text ? body : Buffer.from(readable, 'latin1');
}

const PART_FIELD = /^content-(?:type|disposition):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*/gim;

const WORD = String.raw`=\?[^?\s]{1,60}\?[qb]\?[^?\r\n]{0,500}\?=`;
/** Encoded words (RFC 2047) in a row: many clients cut a letter in two between them. */
const WORDS = new RegExp(String.raw`${WORD}(?:(?:\r?\n)?[ \t]+${WORD})*`, 'gi');
const PIECES = /=\?([^?\s]+)\?([qb])\?([^?]*)\?=/gi;

function relabelRun(run: string): string {
  const words = [...run.matchAll(PIECES)].map(([, label = '', encoding = '', text = '']) => ({
    label,
    encoding,
    text,
  }));
  const isClear = words.every(({ label }) => !saysNothing(label) && isKnown(label));
  const bytes = words.map(({ encoding, text }) => bytesOf(encoding, text));
  if (isClear || (words.every(({ label }) => saysNothing(label)) && isUtf8(Buffer.concat(bytes)))) return run;
  let at = -1;
  return run.replace(PIECES, (word, label: string, encoding: string, text: string) => {
    at += 1;
    const isWestern = (saysNothing(label) && !isUtf8(bytes[at] ?? Buffer.alloc(0))) || !isKnown(label);
    return isWestern ? `=?windows-1252?${encoding}?${text}?=` : word;
  });
}

function bytesOf(encoding: string, text: string): Buffer {
  if (encoding.toLowerCase() === 'b') return Buffer.from(text, 'base64');
  const decoded = text.replace(/=([0-9a-f]{2})/gi, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1');
}

/** Families that the parser knows and the platform's decoder does not are left to it. */
function isKnown(label: string): boolean {
  const [name = ''] = label.split('*');
  return saysNothing(name) || decoderOf(name) !== null || /^(?:cp|ibm|mac|windows|iso|utf|hz|ks)/i.test(name);
}

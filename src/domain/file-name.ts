/** A name that any system can save: no path, no control or bidirectional character, nothing reserved, 150 bytes at most. */

// oxlint-disable-next-line no-control-regex -- they are what is taken out
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff<>:"|?*]/g;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
const MAX_BYTES = 150;

const encoder = new TextEncoder();

export function safeFileName(given: string, unnamed = 'piece'): string {
  const base = given.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .replace(UNSAFE, '')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .replace(RESERVED, '_$1');
  return shorten(clean.normalize('NFC')) || unnamed;
}

function shorten(name: string): string {
  if (byteLength(name) <= MAX_BYTES) return name;
  const extension = /\.[\w-]{1,10}$/.exec(name)?.[0] ?? '';
  let stem = '';
  for (const character of name.slice(0, name.length - extension.length)) {
    if (byteLength(stem + character + extension) > MAX_BYTES) break;
    stem += character;
  }
  return stem + extension;
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

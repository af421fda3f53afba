import { randomBytes } from 'node:crypto';

/** A UUID of version 7 (RFC 9562 §5.7): it grows with time, so that indexes grow at their end. */
export function newId(now?: number): string {
  return now === undefined ? idOf(nextPlace()) : idOf({ ms: now, count: randomBytes(2).readUInt16BE() % COUNTS });
}

function idOf({ ms, count }: { ms: number; count: number }): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(ms, 0, 6);
  bytes.writeUInt16BE(0x7000 | count, 6);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Twelve bits. */
const COUNTS = 0x1000;

let last = { ms: 0, count: 0 };

/**
 * The ids of one process also grow within a millisecond (RFC 9562 §6.2), or what one transaction writes is read in any
 * order: the note of whoever forwarded a mail before the citizen's own words. A clock set back, or more ids than a
 * millisecond has counts, borrow from the time to come.
 */
function nextPlace(): { ms: number; count: number } {
  const now = Date.now();
  const isFull = last.count === COUNTS - 1;
  if (now > last.ms) last = { ms: now, count: 0 };
  else last = isFull ? { ms: last.ms + 1, count: 0 } : { ms: last.ms, count: last.count + 1 };
  return last;
}

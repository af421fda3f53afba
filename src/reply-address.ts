import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Every mail can be answered: its Reply-To is `mairie+2026-000021.k3f…@plassans.fr`, whose last part is 80 bits of an
 * HMAC over the reference and the person it was mailed to. Whoever writes to it has received it.
 */

/** Crockford's base 32, lower case: no i, l, o, u, so that a hand-copied address survives. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const KEY_LENGTH = 16;

export interface AddressKey {
  reference: string;
  key: string;
}

/** `owner` is what `ownerKey` answers for the person. */
export function replyAddress(mailbox: string, reference: string, owner: string, secrets: readonly string[]): string {
  const [local, domain] = splitAddress(mailbox);
  return `${local}+${reference}.${keyFor(reference, owner, secrets[0] ?? '')}@${domain}`;
}

/** Where an answer goes: into the thread with the citizen, or to colleagues, because a colleague's words are answered. */
export type Purpose = 'thread' | 'note';

/** Who a person is in a key: their part, their address, and what an answer of theirs would be. */
export function ownerKey(
  person: { role: string; department: string | null; address: string },
  purpose: Purpose,
): string {
  return `${person.role}|${person.department ?? ''}|${person.address.toLowerCase()}|${purpose}`;
}

/** The reference and key of a recipient address, forgiving of case and of l/1, o/0; null for any other address. */
export function readReplyAddress(address: string, mailbox: string): AddressKey | null {
  const [local, domain] = splitAddress(mailbox);
  const [wholeLocal, itsDomain] = splitAddress(address.toLowerCase());
  if (itsDomain !== domain || !wholeLocal.startsWith(`${local}+`)) return null;
  const match = /^(20[0-9]{2}-[0-9]{6})\.([0-9a-z]{16})$/.exec(wholeLocal.slice(local.length + 1));
  if (match === null) return null;
  const [, reference = '', key = ''] = match;
  return { reference, key: key.replace(/[il]/g, '1').replace(/o/g, '0') };
}

/** Whether the key was made for this person, under any of the secrets. */
export function isKeyOf({ reference, key }: AddressKey, owner: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(key.padEnd(KEY_LENGTH).slice(0, KEY_LENGTH));
  return secrets.some((secret) => timingSafeEqual(Buffer.from(keyFor(reference, owner, secret)), given));
}

function keyFor(reference: string, owner: string, secret: string): string {
  const digest = createHmac('sha256', secret).update(`reply|${reference}|${owner}`).digest();
  return Array.from(digest.subarray(0, KEY_LENGTH), (byte) => ALPHABET[byte & 31]).join('');
}

function splitAddress(address: string): [string, string] {
  const at = address.lastIndexOf('@');
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)];
}

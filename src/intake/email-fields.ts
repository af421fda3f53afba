import { isPlausibleAddress, type MailAddress } from '../domain/received-email.ts';

/** The fields of a mail as plain values, whatever stands in them. */

const MAX_VALUES = 50;
const MAX_CHARS = 8_000;
const MAX_ADDRESSES = 200;

/** An address field as the parser gives it: groups nest. */
interface AddressField {
  value: readonly AddressEntry[];
}

interface AddressEntry {
  name: string;
  address?: string | undefined;
  group?: readonly AddressEntry[] | undefined;
}

/** Header names in lower case, each with its unfolded values in order. A Map: `__proto__` is a name like any other. */
export function headerMap(lines: readonly { key: string; line: string }[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const { key, line } of lines) {
    const values = headers.get(key) ?? [];
    if (values.length === 0) headers.set(key, values);
    if (values.length < MAX_VALUES) values.push(unfolded(line).slice(0, MAX_CHARS));
  }
  return headers;
}

/** Fields that stand once in every honest mail (RFC 5322 §3.6): two of one are two opinions of what the mail is. */
export function doubledFields(headers: ReadonlyMap<string, readonly string[]>): string[] {
  return SINGLETONS.filter((name) => (headers.get(name)?.length ?? 0) > 1);
}

const SINGLETONS =
  'from sender reply-to to cc subject date message-id in-reply-to references content-type mime-version'.split(' ');

export function mailAddresses(field: AddressField | AddressField[] | undefined): MailAddress[] {
  const objects = field === undefined ? [] : Array.isArray(field) ? field : [field];
  return objects
    .flatMap(({ value }) => value.flatMap((entry) => entry.group ?? [entry]))
    .slice(0, MAX_ADDRESSES)
    .map((entry) => {
      const address = (entry.address ?? '').trim().toLowerCase();
      const name = entry.name
        .replace(/[\p{Cc}\p{Cf}]/gu, '')
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, 200);
      return { name: isAnAddress(name) ? '' : name, address: isPlausibleAddress(address) ? address : '' };
    });
}

/** « "dgs@plassans.fr" <pirate@example.net> »: a name that would be read as the sender (RELIABILITY M3). */
function isAnAddress(name: string): boolean {
  return /^\S+@\S+\.\S+$/.test(name);
}

/** A program that shows the first `<…>` and one that checks the last must not be told two different senders (RELIABILITY M3). */
export function senders(
  field: AddressField | AddressField[] | undefined,
  values: readonly string[] = [],
): MailAddress[] {
  const found = mailAddresses(field);
  const inBrackets = values.flatMap(
    (value) =>
      value
        .replace(/"(?:[^"\\]|\\.)*"/g, '')
        .toLowerCase()
        .match(/<[^<>]*@[^<>]*>/g) ?? [],
  );
  return found.length === 1 && new Set(inBrackets).size > 1 ? [{ name: found[0]?.name ?? '', address: '' }] : found;
}

/** Every address a mail was sent to, by any header that servers write; damaged fields are searched for what looks like one. */
export function recipientsOf(headers: ReadonlyMap<string, readonly string[]>): string[] {
  const found = RECIPIENT_FIELDS.flatMap((name) => headers.get(name) ?? []).flatMap(
    (value) => value.toLowerCase().match(ADDRESS) ?? [],
  );
  return [...new Set(found)].slice(0, MAX_ADDRESSES);
}

const RECIPIENT_FIELDS = (
  'to cc bcc resent-to delivered-to x-original-to envelope-to x-envelope-to ' +
  'x-forwarded-to x-delivered-to apparently-to'
).split(' ');
const ADDRESS = /[\w.+=-]{1,80}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}/g;

export function messageIds(values: readonly string[] | undefined): string[] {
  return (values ?? []).flatMap((value) => value.match(/<[^<>\s]{1,500}>/g) ?? []);
}

function unfolded(line: string): string {
  return line
    .slice(line.indexOf(':') + 1)
    .replace(/\r?\n|\0/g, '')
    .trim();
}

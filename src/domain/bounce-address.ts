/** Addresses as mail servers print them in their reports: wrapped, prefixed, decorated. */

const ADDRESS =
  /[^\s<>"(),:;[\]\\@|`{}«»“”]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{0,23}/gi;

/** Every address of a line, lower case, in order. */
export function addressesIn(line: string): string[] {
  return [...line.slice(0, MAX_LINE_CHARS).matchAll(ADDRESS)]
    .filter(({ index }) => !line.slice(Math.max(0, index - 3), index).endsWith('://'))
    .map(([found]) => bare(found))
    .filter((address) => !address.startsWith('@'));
}

/** The address of a delivery-status field: `rfc822; jean@example.fr`, `<jean@example.fr>`, xtext (RFC 3461 §4); '' for X.400. */
export function fieldAddress(value: string): string {
  const xtext = value.replace(/\+([0-9A-F]{2})/g, (whole, hex: string) =>
    XTEXT.has(hex) ? String.fromCharCode(Number.parseInt(hex, 16)) : whole,
  );
  return addressesIn(xtext)[0] ?? '';
}

/** A mail system, not somebody that a mail was written to. */
export function isPostmaster(address: string): boolean {
  return /^(?:mailer-?daemon|mail-daemon|post-?master|abuse|hostmaster|webmaster|support|help-?desk)@/.test(address);
}

const MAX_LINE_CHARS = 2_000;

/** Only what RFC 3461 makes servers encode: a plain `jean+2B@` is left alone. */
const XTEXT = new Set(['2B', '3D', '40']);

/** X.400 gateways print `dda:SMTP=jean@example.fr`; quotes and bullets stick to the front. */
function bare(found: string): string {
  return found
    .replace(/^.*\b(?:smtp|rfc-?822|mailto|to)[=/]/i, '')
    .replace(/^['’*=.\-_/&#]+(?=[^@])/, '')
    .toLowerCase();
}

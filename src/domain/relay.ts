import { LINK_PLACES } from './link-places.ts';

/**
 * Words on their way to somebody else lose our live links and reply addresses: whoever holds one can act. Link scanners
 * wrap them (safelinks, urldefense), clients quote them and break them over lines. The original stays in the raw mail.
 */
export function withoutLiveLinks(text: string, publicUrl: string, mailbox: string): string {
  const [local = '', domain = ''] = mailbox.split('@');
  const key = new RegExp(
    `${literal(local)}(?:\\+|%2B)20\\d\\d-\\d{6}\\.[0-9a-z]{1,32}(?:@|%40)${literal(domain)}`,
    'gi',
  );
  return text
    .replace(BROKEN_TOKEN, REMOVED)
    .replace(URL_WORD, (url) => (isOurs(url, publicUrl) ? REMOVED : url))
    .replace(key, mailbox);
}

/**
 * A piece that is one of our mails, or a text with our links: it stays with the request, and is sent to nobody else. An
 * attached mail is told by its own header (RFC 2046 §5.2.1: never in base64), since its body may be encoded.
 */
export function carriesLiveLinks(
  file: { fileName: string; contentType: string; content: Buffer },
  town: LinkPlaces,
): boolean {
  if (!/^(?:message|text)\//i.test(file.contentType) && !/\.(?:eml|msg|mht(?:ml)?|html?|txt)$/i.test(file.fileName))
    return false;
  const text = file.content.toString('latin1').replace(/\r\n/g, '\n');
  const fromUs = new RegExp(`^(?:from|reply-to):[^\\n]*(?:\\n[ \\t][^\\n]*)*[<\\s:]${literal(town.mailbox)}`, 'im');
  return fromUs.test(text) || withoutLiveLinks(text, town.publicUrl, town.mailbox) !== text;
}

export interface LinkPlaces {
  publicUrl: string;
  mailbox: string;
}

/** What stands instead. */
export const REMOVED = '[…]';

/** A soft or hard line break inside a long word, with the marks of a quote. */
const BREAK = '=?\\n(?:> ?)*';

/** A JSON Web Token, whole or broken over lines, with whatever URL stands before it on its line. */
const BROKEN_TOKEN = new RegExp(
  `(?:https?://[^\\s<>"]{1,500}?/)?(?<![\\w-])eyJ(?:[\\w-]|${BREAK}){17,160}\\.(?:[\\w-]|${BREAK}){20,1600}\\.(?:[\\w-]|${BREAK}){43}[^\\s<>"]*`,
  'g',
);

/** Where our links lead: actions, files, held mails, citizens' requests and their lists. */
const PLACES = Object.values(LINK_PLACES);

const URL_WORD = /https?:\/\/[^\s<>"]{1,4000}/gi;

/** The link itself, or a wrapper that carries it percent-encoded, once or several times. */
function isOurs(url: string, publicUrl: string): boolean {
  let seen = url;
  for (let depth = 0; depth < 4; depth++) {
    if (PLACES.some((place) => seen.includes(`${publicUrl}/${place}/`))) return true;
    if (/eyJ[\w-]{10,}\.[\w-]{10,}/.test(seen)) return true;
    const decoded = decodedOnce(seen);
    if (decoded === seen) return false;
    seen = decoded;
  }
  return false;
}

/** Percent signs of anything else are left alone. */
function decodedOnce(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : whole;
  });
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

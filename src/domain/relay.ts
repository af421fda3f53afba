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

const REMOVED = '[…]';

/** A soft or hard line break inside a long word, with the marks of a quote. */
const BREAK = '=?\\n(?:> ?)*';

/** A JSON Web Token, whole or broken over lines, with whatever URL stands before it on its line. */
const BROKEN_TOKEN = new RegExp(
  `(?:https?://[^\\s<>"]{1,500}?/)?(?<![\\w-])eyJ(?:[\\w-]|${BREAK}){17,160}\\.(?:[\\w-]|${BREAK}){20,1600}\\.(?:[\\w-]|${BREAK}){43}[^\\s<>"]*`,
  'g',
);

const URL_WORD = /https?:\/\/[^\s<>"]{1,4000}/gi;

/** The link itself, or a wrapper that carries it percent-encoded, once or several times. */
function isOurs(url: string, publicUrl: string): boolean {
  let seen = url;
  for (let depth = 0; depth < 4; depth++) {
    if (seen.includes(`${publicUrl}/a/`) || seen.includes(`${publicUrl}/f/`) || seen.includes(`${publicUrl}/h/`))
      return true;
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

import type { RequestHandler } from 'express';

const CSP =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** A file that a browser opens all the same can run nothing and reach nothing. */
export const FILE_CSP = "sandbox; default-src 'none'";

/** On every answer, errors included: nothing is kept by a cache, framed, indexed, or told to another site. */
export function strictHeaders(publicUrl: string): RequestHandler {
  const headers = {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': CSP,
    'X-Frame-Options': 'DENY',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': '',
    'X-Robots-Tag': 'noindex,nofollow',
    ...(publicUrl.startsWith('https:') ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
  return (_request, response, next) => {
    response.set(headers);
    next();
  };
}

/**
 * Whether a POST comes from a page of ours. Under `no-referrer` browsers send `Origin: null`, which tells nothing:
 * then `Sec-Fetch-Site` decides, and the nonce in any case.
 */
export function isFromOurPage(headers: Record<string, unknown>, publicUrl: string): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  if (site !== undefined && site !== 'same-origin') return false;
  return origin === undefined || origin === 'null' || origin === new URL(publicUrl).origin;
}

import { signLink, type LinkClaims } from '../src/action-link.ts';
import { systemClock } from '../src/clock.ts';
import { issueNonce } from '../src/web/form-nonce.ts';
import type { Site } from '../src/web/site.ts';
import { idIn, LONG_THREADS } from './pages-fill.ts';

/** Who opens what: the pages of a morning, in the shares a town hall would see. */

export const SECRETS = ['bench-secret-0123456789-abcdefghijkl'];

export interface Visit {
  kind: string;
  path: string;
  /** A form that is sent; '' for a page that is read. */
  body: string;
}

/** How many of a hundred. */
const SHARES: [string, number][] = [
  ['desk', 34],
  ['department', 18],
  ['form', 16],
  ['result', 6],
  ['citizen', 12],
  ['long', 2],
  ['expired', 4],
  ['forged', 3],
  ['post', 5],
];

export function planVisits(requests: number, count: number, seed: number): Visit[] {
  const kinds = SHARES.flatMap(([kind, share]) => Array.from({ length: share }, () => kind));
  let number = seed * 7_919;
  return Array.from({ length: count }, (_, i) => {
    // Prime steps: every request comes once before any comes again, in no order a cache would like.
    number = (number + 49_999) % (requests - LONG_THREADS);
    return visitOf(kinds[(i * 37) % kinds.length] ?? 'desk', LONG_THREADS + 1 + number);
  });
}

function visitOf(kind: string, request: number): Visit {
  switch (kind) {
    case 'department':
      // Odd ones are the department's.
      return { kind, path: `/a/${token(request - 1 + (request % 2), 1, 'view')}`, body: '' };
    case 'form':
      return { kind, path: `/a/${token(open(request), 0, 'transfer')}`, body: '' };
    case 'result':
      return { kind, path: `/a/${token(request, 0, 'note')}?done=${idIn('event', request, 2)}`, body: '' };
    case 'citizen':
      return { kind, path: `/d/${token(request, 2, 'follow')}`, body: '' };
    case 'long':
      return { kind, path: `/a/${token(1 + (request % LONG_THREADS), 0, 'view')}`, body: '' };
    case 'expired':
      return { kind, path: `/a/${token(request, 0, 'view', -3_600)}`, body: '' };
    case 'forged':
      return { kind, path: `/a/${token(request, 0, 'view').slice(0, -6)}AAAAAA`, body: '' };
    case 'post':
      return postOf(request);
    default:
      return { kind, path: `/a/${token(request, 0, 'view')}`, body: '' };
  }
}

/** An agent's note, from a page that was opened half a minute ago. */
function postOf(request: number): Visit {
  const site = { secrets: SECRETS } as Pick<Site, 'secrets'> as Site;
  const nonce = issueNonce(claimsOf(request, 0, 'note'), 'note', site, new Date(systemClock.now().getTime() - 30_000));
  const body = new URLSearchParams({ nonce, comment: `Vu sur place, devant le ${request}.` }).toString();
  return { kind: 'post', path: `/a/${token(request, 0, 'note')}`, body };
}

/** A request that is still open, at the desk. */
function open(request: number): number {
  return request - (request % 10);
}

function token(request: number, nth: 0 | 1 | 2, act: string, lifeSeconds = 864_000): string {
  return signLink(nth === 2 ? 'citizen' : 'action', claimsOf(request, nth, act, lifeSeconds), SECRETS);
}

function claimsOf(request: number, nth: 0 | 1 | 2, act: string, lifeSeconds = 864_000): LinkClaims {
  const now = Math.floor(systemClock.now().getTime() / 1_000);
  const sub = ['desk', 'department:voirie', 'citizen'][nth] ?? '';
  return {
    jti: idIn('link', request, nth),
    rid: idIn('request', request),
    sub,
    act,
    iat: now - 1_000_000,
    exp: now + lifeSeconds,
  };
}

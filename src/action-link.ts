import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LINK_PLACES } from './domain/link-places.ts';

/**
 * The signed links. A token names a row of ActionLink (`jti`), its request and the person it was mailed to, and where
 * it leads; never a status, a name or an address. HS256 only, one key per `kid` (RFC 8725 §3.1, §3.11).
 */

export type Surface = 'action' | 'file' | 'form' | 'held' | 'citizen' | 'mine';
/** A form's token is no address. */
export type LinkSurface = Exclude<Surface, 'form'>;

export interface LinkRow {
  id: string;
  requestId: string;
  role: string;
  department: string | null;
  createdAt: Date;
  expiresAt: Date;
}

export interface LinkClaims {
  /** The ActionLink row; for a held mail and for a citizen's list, the OutboundEmail row that told of it. */
  jti: string;
  /** The request (for a list, its first one); for a held mail, its InboundEmail row. */
  rid: string;
  /** The person, as a role: `desk`, `department:voirie`, `supervisor`, `citizen`. */
  sub: string;
  /** Where it leads: `view`, an action of the workflow, a citizen's `follow`; for a file, its attachment; for a form, its action. */
  act: string;
  /** For a form: what makes a second sending the same decision. */
  nonce?: string;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
}

export type Verified =
  | { ok: true; claims: LinkClaims }
  | { ok: false; reason: 'expired' | 'invalid'; claims: LinkClaims | null };

const ISSUER = 'guichet';
const TYPE = {
  action: 'guichet-action+jwt',
  file: 'guichet-file+jwt',
  form: 'guichet-form+jwt',
  held: 'guichet-held+jwt',
  citizen: 'guichet-citizen+jwt',
  mine: 'guichet-mine+jwt',
} as const satisfies Record<Surface, string>;
/** Clients glue `.`, `)` or `>` to a link; the signature is always 43 characters. */
const SHAPE = /^([\w-]{20,300}\.[\w-]{20,1200}\.[\w-]{43})[.,;:)>=\s]*$/;
/** Servers' clocks differ by some seconds. */
const CLOCK_TOLERANCE_S = 60;

export function signLink(surface: Surface, claims: LinkClaims, secrets: readonly string[]): string {
  const secret = secrets[0] ?? '';
  const header = { alg: 'HS256' as const, typ: TYPE[surface], kid: keyId(secret) };
  return jwt.sign({ ...claims, iss: ISSUER, aud: surface }, keyOf(secret), { algorithm: 'HS256', header });
}

/** The address of a link, below the town's own. */
export function signedPath(surface: LinkSurface, claims: LinkClaims, secrets: readonly string[]): string {
  return `/${LINK_PLACES[surface]}/${signLink(surface, claims, secrets)}`;
}

/** A token's `sub`. */
export function subjectOf({ role, department }: { role: string; department: string | null }): string {
  return department === null ? role : `${role}:${department}`;
}

/** Everything in a token comes from its row: the same mail, sent again, carries the same links. */
export function claimsOfLink(link: LinkRow, act: string): LinkClaims {
  return {
    jti: link.id,
    rid: link.requestId,
    sub: subjectOf(link),
    act,
    iat: Math.floor(link.createdAt.getTime() / 1_000),
    exp: Math.floor(link.expiresAt.getTime() / 1_000),
  };
}

/** Costs no query. An expired token of ours still tells whose it was, so that a fresh one can be offered. */
export function verifyLink(surface: Surface, given: string, secrets: readonly string[], now: Date): Verified {
  const token = SHAPE.exec(given)?.[1];
  const secret = token && secrets.find((candidate) => keyId(candidate) === kidOf(token));
  if (!token || !secret) return { ok: false, reason: 'invalid', claims: null };
  try {
    const { header, payload } = jwt.verify(token, keyOf(secret), {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: surface,
      complete: true,
      ignoreExpiration: true,
      clockTimestamp: Math.floor(now.getTime() / 1_000),
      clockTolerance: CLOCK_TOLERANCE_S,
    });
    if (header.typ !== TYPE[surface] || !isClaims(payload)) return { ok: false, reason: 'invalid', claims: null };
    const isExpired = payload.exp + CLOCK_TOLERANCE_S < now.getTime() / 1_000;
    return isExpired ? { ok: false, reason: 'expired', claims: payload } : { ok: true, claims: payload };
  } catch {
    return { ok: false, reason: 'invalid', claims: null };
  }
}

const keys = new Map<string, KeyObject>();

/** Given as text, jsonwebtoken tries each time whether it is a PEM: a tenth of what a page with its twenty links costs. */
function keyOf(secret: string): KeyObject {
  const key = keys.get(secret) ?? createSecretKey(secret, 'utf8');
  keys.set(secret, key);
  return key;
}

/** Which key signs: eight hexadecimal digits of its hash, so that keys can be rotated without naming them. */
function keyId(secret: string): string {
  return createHash('sha256').update(`kid|${secret}`).digest('hex').slice(0, 8);
}

function kidOf(token: string): unknown {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString());
    return header !== null && typeof header === 'object' && !('crit' in header) && 'kid' in header ? header.kid : null;
  } catch {
    return null;
  }
}

function isClaims(payload: unknown): payload is LinkClaims {
  if (payload === null || typeof payload !== 'object') return false;
  const claims = payload as Record<string, unknown>;
  const areTexts = ['jti', 'rid', 'sub', 'act'].every(
    (name) => typeof claims[name] === 'string' && claims[name] !== '',
  );
  return (
    areTexts &&
    Number.isInteger(claims['iat']) &&
    Number.isInteger(claims['exp']) &&
    isUuid(claims['jti']) &&
    isUuid(claims['rid'])
  );
}

/** The form of our ids, before a database is asked. */
export function isUuid(value: unknown): boolean {
  return typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value);
}

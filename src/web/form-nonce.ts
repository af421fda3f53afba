import { signLink, verifyLink, type LinkClaims } from '../action-link.ts';
import { newId } from '../store/ids.ts';
import type { Site } from './site.ts';

/** What a form carries so that it counts once, and only from a page of ours. Nothing is written to give one. */

/** A form may wait on a screen for a working day and its night. */
const VALID_FOR_S = 86_400;
/** No person reads a page, chooses and submits in less; a mail scanner that presses buttons does. */
const HUMAN_AFTER_MS = 1_000;

export type NonceCheck =
  | { state: 'valid'; nonce: string; isHasty: boolean }
  | { state: 'expired' }
  | { state: 'invalid' };

export function issueNonce(claims: LinkClaims, action: string, site: Site, now: Date): string {
  const { jti, rid, sub } = claims;
  const iat = Math.floor(now.getTime() / 1_000);
  const nonce = newId(now.getTime());
  return signLink('form', { jti, rid, sub, act: action, nonce, iat, exp: iat + VALID_FOR_S }, site.secrets);
}

/** Valid only for the link and the action it was given for. */
export function checkNonce(given: string, link: LinkClaims, site: Site, now: Date): NonceCheck {
  const verified = verifyLink('form', given, site.secrets, now);
  const form = verified.claims;
  const isOurs =
    form?.jti === link.jti && form.rid === link.rid && form.sub === link.sub && form.act === link.act && form.nonce;
  if (!isOurs) return { state: 'invalid' };
  if (!verified.ok) return { state: 'expired' };
  return { state: 'valid', nonce: isOurs, isHasty: now.getTime() - issuedAt(isOurs) < HUMAN_AFTER_MS };
}

/** What a form decides, it decides once: the id of its event's cause. */
export function causeOfForm(nonce: string): string {
  return `form:${nonce}`;
}

/** A UUID of version 7 begins with its milliseconds; `iat` only has seconds. */
function issuedAt(nonce: string): number {
  return Number.parseInt(nonce.replaceAll('-', '').slice(0, 12), 16);
}

import type { LinkClaims } from '../action-link.ts';
import type { ClaimedMail } from '../store/outbound-emails.ts';

/** Everything in a token comes from its row: the same mail, sent again, carries the same links. */
export function claimsOf(link: ClaimedMail['links'][number]): LinkClaims {
  return {
    jti: link.id,
    rid: link.requestId,
    sub: link.department === null ? link.role : `${link.role}:${link.department}`,
    act: 'view',
    iat: Math.floor(link.createdAt.getTime() / 1_000),
    exp: Math.floor(link.expiresAt.getTime() / 1_000),
  };
}

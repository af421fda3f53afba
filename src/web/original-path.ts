import type { LinkClaims } from '../action-link.ts';
import { linkPath, type Site } from './site.ts';

/** The page of a message that came by mail; for all others it answers that there is none. */
export function originalPath(claims: LinkClaims, messageId: string, site: Site): string {
  return `${linkPath('action', claims, 'view', site)}/message/${messageId}`;
}

import { signedPath, type LinkClaims, type LinkSurface } from '../action-link.ts';
import type { LinkSettings } from './compose.ts';

/** A link as a mail carries it. */
export function linkUrl(surface: LinkSurface, claims: LinkClaims, { publicUrl, secrets }: LinkSettings): string {
  return publicUrl + signedPath(surface, claims, secrets);
}

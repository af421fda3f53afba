import type { LinkClaims } from '../action-link.ts';
import { isServable } from '../domain/piece-safety.ts';
import type { DossierMessage } from '../store/dossiers.ts';
import { isSmallPicture } from './file-type.ts';
import { linkPath, type Site } from './site.ts';

/** The pieces of a message, as every page shows them: with a link while the antivirus has nothing against it. */
export function filesView({ attachments }: DossierMessage, claims: LinkClaims, site: Site) {
  return attachments.map(({ id, fileName, size, contentType, scan }) => ({
    fileName,
    size,
    scan,
    isServable: isServable(scan),
    path: linkPath('file', claims, id, site),
    isPicture: isSmallPicture(contentType, size) && isServable(scan),
  }));
}

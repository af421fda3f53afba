import { isUuid, type Verified } from '../action-link.ts';
import { findFile, type RequestFile } from '../store/dossiers.ts';
import { citizenVisit, expired } from './citizen-access.ts';
import { visibleMessages } from './citizen-thread.ts';
import { messagePage, type Answer, type Site } from './site.ts';

/** `isOwn`: they sent it themselves. */
export type CitizenFile = { ok: true; file: RequestFile; isOwn: boolean } | { ok: false; answer: Answer };

/** A piece that a citizen asks for: one of a message that they may read. */
export async function citizenFile(site: Site, verified: Verified): Promise<CitizenFile> {
  const { claims } = verified;
  if (claims === null) return { ok: false, answer: messagePage(404, 'damaged') };
  if (!verified.ok) return { ok: false, answer: expired(site, claims) };
  if (!isUuid(claims.act)) return { ok: false, answer: messagePage(404, 'unknown') };
  const opened = await citizenVisit(site, claims);
  if (!opened.ok) return opened;
  const { visit } = opened;
  const shown = visit.isNewcomer ? [] : visibleMessages(visit);
  const message = shown.find(({ attachments }) => attachments.some(({ id }) => id === claims.act));
  const file = message ? await findFile(site.ground.store.db, claims.rid, claims.act) : null;
  return file === null
    ? { ok: false, answer: messagePage(404, 'unknown') }
    : { ok: true, file, isOwn: message?.kind === 'inbound' };
}

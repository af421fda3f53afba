import { verifyLink } from '../action-link.ts';
import { findFile, loadBytes, type RequestFile } from '../store/dossiers.ts';
import { findBearer, mayOpen } from './access.ts';
import { CITIZEN } from './citizen-access.ts';
import { citizenFile, type CitizenFile } from './citizen-file.ts';
import { safeFileName } from '../domain/file-name.ts';
import { isServable } from '../domain/piece-safety.ts';
import { carriesLiveLinks } from '../domain/relay.ts';
import { sniffType } from './file-type.ts';
import { deadLink, deadToken } from './show-dossier.ts';
import { messagePage, type Answer, type Site } from './site.ts';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** GET of a file: of the token's own request only, and only for who may open it. */
export async function sendFile(site: Site, token: string): Promise<Answer> {
  const { ground, secrets } = site;
  const verified = verifyLink('file', token, secrets, ground.clock.now());
  if (verified.claims?.sub === CITIZEN) {
    const opened = await citizenFile(site, verified);
    return opened.ok ? giveToCitizen(site, opened) : opened.answer;
  }
  if (!verified.ok) return deadToken(site, verified);
  const { claims } = verified;
  if (!UUID.test(claims.act)) return messagePage(404, 'unknown');
  const [found, file] = await Promise.all([
    findBearer(ground, claims),
    findFile(ground.store.db, claims.rid, claims.act),
  ]);
  if (!found.ok) return deadLink(found.reason);
  if (file === null) return messagePage(404, 'unknown');
  return mayOpen(file.request, found.bearer) ? give(site, file) : messagePage(410, 'file_moved');
}

/** As their mails do, without the agents' own notices: whoever holds one can act. */
async function giveToCitizen(site: Site, { file, isOwn }: Extract<CitizenFile, { ok: true }>): Promise<Answer> {
  const answer = await give(site, file);
  if (isOwn || answer.kind !== 'file') return answer;
  const { publicUrl, ground } = site;
  const piece = { fileName: file.fileName, contentType: file.contentType, content: Buffer.from(answer.bytes) };
  const isLive = carriesLiveLinks(piece, { publicUrl, mailbox: ground.config.town.mailbox });
  return isLive ? messagePage(404, 'unknown') : answer;
}

async function give({ ground }: Site, file: RequestFile): Promise<Answer> {
  if (!isServable(file.scan)) return heldBack(file.scan);
  const bytes = await loadBytes(ground.store.db, file.blobSha256);
  if (bytes === null) return messagePage(404, 'unknown');
  const contentType = sniffType(bytes, file.contentType);
  return { kind: 'file', fileName: safeFileName(file.fileName), contentType, bytes };
}

/** It has been looked at within seconds, as a rule. */
const SCAN_SECONDS = 60;

/** Not yet, or never; what is not known to be either is not given. */
function heldBack(scan: string): Answer {
  if (scan === 'pending') return messagePage(503, 'file_pending', SCAN_SECONDS);
  return messagePage(403, scan === 'infected' ? 'file_infected' : 'file_unscannable');
}

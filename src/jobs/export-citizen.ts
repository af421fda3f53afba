import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { safeFileName } from '../domain/file-name.ts';
import { holdingsOf, rawOf, type Holdings } from '../store/citizen-holdings.ts';
import { loadBytes } from '../store/dossiers.ts';
import type { Ground } from '../store/store.ts';

/** What is held about an address, as a folder: one JSON, the pieces, and the mails as they came. */

export interface Exported {
  requests: number;
  pieces: number;
  mails: number;
}

/** @throws when the folder is there already, or cannot be written */
export async function exportCitizen(
  { store: { db }, clock }: Ground,
  address: string,
  folder: string,
): Promise<Exported> {
  const holdings = await holdingsOf(db, address);
  // For its owner alone.
  mkdirSync(folder, { mode: 0o700 });
  const [pieces, mails] = [piecesIn(holdings), mailsIn(holdings)];
  for (const { path, sha256 } of pieces) {
    const bytes = await loadBytes(db, sha256);
    write(folder, path, bytes ?? new Uint8Array());
  }
  for (const { path, id } of mails) write(folder, path, await rawOf(db, id));
  const index = { address, exportedAt: clock.now(), ...holdings, files: [...pieces, ...mails] };
  write(folder, 'export.json', JSON.stringify(index, asText, 2));
  return { requests: holdings.requests.length, pieces: pieces.length, mails: mails.length };
}

function piecesIn({ requests, elsewhere }: Holdings) {
  const messages = [
    ...requests.flatMap(({ reference, messages: own }) => own.map((message) => ({ reference, ...message }))),
    ...elsewhere.map(({ request, ...message }) => ({ reference: request.reference, ...message })),
  ];
  return messages.flatMap(({ reference, attachments }) =>
    attachments.map(({ id, fileName, blobSha256: sha256 }) => ({
      path: join('pieces', reference, `${id}-${safeFileName(fileName)}`),
      fileName,
      sha256,
    })),
  );
}

function mailsIn({ requests, mails }: Holdings) {
  const all = [...requests.flatMap(({ inboundEmails }) => inboundEmails), ...mails];
  return all.filter(({ size }) => size > 0).map(({ id }) => ({ path: join('messages', `${id}.eml`), id }));
}

function write(folder: string, path: string, content: string | Uint8Array): void {
  const target = join(folder, path);
  mkdirSync(join(target, '..'), { recursive: true });
  writeFileSync(target, content);
}

function asText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

import { loadRaw } from '../store/held-emails.ts';
import { OTHER } from './file-type.ts';
import { openHeld } from './held-access.ts';
import { messagePage, type Answer, type Site } from './site.ts';

/** GET of a held mail as it came: plain bytes to be saved, for whoever decides on it. */
export async function sendRaw(site: Site, token: string): Promise<Answer> {
  const opened = await openHeld(site, token);
  if (!opened.ok) return opened.answer;
  const { isAuthor, email } = opened.visit;
  const bytes = isAuthor ? null : await loadRaw(site.ground.store.db, email.id);
  if (bytes === null) return messagePage(404, 'unknown');
  const day = email.receivedAt.toISOString().slice(0, 10);
  return { kind: 'file', fileName: `message-${day}-${email.id.slice(-12)}.eml`, contentType: OTHER, bytes };
}

import { reasonOf } from '../log.ts';
import { sha256 } from '../store/inbound-emails.ts';
import { isStillKept, markErased, pendingErasures, type Erasure } from '../store/mailbox-erasures.ts';
import type { Ground } from '../store/store.ts';
import { ERASURES_IN, vacuum } from '../store/vacuum.ts';
import { MAX_EMAIL_BYTES, TRUNCATED_BYTES, type Mailbox } from './mailbox.ts';

/** The mails of what was forgotten leave the mailbox's folders, between two looks at INBOX, until none is left to do. */

const BATCH_COUNT = 20;
/** New mails wait meanwhile. */
const AT_MOST_MS = 20_000;
const INBOX = 'INBOX';

/** A server that will not is no reason to stop taking mails in: it is asked again after the next look. */
export async function eraseMails(ground: Ground, mailbox: Mailbox): Promise<void> {
  const until = Date.now() + AT_MOST_MS;
  try {
    let batch = await nextBatch(ground);
    if (batch.length === 0) return;
    while (batch.length > 0 && Date.now() < until) {
      await eraseBatch(ground, mailbox, batch);
      batch = await nextBatch(ground);
    }
    const tell = (reason: string) => ground.log.warn({ event: 'forget.not_vacuumed', reason });
    if (batch.length === 0) await vacuum(ground.store.databaseUrl, ERASURES_IN, tell);
  } catch (error) {
    ground.log.warn({ event: 'mailbox.not_erased', reason: reasonOf(error) });
    if (!mailbox.isOpen) throw error;
    await mailbox.enter(INBOX);
  }
}

async function nextBatch(ground: Ground): Promise<Erasure[]> {
  return pendingErasures(ground, BATCH_COUNT);
}

async function eraseBatch(ground: Ground, mailbox: Mailbox, batch: readonly Erasure[]): Promise<void> {
  const counts = new Map(batch.map(({ id }) => [id, 0]));
  const folders = await mailbox.folders();
  try {
    for (const folder of folders) {
      if (!(await enters(ground, mailbox, folder))) continue;
      for (const erasure of batch) {
        const uids = await copiesOf(ground, mailbox, folder, erasure);
        if (uids.length > 0) await mailbox.remove(uids);
        counts.set(erasure.id, (counts.get(erasure.id) ?? 0) + uids.length);
      }
    }
  } finally {
    if (mailbox.isOpen) await mailbox.enter(INBOX);
  }
  for (const { id } of batch) await markErased(ground, id, counts.get(id) ?? 0);
  const deleted = [...counts.values()].reduce((sum, count) => sum + count, 0);
  ground.log.info({ event: 'mailbox.erased', mails: batch.length, deleted });
}

/** Of the folders that are not ours, one may be closed to us: what it holds is not ours either. */
async function enters(ground: Ground, mailbox: Mailbox, folder: string): Promise<boolean> {
  try {
    await mailbox.enter(folder);
    return true;
  } catch (error) {
    if (folder === INBOX || folder === ground.config.processedFolder || !mailbox.isOpen) throw error;
    ground.log.warn({ event: 'mailbox.not_erased', reason: reasonOf(error) });
    return false;
  }
}

async function copiesOf(ground: Ground, mailbox: Mailbox, folder: string, erasure: Erasure): Promise<number[]> {
  const { messageId, rawSha256, size } = erasure;
  const named = messageId === null ? [] : await mailbox.find({ messageId });
  // A search finds what contains the words.
  const same = named.filter((mail) => mail.messageId === messageId);
  if (rawSha256 === null) return same.map(({ uid }) => uid);
  const candidates = [...same];
  for (const bytes of sizesOf(size)) {
    const alike = await mailbox.find({ size: bytes });
    candidates.push(...alike.filter(({ uid }) => !candidates.some((mail) => mail.uid === uid)));
  }
  const uids: number[] = [];
  for (const candidate of candidates) {
    const [fetched] = await mailbox.fetch([candidate]);
    if (fetched === undefined) continue;
    const sha = sha256(fetched.raw);
    const isItself = sha === rawSha256;
    // A server may hand out other bytes than it took in; but what waits in INBOX, or is another request's, is somebody's mail.
    const isCopy = !isItself && same.includes(candidate) && folder !== INBOX && !(await isStillKept(ground, sha));
    if (isItself || isCopy) uids.push(candidate.uid);
  }
  return uids;
}

/** Of a mail that was too large only the beginning was taken: the server counts it whole. */
function sizesOf(size: number | null): number[] {
  if (size === null || size === 0) return [];
  return size === TRUNCATED_BYTES ? [size, MAX_EMAIL_BYTES + 1] : [size];
}

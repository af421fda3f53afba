import { senderOf } from '../domain/received-email.ts';
import { TRANSACTION } from '../store/decide-on.ts';
import { lockStored, settleEmails, type Settlement } from '../store/inbound-emails.ts';
import type { Ground, Tx } from '../store/store.ts';
import type { PreparedEmail } from './prepare-email.ts';

/** A mail leaves the journal's « stored » in the transaction that made something of it, and only once. */

/** A mail that another instance settled meanwhile: nothing is left to do. */
export class SettledElsewhere extends Error {}

export async function inOneTransaction<T>(
  ground: Ground,
  emails: readonly PreparedEmail[],
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const ids = emails.map(({ stored }) => stored.id);
  return ground.store.db.$transaction(async (tx) => {
    if (!(await lockStored(tx, ids))) throw new SettledElsewhere();
    return work(tx);
  }, TRANSACTION);
}

/** Inside a decision's own transaction: until its end nobody else makes anything of this mail. */
export async function takeStored(tx: Tx, { stored }: PreparedEmail): Promise<void> {
  if (!(await lockStored(tx, [stored.id]))) throw new SettledElsewhere();
}

/** Inside a decision's own transaction. */
export async function settleLocked(ground: Ground, tx: Tx, prepared: PreparedEmail, outcome: Outcome): Promise<void> {
  await takeStored(tx, prepared);
  await settleEmails(ground, tx, [settlement(prepared, outcome)]);
}

export type Outcome = Pick<Settlement, 'state' | 'verdict' | 'reasons' | 'requestId'> &
  Partial<Pick<Settlement, 'held'>>;

export function settlement(
  { stored, email, messageIdSha, contentSha, error }: PreparedEmail,
  outcome: Outcome,
): Settlement {
  return {
    held: null,
    ...outcome,
    id: stored.id,
    fromAddress: email === null ? '' : senderOf(email),
    subject: email?.subject ?? '',
    messageId: answerableId(email?.messageId),
    messageIdSha,
    contentSha,
    error: error || null,
  };
}

/** A header line is at most 998 characters (RFC 5322 §2.1.1); a longer id is not worth answering. */
function answerableId(messageId = ''): string | null {
  return /^<[\x21-\x7e]{3,900}>$/.test(messageId) ? messageId : null;
}

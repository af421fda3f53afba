import type { BounceCause } from '../domain/bounce-cause.ts';
import type { Withholding } from '../domain/dispatch.ts';
import { DOUBTFUL_PAUSE_MS, withoutOurTime, type Deferral } from '../domain/retry.ts';
import { cleanText } from './clean-text.ts';
import type { ClaimedMail } from './claim-mail.ts';
import { aLaterOneWaits } from './mail-conditions.ts';
import type { Ground, Tx } from './store.ts';

/** What became of a try, on the row of its mail. What goes back to wait is named by no job. */

export interface Sent {
  state: 'sent' | 'written';
  /** The server's answer, or the file. */
  response: string;
}

/** Answers whether a later mail of the same request waits for this one to have left. */
export async function markSent({ store, clock }: Ground, id: string, { state, response }: Sent): Promise<boolean> {
  const now = clock.now();
  const rows = await store.db.$queryRaw<{ isAwaited: boolean }[]>`
    UPDATE "OutboundEmail" m
    SET state = ${state}, "sentAt" = ${now}::timestamptz, "triedAt" = ${now}::timestamptz, response = ${cleanText(response)},
      "lastError" = NULL
    WHERE id = ${id}::uuid RETURNING ${aLaterOneWaits} AS "isAwaited"`;
  return rows[0]?.isAwaited ?? false;
}

export async function markWithheld({ store, clock }: Ground, id: string, cause: Withholding): Promise<void> {
  await store.db.outboundEmail.update({ where: { id }, data: { state: 'withheld', cause, triedAt: clock.now() } });
}

/** The recipient's server said « not now ». */
export async function markDeferred(
  { store, clock }: Ground,
  mail: ClaimedMail,
  later: Deferral & { lastError: string },
): Promise<void> {
  const data = { ...later, state: 'queued', jobId: null, triedAt: clock.now() };
  await store.db.outboundEmail.updateMany({ where: inHand(mail), data });
}

/** A trouble of ours costs a mail nothing. In doubt whether it left, or broke the connection, others go before it. */
export async function markUntried({ store, clock }: Ground, mail: ClaimedMail, isDoubtful: boolean): Promise<void> {
  const now = clock.now();
  const tryAfter = isDoubtful ? new Date(now.getTime() + DOUBTFUL_PAUSE_MS) : now;
  const data = { tryAfter, deferredAt: withoutOurTime(mail, tryAfter), state: 'queued', jobId: null, triedAt: now };
  await store.db.outboundEmail.updateMany({ where: inHand(mail), data });
}

export interface WhyNot {
  answer: string;
  cause: BounceCause;
}

/** A server refused it for good, or for too long. */
export async function markFailed(tx: Tx, id: string, { answer, cause }: WhyNot, now: Date): Promise<void> {
  await tx.outboundEmail.update({ where: { id }, data: { state: 'failed', lastError: answer, cause, triedAt: now } });
}

/** It was sent, and came back. */
export async function markBounced(tx: Tx, id: string, { answer, cause }: WhyNot, now: Date): Promise<void> {
  await tx.outboundEmail.update({ where: { id }, data: { state: 'failed', lastError: answer, cause, bouncedAt: now } });
}

/** Its history says that it is late. */
export async function markLate(tx: Tx, id: string, lastError: string, now: Date): Promise<void> {
  await tx.outboundEmail.update({ where: { id }, data: { delayedAt: now, lastError } });
}

/** Unless another job has it by now: this one's worker was taken for dead. */
function inHand({ id, jobId }: ClaimedMail) {
  return { id, jobId, state: 'sending' };
}

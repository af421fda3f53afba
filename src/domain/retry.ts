/** When a mail that the recipient's server refused « for now » is tried again (RFC 5321 §4.5.4.1). */

/** Minutes after the first, the second, … refusal; the last one again and again. Greylisting lets in after five. */
const PAUSES_MIN = [1, 5, 15, 30, 60, 120, 240] as const;
const MINUTE_MS = 60_000;

export interface Waiting {
  /** How often it was refused for now. */
  deferrals: number;
  /** The first time; later by the time that it waited for us since. */
  deferredAt: Date | null;
  /** When it was to be tried; null: at once. */
  tryAfter: Date | null;
}

export interface Deferral {
  deferrals: number;
  deferredAt: Date;
  /** Null: the last try, at the very end of the patience, was in vain. */
  tryAfter: Date | null;
}

/** It was tried now, and refused for now. */
export function deferral(mail: Waiting, now: Date, patienceSeconds: number): Deferral {
  const deferrals = mail.deferrals + 1;
  const deferredAt = withoutOurTime(mail, now) ?? now;
  const end = deferredAt.getTime() + patienceSeconds * 1_000;
  const pause = PAUSES_MIN[Math.min(deferrals, PAUSES_MIN.length) - 1] ?? PAUSES_MIN[0];
  const next = Math.min(now.getTime() + pause * MINUTE_MS, end);
  return { deferrals, deferredAt, tryAfter: now.getTime() >= end ? null : new Date(next) };
}

/** Only the recipient's server wears the patience out: not the time that our own trouble, a pause or a rate took. */
export function withoutOurTime({ deferredAt, tryAfter }: Waiting, until: Date): Date | null {
  if (deferredAt === null || tryAfter === null) return deferredAt;
  return new Date(deferredAt.getTime() + Math.max(0, until.getTime() - tryAfter.getTime()));
}

/** From then on the history of the request says that the mail is late. */
export const LATE_AFTER_MS = 4 * 60 * MINUTE_MS;

/** Its answer was lost, so that it may have left (RFC 1047), or it may be what broke the connection: others go first. */
export const DOUBTFUL_PAUSE_MS = 10 * MINUTE_MS;

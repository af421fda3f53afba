/** The six digits a person types to confirm that a sensitive action is theirs. The lock is theirs too: a new code inherits it. */

export const MOST_TRIES = 5;
export const LOCK_MINUTES = 15;

export interface GivenCode {
  hash: string;
  expiresAt: Date;
  /** Wrong ones so far. */
  tries: number;
  lockedUntil: Date | null;
}

/** The six digits of what was typed or pasted: « 123 456 », « 123-456 », full-width digits. Null for anything else. */
export function readCode(input: string): string | null {
  if (input.length > LONGEST_INPUT) return null;
  const bare = input.normalize('NFKC').replaceAll(/[\s\p{Cf}.‐‑–-]/gu, '');
  return /^\d{6}$/.test(bare) ? bare : null;
}

/**
 * A lock comes before anything else, so that a locked person learns nothing about their guess. `hash` and `givenHash` are
 * of the same kind: hexadecimal or base64 of a keyed hash, since six digits alone are found in no time.
 */
export function judgeCode(
  { givenHash, code }: { givenHash: string; code: GivenCode },
  now: Date,
): 'right' | 'wrong' | 'expired' | 'locked' {
  if (isLocked(code, now)) return 'locked';
  if (now.getTime() >= code.expiresAt.getTime()) return 'expired';
  return isSame(givenHash, code.hash) ? 'right' : 'wrong';
}

/** What to keep after a wrong code: the fifth in a row locks, and once a lock is over the count begins again. */
export function afterWrongCode(
  { tries, lockedUntil }: Pick<GivenCode, 'tries' | 'lockedUntil'>,
  now: Date,
): Pick<GivenCode, 'tries' | 'lockedUntil'> {
  const counted = (lockedUntil === null ? tries : 0) + 1;
  const until = new Date(now.getTime() + LOCK_MINUTES * 60_000);
  return { tries: counted, lockedUntil: counted >= MOST_TRIES ? until : null };
}

const LONGEST_INPUT = 60;

/** Five tries without a lock are a lock whose writing was lost: never a sixth try. */
function isLocked({ tries, lockedUntil }: GivenCode, now: Date): boolean {
  return lockedUntil === null ? tries >= MOST_TRIES : now.getTime() < lockedUntil.getTime();
}

/** In a time that tells nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < other.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return one !== '' && difference === 0;
}

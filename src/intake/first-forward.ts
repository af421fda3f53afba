import { parseForwardDate } from '../domain/forward-date.ts';
import { findForward } from '../domain/forward.ts';
import { staffAt, type Town } from '../domain/people.ts';
import type { PreparedEmail } from './prepare-email.ts';

type Forwarded = NonNullable<PreparedEmail['forward']>;

/** A mail that one agent forwarded to another, who forwards it here, is the first sender's; the words of both are kept. */
export function firstForward(outer: Forwarded, town: Town): Forwarded {
  let forward = outer;
  for (let agents = 1; agents < MOST_AGENTS; agents++) {
    if (staffAt(town, forward.from?.address ?? '').length === 0) return forward;
    const inner = findForward(forward.text);
    if (inner === null || (inner.from?.address ?? '') === '') return forward;
    const { from, date, subject, text } = inner;
    const before = [forward.before, inner.before].filter((words) => words.trim() !== '').join('\n\n');
    forward = { ...forward, from, date, sentAt: parseForwardDate(date), subject, text, before };
  }
  return forward;
}

const MOST_AGENTS = 4;

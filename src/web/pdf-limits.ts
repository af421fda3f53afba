/** How much of a dossier goes on paper. Nobody reads more, and one dossier must not hold the server up. */

/** About a hundred pages of words. */
const WORDS_BUDGET = 300_000;
const TEXT_AT_MOST = 20_000;
/** Of the longest texts, when there are too many of them. */
const TEXT_AT_LEAST = 500;

/** How many characters of each text may be printed, so that all of them together stay within the budget. */
export function textLimit(lengths: readonly number[]): number {
  const total = lengths.reduce((sum, length) => sum + Math.min(length, TEXT_AT_MOST), 0);
  if (total <= WORDS_BUDGET) return TEXT_AT_MOST;
  return Math.max(TEXT_AT_LEAST, Math.floor(WORDS_BUDGET / lengths.length));
}

export interface Cut {
  text: string;
  /** Characters left out. */
  omitted: number;
}

export function cutText(text: string, limit: number): Cut {
  return text.length <= limit ? { text, omitted: 0 } : { text: text.slice(0, limit), omitted: text.length - limit };
}

export interface Ends<T> {
  first: readonly T[];
  /** How many stood between. */
  omitted: number;
  last: readonly T[];
}

/** How it began and how it stands: the middle is what goes. */
export function bothEnds<T>(items: readonly T[], atMost: number): Ends<T> {
  if (items.length <= atMost) return { first: items, omitted: 0, last: [] };
  const first = Math.ceil(atMost / 5);
  return {
    first: items.slice(0, first),
    omitted: items.length - atMost,
    last: items.slice(items.length - atMost + first),
  };
}

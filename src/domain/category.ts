import type { CategoryField } from './category-fields.ts';
import type { Procedure } from './silence.ts';

/** What a request is about, guessed from its words: a proposal for whoever transfers it, never a decision. */

export interface Category {
  id: string;
  name: string;
  department: string;
  keywords: readonly string[];
  /** What is asked of such a request besides its words. */
  fields: readonly CategoryField[];
  /** The supporting documents that such a request usually needs. */
  pieces: readonly string[];
  /** What the law makes of silence about such a request. */
  procedure: Procedure;
}

/** The category with the most of its keywords in the text; null when none has any. */
export function guessCategory(text: string, categories: readonly Category[]): Category | null {
  const words = plain(text.slice(0, 20_000));
  let best: { category: Category; score: number } | null = null;
  for (const category of categories) {
    const score = category.keywords.filter((keyword) => words.includes(plain(keyword))).length;
    if (score > (best?.score ?? 0)) best = { category, score };
  }
  return best?.category ?? null;
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ');
}

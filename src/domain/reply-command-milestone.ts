import { fold, isNear, type Line } from './reply-command-line.ts';
import { endOfPart, type FoundNamed, skipArticles } from './reply-command-name.ts';
import { ARTICLES } from './reply-command-words.ts';

/** Looks for a milestone by its words: « visite » is « Visite sur place » as long as no other milestone has that word. */
export function findMilestone(line: Line, from: number, milestones: readonly string[]): FoundNamed {
  const start = skipArticles(line, from);
  const end = Math.min(endOfPart(line, start), start + MOST_WORDS);
  const known = milestones.map((name) => ({ name, words: wordsOf(name) }));
  for (let to = end; to > start; to--) {
    const written = line.words.slice(start, to).map(({ word }) => word);
    const whole = known.filter(({ words }) => words.join(' ') === written.join(' '));
    const fitting = whole.length > 0 ? whole : known.filter(({ words }) => isPartOf(written, words));
    const [only] = fitting;
    if (only !== undefined && fitting.length === 1) {
      return { kind: 'found', choices: { milestone: only.name }, name: only.name, start, end: to };
    }
    if (fitting.length > 1) return { kind: 'near', names: fitting.map(({ name }) => name), start, end: to };
  }
  const written = line.words.slice(start, end).map(({ word }) => word.slice(0, LONGEST_WORD));
  const near = known.filter(({ words }) => written.some((word) => isTelling(word) && hasNear(words, word)));
  if (near.length === 0) return { kind: 'unknown', start, end };
  return { kind: 'near', names: near.map(({ name }) => name), start, end };
}

const MOST_WORDS = 12;
const LONGEST_WORD = 40;

function wordsOf(name: string): string[] {
  return fold(name).match(/[\p{L}\p{N}]+/gu) ?? [];
}

function isPartOf(written: readonly string[], words: readonly string[]): boolean {
  return written.some(isTelling) && written.every((word) => words.includes(word) || ARTICLES.has(word));
}

function hasNear(words: readonly string[], written: string): boolean {
  return words.some((word) => isNear(written, word));
}

/** « sur » alone names no milestone. */
function isTelling(word: string): boolean {
  return word.length >= 3 && !ARTICLES.has(word) && !SMALL_WORDS.has(word);
}

const SMALL_WORDS: ReadonlySet<string> = new Set('sur sous par pour avec dans une chez'.split(' '));

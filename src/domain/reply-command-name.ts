import type { Choices } from './choices.ts';
import { type Line, markBefore } from './reply-command-line.ts';
import { ARTICLES } from './reply-command-words.ts';

/** What a command chooses by name. */
export type NamedChoices = Pick<Choices, 'department' | 'agent' | 'colleague' | 'milestone' | 'until'>;

/** Something named in a line: exactly one, or the names of those it may be. `end`: the word after its name. */
export type FoundNamed = { start: number; end: number } & (
  | { kind: 'found'; choices: NamedChoices; name: string }
  | { kind: 'near'; names: readonly string[] }
  | { kind: 'unknown' }
);

/** The first word of a name, behind any article: « à la voirie », « au service de l'état civil ». */
export function skipArticles(line: Line, from: number, articles: ReadonlySet<string> = ARTICLES): number {
  let at = from;
  while (at < from + MOST_ARTICLES && articles.has(line.words[at]?.word ?? '') && isSamePart(line, at, from)) at += 1;
  return at;
}

/** The word after the last one before a comma, a colon, or the end. */
export function endOfPart(line: Line, start: number): number {
  let at = start;
  while (at < line.words.length && markBefore(line, at) === 'none') at += 1;
  return at;
}

const MOST_ARTICLES = 6;

function isSamePart(line: Line, at: number, from: number): boolean {
  return at === from || markBefore(line, at) === 'none';
}

import { fold, isNear, type Line, markBefore } from './reply-command-line.ts';
import { endOfPart, type FoundNamed, skipArticles } from './reply-command-name.ts';
import { ARTICLES } from './reply-command-words.ts';

/** What a command may name: a department by its id and by its name. */
export interface NamedOffice {
  id: string;
  name: string;
}

/** Looks for a department from the word at `from`, behind any article: « à la voirie », « au service de l'état civil ». */
export function findOffice(line: Line, from: number, offices: readonly NamedOffice[]): FoundNamed {
  const start = skipArticles(line, from);
  const named = offices
    .flatMap((office) => keysOf(office).map((key) => ({ office, key, length: lengthAt(line, start, key) })))
    .filter(({ length }) => length > 0);
  const longest = Math.max(0, ...named.map(({ length }) => length));
  const best = [...new Set(named.filter(({ length }) => length === longest).map(({ office }) => office))];
  const end = longest > 0 ? start + longest : endOfPart(line, start);
  const office = best[0];
  if (office !== undefined && best.length === 1) {
    return { kind: 'found', choices: { department: office.id }, name: office.name, start, end };
  }
  const near = (office === undefined ? nearOffices(line, start, end, offices) : best).map(({ name }) => name);
  return near.length === 0 ? { kind: 'unknown', start, end } : { kind: 'near', names: near, start, end };
}

function lengthAt(line: Line, start: number, key: readonly string[]): number {
  const isThere =
    markBefore(line, start) === 'none' &&
    key.every((word, offset) => line.words[start + offset]?.word === word) &&
    key.every((_, offset) => offset === 0 || ['none', 'comma', 'dash'].includes(markBefore(line, start + offset)));
  return isThere ? key.length : 0;
}

function keysOf({ id, name }: NamedOffice): string[][] {
  return [id, name].map(keyOf).filter((key) => key.length > 0);
}

function keyOf(text: string): string[] {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const first = words.findIndex((word) => !ARTICLES.has(word));
  return first === -1 ? [] : words.slice(first);
}

/** Those whose name was badly written, or written in part: a proposal, never a choice. */
function nearOffices(line: Line, start: number, end: number, offices: readonly NamedOffice[]): NamedOffice[] {
  const written = line.words.slice(start, end).map(({ word }) => word);
  const whole = written.join(' ').slice(0, 80);
  if (whole === '') return [];
  return offices.filter((office) =>
    keysOf(office).some((key) => {
      const meant = key.join(' ');
      const isPart = whole.length >= 3 && (meant.startsWith(whole) || key.includes(whole));
      return isPart || isNear(whole, meant) || isNear(written.slice(0, key.length).join(' ').slice(0, 80), meant);
    }),
  );
}

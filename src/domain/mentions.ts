import { type Called, everyoneCalled, nameWords, without } from './mention-names.ts';
import type { Person, Town } from './people.ts';
import { fold } from './reply-command-line.ts';
import { slipsBetween } from './slips.ts';

export interface Mentions {
  /** Each once, in the order of the text. Whoever wrote may be among them. */
  found: Person[];
  /** `word` as written, without its « @ »; `near`: names it may have meant, three at most. */
  unknown: { word: string; near: string[] }[];
}

/** Who is called in a note: « @jeanne.martin », « @Martin », « @service voirie », « @j.martin@plassans.fr ». */
export function readMentions(text: string, town: Town): Mentions {
  const everyone = everyoneCalled(town);
  const found = new Map<string, Person>();
  const unknown = new Map<string, { word: string; near: string[] }>();
  for (const called of callsIn(text)) {
    const people = peopleCalled(called, everyone);
    const [person] = people;
    if (person !== undefined && people.length === 1) {
      found.set(person.address, found.get(person.address) ?? person);
    } else {
      const near = people.length > 0 ? people : nearPeople(called.words, everyone);
      const key = called.words.join(' ');
      const names = [...new Set(near.map(({ name }) => name))].slice(0, MOST_NEAR);
      unknown.set(key, unknown.get(key) ?? { word: called.written, near: names });
    }
  }
  return { found: [...found.values()], unknown: [...unknown.values()] };
}

/** What stands behind an « @ », and the words after it that may belong to the name. */
interface Call {
  written: string;
  address: string | null;
  words: readonly string[];
  next: readonly string[];
}

// Nobody calls more people in one note, and no name of a town hall is longer.
const MOST_CALLS = 100;
const LONGEST_NAME = 80;
const MOST_NEXT_WORDS = 7;
const MOST_NEAR = 3;
const MOST_SLIPS = 2;

/** Not in an address, nor in « %@x »: a letter, a digit or one of these right before makes it something else. */
const CALL = /(?<![\p{L}\p{N}\p{M}@_+%=~#$&-])@(?=[\p{L}\p{N}])/gu;
const WRITTEN = /^[\p{L}\p{N}\p{M}_.'’‐‑-]+(?:@[\p{L}\p{N}.-]+)?/u;
const LINK_BEFORE = /(?:\/\/|www\.)\S*$/;

function callsIn(text: string): Call[] {
  const calls: Call[] = [];
  for (const { index } of text.matchAll(CALL)) {
    if (calls.length >= MOST_CALLS) break;
    // « https://www.instagram.com/@plassans »
    if (LINK_BEFORE.test(text.slice(Math.max(0, index - LONGEST_NAME), index))) continue;
    const after = text.slice(index + 1, index + 1 + 2 * LONGEST_NAME);
    const written = (WRITTEN.exec(after)?.[0] ?? '').replace(/[_.'’‐‑-]+$/, '').slice(0, LONGEST_NAME);
    const words = nameWords(written);
    if (words.length === 0) continue;
    const address = written.includes('@') ? fold(written) : null;
    calls.push({ written, address, words, next: wordsAfter(after.slice(written.length)) });
  }
  return calls;
}

/** As far as nothing but spaces stands between them, on the same line. */
function wordsAfter(rest: string): string[] {
  const run = /^(?:[ \u00a0\u202f]{1,2}[\p{L}\p{N}\p{M}'’‐‑-]+){0,7}/u.exec(rest)?.[0] ?? '';
  return nameWords(run).slice(0, MOST_NEXT_WORDS);
}

/** One, or several of the same name, or nobody. The longest name that fits, and a whole name before a part of one. */
function peopleCalled({ address, words, next }: Call, everyone: readonly Called[]): Person[] {
  if (address !== null) {
    return everyone
      .filter(({ person }) => person.address === address)
      .slice(0, 1)
      .map(({ person }) => person);
  }
  for (let extra = next.length; extra >= 0; extra--) {
    const whole = [...words, ...next.slice(0, extra)];
    const ways = [() => whole, ({ articles }: Called) => without(articles, whole)];
    for (const way of ways) {
      for (const kind of ['full', 'part'] as const) {
        const people = everyone.filter((each) => isIn(each[kind], way(each), extra));
        if (people.length > 0) return people.map(({ person }) => person);
      }
    }
  }
  return [];
}

/** « @etatcivil » is one word; the words after it never melt into it. */
function isIn(names: ReadonlySet<string>, words: readonly string[], extra: number): boolean {
  return names.has(words.join(' ')) || (extra === 0 && names.has(words.join('')));
}

/** Badly written, the nearest first; then those who share one of its words, as the other Jeanne. */
function nearPeople(words: readonly string[], everyone: readonly Called[]): Person[] {
  const slips = (each: Called) => {
    const meant = without(each.articles, words).join(' ');
    return Math.min(MOST_SLIPS + 1, ...[...each.full, ...each.part].map((name) => slipsIn(meant, name)));
  };
  const shares = (each: Called) => words.some((word) => word.length > 2 && each.part.has(word));
  return everyone
    .map((each) => ({ person: each.person, far: slips(each), shares: shares(each) }))
    .filter(({ far, shares }) => far <= MOST_SLIPS || shares)
    .toSorted((one, other) => one.far - other.far)
    .map(({ person }) => person);
}

/** Two letters changed in four make another word. */
function slipsIn(written: string, name: string): number {
  const most = Math.min(MOST_SLIPS, Math.floor(Math.min(written.length, name.length) / 3));
  const slips = slipsBetween(written.slice(0, LONGEST_NAME), name.slice(0, LONGEST_NAME), most);
  return slips > most ? MOST_SLIPS + 1 : slips;
}

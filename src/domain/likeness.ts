import { bareSubject } from './reference.ts';
import { readRest } from './reply-command-comment.ts';
import { fold } from './reply-command-line.ts';
import { IDLE_WORDS, MONTHS } from './likeness-words.ts';

export interface Letter {
  subject: string;
  text: string;
}

/**
 * Whether two letters of one sender seem to be about the same thing: a proposal for the desk (« peut-être un doublon »),
 * never a decision. The order does not matter.
 */
export function areAlike(one: Letter, other: Letter): boolean {
  const [first, second] = [readLetter(one), readLetter(other)];
  if (areOfDifferentThings(first, second)) return false;
  const subjects = shareOfAll(first.subject, second.subject);
  const words = shareOfSmaller(first.words, second.words);
  const bodies = shareOfSmaller(first.words.difference(first.subject), second.words.difference(second.subject));
  return (
    (subjects >= SAME_SUBJECT && (first.subject.size > 1 || bodies >= SOME_WORDS)) ||
    (commonIn(first.words, second.words) >= FEWEST_COMMON_WORDS && words >= SAME_WORDS) ||
    (commonIn(first.runs, second.runs) >= FEWEST_COMMON_RUNS && shareOfSmaller(first.runs, second.runs) >= SAME_RUNS)
  );
}

// Placed where the pairs of the test part: « Toilettes fermées square » and « Toilettes square » share two words of three
// and are one thing; « Inscription cantine maternelle » and « Inscription cantine primaire » share half and are two.
const SAME_SUBJECT = 0.6;
/** « Poubelles » twice says little: the other words must agree a little too. */
const SOME_WORDS = 0.3;
/** Of the words of the shorter letter: a reminder in three lines says again what matters, in other words. */
const SAME_WORDS = 0.6;
const FEWEST_COMMON_WORDS = 3;
/** Runs of three words: much of the shorter letter copied into the other, which goes on in its own words. */
const SAME_RUNS = 0.4;
const FEWEST_COMMON_RUNS = 4;

/** Enough to tell a letter, and the bound of what a long one costs. */
const READ_CHARACTERS = 4_000;
const READ_SUBJECT = 300;

interface Content {
  subject: ReadonlySet<string>;
  words: ReadonlySet<string>;
  runs: ReadonlySet<string>;
  names: ReadonlySet<string>;
  figures: ReadonlySet<string>;
}

function readLetter({ subject, text }: Letter): Content {
  const title = bareSubject(subject.slice(0, READ_SUBJECT));
  const body = readRest(text.slice(0, READ_CHARACTERS)).join('\n');
  const [said, told] = [wordsOf(title), wordsOf(body)];
  const meaning = told.filter(({ isIdle }) => !isIdle).map(({ word }) => word);
  const all = [...said, ...told].filter(({ isIdle }) => !isIdle);
  return {
    subject: new Set(said.filter(({ isIdle }) => !isIdle).map(({ word }) => word)),
    words: new Set(all.map(({ word }) => word)),
    runs: new Set(meaning.slice(2).map((word, at) => `${meaning[at]} ${meaning[at + 1]} ${word}`)),
    names: new Set(all.filter(({ isName }) => isName).map(({ word }) => word)),
    figures: new Set(all.filter(({ isFigure }) => isFigure).map(({ word }) => word)),
  };
}

interface Word {
  word: string;
  isIdle: boolean;
  isName: boolean;
  isFigure: boolean;
}

function wordsOf(text: string): Word[] {
  const isShouted = text === text.toUpperCase();
  const found = [...text.replaceAll(DAYS, ' ').matchAll(/([^\p{L}\p{N}\p{M}]*)([\p{L}\p{N}\p{M}]+)/gu)];
  return found.map(([, gap = '', written = ''], at) => {
    const folded = fold(written);
    const begins = at === 0 || /[.!?:;\n«"(•]/.test(gap);
    const isName = !isShouted && !begins && written.length > 2 && /^\p{Lu}/u.test(written);
    return { word: stem(folded), isIdle: IDLE_WORDS.has(folded), isName, isFigure: /^\d+$/.test(written) };
  });
}

/** Days, hours and years tell when somebody wrote, not what about. */
const DAYS = new RegExp(
  `\\b\\d{1,2}(?:er)? (?:${MONTHS})\\b|\\b\\d{1,2}[/.-]\\d{1,2}(?:[/.-]\\d{2,4})?\\b|\\b\\d{1,2} ?h(?:\\d{2})?\\b|\\b20\\d\\d\\b(?!-)`,
  'gi',
);

/** Plurals and the feminine of participles. */
function stem(word: string): string {
  if (word.length <= 3) return word;
  return word.replace(/(?:ees|es|ee|e|s|x)$/, '');
}

/** Another street, another person, another number: the same words about something else. */
function areOfDifferentThings(one: Content, other: Content): boolean {
  return (
    parts(one.names, other.names) || (parts(one.figures, other.figures) && commonIn(one.figures, other.figures) === 0)
  );
}

/** Each has some of its own, and they share less than half. */
function parts(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const common = commonIn(one, other);
  return common < one.size && common < other.size && shareOfAll(one, other) < 0.5;
}

function shareOfAll(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = commonIn(one, other);
  return common === 0 ? 0 : common / (one.size + other.size - common);
}

function shareOfSmaller(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return commonIn(one, other) / Math.max(1, Math.min(one.size, other.size));
}

function commonIn(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return one.intersection(other).size;
}

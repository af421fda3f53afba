import { isDeviceLine, isFooter } from './mail-signature.ts';
import { fold } from './reply-command-line.ts';
import { BEFORE_NAMES, NO_NAMES, POLITE, THANKS } from './thanks-words.ts';

/**
 * Whether the answer of a citizen says nothing but thanks or « bien reçu », so that a closed request stays closed. Every
 * single word has to be known for that; unsure, it is false. `text` is the answer without what it quotes; pieces that
 * came with it, which may say more, are the caller's to see.
 */
export function isOnlyThanks(text: string): boolean {
  if (text.length > LONGEST) return false;
  const said = text
    .normalize('NFC')
    .split(/\r?\n|\r/)
    .filter((line) => !isDeviceLine(line) && !isFooter(line))
    .join('\n')
    .replaceAll(SMILEYS, ' ');
  if (ELLIPSIS.test(said) || !PLAIN.test(said.replaceAll(GLAD, ' '))) return false;
  const words = wordsOf(said.replaceAll(GLAD, '. '));
  return words.length === 0 ? AGREEING.test(said) : isKnown(words, AGREEING.test(said));
}

// Longer thanks exist, and tell a story.
const LONGEST = 1_000;

const SMILEYS = /(?<!\S)(?:[:;=]-?[)D]+|\^\^|<3)(?!\S)/g;
const AGREEING = /👍|👌|🙏|🤝/u;
const GLAD =
  /(?:👍|👌|🙏|🤝|👏|🙂|😊|😀|😃|😄|😁|☺|😉|🤗|🥰|😍|❤|💙|💚|💐|🌞|☀|🌷|🌹|🎉|✅|✔)(?:[\u{1f3fb}-\u{1f3ff}]|\ufe0f|\u200d)*/gu;
/** « Merci… » keeps something back, and so do quotation marks around « réactivité ». */
const ELLIPSIS = /\.\s?\.|…/;
/** No question, no figure, no address, no bracket, no quotation mark. */
const PLAIN = /^[\p{L}\p{M}\s.,;:!'’&‐‑–—-]*$/u;

interface Word {
  word: string;
  written: string;
  /** What stands between the word before and this one. */
  gap: string;
}

function wordsOf(said: string): Word[] {
  const found = [...said.matchAll(/([^\p{L}\p{M}]*)([\p{L}\p{M}]+)/gu)];
  const words = found.map(([, gap = '', written = '']) => ({ word: fold(written), written, gap }));
  const last = found.at(-1);
  const end = said.slice(last === undefined ? 0 : last.index + last[0].length);
  // An empty word carries what stands behind the last one.
  return words.length === 0 ? [] : [...words, { word: '', written: '', gap: `${end}\n` }];
}

const SAYING = THANKS.map(asPattern);
const CHANGING_NOTHING = POLITE.map(asPattern);

/** Walks every way to read the words as known ones: from a place a reading reaches, to where the next known words end. */
function isKnown(words: readonly Word[], hasThumb: boolean): boolean {
  const count = words.length - 1;
  const text = words
    .slice(0, count)
    .map(({ word }) => word)
    .join(' ');
  const placeAt = new Map<number, number>();
  for (let place = 0, at = 0; place <= count; at += (words[place]?.word.length ?? 0) + 1, place++)
    placeAt.set(at, place);
  const reached: ('not' | 'polite' | 'thanks')[] = Array.from({ length: count + 1 }, () => 'not');
  reached[0] = hasThumb ? 'thanks' : 'polite';
  for (const [at, place] of placeAt) {
    const here = reached[place];
    if (here === undefined || here === 'not') continue;
    const reach = (end: number | undefined, says: 'polite' | 'thanks') => {
      if (end !== undefined && reached[end] !== 'thanks') reached[end] = says;
    };
    for (const pattern of SAYING) reach(placeAt.get(endOf(pattern, text, at)), 'thanks');
    for (const pattern of CHANGING_NOTHING) reach(placeAt.get(endOf(pattern, text, at)), here);
    for (const end of namesFrom(words, place)) reach(end, here);
  }
  return reached[count] === 'thanks';
}

function asPattern(phrases: string): RegExp {
  return new RegExp(`(?:${phrases})(?= |$)`, 'y');
}

/** Where the next word begins after what is known here; -1 when nothing is. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found === null ? -1 : at + found[0].length + 1;
}

const MOST_NAMES = 5;

/** Where a person's name may end that begins here: behind a greeting or a closing, or alone on the lines of the end. */
function namesFrom(words: readonly Word[], place: number): number[] {
  let end = place;
  while (end - place < MOST_NAMES && isNamePart(words, place, end)) end += 1;
  const run = words.slice(place, end);
  if (!run.some(({ written }) => /^\p{Lu}\p{M}*\p{Ll}/u.test(written))) return [];
  const ends = run.map((_, at) => place + at + 1).filter((each) => !CONNECTS.has(words[each - 1]?.word ?? ''));
  const before = words[place - 1];
  const gap = words[place]?.gap ?? '';
  if (
    before !== undefined &&
    BEFORE_NAMES.has(before.word) &&
    (before.word === 'm' ? /^\.?\s*$/ : /^,?\s*$/).test(gap)
  ) {
    return ends;
  }
  const after = words[end]?.gap ?? '';
  const isLine = place > 0 && gap.includes('\n') && /^[ \t,]*\n/.test(after);
  return isLine ? [end] : [];
}

function isNamePart(words: readonly Word[], place: number, at: number): boolean {
  const { word, written, gap } = words[at] ?? { word: '', written: '', gap: '' };
  if (at > place && !/^(?:[ \u00a0]|[-‐‑]|[’']|\. ?)$/.test(gap)) return false;
  // « N. Lemaire »: only an initial goes on behind a full stop.
  if (at > place && gap.startsWith('.') && (words[at - 1]?.word ?? '').length > 1) return false;
  if (CONNECTS.has(word)) return at > place;
  return /^\p{Lu}/u.test(written) && !NO_NAMES.has(word) && !NOT_ENDING_NAMES.test(word);
}

const CONNECTS: ReadonlySet<string> = new Set(['de', 'du', 'la', 'le', 'et', 'd', 'l', 'des']);
/** « Rappelez », « Lamentable », « Honteux », « Rapidement ». */
const NOT_ENDING_NAMES = /(?:ez|able|ible|eux|euse|(?<!^cle)ment|ant|tion|ssez|isme)$/;

import { slipsBetween } from './slips.ts';
/** A line as words and what stands between them: accents, case, quotes and kinds of spaces do not matter. */

export interface Word {
  /** Without accents, in lower case. */
  word: string;
  start: number;
  end: number;
}

export interface Line {
  text: string;
  /** Those of the beginning: a command is short. */
  words: readonly Word[];
}

/** What stands between two words: nothing that matters, what announces a comment, a question, or anything else. */
export type Mark = 'none' | 'colon' | 'comma' | 'dash' | 'stop' | 'question' | 'other';

export function readLine(text: string): Line {
  const words = [...text.slice(0, READ_CHARACTERS).matchAll(WORD)].map(({ 0: raw, index }) => ({
    word: fold(raw),
    start: index,
    end: index + raw.length,
  }));
  return { text, words: words.filter(({ word }) => word !== '') };
}

/** What stands before the word at `at`: after the last one when there is none there. */
export function markBefore(line: Line, at: number): Mark {
  const gap = gapBefore(line, at);
  const bare = signsBefore(line, at);
  if (bare === '') return 'none';
  if (/^\.?[:：]/.test(bare)) return 'colon';
  if (/^[,،，]/.test(bare)) return 'comma';
  if (/^[-‐‑−]$/.test(bare) && at < line.words.length && !/\s/.test(gap)) return 'none';
  if (/^[-‐‑–—−]+>?$/.test(bare)) return 'dash';
  if (/^(?:\.|!+)$/.test(bare)) return 'stop';
  return bare.startsWith('?') ? 'question' : 'other';
}

/** The same as it is written, without spaces, quotes and stars: « @ », « / ». */
export function signsBefore(line: Line, at: number): string {
  return gapBefore(line, at).replaceAll(UNIMPORTANT, '');
}

/** Whether the word at `at` is one piece with the one before: « jeanne.martin », « 12/05 ». */
export function isGluedBy(line: Line, at: number, signs: string): boolean {
  const gap = gapBefore(line, at);
  return at < line.words.length && gap.length === 1 && signs.includes(gap);
}

/** What is written after the mark that stands before the word at `at`. */
export function textAfterMark(line: Line, at: number): string {
  const start = line.words[at - 1]?.end ?? 0;
  const mark = gapBefore(line, at).search(/[:：,،，‐‑–—−.!-]/);
  const isQuoted = /["«“]/.test(line.text.slice(0, line.words[0]?.start ?? 0));
  const said = mark === -1 ? '' : line.text.slice(start + mark + 1);
  const text = said
    // The nose and mouth of « :) » are no comment.
    .replace(/^-?[)(|]+(?=\s|$)/, '')
    .replace(/^[\s:,>‐‑–—−*_-]+/, '')
    .trim();
  return isQuoted ? text.replace(/["»”]\.?$/, '').trimEnd() : text;
}

/** Whether the line may begin a command: no « > », bracket or the like before its first word. */
export function beginsPlainly(line: Line): boolean {
  return (
    line.words.length > 0 &&
    gapBefore(line, 0)
      .replaceAll(UNIMPORTANT, '')
      .replaceAll(/[-–—•·]/g, '') === ''
  );
}

/** How many words of `phrase` stand at `at`, all of them and nothing between; 0 when they do not. */
function matchPhrase(line: Line, at: number, phrase: string): number {
  const words = phrase.split(' ');
  for (const [offset, word] of words.entries()) {
    if (line.words[at + offset]?.word !== word) return 0;
    if (offset > 0 && markBefore(line, at + offset) !== 'none') return 0;
  }
  return words.length;
}

export function matchLongest(line: Line, at: number, phrases: readonly string[]): number {
  return Math.max(0, ...phrases.map((phrase) => matchPhrase(line, at, phrase)));
}

/** The person's own words from one to another. */
export function wordsAsWritten(line: Line, from: number, to: number): string {
  return line.text.slice(line.words[from]?.start ?? 0, line.words[to - 1]?.end ?? 0).replaceAll(/\s+/g, ' ');
}

export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae');
}

/**
 * Whether one is the other with a slip of the finger: a letter too many, missing, changed, or two swapped. Not in the
 * first letter, which is seldom wrong: « passage » is no « message ».
 */
export function isNear(written: string, meant: string): boolean {
  if (written === meant) return true;
  const most = meant.length >= 8 ? 2 : meant.length >= 4 ? 1 : 0;
  if (written[0] !== meant[0] || Math.abs(written.length - meant.length) > most) return false;
  return slipsBetween(written, meant, most) <= most;
}

// No command and no name of a department is longer; also bounds what a hostile line can cost.
const READ_CHARACTERS = 400;

const WORD = /[\p{L}\p{N}\p{M}\p{Cf}]+/gu;
const UNIMPORTANT = /[\s\p{Cf}*_"'`´«»“”„‘’‚‹›]/gu;

function gapBefore(line: Line, at: number): string {
  const start = line.words[at - 1]?.end ?? 0;
  return line.text.slice(start, line.words[at]?.start ?? start + READ_CHARACTERS);
}

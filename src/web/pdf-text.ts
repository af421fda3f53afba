/** What strangers wrote, made fit for print. */

/** Stands for one or several characters that the fonts do not have. They have this one. */
export const UNPRINTABLE = '\u25af';

/** Beyond three on one letter no writing system goes, and lines would run into each other. */
const PILED_MARKS = /(\p{M}{3})\p{M}+/gu;

/** Of no shape of their own: controls, bidirectional overrides, joiners, soft hyphens, the selectors of emoji. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]/gu;

/** Lines end in \n and paragraphs stand at most one empty line apart; each run of what cannot be printed is one mark. */
export function printableText(text: string, isPrintable: (codePoint: number) => boolean): string {
  const tidy = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/\t/g, '    ')
    .replace(INVISIBLE, '')
    .replace(PILED_MARKS, '$1')
    .replace(/ {9,}/g, '        ')
    .replace(/ *\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+/, '')
    .trimEnd();
  let written = '';
  let isLost = false;
  for (const character of tidy) {
    const isKnown = character === '\n' || isPrintable(character.codePointAt(0) ?? 0);
    if (isKnown || !isLost) written += isKnown ? character : UNPRINTABLE;
    isLost = !isKnown;
  }
  return written;
}

/** A name, a subject, of whatever length it comes in. */
export function oneLine(text: string): string {
  return text
    .slice(0, 2_000)
    .replace(/\s*[\r\n\v\f\u0085\u2028\u2029]\s*/g, ' ')
    .trim();
}

/** Greedy, at spaces; a word wider than the line is cut where it must be. `widthOf` is asked for words, never for the text. */
export function wrapLines(paragraph: string, width: number, widthOf: (text: string) => number): string[] {
  const space = widthOf(' ');
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of paragraph.split(' ').flatMap((word) => piecesOf(word, width, widthOf))) {
    const wide = widthOf(word);
    if (line !== '' && used + space + wide > width) {
      lines.push(line);
      line = '';
    }
    used = line === '' ? wide : used + space + wide;
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Longer than any word: it is measured letter by letter, so that a megabyte without a space costs no more than with. */
const LONG_WORD = 60;

function piecesOf(word: string, width: number, widthOf: (text: string) => number): string[] {
  if (word.length <= LONG_WORD && widthOf(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const letter of word) {
    const wide = widthOf(letter);
    if (piece !== '' && (used + wide > width || piece.length >= 200)) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += letter;
    used += wide;
  }
  return [...pieces, piece];
}

/**
 * Hebrew and Arabic on a line. The fonts set the letters of each word in their direction; the order of the words is set here: the
 * algorithm of Unicode (UAX 9) at the scale of words, enough for a name or a sentence in another script.
 */

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

export function hasRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** Whether its first letter is. */
export function isRightToLeft(paragraph: string): boolean {
  return RIGHT_TO_LEFT.test(/\p{L}/u.exec(paragraph)?.[0] ?? '');
}

/** Its words as they are drawn from left to right; the whole line when nothing in it runs the other way. */
export function inVisualOrder(line: string, isBaseRightToLeft: boolean): string[] {
  if (!RIGHT_TO_LEFT.test(line)) return [line];
  const words = line.split(' ');
  const directions = resolved(words.map(directionOf), isBaseRightToLeft);
  const runs: { isRight: boolean; words: string[] }[] = [];
  for (const [index, word] of words.entries()) {
    const isRight = directions[index] ?? isBaseRightToLeft;
    const last = runs.at(-1);
    if (last?.isRight === isRight) last.words.push(word);
    else runs.push({ isRight, words: [word] });
  }
  const ordered = isBaseRightToLeft ? runs.toReversed() : runs;
  return ordered.flatMap((run) => (run.isRight ? run.words.toReversed() : run.words));
}

/** Null: no letter, as in a number. */
function directionOf(word: string): boolean | null {
  return /\p{L}/u.test(word) ? isRightToLeft(word) : null;
}

/** What has no direction follows its neighbours when they agree, else the paragraph. */
function resolved(directions: (boolean | null)[], base: boolean): boolean[] {
  const before = carried(directions, base);
  const after = carried(directions.toReversed(), base).toReversed();
  return directions.map((own, index) => own ?? (before[index] === after[index] ? (before[index] ?? base) : base));
}

function carried(directions: (boolean | null)[], base: boolean): boolean[] {
  let last = base;
  return directions.map((own) => (last = own ?? last));
}

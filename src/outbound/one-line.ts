/** Texts of people as one short line, that no mail client makes anything of. */

const LINE_CHARS = 200;

/** Every text of the object as one short line, that of its parts too; addresses of pages stay whole. */
export function shortLines<T extends object>(row: T): T {
  const entries = Object.entries(row).map(([key, value]: [string, unknown]) => {
    if (typeof value === 'string' && key !== 'url') return [key, inert(line(value))];
    const isRow = value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
    return [key, isRow ? shortLines(value) : value];
  });
  return Object.fromEntries(entries) as T;
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const BREAKS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
/** Marks without a width, and those that turn the writing direction around and so disguise names (UTS 39 §2.4). */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/g;

/** One line of visible text, however it was written. */
export function line(text: string, chars = LINE_CHARS): string {
  const start = text.slice(0, chars * 4).toWellFormed();
  const visible = start.replace(UNSEEN, '').replace(BREAKS, ' ').replace(/ {2,}/g, ' ').trim();
  const kept = Array.from(visible);
  const isCut = kept.length > chars || text.length > start.length;
  return isCut ? `${kept.slice(0, chars - 1).join('')}…` : visible;
}

const WORD_JOINER = '\u2060';

/** Mail clients make links of addresses; in a stranger's words an unseen mark keeps them plain text. */
export function inert(text: string): string {
  return text.replace(/:\/\/|www\./gi, (start) => start[0] + WORD_JOINER + start.slice(1));
}

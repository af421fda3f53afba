import { pointsIntoQuote } from './answers-below.ts';
import { isDeviceLine, isFooter, isRule, startsSignature } from './mail-signature.ts';
import { type Attribution, findAttributions } from './quote-attribution.ts';
import { findPastedMessage, findReplyMarker, isMessageOf } from './quote-headers.ts';

/** What the person wrote, and what was cut from it: quotations and the line above them, signatures, footers. */
export type SplitReply = { text: string; elided: string };

/**
 * Separates an answer from what mail programs put around it. Linear in the input. Answers written between quoted lines
 * keep the quotation they answer. Where nothing would remain, everything is the text: nobody's only words are hidden.
 */
export function splitReply(text: string): SplitReply {
  const lines = (text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text).split('\n');
  const kept = findOwnLines(lines);
  if (kept === undefined) return { text: joined(lines), elided: '' };
  const own = joined(lines.filter((_, at) => kept[at] === true));
  if (pointsIntoQuote(own)) return { text: joined(lines), elided: '' };
  return {
    text: own,
    elided: joined(lines.filter((_, at) => kept[at] !== true)),
  };
}

/**
 * Which of these lines are the person's; undefined when none is. `announced` are lines known from elsewhere, such as the
 * structure of HTML, to stand above a quotation.
 */
export function findOwnLines(whole: readonly string[], announced: readonly number[] = []): boolean[] | undefined {
  const lines = whole.length > MOST_LINES ? whole.slice(0, MOST_LINES) : whole;
  const marker = findReplyMarker(lines);
  return (
    (marker === undefined ? undefined : keepLines(lines, marker, announced)) ??
    keepLines(lines, lines.length, announced)
  );
}

// Nobody writes so many: what follows is kept with what is cut, so that a mail of empty lines costs no more than a long one.
const MOST_LINES = 50_000;

type Kind = 'blank' | 'written' | 'quoted' | 'dropped';

/** Which lines up to `end` are the person's; undefined when none is. */
function keepLines(lines: readonly string[], end: number, announced: readonly number[]): boolean[] | undefined {
  const own = end === lines.length ? lines : lines.slice(0, end);
  const kinds = own.map(kindOf);
  if (!kinds.includes('written')) return undefined;
  const attributions = findAttributions(own);
  announce(attributions, announced);
  joinBrokenQuotes(own, kinds);
  dropDeviceLines(own, kinds);
  const stop = cut(own, kinds, attributions, end < lines.length);
  kinds.fill('dropped', stop);
  settleOpeningQuote(own, kinds, attributions);
  dropEnd(own, kinds);
  if (!kinds.includes('written')) return undefined;
  return kinds.map((kind) => kind !== 'dropped');
}

function announce(attributions: Map<number, Attribution>, announced: readonly number[]): void {
  if (announced.length === 0) return;
  const known = new Set<number>();
  for (const { first, last } of attributions.values()) for (let at = first; at <= last; at++) known.add(at);
  for (const at of announced) if (!known.has(at)) attributions.set(at, { first: at, last: at, sure: true });
}

function kindOf(line: string): Kind {
  if (line === '' || line.trim() === '') return 'blank';
  // « AB> » is how The Bat! and others name whom they quote.
  const mark = line.indexOf('>');
  if (mark === 0 || (mark > 0 && mark <= 4 && /^ ?[A-Za-z]{0,3}>(?: |$)/.test(line))) return 'quoted';
  return 'written';
}

// A long quoted line that a server broke in two: the second half has lost its « > ».
const LONG_LINE = 70;

function joinBrokenQuotes(lines: readonly string[], kinds: Kind[]): void {
  for (let at = 1; at < kinds.length - 1; at++) {
    if (kinds[at] !== 'written' || kinds[at - 1] !== 'quoted' || kinds[at + 1] !== 'quoted') continue;
    const above = (lines[at - 1] ?? '').trimEnd();
    if (above.length >= LONG_LINE && !/[.!?:]$/.test(above) && /^\p{Ll}/u.test(lines[at] ?? '')) kinds[at] = 'quoted';
  }
}

/** « Envoyé de mon iPhone », on a line of its own: « envoyé par mail » may also be how a wrapped sentence goes on. */
function dropDeviceLines(lines: readonly string[], kinds: Kind[]): void {
  for (let at = 0; at < kinds.length; at++) {
    const line = lines[at] ?? '';
    if (kinds[at] !== 'written' || !isDeviceLine(line)) continue;
    const isApart = kinds[at - 1] !== 'written' || isRule(lines[at - 1] ?? '');
    if (isApart || (/^\P{Ll}/u.test(line) && kinds[at + 1] !== 'written')) kinds[at] = 'dropped';
  }
}

/** Marks the lines above quotations as dropped; returns the line from which nothing more is the person's. */
function cut(
  lines: readonly string[],
  kinds: Kind[],
  attributions: Map<number, Attribution>,
  isMarked: boolean,
): number {
  const pasted = findPastedMessage(lines) ?? lines.length;
  let hasWritten = false;
  let rules = 0;
  for (let at = 0; at < lines.length; at++) {
    // Nothing above an earlier message pasted whole: it is a forward, and everything is shown.
    if (at === pasted) return hasWritten ? at : lines.length;
    if (kinds[at] !== 'written' && kinds[at] !== 'quoted') continue;
    const attribution = attributions.get(at);
    if (attribution !== undefined) {
      const quote = nextLine(kinds, attribution.last + 1);
      const isQuote = startQuote(lines, kinds, quote) || (quote === lines.length && isMarked);
      if (!isQuote && !attribution.sure) {
        attributions.delete(at);
      } else {
        if (!isQuote && hasWritten) return at;
        kinds.fill('dropped', attribution.first, attribution.last + 1);
        at = attribution.last;
        continue;
      }
    }
    if (kinds[at] === 'quoted') continue;
    if (!isRule(lines[at] ?? '')) {
      hasWritten = true;
      continue;
    }
    if (!hasWritten || ++rules > MOST_RULES) continue;
    if (startsSignature(lines, at, Math.min(pasted, nextQuote(kinds, attributions, at)))) return at;
  }
  return lines.length;
}

/** Whether a quotation starts here; « | » in front counts only right below the line that announces it. */
function startQuote(lines: readonly string[], kinds: Kind[], start: number): boolean {
  for (let at = start; lines[at]?.startsWith('|') === true; at++) kinds[at] = 'quoted';
  return kinds[start] === 'quoted';
}

function nextLine(kinds: readonly Kind[], from: number): number {
  let at = from;
  while (kinds[at] === 'blank') at += 1;
  return at;
}

// Below that many drawn lines, a mail is not a letter with a signature: looking on would only cost time.
const MOST_RULES = 1_000;

// A signature is read at most this far: see mail-signature.ts.
const SIGNATURE_REACH = 60;

function nextQuote(kinds: readonly Kind[], attributions: Map<number, Attribution>, from: number): number {
  for (let at = from + 1; at < Math.min(kinds.length, from + SIGNATURE_REACH); at++) {
    if (kinds[at] === 'quoted' || attributions.has(at)) return at;
  }
  return kinds.length;
}

/** A quotation that opens the mail: answered below, as on Usenet, it goes; answered in between, all of it stays. */
function settleOpeningQuote(lines: readonly string[], kinds: Kind[], attributions: Map<number, Attribution>): void {
  const start = kinds.findIndex((kind) => kind === 'quoted' || kind === 'written');
  if (kinds[start] !== 'quoted') return;
  const announced = [...attributions.values()].filter(({ first }) => first < start).at(-1);
  const answer = kinds.indexOf('written', start);
  if (answer === -1 || (announced === undefined && !isMessageOf(lines[start] ?? ''))) return;
  const isAnsweredBetween = kinds.includes('quoted', answer);
  if (!isAnsweredBetween) kinds.fill('dropped', start, answer);
  else if (announced !== undefined) kinds.fill('quoted', announced.first, announced.last + 1);
}

/** Drops the quotations, rules and footers after the last words. */
function dropEnd(lines: readonly string[], kinds: Kind[]): void {
  for (let at = kinds.length - 1; at >= 0; at--) {
    const line = lines[at] ?? '';
    if (kinds[at] === 'written' && !isRule(line) && !isFooter(line)) return;
    kinds[at] = 'dropped';
  }
}

function joined(lines: readonly string[]): string {
  let first = 0;
  let last = lines.length;
  while (first < last && (lines[first] ?? '').trim() === '') first += 1;
  while (last > first && (lines[last - 1] ?? '').trim() === '') last -= 1;
  return lines.slice(first, last).join('\n');
}

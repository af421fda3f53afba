import { pointsIntoQuote } from '../domain/answers-below.ts';
import { findOwnLines } from '../domain/reply-text.ts';
import type { HtmlLine } from './html-lines.ts';

type Range = { first: number; end: number };

/** Where, by its structure, a mail may pass from the person's words to an earlier message; in lines. */
export type Seams = { stops: number[]; quotes: number[]; attributions: Range[]; ruled: Range[] };

/**
 * The person's words: first without what structure says is not theirs, then without what the lines say. People write
 * inside the signature of their telephone, and answers are lost among marks: each step that leaves nothing is not taken.
 */
export function cutReply(
  lines: readonly HtmlLine[],
  shown: readonly string[],
  seams: Seams,
): { text: string; elided: string } {
  const stop = findStop(lines, seams);
  const announced = new Set(findAnnounced(lines, seams));
  const steps: ((line: HtmlLine, at: number) => boolean)[] = [
    (line, at) => at < stop && line.region === 'own',
    (line, at) => at < stop && line.region !== 'quoted',
    () => true,
  ];
  let tried = -1;
  for (const isLeft of steps) {
    const left: number[] = [];
    for (const [at, line] of lines.entries()) if (isLeft(line, at)) left.push(at);
    // Each step leaves what the one before left, and more: the same number is the same lines.
    if (left.length === tried) continue;
    tried = left.length;
    const kept = findOwnLines(
      left.map((at) => shown[at] ?? ''),
      announced.size === 0 ? [] : [...left.keys()].filter((index) => announced.has(left[index] ?? -1)),
    );
    if (kept === undefined) continue;
    const isOwn = new Uint8Array(lines.length);
    for (const [index, at] of left.entries()) if (kept[index] === true) isOwn[at] = 1;
    const text = joined(shown.filter((_, at) => isOwn[at] === 1));
    if (pointsIntoQuote(text)) break;
    return {
      text,
      elided: joined(shown.filter((_, at) => isOwn[at] === 0)),
    };
  }
  return { text: joined(shown), elided: '' };
}

function findStop(lines: readonly HtmlLine[], { stops, attributions, ruled }: Seams): number {
  const candidates = [
    ...stops.filter((at) => !isQuotationNext(lines, at)),
    ...attributions.filter((range) => countHeaders(lines, range) >= MANY_HEADERS).map(({ first }) => first),
    ...ruled.filter((range) => countHeaders(lines, range) >= FEW_HEADERS).map(({ first }) => first),
  ];
  return candidates.reduce((least, at) => Math.min(least, at), lines.length);
}

// Under a drawn line two are enough, in whatever language; without it, « Le 6 avril 2026 à 14:05, X a écrit : » has one.
const FEW_HEADERS = 2;
const MANY_HEADERS = 3;
// Copied headers and their blank lines; a longer block with a line above it is somebody's letter.
const MOST_HEADER_LINES = 24;

function countHeaders(lines: readonly HtmlLine[], { first, end }: Range): number {
  if (end - first > MOST_HEADER_LINES) return 0;
  const said = lines.slice(first, end).filter(({ text }) => text !== '');
  if (!isHeader(said.find(({ text }) => !/^[-_=]{3}/.test(text)))) return 0;
  return said.filter(isHeader).length;
}

function isHeader(line: HtmlLine | undefined): boolean {
  return line !== undefined && /^[*\s]{0,3}\p{L}[\p{L}\p{M}'’ -]{0,24}\s?[:：]/u.test(line.text);
}

function isQuotationNext(lines: readonly HtmlLine[], from: number): boolean {
  let at = from;
  while (at < Math.min(lines.length, from + LINES_DOWN) && isSpace(lines[at])) at += 1;
  return (lines[at]?.depth ?? 0) > 0;
}

const LINES_DOWN = 6;

function isSpace(line: HtmlLine | undefined): boolean {
  return line !== undefined && (line.text === '' || line.text === '-----');
}

/** The lines that say « Le … a écrit : », by their element or by the quotation right below. */
function findAnnounced(lines: readonly HtmlLine[], { attributions, quotes }: Seams): number[] {
  const ends = [...attributions.map(({ end }) => end), ...quotes];
  const marked = new Set(attributions.map(({ end }) => end));
  return ends.flatMap((end) => {
    let at = end - 1;
    while (at > end - LINES_UP && lines[at]?.text === '') at -= 1;
    const line = lines[at];
    if (line === undefined || line.depth > 0 || line.text.length > LONGEST_ANNOUNCEMENT) return [];
    return marked.has(end) ? (ANNOUNCES_IF_MARKED.test(line.text) ? [at] : []) : ANNOUNCES.test(line.text) ? [at] : [];
  });
}

const LINES_UP = 4;
const LONGEST_ANNOUNCEMENT = 400;
const ANNOUNCES_IF_MARKED = /[:：>,]$|\d|@/;
const ANNOUNCES = /(?:@|\d[:.h]\d\d|\d[/.-]\d|\b\d{4}\b).*[:：]$/;

function joined(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
}

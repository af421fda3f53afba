import { bare, readHeaders, readPerson } from './forward-headers.ts';
import { isRule } from './mail-signature.ts';
import type { HeaderKind } from './quote-header-names.ts';
import { headersOf, isSeparator, letters } from './quote-headers.ts';
import { FORWARD_BEGINS, FORWARD_ENDS, ORIGINAL_MESSAGE } from './quote-marks.ts';

/** A mail forwarded inside another. What its headers do not say is empty. */
export type Forward = {
  /** The forwarder's words, above the message and, where it was quoted, below it. */
  before: string;
  from: { name: string; address: string } | null;
  /** As written: see parseForwardDate. */
  date: string;
  to: string;
  subject: string;
  text: string;
  /** The copied header lines as they were found. */
  headers: string;
};

/**
 * The first message pasted whole below somebody's words, in the style of any mail program; its own quotations stay in its
 * text. Linear in the input. A reply in Outlook's style carries the very same lines: whether the mail is a forward or a
 * reply is for the caller to say, by its subject (isForwardSubject) and its sender.
 */
export function findForward(text: string): Forward | null {
  const lines = (text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text).split('\n');
  const block = findBlock(lines);
  if (block === undefined) return null;
  const { values, own, after } = block;
  return {
    before: joinParts(trimEnd(lines.slice(0, block.start)), after),
    from: readPerson(values.get('from') ?? ''),
    date: bare(values.get('date') ?? ''),
    to: bare(values.get('to') ?? ''),
    subject: bare(values.get('subject') ?? ''),
    text: joined(withoutMarks(own.slice(block.end))),
    headers: joined(own.slice(0, block.end)),
  };
}

/** « TR : », « Fwd: », « WG: »…, in front of anything, « Re : » included; not « Re : TR : », which answers a forward. */
export function isForwardSubject(subject: string): boolean {
  const said = subject
    .slice(0, 300)
    .replaceAll(/[\s\u00a0\u202f]+/g, ' ')
    .replace(/^ ?(?:\[[^\]]{1,40}\] ?|\*{3,5} ?spam ?\*{3,5} ?|\{[^}]{1,40}\} ?)*/i, '');
  return FORWARD_PREFIX.test(said) || /\((?:fwd|tr)\)$/i.test(said.trim());
}

// French and English first, then Italian, German, Spanish, Portuguese, Dutch, Polish, the Nordic languages, Turkish.
const FORWARD_PREFIX =
  /^(?:tr|trf|transf|transfert|fwd?|i|inoltro|wg|rv|reenv|enc|doorst|pd|vl|vb|vs|videresendt|ilt|转发)(?:\[\d+\]|\(\d+\))? ?[:：]/i;

type Block = {
  /** First line that is not the forwarder's any more. */
  start: number;
  /** The message's lines from its first header, without the quotation marks of the forward; and where its text begins. */
  own: string[];
  end: number;
  values: ReadonlyMap<HeaderKind, string>;
  after: string[];
};

function findBlock(lines: readonly string[]): Block | undefined {
  let first = -1;
  let depth = 0;
  let gap = 0;
  let tries = 0;
  const kinds = new Set<HeaderKind>();
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const marks = depthOf(line);
    const said = marks === 0 ? line : unquoted(line, marks);
    if (isForwardLine(said) && ++tries <= MOST_TRIES) {
      const block = below(lines, at, marks);
      if (block !== undefined) return block;
    }
    if (said.trim() === '' && marks <= depth) {
      if (++gap > 1) first = -1;
      continue;
    }
    const named = marks === depth || first === -1 ? headersOf(said) : [];
    if (first === -1 || (named.length === 0 && ++gap > 1) || marks !== depth) {
      first = named.length > 0 ? at : -1;
      kinds.clear();
      depth = marks;
    }
    if (named.length === 0) continue;
    gap = 0;
    for (const kind of named) kinds.add(kind);
    if (isEnough(kinds) && ++tries <= MOST_TRIES) {
      const block = takeApart(lines, first, first, depth);
      if (block !== undefined) return block;
    }
  }
  return undefined;
}

// A mail made of nothing but announcements must not cost more than a long one.
const MOST_TRIES = 200;
// Enough for a hundred recipients; nobody reads headers beyond.
const MOST_HEADER_LINES = 80;

/** « De », « Envoyé » and one more: without « À », as when it went to a hidden list, a subject will do. */
function isEnough(kinds: ReadonlySet<HeaderKind>): boolean {
  const rest = [kinds.has('date'), kinds.has('to'), kinds.has('subject')].filter(Boolean).length;
  return kinds.has('from') && rest >= 2;
}

const PHRASES = [...ORIGINAL_MESSAGE, ...FORWARD_BEGINS].map(letters);
const ENDS = FORWARD_ENDS.map(letters);

/** « ---------- Forwarded message », also with a name: « ----- Message transféré de Jeanne ----- ». */
function isForwardLine(line: string): boolean {
  if (line.length < 8 || line.length > 160) return false;
  if (isSeparator(line)) return true;
  if (!/^\s*\*?[-_=—–]{3}/.test(line)) return false;
  const said = letters(line);
  return PHRASES.some((phrase) => said.startsWith(phrase));
}

function isEndLine(line: string): boolean {
  if (line.length < 12 || line.length > 160 || !/^\s*[-_=—–]{3}/.test(line)) return false;
  const said = letters(line);
  return ENDS.some((phrase) => said.startsWith(phrase));
}

/** Headers, or « 06.04.2026, 14:05, "Jeanne" <j@x.fr>: », within a few lines of the line that announces them. */
function below(lines: readonly string[], start: number, depth: number): Block | undefined {
  let blanks = 0;
  for (let at = start + 1; at < lines.length && blanks <= 2; at++) {
    const line = lines[at] ?? '';
    const marks = depthOf(line);
    const said = marks === 0 ? line : unquoted(line, marks);
    if (said.trim() === '') {
      blanks += 1;
      continue;
    }
    if (headersOf(said).length > 0 || /^\s*message du ?:? ?\d/i.test(said)) return takeApart(lines, start, at, marks);
    return announcedBy(lines, start, at, Math.max(depth, marks));
  }
  return undefined;
}

function takeApart(lines: readonly string[], start: number, first: number, depth: number): Block | undefined {
  // Only what may be headers is read before it is known that they are: a mail may announce two hundred forwards.
  const { values, end } = readHeaders(
    lines.slice(first, first + MOST_HEADER_LINES).map((line) => unquoted(line, depth)),
  );
  if (!values.has('from') || values.size < 2 || values.get('from') === '') return undefined;
  const { own, after } = split(lines, first, depth);
  return { start: startOf(lines, start), own, end: skipClosing(own, end), values, after };
}

/** « Le lundi 6 avril 2026 à 14:05, Jeanne <j@x.fr> a écrit : » below a line that says the message was forwarded. */
function announcedBy(lines: readonly string[], start: number, at: number, depth: number): Block | undefined {
  const line = bare(unquoted(lines[at] ?? '', depth));
  const found =
    /^(.{0,120}?)["<]?([^"<,]{0,100})["']?\s*<(?:mailto:)?([^\s<>@]{1,64}@[^\s<>]{1,200})>[^:]{0,40}[:：]$/.exec(line);
  if (found === null) return undefined;
  const values: Block['values'] = new Map<HeaderKind, string>([
    ['from', `${(found[2] ?? '').trim()} <${found[3]}>`],
    ['date', (found[1] ?? '').replace(/[\s,"]+$/, '')],
  ]);
  const { own, after } = split(lines, at, depth);
  return { start: startOf(lines, start), own, end: 1, values, after };
}

/** The message's lines without the marks of the forward, and what stands below them, unmarked. */
function split(lines: readonly string[], first: number, depth: number): { own: string[]; after: string[] } {
  const rest = lines.slice(first);
  const end = depth === 0 ? -1 : rest.findIndex((line) => line.trim() !== '' && depthOf(line) < depth);
  const message = (end === -1 ? rest : rest.slice(0, end)).map((line) => unquoted(line, depth));
  const below = end === -1 ? [] : rest.slice(end);
  const close = message.findIndex(isEndLine);
  if (close === -1) return { own: message, after: below };
  return { own: message.slice(0, close), after: [...message.slice(close + 1), ...below] };
}

/** Proton quotes the message below its headers, and not the headers. */
function withoutMarks(message: readonly string[]): readonly string[] {
  const isQuoted = message.every((line) => line.trim() === '' || depthOf(line) > 0);
  return isQuoted ? message.map((line) => unquoted(line, 1)) : message;
}

/** Zoho and others repeat the announcing line below the headers. */
function skipClosing(own: readonly string[], end: number): number {
  let at = end;
  while (at < own.length && (own[at] ?? '').trim() === '') at += 1;
  return isForwardLine(own[at] ?? '') && headersOf(own[at + 1] ?? '').length === 0 ? at + 1 : end;
}

/** Above the headers there may be a title without dashes: « Message transféré ». */
function startOf(lines: readonly string[], start: number): number {
  let at = start - 1;
  while (at > start - 3 && (lines[at] ?? '').trim() === '') at -= 1;
  const line = lines[at] ?? '';
  if (line.length < 80 && PHRASES.includes(letters(line))) return at;
  return start;
}

function depthOf(line: string): number {
  let depth = 0;
  for (let at = 0; at < line.length && depth < 10; at++) {
    if (line[at] === '>') depth += 1;
    else if (line[at] !== ' ') break;
  }
  return depth;
}

function unquoted(line: string, depth: number): string {
  if (depth === 0) return line;
  let rest = line;
  for (let at = 0; at < depth; at++) rest = rest.replace(/^ {0,3}> ?/, '');
  return rest;
}

function trimEnd(lines: readonly string[]): string[] {
  let end = lines.length;
  while (end > 0 && isEmptyOrRule(lines[end - 1] ?? '')) end -= 1;
  return lines.slice(0, end);
}

function isEmptyOrRule(line: string): boolean {
  const said = line.replace(/^[>\s]+/, '').trim();
  return said === '' || (said.length > 2 && isRule(said));
}

function joinParts(before: readonly string[], after: readonly string[]): string {
  return [joined(before), joined(after)].filter((part) => part !== '').join('\n\n');
}

function joined(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/^(?:[ \t\u00a0]*\n)+/, '')
    .trimEnd();
}

import { HEADER_NAMES, type HeaderKind } from './quote-header-names.ts';
import { FORWARD_BEGINS, ORIGINAL_MESSAGE, REPLY_MARKERS } from './quote-marks.ts';

/** The line where our own mail begins: « — Merci de répondre au-dessus de cette ligne — », however it came back. */
export function findReplyMarker(lines: readonly string[]): number | undefined {
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (!line.includes('erci')) continue;
    if (MARKERS.has(letters(line)) || MARKERS.has(letters(`${line} ${lines[at + 1] ?? ''}`))) return at;
  }
  return undefined;
}

/** The line where an earlier message was pasted whole: « -----Message d'origine----- », or its headers. */
export function findPastedMessage(lines: readonly string[]): number | undefined {
  const separator = lines.findIndex(isSeparator);
  const headers = findHeaders(separator === -1 ? lines : lines.slice(0, separator));
  return headers ?? (separator === -1 ? undefined : separator);
}

/** « > Message du 06/04/26 14:05 »: how La Poste and Orange begin a quotation. */
export function isMessageOf(line: string): boolean {
  return /^>\s?message du\s?:? ?\d/i.test(line);
}

const MARKERS: ReadonlySet<string> = new Set(Object.values(REPLY_MARKERS).map(letters));
const SEPARATORS: ReadonlySet<string> = new Set(ORIGINAL_MESSAGE.map(letters));
const FORWARDS: ReadonlySet<string> = new Set(FORWARD_BEGINS.map(letters));
const KINDS: ReadonlyMap<string, HeaderKind> = new Map(
  (Object.keys(HEADER_NAMES) as HeaderKind[]).flatMap((kind) =>
    HEADER_NAMES[kind].map((name) => [name, kind] as const),
  ),
);

/** « -----Message d'origine----- », « Début du message réexpédié : ». */
export function isSeparator(line: string): boolean {
  if (line.length < 10 || line.length > 120) return false;
  const bare = line.trim();
  if (/^\*?(?:[-_=—–]{2}|[-_=—–] )/.test(bare)) return SEPARATORS.has(letters(bare));
  return bare.endsWith(':') && FORWARDS.has(letters(bare));
}

const ALONE: Record<HeaderKind, readonly HeaderKind[]> = {
  from: ['from'],
  date: ['date'],
  to: ['to'],
  copy: ['copy'],
  subject: ['subject'],
  other: ['other'],
};
const NONE: readonly HeaderKind[] = [];

// A web form also writes « De : », « Date : » and « Objet : » above somebody's words; copied headers say to whom as well.
const ENOUGH_KINDS = 3;

function findHeaders(lines: readonly string[]): number | undefined {
  let first = -1;
  let gap = 0;
  const kinds = new Set<HeaderKind>();
  for (let at = 0; at < lines.length; at++) {
    const named = headersOf(lines[at] ?? '');
    if (named.length > 0) {
      if (first === -1) first = at;
      for (const kind of named) kinds.add(kind);
      gap = 0;
      if (isEnough(kinds)) return withTitle(lines, first);
      continue;
    }
    // One line between: a name or an address too long for its line, or the blank line some programs put after each.
    if (first === -1 || ++gap <= 1) continue;
    first = -1;
    kinds.clear();
  }
  return undefined;
}

function isEnough(kinds: ReadonlySet<HeaderKind>): boolean {
  return (
    kinds.size >= ENOUGH_KINDS && kinds.has('from') && kinds.has('to') && (kinds.has('date') || kinds.has('subject'))
  );
}

function withTitle(lines: readonly string[], first: number): number {
  for (let at = first - 1; at >= Math.max(0, first - 2); at--) {
    const line = lines[at] ?? '';
    if (line.length < 80 && SEPARATORS.has(letters(line))) return at;
  }
  return first;
}

/** The headers copied in this line, if it is made of them. */
export function headersOf(line: string): readonly HeaderKind[] {
  const colon = line.indexOf(':');
  if (colon < 1 || colon > 40 || line.startsWith('>')) return NONE;
  const kind = kindNamed(line.slice(0, colon));
  if (kind === undefined) return NONE;
  // « De : 10 h », « À : 23 h » are hours, not people.
  if ((kind === 'from' || kind === 'to') && /^\s*\d/.test(line.slice(colon + 1, colon + 20)) && !line.includes('@'))
    return NONE;
  const more = kind === 'from' || kind === 'to' ? headersOnSameLine(line, colon) : NONE;
  return more.length === 0 ? ALONE[kind] : [kind, ...more];
}

/** What a header's name, without its colon, stands for; bold marks and no-break spaces aside. */
export function kindNamed(name: string): HeaderKind | undefined {
  const kind = KINDS.get(name.trim().toLowerCase());
  if (kind !== undefined || !/[*_’\s\u0300\u0301]/.test(name)) return kind;
  const plain = name
    .normalize('NFC')
    .replaceAll(/[*_\s]+/g, ' ')
    .replaceAll('’', "'")
    .trim()
    .toLowerCase();
  return KINDS.get(plain) ?? (/^message du \d/.test(plain) ? 'date' : undefined);
}

// « De : X Envoyé : lundi À : Y Objet : Z », when a conversion from HTML lost the line breaks.
function headersOnSameLine(line: string, colon: number): readonly HeaderKind[] {
  if (line.indexOf(':', colon + 1) === -1) return NONE;
  const rest = line.slice(colon + 1, colon + 400);
  const named = rest.matchAll(/\s(Date|Envoyé|À|Objet|Sent|To|Subject)[ \u00a0]?:/g);
  return [...named].flatMap((match) => KINDS.get((match[1] ?? '').toLowerCase()) ?? []);
}

/** A line by its letters alone, to compare lines that programs dress with dashes. */
export function letters(line: string): string {
  return line
    .slice(0, 200)
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}]+/gu, '');
}

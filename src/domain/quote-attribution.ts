import { QUOTING, WROTE, WROTE_BEFORE_NAME } from './quote-marks.ts';

/** « Le lun. 6 avr. 2026 à 14:05, X <x@y> a écrit : », from its first line to its last. */
export type Attribution = {
  first: number;
  last: number;
  /** A date or an address vouches for it; otherwise it counts only above quoted lines. */
  sure: boolean;
};

/** Finds them all, by their first line. Looks back a fixed number of lines from each line that could end one. */
export function findAttributions(lines: readonly string[]): Map<number, Attribution> {
  const found = new Map<number, Attribution>();
  let free = 0;
  let candidates = 0;
  for (let last = 0; last < lines.length && candidates < MOST_CANDIDATES; last++) {
    const line = lines[last] ?? '';
    if (!endsLikeOne(line)) continue;
    candidates += 1;
    if (!hasEnding(line)) continue;
    const attribution = startingWithDate(lines, free, last) ?? startingWithName(lines, free, last);
    if (attribution === undefined) continue;
    found.set(attribution.first, attribution);
    free = last + 1;
  }
  return found;
}

// A mail made of nothing but colons must not cost more than a long one: real threads end far below this.
const MOST_CANDIDATES = 2_000;
// The longest seen are an Outlook address written twice over five lines, one of them blank.
const LINES_BACK = 4;
const LONGEST_LINE = 300;
const LONGEST = 500;

function endsLikeOne(line: string): boolean {
  if (line.length < 2 || line.length > LONGEST_LINE) return false;
  const bare = line.trimEnd();
  const end = bare[bare.length - 1];
  if (end === ':' || end === '：') return true;
  if (end === '*' || end === '_') return bare[bare.length - 2] === ':';
  if (end === '-') return bare.includes('wrote');
  if (bare.endsWith('wrote') || bare.endsWith('écrit')) return true;
  // Without a verb: the old Gmail's « 2013/7/20 X <x@y> » and « 2016-03-03 17:21 GMT+01:00 X ».
  return BARE_DATE_NAME.test(bare) && (end === '>' || BARE_GMT.test(bare));
}

function hasEnding(line: string): boolean {
  const said = flat(line);
  const end = withoutTail(said);
  return (
    BARE_DATE_NAME.test(said) ||
    end.endsWith('>') ||
    end === '' ||
    end.endsWith('uhr') ||
    LAST_WORDS.some((word) => end.endsWith(word)) ||
    WROTE_BEFORE_NAME.some((verb) => said.includes(verb))
  );
}

const BARE_DATE_NAME = /^(?:19|20)\d\d[-/]\d{1,2}[-/]\d{1,2} /;
const BARE_GMT = /^\d{4}-\d\d-\d\d \d\d:\d\d gmt[+-]\d\d:\d\d \S/i;
const LAST_WORDS = [...new Set(WROTE.map((verb) => verb.split(' ').at(-1) ?? verb))];

function startingWithDate(lines: readonly string[], free: number, last: number): Attribution | undefined {
  let blanks = 0;
  let joined = '';
  for (let first = last; first >= Math.max(free, last - LINES_BACK); first--) {
    const line = lines[first] ?? '';
    if (line.trim() === '') {
      // A blank line inside only where the address follows on a line of its own.
      if (++blanks > 1 || !joined.startsWith('<')) return undefined;
      continue;
    }
    if (first < last && (line.length > LONGEST_LINE || endsSentence(line))) return undefined;
    joined = join(line, joined);
    if (joined.length > LONGEST) return undefined;
    if (!startsWithDate(flat(line)) || (isQuoted(line) && first < last)) continue;
    const sure = judge(joined);
    if (sure !== undefined && !isQuoted(line)) return { first, last, sure };
  }
  return undefined;
}

// « Apr. » and « sept. » end a line of a date, not a sentence.
function endsSentence(line: string): boolean {
  const bare = line.trimEnd();
  return /[.!?;:]$/.test(bare) && !/(?:^|\s)\p{L}{2,5}\.$/u.test(bare);
}

// « X <x@y> a écrit : », « X <x@y> schrieb am Fr., 28. Apr. 2017 um 11:53 Uhr: »: no date in front to find the start by.
function startingWithName(lines: readonly string[], free: number, last: number): Attribution | undefined {
  let joined = '';
  for (let first = last; first >= Math.max(free, last - 1); first--) {
    const line = lines[first] ?? '';
    if (line.trim() === '' || line.length > LONGEST_LINE) return undefined;
    joined = join(line, joined);
    if (!isQuoted(line) && isNameAndVerb(joined)) return { first, last, sure: true };
  }
  return undefined;
}

function isNameAndVerb(joined: string): boolean {
  const said = flat(joined);
  if (said.length > 200) return false;
  if (QUOTING.some((start) => said.startsWith(start)) && /\S@\S{1,80} ?:$/.test(said)) return true;
  if (/^[^<]{0,80}<?(?:mailto:)?[^\s<>@]{1,64}@[^\s<>@]{1,80}>?\s/.test(said) && endsWithVerb(said)) return true;
  return / (?:schrieb am|a écrit le|wrote on|escribió el) .{0,40}\d/.test(said) && /\d\d?[:.h]\d\d|\d{4}/.test(said);
}

/** True: sure. False: only if a quotation follows. Undefined: not one. */
function judge(joined: string): boolean | undefined {
  const said = flat(joined);
  const hasAddress = /\S@\S/.test(said);
  const hasTime = /\b\d{1,2}[:.h]\d\d/.test(said);
  const hasDay = /\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}\b/.test(said);
  if (BARE_GMT.test(joined)) return true;
  if (BARE_DATE_NAME.test(joined) && said.endsWith('>')) return false;
  if (endsWithVerb(said)) {
    const clock = /\b\d{1,2}:\d\d/.test(said);
    return hasAddress || (clock && hasDay) || said.endsWith(' you wrote:');
  }
  if (!/[:：]$/.test(said)) return undefined;
  if (WROTE_BEFORE_NAME.some((verb) => said.includes(verb)))
    return hasAddress || (hasTime && hasDay) ? true : undefined;
  return /> ?:$/.test(said) && hasAddress && hasTime && hasDay ? true : undefined;
}

function endsWithVerb(said: string): boolean {
  const end = withoutTail(said);
  const verb = WROTE.find((wrote) => end.endsWith(wrote));
  if (verb === undefined) return false;
  const before = end.slice(0, -verb.length);
  // « le maire nous a écrit : » is a story being told, not a quotation being announced.
  if (/(?:^|\s)(?:nous|vous|lui|leur|me|te|se) $/.test(before)) return false;
  return /[\s>"»),]$/.test(before) || !/^[\p{Script=Latin}\p{Script=Cyrillic}]/u.test(verb);
}

// « Le », « On Mon, Dec », « El jueves, »: a few short words at most before the first figure.
function startsWithDate(said: string): boolean {
  // An address of ours, alone on its line, has figures too.
  return /^[^\d<@]{0,24}(?<!\p{L})\d/u.test(said) && !/^\S{0,100}@/.test(said);
}

function isQuoted(line: string): boolean {
  return line.startsWith('>');
}

function join(line: string, rest: string): string {
  const own = line.replace(/^[>\s]+/, (prefix) => (prefix.includes('>') && rest !== '' ? '' : prefix)).trim();
  return rest === '' ? own : `${own} ${rest}`;
}

function withoutTail(said: string): string {
  let end = said.length;
  while (end > 0 && ' :：*_-'.includes(said[end - 1] ?? '')) end -= 1;
  return said.slice(0, end);
}

function flat(line: string): string {
  return line.normalize('NFC').replaceAll(/\s+/g, ' ').replaceAll('’', "'").trim().toLowerCase();
}

import { DEVICES, FOOTERS, SENT_FROM } from './quote-marks.ts';

/** « Envoyé de mon iPhone »: a line of its own that a phone or a program wrote. */
export function isDeviceLine(line: string): boolean {
  if (line.length < 8 || line.length > 160 || !MAY_BE_DEVICE.test(line)) return false;
  const said = flat(line);
  const begins = SENT_FROM.find((pattern) => pattern.test(said));
  // « Envoyé via La Poste le 3 mars » tells about a letter.
  if (begins === undefined || /\ble \d/.test(said)) return false;
  // Only up to the first comma: « Envoyé de mon bureau, plus pratique que le portable » is a sentence.
  const rest = said.replace(begins, '').split(/[,;!?]|\. /, 1)[0] ?? '';
  if (DEVICES.test(rest.split(' ').slice(0, 7).join(' '))) return true;
  return rest.length === said.replace(begins, '').length && OWN_THING.test(rest);
}

/** « Garanti sans virus », « Ce message et ses pièces jointes sont confidentiels »: added by software after the end. */
export function isFooter(line: string): boolean {
  if (line.length < 10) return false;
  const said = flat(line.slice(0, 300));
  return FOOTERS.some((pattern) => pattern.test(said));
}

/** A line of dashes, stars or the like; also the invisible mark that a mail-tracking extension leaves behind. */
export function isRule(line: string): boolean {
  const bare = line.trim();
  const first = bare[0];
  if (first === undefined || !'-_=*#~+—–―ᐧ'.includes(first)) return false;
  if (bare.length === 1) return '—–―ᐧ'.includes(first);
  for (const character of bare) if (character !== first && character !== ' ') return false;
  return true;
}

/** Whether a signature starts at this line: RFC 3676 §4.3's « -- », or another rule above a few short lines. */
export function startsSignature(lines: readonly string[], at: number, end: number): boolean {
  const line = lines[at] ?? '';
  if (!isRule(line)) return false;
  const bare = line.trim();
  if (bare === '--') return line.endsWith('-- ') || isShort(lines, at, end, MOST_LINES);
  if (bare.startsWith('__')) return isShort(lines, at, end, MOST_FOOTER_LINES);
  // A lone « — » is what telephones make of « -- »; a row of them is a drawn line.
  if (bare !== '—' && bare[0] !== '-') return false;
  // Drawn more than once, it separates paragraphs.
  if (lines.slice(Math.max(0, at - RULE_REACH), at).some((above) => above.trim() === bare)) return false;
  return (
    isShort(lines, at, end, MOST_LOOSE_LINES) &&
    lines
      .slice(at + 1, end)
      .filter(hasWords)
      .every(looksSigned)
  );
}

// The first letters of every pattern of SENT_FROM: most lines are refused here, before anything is copied.
const MAY_BE_DEVICE =
  /^[\s<([*_>—–-]{0,8}(?:env|mess|mail|cour|e-m|tra|exp|pro|t[ée]l|obt|ess|sent|get|dow|ges|ver|von|die|inv|sen|ski|wys|läh|отп|[從从发發]|\S{0,20} ?from)/i;

// Many programs strip the space after « -- », and people draw lines with dashes: then length tells a signature.
const MOST_LINES = 14;
const MOST_FOOTER_LINES = 8;
const MOST_LOOSE_LINES = 5;
const RULE_REACH = 60;

const OWN_THING = /^(?:mon|ma|my|meinem|meiner|mijn|mio|mia|mi|min|meu|moj\S*) [^.]{1,30}$/;

function isShort(lines: readonly string[], at: number, end: number, most: number): boolean {
  let words = 0;
  // Blank lines are read too, up to a fixed number, so that a page of dashes costs no more than its length.
  for (let next = at + 1; next < end; next++) {
    if (hasWords(lines[next] ?? '')) words += 1;
    if (words > most || next - at > most * 4) return false;
  }
  return words > 0;
}

function looksSigned(line: string): boolean {
  const bare = line.trim();
  if (isRule(bare) || bare.length > 80 || /^(?:[-*•]|\d+[.)]) /.test(bare)) return false;
  return bare.length < 30 || !/[.!?:;]$/.test(bare);
}

function hasWords(line: string): boolean {
  return line.trim() !== '';
}

function flat(line: string): string {
  return line
    .normalize('NFC')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('’', "'")
    .replace(/^[\s<([*_>—–-]+/, '')
    .toLowerCase()
    .trim();
}

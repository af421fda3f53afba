import { isDeviceLine, isRule } from './mail-signature.ts';
import { fold, matchLongest, readLine } from './reply-command-line.ts';
import { COURTESIES } from './reply-command-words.ts';

/** The lines under a command, without the signature: what the person says beside the command. */
export function readRest(rest: string): string[] {
  const lines = rest.split('\n');
  const delimiter = lines.findIndex((line) => line.trim() === '--');
  let end = withoutBlankEnd(lines, delimiter === -1 ? lines.length : delimiter);
  end = withoutBlankEnd(lines, closingLine(lines, end) ?? end);
  for (let block = 0; block < MOST_BLOCKS; block++) {
    let start = end;
    while (start > 0 && end - start <= MOST_BLOCK_LINES && !isBlank(lines[start - 1])) start -= 1;
    // Right under the command, a name may as well be what is missing: the caller judges.
    if (start === end || start === 0 || !areSigned(lines.slice(start, end))) break;
    end = withoutBlankEnd(lines, start);
  }
  let start = 0;
  while (start < end && isBlank(lines[start])) start += 1;
  return lines.slice(start, end).map((line) => line.trimEnd());
}

/** « Jeanne Martin », « Mairie de Plassans », « 04 42 00 00 20 »: who writes, and nothing said. */
export function areSigned(lines: readonly string[]): boolean {
  if (lines.length > MOST_BLOCK_LINES) return false;
  const kinds = lines.filter((line) => !isBlank(line)).map(kindOf);
  return kinds.includes('name') && !kinds.includes('words');
}

/** « merci », « cordialement, Jeanne »: polite, and nothing said. */
export function isCourtesy(text: string): boolean {
  if (text.length > 80 || text.includes('?')) return false;
  const line = readLine(text);
  const length = matchLongest(line, 0, COURTESIES);
  if (length === 0 || line.words.length - length > 3) return false;
  return line.words.slice(length).every(({ start }) => /^\p{Lu}/u.test(text.slice(start)));
}

// A signature: at most these many blocks of lines, and of lines in each.
const MOST_BLOCKS = 4;
const MOST_BLOCK_LINES = 8;
const MOST_CLOSING_LINES = 12;

/** The line « Cordialement, » near the end. */
function closingLine(lines: readonly string[], end: number): number | undefined {
  let found: number | undefined;
  let words = 0;
  for (let at = end - 1; at >= 0 && words <= MOST_CLOSING_LINES; at--) {
    const line = lines[at] ?? '';
    if (isBlank(line)) continue;
    if (isCourtesy(line)) found = at;
    words += 1;
  }
  return found;
}

function withoutBlankEnd(lines: readonly string[], end: number): number {
  let last = end;
  let dropped = 0;
  while (last > 0 && dropped <= MOST_CLOSING_LINES && isOutside(lines[last - 1] ?? '')) {
    last -= 1;
    if (!isBlank(lines[last])) dropped += 1;
  }
  return last;
}

function isOutside(line: string): boolean {
  return isBlank(line) || isRule(line) || isDeviceLine(line);
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === '';
}

function kindOf(line: string): 'name' | 'job' | 'words' {
  const bare = line.trim();
  if (bare.length > 80 || /[.!?:;…]$/.test(bare) || /^[-*•–]/.test(bare)) return 'words';
  if (CONTACT.test(bare)) return 'name';
  const written = bare.match(/[\p{L}\p{M}]+/gu) ?? [];
  if (JOBS.has(fold(written[0] ?? ''))) return written.length > 1 && isNamed(written) ? 'name' : 'job';
  if (/^\p{Lu}{1,2}$/u.test(bare)) return 'name';
  // All in capitals: as likely a name as somebody's way to write.
  if (bare === bare.toUpperCase()) return written.length > 0 ? 'job' : 'words';
  return isNamed(written) ? 'name' : 'words';
}

function isNamed(written: readonly string[]): boolean {
  const own = written.filter((word) => !PARTICLES.has(word.toLowerCase()));
  return own.length > 0 && own.length <= 6 && own.every((word) => /^\p{Lu}/u.test(word));
}

const CONTACT = /^[^ ]+@[^ ]+$|^(?:https?:|www\.)[^ ]+$|(?:\+33|\b0\d)(?:[ .-]?\d\d){4}\b/;
const PARTICLES: ReadonlySet<string> = new Set('de du des la le les l d et en à au aux sur sous'.split(' '));
const JOBS: ReadonlySet<string> = new Set(
  (
    'responsable agent agente service services mairie ville commune direction directeur directrice adjoint adjointe ' +
    'secretaire secretariat charge chargee assistant assistante accueil standard tel telephone fixe mobile port fax ' +
    'chef cheffe gestionnaire instructeur instructrice technicien technicienne maire dgs hotel police officier'
  ).split(' '),
);

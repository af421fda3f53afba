import type { HeaderKind } from './quote-header-names.ts';
import { headersOf, kindNamed } from './quote-headers.ts';
import { isPlausibleAddress } from './received-email.ts';

/** The headers copied above a forwarded message: what each says, and how many lines they take. */
export type CopiedHeaders = { values: ReadonlyMap<HeaderKind, string>; end: number };

/**
 * Reads them from their first line, the first of these: one to a line, several on one, broken over two, or with a blank line after each.
 */
export function readHeaders(lines: readonly string[]): CopiedHeaders {
  const values = new Map<HeaderKind, string>();
  let last: HeaderKind | undefined;
  let end = 0;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const named = splitHeaders(line);
    if (named.length > 0) {
      for (const { kind, value } of named) if (!values.has(kind)) values.set(kind, value);
      last = named.at(-1)?.kind;
      end = at + 1;
      continue;
    }
    if (line.trim() === '') {
      if (!goesOnAfterBlank(lines, at, values)) break;
      continue;
    }
    if (last === undefined || !goesOn(lines, at, values.get(last) ?? '')) break;
    // « Date de renvoi : »: a header that nobody reads.
    if (!UNKNOWN_HEADER.test(line)) values.set(last, `${values.get(last) ?? ''} ${line.trim()}`.trim());
    end = at + 1;
  }
  return { values, end };
}

const UNKNOWN_HEADER = /^[\s*]{0,3}\p{Lu}[\p{L}' -]{2,24}[ \u00a0]?:[*\s]/u;

/** The person a copied « De : » names; either part may be empty. */
export function readPerson(value: string): { name: string; address: string } | null {
  const said = bare(value).slice(0, LONGEST_PERSON);
  // « De : liste@x.fr De la part de Jeanne Rougon »: the second one wrote.
  const own =
    said.split(/ (?:de la part de|on behalf of|au nom de|im auftrag von) /i).findLast((part) => part !== '') ?? '';
  const found = /[^\s<>()[\]"',;:]{1,64}@[^\s<>()[\]"',;:]{1,253}/.exec(own);
  const address = (found?.[0] ?? '').toLowerCase().replace(/[.*]+$/, '');
  const name = (found === null ? own : own.slice(0, found.index))
    .replaceAll(/mailto:|["<>[\]()*]/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[\s']+|[\s',;]+$/g, '');
  if (name === '' && address === '') return null;
  return { name, address: isPlausibleAddress(address) ? address : '' };
}

const LONGEST_PERSON = 500;

/** A value without the stars of bold text and the white space around. */
export function bare(value: string): string {
  return value
    .replaceAll(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/^[\s*_]+/, '')
    .replace(/[\s*]+$/, '');
}

type Header = { kind: HeaderKind; value: string };

function splitHeaders(line: string): Header[] {
  // « Message du 06/04/26 14:05 »: La Poste and Orange put no colon after the name.
  const dated = /^\s*message du ?:? ?(\d.{4,60})$/i.exec(line);
  if (dated !== null) return [{ kind: 'date', value: dated[1] ?? '' }];
  const kinds = headersOf(line);
  if (kinds.length === 0) return [];
  const colon = line.indexOf(':');
  const [kind] = kinds;
  if (kind === undefined) return [];
  if (kinds.length === 1) return [{ kind, value: bare(line.slice(colon + 1)) }];
  return splitLine(line);
}

function splitLine(line: string): Header[] {
  const starts = [...line.matchAll(/(?:^|\s)([*\p{L}']{1,12})[ \u00a0*]?:/gu)].filter(
    ([, name]) => kindNamed(name ?? '') !== undefined,
  );
  return starts.flatMap((start, at) => {
    const kind = kindNamed(start[1] ?? '');
    const value = line.slice(start.index + start[0].length, starts[at + 1]?.index);
    return kind === undefined ? [] : [{ kind, value: bare(value) }];
  });
}

// Some programs put a blank line after each header. After the subject and the author, a blank line ends them unless
// another header that was still missing follows.
function goesOnAfterBlank(lines: readonly string[], at: number, values: ReadonlyMap<HeaderKind, string>): boolean {
  const next = splitHeaders(lines[at + 1] ?? '').map(({ kind }) => kind);
  if (next.length === 0) return values.size === 0 && (lines[at + 1] ?? '').trim() === '';
  const isComplete = values.has('from') && values.has('subject') && (values.has('date') || values.has('to'));
  return !isComplete && next.some((kind) => !values.has(kind));
}

/** Whether a line without a name belongs to the header above it. */
function goesOn(lines: readonly string[], at: number, above: string): boolean {
  const line = lines[at] ?? '';
  if (above === '' || /[,;]$/.test(above) || /^(?:\s|<|\[mailto:)/.test(line)) return true;
  if (splitHeaders(lines[at + 1] ?? '').length > 0) return true;
  return above.length >= WRAPPED_LENGTH && (lines[at + 1] ?? '').trim() === '';
}

// Programs break a line near the 76th character: a shorter one ended by itself.
const WRAPPED_LENGTH = 66;

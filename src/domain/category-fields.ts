import { fold } from './reply-command-line.ts';

/** What a category asks for, read in what a citizen wrote or in what a web form sent. */
export interface CategoryField {
  id: string;
  name: string;
  kind: 'text' | 'date' | 'choice';
  choices?: readonly string[];
}

/**
 * By field id, the values that are written behind the fields' names: « Nom du champ : valeur », « Nom du champ = valeur »,
 * or the value on the line below the name. The first good value counts; a bad one is as good as none.
 */
export function extractFields(text: string, fields: readonly CategoryField[]): Record<string, string> {
  const named = fieldsByName(fields);
  const found = new Map<string, string>();
  if (named.size === 0) return {};
  const lines = text.slice(0, READ_CHARACTERS).split(LINE_END);
  for (const [at, line] of lines.entries()) {
    const entry = readEntry(line, named);
    if (entry === null || found.has(entry.field.id)) continue;
    const value = checkField(entry.field, entry.value === '' ? valueBelow(lines, at, named) : entry.value);
    if (value !== null) found.set(entry.field.id, value);
  }
  return Object.fromEntries(found);
}

/** The value as it is kept: one line, YYYY-MM-DD for a date, a choice as the config spells it. Null when it is none. */
export function checkField(field: CategoryField, value: string): string | null {
  if (value.length > LONGEST_WRITTEN) return null;
  const line = value.replaceAll(INVISIBLE, '').replaceAll(/\s+/g, ' ').trim().normalize('NFC');
  if (line === '' || line.length > LONGEST_VALUE) return null;
  if (field.kind === 'date') return readDay(line);
  if (field.kind === 'choice') return field.choices?.find((choice) => keyOf(choice) === keyOf(line)) ?? null;
  return line;
}

// A form is short and comes first: what is quoted or attached below a long mail is not it.
const READ_CHARACTERS = 100_000;
const LONGEST_VALUE = 200;
// With the spaces that are taken out.
const LONGEST_WRITTEN = 1_000;
const LONGEST_NAME = 120;
const MOST_MARKS = 3;
const LINE_END = /\r\n|[\n\r\u2028\u2029]/;
// oxlint-disable-next-line no-control-regex -- they are what is taken out
const INVISIBLE = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\p{Cf}]/gu;

type Named = ReadonlyMap<string, CategoryField>;

/** A name wins over an id, and the first field over a later one of the same name. */
function fieldsByName(fields: readonly CategoryField[]): Named {
  const keys = [
    ...fields.map((field) => [keyOf(field.name), field] as const),
    ...fields.map((field) => [keyOf(field.id), field] as const),
  ].filter(([key]) => key !== '');
  return new Map(keys.toReversed());
}

/** Accents, case, punctuation and « (obligatoire) » do not matter. */
function keyOf(name: string): string {
  const words = fold(name.replace(/\((?:obligatoire|facultatif|requis|optionnel)\)/i, ' ')).match(/[\p{L}\p{N}]+/gu);
  return (words ?? []).join(' ');
}

/** The field a line begins with, and what stands behind its name: '' when nothing does. */
function readEntry(line: string, named: Named): { field: CategoryField; value: string } | null {
  const start = line.slice(0, LONGEST_NAME);
  // A name may hold a colon itself: the first marks are tried in turn.
  const marks = [...start.matchAll(/[:：=\t]/g)].slice(0, MOST_MARKS);
  for (const { index } of marks) {
    const field = named.get(keyOf(line.slice(0, index)));
    if (field !== undefined) return { field, value: withoutMarks(line.slice(index + 1, index + 2 + LONGEST_WRITTEN)) };
  }
  const field = line.length > LONGEST_NAME ? undefined : named.get(keyOf(line));
  return field === undefined ? null : { field, value: '' };
}

/** Bold, as programs write it in plain text: « *Nom :* Lemaire ». */
function withoutMarks(value: string): string {
  return value
    .replace(/^[\s*:=]+/, '')
    .replace(/\*+\s{0,9}$/, '')
    .trim();
}

/** On the next line, or behind one blank line; another field's name is no value. */
function valueBelow(lines: readonly string[], at: number, named: Named): string {
  const below = lines.slice(at + 1, at + 3).find((line) => line.trim() !== '') ?? '';
  return readEntry(below, named) === null ? below.slice(0, LONGEST_WRITTEN + 1) : '';
}

const MONTHS = 'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre'.split(' ');
const SHORT_MONTHS: readonly [start: string, month: number][] = [
  ['janv', 1],
  ['fevr', 2],
  ['fev', 2],
  ['avr', 4],
  ['juil', 7],
  ['sept', 9],
  ['oct', 10],
  ['nov', 11],
  ['dec', 12],
];

/** Day first, as in France; the year in four figures, since « 12/05/50 » may be a birth or a wedding to come. */
const WRITTEN_DAY =
  /^(?:(?:le|du) )?(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche),? )?(?:le )?(\d{1,2})(?:er)? (\p{L}{3,9})\.? (\d{4})$/u;
const FIGURES = /^(?:le )?(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{4})$/;
const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:t[\d:.]+z?)?$/;
const HOUR = /,? (?:a|vers|-|de) ?\d{1,2} ?(?:h|:|heures?)(?: ?\d{2})?$/;

function readDay(value: string): string | null {
  const said = fold(value).replace(HOUR, '').replace(/[.,]$/, '').trim();
  const iso = ISO.exec(said);
  if (iso !== null) return realDay(iso[1], iso[2], iso[3]);
  const figures = FIGURES.exec(said);
  if (figures !== null) return realDay(figures[4], figures[3], figures[1]);
  const written = WRITTEN_DAY.exec(said);
  return written === null ? null : realDay(written[3], String(monthNamed(written[2] ?? '')), written[1]);
}

function monthNamed(name: string): number {
  return SHORT_MONTHS.find(([start]) => start === name)?.[1] ?? MONTHS.indexOf(name) + 1;
}

/** « 31 février » is no day, and neither is one before anybody's birth. */
function realDay(year = '', month = '', day = ''): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  const isReal = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  return isReal && Number(year) >= 1850 && Number(year) < 2200 ? text : null;
}

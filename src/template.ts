import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Liquid } from 'liquidjs';

/** Every sentence a person receives is in `templates/`. Values are escaped where they land: HTML by default, nothing in text parts. */

export const TEMPLATES_DIR = fileURLToPath(new URL('../templates', import.meta.url));

export type Locale = Record<string, Record<string, string>>;

const locales = new Map<string, Locale>();

/** The labels of a locale file: `{ section: { key: text } }`. */
export function loadLocale(language = 'fr'): Locale {
  let locale = locales.get(language);
  if (locale === undefined) {
    locale = JSON.parse(readFileSync(`${TEMPLATES_DIR}/locales/${language}.json`, 'utf8')) as Locale;
    locales.set(language, locale);
  }
  return locale;
}

/** A label; the key itself when it has none, so that a gap shows instead of failing. */
export function label(section: string, key: string): string {
  return loadLocale()[section]?.[key] ?? `${section}.${key}`;
}

/**
 * An engine over `templates/`. `html` escapes every value unless it goes through `raw`; without it nothing is escaped.
 * Templates are parsed once; unknown variables print nothing, unknown filters refuse to load.
 */
export function createEngine({ html, timeZone }: { html: boolean; timeZone: string }): Liquid {
  const engine = new Liquid({
    root: [TEMPLATES_DIR],
    cache: true,
    strictFilters: true,
    ownPropertyOnly: true,
    ...(html ? { outputEscape: 'escape' as const } : {}),
  });
  engine.registerFilter('label', (key: string | null, section: string) => label(section, key ?? ''));
  engine.registerFilter('longDate', (at: unknown) => longDate(at, timeZone));
  engine.registerFilter('longDay', (at: unknown) => longDay(at, timeZone));
  engine.registerFilter('shortDate', (at: unknown) => shortDate(at, timeZone));
  engine.registerFilter('fileSize', (bytes: unknown) => fileSize(Number(bytes)));
  return engine;
}

/** « lundi 6 avril 2026 à 14 h 05 », with the spaces that must not break. */
export function longDate(at: unknown, timeZone: string): string {
  return `${longDay(at, timeZone)} à ${clockTime(at, timeZone)}`;
}

/** « lundi 6 avril 2026 ». */
export function longDay(at: unknown, timeZone: string): string {
  // A day without an hour is the same day everywhere.
  const isBareDay = typeof at === 'string' && /^\d{4}-\d\d-\d\d$/.test(at);
  return formatFor('longDay', isBareDay ? 'UTC' : timeZone)
    .format(asDate(at))
    .replace(/ 1 (?=\p{L})/u, ' 1er ')
    .replace(/(?<=\d(?:er)?) (?=\p{L})|(?<=\p{L}) (?=\d)/gu, '\u00a0');
}

/** « 06/04/2026 14 h 05 ». */
export function shortDate(at: unknown, timeZone: string): string {
  return `${formatFor('shortDay', timeZone).format(asDate(at))} ${clockTime(at, timeZone)}`;
}

function clockTime(at: unknown, timeZone: string): string {
  const parts = Object.fromEntries(
    formatFor('time', timeZone)
      .formatToParts(asDate(at))
      .map(({ type, value }) => [type, value]),
  );
  return `${Number(parts['hour'])}\u00a0h\u00a0${parts['minute']}`;
}

const FORMATS = {
  longDay: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  shortDay: { day: '2-digit', month: '2-digit', year: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one costs more than a whole mail. */
function formatFor(name: keyof typeof FORMATS, timeZone: string): Intl.DateTimeFormat {
  const key = `${name} ${timeZone}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('fr-FR', { ...FORMATS[name], timeZone });
    formats.set(key, format);
  }
  return format;
}

/** « 1,4 Mo ». */
export function fileSize(bytes: number): string {
  const [amount, unit] =
    bytes < 1_000 ? [bytes, 'o'] : bytes < 1_000_000 ? [bytes / 1_000, 'ko'] : [bytes / 1_000_000, 'Mo'];
  return `${amount.toLocaleString('fr-FR', { maximumFractionDigits: amount < 10 ? 1 : 0 })}\u00a0${unit}`;
}

/** Instants reach templates as Dates, or as ISO strings out of a JSON column. */
function asDate(at: unknown): Date {
  return at instanceof Date ? at : new Date(String(at));
}

const plain = new Map<string, Liquid>();

/** A text without HTML: for the console, or for paper. */
export function fillPlain(template: string, values: object, timeZone = 'UTC'): string {
  let engine = plain.get(timeZone);
  if (engine === undefined) {
    engine = createEngine({ html: false, timeZone });
    plain.set(timeZone, engine);
  }
  return String(engine.renderFileSync(template, values));
}

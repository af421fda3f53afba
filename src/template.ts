import { existsSync, readFileSync } from 'node:fs';
import { Liquid } from 'liquidjs';
import type { Language } from './domain/people.ts';
import { findTemplate, NO_OWN_TEMPLATES, TEMPLATES_DIR, type OwnTemplates } from './template-files.ts';
import { decimal, fileSize, longDate, longDay, longMonth, shortDate } from './template-formats.ts';

/** Every sentence a person receives is in `templates/`. Values are escaped where they land: HTML by default, nothing in text parts. */

export type Locale = Record<string, Record<string, string>>;

const locales = new Map<Language, Locale>();

/** The labels of our locale file: `{ section: { key: text } }`. */
export function loadLocale(language: Language = 'fr'): Locale {
  let locale = locales.get(language);
  if (locale === undefined) {
    locale = JSON.parse(readFileSync(`${TEMPLATES_DIR}/locales/${language}.json`, 'utf8')) as Locale;
    locales.set(language, locale);
  }
  return locale;
}

/** A label; the key itself when it has none, so that a gap shows instead of failing. */
export function label(section: string, key: string, language: Language = 'fr'): string {
  return loadLocale(language)[section]?.[key] ?? loadLocale()[section]?.[key] ?? `${section}.${key}`;
}

export interface EngineOptions {
  html: boolean;
  timeZone: string;
  language?: Language;
  own?: OwnTemplates;
}

/**
 * An engine over the templates. `html` escapes every value unless it goes through `raw`; without it nothing is escaped.
 * Templates are parsed once; unknown variables print nothing, unknown filters refuse to load.
 */
export function createEngine({ html, timeZone, language = 'fr', own = NO_OWN_TEMPLATES }: EngineOptions): Liquid {
  const engine = new Liquid({
    root: [TEMPLATES_DIR],
    fs: filesOf(language, own),
    relativeReference: false,
    cache: true,
    strictFilters: true,
    ownPropertyOnly: true,
    ...(html ? { outputEscape: 'escape' as const } : {}),
  });
  const labelOf = labelsOf(language, own);
  engine.registerFilter('label', (key: string | null, section: string) => labelOf(section, key ?? ''));
  engine.registerFilter('longDate', (at: unknown) => longDate(at, timeZone, language));
  engine.registerFilter('longDay', (at: unknown) => longDay(at, timeZone, language));
  engine.registerFilter('shortDate', (at: unknown) => shortDate(at, timeZone, language));
  engine.registerFilter('padded', (words: string, width: number) => words.padEnd(width));
  engine.registerFilter('aligned', (figure: string | number, width: number) => String(figure).padStart(width));
  engine.registerFilter('longMonth', (month: unknown) => longMonth(month, language));
  engine.registerFilter('decimal', (amount: unknown) => decimal(amount, language));
  engine.registerFilter('fileSize', (bytes: unknown) => fileSize(Number(bytes), language));
  return engine;
}

/** What `include`, `render` and `layout` find: in the engine's language, the town's own before ours. */
function filesOf(language: Language, own: OwnTemplates) {
  const ownSources = new Map([...own.values()].map(({ path, source }) => [path, source]));
  const readFile = (path: string) => ownSources.get(path) ?? readFileSync(path, 'utf8');
  const exists = (path: string) => ownSources.has(path) || existsSync(path);
  return {
    resolve: (_dir: string, name: string) => findTemplate(name, language, own)?.path ?? `${TEMPLATES_DIR}/absent`,
    existsSync: exists,
    exists: (path: string) => Promise.resolve(exists(path)),
    readFileSync: readFile,
    readFile: (path: string) => Promise.resolve(readFile(path)),
  };
}

/** A town may say some labels in its own words. */
function labelsOf(language: Language, own: OwnTemplates): (section: string, key: string) => string {
  const file = own.get(`locales/${language}.json`);
  const ownLabels = file === undefined ? {} : (JSON.parse(file.source) as Locale);
  return (section, key) => ownLabels[section]?.[key] ?? label(section, key, language);
}

const engines = new WeakMap<OwnTemplates, Map<string, Liquid>>();

/** One engine for all that a town shows in the same form. */
export function engineFor(options: Required<Omit<EngineOptions, 'language'>>): Liquid {
  const known = engines.get(options.own) ?? new Map<string, Liquid>();
  engines.set(options.own, known);
  const key = `${options.timeZone} ${options.html}`;
  const engine = known.get(key) ?? createEngine(options);
  known.set(key, engine);
  return engine;
}

/** A text without HTML: for the console, or for paper. */
export function fillPlain(template: string, values: object, timeZone = 'UTC', own = NO_OWN_TEMPLATES): string {
  return String(engineFor({ html: false, timeZone, own }).renderFileSync(template, values));
}

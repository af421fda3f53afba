import type { Language } from './domain/people.ts';

/** Dates and sizes as people write them. */

interface Written {
  locale: string;
  /** Around the day and the hour. */
  dateTime: (day: string, time: string) => string;
  time: (hour: string, minute: string) => string;
  units: readonly [string, string, string];
}

const WRITTEN: Record<Language, Written> = {
  fr: {
    locale: 'fr-FR',
    dateTime: (day, time) => `${day} à ${time}`,
    time: (hour, minute) => `${Number(hour)}\u00a0h\u00a0${minute}`,
    units: ['o', 'ko', 'Mo'],
  },
  en: {
    locale: 'en-GB',
    dateTime: (day, time) => `${day} at ${time}`,
    time: (hour, minute) => `${hour}:${minute}`,
    units: ['B', 'kB', 'MB'],
  },
};

/** « lundi 6 avril 2026 à 14 h 05 », with the spaces that must not break. */
export function longDate(at: unknown, timeZone: string, language: Language = 'fr'): string {
  return WRITTEN[language].dateTime(longDay(at, timeZone, language), clockTime(at, timeZone, language));
}

/** « lundi 6 avril 2026 ». */
export function longDay(at: unknown, timeZone: string, language: Language = 'fr'): string {
  // A day without an hour is the same day everywhere.
  const isBareDay = typeof at === 'string' && /^\d{4}-\d\d-\d\d$/.test(at);
  const day = formatFor('longDay', isBareDay ? 'UTC' : timeZone, language).format(asDate(at));
  const first = language === 'fr' ? day.replace(/ 1 (?=\p{L})/u, ' 1er ') : day.replace(',', '');
  return first.replace(/(?<=\d(?:er)?) (?=\p{L})|(?<=\p{L}) (?=\d)/gu, '\u00a0');
}

/** « avril 2026 », of `2026-04`. */
export function longMonth(month: unknown, language: Language = 'fr'): string {
  const name = formatFor('longMonth', 'UTC', language).format(asDate(`${String(month)}-01T00:00:00Z`));
  return name.replace(' ', '\u00a0');
}

/** « 4,5 ». */
export function decimal(amount: unknown, language: Language = 'fr'): string {
  return Number(amount).toLocaleString(WRITTEN[language].locale, { maximumFractionDigits: 1 });
}

/** « 06/04/2026 14 h 05 ». */
export function shortDate(at: unknown, timeZone: string, language: Language = 'fr'): string {
  return `${formatFor('shortDay', timeZone, language).format(asDate(at))} ${clockTime(at, timeZone, language)}`;
}

function clockTime(at: unknown, timeZone: string, language: Language): string {
  const parts = Object.fromEntries(
    formatFor('time', timeZone, language)
      .formatToParts(asDate(at))
      .map(({ type, value }) => [type, value]),
  );
  return WRITTEN[language].time(parts['hour'] ?? '', parts['minute'] ?? '');
}

const FORMATS = {
  longDay: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  shortDay: { day: '2-digit', month: '2-digit', year: 'numeric' },
  longMonth: { month: 'long', year: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one costs more than a whole mail. */
function formatFor(name: keyof typeof FORMATS, timeZone: string, language: Language): Intl.DateTimeFormat {
  const key = `${name} ${timeZone} ${language}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(WRITTEN[language].locale, { ...FORMATS[name], timeZone });
    formats.set(key, format);
  }
  return format;
}

/** « 1,4 Mo ». */
export function fileSize(bytes: number, language: Language = 'fr'): string {
  const { locale, units } = WRITTEN[language];
  const power = bytes < 1_000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const amount = bytes / 1_000 ** power;
  return `${amount.toLocaleString(locale, { maximumFractionDigits: amount < 10 ? 1 : 0 })}\u00a0${units[power]}`;
}

/** Instants reach templates as Dates, or as ISO strings out of a JSON column. */
function asDate(at: unknown): Date {
  return at instanceof Date ? at : new Date(String(at));
}

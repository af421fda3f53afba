import { instantAt } from './local-time.ts';

/**
 * The instant that copied headers name: « lundi 6 avril 2026 14:05 », « 6 avr. 2026 à 14:05 », « Mon, 6 Apr 2026 14:05:12
 * +0200 », « 06/04/2026 14:05 ». Without an offset the clock is that of Paris; without an hour the day begins. Days in
 * figures alone are day/month, as in France, unless that cannot be; where an American clock (PM) makes both readings
 * possible, there is no answer.
 */
export function parseForwardDate(words: string): Date | null {
  const said = plain(words);
  const day = dayIn(said);
  if (day === undefined) return null;
  const clock = clockIn(said);
  const time = `${two(clock.hours)}:${two(clock.minutes)}`;
  if (clock.hours > 23 || clock.minutes > 59 || clock.seconds > 59) return null;
  const offset = offsetIn(said, clock.end);
  const begin =
    offset === undefined
      ? instantAt(day, time, 'Europe/Paris').getTime()
      : Date.parse(`${day}T${time}:00Z`) - offset * 60_000;
  return new Date(begin + clock.seconds * 1_000);
}

const LONGEST = 200;

function plain(words: string): string {
  return words
    .slice(0, LONGEST)
    .normalize('NFD')
    .replaceAll(/[\p{M}\p{Cf}*_]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** First letters of the months, accents aside: enough to tell them apart in the languages mail is copied in. */
const MONTHS: readonly (readonly [start: string, month: number])[] = [
  ['jan', 1],
  ['gen', 1],
  ['ene', 1],
  ['sty', 1],
  ['oca', 1],
  ['янв', 1],
  ['fev', 2],
  ['feb', 2],
  ['lut', 2],
  ['sub', 2],
  ['фев', 2],
  ['mar', 3],
  ['maart', 3],
  ['mrt', 3],
  ['maa', 3],
  ['мар', 3],
  ['avr', 4],
  ['apr', 4],
  ['abr', 4],
  ['kwi', 4],
  ['huh', 4],
  ['апр', 4],
  ['mai', 5],
  ['may', 5],
  ['mag', 5],
  ['maj', 5],
  ['mei', 5],
  ['maj', 5],
  ['мая', 5],
  ['маи', 5],
  ['juin', 6],
  ['jun', 6],
  ['giu', 6],
  ['cze', 6],
  ['июн', 6],
  ['juil', 7],
  ['jul', 7],
  ['lug', 7],
  ['lip', 7],
  ['июл', 7],
  ['aou', 8],
  ['aug', 8],
  ['ago', 8],
  ['sie', 8],
  ['авг', 8],
  ['sep', 9],
  ['set', 9],
  ['wrz', 9],
  ['сен', 9],
  ['oct', 10],
  ['okt', 10],
  ['ott', 10],
  ['out', 10],
  ['paz', 10],
  ['окт', 10],
  ['nov', 11],
  ['lis', 11],
  ['ноя', 11],
  ['dec', 12],
  ['dez', 12],
  ['dic', 12],
  ['des', 12],
  ['gru', 12],
  ['дек', 12],
];

function monthNamed(name: string): number | undefined {
  return MONTHS.find(([start]) => name.startsWith(start))?.[1];
}

function dayIn(said: string): string | undefined {
  // « 6 avril 2026 », « 6. april 2026 », « 1er avr. 2026 », « 8 de octubre de 2015 », « 03-may-2016 ».
  for (const [, day, name, year] of said.matchAll(
    /(?<!\d)(\d{1,2})(?:er|st|nd|rd|th|º|\.)?[ -]?(?:de |of )?(\p{L}{3,12})\.?,?[ -](?:de |del )?(\d{4})(?!\d)/gu,
  )) {
    const month = monthNamed(name ?? '');
    if (month !== undefined) return valid(year, month, day);
  }
  // « April 6, 2026 », « Apr 6th 2026 ».
  for (const [, name, day, year] of said.matchAll(
    /(?<!\p{L})(\p{L}{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)/gu,
  )) {
    const month = monthNamed(name ?? '');
    if (month !== undefined) return valid(year, month, day);
  }
  // « 2026. ápr. 6. », « 2026 april 6 ».
  const yearFirst = /(?<!\d)(\d{4})\.? (\p{L}{3,12})\.? (\d{1,2})(?!\d)/u.exec(said);
  const month = monthNamed(yearFirst?.[2] ?? '');
  if (yearFirst !== null && month !== undefined) return valid(yearFirst[1], month, yearFirst[3]);
  const iso = /(?<!\d)(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})(?!\d)/.exec(said);
  if (iso !== null) return valid(iso[1], Number(iso[2]), iso[3]);
  return dayInFigures(said);
}

function dayInFigures(said: string): string | undefined {
  const found = /(?<![\d/.-])(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})(?!\d)/.exec(said);
  if (found === null) return undefined;
  const [first, second] = [Number(found[1]), Number(found[3])];
  const year = found[4]?.length === 2 ? `20${found[4]}` : found[4];
  if (second > 12) return valid(year, first, String(second));
  const isAmerican = /\d ?[ap]\.? ?m\b/.test(said);
  if (isAmerican && first <= 12 && first !== second) return undefined;
  return valid(year, second, String(first));
}

function valid(year: string | undefined, month: number, day: string | undefined): string | undefined {
  const text = `${year}-${two(month)}-${two(Number(day))}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  const isReal = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  return isReal && Number(year) >= 1990 && Number(year) < 2100 ? text : undefined;
}

function clockIn(said: string): { hours: number; minutes: number; seconds: number; end: number } {
  const found =
    /(?<![\d:+-])(\d{1,2}) ?(?::|h|uhr) ?(\d{2})(?:[:.](\d{2}))?(?:\.\d+)?(?: ?([ap])\.? ?m\b\.?)?/.exec(said) ??
    /(?:kl\.?|klo|ore|um|at) (\d{1,2})\.(\d{2})(?:\.(\d{2}))?/.exec(said);
  if (found === null) return { hours: 0, minutes: 0, seconds: 0, end: said.length };
  const hours = Number(found[1]);
  return {
    hours: found[4] === undefined || hours > 12 ? hours : (hours % 12) + (found[4] === 'p' ? 12 : 0),
    minutes: Number(found[2]),
    seconds: Number(found[3] ?? 0),
    end: found.index + found[0].length,
  };
}

/** Minutes east of Greenwich. */
function offsetIn(said: string, from: number): number | undefined {
  const rest = said.slice(from);
  // « +0200 », « +02:00 », « (GMT+02:00) », « UTC+2 »; not the « - » of « 14:05 - 06/04/2026 ».
  const signed =
    /^ ?\(?(?:utc|gmt) ?([+-])(\d{1,2}):?(\d{2})?(?![\d/.-])/.exec(rest) ??
    /^ ?\(?([+-])(\d{2}):?(\d{2})(?![\d/.-])/.exec(rest);
  if (signed !== null) {
    const minutes = Number(signed[2]) * 60 + Number(signed[3] ?? 0);
    return minutes > 14 * 60 ? undefined : signed[1] === '-' ? -minutes : minutes;
  }
  const name = /^ ?\(?([a-z]{1,5})\b/.exec(rest)?.[1];
  return name === undefined ? undefined : ZONES.get(name);
}

const ZONES: ReadonlyMap<string, number> = new Map([
  ['z', 0],
  ['utc', 0],
  ['gmt', 0],
  ['wet', 0],
  ['bst', 60],
  ['west', 60],
  ['cet', 60],
  ['cest', 120],
  ['eet', 120],
  ['eest', 180],
  ['est', -300],
  ['edt', -240],
  ['cst', -360],
  ['cdt', -300],
  ['mst', -420],
  ['mdt', -360],
  ['pst', -480],
  ['pdt', -420],
]);

function two(figure: number): string {
  return String(figure).padStart(2, '0');
}

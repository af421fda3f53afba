import { addDays, type Day, weekdayOf } from './local-time.ts';
import { fold, isGluedBy, type Line, markBefore } from './reply-command-line.ts';
import type { FoundNamed } from './reply-command-name.ts';

/**
 * « jusqu'au 12 mai », « jusqu'au lundi 12/05/2026 »: undefined when no end is spoken of. A day without a year is the
 * next one, and only in the months to come: « jusqu'au 12 mai » said on the 20th is a slip, not a year.
 */
export function findUntil(line: Line, from: number, today: Day): FoundNamed | undefined {
  const isSaid = ['none', 'comma'].includes(markBefore(line, from)) && line.words[from]?.word === 'jusqu';
  if (!isSaid) return undefined;
  const isOfDay = line.words[from + 1]?.word === 'au' && markBefore(line, from + 1) === 'none';
  const weekday = isOfDay ? WEEKDAYS.indexOf(line.words[from + 2]?.word ?? '') : -1;
  const written = isOfDay ? dateAt(line, from + (weekday === -1 ? 2 : 3)) : null;
  const unknown = { kind: 'unknown', start: from, end: written?.end ?? from + 1 } as const;
  if (written === null) return unknown;
  const day = dayOf(written, today);
  if (day === null || (weekday !== -1 && weekdayOf(day) !== weekday)) return unknown;
  return { kind: 'found', choices: { until: day }, name: frenchDay(day), start: from, end: written.end };
}

/** « 12/05/2026 ». */
export function frenchDay(day: Day): string {
  return day.split('-').toReversed().join('/');
}

// Farther than this, a day without a year is as likely the past one.
const MOST_DAYS_WITHOUT_YEAR = 240;
const WEEKDAYS = 'dimanche lundi mardi mercredi jeudi vendredi samedi'.split(' ');
const MONTHS = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'
  .split(' ')
  .map(fold);

interface Written {
  date: number;
  month: number;
  year: number | null;
  end: number;
}

function dateAt(line: Line, at: number): Written | null {
  const word = (offset: number) => line.words[at + offset]?.word ?? '';
  if (!/^(?:\d{1,2}|1er)$/.test(word(0)) || markBefore(line, at) !== 'none') return null;
  const date = Number.parseInt(word(0), 10);
  const named = MONTHS.indexOf(word(1)) + 1;
  if (named > 0 && markBefore(line, at + 1) === 'none') {
    const hasYear = /^20\d\d$/.test(word(2)) && markBefore(line, at + 2) === 'none';
    return { date, month: named, year: hasYear ? Number(word(2)) : null, end: at + (hasYear ? 3 : 2) };
  }
  if (!/^\d{1,2}$/.test(word(1)) || !isGluedBy(line, at + 1, '/.-')) return null;
  const isLonger = isGluedBy(line, at + 2, '/.-');
  const year = isLonger && /^20\d\d$/.test(word(2)) ? Number(word(2)) : null;
  if (isLonger && year === null) return null;
  return { date, month: Number(word(1)), year, end: at + (isLonger ? 3 : 2) };
}

function dayOf({ date, month, year }: Written, today: Day): Day | null {
  if (year !== null) return dayIn(year, month, date);
  const thisYear = Number(today.slice(0, 4));
  const days = [thisYear, thisYear + 1].map((each) => dayIn(each, month, date));
  const next = days.find((day) => day !== null && day > today) ?? null;
  return next !== null && next <= addDays(today, MOST_DAYS_WITHOUT_YEAR) ? next : null;
}

/** Null for the 31st of April. */
function dayIn(year: number, month: number, date: number): Day | null {
  const day = [String(year), String(month).padStart(2, '0'), String(date).padStart(2, '0')].join('-');
  const isDay = !Number.isNaN(Date.parse(day)) && addDays(day, 0) === day;
  return isDay ? day : null;
}

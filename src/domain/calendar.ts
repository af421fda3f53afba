import { addDays, weekdayOf, type Day } from './local-time.ts';
import type { Town } from './people.ts';

/** Working days: Monday to Friday, less the public holidays of the territory and the town's own closures. */

export const TERRITORIES = [
  'metropole',
  'alsace-moselle',
  'guadeloupe',
  'martinique',
  'guyane',
  'reunion',
  'mayotte',
  'saint-barthelemy',
  'saint-martin',
  'saint-pierre-et-miquelon',
  'nouvelle-caledonie',
  'polynesie-francaise',
  'wallis-et-futuna',
] as const;
export type Territory = (typeof TERRITORIES)[number];

export type WorkingCalendar = Pick<Town, 'closures' | 'territory'>;

/** Everywhere (code du travail L3133-1, and what the territories of the Pacific have in its place). */
const NATIONAL = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];
/** Easter Monday, Ascension, Whit Monday: days from Easter. */
const NATIONAL_MOVABLE = [1, 39, 50];
const GOOD_FRIDAY = -2;

interface LocalDays {
  fixed: readonly { on: string; from?: number; until?: number }[];
  movable?: readonly number[];
}

/** The abolition of slavery (L3422-2), L3134-13 in Alsace and Moselle, and the days that the Pacific adds of its own. */
const LOCAL: Record<Territory, LocalDays> = {
  metropole: { fixed: [] },
  'alsace-moselle': { fixed: [{ on: '12-26' }], movable: [GOOD_FRIDAY] },
  guadeloupe: { fixed: [{ on: '05-27' }] },
  martinique: { fixed: [{ on: '05-22' }] },
  guyane: { fixed: [{ on: '06-10' }] },
  reunion: { fixed: [{ on: '12-20' }] },
  mayotte: { fixed: [{ on: '04-27' }] },
  'saint-barthelemy': { fixed: [{ on: '10-09' }] },
  // The 27th, as in Guadeloupe, before the law of 28 February 2017.
  'saint-martin': {
    fixed: [
      { on: '05-27', until: 2017 },
      { on: '05-28', from: 2018 },
    ],
  },
  'saint-pierre-et-miquelon': { fixed: [] },
  'nouvelle-caledonie': { fixed: [{ on: '09-24', from: 2004 }] },
  // Matari'i i ni'a took the place of the day of autonomy.
  'polynesie-francaise': {
    fixed: [{ on: '03-05' }, { on: '06-29', until: 2025 }, { on: '11-20', from: 2026 }],
    movable: [GOOD_FRIDAY],
  },
  'wallis-et-futuna': { fixed: [{ on: '04-28' }, { on: '07-29' }] },
};

const holidaysByYear = new Map<string, ReadonlySet<Day>>();

export function isWorkingDay(day: Day, calendar: WorkingCalendar): boolean {
  const weekday = weekdayOf(day);
  return weekday !== 0 && weekday !== 6 && !isHoliday(day, calendar) && !calendar.closures.includes(day);
}

/** The day itself when it is worked, else the next one that is. */
export function workingDayFrom(day: Day, calendar: WorkingCalendar): Day {
  let candidate = day;
  while (!isWorkingDay(candidate, calendar)) candidate = addDays(candidate, 1);
  return candidate;
}

/** Day 0 does not count: one working day after a Friday is the next worked Monday. */
export function addWorkingDays(day: Day, count: number, calendar: WorkingCalendar): Day {
  let result = day;
  for (let left = count; left > 0; left--) result = workingDayFrom(addDays(result, 1), calendar);
  return result;
}

export function isHoliday(day: Day, { territory }: Pick<WorkingCalendar, 'territory'>): boolean {
  return holidaysOf(Number(day.slice(0, 4)), territory).has(day);
}

function holidaysOf(year: number, territory: Territory): ReadonlySet<Day> {
  const key = `${year} ${territory}`;
  const known = holidaysByYear.get(key);
  if (known !== undefined) return known;
  const easter = easterSunday(year);
  const local = LOCAL[territory];
  const dated = local.fixed.filter(({ from = year, until = year }) => from <= year && year <= until);
  const holidays = new Set([
    ...[...NATIONAL, ...dated.map(({ on }) => on)].map((monthAndDay) => `${year}-${monthAndDay}`),
    ...[...NATIONAL_MOVABLE, ...(local.movable ?? [])].map((days) => addDays(easter, days)),
  ]);
  holidaysByYear.set(key, holidays);
  return holidays;
}

/** Gregorian Easter by the anonymous algorithm (Meeus/Jones/Butcher). */
export function easterSunday(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  const month = Math.floor(f / 31);
  const dayOfMonth = (f % 31) + 1;
  return `${year}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`;
}

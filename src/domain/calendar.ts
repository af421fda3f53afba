import { addDays, weekdayOf, type Day } from './local-time.ts';
import type { Town } from './people.ts';

/** Working days: Monday to Friday, less the public holidays (code du travail L3133-1, L3134-13) and the town's own closures. */

export type WorkingCalendar = Pick<Town, 'closures' | 'alsaceMoselle'>;

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

export function isHoliday(day: Day, calendar: Pick<WorkingCalendar, 'alsaceMoselle'>): boolean {
  return holidaysOf(Number(day.slice(0, 4)), calendar.alsaceMoselle).has(day);
}

function holidaysOf(year: number, alsaceMoselle: boolean): ReadonlySet<Day> {
  const key = `${year}${alsaceMoselle ? 'A' : ''}`;
  let holidays = holidaysByYear.get(key);
  if (holidays === undefined) {
    const easter = easterSunday(year);
    const movable = [1, 39, 50].map((offset) => addDays(easter, offset));
    const fixed = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'].map((md) => `${year}-${md}`);
    const local = alsaceMoselle ? [addDays(easter, -2), `${year}-12-26`] : [];
    holidays = new Set([...fixed, ...movable, ...local]);
    holidaysByYear.set(key, holidays);
  }
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

import type { Config } from '../config.ts';
import { matchesBetween } from '../cron.ts';
import { cronWords } from '../cron-words.ts';
import { isWorkingDay } from '../domain/calendar.ts';
import { addDays, localParts, weekdayOf, type Day } from '../domain/local-time.ts';
import { administratorsOf } from '../domain/people.ts';

/** What is scheduled, and for whom, as `check` tells it. */

const DATES_SHOWN = 3;
/** A line that names the 29 February fires within five years, or never. */
const HORIZON_MS = 5 * 366 * 86_400_000;
const CLOSED_DAYS = 60;

export function planOf({ town, schedule, reports, pollSeconds, outgoing }: Config, now: Date) {
  const closed = daysFrom(localParts(now, town.timeZone).day, CLOSED_DAYS).filter(isClosedWeekday);
  return {
    town,
    schedule,
    weekly: { ...cronWords(reports.weekly), dates: nextDates(reports.weekly, town.timeZone, now, DATES_SHOWN) },
    lines: {
      desk: cronWords(reports.desk),
      departments: cronWords(reports.departments),
      monthly: cronWords(reports.monthly),
    },
    closed: closed.map((day) => ({ day, isOwn: town.closures.includes(day) })),
    closedDays: CLOSED_DAYS,
    pollSeconds,
    giveUpDays: outgoing.giveUpAfterSeconds / 86_400,
    outgoing,
    administrators: administratorsOf(town),
  };

  function isClosedWeekday(day: Day): boolean {
    return ![0, 6].includes(weekdayOf(day)) && !isWorkingDay(day, town);
  }
}

export function nextDates(line: string, timeZone: string, now: Date, count: number): Date[] {
  return matchesBetween(line, timeZone, now, new Date(now.getTime() + HORIZON_MS), count);
}

function daysFrom(first: Day, count: number): Day[] {
  const days: Day[] = [];
  for (let day = first; days.length < count; day = addDays(day, 1)) days.push(day);
  return days;
}

import { addDays, instantAt, localParts } from './local-time.ts';

/** Calendar months of a place: `YYYY-MM`. */
export type Month = string;

/** The last whole month before this instant. */
export function monthBefore(instant: Date, timeZone: string): Month {
  const { day } = localParts(instant, timeZone);
  return addDays(`${day.slice(0, 7)}-01`, -1).slice(0, 7);
}

/** From its first instant to the first of the next month, which is not its own. */
export function spanOf(month: Month, timeZone: string): { start: Date; end: Date } {
  const first = `${month}-01`;
  const next = `${addDays(first, 31).slice(0, 7)}-01`;
  return { start: instantAt(first, '00:00', timeZone), end: instantAt(next, '00:00', timeZone) };
}

/** Days and hours of a place, from instants and back. Days are `YYYY-MM-DD`, hours `HH:MM`, zones IANA names. */

export type Day = string;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The local calendar day and time of an instant. */
export function localParts(instant: Date, timeZone: string): { day: Day; time: string; weekday: number } {
  const local = new Date(instant.getTime() + offsetAt(instant.getTime(), timeZone)).toISOString();
  const day = local.slice(0, 10);
  return { day, time: local.slice(11, 16), weekday: weekdayOf(day) };
}

/** The instant when a place's clocks show this hour; in the hour that spring skips, the instant one hour on. */
export function instantAt(day: Day, time: string, timeZone: string): Date {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  const first = wanted - offsetAt(wanted, timeZone);
  return new Date(wanted - offsetAt(first, timeZone));
}

export function addDays(day: Day, count: number): Day {
  if (count === 1) return knownDay(day).next;
  return new Date((dayNumber(day) + count) * DAY_MS).toISOString().slice(0, 10);
}

/** How many days later `until` is; negative when it is earlier. */
export function daysBetween(from: Day, until: Day): number {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** 0 is Sunday. */
export function weekdayOf(day: Day): number {
  return knownDay(day).weekday;
}

/** Whoever counts working days asks for these two again and again: there are few days, and many requests. */
const knownDays = new Map<Day, { next: Day; weekday: number }>();

function knownDay(day: Day): { next: Day; weekday: number } {
  let known = knownDays.get(day);
  if (known === undefined) {
    const number = dayNumber(day);
    // 1 January 1970 was a Thursday.
    const weekday = (((number + 4) % 7) + 7) % 7;
    known = { next: new Date((number + 1) * DAY_MS).toISOString().slice(0, 10), weekday };
    if (knownDays.size >= KNOWN_AT_MOST) knownDays.clear();
    knownDays.set(day, known);
  }
  return known;
}

const DAY_MS = 86_400_000;

function dayNumber(day: Day): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / DAY_MS;
}

const QUARTER_MS = 900_000;
/** A forecast asks for the same quarters again and again; asking Intl each time takes most of its time. */
const KNOWN_AT_MOST = 100_000;
const offsets = new Map<string, number>();

/** Clocks change on a quarter of an hour, wherever they do. */
function offsetAt(epochMs: number, timeZone: string): number {
  const quarter = Math.floor(epochMs / QUARTER_MS);
  const key = `${timeZone} ${quarter}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = offsetByIntl(quarter * QUARTER_MS, timeZone);
    if (offsets.size >= KNOWN_AT_MOST) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}

function offsetByIntl(epochMs: number, timeZone: string): number {
  const parts = Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(new Date(epochMs))
      .map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute } = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`) - epochMs;
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  return format;
}

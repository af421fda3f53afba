/** Days and hours of a place, from instants and back. Days are `YYYY-MM-DD`, hours `HH:MM`, zones IANA names. */

export type Day = string;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The local calendar day and time of an instant. */
export function localParts(instant: Date, timeZone: string): { day: Day; time: string; weekday: number } {
  const parts = Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const day = `${parts['year']}-${parts['month']}-${parts['day']}`;
  return { day, time: `${parts['hour']}:${parts['minute']}`, weekday: weekdayOf(day) };
}

/** The instant when a place's clocks show this hour; in the hour that spring skips, the instant one hour on. */
export function instantAt(day: Day, time: string, timeZone: string): Date {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  const first = wanted - offsetAt(wanted, timeZone);
  return new Date(wanted - offsetAt(first, timeZone));
}

export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}

/** How many days later `until` is; negative when it is earlier. */
export function daysBetween(from: Day, until: Day): number {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** 0 is Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

function offsetAt(epochMs: number, timeZone: string): number {
  const { day, time } = localParts(new Date(epochMs), timeZone);
  return Date.parse(`${day}T${time}:00Z`) - Math.floor(epochMs / 60_000) * 60_000;
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

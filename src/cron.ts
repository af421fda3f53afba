import { createTask, validate } from 'node-cron';
import { addDays, instantAt, localParts } from './domain/local-time.ts';

/** The only door to node-cron, which knows the minutes that a line of the admin's names; and a tick a minute. */

const MINUTE_MS = 60_000;

export interface Ticker {
  stop(): Promise<void>;
}

/**
 * At every full minute; a tick that lasts is not doubled. By instants alone: a task of node-cron, though told to be in
 * UTC, stands still for an hour the night that clocks go back when the process itself lives in such a zone (measured).
 */
export function everyMinute(tick: () => Promise<void>): Ticker {
  let isStopped = false;
  let timer = setTimeout(run, msToNextMinute());
  let inHand: Promise<void> = Promise.resolve();
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await inHand;
    },
  };

  function run(): void {
    inHand = tick().finally(() => {
      if (!isStopped) timer = setTimeout(run, msToNextMinute());
    });
  }
}

function msToNextMinute(): number {
  return MINUTE_MS - (Date.now() % MINUTE_MS);
}

export function isCronLine(expression: string): boolean {
  return /^\S+( \S+){4}$/.test(expression) && validate(expression);
}

/** The latest minute in (after, until] that the line names on the town's clocks; null when there is none. */
export function latestMatch(expression: string, timeZone: string, after: Date, until: Date): Date | null {
  const matcher = createTask(expression, () => {}, { timezone: timeZone });
  try {
    for (let at = until.getTime(); at > after.getTime(); at -= MINUTE_MS) {
      if (matcher.match(new Date(at))) return new Date(at);
    }
    return null;
  } finally {
    void matcher.destroy();
  }
}

/** The minutes in (after, until] that the line names, oldest first, at most so many. */
export function matchesBetween(expression: string, timeZone: string, after: Date, until: Date, atMost: number): Date[] {
  const matcher = createTask(expression, () => {}, { timezone: timeZone });
  const found: Date[] = [];
  const times = timesOf(expression);
  const last = localParts(until, timeZone).day;
  try {
    for (let { day } = localParts(after, timeZone); day <= last && found.length < atMost; day = addDays(day, 1)) {
      const instants = times.map((time) => instantAt(day, time, timeZone));
      // A line names all of its times of a day, or none: the first and the last tell, whatever clocks skip.
      if (![instants[0], instants.at(-1)].some((at) => at !== undefined && matcher.match(at))) continue;
      found.push(...instants.filter((at) => at > after && at <= until && matcher.match(at)));
    }
    return found.slice(0, atMost);
  } finally {
    void matcher.destroy();
  }
}

/** The hours of a day that the first two fields name, `HH:MM`. */
function timesOf(expression: string): string[] {
  const [minutes = '', hours = ''] = expression.split(' ');
  return numbersOf(hours, 23).flatMap((hour) =>
    numbersOf(minutes, 59).map((minute) => [hour, minute].map((part) => String(part).padStart(2, '0')).join(':')),
  );
}

/** `0`, `8-12`, `1,5-9/2`: what the field names, in order. */
export function numbersOf(field: string, max: number): number[] {
  const named = field.split(',').flatMap((part) => {
    const [, range = '', step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from = 0, to = part.includes('/') ? max : from] = range === '*' ? [0, max] : range.split('-').map(Number);
    return Array.from(
      { length: Math.max(0, Math.floor((to - from) / Number(step)) + 1) },
      (_, i) => from + i * Number(step),
    );
  });
  return [...new Set(named)].toSorted((one, other) => one - other);
}

import { createTask, schedule, validate } from 'node-cron';

/** The only door to node-cron: a tick a minute, and whether a line of the admin's names a minute. */

const MINUTE_MS = 60_000;

export interface Ticker {
  stop(): Promise<void>;
}

/** Every minute, in UTC, where clocks skip and repeat nothing; a tick that lasts is not doubled. */
export function everyMinute(tick: () => Promise<void>): Ticker {
  const task = schedule('* * * * *', tick, { timezone: 'UTC', noOverlap: true, name: 'tick' });
  return { stop: async () => task.destroy() };
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

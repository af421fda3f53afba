import { everyMinute, latestMatch, type Ticker } from '../cron.ts';
import { reasonOf } from '../log.ts';
import { lastTick, pruneTicks, runOnce, unfinishedSince } from '../store/job-runs.ts';
import { releaseMails } from '../store/outbound-emails.ts';
import type { Ground } from '../store/store.ts';
import { forgetDaily } from './forget-requests.ts';
import { rescheduleWhenChanged } from './reschedule.ts';
import { sendReminders } from './send-reminders.ts';
import { sendStatusReport } from './send-status-report.ts';
import { wakeRequests } from './wake-requests.ts';

/**
 * One tick a minute, in UTC, where no minute is skipped or repeated when clocks change; what is due is read from rows.
 * The admin's cron lines are matched against each minute since the last tick, in the town's time zone: after a stop,
 * a line that was missed runs once, however often it was missed.
 */

const MINUTE_MS = 60_000;
/** A weekly line missed while everything stood still is still caught up with. */
const CATCH_UP_MINUTES = 8 * 24 * 60;

export class Scheduler {
  readonly #ground: Ground;
  #ticker: Ticker | null = null;
  #tick: Promise<void> = Promise.resolve();

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  start(): void {
    this.#ticker = everyMinute(() => this.tick());
  }

  /** Waits for the tick in hand. */
  async stop(): Promise<void> {
    await this.#ticker?.stop();
    await this.#tick;
  }

  /** What the minute brings; by hand in tests and when the demo's clock jumps. Never throws. */
  tick(): Promise<void> {
    this.#tick = this.#tick.then(() => this.#run());
    return this.#tick;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#ground;
    const minute = new Date(Math.floor(clock.now().getTime() / MINUTE_MS) * MINUTE_MS);
    try {
      const previous = await lastTick(this.#ground);
      await runOnce(this.#ground, 'tick', minute, async () => {
        await this.#attempt('reschedule', () => rescheduleWhenChanged(this.#ground));
        await this.#attempt('waiting_mails', () => releaseMails(this.#ground));
        await this.#attempt('wake', () => wakeRequests(this.#ground));
        await this.#attempt('reminders', () => sendReminders(this.#ground));
        await this.#runCronLines(previous ?? new Date(minute.getTime() - MINUTE_MS), minute);
        await pruneTicks(this.#ground, new Date(minute.getTime() - 2 * CATCH_UP_MINUTES * MINUTE_MS));
        return {};
      });
    } catch (error) {
      log.error({ event: 'tick.failed', reason: reasonOf(error) });
    }
  }

  async #runCronLines(after: Date, until: Date): Promise<void> {
    const { config } = this.#ground;
    const lines: [string, string, (dueAt: Date) => Promise<object>][] = [
      ['status_report.weekly', config.reports.weekly, (dueAt) => sendStatusReport(this.#ground, dueAt)],
      ['forgetting.daily', config.forgettingAt, (dueAt) => forgetDaily(this.#ground, dueAt)],
    ];
    for (const [job, expression, run] of lines) {
      const unfinished = await unfinishedSince(this.#ground, job);
      const earliest = new Date(Math.max(after.getTime(), until.getTime() - CATCH_UP_MINUTES * MINUTE_MS));
      const dueAt = unfinished ?? latestMatch(expression, config.town.timeZone, earliest, until);
      if (dueAt !== null) await this.#attempt(job, () => runOnce(this.#ground, job, dueAt, () => run(dueAt)));
    }
  }

  /** A job that fails does not keep the others from running. */
  async #attempt(job: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#ground.log.error({ event: 'job.failed', job, reason: reasonOf(error) });
    }
  }
}

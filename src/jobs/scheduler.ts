import { setTimeout as sleep } from 'node:timers/promises';
import { everyMinute, latestMatch, type Ticker } from '../cron.ts';
import { reasonOf } from '../log.ts';
import { lastTick, pruneTicks, runOnce, unfinishedSince } from '../store/job-runs.ts';
import { recoverMails } from '../store/release-mails.ts';
import type { Ground } from '../store/store.ts';
import { raiseLegalAlarms } from './raise-legal-alarms.ts';
import { linesOf } from './cron-lines.ts';
import { rescheduleWhenChanged } from './reschedule.ts';
import { sendReminders } from './send-reminders.ts';
import { tellDelays } from './tell-delays.ts';
import { wakeRequests } from './wake-requests.ts';

/**
 * One tick a minute, in UTC, where no minute is skipped or repeated when clocks change; what is due is read from rows.
 * The admin's cron lines are matched against each minute since the last tick, in the town's time zone: after a stop,
 * a line that was missed runs once, however often it was missed.
 */

const MINUTE_MS = 60_000;
/** A weekly line missed while everything stood still is still caught up with. */
const CATCH_UP_MINUTES = 8 * 24 * 60;
/** Less than what makes another instance take a run over (`job-runs.ts`): the tick is over by then. */
const JOB_DEADLINE_MS = 150_000;

export class Scheduler {
  readonly #ground: Ground;
  readonly #deadlineMs: number;
  /** Begun by this instance, and not come to an end in time: not begun again meanwhile. */
  readonly #hung = new Set<string>();
  #ticker: Ticker | null = null;
  #tick: Promise<void> = Promise.resolve();

  constructor(ground: Ground, deadlineMs = JOB_DEADLINE_MS) {
    this.#ground = ground;
    this.#deadlineMs = deadlineMs;
  }

  /** False while a job hangs. */
  isHealthy(): boolean {
    return this.#hung.size === 0;
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
        await this.#attempt('lost_mails', () => recoverMails(this.#ground));
        await this.#attempt('late_mails', () => tellDelays(this.#ground));
        await this.#attempt('wake', () => wakeRequests(this.#ground));
        await this.#attempt('legal_alarms', () => raiseLegalAlarms(this.#ground));
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
    for (const [job, expression, run] of linesOf(this.#ground)) {
      if (expression === 'never') continue;
      const unfinished = await unfinishedSince(this.#ground, job);
      const earliest = new Date(Math.max(after.getTime(), until.getTime() - CATCH_UP_MINUTES * MINUTE_MS));
      const dueAt = unfinished ?? latestMatch(expression, config.town.timeZone, earliest, until);
      if (dueAt !== null) await this.#attempt(job, () => runOnce(this.#ground, job, dueAt, () => run(dueAt)));
    }
  }

  /** A job that fails, or hangs, does not keep the others from running. */
  async #attempt(job: string, work: () => Promise<unknown>): Promise<void> {
    if (this.#hung.has(job)) return;
    const done = work()
      .catch((error: unknown) => this.#ground.log.error({ event: 'job.failed', job, reason: reasonOf(error) }))
      .finally(() => this.#hung.delete(job));
    const patience = new AbortController();
    const late = sleep(this.#deadlineMs, 'late' as const, { signal: patience.signal, ref: false }).catch(() => 'done');
    const outcome = await Promise.race([done.then(() => 'done'), late]);
    patience.abort();
    if (outcome !== 'late') return;
    this.#hung.add(job);
    this.#ground.log.error({ event: 'job.hung', job, seconds: this.#deadlineMs / 1_000 });
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../log.ts';
import { findPause } from '../store/outgoing-pause.ts';
import { recallJobs, releaseMails } from '../store/release-mails.ts';
import type { Ground } from '../store/store.ts';
import type { Breaker } from './breaker.ts';

/** Wakes the mails that have become due, and looks whether somebody paused. Every instance does. */

/** Two queries on small indexes. */
const LOOK_EVERY_MS = 1_000;
const BATCH_COUNT = 200;

export class Releaser {
  readonly #ground: Ground;
  readonly #breaker: Breaker;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #round: Promise<void> = Promise.resolve();
  /** A rate that appears while mails wait has to be kept for them too. */
  #hasRate = false;
  isPaused = false;

  constructor(ground: Ground, breaker: Breaker) {
    this.#ground = ground;
    this.#breaker = breaker;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#round;
  }

  /** One round, after the one in hand. Never throws. */
  release(): Promise<void> {
    this.#round = this.#round.then(() => this.#releaseDue());
    return this.#round;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.release();
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #releaseDue(): Promise<void> {
    const { config, log } = this.#ground;
    try {
      await this.#lookAtPause();
      const hasRate = config.outgoing.atMostPerMinute !== undefined;
      if (hasRate && !this.#hasRate) await recallJobs(this.#ground);
      this.#hasRate = hasRate;
      for (let isFull = !this.isPaused; isFull && !this.#stopping.signal.aborted; ) {
        const count = this.#breaker.appetite(BATCH_COUNT);
        isFull = count > 0 && (await releaseMails(this.#ground, count)) === BATCH_COUNT;
      }
    } catch (error) {
      log.error({ event: 'release.failed', reason: reasonOf(error) });
    }
  }

  async #lookAtPause(): Promise<void> {
    const { store, log } = this.#ground;
    const pause = await findPause(store.db);
    if (pause !== null && !this.isPaused) log.warn({ event: 'outgoing.paused', since: pause.at.toISOString() });
    if (pause === null && this.isPaused) log.info({ event: 'outgoing.resumed' });
    this.isPaused = pause !== null;
  }
}

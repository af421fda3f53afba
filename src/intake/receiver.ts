import { reasonOf } from '../log.ts';
import { countFailure, storedEmails } from '../store/inbound-emails.ts';
import type { Ground } from '../store/store.ts';
import { holdEmail } from './hold-email.ts';
import { Parser } from './parser.ts';
import { prepareEmail, type PreparedEmail } from './prepare-email.ts';
import { settleInOrder } from './settle.ts';

/** Turns kept mails into requests and replies, in order of arrival; parses the next ones while it writes. */

const BATCH_COUNT = 50;
/** Our own failures on one mail, before a human is asked. */
const MAX_ATTEMPTS = 3;

export interface ReceiverOptions {
  secrets: readonly string[];
  publicUrl: string;
}

export class Receiver {
  readonly #ground: Ground;
  readonly #options: ReceiverOptions;
  readonly #parser = new Parser();
  #pass: Promise<void> | null = null;
  #isWanted = false;
  #isStopping = false;

  constructor(ground: Ground, options: ReceiverOptions) {
    this.#ground = ground;
    this.#options = options;
  }

  /** There may be something to settle. Returns at once. */
  wake(): void {
    this.#isWanted = true;
    this.#pass ??= this.#run().finally(() => {
      this.#pass = null;
      if (this.#isWanted && !this.#isStopping) this.wake();
    });
  }

  /** Waits for the batch in hand. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#pass;
    await this.#parser.stop();
  }

  async #run(): Promise<void> {
    while (this.#isWanted && !this.#isStopping) {
      this.#isWanted = false;
      try {
        await this.#settleAll();
      } catch (error) {
        // The database is away: nothing is lost, the next wake takes it up again.
        this.#ground.log.error({ event: 'emails.trouble', reason: reasonOf(error) });
      }
    }
  }

  async #settleAll(): Promise<void> {
    let batch = await this.#prepareNext(0n);
    while (batch.length > 0 && !this.#isStopping) {
      const next = this.#prepareNext(batch.at(-1)?.stored.arrivalNo ?? 0n);
      // Its failure is met where it is awaited.
      next.catch(() => {});
      for (const { prepared, error } of await settleInOrder(this.#ground, batch, this.#options)) {
        await this.#countFailure(prepared, error);
      }
      batch = await next;
    }
  }

  async #prepareNext(after: bigint): Promise<PreparedEmail[]> {
    const stored = await storedEmails(this.#ground, after, BATCH_COUNT);
    return Promise.all(
      stored.map((email) => prepareEmail(email, this.#parser, this.#options, this.#ground.config.town.mailbox)),
    );
  }

  /** The others go on; this one is tried again at the next wake, and shown to the desk in the end. */
  async #countFailure(prepared: PreparedEmail, error: unknown): Promise<void> {
    const { id } = prepared.stored;
    const reason = reasonOf(error);
    const attempts = await countFailure(this.#ground, id, reason);
    this.#ground.log.error({ event: 'email.failed', inboundId: id, attempts, reason });
    if (attempts >= MAX_ATTEMPTS) {
      await holdEmail(this.#ground, prepared, {
        why: 'failed_thrice',
        reasons: [reason],
        suggestion: null,
        agent: null,
      });
    }
  }
}

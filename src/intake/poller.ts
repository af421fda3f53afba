import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MailAccount } from '../config.ts';
import { reasonOf } from '../log.ts';
import { keepEmails, sha256 } from '../store/inbound-emails.ts';
import { holdLease, LEASE_SECONDS, releaseLease } from '../store/lease.ts';
import { renewErasures } from '../store/mailbox-erasures.ts';
import type { Ground } from '../store/store.ts';
import { eraseMails } from './erase-mails.ts';
import { Mailbox } from './mailbox.ts';
import type { Receiver } from './receiver.ts';

/**
 * Empties the mailbox: INBOX is the queue, the database the journal, MOVE the acknowledgement. Raw bytes are committed
 * before a mail is moved, so a crash anywhere only makes the same bytes come again, and those are refused by their key.
 */

/** Reconnections start here and double, with jitter, up to the longest. */
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 90_000;
/** Many wrong logins lock an account: at most three an hour. */
const LOCKED_BACKOFF_MS = 30 * 60_000;
/** A connection is renewed before servers end it by themselves (RFC 9051 §5.4: 30 minutes). */
const CONNECTION_LIFE_MS = 25 * 60_000;

/** One query on an index. */
const WAKE_EVERY_MS = 2_000;

export interface PollerHealth {
  /** The last time the mailbox was seen empty. */
  lastPollAt: Date | null;
  lastError: string | null;
}

export class Poller {
  readonly health: PollerHealth = { lastPollAt: null, lastError: null };
  readonly #ground: Ground;
  readonly #account: MailAccount;
  readonly #receiver: Receiver;
  readonly #owner = randomUUID();
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;
  #renewal: NodeJS.Timeout | null = null;
  #holdsLease = false;

  constructor(ground: Ground, account: MailAccount, receiver: Receiver) {
    this.#ground = ground;
    this.#account = account;
    this.#receiver = receiver;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Waits for the batch in hand, and lets the next owner in at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#renewal !== null) clearInterval(this.#renewal);
    await this.#running;
    if (this.#holdsLease) await releaseLease(this.#ground, this.#leaseName, this.#owner).catch(() => {});
  }

  async #run(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!this.#isStopping) {
      try {
        if (await this.#becomeOwner()) {
          await this.#serve();
          backoffMs = FIRST_BACKOFF_MS;
          continue;
        }
        await this.#pause(LEASE_SECONDS * 250);
      } catch (error) {
        if (this.#isStopping) return;
        this.health.lastError = reasonOf(error);
        this.#ground.log.error({ event: 'mailbox.trouble', reason: this.health.lastError, retryMs: backoffMs });
        await this.#pause(backoffMs * (0.5 + Math.random()));
        backoffMs = Math.min(backoffMs * 2, isRefusedLogin(error) ? LOCKED_BACKOFF_MS : LONGEST_BACKOFF_MS);
      }
    }
  }

  /** One connection's life: drain, wait, drain again. */
  async #serve(): Promise<void> {
    const { log, config } = this.#ground;
    const { processedFolder } = config;
    const mailbox = new Mailbox(this.#account, processedFolder, (error) =>
      log.warn({ event: 'mailbox.connection', reason: reasonOf(error) }),
    );
    // What an earlier life kept, a failed mail, a held one that the desk has decided: none waits for the next mail.
    const waking = setInterval(() => this.#receiver.wake(), WAKE_EVERY_MS);
    waking.unref();
    this.#receiver.wake();
    try {
      await mailbox.open();
      const renewAt = Date.now() + CONNECTION_LIFE_MS;
      const isCurrent = () => this.#ground.config.processedFolder === processedFolder && Date.now() < renewAt;
      while (!this.#isStopping && this.#holdsLease && isCurrent()) {
        await this.#drain(mailbox);
        await eraseMails(this.#ground, mailbox);
        this.health.lastPollAt = new Date();
        this.health.lastError = null;
        await mailbox.waitForMail(this.#ground.config.pollSeconds * 1_000, this.#stopping.signal);
        if (!mailbox.isOpen && !this.#isStopping) throw new Error('the connection to the mail server was lost');
      }
    } finally {
      clearInterval(waking);
      await mailbox.close();
    }
  }

  async #drain(mailbox: Mailbox): Promise<void> {
    for (let batches = await mailbox.list(); batches.length > 0; batches = await mailbox.list()) {
      for (const batch of batches) {
        if (this.#isStopping || !this.#holdsLease) return;
        const mails = await mailbox.fetch(batch);
        if (mails.length === 0) continue;
        const kept = await keepEmails(this.#ground, mails);
        this.#receiver.wake();
        await mailbox.moveAway(mails.map(({ uid }) => uid));
        this.#ground.log.info({ event: 'emails.kept', fetched: mails.length, kept });
        if (kept < mails.length)
          await renewErasures(
            this.#ground,
            mails.map(({ raw }) => sha256(raw)),
          );
      }
    }
  }

  async #becomeOwner(): Promise<boolean> {
    if (this.#renewal === null) {
      this.#renewal = setInterval(() => void this.#renew().catch(() => {}), (LEASE_SECONDS * 1_000) / 4);
      this.#renewal.unref();
    }
    return this.#renew();
  }

  async #renew(): Promise<boolean> {
    try {
      this.#holdsLease = await holdLease(this.#ground, this.#leaseName, this.#owner);
    } catch (error) {
      this.#holdsLease = false;
      throw error;
    }
    return this.#holdsLease;
  }

  get #leaseName(): string {
    return `mailbox:${this.#ground.config.town.mailbox}`;
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }
}

function isRefusedLogin(error: unknown): boolean {
  return error instanceof Error && 'authenticationFailed' in error && error.authenticationFailed === true;
}

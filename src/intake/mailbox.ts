import { ImapFlow, type FetchMessageObject } from 'imapflow';
import { isLoopback, type MailAccount } from '../config.ts';

/** The IMAP mailbox as a queue: list what is there, fetch it whole, move away what is kept. `\Seen` is neither read nor set. */

export interface FetchedEmail {
  uid: number;
  raw: Buffer;
  receivedAt: Date;
  /** The server had more bytes than we were ready to take: `raw` is only its beginning. */
  isTruncated: boolean;
}

/** Larger mails are not fetched whole. */
export const MAX_EMAIL_BYTES = 40_000_000;
export const TRUNCATED_BYTES = 256_000;
/** A batch is fetched, kept and moved together. */
const BATCH_COUNT = 50;
const BATCH_BYTES = 20_000_000;

const COMMAND_DEADLINE_MS = 60_000;
/** A fetch may take longer by its size, at this slowest of rates. */
const SLOWEST_BYTES_PER_MS = 20;

export type Connection = ImapFlow;

/** Not yet connected. Whoever takes it listens to its errors, or one of them ends the process. */
export function connectionTo(account: MailAccount): Connection {
  return new ImapFlow({
    host: account.host,
    port: account.port,
    secure: account.secure,
    auth: { user: account.user, pass: account.password },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    // IDLE is silent by nature: dead connections are found by the NOOP of each round.
    socketTimeout: 10 * 60_000,
    maxLiteralSize: MAX_EMAIL_BYTES + 1_000_000,
    ...(isLoopback(account) ? { doSTARTTLS: false } : account.secure ? {} : { doSTARTTLS: true }),
  });
}

export class Mailbox {
  readonly #client: ImapFlow;
  readonly #folder: string;
  readonly #onTrouble: (error: unknown) => void;
  #isOpen = false;

  /** One connection; when it is lost, make another Mailbox (imapflow cannot reconnect an object). */
  constructor(account: MailAccount, processedFolder: string, onTrouble: (error: unknown) => void) {
    this.#folder = processedFolder;
    this.#onTrouble = onTrouble;
    this.#client = connectionTo(account);
    // Without listeners on both, a lost connection would end the process.
    this.#client.on('error', onTrouble);
    this.#client.on('close', () => {
      this.#isOpen = false;
    });
  }

  async open(): Promise<void> {
    await this.#within(COMMAND_DEADLINE_MS, this.#client.connect());
    await this.#within(COMMAND_DEADLINE_MS, this.#client.mailboxCreate(this.#folder));
    await this.#within(COMMAND_DEADLINE_MS, this.#client.mailboxOpen('INBOX'));
    this.#isOpen = true;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What is in INBOX now, oldest first, in batches of bounded count and size. */
  async list(): Promise<{ uid: number; size: number }[][]> {
    // `exists` may be stale until the server is asked (measured).
    await this.#within(COMMAND_DEADLINE_MS, this.#client.noop());
    const { mailbox } = this.#client;
    if (mailbox === false) throw new Error('INBOX is not open');
    if (mailbox.exists === 0) return [];
    const found = await this.#collect('1:*', { uid: true, size: true }, false, COMMAND_DEADLINE_MS);
    return inBatches(
      found.map(({ uid, size }) => ({ uid, size: size ?? 0 })).toSorted((one, other) => one.uid - other.uid),
    );
  }

  /** The raw bytes (BODY.PEEK). A mail that vanished meanwhile is left out, never returned empty. */
  async fetch(batch: readonly { uid: number; size: number }[]): Promise<FetchedEmail[]> {
    const bytes = batch.reduce((sum, { size }) => sum + Math.min(size, MAX_EMAIL_BYTES), 0);
    const deadline = COMMAND_DEADLINE_MS + bytes / SLOWEST_BYTES_PER_MS;
    const whole = batch.filter(({ size }) => size <= MAX_EMAIL_BYTES).map(({ uid }) => uid);
    const large = batch.filter(({ size }) => size > MAX_EMAIL_BYTES).map(({ uid }) => uid);
    const empty = batch.filter(({ size }) => size === 0).map(({ uid }) => uid);
    const query = { uid: true, internalDate: true } as const;
    const messages = [
      ...(whole.length > 0 ? await this.#collect(whole, { ...query, source: true }, true, deadline) : []),
      ...(large.length > 0
        ? await this.#collect(large, { ...query, source: { start: 0, maxLength: TRUNCATED_BYTES } }, true, deadline)
        : []),
    ];
    return (
      messages
        // Vanished meanwhile: no bytes. A mail of no bytes at all is one that a human should know of.
        .filter(({ uid, source }) => source !== undefined && (source.length > 0 || empty.includes(uid)))
        .map((message) => ({
          uid: message.uid,
          raw: message.source as Buffer,
          receivedAt: new Date(message.internalDate ?? 0),
          isTruncated: large.includes(message.uid),
        }))
        .toSorted((one, other) => one.uid - other.uid)
    );
  }

  /** @throws when the server would not: imapflow answers `false` instead of throwing */
  async moveAway(uids: readonly number[]): Promise<void> {
    const moved = await this.#within(
      COMMAND_DEADLINE_MS,
      this.#client.messageMove([...uids], this.#folder, { uid: true }),
    );
    if (moved === false) throw new Error('the server refused to move mails to the processed folder');
  }

  /** Every folder that can hold mails, INBOX among them. */
  async folders(): Promise<string[]> {
    const listed = await this.#within(COMMAND_DEADLINE_MS, this.#client.list());
    return listed
      .filter(({ flags }) => !flags.has('\\Noselect') && !flags.has('\\NonExistent'))
      .map(({ path }) => path);
  }

  /** What follows concerns this folder, until another one is entered. */
  async enter(folder: string): Promise<void> {
    await this.#within(COMMAND_DEADLINE_MS, this.#client.mailboxOpen(folder));
  }

  /** The mails of the folder that have this Message-ID, or this very size. */
  async find(
    wanted: { messageId: string } | { size: number },
  ): Promise<{ uid: number; size: number; messageId: string }[]> {
    const query =
      'messageId' in wanted
        ? { header: { 'message-id': wanted.messageId } }
        : { larger: wanted.size - 1, ...(wanted.size > MAX_EMAIL_BYTES ? {} : { smaller: wanted.size + 1 }) };
    const uids = await this.#within(COMMAND_DEADLINE_MS, this.#client.search(query, { uid: true }));
    // Undefined where nothing is selected, false where the server refused.
    if (!uids) throw new Error('the server refused to search');
    if (uids.length === 0) return [];
    const found = await this.#collect(uids, { uid: true, size: true, envelope: true }, true, COMMAND_DEADLINE_MS);
    return found.map(({ uid, size, envelope }) => ({ uid, size: size ?? 0, messageId: envelope?.messageId ?? '' }));
  }

  /** For good: marked and expunged. @throws when the server would not */
  async remove(uids: readonly number[]): Promise<void> {
    const isDone = await this.#within(COMMAND_DEADLINE_MS, this.#client.messageDelete([...uids], { uid: true }));
    if (!isDone) throw new Error('the server refused to delete mails');
  }

  /** Until something arrives, the time is over, `wake` says so, or the connection is lost. */
  async waitForMail(ms: number, wake: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const client = this.#client;
    client.on('exists', resolve);
    client.on('close', resolve);
    wake.addEventListener('abort', () => resolve(), { once: true });
    // The promise of IDLE ends with the next command; its failure shows as `close`.
    client.idle().catch(this.#onTrouble);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      client.off('exists', resolve);
      client.off('close', resolve);
    }
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    const goodbye = this.#client.logout().catch(() => {});
    await Promise.race([goodbye, new Promise((done) => setTimeout(done, 1_000))]);
    this.#client.close();
  }

  /** No command may be sent inside the iteration (it deadlocks), so it is drained first. */
  async #collect(
    range: string | number[],
    query: Parameters<ImapFlow['fetch']>[1],
    uid: boolean,
    deadlineMs: number,
  ): Promise<FetchMessageObject[]> {
    const drain = async () => {
      const messages: FetchMessageObject[] = [];
      for await (const message of this.#client.fetch(range, query, { uid })) messages.push(message);
      return messages;
    };
    return this.#within(deadlineMs, drain());
  }

  /** A server that drips one byte a second never times out by itself: the clock on the wall does. */
  async #within<T>(ms: number, command: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      this.#client.close();
      late.reject(new Error(`the mail server did not answer within ${Math.round(ms / 1_000)} s`));
    }, ms);
    try {
      return await Promise.race([command, late.promise]);
    } finally {
      clearTimeout(timer);
      late.promise.catch(() => {});
    }
  }
}

function inBatches(found: readonly { uid: number; size: number }[]): { uid: number; size: number }[][] {
  const batches: { uid: number; size: number }[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of found) {
    const current = batches.at(-1);
    if (current === undefined || current.length >= BATCH_COUNT || bytes + entry.size > BATCH_BYTES) {
      batches.push([entry]);
      bytes = entry.size;
    } else {
      current.push(entry);
      bytes += entry.size;
    }
  }
  return batches;
}

import { Worker } from 'node:worker_threads';
import type { OriginalMail } from '../domain/original-mail.ts';
import type { ParsedEmail } from './parse.ts';

/** Parses in a thread of its own, one mail at a time, each under a deadline and all under a memory cap. */

export class ParseFailure extends Error {
  /** `malformed`: the parser gave up on it. The others ended the thread. */
  readonly how: 'malformed' | 'too_slow' | 'died' | 'stopped';

  constructor(how: ParseFailure['how'], message: string) {
    super(message);
    this.how = how;
  }
}

const DEADLINE_MS = 30_000;
const MEMORY_CAP_MB = 512;

/** What is to be read of a mail: what the rules need of it, or what an agent may see of it. */
export type What = 'parse' | 'original';

interface Task {
  what: What;
  raw: Uint8Array;
  done(answer: unknown): void;
  fail(reason: ParseFailure): void;
}

export class Parser {
  readonly #deadlineMs: number;
  readonly #queue: Task[] = [];
  #worker: Worker | null = null;
  #current: { task: Task; timer: NodeJS.Timeout } | null = null;
  #lastId = 0;

  constructor(deadlineMs = DEADLINE_MS) {
    this.#deadlineMs = deadlineMs;
  }

  /** Rejects with a ParseFailure when the mail is malformed beyond reading, too slow or too big to parse. */
  parse(raw: Uint8Array): Promise<ParsedEmail> {
    return this.#ask('parse', raw) as Promise<ParsedEmail>;
  }

  /** Rejects as `parse` does. */
  readOriginal(raw: Uint8Array): Promise<OriginalMail> {
    return this.#ask('original', raw) as Promise<OriginalMail>;
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#settle(({ fail }) => fail(new ParseFailure('stopped', 'stopped')));
    for (const { fail } of this.#queue.splice(0)) fail(new ParseFailure('stopped', 'stopped'));
    await worker?.terminate();
  }

  #ask(what: What, raw: Uint8Array): Promise<unknown> {
    return new Promise((done, fail) => {
      this.#queue.push({ what, raw, done, fail });
      this.#next();
    });
  }

  #next(): void {
    if (this.#current !== null) return;
    const task = this.#queue.shift();
    if (task === undefined) return;
    const worker = (this.#worker ??= this.#startWorker());
    const timer = setTimeout(() => this.#abandon(worker, 'too_slow', 'too slow'), this.#deadlineMs);
    this.#current = { task, timer };
    this.#lastId += 1;
    worker.postMessage({ id: this.#lastId, what: task.what, raw: task.raw });
  }

  #startWorker(): Worker {
    const worker = new Worker(new URL('./parse-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_CAP_MB },
    });
    worker.on('message', ({ id, answer, error }: { id: number; answer?: unknown; error?: string }) => {
      if (id !== this.#lastId) return;
      this.#settle(({ done, fail }) =>
        answer !== undefined ? done(answer) : fail(new ParseFailure('malformed', error ?? 'no answer')),
      );
      this.#next();
    });
    worker.on('error', (error) => this.#abandon(worker, 'died', error.message));
    worker.unref();
    return worker;
  }

  /** The thread is beyond help: the mail in hand fails, the next ones get a new thread. */
  #abandon(worker: Worker, how: ParseFailure['how'], reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    void worker.terminate();
    this.#settle(({ fail }) => fail(new ParseFailure(how, reason)));
    this.#next();
  }

  #settle(answer: (task: Task) => void): void {
    const current = this.#current;
    this.#current = null;
    if (current === null) return;
    clearTimeout(current.timer);
    answer(current.task);
  }
}

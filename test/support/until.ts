import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** Resolves with the first value that is neither undefined nor false; rejects after `timeoutMs`, saying what it waited for. */
export async function until<Value>(
  what: string,
  timeoutMs: number,
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await sleep(POLL_MS);
  }
}

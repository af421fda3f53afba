import { parentPort } from 'node:worker_threads';
import { parseEmail } from './parse.ts';
import type { What } from './parser.ts';

/** The thread where mails are parsed: one that hangs or eats memory is ended without harm to the rest. */
parentPort?.on('message', ({ id, what, raw }: { id: number; what: What; raw: Uint8Array }) => {
  TASKS[what](Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength))
    .then((answer) => {
      parentPort?.postMessage({ id, answer });
    })
    .catch((error: unknown) => {
      parentPort?.postMessage({ id, error: String(error).slice(0, 300) });
    });
});

const TASKS: Record<What, (raw: Buffer) => Promise<unknown>> = {
  parse: (raw) => parseEmail(raw),
  // Loaded by the thread that needs it: the intake's never does.
  original: async (raw) => (await import('./open-original.ts')).openOriginal(raw),
};

import { parentPort } from 'node:worker_threads';
import { parseEmail } from './parse.ts';

/** The thread where mails are parsed: one that hangs or eats memory is ended without harm to the rest. */
parentPort?.on('message', ({ id, raw }: { id: number; raw: Uint8Array }) => {
  parseEmail(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength))
    .then((parsed) => {
      parentPort?.postMessage({ id, parsed });
    })
    .catch((error: unknown) => {
      parentPort?.postMessage({ id, error: String(error).slice(0, 300) });
    });
});

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { toBytes, type Transport } from './transport.ts';

/** A dry run: each mail becomes a file that any mail program opens, and nothing is sent. */
export function openFolder(folder: string, clock: Clock): Transport {
  return {
    async send(message, { id, kind }) {
      const bytes = await toBytes(message);
      const name = `${clock.now().toISOString().slice(0, 19).replaceAll(/\D/g, '')}-${kind}-${id}.eml`;
      await mkdir(folder, { recursive: true });
      // Whole or not at all, for whoever watches the folder.
      await writeFile(join(folder, `.${name}.part`), bytes);
      await rename(join(folder, `.${name}.part`), join(folder, name));
      return { state: 'written', response: name };
    },
    close: () => undefined,
  };
}

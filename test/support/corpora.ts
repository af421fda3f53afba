import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Mail of other projects, read in place under its own licences: never part of this repository. */
const CORPORA = process.env['GUICHET_CORPORA'] ?? resolve(import.meta.dirname, '../..', '../shared/corpora');

/** The folder of one set, or undefined, loudly, where it is absent: no installation and no CI has to have it. */
export function findCorpus(name: string): string | undefined {
  const folder = join(CORPORA, name);
  if (existsSync(folder)) return folder;
  process.stderr.write(
    `\n!!! mail corpus ${name} is absent: its checks are skipped (GUICHET_CORPORA names the folder)\n`,
  );
  return undefined;
}

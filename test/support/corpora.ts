import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { missing } from './missing.ts';

/** Mail of other projects, read in place under its own licences: never part of this repository. */
const CORPORA = process.env['GUICHET_CORPORA'] ?? resolve(import.meta.dirname, '../..', '../shared/corpora');

/** The folder of one set, or undefined, loudly, where it is not installed. */
export function findCorpus(name: string): string | undefined {
  const folder = join(CORPORA, name);
  if (existsSync(folder)) return folder;
  missing(`the mail corpus ${name}`, 'its checks are skipped (set GUICHET_CORPORA to the folder that holds it)');
  return undefined;
}

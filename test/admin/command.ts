import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A command of the admin's, as a process of its own, and config folders to try it on. */

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-admin-'));
  folders.push(folder);
  return folder;
}

/** The sample config, in a folder of its own. */
export function aConfigFolder(): string {
  const folder = join(aFolder(), 'essai');
  cpSync('config', folder, { recursive: true });
  return folder;
}

export function edit(folder: string, file: string, from: string, to: string): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not say ${from}`);
  writeFileSync(path, text.replace(from, to));
}

export const HALVED = ['schedule.yaml', 'after: 3 jours ouvrés', 'after: 1 jour ouvré'] as const;

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** `env` alone: nothing of the machine's own settings. */
export async function guichet(args: readonly string[], env: Record<string, string>): Promise<Ran> {
  const child = spawn(process.execPath, ['src/main.ts', ...args], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once('close', resolve);
  const code = await promise;
  return { code, stdout: spaced(output.stdout), stderr: output.stderr };
}

export function spaced(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, ' ');
}

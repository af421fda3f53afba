import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../support/until.ts';

/** The demo as somebody runs it: a process, its output, its end. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
  // PostgreSQL, under an account of its own, has to pass through.
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('plays its three stories by itself, prints them, and ends well', { timeout: 180_000 }, async () => {
  const demo = runDemo('--play');
  const code = await demo.ended;
  const transcript = spaced(demo.output());
  expect(transcript).toContain("Tout s'est passé comme prévu");
  expect(code).toBe(0);
  for (const line of [
    "✓ l'accusé de réception, n° 20",
    ' a été transmise à Voirie pour traitement.',
    '✓ la photo numero-de-rue.png se télécharge',
    '✓ le refus indique le moyen de contester : Tribunal administratif',
    '✓ les relances sont parties aux jours prévus, et pas une de plus',
    '✓ un point de situation chaque lundi à 8 h',
  ]) {
    expect(transcript).toContain(line);
  }
  expect(leftBehind()).toEqual([]);
});

test('stops at Ctrl-C, even repeated as npm repeats it, and leaves neither a database nor files', async () => {
  const demo = runDemo();
  await until('the post office', 60_000, () => /bureau de poste.*http/.test(demo.output()));
  expect(leftBehind()).not.toEqual([]);
  demo.interrupt();
  demo.interrupt();
  expect(await demo.ended).toBe(0);
  expect(leftBehind()).toEqual([]);
});

function runDemo(...args: string[]) {
  const env = { ...process.env, TMPDIR: folder };
  const child = spawn(process.execPath, ['src/main.ts', 'demo', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const { promise: ended, resolve } = Promise.withResolvers<number | null>();
  child.once('close', resolve);
  return { output: () => output, interrupt: () => child.kill('SIGINT'), ended };
}

/** Files of the demo, and processes that work in them. */
function leftBehind(): string[] {
  const processes = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(folder));
  return [...readdirSync(folder), ...processes];
}

function commandOf(pid: string): string {
  const file = `/proc/${pid}/cmdline`;
  try {
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  } catch {
    return '';
  }
}

function spaced(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, ' ');
}

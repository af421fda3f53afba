import { type ChildProcess, spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { openStore } from '../src/store/store.ts';
import { freePort } from '../test/support/free-port.ts';
import { temporaryFolder } from '../test/support/ordinary-user.ts';
import { fillDatabase } from './pages-fill.ts';
import { planVisits, type Visit } from './pages-plan.ts';

const PER_SECOND = 100;
const WARM_UP_SECONDS = 5;

/** What a load measured: milliseconds from when each visit was due, whatever the others did. */
export interface Load {
  times: number[];
  statuses: Record<string, number>;
  /** By kind of page. */
  slowest: Record<string, number>;
  bytes: number;
}

/** Pages and forms at a steady rate over a full database; beside it a bare Express that answers the same bytes. */
export async function benchPages(requests: number, seconds: number): Promise<void> {
  const folder = await temporaryFolder('bench-pages');
  const postgres = await startEmbeddedPostgres(folder);
  try {
    const started = performance.now();
    const store = await openStore({ databaseUrl: postgres.url, onError: () => undefined });
    await store.close();
    await fillDatabase(postgres.url, requests);
    console.log(
      `pages: ${requests} requests stored (${((performance.now() - started) / 1_000).toFixed(0)} s), ${PER_SECOND} visits/s for ${seconds} s, 5 % of them posts`,
    );
    const plans = { warm: join(folder, 'warm.json'), measured: join(folder, 'measured.json') };
    const bodies = join(folder, 'bodies.json');
    await writePlan(plans.warm, planVisits(requests, WARM_UP_SECONDS * PER_SECOND, 1));
    await writePlan(plans.measured, planVisits(requests, seconds * PER_SECOND, 2));
    for (const name of ['guichet', 'express'] as const) {
      const server = await startServer(name, postgres.url, bodies);
      try {
        await visit(server.port, plans.warm, '');
        const load = await visit(server.port, plans.measured, name === 'guichet' ? bodies : '');
        const cpuMs = await server.stop();
        report(name, load, cpuMs / (load.times.length + WARM_UP_SECONDS * PER_SECOND));
      } finally {
        await server.stop();
      }
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writePlan(path: string, visits: readonly Visit[]): Promise<void> {
  await writeFile(path, JSON.stringify(visits));
}

async function startServer(
  name: string,
  databaseUrl: string,
  bodies: string,
): Promise<{ port: number; stop(): Promise<number> }> {
  const port = await freePort();
  const child = spawnScript('pages-server.ts', [name, String(port), databaseUrl, bodies]);
  const lines = linesOf(child);
  await lines.next();
  let cpuMs: number | null = null;
  return {
    port,
    stop: async () => {
      if (cpuMs !== null) return cpuMs;
      child.kill();
      cpuMs = Number((await lines.next()).value);
      return cpuMs;
    },
  };
}

/** The load has a process of its own: what it costs is not the server's. */
async function visit(port: number, plan: string, keepBodiesIn: string): Promise<Load> {
  const child = spawnScript('pages-load.ts', [String(port), String(PER_SECOND), plan, keepBodiesIn]);
  return JSON.parse((await linesOf(child).next()).value) as Load;
}

function spawnScript(name: string, args: readonly string[]): ChildProcess {
  const script = join(import.meta.dirname, name);
  return spawn(process.execPath, ['--max-semi-space-size=8', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function* linesOf(child: ChildProcess): AsyncGenerator<string, string> {
  if (child.stdout === null) throw new Error('nothing to read');
  yield* createInterface({ input: child.stdout });
  return '';
}

function report(name: string, { times, statuses, slowest, bytes }: Load, cpuMs: number): void {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number) => (sorted[Math.ceil(sorted.length * share) - 1] ?? 0).toFixed(1);
  const said = Object.entries(statuses)
    .map(([status, count]) => `${status}: ${count}`)
    .join(', ');
  console.log(
    `  ${name.padEnd(8)} p50 ${at(0.5)} ms  p95 ${at(0.95)} ms  p99 ${at(0.99)} ms  max ${at(1)} ms  ${cpuMs.toFixed(1)} ms of CPU and ${(bytes / times.length / 1_000).toFixed(1)} kB each  (${said})`,
  );
  const kinds = Object.entries(slowest).map(([kind, ms]) => `${kind} ${ms.toFixed(0)}`);
  console.log(`           p99 of each: ${kinds.join(', ')} ms`);
}

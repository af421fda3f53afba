import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from './pages.ts';
import type { Visit } from './pages-plan.ts';

// An open loop: each visit starts at its time, however long the others take, and its time counts from then.
const [port = '', perSecond = '', plan = '', keepBodiesIn = ''] = process.argv.slice(2);
const visits = JSON.parse(readFileSync(plan, 'utf8')) as Visit[];
const agent = new Agent({ keepAlive: true, maxSockets: 500 });
const measured: { kind: string; ms: number; status: number | string; bytes: number }[] = [];
const bodies: Record<string, string> = {};

const began = performance.now() + 100;
const pending: Promise<void>[] = [];
for (const [i, visit] of visits.entries()) {
  const due = began + (i * 1_000) / Number(perSecond);
  const wait = due - performance.now();
  if (wait > 0) await sleep(wait);
  pending.push(measure(visit, due, i));
}
await Promise.all(pending);
agent.destroy();
if (keepBodiesIn !== '') writeFileSync(keepBodiesIn, JSON.stringify(bodies));
process.stdout.write(`${JSON.stringify(summary())}\n`);

async function measure(visit: Visit, due: number, number: number): Promise<void> {
  const { status, body } = await send(visit, number).catch((error: unknown) => ({ status: String(error), body: '' }));
  measured.push({ kind: visit.kind, ms: performance.now() - due, status, bytes: body.length });
  if (visit.body === '') bodies[visit.path] = body;
}

function send({ path, body }: Visit, number: number): Promise<{ status: number; body: string }> {
  // A thousand addresses, as behind a reverse proxy.
  const headers: Record<string, string> = {
    'X-Forwarded-For': `10.0.${(number >> 8) % 4}.${number % 256}`,
    ...(body === '' ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
  };
  return new Promise((resolve, reject) => {
    const method = body === '' ? 'GET' : 'POST';
    const sent = request({ host: '127.0.0.1', port: Number(port), path, method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function summary(): Load {
  const kinds = Map.groupBy(measured, ({ kind }) => kind);
  return {
    times: measured.map(({ ms }) => ms),
    statuses: Object.fromEntries(
      [...Map.groupBy(measured, ({ status }) => String(status))].map(([status, each]) => [status, each.length]),
    ),
    slowest: Object.fromEntries([...kinds].map(([kind, each]) => [kind, p99(each.map(({ ms }) => ms))])),
    bytes: measured.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function p99(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.ceil(times.length * 0.99) - 1] ?? 0;
}

import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { startImap } from '../test/support/imap.ts';
import { temporaryFolder } from '../test/support/ordinary-user.ts';
import { startEmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { benchMail } from './mails.ts';

const run = promisify(execFile);
/** As `npm start` runs it: a small young generation keeps the peak of memory down and costs no time. */
const FLAGS = ['--max-semi-space-size=8'];
const USER = 'mairie@plassans.fr';

interface Measure {
  mode: string;
  seconds: number;
  rate: number;
  peakMb: number;
  cpuMsPerMail: number;
}

/** Dovecot to committed request with its mails queued, beside bare fetch and parse on the same mailbox in the same run. */
export async function benchIntake(total: number, rounds: number): Promise<void> {
  const imap = await startImap([USER]);
  const folder = await temporaryFolder('bench-intake');
  const postgres = await startEmbeddedPostgres(folder);
  const size = benchMail(1).length;
  console.log(
    `intake: ${total} mails of ${(size / 1_000).toFixed(1)} kB from ${imap.software}, ${rounds} rounds, durable PostgreSQL`,
  );
  try {
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < total; i++) await imap.deliver(USER, benchMail(round * total + i), new Date());
      const database = await freshDatabaseOn(postgres.url, `bench_${round}`);
      const common = [imap.host, String(imap.port), USER, imap.password, String(total)];
      const bare = await measure(['bare', ...common]);
      const guichet = await measure(['guichet', ...common, database]);
      for (const { mode, seconds, rate, peakMb, cpuMsPerMail } of [bare, guichet]) {
        console.log(
          `  ${mode.padEnd(8)} ${seconds.toFixed(2)} s  ${rate.toFixed(0)} mails/s  peak ${peakMb} MB  ${cpuMsPerMail.toFixed(2)} ms of CPU a mail`,
        );
      }
      console.log(`  ratio    ${(guichet.rate / bare.rate).toFixed(2)} of bare fetch + parse`);
    }
  } finally {
    await Promise.all([imap.stop(), postgres.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(args: string[]): Promise<Measure> {
  const { stdout } = await run(process.execPath, [...FLAGS, 'bench/intake-run.ts', ...args], { maxBuffer: 10_000_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measure;
}

async function freshDatabaseOn(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return url.replace(/\/guichet$/, `/${name}`);
}

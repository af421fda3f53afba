import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { startImap } from '../support/imap.ts';
import type { ImapServer } from '../support/imap-server.ts';
import { queryOnce } from '../support/query-once.ts';
import { startPostgres, type PostgresServer } from '../support/postgres-server.ts';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';
import { until } from '../support/until.ts';

/** Accepted mail is never lost and never becomes two requests, however often the process is killed. */

const MAILBOX = 'mairie@plassans.fr';
const KILLS = 16;
const MAILS_PER_LIFE = 19;
const MAILS = KILLS * MAILS_PER_LIFE;

let imap: ImapServer;
let smtp: SmtpSink;
let postgres: PostgresServer;
let url: string;
let alive: ChildProcess | null = null;

beforeAll(async () => {
  [imap, smtp, postgres] = await Promise.all([startImap([MAILBOX]), startSmtpSink(), startPostgres({ durable: true })]);
  url = postgres.url('postgres');
});

afterAll(async () => {
  alive?.kill('SIGKILL');
  await Promise.all([imap?.stop(), smtp?.stop(), postgres?.stop()]);
  await postgres?.removeFiles();
});

test(`${MAILS} mails, ${KILLS} deaths: every mail is one request, and nothing is left in the mailbox`, {
  timeout: 300_000,
}, async () => {
  for (let life = 0; life < KILLS; life++) {
    const child = await startGuichet();
    await deliver(life);
    // In the middle of its work: kept, moved, parsed, written, or sent.
    await Promise.race([child.firstWork, sleep(15_000)]);
    await sleep(Math.random() * 250);
    child.process.kill('SIGKILL');
    await once(child.process, 'exit');
  }
  const last = await startGuichet();
  const isSettled = async () =>
    (await count('"InboundEmail" WHERE state = \'stored\'')) === 0 && (await inboxSize()) === 0;
  await until('everything to be settled', 60_000, isSettled);
  await until('every acknowledgement', 150_000, () => acknowledged() === MAILS);
  last.process.kill('SIGTERM');
  await once(last.process, 'exit');

  expect(await count('"ServiceRequest"')).toBe(MAILS);
  expect(await count('(SELECT DISTINCT "citizenAddress" FROM "ServiceRequest") AS citizens')).toBe(MAILS);
  expect(await count('"InboundEmail" WHERE state <> \'done\'')).toBe(0);
  const [{ last: lastNumber } = {}] = await queryOnce(url, 'SELECT last FROM "ReferenceCounter"');
  expect(lastNumber).toBe(MAILS);
  expect(await inboxSize()).toBe(0);
  expect((await imap.list(MAILBOX, 'Traités')).length).toBe(MAILS);
  const sent = smtp.mails.filter(({ mail }) => mail.subject?.includes('2026-'));
  const twice = sent.length - new Set(sent.map(({ mail }) => mail.messageId)).size;
  // At least once; twice only for a mail in hand at the moment of a death (ten at most), always with the same Message-ID.
  expect(twice).toBeLessThanOrEqual(KILLS * 10);
  process.stdout.write(`${MAILS} mails, ${KILLS} kills: ${sent.length} mails sent, ${twice} of them a second time\n`);
});

function acknowledged(): number {
  const acknowledgements = smtp.mails.filter(({ envelope }) => envelope.to.some((to) => to.includes('@example.org')));
  return new Set(acknowledgements.flatMap(({ envelope }) => envelope.to)).size;
}

async function deliver(life: number): Promise<void> {
  for (let i = 0; i < MAILS_PER_LIFE; i++) {
    const number = life * MAILS_PER_LIFE + i;
    await imap.deliver(
      MAILBOX,
      `From: Citizen ${number} <citizen${number}@example.org>\r\nTo: ${MAILBOX}\r\nSubject: Demande ${number}\r\n` +
        `Message-ID: <kill-${number}@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBonjour, voici la demande ${number}.\r\n`,
    );
  }
}

async function startGuichet(): Promise<{ process: ChildProcess; firstWork: Promise<void> }> {
  const port = await freePort();
  const child = spawn(process.execPath, ['src/main.ts', 'start'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: url,
      IMAP_HOST: imap.host,
      IMAP_PORT: String(imap.port),
      IMAP_SECURE: 'false',
      IMAP_USER: MAILBOX,
      IMAP_PASSWORD: imap.password,
      SMTP_HOST: smtp.host,
      SMTP_PORT: String(smtp.port),
      LINK_SECRET: 'a-secret-of-the-kill-loop-0123456789-abcdef',
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      PORT: String(port),
    },
  });
  alive = child;
  const firstWork = Promise.withResolvers<void>();
  child.stdout?.on('data', (chunk: Buffer) => {
    if (chunk.includes('"emails.kept"')) firstWork.resolve();
  });
  return { process: child, firstWork: firstWork.promise };
}

async function count(from: string): Promise<number> {
  const exists = await queryOnce(url, `SELECT to_regclass('"ServiceRequest"') IS NOT NULL AS yes`);
  if (exists[0]?.['yes'] !== true) return -1;
  const [row] = await queryOnce(url, `SELECT count(*)::int AS count FROM ${from}`);
  return Number(row?.['count']);
}

async function inboxSize(): Promise<number> {
  return (await imap.list(MAILBOX, 'INBOX')).length;
}

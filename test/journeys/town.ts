import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, type Config, type Settings } from '../../src/config.ts';
import { startGuichet, type Guichet } from '../../src/app.ts';
import { createLog, type Log } from '../../src/log.ts';
import type { Db } from '../../src/store/store.ts';
import { freePort } from '../support/free-port.ts';
import { startImap } from '../support/imap.ts';
import type { ImapServer } from '../support/imap-server.ts';
import { freshDatabase } from '../support/postgres.ts';
import { isDue } from '../../src/store/outbound-emails.ts';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';
import { until } from '../support/until.ts';

/** A whole town hall on real servers: its mailbox, everybody else's (the sink), a database, and a clock that can jump. */
export interface TestTown {
  guichet: Guichet;
  db: Db;
  config: Config;
  settings: Settings;
  imap: ImapServer;
  smtp: SmtpSink;
  url: string;
  clock: TestClock;
  /** Delivers a mail to the town hall's mailbox. */
  write(raw: string | Buffer): Promise<void>;
  /** Until every mail that came is settled and every mail that is owed has left: then what did not come never will. */
  quiet(timeoutMs?: number): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestClock {
  now(): Date;
  /** From now on it is this instant, and time goes on. */
  set(instant: string): void;
}

export const MAILBOX = 'mairie@plassans.fr';
export const SECRET = 'a-test-secret-that-is-long-enough-0123456789';

export interface TownOptions {
  change?: (config: Config) => Config;
  databaseUrl?: string;
  /** What time it is when everything starts. */
  at?: string;
  /** Instead of the ordinary one, for a test that reads what was logged. */
  log?: Log;
}

export async function startTown({
  change = (same) => same,
  databaseUrl,
  at,
  log,
}: TownOptions = {}): Promise<TestTown> {
  const loaded = loadConfig('config', {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const config = change(withoutUndo(loaded.value));
  const [imap, smtp] = await Promise.all([startImap([MAILBOX]), startSmtpSink()]);
  const clock = testClock();
  if (at !== undefined) clock.set(at);
  const port = await freePort();
  const settings: Settings = {
    config,
    imap: { host: imap.host, port: imap.port, secure: false, user: MAILBOX, password: imap.password },
    smtp: { host: smtp.host, port: smtp.port, secure: false, user: '', password: '' },
    clamd: null,
    databaseUrl: databaseUrl ?? (await freshDatabase()).url,
    dataDir: '/nonexistent',
    linkSecrets: [SECRET],
    publicUrl: `http://127.0.0.1:${port}`,
    port,
    trustedProxies: 0,
    logLevel: process.env['TEST_LOG'] ?? 'silent',
  };
  const start = () => startGuichet(settings, clock, log ?? createLog(settings.logLevel));
  let guichet = await start();
  const db = () => guichet.ground.store.db;
  return {
    get guichet() {
      return guichet;
    },
    get db() {
      return db();
    },
    config,
    settings,
    imap,
    smtp,
    url: settings.publicUrl,
    clock,
    write: (raw) => imap.deliver(MAILBOX, raw, clock.now()),
    quiet: async (timeoutMs = 20_000) => {
      await until('every mail to be settled and sent', timeoutMs, async () => isQuiet(imap, db(), clock.now()));
    },
    restart: async () => {
      await guichet.stop();
      guichet = await start();
    },
    stop: async () => {
      await guichet.stop();
      await Promise.all([imap.stop(), smtp.stop()]);
    },
  };
}

/** Decisions are mailed at once, unless a test is about that: it then sets `undoSeconds`. */
function withoutUndo(config: Config): Config {
  return { ...config, schedule: { ...config.schedule, undoSeconds: 0 } };
}

async function isQuiet(imap: ImapServer, db: Db, now: Date): Promise<boolean> {
  if ((await imap.list(MAILBOX, 'INBOX')).length > 0) return false;
  if ((await db.inboundEmail.count({ where: { state: 'stored' } })) > 0) return false;
  const outgoing = { state: { in: ['queued', 'sending'] }, ...isDue(now) };
  return (await db.outboundEmail.count({ where: outgoing })) === 0;
}

/** A mail of test/fixtures/emails, whose lines end as they do on the wire. */
export function fixture(name: string): Buffer {
  const text = readFileSync(join(import.meta.dirname, '../fixtures/emails', `${name}.eml`), 'latin1');
  return Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'latin1');
}

function testClock(): TestClock {
  let offsetMs = 0;
  return {
    now: () => new Date(Date.now() + offsetMs),
    set: (instant) => {
      offsetMs = Date.parse(instant) - Date.now();
    },
  };
}

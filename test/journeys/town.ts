import { loadConfig, type Config, type Settings } from '../../src/config.ts';
import { startGuichet, type Guichet } from '../../src/app.ts';
import { createLog } from '../../src/log.ts';
import { freshDatabase } from '../support/postgres.ts';
import { startImap } from '../support/imap.ts';
import type { ImapServer } from '../support/imap-server.ts';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';

/** A whole town hall on real servers: its mailbox, everybody else's (the sink), a database, and a clock that can jump. */
export interface TestTown {
  guichet: Guichet;
  config: Config;
  settings: Settings;
  imap: ImapServer;
  smtp: SmtpSink;
  url: string;
  clock: TestClock;
  /** Delivers a mail to the town hall's mailbox. */
  write(raw: string | Buffer): Promise<void>;
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

export async function startTown(change: (config: Config) => Config = (config) => config): Promise<TestTown> {
  const loaded = loadConfig('config', {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const config = change(loaded.value);
  const [imap, smtp, database] = await Promise.all([startImap([MAILBOX]), startSmtpSink(), freshDatabase()]);
  const clock = testClock();
  const settings: Settings = {
    config,
    imap: { host: imap.host, port: imap.port, secure: false, user: MAILBOX, password: imap.password },
    smtp: { host: smtp.host, port: smtp.port, secure: false, user: '', password: '' },
    databaseUrl: database.url,
    dataDir: '/nonexistent',
    linkSecrets: [SECRET],
    publicUrl: 'http://127.0.0.1:0',
    port: await freePortFor(),
    trustedProxies: 0,
    logLevel: process.env['TEST_LOG'] ?? 'silent',
  };
  const withUrl = { ...settings, publicUrl: `http://127.0.0.1:${settings.port}` };
  let guichet = await startGuichet(withUrl, clock, createLog(settings.logLevel));
  return {
    get guichet() {
      return guichet;
    },
    config,
    settings: withUrl,
    imap,
    smtp,
    url: withUrl.publicUrl,
    clock,
    write: (raw) => imap.deliver(MAILBOX, raw, clock.now()),
    restart: async () => {
      await guichet.stop();
      guichet = await startGuichet(withUrl, clock, createLog(settings.logLevel));
    },
    stop: async () => {
      await guichet.stop();
      await Promise.all([imap.stop(), smtp.stop()]);
    },
  };
}

async function freePortFor(): Promise<number> {
  const { freePort } = await import('../support/free-port.ts');
  return freePort();
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

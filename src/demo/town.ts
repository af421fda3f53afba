import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { startGuichet, type Guichet } from '../app.ts';
import type { Config } from '../config.ts';
import type { ConfigFiles } from '../config-files.ts';
import { createLog } from '../log.ts';
import { isDue } from '../store/outbound-emails.ts';
import type { DemoClock } from './clock.ts';
import { mailboxOf, openMailboxes, putLetter, type Letter, type Mailbox } from './mailboxes.ts';
import { HOST, portNear } from './ports.ts';
import { startPostman } from './postman.ts';
import { startTownMailbox } from './town-mailbox.ts';
import { writeLetter, type Draft } from './write-letter.ts';

/** Guichet itself, unchanged, between real servers of this process: PostgreSQL, IMAP, SMTP. */
export interface DemoTown {
  /** As it is now: its files may be edited while the demo runs. */
  readonly config: Config;
  clock: DemoClock;
  guichet: Guichet;
  mailboxes: Mailbox[];
  /** Where its database is, for a command beside it. */
  dataDir: string;
  /** Where Guichet's pages are. */
  url: string;
  /** Somebody presses « send »: by SMTP, to whomever it is addressed. */
  send(from: Mailbox, draft: Draft): Promise<Letter>;
  /** Until every mail on its way has arrived, and what it caused; false when that takes too long. */
  settle(timeoutMs: number): Promise<boolean>;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 15;

export async function startDemoTown(
  config: Config,
  clock: DemoClock,
  logLevel: string,
  files?: ConfigFiles,
): Promise<DemoTown> {
  const { town } = config;
  const mailboxes = openMailboxes(town);
  const dataDir = mkdtempSync(join(tmpdir(), 'guichet-demo-'));
  const closers: (() => Promise<void> | void)[] = [() => rmSync(dataDir, { recursive: true, force: true })];
  const stop = async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    const townMailbox = await startTownMailbox(town.mailbox);
    closers.push(() => townMailbox.stop());
    const postman = await startPostman(async (to, raw) => {
      if (isTownHall(to, town.mailbox)) townMailbox.deliver(raw, clock.now());
      else await putLetter(mailboxOf(mailboxes, to), 'received', raw, clock.now());
    });
    closers.push(() => postman.stop());
    const port = await portNear(0);
    const url = `http://${HOST}:${port}`;
    const guichet = await startGuichet(
      {
        config,
        files,
        imap: townMailbox.account,
        smtp: postman.account,
        databaseUrl: null,
        clamd: null,
        dataDir,
        linkSecrets: [randomBytes(32).toString('base64url')],
        publicUrl: url,
        port,
        trustedProxies: 0,
        logLevel,
      },
      clock,
      createLog(logLevel),
    );
    closers.push(() => guichet.stop());

    const smtp = createTransport({ host: HOST, port: postman.account.port, ignoreTLS: true });
    const send = async (from: Mailbox, draft: Draft) => {
      const raw = await writeLetter(from, draft, clock.now(), town.timeZone);
      const letter = await putLetter(from, 'sent', raw, clock.now());
      await smtp.sendMail({ envelope: { from: from.address, to: [draft.to] }, raw });
      return letter;
    };
    const isQuiet = async () => townMailbox.waiting() === 0 && (await hasNothingInHand(guichet));
    return {
      get config() {
        return guichet.ground.config;
      },
      clock,
      guichet,
      mailboxes,
      dataDir,
      url,
      send,
      settle: (timeoutMs) => settle(isQuiet, timeoutMs),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** mairie@plassans.fr and mairie+anything@plassans.fr (RFC 5233). */
function isTownHall(address: string, mailbox: string): boolean {
  const [local = '', domain = ''] = mailbox.split('@');
  const [itsLocal = '', itsDomain = ''] = address.split('@');
  return itsDomain === domain && (itsLocal === local || itsLocal.startsWith(`${local}+`));
}

async function hasNothingInHand({ ground }: Guichet): Promise<boolean> {
  const { db } = ground.store;
  const incoming = await db.inboundEmail.count({ where: { state: 'stored' } });
  const outgoing = { state: { in: ['queued', 'sending'] }, ...isDue(ground.clock.now()) };
  return incoming === 0 && (await db.outboundEmail.count({ where: outgoing })) === 0;
}

async function settle(isQuiet: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isQuiet())) {
    if (performance.now() > deadline) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return true;
}

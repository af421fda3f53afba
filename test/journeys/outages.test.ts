import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabase } from '../support/postgres.ts';
import { startPostgres, type PostgresServer } from '../support/postgres-server.ts';
import { queryOnce } from '../support/query-once.ts';
import { until } from '../support/until.ts';
import { aMail, linkIn, plain } from './mails.ts';
import { MAILBOX, startTown, type TestTown } from './town.ts';

/** What breaks around Guichet mends without anybody's help: nothing is lost, nothing happens twice. */

const DESKS = 'accueil@plassans.fr';
/** Within this the flows have taken up again: reconnections begin at one second and double. */
const RECOVERY_MS = 40_000;

let town: TestTown;
let citizens = 0;

async function citizensWrite(count: number): Promise<string[]> {
  const addresses = Array.from({ length: count }, () => `citizen-${(citizens += 1)}@example.org`);
  for (const address of addresses) await town.write(await aMail({ from: address, subject: `De ${address}` }));
  return addresses;
}

function minutesPass(minutes: number): void {
  town.clock.set(new Date(town.clock.now().getTime() + minutes * 60_000).toISOString());
}

async function expectOnceEach(addresses: readonly string[]): Promise<void> {
  for (const address of addresses) expect(town.smtp.mailsTo(address), address).toHaveLength(1);
  expect(town.smtp.mailsTo(DESKS)).toHaveLength(addresses.length);
  const ids = town.smtp.mails.map(({ mail }) => mail.messageId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(await town.db.serviceRequest.count()).toBe(addresses.length);
}

describe('the outgoing mail server', () => {
  beforeEach(async () => {
    town = await startTown();
  });
  afterEach(() => town.stop());

  test('is down while citizens write: once it is back, every mail leaves, once', async () => {
    await town.smtp.down();
    const addresses = await citizensWrite(5);
    await until('every mail to wait', 20_000, async () => {
      return (await town.db.outboundEmail.count({ where: { jobId: null, state: 'queued' } })) === 10;
    });
    expect(await town.db.serviceRequest.count({ where: { undeliverable: true } })).toBe(0);
    await town.smtp.up();
    minutesPass(1);
    await town.quiet(RECOVERY_MS);
    await expectOnceEach(addresses);
  });

  test('takes mails and falls before it says so: they leave again under the same Message-ID', async () => {
    town.smtp.dropAfterData(2);
    await citizensWrite(1);
    await until('both mails to be tried again', 20_000, async () => {
      minutesPass(10);
      return (await town.db.outboundEmail.count({ where: { state: 'sent' } })) === 2;
    });
    expect(town.smtp.mails).toHaveLength(4);
    expect(new Set(town.smtp.mails.map(({ mail }) => mail.messageId)).size).toBe(2);
  });

  test('refuses the citizen’s address for good: the request says so, and the desk is told', async () => {
    town.smtp.refuse('personne@example.org', 550, '5.1.1 Personne ici ne s’appelle ainsi');
    await town.write(await aMail({ from: 'personne@example.org' }));
    await town.quiet();
    const request = await town.db.serviceRequest.findFirstOrThrow({ include: { events: { orderBy: { id: 'asc' } } } });
    expect(request.undeliverable).toBe(true);
    expect(request.events.map(({ action }) => action)).toEqual(['receive', 'delivery_failed']);
    const told = await town.smtp.requireMail({ to: DESKS, subject: /n° 2026/ });
    await until('the desk to be told', 10_000, () => town.smtp.mailsTo(DESKS).length === 2);
    const notice = town.smtp.mailsTo(DESKS).find(({ mail }) => mail.text?.includes('REMIS'));
    expect(plain(notice?.mail.text)).toContain('personne@example.org');
    expect(plain(notice?.mail.text)).toContain('5.1.1');
    const page = await (await fetch(linkIn(told, 'Ouvrir'))).text();
    expect(page).toContain('5.1.1');
  });

  test('refuses for now: nobody is alarmed, and the mail leaves later', async () => {
    town.smtp.refuse('occupe@example.org', 451, '4.7.1 Revenez plus tard');
    await town.write(await aMail({ from: 'occupe@example.org' }));
    await until(
      'the first try',
      10_000,
      async () => (await town.db.outboundEmail.count({ where: { lastError: { contains: '4.7.1' } } })) > 0,
    );
    town.smtp.accept('occupe@example.org');
    minutesPass(1);
    await town.quiet(RECOVERY_MS);
    expect(town.smtp.mailsTo('occupe@example.org')).toHaveLength(1);
    expect(town.smtp.mailsTo(DESKS)).toHaveLength(1);
  });
});

describe('the mailbox’s server', () => {
  beforeEach(async () => {
    town = await startTown();
  });
  afterEach(() => town.stop());

  test('is killed and comes back: mails that came meanwhile are taken up, and nobody had to do anything', async () => {
    const first = await citizensWrite(2);
    await town.quiet();
    await town.imap.kill();
    const second = await citizensWrite(3);
    await sleep(2_000);
    await town.imap.restart();
    await town.quiet(RECOVERY_MS);
    await expectOnceEach([...first, ...second]);
  });

  test('is killed in the middle of a hundred mails: none is lost, none comes twice', async () => {
    const addresses = await citizensWrite(100);
    await until('some to be kept', 20_000, async () => (await town.db.inboundEmail.count()) > 0);
    await town.imap.kill();
    await town.imap.restart();
    await town.quiet(RECOVERY_MS);
    await expectOnceEach(addresses);
    expect(await town.imap.list(MAILBOX, 'Traités')).toHaveLength(100);
  });
});

describe('the database', () => {
  let postgres: PostgresServer | undefined;
  afterEach(async () => {
    await town.stop();
    await postgres?.stop();
    await postgres?.removeFiles();
  });

  test('is killed while mails arrive: pages say so calmly, and everything is taken up once it is back', async () => {
    postgres = await startPostgres({ durable: true });
    town = await startTown({ databaseUrl: postgres.url('postgres') });
    const first = await citizensWrite(2);
    await town.quiet();
    const link = linkIn(
      town.smtp.mailsTo(DESKS)[0] ??
        (() => {
          throw new Error('no mail');
        })(),
      'Ouvrir',
    );
    expect((await fetch(link)).status).toBe(200);

    await postgres.kill();
    const second = await citizensWrite(3);
    const answer = await fetch(link);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const page = plain(await answer.text());
    expect(page).toContain('lang="fr"');
    expect(page).not.toMatch(/prisma|ECONN|at \w+ \(/i);
    expect((await fetch(`${town.url}/health`)).status).toBe(503);
    await sleep(3_000);
    expect(await town.imap.list(MAILBOX, 'INBOX')).toHaveLength(3);

    await postgres.restart();
    await until('the pages to be back', RECOVERY_MS, async () => (await fetch(link)).status === 200);
    await until('the mails to be taken up', RECOVERY_MS, async () => (await town.db.serviceRequest.count()) === 5);
    await town.quiet(RECOVERY_MS);
    await expectOnceEach([...first, ...second]);
  }, 120_000);

  test('refuses one mail for a moment: it is tried again within a minute, and the others have not waited', async () => {
    const { url } = await freshDatabase();
    town = await startTown({ databaseUrl: url, change: (config) => ({ ...config, pollSeconds: 1 }) });
    await refuseRequestsOf(url, 'malchance@example.org');
    await town.write(await aMail({ from: 'malchance@example.org' }));
    await citizensWrite(2);
    await until('the others', 10_000, async () => (await town.db.serviceRequest.count()) === 2);
    await queryOnce(url, 'DROP TRIGGER refuse ON "ServiceRequest"');
    aMinutePasses();
    await until('the one', 10_000, async () => (await town.db.serviceRequest.count()) === 3);
  });

  test('refuses one mail every time: after three tries the desk is told, and the raw mail is kept', async () => {
    const { url } = await freshDatabase();
    town = await startTown({ databaseUrl: url, change: (config) => ({ ...config, pollSeconds: 1 }) });
    await refuseRequestsOf(url, 'malchance@example.org');
    await town.write(await aMail({ from: 'malchance@example.org', subject: 'Je n’ai pas de chance' }));
    for (const attempts of [1, 2]) {
      await until(
        `try ${attempts}`,
        10_000,
        async () => (await town.db.inboundEmail.count({ where: { attempts } })) === 1,
      );
      aMinutePasses();
    }
    const told = await town.smtp.requireMail({ to: DESKS, subject: 'Message à examiner' }, 15_000);
    expect(plain(told.mail.text)).toContain('Je n’ai pas de chance');
    expect(await town.db.inboundEmail.findFirstOrThrow()).toMatchObject({
      state: 'held',
      verdict: 'failed_thrice',
      attempts: 3,
    });
  });
});

/** A failure is given time to pass. */
function aMinutePasses(): void {
  minutesPass(1);
}

async function refuseRequestsOf(url: string, address: string): Promise<void> {
  await queryOnce(
    url,
    `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF NEW."citizenAddress" = '${address}' THEN RAISE EXCEPTION 'bad luck'; END IF; RETURN NEW; END $$`,
  );
  await queryOnce(
    url,
    'CREATE TRIGGER refuse BEFORE INSERT ON "ServiceRequest" FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
}

describe('a start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-config-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('with settings that are missing or wrong lists every one of them, with its file, line and key', async () => {
    cpSync('config', folder, { recursive: true });
    writeFileSync(join(folder, 'schedule.yaml'), 'reminders:\n  at: "25:00"\nsurprise: 1\n');
    writeFileSync(
      join(folder, 'categories.yaml'),
      'categories:\n  - id: chaussee\n    name: Chaussée\n    department: nulle-part\n    regime: information\n    keywords: [trou]\n',
    );
    const { code, said } = await runStart({ CONFIG_DIR: folder, IMAP_PORT: 'many', LINK_SECRET: 'changeme' });
    expect(code).not.toBe(0);
    for (const words of [
      /schedule\.yaml:2 — reminders\.at/,
      /schedule\.yaml:3 — surprise/,
      /schedule\.yaml.* — reports/,
      /categories\.yaml:4 — .*department/,
      'IMAP_HOST',
      'IMAP_PORT',
      'SMTP_HOST',
      'LINK_SECRET',
      'PUBLIC_URL',
    ]) {
      expect(said).toMatch(words);
    }
    expect(said).not.toContain('changeme');
    expect(said).not.toMatch(/\bat .*\.ts:\d+/);
  });

  test('with a config folder that does not exist says which files it looked for', async () => {
    const { code, said } = await runStart({ CONFIG_DIR: join(folder, 'nowhere') });
    expect(code).not.toBe(0);
    for (const file of ['town-hall.yaml', 'schedule.yaml', 'categories.yaml']) expect(said).toContain(file);
  });
});

async function runStart(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['src/main.ts', 'start'], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (words: Buffer) => said.push(words.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said: said.join('') };
}

import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tryMailbox } from '../../src/intake/try-mailbox.ts';
import { trySending } from '../../src/outbound/transport.ts';
import { recordConfig } from '../../src/store/config-history.ts';
import { lookAtDatabase } from '../../src/store/look-at-database.ts';
import { startImap } from '../support/imap.ts';
import type { ImapServer } from '../support/imap-server.ts';
import { freshDatabase } from '../support/postgres.ts';
import { queryOnce } from '../support/query-once.ts';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';
import { aGround } from '../store/ground.ts';
import { aConfigFolder, aFolder, edit, guichet } from './command.ts';

const MAILBOX = 'mairie@plassans.fr';
const PASSWORD = 'the imap password is secret';
let imap: ImapServer;
let smtp: SmtpSink;
beforeAll(async () => {
  [imap, smtp] = await Promise.all([startImap([MAILBOX]), startSmtpSink()]);
});
afterAll(async () => {
  await Promise.all([imap.stop(), smtp.stop()]);
});

describe('the mailbox', () => {
  test('is looked at: what it can do, what waits in it, and nothing is created', async () => {
    const found = await tryMailbox(anAccount(), 'Traités', 10_000);
    expect(found).toMatchObject({ hasIdle: true, hasMove: true, hasFolder: false, waiting: 0 });
    expect(await tryMailbox(anAccount(), 'Traités', 10_000)).toMatchObject({ hasFolder: false });
  });

  test('that refuses the password says so, and not the password', async () => {
    const found = await tryMailbox({ ...anAccount(), password: PASSWORD }, 'Traités', 10_000);
    expect(found).toMatchObject({ failure: 'login' });
    expect(JSON.stringify(found)).not.toContain(PASSWORD);
  });

  test.each([
    ['whose server has no such name', { host: 'imap.plassans.invalid' }, 'unknown_host'],
    ['at whose port nobody listens', { port: 1 }, 'no_server'],
    ['that speaks no TLS where it should', { secure: true }, 'tls'],
  ] as const)('%s', async (_what, changes, failure) => {
    expect(await tryMailbox({ ...anAccount(), ...changes }, 'Traités', 10_000)).toMatchObject({ failure });
  });

  test('that never answers is given up', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const started = performance.now();
    expect(await tryMailbox({ ...anAccount(), port }, 'Traités', 500)).toMatchObject({ failure: 'no_answer' });
    expect(await trySending({ ...anAccount(), port }, 500)).toMatchObject({ failure: 'no_answer' });
    expect(performance.now() - started).toBeLessThan(5_000);
    silent.close();
  });
});

describe('the sending account', () => {
  test('works, and nothing was sent', async () => {
    const { host, port } = smtp;
    expect(await trySending({ host, port, secure: false, user: '', password: '' }, 10_000)).toBeNull();
    expect(smtp.mails).toEqual([]);
  });

  test('whose login is refused', async () => {
    smtp.refuseAt('auth', 535, '5.7.8 no');
    const { host, port } = smtp;
    const found = await trySending({ host, port, secure: false, user: 'u', password: PASSWORD }, 10_000);
    smtp.acceptAt('auth');
    expect(found).toMatchObject({ failure: 'login' });
    expect(JSON.stringify(found)).not.toContain(PASSWORD);
  });
});

describe('the database', () => {
  test('that will be made at the first start is not made by a look', async () => {
    expect(await lookAtDatabase({ databaseUrl: null, dataDir: `${aFolder()}/data` })).toEqual({ state: 'absent' });
  });

  test('says its version and what the next start will bring', async () => {
    const { url: databaseUrl } = await freshDatabase();
    const empty = await lookAtDatabase({ databaseUrl, dataDir: 'data' });
    expect(empty).toMatchObject({ state: 'ready', version: expect.stringMatching(/^\d+/) as string });
    expect('pending' in empty && empty.pending.length).toBeGreaterThan(2);
    expect(await queryOnce(databaseUrl, `SELECT to_regclass('_prisma_migrations') AS it`)).toEqual([{ it: null }]);
    const ground = await aGround(databaseUrl);
    await ground.close();
    expect(await lookAtDatabase({ databaseUrl, dataDir: 'data' })).toMatchObject({ pending: [] });
  });
});

describe('the command', () => {
  test('says what is scheduled and for whom, that all answers, and ends well', async () => {
    const { url } = await freshDatabase();
    const ran = await guichet(['check'], environment({ DATABASE_URL: url }));
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    for (const line of [
      'après 3 jours ouvrés, puis tous les 2 jours ouvrés, 5 fois au plus',
      'Point de situation : chaque lundi à 8 h, à Direction générale des services',
      '- Voirie (voirie@plassans.fr) : les demandes qui lui sont transmises',
      '✓ identifiant et mot de passe acceptés',
      '✓ le serveur répond et accepte',
      '✓ PostgreSQL ',
      'mises à niveau, que le prochain démarrage appliquera',
      'écrivez à mairie+essai@plassans.fr',
      'Tout est en ordre : Mairie de Plassans, 3 services, 1 agent.',
    ]) {
      expect(ran.stdout).toContain(line);
    }
    expect(ran.stdout).not.toMatch(/secret|0123456789/);
  });

  test('ends badly when an account does not answer, and says which and why', async () => {
    const ran = await guichet(
      ['check'],
      environment({ IMAP_PASSWORD: PASSWORD, SMTP_PORT: '1', DATABASE_URL: 'postgresql://u:pw@127.0.0.1:1/g' }),
    );
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("✗ l'identifiant ou le mot de passe est refusé");
    expect(ran.stdout.match(/✗/g)).toHaveLength(3);
    expect(ran.stdout).not.toContain(PASSWORD);
    expect(ran.stdout).not.toContain('Tout est en ordre');
  });

  test('--offline asks nobody; what looks wrong is a warning, and no failure', async () => {
    const folder = aConfigFolder();
    edit(folder, 'schedule.yaml', 'every: 2 jours ouvrés', 'every: 0 jours');
    edit(folder, 'schedule.yaml', '"0 8 * * 1"', '"0 8 29 2 1"');
    edit(folder, 'town-hall.yaml', 'closures: []', 'closures: [2099-12-24]');
    const ran = await guichet(
      ['check', '--offline'],
      environment({ IMAP_PORT: '1', SMTP_PORT: '1', CONFIG_DIR: folder }),
    );
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('reminders.notTakenUp.every');
    expect(ran.stdout).toContain('le point de situation ne part jamais');
    expect(ran.stdout).not.toContain('LES COMPTES');
  });

  test('--history lists what became of edited files, the newest first', async () => {
    const { url } = await freshDatabase();
    const ground = await aGround(url);
    const change = { file: 'schedule.yaml', key: 'reminders.at', before: '09:00', after: '10:00' };
    await recordConfig(ground, { verdict: 'started', fingerprint: 'a', changes: [] }, []);
    await recordConfig(ground, { verdict: 'changed', fingerprint: 'b', changes: [change] }, []);
    await recordConfig(ground, { verdict: 'refused', fingerprint: 'c', changes: [] }, []);
    await ground.close();
    const { code, stdout } = await guichet(['check', '--history'], environment({ DATABASE_URL: url }));
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /refusés.*\n.*pris en compte\n +schedule\.yaml — reminders\.at : 09:00 → 10:00\n.*démarrage/,
    );
  });

  test('explains itself when it is asked for something else', async () => {
    expect(await guichet(['check', '--vite'], {})).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('--offline') as string,
    });
  });
});

function anAccount() {
  return { host: imap.host, port: imap.port, secure: false, user: MAILBOX, password: imap.password };
}

function environment(changes: Record<string, string>): Record<string, string> {
  return {
    IMAP_HOST: imap.host,
    IMAP_PORT: String(imap.port),
    IMAP_SECURE: 'false',
    IMAP_USER: MAILBOX,
    IMAP_PASSWORD: imap.password,
    SMTP_HOST: smtp.host,
    SMTP_PORT: String(smtp.port),
    LINK_SECRET: 'a-test-secret-that-is-long-enough-0123456789',
    PUBLIC_URL: 'https://guichet.plassans.fr',
    ...changes,
  };
}

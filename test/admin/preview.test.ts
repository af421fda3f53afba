import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { forecastBacklog } from '../../src/admin/forecast-backlog.ts';
import { pageOf, preview, viewOf } from '../../src/admin/preview.ts';
import type { Config } from '../../src/config.ts';
import { Scheduler } from '../../src/jobs/scheduler.ts';
import { lookOnly } from '../../src/store/backlog.ts';
import { accessibilityViolations, openBrowser } from '../support/browser.ts';
import { freshDatabase } from '../support/postgres.ts';
import { queryOnce } from '../support/query-once.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { act, aGround, DESK_PERSON, openOne, VOIRIE, type TestGround } from '../store/ground.ts';
import { aConfigFolder, aFolder, edit, guichet, HALVED } from './command.ts';

let url: string;
let ground: TestGround;
const closers: (() => Promise<unknown> | void)[] = [];

beforeEach(async () => {
  ({ url } = await freshDatabase());
  ground = await aGround(url);
});
afterEach(() => ground.close());
afterAll(async () => {
  for (const close of closers) await close();
});

describe('the forecast of a real backlog', () => {
  test('is what the clock then does, mail by mail and day by day', async () => {
    await aBacklog();
    ground.set('2026-09-14T07:30:00+02:00');
    const from = ground.clock.now();
    const { before, after } = { before: ground.config, after: ground.config };
    const { table, openCount } = await forecastBacklog(ground.store.db, { before, after, from, days: 30 });
    expect(openCount).toBe(5);
    await ground.store.db.actionLink.deleteMany();
    await ground.store.db.outboundEmail.deleteMany();
    for (let day = 0; day < 30; day++) {
      for (let hour = 0; hour < 3; hour++) {
        ground.set(new Date(from.getTime() + day * 86_400_000 + hour * 3_600_000 + 1_800_000).toISOString());
        await new Scheduler(ground).tick();
      }
    }
    const mails = await ground.store.db.outboundEmail.groupBy({ by: ['kind', 'toName'], _count: true });
    // Nobody knows what a morning's basket will hold.
    const due = mails.filter(({ kind }) => kind !== 'basket');
    const done = due.map(({ kind, toName, _count }) => `${toName} ${kind} ${_count}`).toSorted();
    const told = table.totals.map(({ name, kind, before: count }) => `${name} ${kind} ${count}`);
    expect(told.toSorted()).toEqual(done);
    expect(done.length).toBeGreaterThanOrEqual(4);
  });

  test('is read where nothing can be written: PostgreSQL refuses', async () => {
    const id = await openOne(ground);
    const write = lookOnly(ground.store.db, (tx) =>
      tx.serviceRequest.update({ where: { id }, data: { subject: 'x' } }),
    );
    await expect(write).rejects.toThrow(/read-only transaction/);
    const row = await ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
    expect(row.subject).toBe('Nid-de-poule rue des Lilas');
  });

  test('of ten thousand open requests takes less than five seconds of work', async () => {
    await openOne(ground);
    await ground.store.db.$executeRaw`
      INSERT INTO "ServiceRequest" SELECT (jsonb_populate_record(r, jsonb_build_object(
        'id', gen_random_uuid(), 'reference', '2026-' || (100000 + n),
        'statusSince', r."statusSince" - make_interval(hours => n % 50)))).*
      FROM "ServiceRequest" r, generate_series(1, 9999) n`;
    const [started, since] = [process.cpuUsage(), performance.now()];
    const counts: number[] = [];
    const asked = { before: ground.config, after: ground.config, from: ground.clock.now(), days: 30 };
    const { openCount } = await forecastBacklog(ground.store.db, asked, ({ done }) => void counts.push(done));
    const ms = Math.round(process.cpuUsage(started).user / 1_000);
    process.stdout.write(
      `10,000 in the database, two columns: ${ms} ms of work, ${Math.round(performance.now() - since)} ms\n`,
    );
    expect(openCount).toBe(10_000);
    expect(counts.slice(0, 2)).toEqual([500, 1_000]);
    expect(ms).toBeLessThan(5_000);
  });
});

describe('the command', () => {
  test('shows both configs, the differences first, and changes nothing in the database', async () => {
    const { other, before } = await prepared();
    const ran = await guichet(['preview', '--config', other], { DATABASE_URL: url });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('2 demandes ouvertes. Rien n’est envoyé, rien n’est modifié.');
    expect(ran.stdout.indexOf('CE QUI CHANGE AVEC')).toBeLessThan(ran.stdout.indexOf('PAR JOUR'));
    expect(ran.stdout).toMatch(/- Accueil \(relance\) : 4 de moins, soit 1 au lieu de 5/);
    expect(ran.stdout).toMatch(/Accueil, relance +5 +1\n/);
    expect(ran.stdout).not.toMatch(/nora/i);
    expect(await snapshot()).toEqual(before);
  });

  test('without another config has one column', async () => {
    await prepared();
    const ran = await guichet(['preview', '--days', '7'], { DATABASE_URL: url });
    expect(ran.code).toBe(0);
    expect(ran.stdout).not.toContain('CE QUI CHANGE');
    expect(ran.stdout).toMatch(/Direction générale des services, point de situation +1\n/);
  });

  test('tells the mistakes of the other config by file and line, and looks no further', async () => {
    const { other } = await prepared();
    edit(other, 'schedule.yaml', 'after: 1 jour ouvré', 'after: demain');
    const ran = await guichet(['preview', '--config', other], { DATABASE_URL: url });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/schedule\.yaml:\d+ — reminders\.notTakenUp\.after\s+trouvé : demain/);
  });

  test.each([
    ['--days', '0'],
    ['--days', 'sept'],
    ['--jours', '7'],
  ])('explains itself when it gets %s %s', async (...args) => {
    const printed: string[] = [];
    const terminal = {
      print: (name: string) => void printed.push(name),
      orProblems: () => null,
      settings: () => null,
      failed: () => undefined,
    };
    expect(await preview(args, { ...terminal, clock: ground.clock })).toBe(2);
    expect(printed).toEqual(['preview-usage']);
  });

  test('writes the calendar, and mails it to the administrator, in copy to nobody, without a row', async () => {
    const { other } = await prepared();
    const smtp = await startSmtpSink();
    closers.push(() => smtp.stop());
    edit(
      other,
      'town-hall.yaml',
      '# administrator:\n#   name: Service informatique\n#   address: informatique@plassans.fr',
      'administrator: { name: Informatique, address: informatique@plassans.fr }',
    );
    const before = await snapshot();
    const html = join(aFolder(), 'calendrier.html');
    const ran = await guichet(['preview', '--config', other, '--html', html, '--mail'], {
      ...mailEnvironment(smtp.port),
      CONFIG_DIR: other,
    });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('Envoyé à informatique@plassans.fr.');
    expect(smtp.mails.map(({ envelope }) => envelope.to)).toEqual([['informatique@plassans.fr']]);
    const [sent] = smtp.mails;
    expect(sent?.mail.subject).toContain('Prévision des messages');
    expect(sent?.mail.attachments[0]?.content.toString()).toBe(readFileSync(html, 'utf8'));
    expect(await snapshot()).toEqual(before);
  });

  test('says that there is no database yet, and makes none', async () => {
    const dataDir = join(aFolder(), 'data');
    const ran = await guichet(['preview'], { DATA_DIR: dataDir });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('Il n’y a pas encore de base');
    expect(existsSync(dataDir)).toBe(false);
  });

  test('says so when the mail cannot leave', async () => {
    await prepared();
    const ran = await guichet(['preview', '--mail'], mailEnvironment(1));
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('Rien n’a été envoyé : le serveur 127.0.0.1');
  });
});

test('the calendar is accessible, and readable at 360 px', async () => {
  await aBacklog();
  const impatient = withDelay(1)(ground.config);
  const asked = { before: ground.config, after: impatient, from: ground.clock.now(), days: 30 };
  const forecast = await forecastBacklog(ground.store.db, asked);
  const browser = await openBrowser();
  if (browser === null) return;
  closers.push(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
  await page.setContent(pageOf(viewOf(forecast, impatient, 'config-essai'), impatient));
  expect(await accessibilityViolations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await page.locator('time').count()).toBe(forecast.table.days.length);
  await page.setViewportSize({ width: 1280, height: 900 });
  expect(await accessibilityViolations(page)).toEqual([]);
});

/** One of each: new, taken up, on hold, awaiting the citizen, reminded. */
async function aBacklog(): Promise<void> {
  await openOne(ground);
  const moved = await openOne(ground);
  await act(ground, moved, 'transfer', DESK_PERSON);
  const taken = await openOne(ground);
  await act(ground, taken, 'transfer', DESK_PERSON);
  await act(ground, taken, 'take_charge', VOIRIE);
  const held = await openOne(ground);
  await act(ground, held, 'take_charge', DESK_PERSON);
  await act(ground, held, 'hold', DESK_PERSON, { until: '2026-09-18' });
  const asked = await openOne(ground);
  await act(ground, asked, 'request_correction', DESK_PERSON);
}

/** Two requests at the desk since now, one reminded four times; the other config is twice as impatient. */
async function prepared() {
  ground.set(new Date().toISOString());
  const id = await openOne(ground);
  await openOne(ground);
  const [other] = [aConfigFolder()];
  edit(other, ...HALVED);
  edit(other, 'schedule.yaml', 'atMost: 5', 'atMost: 1');
  await ground.store.db.serviceRequest.update({ where: { id }, data: { remindedCount: 5 } });
  return { other, before: await snapshot() };
}

async function snapshot(): Promise<string> {
  const rows = await Promise.all(
    ['ServiceRequest', 'Event', 'OutboundEmail', 'JobRun', 'ActionLink'].map((table) =>
      queryOnce(url, `SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS hash FROM "${table}" t`),
    ),
  );
  return JSON.stringify(rows);
}

function mailEnvironment(port: number): Record<string, string> {
  return {
    DATABASE_URL: url,
    IMAP_HOST: '127.0.0.1',
    IMAP_USER: 'u',
    IMAP_PASSWORD: 'p',
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(port),
    LINK_SECRET: 'a-test-secret-that-is-long-enough-0123456789',
    PUBLIC_URL: 'https://guichet.plassans.fr',
  };
}

function withDelay(amount: number) {
  return (config: Config): Config => {
    const notTakenUp = { ...config.schedule.notTakenUp, after: { amount, unit: 'working_days' as const } };
    return { ...config, schedule: { ...config.schedule, notTakenUp } };
  };
}

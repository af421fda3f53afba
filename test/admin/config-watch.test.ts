import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigWatch, type ConfigWatchOptions } from '../../src/admin/config-watch.ts';
import { readConfigFiles } from '../../src/config-files.ts';
import { loadConfig } from '../../src/config.ts';
import { Scheduler } from '../../src/jobs/scheduler.ts';
import { createBreaker } from '../../src/outbound/breaker.ts';
import { createLiveRenderer } from '../../src/outbound/live-renderer.ts';
import { Releaser } from '../../src/outbound/releaser.ts';
import { sampleView } from '../../src/outbound/sample-views.ts';
import { configHistory } from '../../src/store/config-history.ts';
import { freshDatabase } from '../support/postgres.ts';
import { aGround, openOne, type TestGround } from '../store/ground.ts';
import { aConfigFolder, edit, HALVED } from './command.ts';

/** Two looks at the files: the first sees a change, the second that it is whole. */

let url: string;
let dir: string;
let ground: TestGround;
let logged: Record<string, unknown>[];
const others: TestGround[] = [];

beforeEach(async () => {
  ({ url } = await freshDatabase());
  dir = aConfigFolder();
  logged = [];
  ground = await aWatchedGround();
});
afterEach(async () => {
  await Promise.all([ground, ...others.splice(0)].map((each) => each.close()));
});

describe('an edited file that is right', () => {
  test('is taken over without a restart, and told to whoever looks after Guichet', async () => {
    const watch = await aWatch();
    edit(dir, ...HALVED);
    await looks(watch, 3);
    expect(ground.config.schedule.notTakenUp.after).toEqual({ amount: 1, unit: 'working_days' });
    expect(await mails()).toEqual([['config_changed', 'dgs@plassans.fr']]);
    expect(await factsOf('config_changed')).toMatchObject({
      changes: 'schedule.yaml␟reminders.notTakenUp.after␟3 jours ouvrés␟1 jour ouvré',
      changeCount: 1,
      fixed: '',
    });
    expect(logged).toEqual([
      {
        event: 'config.changed',
        changes: [
          { file: 'schedule.yaml', key: 'reminders.notTakenUp.after', before: '3 jours ouvrés', after: '1 jour ouvré' },
        ],
        fixed: [],
      },
    ]);
  });

  test('moves the reminders of what is open already, at the next tick, and the mail says how many', async () => {
    await openOne(ground);
    const watch = await aWatch();
    await new Scheduler(ground).tick();
    edit(dir, ...HALVED);
    await looks(watch, 2);
    expect((await factsOf('config_changed'))['effects']).toContain('Accueil␟reminder␟5␟5␟2026-09-10␟2026-09-08');
    ground.set('2026-09-08T09:00:00+02:00');
    await new Scheduler(ground).tick();
    expect(await ground.store.db.outboundEmail.count({ where: { kind: 'reminder' } })).toBe(1);
  });

  test('is judged only once it stands still: half of a file is not a file', async () => {
    const watch = await aWatch();
    edit(dir, 'schedule.yaml', 'reports:', 'reports: "');
    await looks(watch, 1);
    edit(dir, 'schedule.yaml', 'reports: "', 'reports:');
    edit(dir, ...HALVED);
    await looks(watch, 2);
    expect(await mails()).toEqual([['config_changed', 'dgs@plassans.fr']]);
  });

  test('is seen when another file takes its place, as editors and mounted folders do it', async () => {
    const watch = await aWatch();
    const edited = aConfigFolder();
    edit(edited, ...HALVED);
    cpSync(join(edited, 'schedule.yaml'), join(dir, 'next.yaml'));
    renameSync(join(dir, 'next.yaml'), join(dir, 'schedule.yaml'));
    await looks(watch, 2);
    expect(ground.config.schedule.notTakenUp.after.amount).toBe(1);
  });

  test('and put back is a change like any other, told again', async () => {
    const watch = await aWatch();
    for (let round = 0; round < 2; round++) {
      edit(dir, ...HALVED);
      await looks(watch, 2);
      edit(dir, HALVED[0], HALVED[2], HALVED[1]);
      await looks(watch, 2);
    }
    expect(ground.config.schedule.notTakenUp.after.amount).toBe(3);
    expect(await mails()).toHaveLength(4);
    const verdicts = (await configHistory(ground.store.db, 10)).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['changed', 'changed', 'changed', 'changed', 'started']);
  });

  test('in its comments alone is nobody’s news', async () => {
    const watch = await aWatch();
    edit(dir, 'schedule.yaml', '# Tous les délais', '# Presque tous les délais');
    await looks(watch, 3);
    expect([await mails(), logged]).toEqual([[], []]);
  });

  test('keeps the mailbox and the time zone until the next start, and says so', async () => {
    const watch = await aWatch();
    edit(dir, 'town-hall.yaml', 'mailbox: mairie@plassans.fr', 'mailbox: contact@plassans.fr');
    edit(dir, 'town-hall.yaml', 'timeZone: Europe/Paris', 'timeZone: Indian/Reunion');
    await looks(watch, 2);
    expect(ground.config.town).toMatchObject({ mailbox: 'mairie@plassans.fr', timeZone: 'Europe/Paris' });
    expect((await factsOf('config_changed'))['fixed']).toBe('town-hall.yaml, mailbox\ntown-hall.yaml, timeZone');
  });

  test('logs neither addresses nor names', async () => {
    const watch = await aWatch();
    edit(dir, 'town-hall.yaml', 'j.martin@plassans.fr', 'jeanne.martin@plassans.fr');
    edit(dir, 'schedule.yaml', '# onlyTo: [accueil@plassans.fr, "@plassans.fr"]', 'onlyTo: [accueil@plassans.fr]');
    await looks(watch, 2);
    expect(JSON.stringify(logged)).toContain('agents[].address');
    expect(JSON.stringify(logged)).not.toMatch(/@|martin/i);
  });

  test('tells the name of a variable, never its value', async () => {
    process.env['TELEPHONE_ACCUEIL'] = '04 99 99 99 99';
    const watch = await aWatch();
    edit(dir, 'town-hall.yaml', 'phone: 04 42 00 00 10', `phone: \${TELEPHONE_ACCUEIL}`);
    await looks(watch, 2);
    expect(ground.config.town.desk.phone).toBe('04 99 99 99 99');
    expect(JSON.stringify([await factsOf('config_changed'), logged])).not.toContain('99 99');
  });

  test('goes to the administrator when the town names one', async () => {
    const watch = await aWatch();
    const commented = '# administrator:\n#   name: Service informatique\n#   address: informatique@plassans.fr';
    edit(dir, 'town-hall.yaml', commented, commented.replaceAll(/^# ?/gm, ''));
    await looks(watch, 2);
    expect(await mails()).toEqual([['config_changed', 'informatique@plassans.fr']]);
  });
});

describe('an edited file that is wrong', () => {
  test('changes nothing, and its mistakes are told once, each with its line', async () => {
    const watch = await aWatch();
    const before = ground.config;
    edit(dir, 'schedule.yaml', 'after: 3 jours ouvrés', 'after: demain');
    edit(dir, 'town-hall.yaml', 'address: voirie@plassans.fr', 'address: voirie');
    await looks(watch, 6);
    expect(ground.config).toBe(before);
    expect(await mails()).toEqual([['config_refused', 'dgs@plassans.fr']]);
    const { problems, problemCount } = await factsOf('config_refused');
    expect(problemCount).toBe(2);
    expect(problems).toMatch(/town-hall\.yaml:\d+␟departments\[1\]\.address␟voirie␟expected␟address/);
    expect(problems).toMatch(/schedule\.yaml:\d+␟reminders\.notTakenUp\.after␟demain␟expected␟delay/);
    expect(logged.map(({ event }) => event)).toEqual(['config.refused']);
  });

  test('corrected the old way is silent; wrong again in the same way, it is told again', async () => {
    const watch = await aWatch();
    for (let round = 0; round < 2; round++) {
      edit(dir, 'schedule.yaml', 'after: 3 jours ouvrés', 'after: demain');
      await looks(watch, 3);
      edit(dir, 'schedule.yaml', 'after: demain', 'after: 3 jours ouvrés');
      await looks(watch, 3);
    }
    expect((await mails()).map(([kind]) => kind)).toEqual(['config_refused', 'config_refused']);
    const verdicts = (await configHistory(ground.store.db, 10)).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['restored', 'refused', 'restored', 'refused', 'started']);
  });

  test('is refused with the right one beside it: all or nothing', async () => {
    const watch = await aWatch();
    edit(dir, ...HALVED);
    edit(dir, 'categories.yaml', 'department: etat-civil', 'department: mariage');
    await looks(watch, 2);
    expect(ground.config.schedule.notTakenUp.after.amount).toBe(3);
  });

  test('is refused when it is a template of the town’s that breaks the law', async () => {
    const watch = await aWatch();
    mkdirSync(join(dir, 'templates/emails'), { recursive: true });
    writeFileSync(join(dir, 'templates/emails/acknowledgement.txt'), 'Objet : Reçu\n\nBonjour.');
    edit(dir, ...HALVED);
    await looks(watch, 2);
    expect(ground.config.schedule.notTakenUp.after.amount).toBe(3);
    expect((await factsOf('config_refused'))['problems']).toContain('templateFaults');
  });
});

test('a template of the town’s own is in the next mail, and gone from the one after its file is removed', async () => {
  const renderer = await createLiveRenderer(ground.config.town, ground.config.ownTemplates);
  const watch = await aWatch(ground, renderer.prepare);
  const subject = () => renderer.render(sampleView('resumed', 'desk')).subject;
  const ours = subject();
  mkdirSync(join(dir, 'templates/emails'), { recursive: true });
  cpSync('templates/emails/resumed.txt', join(dir, 'templates/emails/resumed.txt'));
  cpSync('templates/emails/resumed.mjml', join(dir, 'templates/emails/resumed.mjml'));
  edit(dir, 'templates/emails/resumed.txt', 'Objet\u00a0: ', 'Objet\u00a0: Plassans, ');
  await looks(watch, 2);
  expect(subject()).toContain('Plassans, ');
  expect(ours).not.toContain('Plassans, ');
  expect((await factsOf('config_changed'))['changes']).toContain('templates/emails/resumed.txt');
  rmSync(join(dir, 'templates'), { recursive: true });
  await looks(watch, 2);
  expect(subject()).toBe(ours);
});

test('a rate that appears while mails wait is kept for those too', async () => {
  for (let i = 0; i < 3; i++) await openOne(ground);
  const releaser = new Releaser(ground, createBreaker(ground.clock, { onTrouble: () => {}, onRestored: () => {} }));
  await releaser.release();
  const withJob = { where: { state: 'queued' as const, jobId: { not: null } } };
  expect(await ground.store.db.outboundEmail.count(withJob)).toBe(6);
  const watch = await aWatch();
  edit(dir, 'schedule.yaml', '# atMostPerMinute: 60', 'atMostPerMinute: 2');
  await looks(watch, 2);
  await releaser.release();
  expect(await ground.store.db.outboundEmail.count(withJob)).toBe(2);
});

test('two instances that read the same files take both over and send one mail', async () => {
  const other = await aWatchedGround();
  others.push(other);
  const watches = [await aWatch(), await aWatch(other)];
  edit(dir, ...HALVED);
  for (let round = 0; round < 3; round++) await Promise.all(watches.map((watch) => watch.look()));
  expect([ground, other].map(({ config }) => config.schedule.notTakenUp.after.amount)).toEqual([1, 1]);
  expect(await mails()).toHaveLength(1);
});

test('while the database is away nothing is taken over; it is, once it is back', async () => {
  const watch = await aWatch();
  await ground.store.db.$executeRaw`ALTER TABLE "JobRun" RENAME TO "Elsewhere"`;
  edit(dir, ...HALVED);
  await looks(watch, 3);
  expect(ground.config.schedule.notTakenUp.after.amount).toBe(3);
  await ground.store.db.$executeRaw`ALTER TABLE "Elsewhere" RENAME TO "JobRun"`;
  await looks(watch, 1);
  expect(ground.config.schedule.notTakenUp.after.amount).toBe(1);
  expect(await mails()).toHaveLength(1);
});

async function aWatchedGround(): Promise<TestGround> {
  const watched = await aGround(url, () => configIn(dir));
  const note = (row: unknown) => void logged.push(row as Record<string, unknown>);
  watched.log = Object.assign(Object.create(watched.log) as typeof watched.log, { info: note, warn: note });
  return watched;
}

function configIn(folder: string) {
  const loaded = loadConfig(folder);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value;
}

const AS_THEY_ARE: ConfigWatchOptions['prepareTemplates'] = async () => () => undefined;

async function aWatch(over = ground, prepareTemplates = AS_THEY_ARE): Promise<ConfigWatch> {
  const watch = new ConfigWatch(over, { files: readConfigFiles(dir), prepareTemplates });
  await watch.start();
  // By hand from here on.
  await watch.stop();
  return watch;
}

async function looks(watch: ConfigWatch, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await watch.look();
}

async function mails(): Promise<[string, string][]> {
  const rows = await ground.store.db.outboundEmail.findMany({ where: { kind: { startsWith: 'config_' } } });
  return rows.map(({ kind, toAddress }) => [kind, toAddress]);
}

async function factsOf(kind: string): Promise<Record<string, unknown>> {
  const row = await ground.store.db.outboundEmail.findFirstOrThrow({ where: { kind } });
  return row.facts as Record<string, unknown>;
}

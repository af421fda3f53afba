import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { afterAll, describe, expect, test } from 'vitest';
import { erasedWithoutVisa, loadConfig, loadSettings, type Config, isLoopback } from '../src/config.ts';
import type { Problem } from '../src/config-file.ts';
import { loadLocale } from '../src/template.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const ENVIRONMENT = {
  IMAP_HOST: 'imap.plassans.fr',
  IMAP_USER: 'mairie@plassans.fr',
  IMAP_PASSWORD: 'the imap password',
  SMTP_HOST: 'smtp.plassans.fr',
  LINK_SECRET: 'mQ2vX8rT5kLw9zBnY4sJd7hGc1fPa6eU',
  PUBLIC_URL: 'https://guichet.plassans.fr/',
};

describe('the sample config', () => {
  test('J17: is the town of Plassans, with its departments', () => {
    const config = configOf('config');
    expect(config.town).toMatchObject({ name: 'Mairie de Plassans', mailbox: 'mairie@plassans.fr' });
    expect(config.town.departments.map(({ id }) => id)).toEqual(['voirie', 'urbanisme', 'etat-civil']);
    expect(config.schedule.notTakenUp.after).toEqual({ amount: 3, unit: 'working_days' });
    expect(config).toMatchObject({
      processedFolder: 'Traités',
      pollSeconds: 60,
      outgoing: { giveUpAfterSeconds: 432_000 },
    });
    expect(config.categories).toHaveLength(4);
  });

  test('and an environment are all that is needed to start', () => {
    const loaded = loadSettings({ ...ENVIRONMENT, DATABASE_URL: '' });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.value).toMatchObject({
      imap: { host: 'imap.plassans.fr', port: 993, secure: true },
      smtp: { port: 587, secure: false, user: '' },
      databaseUrl: null,
      dataDir: 'data',
      publicUrl: 'https://guichet.plassans.fr',
      port: 8080,
    });
  });
});

describe('retention', () => {
  test('S24: is as long as the category says, else as all; without either for ever', () => {
    const { retention, forgettingAt } = configOf('config');
    expect(retention).toMatchObject({ ordinary: { keep: null, archive: 'none' }, noticeDays: 30 });
    expect(retention.categories['chaussee']).toEqual({ keep: { amount: 2, unit: 'years' }, archive: 'none' });
    expect(retention.categories['autorisation']?.archive).toBe('visa');
    expect(retention.categories['actes']?.keep).toBeNull();
    expect(forgettingAt).toBe('30 3 * * *');
  });

  test('of nothing at all, without a visa, is told with the law that it may break', () => {
    const config = configOf('config');
    const none = { keep: { amount: 0, unit: 'days' }, archive: 'none' } as const;
    const categories = {
      ...config.retention.categories,
      eclairage: none,
      actes: { ...none, archive: 'visa' as const },
    };
    expect(erasedWithoutVisa(config)).toEqual([]);
    expect(erasedWithoutVisa({ ...config, retention: { ...config.retention, categories } })).toEqual([
      'Éclairage public',
    ]);
  });
});

describe('a mistake is told by its file, its line, its key, what is there and what is expected', () => {
  test.each<[string, string, string, string, Problem | Partial<Problem>]>([
    [
      'an unknown key',
      'town-hall.yaml',
      'timeZone: Europe/Paris',
      'timezone: Europe/Paris',
      { key: 'timezone', found: 'Europe/Paris', expected: 'unknownKey' },
    ],
    [
      'an unknown time zone',
      'town-hall.yaml',
      'Europe/Paris',
      'Europe/Plassans',
      { key: 'timeZone', found: 'Europe/Plassans', expected: 'timeZone' },
    ],
    [
      'a bad address',
      'town-hall.yaml',
      'address: voirie@plassans.fr',
      'address: voirie',
      { key: 'departments[1].address', found: 'voirie', expected: 'address' },
    ],
    [
      'a bad identifier',
      'town-hall.yaml',
      'id: voirie',
      'id: Voirie',
      { key: 'departments[1].id', found: 'Voirie', expected: 'id' },
    ],
    [
      '« reserved » desk as a department',
      'town-hall.yaml',
      'id: etat-civil',
      'id: desk',
      { key: 'departments[3].id', found: 'desk', expected: 'uniqueId' },
    ],
    [
      'a department twice',
      'town-hall.yaml',
      'id: urbanisme',
      'id: voirie',
      { key: 'departments[2].id', found: 'voirie', expected: 'uniqueId' },
    ],
    [
      'a department that is the mailbox',
      'town-hall.yaml',
      'address: urbanisme@plassans.fr',
      'address: Mairie@plassans.fr',
      { key: 'departments[2].address', found: 'mairie@plassans.fr', expected: 'notTheMailbox' },
    ],
    [
      'an agent of no office',
      'town-hall.yaml',
      'office: voirie',
      'office: voiries',
      { key: 'agents[1].office', found: 'voiries', expected: 'knownOffice' },
    ],
    [
      'how pieces travel',
      'town-hall.yaml',
      'pieces: attached',
      'pieces: paper',
      { key: 'desk.pieces', found: 'paper', expected: 'pieces' },
    ],
    [
      'a day that is not one',
      'town-hall.yaml',
      'closures: []',
      'closures: [2026-02-30]',
      { key: 'closures[1]', found: '2026-02-30', expected: 'day' },
    ],
    [
      'a territory',
      'town-hall.yaml',
      'territory: metropole',
      'territory: alsace',
      { key: 'territory', found: 'alsace', expected: 'territory' },
    ],
    [
      'an empty text',
      'town-hall.yaml',
      'name: Mairie de Plassans',
      'name: " "',
      { key: 'name', found: ' ', expected: 'text' },
    ],
    ['an hour', 'schedule.yaml', 'at: "09:00"', 'at: 9h', { key: 'reminders.at', found: '9h', expected: 'hour' }],
    [
      'a delay',
      'schedule.yaml',
      'after: 3 jours ouvrés',
      'after: bientôt',
      { key: 'reminders.notTakenUp.after', found: 'bientôt', expected: 'delay' },
    ],
    [
      'a number',
      'schedule.yaml',
      'atMost: 5',
      'atMost: cinq',
      { key: 'reminders.notTakenUp.atMost', found: 'cinq', expected: 'count' },
    ],
    [
      'a cron line',
      'schedule.yaml',
      '"0 8 * * 1"',
      '"lundi 8h"',
      { key: 'reports.weekly', found: 'lundi 8h', expected: 'cron' },
    ],
    [
      'a cron line that names no hour',
      'schedule.yaml',
      '"0 8 * * 1"',
      '"0 25 * * 1"',
      { key: 'reports.weekly', found: '0 25 * * 1', expected: 'cron' },
    ],
    [
      'a cron line that would run every second',
      'schedule.yaml',
      '"0 8 * * 1"',
      '"* 0 8 * * 1"',
      { key: 'reports.weekly', found: '* 0 8 * * 1', expected: 'cron' },
    ],
    [
      'a duration',
      'schedule.yaml',
      'validFor: 14 jours',
      'validFor: 14 jours ouvrés',
      { key: 'links.validFor', found: '14 jours ouvrés', expected: 'duration' },
    ],
    [
      'a link that lives no time',
      'schedule.yaml',
      'validFor: 14 jours',
      'validFor: 0 jours',
      { key: 'links.validFor', found: '0 jours', expected: 'duration' },
    ],
    [
      'a rule that is written for a category that does not exist',
      'schedule.yaml',
      '  # overrides: []',
      '  overrides: [{ categories: [chaussee, piscine], notClosed: { atMost: 2 } }]',
      { key: 'reminders.overrides[1].categories[2]', found: 'piscine', expected: 'knownCategory' },
    ],
    [
      'a rule that is written for an office that does not exist',
      'schedule.yaml',
      '  # overrides: []',
      '  overrides: [{ departments: [desk, sport], notTakenUp: { atMost: 2 } }]',
      { key: 'reminders.overrides[1].departments[2]', found: 'sport', expected: 'knownOffice' },
    ],
    [
      'a rule with a key that it does not have',
      'schedule.yaml',
      '  # overrides: []',
      '  overrides: [{ notTakenUp: { andThen: close } }]',
      { key: 'reminders.overrides[1].notTakenUp.andThen', found: 'close', expected: 'unknownKey' },
    ],
    [
      'an end that is none',
      'schedule.yaml',
      'andThen: nothing',
      'andThen: forget',
      { key: 'reminders.awaitingCitizen.andThen', found: 'forget', expected: 'silentEnd' },
    ],
    [
      'an escalation before the first reminder',
      'schedule.yaml',
      '# escalate: { head: 3, supervisors: 4 }',
      'escalate: { supervisors: 0 }',
      { key: 'reminders.notTakenUp.escalate.supervisors', found: '0', expected: 'reminderNumber' },
    ],
    [
      'a basket at no hour',
      'schedule.yaml',
      'desk: "0 8 * * 1-5"',
      'desk: "chaque matin"',
      { key: 'reports.desk', found: 'chaque matin', expected: 'cronOrNever' },
    ],
    [
      'neither single reminders nor a digest',
      'town-hall.yaml',
      '  # reminders: digest',
      '  reminders: weekly',
      { key: 'desk.reminders', found: 'weekly', expected: 'preference' },
    ],
    [
      'a category of no department',
      'categories.yaml',
      'department: etat-civil',
      'department: mariage',
      { key: 'categories[4].department', found: 'mariage', expected: 'knownDepartment' },
    ],
  ])('%s', (_mistake, file, from, to, expected) => {
    const { folder, line } = withEdit(file, from, to);
    const path = join(folder, file);
    expect(problemsOf(folder).filter((problem) => problem.file === path)).toEqual([{ file: path, line, ...expected }]);
  });

  test('a key that is missing is told at the section it is missing from', () => {
    const { folder, line } = withEdit('town-hall.yaml', /\n {4}phone: 04 42 00 00 30/, '');
    expect(problemsOf(folder)).toMatchObject([
      { line: line - 2, key: 'departments[2].phone', found: null, expected: 'text' },
    ]);
  });

  test('no department at all', () => {
    const { folder } = withEdit('town-hall.yaml', /departments:[\s\S]*?\n\n/, 'departments: []\n\n');
    expect(problemsOf(folder)).toMatchObject([{ key: 'departments', expected: 'departments' }]);
  });

  test('a file that cannot be read as YAML', () => {
    const { folder, line } = withEdit('schedule.yaml', 'links:', 'links: "');
    const problems = problemsOf(folder);
    expect(problems[0]).toMatchObject({ file: join(folder, 'schedule.yaml'), key: '', found: null, expected: 'yaml' });
    expect(problems[0]?.line).toBeGreaterThanOrEqual(line);
  });

  test('the same key twice', () => {
    const { folder, line } = withEdit(
      'town-hall.yaml',
      'timeZone: Europe/Paris',
      'timeZone: Europe/Paris\nname: Autre',
    );
    expect(problemsOf(folder)).toMatchObject([{ line: line + 1, expected: 'yaml' }]);
  });

  test('a file that is not there, and one that is empty', () => {
    const folder = copyOfSample();
    rmSync(join(folder, 'categories.yaml'));
    expect(problemsOf(folder)).toEqual([
      { file: join(folder, 'categories.yaml'), line: null, key: '', found: null, expected: 'readableFile' },
    ]);
    writeFileSync(join(folder, 'categories.yaml'), '');
    expect(configOf(folder).categories).toEqual([]);
    writeFileSync(join(folder, 'schedule.yaml'), '# rien\n');
    expect(problemsOf(folder).map(({ key, line }) => [key, line])).toEqual([
      ['reminders', 1],
      ['decisions', 1],
      ['reports', 1],
      ['links', 1],
      ['mailbox', 1],
      ['outgoing', 1],
    ]);
  });

  test('every kind of mistake has its sentence', () => {
    const { folder } = withEdit('schedule.yaml', 'reports:', 'rapports:');
    for (const { expected } of problemsOf(folder)) expect(loadLocale()['expected']?.[expected]).toMatch(/\S/);
  });
});

test('all mistakes of all files and of the environment come at once', () => {
  const folder = copyOfSample();
  edit(folder, 'town-hall.yaml', 'mailbox: mairie@plassans.fr', 'mailbox: mairie');
  edit(folder, 'town-hall.yaml', 'id: urbanisme', 'id: 2');
  edit(folder, 'schedule.yaml', 'atMost: 4', 'atMost: -4');
  edit(folder, 'categories.yaml', 'id: actes', 'id: Actes !');
  const loaded = loadSettings({ CONFIG_DIR: folder, PORT: 'eighty', LINK_SECRET: 'short' });
  const keys = loaded.ok ? [] : loaded.problems.map(({ key }) => key);
  expect(keys).toEqual([
    'mailbox',
    'departments[2].id',
    'reminders.notClosed.atMost',
    'categories[4].id',
    'IMAP_HOST',
    'IMAP_USER',
    'IMAP_PASSWORD',
    'SMTP_HOST',
    'LINK_SECRET',
    'PUBLIC_URL',
    'PORT',
  ]);
});

describe('delays are written as people say them', () => {
  test.each([
    ['3 jours ouvrés', { amount: 3, unit: 'working_days' }],
    ['1 jour ouvré', { amount: 1, unit: 'working_days' }],
    ['10 jours', { amount: 10, unit: 'days' }],
    ['36 heures', { amount: 36, unit: 'hours' }],
    ['3 working days', { amount: 3, unit: 'working_days' }],
    ['1 working day', { amount: 1, unit: 'working_days' }],
    ['10 days', { amount: 10, unit: 'days' }],
    ['1 hour', { amount: 1, unit: 'hours' }],
  ])('%s', (written, delay) => {
    const { folder } = withEdit('schedule.yaml', 'after: 3 jours ouvrés', `after: ${written}`);
    expect(configOf(folder).schedule.notTakenUp.after).toEqual(delay);
  });

  test.each(['3 heures ouvrées', '3 jours ouvrables', '90 minutes', '-3 jours', '3', '1,5 jours', '3  jours'])(
    '%s is not understood',
    (written) => {
      const { folder } = withEdit('schedule.yaml', 'after: 3 jours ouvrés', `after: ${written}`);
      expect(problemsOf(folder)).toMatchObject([{ found: written, expected: 'delay' }]);
    },
  );
});

describe('a value may come from the environment', () => {
  test('wherever it stands in a text, never in a comment', () => {
    const { folder } = withEdit('town-hall.yaml', 'phone: 04 42 00 00 10', 'phone: "04 ${PHONE} (${WHO})" # ${NOBODY}');
    expect(configOf(folder, { PHONE: '42 11', WHO: 'accueil' }).town.desk.phone).toBe('04 42 11 (accueil)');
  });

  test('and is told by its name, with the line, when it is missing or empty', () => {
    const { folder, line } = withEdit('town-hall.yaml', 'phone: 04 42 00 00 10', 'phone: ${PHONE}');
    const problem = { line, key: '${PHONE}', found: null, expected: 'environmentVariable' };
    expect(problemsOf(folder, {})).toMatchObject([problem]);
    expect(problemsOf(folder, { PHONE: '' })).toMatchObject([problem]);
  });

  test('never as YAML: a value cannot bring keys along', () => {
    const { folder } = withEdit('town-hall.yaml', 'name: Mairie de Plassans', 'name: ${TOWN}');
    expect(configOf(folder, { TOWN: 'Plassans\nmailbox: a@b.fr' }).town.mailbox).toBe('mairie@plassans.fr');
  });
});

describe('secrets', () => {
  test.each(['short', 'a'.repeat(64), 'abababababababababababababababababab', `${ENVIRONMENT.LINK_SECRET},short`])(
    'a link secret such as %s is refused, and not shown',
    (secret) => {
      const loaded = loadSettings({ ...ENVIRONMENT, LINK_SECRET: secret });
      expect(loaded).toEqual({
        ok: false,
        problems: [{ file: 'environment', line: null, key: 'LINK_SECRET', found: '***', expected: 'linkSecret' }],
      });
    },
  );

  test('the newest link secret comes first', () => {
    const loaded = loadSettings({
      ...ENVIRONMENT,
      LINK_SECRET: `${'N3w'.padEnd(32, 'abcdefghijkl')}, ${ENVIRONMENT.LINK_SECRET}`,
    });
    expect(loaded.ok && loaded.value.linkSecrets[1]).toBe(ENVIRONMENT.LINK_SECRET);
    expect(loaded.ok && loaded.value.linkSecrets).toHaveLength(2);
  });

  test('are in no problem, whatever else is wrong', () => {
    const loaded = loadSettings({
      CONFIG_DIR: 'nowhere',
      IMAP_PASSWORD: 'the imap password',
      SMTP_PASSWORD: 'the smtp password',
      LINK_SECRET: 'the link secret',
      DATABASE_URL: 'mysql://guichet:the-database-password@db/guichet',
      PUBLIC_URL: 'ftp://user:the-url-password@plassans.fr',
    });
    expect(loaded.ok).toBe(false);
    expect(JSON.stringify(loaded)).not.toMatch(/the[ -]\w+[ -](password|secret)|the link secret/);
  });

  test('are not printed by the command either, which says in French what to mend', () => {
    const folder = copyOfSample();
    edit(folder, 'schedule.yaml', 'after: 3 jours ouvrés', 'after: bientôt');
    const { output, status } = run('check', {
      CONFIG_DIR: folder,
      LINK_SECRET: 'the link secret',
      IMAP_PASSWORD: 'the imap password',
    });
    expect(status).toBe(1);
    expect(output).toContain(`${join(folder, 'schedule.yaml')}:`);
    expect(output).toContain('reminders.notTakenUp.after');
    expect(output).toContain('bientôt');
    expect(output).not.toMatch(/the (link secret|imap password)/);
  });
});

describe('the JSON Schemas that editors read', () => {
  const folder = copyOfSample();
  const { status } = run('schemas', { CONFIG_DIR: folder });
  const NAMES = ['town-hall', 'schedule', 'categories'];
  const schemaOf = (name: string) =>
    JSON.parse(readFileSync(join(folder, 'schemas', `${name}.schema.json`), 'utf8')) as Record<string, unknown>;

  test('are written beside the config files', () => {
    expect(status).toBe(0);
  });

  test.each(NAMES)('of %s accepts the sample', (name) => {
    const validator = z.fromJSONSchema(schemaOf(name));
    const result = validator.safeParse(sample(name));
    expect(result.error?.issues ?? []).toEqual([]);
  });

  test.each(NAMES)('of %s names every key of the sample', (name) => {
    const named = JSON.stringify(schemaOf(name));
    for (const key of keysOf(sample(name))) expect(named).toContain(`"${key}":`);
  });

  test.each(NAMES)('of %s refuses a key it does not know', (name) => {
    const validator = z.fromJSONSchema(schemaOf(name));
    expect(validator.safeParse({ ...sample(name), unknown: 1 }).success).toBe(false);
  });

  test('refuse what the town hall would refuse: a delay in other words', () => {
    const schedule = sample('schedule') as { reminders: { notTakenUp: object } };
    const late = { ...schedule.reminders, notTakenUp: { ...schedule.reminders.notTakenUp, after: 'bientôt' } };
    expect(z.fromJSONSchema(schemaOf('schedule')).safeParse({ ...schedule, reminders: late }).success).toBe(false);
  });
});

function sample(name: string): Record<string, unknown> {
  return parse(readFileSync(`config/${name}.yaml`, 'utf8')) as Record<string, unknown>;
}

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

function run(command: string, env: Record<string, string>): { output: string; status: number } {
  try {
    const output = execFileSync(process.execPath, ['src/main.ts', command], {
      env: { PATH: process.env['PATH'], ...env },
      encoding: 'utf8',
    });
    return { output, status: 0 };
  } catch (error) {
    const { stdout, stderr, status } = error as { stdout: string; stderr: string; status: number };
    return { output: stdout + stderr, status };
  }
}

function copyOfSample(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-config-'));
  folders.push(folder);
  for (const name of ['town-hall', 'schedule', 'categories'])
    cpSync(`config/${name}.yaml`, join(folder, `${name}.yaml`));
  return folder;
}

/** The sample with one change, and the line of it. */
function withEdit(file: string, from: string | RegExp, to: string): { folder: string; line: number } {
  const folder = copyOfSample();
  return { folder, line: edit(folder, file, from, to) };
}

function edit(folder: string, file: string, from: string | RegExp, to: string): number {
  const path = join(folder, file);
  const source = readFileSync(path, 'utf8');
  const at = source.search(typeof from === 'string' ? literal(from) : from);
  if (at < 0) throw new Error(`${file} has no ${from}`);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  return source.slice(0, at).split('\n').length;
}

function literal(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

function configOf(folder: string, env: Record<string, string> = {}): Config {
  const loaded = loadConfig(folder, env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value;
}

function problemsOf(folder: string, env: Record<string, string> = {}): Problem[] {
  const loaded = loadConfig(folder, env);
  if (loaded.ok) throw new Error('no problem was found');
  return loaded.problems;
}

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['127.mail.example.org', false],
  ['mail.plassans.fr', false],
])('mail may travel in the clear to %s: %s', (host, isAllowed) => {
  expect(isLoopback({ host })).toBe(isAllowed);
});

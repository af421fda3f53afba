import { existsSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import type { ClamdAccount } from './clamd.ts';
import { readConfigFiles, type ConfigFiles } from './config-files.ts';
import { keyOf, readConfigFile, type ConfigFile, type Environment, type Problem } from './config-file.ts';
import { checkOverrides } from './config-overrides.ts';
import type { Reports } from './config-reminders.ts';
import {
  categoriesFile,
  categoryIn,
  environment,
  listsFile,
  parseWith,
  procedureIn,
  retentionIn,
  scheduleFile,
  townFile,
  type Issue,
} from './config-schema.ts';
import type { OutgoingRules } from './domain/dispatch.ts';
import { DESK } from './domain/people.ts';
import type { RetentionRule } from './domain/retention.ts';
import type { Lists, Rulebook } from './domain/rulebook.ts';
import type { Action } from './domain/workflow.ts';
import { NO_OWN_TEMPLATES, type OwnTemplates } from './template-files.ts';

/** Reads the config files and the environment; answers the settings, or every problem at once. */

export interface MailAccount {
  host: string;
  port: number;
  secure: boolean;
  user: string;
  password: string;
}

/** Only to the machine itself may mail travel in the clear. A name that merely begins with 127. is somebody else's. */
export function isLoopback({ host }: Pick<MailAccount, 'host'>): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** What the config files say. */
export interface Config extends Rulebook {
  /** The actions that ask for six digits besides the link. */
  codeFor: readonly Action[];
  /** Five-field cron expressions, in the town's time zone; or `never`. */
  reports: Reports;
  /** When what is over is announced and forgotten: another such expression. */
  forgettingAt: string;
  processedFolder: string;
  /** The names under which our own mail server writes Authentication-Results; empty: agents are known by our mails alone. */
  authenticationServers: readonly string[];
  pollSeconds: number;
  outgoing: OutgoingRules;
  /** Where the town keeps templates of its own; null when it has none. */
  templatesDir: string | null;
  /** Those of them that were found good; none before they were looked at. */
  ownTemplates: OwnTemplates;
}

export interface Settings {
  config: Config;
  /** Where it was read from, for whoever watches it; absent: nobody does. */
  files?: ConfigFiles | undefined;
  imap: MailAccount;
  smtp: MailAccount;
  /** Null: an embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | null;
  dataDir: string;
  /** Null: no antivirus. */
  clamd: ClamdAccount | null;
  /** Newest first: the first signs, all verify. */
  linkSecrets: readonly string[];
  publicUrl: string;
  port: number;
  trustedProxies: number;
  logLevel: string;
}

export type Loaded<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };

export function loadSettings(env: Environment = process.env): Loaded<Settings> {
  // Before it is read: what is edited meanwhile is seen to differ.
  const files = readConfigFiles(configDir(env));
  const config = loadConfig(files.dir, env);
  const parsed = parseWith(environment, withoutEmpty(env));
  const problems = [
    ...(config.ok ? [] : config.problems),
    ...('issues' in parsed ? parsed.issues.map((issue) => environmentProblem(issue, env)) : []),
  ];
  if (!config.ok || 'issues' in parsed) return { ok: false, problems };
  const e = parsed.value;
  return {
    ok: true,
    value: {
      config: config.value,
      files,
      imap: {
        host: e.IMAP_HOST,
        port: e.IMAP_PORT,
        secure: e.IMAP_SECURE,
        user: e.IMAP_USER,
        password: e.IMAP_PASSWORD,
      },
      smtp: {
        host: e.SMTP_HOST,
        port: e.SMTP_PORT,
        secure: e.SMTP_SECURE,
        user: e.SMTP_USER,
        password: e.SMTP_PASSWORD,
      },
      databaseUrl: e.DATABASE_URL ?? null,
      dataDir: e.DATA_DIR,
      clamd: e.CLAMD_HOST === undefined ? null : { host: e.CLAMD_HOST, port: e.CLAMD_PORT },
      linkSecrets: e.LINK_SECRET,
      publicUrl: e.PUBLIC_URL,
      port: e.PORT,
      trustedProxies: e.TRUSTED_PROXIES,
      logLevel: e.LOG_LEVEL,
    },
  };
}

export type DatabaseSettings = Pick<Settings, 'databaseUrl' | 'dataDir'>;

/** For a command that only looks into the database: a mailbox or a key that is missing does not stop it. */
export function loadDatabaseSettings(env: Environment = process.env): Loaded<DatabaseSettings> {
  const parsed = parseWith(environment.pick({ DATABASE_URL: true, DATA_DIR: true }), withoutEmpty(env));
  if ('issues' in parsed) return { ok: false, problems: parsed.issues.map((issue) => environmentProblem(issue, env)) };
  return { ok: true, value: { databaseUrl: parsed.value.DATABASE_URL ?? null, dataDir: parsed.value.DATA_DIR } };
}

export function configDir(env: Environment = process.env): string {
  return env['CONFIG_DIR'] || 'config';
}

export function loadConfig(dir: string, env: Environment = process.env): Loaded<Config> {
  const problems: Problem[] = [];
  const town = readConfigFile(dir, 'town-hall.yaml', townFile, env, problems);
  const schedule = readConfigFile(dir, 'schedule.yaml', scheduleFile, env, problems);
  const categories = readConfigFile(dir, 'categories.yaml', categoriesFile, env, problems);
  const hasLists = existsSync(join(dir, 'lists.yaml'));
  const lists = hasLists ? readConfigFile(dir, 'lists.yaml', listsFile, env, problems) : { value: listsFile.parse({}) };
  if (town && categories) checkOffices(town, categories, problems);
  if (town && schedule && categories)
    checkOverrides(schedule, town.value.departments, categories.value.categories, problems);
  if (!town || !schedule || !categories || !lists || problems.length > 0) return { ok: false, problems };
  const { folders, authentication, ...townSettings } = town.value;
  const { reminders, decisions, reports, legal, links, requests, retention, mailbox, outgoing } = schedule.value;
  const { codeFor, ...choices } = lists.value;
  const { at, ...rules } = reminders;
  const { giveUpAfter: giveUpAfterSeconds, ...limits } = outgoing;
  return {
    ok: true,
    value: {
      town: townSettings,
      schedule: {
        remindersAt: at,
        ...rules,
        alarmDays: legal.alarms,
        linkDays: links.validFor / 86_400,
        citizenLinkDays: links.citizenValidFor / 86_400,
        reopenDays: requests.reopenWithin / 86_400,
        undoSeconds: decisions.undoWithin,
      },
      categories: categories.value.categories.map((category) => categoryIn(category)),
      ordinary: procedureIn(categories.value.ordinary),
      retention: { ...retentionIn(categories.value), noticeDays: Math.ceil(retention.noticeBefore / 86_400) },
      templatesDir: existsSync(join(dir, 'templates')) ? join(dir, 'templates') : null,
      ownTemplates: NO_OWN_TEMPLATES,
      lists: choices as Lists,
      codeFor: codeFor as Action[],
      reports,
      forgettingAt: retention.at,
      processedFolder: folders.processed,
      authenticationServers: authentication.servers,
      pollSeconds: mailbox.pollEvery,
      outgoing: { ...limits, giveUpAfterSeconds },
    },
  };
}

/** Nothing is kept after the end, and no visa is asked for: lawful for what is no public archive (code du patrimoine L212-2). */
export function erasedWithoutVisa({ retention, categories }: Config): string[] {
  const named = categories.filter(({ id }) => isErased(retention.categories[id] ?? retention.ordinary));
  return [...(isErased(retention.ordinary) ? ['ordinary'] : []), ...named.map(({ name }) => name)];
}

function isErased({ keep, archive }: RetentionRule): boolean {
  return keep?.amount === 0 && archive === 'none';
}

function checkOffices(
  town: ConfigFile<{ mailbox: string; departments: { id: string; address: string }[]; agents: { office: string }[] }>,
  categories: ConfigFile<{ categories: { department: string }[] }>,
  problems: Problem[],
): void {
  const ids = town.value.departments.map(({ id }) => id);
  const at = <T>(file: ConfigFile<T>, path: (string | number)[], found: string, expected: string) =>
    problems.push({ file: file.file, line: file.lineOf(path), key: keyOf(path), found, expected });
  ids.forEach((id, i) => {
    if (ids.indexOf(id) < i || id === DESK) at(town, ['departments', i, 'id'], id, 'uniqueId');
  });
  town.value.departments.forEach(({ address }, i) => {
    if (address === town.value.mailbox) at(town, ['departments', i, 'address'], address, 'notTheMailbox');
  });
  town.value.agents.forEach(({ office }, i) => {
    if (office !== DESK && !ids.includes(office)) at(town, ['agents', i, 'office'], office, 'knownOffice');
  });
  categories.value.categories.forEach(({ department }, i) => {
    if (!ids.includes(department)) at(categories, ['categories', i, 'department'], department, 'knownDepartment');
  });
}

function environmentProblem(issue: Issue, env: Environment): Problem {
  const key = keyOf(issue.path);
  const isSecret = /SECRET|PASSWORD|URL/.test(key);
  const value = env[key];
  return {
    file: 'environment',
    line: null,
    key,
    found: value ? (isSecret ? '***' : value) : null,
    expected: issue.expected,
  };
}

/** An empty variable is an absent one: `DATABASE_URL=` in a shell or a compose file. */
function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { isUuid } from './action-link.ts';
import { check, type CheckTerminal } from './admin/check.ts';
import { preview } from './admin/preview.ts';
import { startGuichet } from './app.ts';
import { systemClock } from './clock.ts';
import { categoriesFile, jsonSchemaOf, listsFile, scheduleFile, townFile } from './config-schema.ts';
import { configDir, loadConfig, loadDatabaseSettings, loadSettings, type Settings } from './config.ts';
import { describe, print, printProblems } from './console.ts';
import { explainFile, findMails } from './intake/explain.ts';
import { Parser } from './intake/parser.ts';
import { citizen } from './jobs/citizen-command.ts';
import { elimination } from './jobs/elimination-command.ts';
import { forget } from './jobs/forget-command.ts';
import { MAIL_KINDS } from './domain/workflow.ts';
import { createLog, reasonOf } from './log.ts';
import type { TemplateFault } from './outbound/template-fault.ts';
import { listHeldEmails, requeueHeld } from './store/held-emails.ts';
import { countOutgoing, findPause, pauseOutgoing, resumeOutgoing } from './store/outgoing-pause.ts';
import type { Db } from './store/store.ts';
import { visitDatabase } from './store/visit-database.ts';
import { label } from './template.ts';

/** The command line. */

const COMMANDS: Record<string, (args: string[]) => Promise<void>> = {
  start,
  check: async (args) => {
    process.exitCode = await check(args, TERMINAL);
  },
  preview: async (args) => {
    process.exitCode = await preview(args, TERMINAL);
  },
  explain,
  schemas,
  demo: async (args) => (await import('./demo/demo.ts')).runDemo(args),
  held,
  requeue,
  outgoing: (args) => inDatabase((db) => outgoing(db, args)),
  'send-sample': sendSample,
  forget,
  citizen,
  elimination,
  help,
};

/** What a person can read; `guichet requeue --all` takes them all. */
const MAX_LISTED = 500;

const TERMINAL: CheckTerminal = {
  print,
  orProblems: (loaded) => {
    if (loaded.ok) return loaded.value;
    printProblems(loaded.problems.map(describe));
    return null;
  },
  settings: settingsOrProblems,
  failed: (error) => createLog('info').fatal({ event: 'command.failed', reason: reasonOf(error) }),
  clock: systemClock,
  templateFaults: (faults) => printProblems(faults.map(templateProblem)),
};

const [name = 'help', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  await help();
  process.exitCode = 2;
} else {
  await command(args);
}

async function start(): Promise<void> {
  const settings = settingsOrProblems();
  if (settings === null) return;
  const log = createLog(settings.logLevel);
  try {
    const guichet = await startGuichet(settings, systemClock, log);
    stopOnSignals(guichet.stop);
  } catch (error) {
    log.fatal({ event: 'start.failed', reason: reasonOf(error) });
    process.exitCode = 1;
  }
}

/** For each mail: what it is taken for, and every reason. Progress goes to the standard error. */
async function explain(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, options: { json: { type: 'boolean' } }, allowPositionals: true });
  const config = loadConfig(configDir());
  const mailbox = config.ok ? config.value.town.mailbox : '';
  const parser = new Parser();
  const files = await findMails(positionals.length === 0 ? ['-'] : positionals);
  for (const [i, file] of files.entries()) {
    const explanation = await explainFile(file, parser, mailbox);
    if (values.json) process.stdout.write(`${JSON.stringify(explanation)}\n`);
    else print('explanation', explanation);
    if (process.stderr.isTTY && files.length > 20) process.stderr.write(`\r${i + 1}/${files.length}`);
  }
  await parser.stop();
}

/** Writes the JSON Schemas that editors read, beside the config files. */
async function schemas(): Promise<void> {
  const folder = `${configDir()}/schemas`;
  mkdirSync(folder, { recursive: true });
  const files = { 'town-hall': townFile, schedule: scheduleFile, categories: categoriesFile, lists: listsFile };
  for (const [file, schema] of Object.entries(files)) {
    writeFileSync(`${folder}/${file}.schema.json`, `${JSON.stringify(jsonSchemaOf(schema), null, 2)}\n`);
  }
  print('schemas-written', { folder });
}

/** The mails that wait for a human. */
async function held(): Promise<void> {
  await inDatabase(async (db) => print('held', await listHeldEmails(db, MAX_LISTED)));
}

/** After a fix: held mails are read again, as if they had just come. */
async function requeue(args: string[]): Promise<void> {
  const flags = args.filter((arg) => arg.startsWith('-'));
  const wanted = [...new Set(args.filter((arg) => !arg.startsWith('-')).map((id) => id.toLowerCase()))];
  const isAll = flags.includes('--all');
  const isDryRun = flags.includes('--dry-run');
  const isUnknown = flags.some((flag) => flag !== '--all' && flag !== '--dry-run');
  if (isUnknown || isAll === wanted.length > 0) {
    print('requeue-usage', {});
    process.exitCode = 2;
    return;
  }
  await inDatabase(async (db) => {
    const ids = await requeueHeld(db, isAll ? null : wanted.filter(isUuid), isDryRun);
    const others = wanted.filter((id) => !ids.includes(id));
    print('requeued', { isDryRun, ids, others });
    if (others.length > 0) process.exitCode = 1;
  });
}

/** Any mail, as a real one is written, to one address: to see it in one's own mail program. */
async function sendSample(args: string[]): Promise<void> {
  const { sendSamples } = await import('./demo/send-sample.ts');
  process.exitCode = await sendSamples(args, settingsOrProblems, print);
}

async function inDatabase(work: (db: Db) => Promise<void>): Promise<void> {
  const loaded = loadDatabaseSettings();
  if (!loaded.ok) return printProblems(loaded.problems.map(describe));
  try {
    await visitDatabase(loaded.value, work);
  } catch (error) {
    TERMINAL.failed(error);
    process.exitCode = 1;
  }
}

/** What waits to leave; and the switch that stops it, for every instance. */
async function outgoing(db: Db, [verb = 'status', ...words]: string[]): Promise<void> {
  const by = whoever();
  const now = systemClock.now();
  const verbs: Record<string, () => Promise<object>> = {
    status: async () => ({}),
    pause: async () => ({ hasPaused: await pauseOutgoing(db, { at: now, by, reason: words.join(' ') }) }),
    resume: async () => ({ hasResumed: await resumeOutgoing(db, { at: now, by }) }),
  };
  const said = await verbs[verb]?.();
  if (said === undefined) {
    print('outgoing-usage', {});
    process.exitCode = 2;
    return;
  }
  const [pause, counts] = await Promise.all([findPause(db), countOutgoing(db, now)]);
  print('outgoing', { ...said, pause, counts });
}

/** A container may run under a number that has no name. */
function whoever(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}

async function help(): Promise<void> {
  print('help', {});
}

function settingsOrProblems(): Settings | null {
  const loaded = loadSettings();
  if (loaded.ok) return loaded.value;
  printProblems(loaded.problems.map(describe));
  return null;
}

function templateProblem({ file, line, fault, detail }: TemplateFault) {
  return {
    place: line === null ? file : `${file}:${line}`,
    key: '',
    found: MAIL_KINDS.some((kind) => kind === detail) ? label('mailKinds', detail) : detail,
    expected: label('templateFaults', fault),
  };
}

/** Through npm one Ctrl-C arrives twice at once; a person who insists takes longer. */
const INSISTENCE_MS = 1_000;

/** The first signal asks for an end, a later one insists. */
function stopOnSignals(stop: () => Promise<void>): void {
  let askedAt = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (askedAt > 0) {
        if (performance.now() - askedAt > INSISTENCE_MS) process.exit(1);
        return;
      }
      askedAt = performance.now();
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { startGuichet } from './app.ts';
import { systemClock } from './clock.ts';
import { categoriesFile, jsonSchemaOf, scheduleFile, townFile } from './config-schema.ts';
import { configDir, loadSettings, type Problem, type Settings } from './config.ts';
import { createLog, reasonOf } from './log.ts';
import { fillPlain, label } from './template.ts';

/** The command line. */

const COMMANDS: Record<string, (args: string[]) => Promise<void>> = {
  start,
  check,
  schemas,
  demo: async (args) => (await import('./demo/demo.ts')).runDemo(args),
  help,
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

/** The settings are complete and consistent, or every problem is listed. */
async function check(): Promise<void> {
  const settings = settingsOrProblems();
  if (settings === null) return;
  const { town } = settings.config;
  print('check-ok', { town, departments: town.departments.length, agents: town.agents.length });
}

/** Writes the JSON Schemas that editors read, beside the config files. */
async function schemas(): Promise<void> {
  const folder = `${configDir()}/schemas`;
  mkdirSync(folder, { recursive: true });
  const files = { 'town-hall': townFile, schedule: scheduleFile, categories: categoriesFile };
  for (const [file, schema] of Object.entries(files)) {
    writeFileSync(`${folder}/${file}.schema.json`, `${JSON.stringify(jsonSchemaOf(schema), null, 2)}\n`);
  }
  print('schemas-written', { folder });
}

async function help(): Promise<void> {
  print('help', {});
}

function settingsOrProblems(): Settings | null {
  const loaded = loadSettings();
  if (loaded.ok) return loaded.value;
  print('problems', { problems: loaded.problems.map(describe) });
  process.exitCode = 1;
  return null;
}

function describe({ file, line, key, found, expected }: Problem) {
  return { place: line === null ? file : `${file}:${line}`, key, found, expected: label('expected', expected) };
}

function print(template: string, values: object): void {
  process.stdout.write(fillPlain(`console/${template}.txt`, values));
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

import { configDir, loadConfig, type Config } from '../config.ts';
import { readConfigFiles, type ConfigFiles } from '../config-files.ts';
import { addWorkingDays } from '../domain/calendar.ts';
import { addDays, instantAt, localParts, weekdayOf } from '../domain/local-time.ts';
import { fillPlain, label } from '../template.ts';
import { createDemoClock } from './clock.ts';
import { type PostOffice, startPostOffice } from './post-office.ts';
import { playStories } from './stories/play.ts';
import { startDemoTown } from './town.ts';

/** `--log=info` shows what Guichet logs. */
export async function openOrPlay(args: readonly string[]): Promise<void> {
  const files = readConfigFiles(configDir());
  const loaded = loadConfig(files.dir);
  if (!loaded.ok) {
    const problems = loaded.problems.map(({ file, line, key, found, expected }) => ({
      place: line === null ? file : `${file}:${line}`,
      key,
      found,
      expected: label('expected', expected),
    }));
    print('problems', { problems });
    process.exitCode = 1;
    return;
  }
  const logLevel = args.find((arg) => arg.startsWith('--log='))?.slice('--log='.length) ?? 'error';
  await (args.includes('--play') ? play(loaded.value, logLevel) : open(loaded.value, logLevel, files));
}

async function play(config: Config, logLevel: string): Promise<void> {
  const clock = createDemoClock();
  clock.moveTo(comingTuesday(config));
  const starting = startDemoTown(config, clock, logLevel);
  const stop = stopOnSignals(async () => (await starting).stop());
  let isAsExpected = false;
  try {
    isAsExpected = await playStories(await starting, (text) => process.stdout.write(text));
  } finally {
    await stop();
  }
  process.exitCode = isAsExpected ? 0 : 1;
}

async function open(config: Config, logLevel: string, files: ConfigFiles): Promise<void> {
  print('demo-starting', {});
  const starting = startDemoTown(config, createDemoClock(), logLevel, files);
  let office: PostOffice | null = null;
  const stop = stopOnSignals(async () => {
    print('demo-stopping', {});
    const town = await starting;
    await office?.stop();
    await town.stop();
  });
  try {
    const town = await starting;
    office = await startPostOffice(town);
    const { url: pages, dataDir } = town;
    print('demo-started', { postOffice: office.url, pages, dataDir, folder: files.dir, town: config.town });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The stories begin in office hours of an ordinary week, whatever the day they are played. */
function comingTuesday({ town }: Config): Date {
  let day = addDays(localParts(new Date(), town.timeZone).day, 1);
  while (weekdayOf(day) !== 2 || addWorkingDays(addDays(day, -1), 1, town) !== day) day = addDays(day, 1);
  return instantAt(day, '10:00', town.timeZone);
}

function print(template: string, values: object): void {
  process.stdout.write(fillPlain(`console/${template}.txt`, values));
}

/**
 * A terminal sends Ctrl-C to npm and to us, and npm passes its own on: a second signal is not somebody who insists.
 * The database runs on its own and must be stopped, so nothing cuts the stopping short.
 */
function stopOnSignals(stop: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | null = null;
  const stopOnce = () => (stopping ??= stop());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stopOnce().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
  return stopOnce;
}

import { systemClock } from '../clock.ts';
import { configDir, loadConfig, loadDatabaseSettings } from '../config.ts';
import { describe, printProblems } from '../console.ts';
import { createLog, reasonOf } from '../log.ts';
import type { Ground } from '../store/store.ts';
import { visitGround } from '../store/visit-database.ts';

/** For a command that decides by the config, beside a running Guichet or while it is stopped. */
export async function onGround(work: (ground: Ground) => Promise<void>): Promise<void> {
  const [config, place] = [loadConfig(configDir()), loadDatabaseSettings()];
  if (!config.ok || !place.ok) {
    const problems = [...(config.ok ? [] : config.problems), ...(place.ok ? [] : place.problems)];
    return printProblems(problems.map(describe));
  }
  // The standard output is for the answer.
  const log = createLog('silent');
  try {
    await visitGround(place.value, { config: config.value, clock: systemClock, log }, work);
  } catch (error) {
    createLog('info').fatal({ event: 'command.failed', reason: reasonOf(error) });
    process.exitCode = 1;
  }
}

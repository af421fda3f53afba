import { print } from '../console.ts';
import { forecast, type Forecast } from '../store/forecast.ts';
import { forgottenIn } from '../store/retention.ts';
import type { Ground } from '../store/store.ts';
import { forgetWhatIsOver } from './forget-requests.ts';
import { onGround } from './in-database.ts';

/** `guichet forget`: what would be forgotten, and why not the rest; with `--now`, what the night would do, now. */

/** What a person can read. */
const MAX_LISTED = 200;

export async function forget(args: string[]): Promise<void> {
  const isNow = args.includes('--now');
  const isUnknown = args.some((arg) => arg !== '--now' && arg !== '--dry-run');
  if (isUnknown || (isNow && args.includes('--dry-run'))) {
    print('forget-usage', {});
    process.exitCode = 2;
    return;
  }
  await onGround(isNow ? forgetNow : foretell);
}

async function foretell(ground: Ground): Promise<void> {
  const lines = await forecast(ground, 'clock');
  const due = lines.filter(({ objection }) => objection === null);
  const kept = Map.groupBy(
    lines.filter(({ objection }) => objection !== null),
    ({ objection }) => objection,
  );
  print('forget-forecast', {
    count: due.length,
    due: due.slice(0, MAX_LISTED).map((line) => named(ground, line)),
    kept: [...kept].map(([objection, own]) => ({ objection, count: own.length })),
  });
}

async function forgetNow(ground: Ground): Promise<void> {
  const run = `console:${ground.clock.now().toISOString()}`;
  const { forgotten, listed, elimination } = await forgetWhatIsOver(ground, run);
  const byCategory = await forgottenIn(ground.store.db, run);
  print('forgotten', {
    forgotten,
    listed,
    elimination,
    categories: byCategory.map((line) => ({ ...line, name: nameOf(ground, line.category) })),
  });
}

export function named(ground: Ground, { reference, category, closedAt, on, objection }: Forecast) {
  return { reference, name: nameOf(ground, category), closedAt, on, objection };
}

export function nameOf({ config }: Ground, category: string | null): string | null {
  return config.categories.find(({ id }) => id === category)?.name ?? category;
}

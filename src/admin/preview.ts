import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { Clock } from '../clock.ts';
import { configDir, loadConfig, loadDatabaseSettings, type Config, type Loaded, type Settings } from '../config.ts';
import { weekdayOf } from '../domain/local-time.ts';
import { isAbsent } from '../store/look-at-database.ts';
import type { Db } from '../store/store.ts';
import { visitDatabase, type DatabasePlace } from '../store/visit-database.ts';
import { engineFor, fillPlain } from '../template.ts';
import { forecastBacklog, type Forecast } from './forecast-backlog.ts';
import { mailPreview } from './mail-preview.ts';

/** `guichet preview`: who will get what, and when, with today's config and with another. It changes nothing. */

export interface Terminal {
  print(template: string, values: object): void;
  /** Tells them, and answers null, when there are problems. */
  orProblems<T>(loaded: Loaded<T>): T | null;
  settings(): Settings | null;
  /** A command that could not work. */
  failed(error: unknown): void;
  clock: Clock;
}

const DAYS_AT_MOST = 366;

/** Answers the exit code: 0 done, 1 something is wrong, 2 not understood. */
export async function preview(args: readonly string[], terminal: Terminal): Promise<number> {
  const order = readOrder(args);
  if (order === null) {
    terminal.print('preview-usage', {});
    return 2;
  }
  const before = terminal.orProblems(loadConfig(configDir()));
  const after = before && (order.dir === null ? before : terminal.orProblems(loadConfig(order.dir)));
  const place = after && terminal.orProblems(loadDatabaseSettings());
  // Asked for before the work is done.
  const settings = order.mail ? terminal.settings() : null;
  if (before === null || after === null || place === null || (order.mail && settings === null)) return 1;
  const asked = { before, after, from: terminal.clock.now(), days: order.days };
  const forecast = await look(place, terminal, (db) => forecastBacklog(db, asked, showProgress));
  if (forecast === null) return 1;
  const view = viewOf(forecast, after, order.dir);
  process.stdout.write(fillPlain('console/preview.txt', view, after.town.timeZone));
  const page = pageOf(view, after);
  if (order.html !== null) writeFileSync(order.html, page);
  const told =
    settings === null ? {} : await mailPreview(settings, { forecast, page, other: order.dir }, terminal.clock);
  terminal.print('preview-done', { file: order.html, ...told });
  return 'failure' in told ? 1 : 0;
}

/** Null, and told, where there is no database to look at. */
export async function look<T>(
  place: DatabasePlace,
  terminal: Pick<Terminal, 'print' | 'failed'>,
  work: (db: Db) => Promise<T>,
): Promise<T | null> {
  if (isAbsent(place)) {
    terminal.print('database-absent', {});
    return null;
  }
  try {
    return await visitDatabase(place, work);
  } catch (error) {
    terminal.failed(error);
    return null;
  }
}

function readOrder(args: readonly string[]) {
  const options = {
    days: { type: 'string', default: '30' },
    config: { type: 'string' },
    html: { type: 'string' },
    mail: { type: 'boolean', default: false },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    const days = Number(values.days);
    if (!Number.isInteger(days) || days < 1 || days > DAYS_AT_MOST) return null;
    return { days, dir: values.config ?? null, html: values.html ?? null, mail: values.mail };
  } catch {
    return null;
  }
}

function showProgress({ done, total }: { done: number; total: number }): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done}/${total}${done === total ? '\n' : ''}`);
}

/** What the table and the page read. */
export function viewOf({ period, openCount, table }: Forecast, { town }: Pick<Config, 'town'>, dir: string | null) {
  const days = table.days.map((each) => ({ ...each, weekday: weekdayOf(each.day) }));
  const isSame = table.days.every(({ rows }) => rows.every(({ before, after }) => before === after));
  const other = dir === null ? {} : { other: dir, otherName: basename(dir).slice(0, 13) };
  return { town: { name: town.name }, period, openCount, table: { ...table, days, isSame }, ...other };
}

export function pageOf(view: object, { town, ownTemplates: own }: Pick<Config, 'town' | 'ownTemplates'>): string {
  const engine = engineFor({ html: true, timeZone: town.timeZone, own });
  return engine.renderFileSync('pages/preview.html', view) as string;
}

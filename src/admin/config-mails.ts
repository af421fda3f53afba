import type { Config } from '../config.ts';
import type { Problem } from '../config-file.ts';
import type { ConfigChange } from '../config-files.ts';
import { rowsOf, type MailFacts } from '../domain/decision.ts';
import { administratorsOf, type Town } from '../domain/people.ts';
import type { MailKind } from '../domain/workflow.ts';
import { reasonOf } from '../log.ts';
import type { Ground } from '../store/store.ts';
import type { LooseMail } from '../store/write-decisions.ts';
import { effectRows, forecastBacklog } from './forecast-backlog.ts';

/** What the administrator is told of the config files. */

export type Fault = Problem & { section: string };

const EFFECT_DAYS = 30;

export async function changedMails(
  ground: Ground,
  {
    before,
    after,
    changes,
    fixed,
  }: { before: Config; after: Config; changes: readonly ConfigChange[]; fixed: string[] },
): Promise<LooseMail[]> {
  const facts = {
    changes: rowsOf(...changes.map(({ file, key, before: old, after: now }) => cellsOf(file, key, old, now))),
    changeCount: changes.length,
    fixed: fixed.join('\n'),
    effects: isAboutTime(before, after) ? await effectsOf(ground, before, after) : '',
    effectDays: EFFECT_DAYS,
    changedAt: ground.clock.now().toISOString(),
  };
  return mailsTo(after.town, 'config_changed', facts);
}

export function refusedMails({ config, clock }: Ground, faults: readonly Fault[]): LooseMail[] {
  const rows = faults.map(({ file, line, key, found, section, expected }) => [
    line === null ? file : `${file}:${line}`,
    key,
    found ?? '',
    section,
    expected,
  ]);
  const facts = { problems: rowsOf(...rows), problemCount: faults.length, refusedAt: clock.now().toISOString() };
  return mailsTo(config.town, 'config_refused', facts);
}

/** A template's fingerprints say that it changed, and nothing more. */
function cellsOf(file: string, key: string, old: string | null, now: string | null): string[] {
  return key === '' ? [file, '', '', ''] : [file, key, old ?? '', now ?? ''];
}

function isAboutTime(before: Config, after: Config): boolean {
  return JSON.stringify(timingOf(before)) !== JSON.stringify(timingOf(after));
}

function timingOf({ schedule, reports, town: { closures } }: Config): object {
  return { schedule, reports, closures };
}

/** A forecast that fails keeps no admin from the news. */
async function effectsOf({ store, clock, log }: Ground, before: Config, after: Config): Promise<string> {
  try {
    const asked = { before, after, from: clock.now(), days: EFFECT_DAYS };
    const { table } = await forecastBacklog(store.db, asked);
    return effectRows(table);
  } catch (error) {
    log.warn({ event: 'config.not_forecast', reason: reasonOf(error) });
    return '';
  }
}

function mailsTo(town: Town, kind: MailKind, facts: MailFacts): LooseMail[] {
  return administratorsOf(town).map((to) => ({ kind, to, facts, showsMessage: false, requestId: null, linksTo: [] }));
}

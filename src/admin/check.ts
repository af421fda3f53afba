import { parseArgs } from 'node:util';
import { accountFailure } from '../account-failure.ts';
import { erasedWithoutVisa, type Settings } from '../config.ts';
import { doubtsOf, type Doubt } from '../domain/doubts.ts';
import { tryMailbox } from '../intake/try-mailbox.ts';
import { acceptOwnTemplates } from '../outbound/own-templates.ts';
import type { TemplateFault } from '../outbound/template-fault.ts';
import { trySending } from '../outbound/transport.ts';
import { configHistory } from '../store/config-history.ts';
import { lookAtDatabase } from '../store/look-at-database.ts';
import { fillPlain } from '../template.ts';
import { nextDates, planOf } from './plan.ts';
import { look, type Terminal } from './preview.ts';

/** `guichet check`: what is wrong, what is scheduled and for whom, whether the accounts answer, what looks odd. */

/** Somebody waits before the terminal. */
const ACCOUNT_DEADLINE_MS = 15_000;
const DOUBT_DATES = 10;
const HISTORY_AT_MOST = 50;

export interface CheckTerminal extends Terminal {
  templateFaults(faults: readonly TemplateFault[]): void;
}

/** Answers the exit code: 0 nothing is wrong, 1 something is, 2 not understood. */
export async function check(args: readonly string[], terminal: CheckTerminal): Promise<number> {
  const order = readOrder(args);
  if (order === null) {
    terminal.print('check-usage', {});
    return 2;
  }
  const settings = terminal.settings();
  if (settings === null) return 1;
  if (order.history) return showHistory(settings, terminal);
  const { config } = settings;
  const { faults } = await acceptOwnTemplates(config.templatesDir, config.town);
  const now = terminal.clock.now();
  fill('check-plan', { ...planOf(config, now), publicUrl: settings.publicUrl }, settings);
  const found = order.offline ? null : await tryAll(settings);
  if (found !== null) fill('check-accounts', found, settings);
  fill('check-doubts', { doubts: doubtsIn(settings, now) }, settings);
  if (faults.length > 0) terminal.templateFaults(faults);
  if (faults.length > 0 || found?.isFailing === true) return 1;
  const { town } = config;
  const [departments, agents] = [town.departments.length, town.agents.length];
  terminal.print('check-ok', { town, departments, agents, warnings: erasedWithoutVisa(config) });
  return 0;
}

function readOrder(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ args: [...args], options: { offline: flag, history: flag } }).values;
  } catch {
    return null;
  }
}

async function tryAll({ imap, smtp, config, databaseUrl, dataDir }: Settings) {
  const [mailbox, sending, database] = await Promise.all([
    tryMailbox(imap, config.processedFolder, ACCOUNT_DEADLINE_MS),
    config.outgoing.writeTo === undefined ? trySending(smtp, ACCOUNT_DEADLINE_MS) : null,
    lookAtDatabase({ databaseUrl, dataDir }).catch(accountFailure),
  ]);
  const [local = '', domain = ''] = config.town.mailbox.split('@');
  return {
    imap: { host: imap.host, port: imap.port, secure: imap.secure },
    smtp: { host: smtp.host, port: smtp.port, secure: smtp.secure },
    mailbox,
    sending,
    database,
    folder: config.processedFolder,
    outgoing: config.outgoing,
    trial: `${local}+essai@${domain}`,
    isFailing: 'failure' in mailbox || sending !== null || 'failure' in database,
  };
}

function doubtsIn({ config, publicUrl }: Settings, now: Date): Doubt[] {
  const reportDates = nextDates(config.reports.weekly, config.town.timeZone, now, DOUBT_DATES);
  return doubtsOf({ ...config, reportDates, publicUrl });
}

/** What became of the config files since Guichet watches them. */
async function showHistory(settings: Settings, terminal: Terminal): Promise<number> {
  const records = await look(settings, terminal, (db) => configHistory(db, HISTORY_AT_MOST));
  if (records === null) return 1;
  fill('check-history', { records }, settings);
  return 0;
}

function fill(template: string, values: object, { config }: Settings): void {
  process.stdout.write(fillPlain(`console/${template}.txt`, values, config.town.timeZone));
}

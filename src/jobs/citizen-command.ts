import { parseArgs } from 'node:util';
import { print } from '../console.ts';
import { forecast, type Forecast } from '../store/forecast.ts';
import { forgetRequest } from '../store/forgetting.ts';
import { eraseLooseMails, looseMails } from '../store/loose-mails.ts';
import type { Ground } from '../store/store.ts';
import { exportCitizen } from './export-citizen.ts';
import { named } from './forget-command.ts';
import { clearFiles } from './forget-requests.ts';
import { onGround } from './in-database.ts';

/** `guichet citizen export ADDRESS [--to DIR]`, `guichet citizen forget ADDRESS [--now]`. */
export async function citizen(args: string[]): Promise<void> {
  const options = { to: { type: 'string' }, now: { type: 'boolean' }, 'dry-run': { type: 'boolean' } } as const;
  const { values, positionals, tokens } = parseArgs({ args, options, ...LENIENT });
  const [verb, given, ...others] = positionals;
  const address = given?.trim().toLowerCase() ?? '';
  const isContrary = values.now === true && values['dry-run'] === true;
  const isUnknown = tokens.some((token) => token.kind === 'option' && !(token.name in options));
  if (!/^\S+@\S+$/.test(address) || others.length > 0 || isContrary || isUnknown) return explainUsage();
  const folder = typeof values.to === 'string' ? values.to : folderOf(address);
  if (verb === 'export') await onGround((ground) => exportTo(ground, address, folder));
  else if (verb === 'forget') await onGround((ground) => forgetCitizen(ground, address, values.now === true));
  else explainUsage();
}

/** What is not understood is explained, not thrown. */
const LENIENT = { allowPositionals: true, strict: false, tokens: true } as const;

function explainUsage(): void {
  print('citizen-usage', {});
  process.exitCode = 2;
}

function folderOf(address: string): string {
  return `export-${address.replaceAll(/[^a-z0-9]+/g, '-')}`;
}

async function exportTo(ground: Ground, address: string, folder: string): Promise<void> {
  print('citizen-exported', { address, folder, ...(await exportCitizen(ground, address, folder)) });
}

/** What is closed, at once; what is open is for a person to end first. */
async function forgetCitizen(ground: Ground, address: string, isNow: boolean): Promise<void> {
  const lines = await forecast(ground, 'citizen', address);
  const loose = await looseMails(ground, address);
  const run = `citizen:${ground.clock.now().toISOString()}`;
  const outcomes: Forecast[] = [];
  for (const line of lines) {
    const decided = isNow ? await forgetRequest(ground, line.id, { by: 'citizen', visa: null }, run) : null;
    const refusal = decided === null || decided.decision.done ? null : decided.decision.refusal;
    outcomes.push({ ...line, objection: decided === null ? line.objection : refusal });
  }
  if (isNow) {
    await eraseLooseMails(ground, loose.ids);
    await clearFiles(ground);
  }
  const gone = outcomes.filter(({ objection }) => objection === null);
  const kept = outcomes.filter(({ objection }) => objection !== null);
  const shown = (list: typeof outcomes) => list.map((line) => named(ground, line));
  print('citizen-forgotten', { address, isNow, gone: shown(gone), kept: shown(kept), loose });
}

import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { print } from '../console.ts';
import { csvOf } from '../csv.ts';
import { localParts } from '../domain/local-time.ts';
import {
  eliminationRows,
  enterVisa,
  findElimination,
  listEliminations,
  sealElimination,
  type EliminationRow,
} from '../store/eliminations.ts';
import type { Ground } from '../store/store.ts';
import { label } from '../template.ts';
import { nameOf } from './forget-command.ts';
import { onGround } from './in-database.ts';

/** `guichet elimination list [ID] [--csv FILE]`, `guichet elimination visa ID NUMBER`. */
export async function elimination(args: string[]): Promise<void> {
  const options = { csv: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: false });
  const file = typeof values.csv === 'string' ? values.csv : null;
  const [verb, id, ...words] = positionals;
  const no = Number(id);
  const isList = verb === 'list' && words.length === 0 && (id === undefined ? file === null : Number.isInteger(no));
  const isVisa = verb === 'visa' && Number.isInteger(no) && words.length > 0 && file === null;
  if (isList) {
    await onGround((ground) => (id === undefined ? showLists(ground) : showList(ground, no, file)));
  } else if (isVisa) {
    await onGround((ground) => giveVisa(ground, no, words.join(' ')));
  } else {
    print('elimination-usage', {});
    process.exitCode = 2;
  }
}

async function showLists(ground: Ground): Promise<void> {
  print('eliminations', { lists: await listEliminations(ground.store.db) });
}

/** Written to a file it is what the archives read: nothing joins it any more. */
async function showList(ground: Ground, id: number, file: string | null): Promise<void> {
  const { db } = ground.store;
  if (file !== null) await sealElimination(db, id, ground.clock.now());
  const found = await findElimination(db, id);
  if (found === null) {
    print('elimination-unknown', { id });
    process.exitCode = 1;
    return;
  }
  const rows = await eliminationRows(db, id);
  if (file !== null) writeFileSync(file, csvOf(bordereau(ground, rows)));
  const total = {
    pieces: rows.reduce((sum, { pieces }) => sum + pieces, 0),
    bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  print('elimination', {
    ...found,
    file,
    total,
    rows: rows.map((row) => ({ ...row, name: nameOf(ground, row.category) })),
  });
}

const COLUMNS = ['reference', 'category', 'receivedOn', 'closedOn', 'pieces', 'bytes', 'anonymisedOn'] as const;

function bordereau(ground: Ground, rows: readonly EliminationRow[]): string[][] {
  const day = (at: Date | null) => (at === null ? '' : localParts(at, ground.config.town.timeZone).day);
  return [
    COLUMNS.map((column) => label('bordereau', column)),
    ...rows.map(({ reference, category, receivedAt, closedAt, pieces, bytes, anonymisedAt }) => [
      reference,
      nameOf(ground, category) ?? '',
      day(receivedAt),
      day(closedAt),
      String(pieces),
      String(bytes),
      day(anonymisedAt),
    ]),
  ];
}

async function giveVisa(ground: Ground, id: number, visa: string): Promise<void> {
  const outcome = await enterVisa(ground.store.db, id, visa, userInfo().username, ground.clock.now());
  print('elimination-visa', { id, visa, outcome });
  if (outcome !== 'entered') process.exitCode = 1;
}

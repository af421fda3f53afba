import type { ForecastMail } from './forecast.ts';
import { localParts, type Day } from './local-time.ts';
import type { MailKind } from './workflow.ts';

/** Two forecasts side by side: by day and recipient, and what differs in all. `before` is today's config, `after` the other. */

export interface Counts {
  before: number;
  after: number;
}

export interface Recipient {
  /** '' for citizens: they are counted together, and nobody's name is printed. */
  name: string;
  kind: MailKind;
}

export interface DayRow extends Recipient, Counts {
  /** Local hours at which they leave, of both forecasts: the first and the last. */
  from: string;
  to: string;
  references: string[];
}

export interface TotalRow extends Recipient, Counts {
  /** The day of the first one; null where there is none. */
  firstBefore: Day | null;
  firstAfter: Day | null;
}

export interface ForecastDay {
  day: Day;
  rows: DayRow[];
}

export interface ForecastTable {
  days: ForecastDay[];
  totals: TotalRow[];
  /** Those of the totals that differ in number or begin on another day, the largest difference first. */
  differences: (TotalRow & { more: number; fewer: number })[];
  total: Counts;
  overdue: Counts;
}

type Side = keyof Counts;

export function tableOf(
  before: readonly ForecastMail[],
  after: readonly ForecastMail[],
  timeZone: string,
): ForecastTable {
  const mails = [...before.map((mail) => ({ mail, side: 'before' as const })), ...after.map(afterSide)];
  const days = new Map<Day, Map<string, DayRow>>();
  const totals = new Map<string, TotalRow>();
  const total = { before: 0, after: 0 };
  const overdue = { before: 0, after: 0 };
  for (const { mail, side } of mails) {
    const { day, time } = localParts(mail.at, timeZone);
    const recipient = { name: mail.to.role === 'citizen' ? '' : mail.to.name, kind: mail.kind };
    const key = `${recipient.name}\n${recipient.kind}`;
    const rows = entryIn(days, day, () => new Map<string, DayRow>());
    const empty = { ...recipient, before: 0, after: 0 };
    addTo(
      entryIn(rows, key, () => ({ ...empty, from: time, to: time, references: [] })),
      mail,
      side,
      time,
    );
    const sum = entryIn(totals, key, () => ({ ...empty, firstBefore: null, firstAfter: null }));
    sum[side] += 1;
    const first = side === 'before' ? 'firstBefore' : 'firstAfter';
    sum[first] = day < (sum[first] ?? '~') ? day : sum[first];
    total[side] += 1;
    if (mail.isOverdue) overdue[side] += 1;
  }
  const all = [...totals.values()].toSorted(byName);
  return {
    days: [...days]
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([day, rows]) => ({ day, rows: [...rows.values()].toSorted(byName) })),
    totals: all,
    differences: all
      .filter((row) => row.before !== row.after || row.firstBefore !== row.firstAfter)
      .map(withDifference)
      .toSorted(byDifference),
    total,
    overdue,
  };
}

function afterSide(mail: ForecastMail): { mail: ForecastMail; side: Side } {
  return { mail, side: 'after' };
}

function addTo(row: DayRow, { reference }: ForecastMail, side: Side, time: string): void {
  row[side] += 1;
  if (time < row.from) row.from = time;
  if (time > row.to) row.to = time;
  if (reference !== null && !row.references.includes(reference)) row.references.push(reference);
}

function withDifference(row: TotalRow) {
  return { ...row, more: Math.max(0, row.after - row.before), fewer: Math.max(0, row.before - row.after) };
}

function byName(one: Recipient, other: Recipient): number {
  return one.name.localeCompare(other.name) || one.kind.localeCompare(other.kind);
}

function byDifference(one: { more: number; fewer: number }, other: { more: number; fewer: number }): number {
  return other.more + other.fewer - (one.more + one.fewer);
}

function entryIn<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

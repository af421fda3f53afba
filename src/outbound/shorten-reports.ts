import type { BasketView, MonthView } from './mail-view.ts';
import { line, shortLines } from './one-line.ts';

/** Lists of requests, cut to what a mailbox shows whole. */

const LINES = 40;
const SUBJECT_CHARS = 110;
const NAME_CHARS = 50;
const GROUPS = 40;
const OLDEST = 10;

export function shortBasket({ actionCount, shelves }: BasketView): BasketView {
  let left = LINES;
  return {
    actionCount,
    shelves: shelves.slice(0, MOST_SHELVES).map(({ section, count, rows }) => {
      const kept = rows.slice(0, left);
      left -= kept.length;
      return { section, count, rows: kept.map(shortLine) };
    }),
  };
}

const MOST_SHELVES = 10;

export function shortMonth(month: MonthView): MonthView {
  const { byCategory, byOffice, byOutcome, oldest } = month;
  const short = <T extends { name: string }>(groups: readonly T[]) =>
    groups.slice(0, GROUPS).map((group) => ({ ...group, name: line(group.name, NAME_CHARS) }));
  return {
    ...month,
    byOutcome: byOutcome.slice(0, GROUPS),
    byCategory: short(byCategory),
    byOffice: short(byOffice),
    oldest: oldest.slice(0, OLDEST).map((row) => shortLine(row)),
  };
}

function shortLine<T extends { subject: string }>(row: T): T {
  const { subject } = row;
  const names = 'citizenName' in row ? { citizenName: line(String(row.citizenName), NAME_CHARS) } : {};
  return shortLines({ ...row, subject: line(subject, SUBJECT_CHARS), ...names });
}

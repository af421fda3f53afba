import type { Status } from './workflow.ts';

/** The morning's basket: what an office, or an agent, has to do, what needs an action first. */

/** In the order a basket shows them. */
export const SECTIONS = ['late', 'to_take_up', 'answered', 'in_progress', 'wait_ends'] as const;
export type Section = (typeof SECTIONS)[number];

export interface Followed {
  status: Status;
  receivedAt: Date;
  dueAt: Date | null;
  waitUntil: Date | null;
  /** What the citizen wrote last, and what somebody of the town hall did last. */
  citizenWroteAt: Date | null;
  staffActedAt: Date | null;
}

/** The single place that says whether a request needs an action of whoever holds it: it is not a status, it is computed. */
export function needsAction(request: Followed, now: Date): boolean {
  const section = sectionOf(request, now);
  return section === 'late' || section === 'to_take_up' || section === 'answered';
}

const SOON_MS = 3 * 86_400_000;

/** Null for what sleeps, or is over. */
export function sectionOf(request: Followed, now: Date): Section | null {
  const { status, dueAt, waitUntil } = request;
  if (status === 'closed') return null;
  if (status === 'on_hold' || status === 'awaiting_citizen') {
    return waitUntil !== null && waitUntil.getTime() <= now.getTime() + SOON_MS ? 'wait_ends' : null;
  }
  if (dueAt !== null && dueAt < now) return 'late';
  if (status === 'new') return 'to_take_up';
  return isAnswered(request) ? 'answered' : 'in_progress';
}

function isAnswered({ citizenWroteAt, staffActedAt }: Followed): boolean {
  return citizenWroteAt !== null && (staffActedAt === null || citizenWroteAt > staffActedAt);
}

/** Whether a basket is worth a mail: work that goes on quietly is not. */
export function isWorthABasket(requests: readonly Followed[], now: Date): boolean {
  return requests.some((request) => !['in_progress', null].includes(sectionOf(request, now)));
}

/** Whole days since it became late. */
export function daysLate({ dueAt }: Pick<Followed, 'dueAt'>, now: Date): number {
  return dueAt === null ? 0 : Math.max(0, Math.floor((now.getTime() - dueAt.getTime()) / 86_400_000));
}

export interface Shelf<Row> {
  section: Section;
  count: number;
  /** Oldest first; fewer than `count` when a mail cannot hold them all. */
  rows: Row[];
}

/** Room for so many lines: each section has its oldest few, the first sections have the rest. */
export function shelvesOf<Row extends Followed>(rows: readonly Row[], now: Date, atMost: number): Shelf<Row>[] {
  const oldestFirst = rows.toSorted((one, other) => one.receivedAt.getTime() - other.receivedAt.getTime());
  const full = SECTIONS.map((section) => ({
    section,
    rows: oldestFirst.filter((row) => sectionOf(row, now) === section),
  })).filter((shelf) => shelf.rows.length > 0);
  let left = atMost - full.reduce((sum, shelf) => sum + Math.min(FEW, shelf.rows.length), 0);
  return full.map(({ section, rows: all }) => {
    const more = Math.max(0, Math.min(left, all.length - FEW));
    left -= more;
    return { section, count: all.length, rows: all.slice(0, FEW + more) };
  });
}

const FEW = 4;

import type { Category } from './category.ts';
import { localParts } from './local-time.ts';

/**
 * What the law makes of a town hall's silence (CRPA L231-1, L231-4): a request is accepted or rejected by it on a day
 * that the acknowledgement must say (R112-11-1), or it asks for no decision at all.
 */
export const REGIMES = ['rejection', 'acceptance', 'information'] as const;
export type Regime = (typeof REGIMES)[number];

export interface Procedure {
  regime: Regime;
  /** Calendar months from the day of receipt; without a meaning for `information`. */
  silenceMonths: number;
  /** The text that says so, as people cite it; '' when none is given. */
  legalBasis: string;
}

/** The procedure of the request's category; of a request of no category, the ordinary one. */
export function procedureOf(
  category: string | null,
  { categories, ordinary }: { categories: readonly Category[]; ordinary: Procedure },
): Procedure {
  return categories.find(({ id }) => id === category)?.procedure ?? ordinary;
}

/** The day on which silence decides, as YYYY-MM-DD of the town; null when it never does. */
export function silenceDecidesOn(receivedAt: Date, procedure: Procedure, timeZone: string): string | null {
  if (procedure.regime === 'information') return null;
  return addMonths(localParts(receivedAt, timeZone).day, procedure.silenceMonths);
}

/** The same day of a later month; its last day where that month is shorter. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  first.setUTCDate(Math.min(date, last));
  return first.toISOString().slice(0, 10);
}

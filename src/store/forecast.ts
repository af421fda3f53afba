import type { Refusal } from '../domain/decision.ts';
import { forgetOn, objectionToForgetting, type Asked } from '../domain/retention.ts';
import { stateOf } from './request-state.ts';
import type { Ground } from './store.ts';

/** What would be forgotten now, and why the rest would not be: nothing is changed. */

export interface Forecast {
  id: string;
  reference: string;
  category: string | null;
  closedAt: Date | null;
  /** The first day on which it may be; null when there is none. */
  on: string | null;
  /** Null: it would be forgotten. */
  objection: Refusal | null;
}

const PAGE = 500;

/** Of every request that is not forgotten yet, or of those of one address. */
export async function forecast(
  { store: { db }, config, clock }: Ground,
  by: Asked['by'],
  address: string | null = null,
): Promise<Forecast[]> {
  const lines: Forecast[] = [];
  const whose = address === null ? {} : { OR: [{ citizenAddress: address }, { pendingAddress: address }] };
  for (let after = ''; ; ) {
    const rows = await db.serviceRequest.findMany({
      where: { anonymisedAt: null, ...whose, ...(after === '' ? {} : { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take: PAGE,
      include: { elimination: { select: { visa: true } } },
    });
    for (const { elimination, ...row } of rows) {
      const state = stateOf(row, null);
      const { id, reference, category, closedAt } = row;
      const objection = objectionToForgetting(state, { by, visa: elimination?.visa ?? null }, config, clock.now());
      lines.push({ id, reference, category, closedAt, on: forgetOn(state, config), objection });
    }
    after = rows.at(-1)?.id ?? '';
    if (rows.length < PAGE) return lines;
  }
}

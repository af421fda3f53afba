import { causeOf } from './undelivered.ts';

/** What became of one mail, as the page of its request tells it. */

export type DeliveryState =
  | 'waiting'
  | 'deferred'
  | 'sent'
  | 'late'
  | 'failed'
  | 'bounced'
  | 'withheld'
  | 'written'
  | 'cancelled';

export interface Delivery {
  state: DeliveryState;
  /** When that happened; of a mail that waits, before when it does not leave. Null: not known, or at once. */
  at: Date | null;
  /** The next try of a mail that was refused for now; null: any moment. */
  nextAt: Date | null;
  /** The server's words, shortened; the file of a mail that was written; '' when there are none. */
  answer: string;
  /** Key of the section `deliveryCauses`, or ''. */
  cause: string;
}

export interface DeliveryRow {
  state: string;
  tryAfter: Date | null;
  deferredAt: Date | null;
  delayedAt: Date | null;
  bouncedAt: Date | null;
  sentAt: Date | null;
  triedAt: Date | null;
  response: string | null;
  lastError: string | null;
  cause: string | null;
}

export function deliveryOf(row: DeliveryRow, now: Date): Delivery {
  const state = stateOf(row);
  const error = row.lastError ?? '';
  const later = row.tryAfter !== null && row.tryAfter > now ? row.tryAfter : null;
  const nothing = { state, at: null, nextAt: null, answer: '', cause: '' };
  switch (state) {
    case 'waiting':
      return { ...nothing, at: later };
    case 'deferred':
      return { ...nothing, at: row.deferredAt, nextAt: later, answer: shortened(error) };
    case 'sent':
    case 'written':
      return { ...nothing, at: row.sentAt, answer: shortened(row.response ?? '') };
    case 'late':
      return { ...nothing, at: row.sentAt, answer: shortened(error) };
    case 'failed':
    case 'bounced':
      return { ...nothing, at: row.bouncedAt ?? row.triedAt, answer: shortened(error), cause: reasonOf(row) };
    case 'withheld':
      return { ...nothing, cause: row.cause ?? '' };
    case 'cancelled':
      return nothing;
  }
}

/** What somebody has to do something about comes first. */
export function isInTrouble({ state }: Delivery): boolean {
  return state === 'failed' || state === 'bounced';
}

function stateOf({ state, deferredAt, delayedAt, bouncedAt }: DeliveryRow): DeliveryState {
  if (state === 'failed') return bouncedAt === null ? 'failed' : 'bounced';
  if (state === 'sent') return delayedAt === null ? 'sent' : 'late';
  if (state === 'queued' || state === 'sending') return deferredAt === null ? 'waiting' : 'deferred';
  return FINAL.find((each) => each === state) ?? 'waiting';
}

const FINAL = ['withheld', 'written', 'cancelled'] as const;

/** Failures of before causes were kept are judged by the server's words. */
function reasonOf({ cause, lastError }: DeliveryRow): string {
  return cause ?? causeOf(lastError ?? '');
}

const MOST_CHARS = 160;

function shortened(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length <= MOST_CHARS ? line : `${line.slice(0, MOST_CHARS - 1)}…`;
}

import { LATE_AFTER_MS } from '../domain/retry.ts';
import type { Ground } from './store.ts';

/** Mails that their recipient's server has kept waiting for long, and whose request does not say so yet. */
export async function findLateMails({ store, clock }: Ground, atMost: number) {
  return store.db.outboundEmail.findMany({
    where: {
      state: { in: ['queued', 'sending'] },
      deferredAt: { lte: new Date(clock.now().getTime() - LATE_AFTER_MS) },
      delayedAt: null,
      requestId: { not: null },
    },
    orderBy: { id: 'asc' },
    take: atMost,
    select: { id: true, requestId: true, kind: true, toRole: true, toName: true, toAddress: true, lastError: true },
  });
}

import type { Ground } from './store.ts';

/** What is late now, oldest first: somebody of the town hall is awaited, and their delay is over. */
export async function lateRequests({ store, clock }: Ground, atMost: number) {
  return store.db.serviceRequest.findMany({
    where: { dueAt: { lt: clock.now() } },
    orderBy: { receivedAt: 'asc' },
    take: atMost,
    select: { id: true, holdingNo: true },
  });
}

/** The figures of a status report, and the rows of the requests it lists. */
export async function loadReport({ store: { db }, clock }: Ground, requestIds: readonly string[]) {
  const now = clock.now();
  const weekAgo = new Date(now.getTime() - 7 * 86_400_000);
  const [byStatus, lateCount, receivedThisWeek, closedThisWeek, archivedEmails, heldEmails, late] = await Promise.all([
    db.serviceRequest.groupBy({ by: ['status'], where: { status: { not: 'closed' } }, _count: true }),
    db.serviceRequest.count({ where: { dueAt: { lt: now } } }),
    db.serviceRequest.count({ where: { receivedAt: { gt: weekAgo } } }),
    db.serviceRequest.count({ where: { closedAt: { gt: weekAgo } } }),
    db.inboundEmail.count({ where: { state: 'archived', settledAt: { gt: weekAgo } } }),
    db.inboundEmail.count({ where: { state: 'held' } }),
    db.serviceRequest.findMany({
      where: { id: { in: [...requestIds] } },
      orderBy: { receivedAt: 'asc' },
      select: { id: true, reference: true, subject: true, status: true, holder: true, receivedAt: true, dueAt: true },
    }),
  ]);
  const count = (status: string) => byStatus.find((row) => row.status === status)?._count ?? 0;
  return {
    counts: {
      open: byStatus.reduce((sum, row) => sum + row._count, 0),
      new: count('new'),
      inProgress: count('in_progress'),
      awaitingCitizen: count('awaiting_citizen'),
      onHold: count('on_hold'),
      late: lateCount,
      receivedThisWeek,
      closedThisWeek,
    },
    archivedEmails,
    heldEmails,
    late,
  };
}

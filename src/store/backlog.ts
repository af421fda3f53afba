import type { RequestState } from '../domain/request.ts';
import { stateOf } from './request-state.ts';
import type { Db, Tx } from './store.ts';

/** For whoever looks at the town's work without touching it: PostgreSQL itself refuses to write. */

const LOOK = { maxWait: 30_000, timeout: 10 * 60_000, isolationLevel: 'RepeatableRead' } as const;

/** One moment of the database, however long the look takes. @throws when the work tries to write */
export async function lookOnly<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SET TRANSACTION READ ONLY`;
    return work(tx);
  }, LOOK);
}

const PAGE = 500;

export interface Progress {
  done: number;
  total: number;
}

/** Every open request, page by page: nothing holds them all, and others get their turn in between. */
export async function* openBacklog(tx: Tx): AsyncGenerator<{ requests: RequestState[]; progress: Progress }> {
  const where = { status: { not: 'closed' as const } };
  const total = await tx.serviceRequest.count({ where });
  for (let after = '', done = 0; ; ) {
    const rows = await tx.serviceRequest.findMany({
      where: after === '' ? where : { ...where, id: { gt: after } },
      orderBy: { id: 'asc' },
      take: PAGE,
    });
    const last = rows.at(-1);
    if (last === undefined) return;
    done += rows.length;
    yield { requests: rows.map((row) => stateOf(row, null)), progress: { done, total } };
    if (rows.length < PAGE) return;
    after = last.id;
  }
}

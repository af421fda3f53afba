import { spanOf, type Month } from '../domain/month.ts';
import { Prisma } from './client/client.ts';
import type { Ground } from './store.ts';

/** The figures of a month, on the indexes of when requests came in and when they ended. */

export interface MonthlyFigures {
  received: number;
  closed: number;
  reopened: number;
  byOutcome: { outcome: string; count: number }[];
  /** Categories and holders as they are now; null: of no category. */
  byCategory: GroupFigures[];
  byHolder: GroupFigures[];
  /** In days, of what was closed in the month but what was discarded; null when nothing was. */
  medianDays: number | null;
  ninthDecileDays: number | null;
  /** Of the same, those that never were late, between 0 and 1. */
  onTimeShare: number | null;
  open: number;
  late: number;
  /** The oldest open requests of now, oldest first. */
  oldest: OldestRow[];
}

export interface GroupFigures {
  id: string | null;
  received: number;
  closed: number;
}

export interface OldestRow {
  id: string;
  holdingNo: number;
  reference: string;
  subject: string;
  status: string;
  holder: string;
  receivedAt: Date;
}

const OLDEST = 10;

export async function monthlyFigures({ store: { db }, config, clock }: Ground, month: Month): Promise<MonthlyFigures> {
  const { start, end } = spanOf(month, config.town.timeZone);
  const groups = (column: Prisma.Sql) => db.$queryRaw<GroupFigures[]>`
    SELECT "id", sum("received")::int AS "received", sum("closed")::int AS "closed" FROM (
      SELECT ${column} AS "id", 1 AS "received", 0 AS "closed" FROM "ServiceRequest"
        WHERE "receivedAt" >= ${start} AND "receivedAt" < ${end}
      UNION ALL
      SELECT ${column}, 0, 1 FROM "ServiceRequest" WHERE "closedAt" >= ${start} AND "closedAt" < ${end}
    ) counted GROUP BY "id" ORDER BY sum("received") DESC, sum("closed") DESC, "id"`;
  const [byOutcome, byCategory, byHolder, spent, reopened, open, late, oldest] = await Promise.all([
    db.$queryRaw<{ outcome: string; count: number }[]>`
      SELECT "outcome", count(*)::int AS "count" FROM "ServiceRequest"
      WHERE "closedAt" >= ${start} AND "closedAt" < ${end} GROUP BY "outcome" ORDER BY count(*) DESC, "outcome"`,
    groups(Prisma.sql`"category"`),
    groups(Prisma.sql`"holder"`),
    db.$queryRaw<{ median: number | null; decile: number | null; share: number | null }[]>`
      SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS "median",
        percentile_cont(0.9) WITHIN GROUP (ORDER BY days) AS "decile",
        avg(CASE WHEN "wasLate" THEN 0 ELSE 1 END)::float8 AS "share"
      FROM (
        SELECT (extract(epoch FROM r."closedAt" - r."receivedAt") / 86400)::float8 AS days,
          EXISTS (SELECT 1 FROM "Event" e WHERE e."requestId" = r."id" AND e."action" = 'reminder') AS "wasLate"
        FROM "ServiceRequest" r
        WHERE r."closedAt" >= ${start} AND r."closedAt" < ${end} AND r."outcome" <> 'discarded'
      ) closed`,
    db.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS "count" FROM "Event" WHERE "action" = 'reopen' AND "at" >= ${start} AND "at" < ${end}`,
    db.serviceRequest.count({ where: { status: { not: 'closed' } } }),
    db.serviceRequest.count({ where: { dueAt: { lt: clock.now() } } }),
    db.serviceRequest.findMany({
      where: { status: { not: 'closed' } },
      orderBy: [{ receivedAt: 'asc' }, { reference: 'asc' }],
      take: OLDEST,
      select: {
        id: true,
        holdingNo: true,
        reference: true,
        subject: true,
        status: true,
        holder: true,
        receivedAt: true,
      },
    }),
  ]);
  const [figures] = spent;
  return {
    received: byHolder.reduce((sum, each) => sum + each.received, 0),
    closed: byHolder.reduce((sum, each) => sum + each.closed, 0),
    reopened: reopened[0]?.count ?? 0,
    byOutcome,
    byCategory,
    byHolder,
    medianDays: figures?.median ?? null,
    ninthDecileDays: figures?.decile ?? null,
    onTimeShare: figures?.share ?? null,
    open,
    late,
    oldest,
  };
}

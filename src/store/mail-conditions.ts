import { OUT_OF_TURN } from '../domain/dispatch.ts';
import { Prisma } from './client/client.ts';

/** What the releaser and a claim both ask of a mail before it may be tried, in SQL: `m` is its row. */

export function isDueNow(now: Date): Prisma.Sql {
  return Prisma.sql`(m."tryAfter" IS NULL OR m."tryAfter" <= ${now}::timestamptz)`;
}

export const isPaused = Prisma.sql`EXISTS (SELECT 1 FROM "OutgoingPause" WHERE "endedAt" IS NULL)`;

/** Of the same request, to the same address: what was said first is read first. Ids are in the order of the decisions. */
export const anEarlierOneIsPending = Prisma.sql`(m.kind NOT IN (${Prisma.join([...OUT_OF_TURN])}) AND EXISTS (
  SELECT 1 FROM "OutboundEmail" e
  WHERE e."requestId" = m."requestId" AND e."toAddress" = m."toAddress" AND e.id < m.id
    AND e.state IN ('queued', 'sending') AND e.kind NOT IN (${Prisma.join([...OUT_OF_TURN])})))`;

/** For the end of this one. */
export const aLaterOneWaits = Prisma.sql`EXISTS (
  SELECT 1 FROM "OutboundEmail" l
  WHERE l."requestId" = m."requestId" AND l."toAddress" = m."toAddress" AND l.id > m.id
    AND l.state = 'queued' AND l."jobId" IS NULL)`;

import { isWorthABasket, needsAction, shelvesOf, type Followed, type Shelf } from '../domain/basket.ts';
import { DESK, personOfOffice, type HolderId, type Person, type Town } from '../domain/people.ts';
import { Prisma } from './client/client.ts';
import type { Ground } from './store.ts';

/** What somebody has to do, from the rows of now. */

export interface BasketRow extends Followed {
  id: string;
  holdingNo: number;
  reference: string;
  subject: string;
  citizenName: string;
  statusSince: Date;
}

export interface Basket {
  isWorthSending: boolean;
  /** How many need an action. */
  actionCount: number;
  shelves: Shelf<BasketRow>[];
}

/** A mail stays readable, and below what a mailbox shows whole. */
export const BASKET_LINES = 40;

/** An office's mailbox has all that the office holds; an agent's own address, what is in their charge. */
export async function loadBasket({ store: { db }, config, clock }: Ground, to: Person): Promise<Basket> {
  const { town } = config;
  const { holder, assignee } = ownedBy(to, town);
  // What a department held that is gone from the config is the desk's.
  const held =
    holder === DESK
      ? Prisma.sql`r."holder" <> ALL(${town.departments.map(({ id }) => id)})`
      : Prisma.sql`r."holder" = ${holder}`;
  const own = assignee === null ? Prisma.empty : Prisma.sql`AND r."assignee" = ${assignee}`;
  const rows = await db.$queryRaw<BasketRow[]>`
    SELECT r."id", r."holdingNo", r."reference", r."subject", r."citizenName", r."status"::text AS "status",
      r."receivedAt", r."statusSince", r."dueAt", r."waitUntil", said."citizenWroteAt", said."staffActedAt"
    FROM "ServiceRequest" r LEFT JOIN LATERAL (
      SELECT
        max(e."at") FILTER (WHERE e."action" = 'citizen_reply') AS "citizenWroteAt",
        max(e."at") FILTER (WHERE e."actorRole" IN ('desk', 'department', 'supervisor')) AS "staffActedAt"
      FROM "Event" e WHERE e."requestId" = r."id" AND r."status" = 'in_progress'
    ) said ON true
    WHERE r."status" IN ('new', 'in_progress', 'awaiting_citizen', 'on_hold')
      AND ${held} ${own}`;
  const now = clock.now();
  const actionCount = rows.filter((row) => needsAction(row, now)).length;
  return { isWorthSending: isWorthABasket(rows, now), actionCount, shelves: shelvesOf(rows, now, BASKET_LINES) };
}

function ownedBy({ department, address }: Person, town: Town): { holder: HolderId; assignee: string | null } {
  const holder = department ?? DESK;
  return { holder, assignee: address === personOfOffice(town, holder).address ? null : address };
}

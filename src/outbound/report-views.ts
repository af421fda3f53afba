import { claimsOfLink } from '../action-link.ts';
import { daysLate } from '../domain/basket.ts';
import { officeOf, type Person } from '../domain/people.ts';
import type { MailFacts } from '../domain/decision.ts';
import { loadBasket } from '../store/baskets.ts';
import { monthlyFigures } from '../store/monthly-figures.ts';
import type { ClaimedMail } from '../store/outbound-emails.ts';
import { loadReport } from '../store/reports.ts';
import type { Ground } from '../store/store.ts';
import type { LinkSettings } from './compose.ts';
import { linkUrl } from './link-url.ts';
import type { BasketView, MonthView, ReportView } from './mail-view.ts';

/** Lists of requests, as they are when the mail leaves; each line with its own link. */

export async function reportView(ground: Ground, mail: ClaimedMail, links: LinkSettings): Promise<ReportView> {
  const { late, ...report } = await loadReport(
    ground,
    mail.links.map(({ requestId }) => requestId),
  );
  return {
    ...report,
    late: late.flatMap(({ id, holder, dueAt, ...request }) => {
      const url = urlOf(mail, id, links);
      if (url === null || dueAt === null) return [];
      return [{ ...request, dueAt, holderName: officeOf(ground.config.town, holder).name, url }];
    }),
  };
}

/** What was dealt with since the mail was written is not in it any more. */
export async function basketView(
  ground: Ground,
  mail: ClaimedMail,
  to: Person,
  links: LinkSettings,
): Promise<BasketView> {
  const { shelves, actionCount } = await loadBasket(ground, to);
  const now = ground.clock.now();
  return {
    actionCount,
    shelves: shelves.map(({ section, count, rows }) => ({
      section,
      count,
      rows: rows.flatMap((row) => {
        const url = urlOf(mail, row.id, links);
        const { reference, subject, citizenName, status, receivedAt, statusSince, waitUntil } = row;
        const line = { reference, subject, citizenName, status, receivedAt, statusSince, waitUntil };
        return url === null ? [] : [{ ...line, daysLate: daysLate(row, now), url }];
      }),
    })),
  };
}

export async function monthView(ground: Ground, mail: ClaimedMail, links: LinkSettings): Promise<MonthView> {
  const month = String((mail.facts as MailFacts)['month'] ?? '');
  const { town, categories } = ground.config;
  const { byCategory, byHolder, onTimeShare, oldest, ...figures } = await monthlyFigures(ground, month);
  const categoryName = (id: string | null) =>
    id === null ? '' : (categories.find((each) => each.id === id)?.name ?? id);
  return {
    ...figures,
    month,
    onTimePercent: onTimeShare === null ? null : Math.round(onTimeShare * 100),
    byCategory: byCategory.map(({ id, ...counts }) => ({ ...counts, name: categoryName(id) })),
    byOffice: byHolder.map(({ id, ...counts }) => ({ ...counts, name: officeOf(town, id ?? '').name })),
    oldest: oldest.flatMap(({ id, holdingNo: _holdingNo, holder, ...row }) => {
      const url = urlOf(mail, id, links);
      return url === null ? [] : [{ ...row, holderName: officeOf(town, holder).name, url }];
    }),
  };
}

/** Null for what came to the list after the mail was written. */
function urlOf({ links: rows }: ClaimedMail, id: string, links: LinkSettings): string | null {
  const link = rows.find(({ requestId }) => requestId === id);
  return link === undefined ? null : linkUrl('action', claimsOfLink(link, 'view'), links);
}

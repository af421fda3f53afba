import { claimsOfLink } from '../action-link.ts';
import { retentionRuleOf } from '../domain/retention.ts';
import { loadDeletion, pendingErasureCount } from '../store/deletions.ts';
import type { ClaimedMail } from '../store/outbound-emails.ts';
import { forgottenIn } from '../store/retention.ts';
import type { Ground } from '../store/store.ts';
import type { LinkSettings } from './compose.ts';
import { linkUrl } from './link-url.ts';
import type { DeletionView } from './mail-view.ts';

/** What the mails of the forgetting tell: what is about to go, with a link to each; what is gone, in figures. */
export async function deletionView(
  ground: Ground,
  mail: ClaimedMail,
  links: LinkSettings,
): Promise<DeletionView | null> {
  if (mail.kind === 'deletion_notice') return noticeView(ground, mail, links);
  return mail.kind === 'deletion_report' ? reportView(ground, mail) : null;
}

/** As things stand when it is sent: what was frozen or reopened meanwhile is not on it. */
async function noticeView(ground: Ground, mail: ClaimedMail, links: LinkSettings): Promise<DeletionView> {
  const rows = await loadDeletion(
    ground,
    mail.links.map(({ requestId }) => requestId),
  );
  const requests = rows.flatMap(({ id, category, ...row }) => {
    const link = mail.links.find(({ requestId }) => requestId === id);
    if (link === undefined) return [];
    const url = linkUrl('action', claimsOfLink(link, 'view'), links);
    return [{ ...row, category, categoryName: nameOf(ground, category), url }];
  });
  const byCategory = [...Map.groupBy(requests, ({ category }) => category)];
  return {
    ...NOTHING,
    count: requests.length,
    categories: byCategory
      .map(([category, own]) => ({
        ...categoryLine(ground, category),
        count: own.length,
        pieces: own.reduce((sum, { pieces }) => sum + pieces, 0),
        from: own[0]?.closedAt ?? null,
        to: own.at(-1)?.closedAt ?? null,
      }))
      .toSorted((one, other) => other.count - one.count),
    requests: requests.map(({ reference, categoryName, closedAt, forgetOn, url }) => ({
      reference,
      categoryName,
      closedAt,
      // A day, wherever the town is.
      forgetOn: forgetOn.toISOString().slice(0, 10),
      url,
    })),
  };
}

async function reportView(ground: Ground, { facts }: ClaimedMail): Promise<DeletionView> {
  const { run = '', listed = 0, elimination } = facts as { run?: string; listed?: number; elimination?: number };
  const [forgotten, pendingErasures] = await Promise.all([
    forgottenIn(ground.store.db, run),
    pendingErasureCount(ground),
  ]);
  return {
    ...NOTHING,
    count: forgotten.reduce((sum, { count }) => sum + count, 0),
    categories: forgotten.map(({ category, count, pieces, bytes }) => ({
      ...categoryLine(ground, category),
      count,
      pieces,
      bytes,
    })),
    listed,
    elimination: elimination ?? null,
    pendingErasures,
  };
}

const NOTHING = { categories: [], requests: [], listed: 0, elimination: null, pendingErasures: 0 };

function categoryLine(ground: Ground, category: string | null): DeletionView['categories'][number] {
  const needsVisa = retentionRuleOf(category, ground.config.retention).archive === 'visa';
  return { name: nameOf(ground, category), count: 0, pieces: 0, bytes: 0, from: null, to: null, needsVisa };
}

function nameOf({ config }: Ground, category: string | null): string | null {
  return config.categories.find(({ id }) => id === category)?.name ?? category;
}

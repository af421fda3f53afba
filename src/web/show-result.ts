import type { LinkClaims } from '../action-link.ts';
import type { Dossier } from '../store/dossiers.ts';
import { mayOpen, type Bearer } from './access.ts';
import { eventView, identityView } from './dossier-view.ts';
import { linkPath, page, type Answer, type Site } from './site.ts';

/** What an action did, what happens next, who is told. Shown to whoever did it, even when the request left their office. */
export function showResult(
  site: Site,
  claims: LinkClaims,
  bearer: Bearer,
  dossier: Dossier,
  event: Dossier['events'][number],
  isAgain = false,
): Answer {
  return page(200, 'result', {
    ...identityView(site, bearer.person, dossier),
    isAgain,
    event: eventView(event, site.ground.config.town),
    told: mailsOf(event, dossier).map(({ kind, toRole, toName, toAddress, state }) => ({
      kind,
      toRole,
      toName,
      toAddress,
      state,
    })),
    viewPath: mayOpen(dossier.request, bearer) ? linkPath('action', claims, 'view', site) : null,
  });
}

/** A decision and its mails are written at the same instant. */
function mailsOf(event: Dossier['events'][number], { mails }: Dossier): Dossier['mails'] {
  return mails.filter(
    ({ createdAt, facts }) =>
      createdAt.getTime() === event.at.getTime() && (facts as { action?: unknown } | null)?.action === event.action,
  );
}

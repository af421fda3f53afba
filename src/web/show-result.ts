import type { LinkClaims } from '../action-link.ts';
import { actionsOpenTo } from '../domain/decide.ts';
import { stateOfDossier, type Dossier } from '../store/dossiers.ts';
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
    undo: undoOf(site, claims, bearer, dossier, event),
    viewPath: mayOpen(dossier.request, bearer) ? linkPath('action', claims, 'view', site) : null,
  });
}

/** The way back from this very event, and until when; null when there is none. */
function undoOf(
  site: Site,
  claims: LinkClaims,
  { person }: Bearer,
  dossier: Dossier,
  event: Dossier['events'][number],
) {
  const state = stateOfDossier(site.ground, dossier);
  if (state.closing?.eventId !== event.id || !actionsOpenTo(state, person).includes('undo')) return null;
  const until = new Date(event.at.getTime() + site.ground.config.schedule.undoSeconds * 1_000);
  return { path: linkPath('action', claims, 'undo', site), until };
}

/** A decision and its mails are written at the same instant. */
function mailsOf(event: Dossier['events'][number], { mails }: Dossier): Dossier['mails'] {
  return mails.filter(
    ({ createdAt, facts }) =>
      createdAt.getTime() === event.at.getTime() && (facts as { action?: unknown } | null)?.action === event.action,
  );
}

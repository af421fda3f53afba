import type { LinkClaims } from '../action-link.ts';
import { actionsOpenTo } from '../domain/standing.ts';
import { stateOfDossier, type Dossier } from '../store/dossiers.ts';
import { mayOpen, type Bearer } from './access.ts';
import { identityView } from './dossier-view.ts';
import { eventView } from './event-view.ts';
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
  const view = eventView(event, dossier.request, site.ground.config);
  const viewPath = mayOpen(dossier.request, bearer) ? linkPath('action', claims, 'view', site) : null;
  const told = mailsOf(event, dossier);
  const wantsLetter = view.isForCitizen && (dossier.request.citizenAddress === '' || view.isUntold);
  return page(200, 'result', {
    ...identityView(site, bearer.person, dossier),
    isAgain,
    event: view,
    letterPath: wantsLetter && viewPath !== null ? `${viewPath}/letter.pdf?event=${event.id}` : null,
    tellsCitizen: told.some(({ toRole }) => toRole === 'citizen'),
    told: told.map(({ kind, toRole, toName, toAddress, state }) => ({
      kind,
      toRole,
      toName,
      toAddress,
      state,
    })),
    undo: undoOf(site, claims, bearer, dossier, event),
    viewPath,
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
  const { ground } = site;
  const state = stateOfDossier(ground, dossier);
  if (
    state.closing?.eventId !== event.id ||
    !actionsOpenTo(state, person, ground.config, ground.clock.now()).includes('undo')
  )
    return null;
  const until = new Date(event.at.getTime() + ground.config.schedule.undoSeconds * 1_000);
  return { path: linkPath('action', claims, 'undo', site), until };
}

/** The mails that this very decision wrote. */
function mailsOf(event: Dossier['events'][number], { mails }: Dossier): Dossier['mails'] {
  return mails.filter(({ eventId }) => eventId === event.id);
}

import { verifyLink, type LinkClaims, type Verified } from '../action-link.ts';
import { isStaff, type Role } from '../domain/people.ts';
import { maySee } from '../domain/request.ts';
import { actionsOpenTo } from '../domain/standing.ts';
import { objectionToUndo } from '../domain/undo.ts';
import { isAction, PAGE_ACTIONS, type Action } from '../domain/workflow.ts';
import { loadDossier, stateOfDossier, type Dossier } from '../store/dossiers.ts';
import { findBearer, isActor, mayOpen, type Bearer, type Found } from './access.ts';
import { formView } from './action-form.ts';
import { dossierView, identityView } from './dossier-view.ts';
import { eventView, undoneEvents } from './event-view.ts';
import type { FormErrors } from './form-errors.ts';
import { commentIn, EMPTY_INPUT, type FormInput } from './form-input.ts';
import { showResult } from './show-result.ts';
import { NONE_SIMILAR, similarRequests, type SimilarRequests } from './similar-requests.ts';
import { linkPath, messagePage, page, type Answer, type Site } from './site.ts';

/** What the address of a dossier's page says besides whose link it is. Nothing of it changes anything. */
export interface PageQuery {
  /** An event whose result is shown. */
  done: string;
  /** `oldest`: the history begins at the beginning. */
  order: string;
  /** A ready-made answer. */
  template: string;
}

const NO_QUERY: PageQuery = { done: '', order: '', template: '' };

/** GET of a link: shows the request and what this person may do now. Reads only. */
export async function showDossier(site: Site, token: string, query: PageQuery): Promise<Answer> {
  const verified = verifyLink('action', token, site.secrets, site.ground.clock.now());
  if (!verified.ok) return deadToken(site, verified);
  const { claims } = verified;
  const opened = await openDossier(site, claims);
  if (!opened.ok) return opened.answer;
  const { bearer, dossier } = opened;
  const event = dossier.events.find(({ id }) => id === query.done);
  const isForgotten = dossier.request.anonymisedAt !== null;
  if (event !== undefined && !isForgotten && isActor(bearer.person, event))
    return showResult(site, claims, bearer, dossier, event);
  const similar = await similarRequests(site, bearer, dossier);
  return dossierPage(site, claims, bearer, dossier, { ...FRESH, query, similar });
}

export type Opened = { ok: true; bearer: Bearer; dossier: Dossier } | { ok: false; answer: Answer };

/** Of whom a verified token is, and their request; says nothing yet of what they may see of it. */
export async function openDossier(site: Site, claims: LinkClaims): Promise<Opened> {
  const { ground } = site;
  const [found, dossier] = await Promise.all([findBearer(ground, claims), loadDossier(ground.store.db, claims.rid)]);
  if (!found.ok) return { ok: false, answer: notOpened(site, claims, found, dossier) };
  if (dossier === null) return { ok: false, answer: deadLink('unknown') };
  return { ok: true, bearer: found.bearer, dossier };
}

/** A link that was taken back says by whom, and when; any other tells nothing. */
export function notOpened(
  site: Site,
  claims: LinkClaims,
  { reason, bearer }: Extract<Found, { ok: false }>,
  dossier: Dossier | null,
  lostText = '',
): Answer {
  if (bearer === null || dossier === null) return deadLink(reason);
  return movedPage(site, claims, bearer, dossier, lostText);
}

export type OpenedForReading =
  | Extract<Opened, { ok: false }>
  | (Extract<Opened, { ok: true }> & { claims: LinkClaims });

/** For what only shows: the request of a link, as long as its reader may open it. */
export async function openForReading(site: Site, token: string): Promise<OpenedForReading> {
  const verified = verifyLink('action', token, site.secrets, site.ground.clock.now());
  if (!verified.ok) return { ok: false, answer: deadToken(site, verified) };
  const { claims } = verified;
  const opened = await openDossier(site, claims);
  if (!opened.ok) return opened;
  const { bearer, dossier } = opened;
  if (!mayOpen(dossier.request, bearer)) return { ok: false, answer: movedPage(site, claims, bearer, dossier) };
  if (dossier.request.anonymisedAt !== null) return { ok: false, answer: tombstone(site, claims, bearer, dossier) };
  return { ...opened, claims };
}

export function deadLink(reason: 'unknown' | 'revoked'): Answer {
  return reason === 'unknown' ? messagePage(404, 'damaged') : messagePage(410, 'revoked');
}

/** Damaged, or expired: then a fresh one can be mailed. Costs no query. */
export function deadToken(site: Site, { claims }: Extract<Verified, { ok: false }>): Answer {
  if (claims === null) return messagePage(404, 'damaged');
  const act = isAction(claims.act) ? claims.act : 'view';
  return page(410, 'expired', { freshPath: `${linkPath('action', claims, act, site)}/fresh` });
}

/** Why a dossier is shown otherwise than with a fresh form. */
export interface Showing {
  status: number;
  /** What a person sent, to be corrected, or to be copied when it came too late. */
  form: { input: FormInput; errors: FormErrors } | null;
  /** Key of the section `pageNotices`. */
  notice: string | null;
  query?: PageQuery;
  similar?: SimilarRequests;
}

const FRESH: Showing = { status: 200, form: null, notice: null };

/** The dossier for whoever may open it, with the form of the link's action when it can be taken now. */
export function dossierPage(
  site: Site,
  claims: LinkClaims,
  bearer: Bearer,
  dossier: Dossier,
  { status, form, notice, query = NO_QUERY, similar = NONE_SIMILAR }: Showing = FRESH,
): Answer {
  const lostText = form === null ? '' : commentIn(form.input);
  if (!mayOpen(dossier.request, bearer)) return movedPage(site, claims, bearer, dossier, lostText);
  if (dossier.request.anonymisedAt !== null) return tombstone(site, claims, bearer, dossier);
  const { config, clock } = site.ground;
  const { person } = bearer;
  const wanted = pageAction(claims.act);
  const state = stateOfDossier(site.ground, dossier);
  const isOpen = wanted !== null && actionsOpenTo(state, person, config, clock.now()).includes(wanted);
  const { input, errors } = form ?? { input: EMPTY_INPUT, errors: {} };
  const isLate = wanted !== null && !isOpen;
  const isTooLateToUndo = wanted === 'undo' && objectionToUndo(state, person) === 'undo_too_late';
  const context = { person, state, templateId: query.template };
  return page(status, 'dossier', {
    ...dossierView(site, claims, person, dossier, query.order === 'oldest'),
    similar,
    form: isOpen ? formView(site, claims, wanted, context, input, errors) : null,
    notice: notice ?? (isTooLateToUndo ? 'undo_too_late' : isLate ? 'not_possible_now' : null),
    lostText: isOpen ? '' : lostText,
    settled: isLate || notice !== null ? settledView(dossier, site) : null,
  });
}

/** What is left of a request that was forgotten; nothing can be done with it. */
function tombstone(site: Site, claims: LinkClaims, { person }: Bearer, dossier: Dossier): Answer {
  return page(200, 'tombstone', dossierView(site, claims, person, dossier, true));
}

/** Nothing of the dossier's content, the citizen's name included: which office did what, and when. */
export function movedPage(
  site: Site,
  claims: LinkClaims,
  { link, person }: Bearer,
  dossier: Dossier,
  lostText = '',
): Answer {
  const undone = undoneEvents(dossier.events);
  const isRevoked = link.revokedAt !== null;
  const { request } = dossier;
  return page(410, 'moved', {
    lostText,
    isRevoked,
    ...identityView(site, person, dossier),
    // Who lost a request learns what holds: a decision taken back was told to nobody.
    events: dossier.events
      .filter(({ id, action }) => action !== 'undo' && !undone.has(id))
      .filter((event) => (isSettling(event) || TAKES_LINKS.has(event.action)) && isStaff(event.actorRole as Role))
      .slice(-3)
      .map((event) => eventView(event, request, site.ground.config)),
    // It went away and came back: a newer link exists, and can be mailed again.
    freshPath: !isRevoked && maySee(request, person) ? `${linkPath('action', claims, claims.act, site)}/fresh` : null,
  });
}

const TAKES_LINKS = new Set<string>(['assign', 'unshare'] satisfies Action[]);

/** The last event that moved the request: what stands in the way of an action that came too late. */
export function settlingEvent(dossier: Dossier): Dossier['events'][number] | undefined {
  return dossier.events.findLast(isSettling);
}

/** An action that a page offers; null for `view` and for what only happens by mail. */
export function pageAction(act: string): Action | null {
  return isAction(act) && PAGE_ACTIONS.includes(act) ? act : null;
}

function isSettling(event: Dossier['events'][number]): boolean {
  return event.statusBefore !== event.statusAfter || event.holderBefore !== event.holderAfter;
}

function settledView(dossier: Dossier, { ground }: Site) {
  const event = settlingEvent(dossier);
  return event === undefined ? null : eventView(event, dossier.request, ground.config);
}

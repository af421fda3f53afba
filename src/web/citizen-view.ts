import { actionsOpenToCitizen } from '../domain/citizen-sight.ts';
import { DESK, officeOf } from '../domain/people.ts';
import type { RequestState } from '../domain/request.ts';
import { reopenableUntil } from '../domain/standing.ts';
import type { CitizenVisit } from './citizen-access.ts';
import { threadOf } from './citizen-thread.ts';
import { linkPath, type Site } from './site.ts';

/** What the citizens' templates read: plain words about where a request stands, and nothing of what happens inside. */

/** Where it stands, who has it and how to reach them: also what a number and an address show to whoever knows both. */
export function standingView({ ground }: Site, told: RequestState) {
  const office = officeOf(ground.config.town, told.holder);
  return {
    reference: told.reference,
    status: told.status,
    // Nobody is told that their mail was taken for rubbish.
    outcome: told.outcome === 'discarded' ? null : told.outcome,
    statusSince: told.statusSince,
    receivedAt: told.receivedAt,
    isWithDepartment: told.holder !== DESK,
    holderName: office.name,
    holderPhone: office.phone,
  };
}

export function requestView(visit: CitizenVisit) {
  const { site, claims, told, state, person } = visit;
  const { config, clock } = site.ground;
  const actions = actionsOpenToCitizen(state, person, config, clock.now());
  const until = reopenableUntil(told, config);
  return {
    // Until an address is confirmed, it may be a stranger's.
    request: visit.isNewcomer ? { reference: told.reference } : { ...standingView(site, told), subject: told.subject },
    viewPath: linkPath('citizen', claims, 'follow', site),
    actions: actions.map((action) => ({ action, path: linkPath('citizen', claims, action, site) })),
    reopenableUntil: actions.includes('reopen') ? until : null,
    isOver: told.status === 'closed' && !actions.includes('reopen'),
  };
}

/** All of it, for whoever follows the request. */
export function followView(visit: CitizenVisit) {
  const { site, told } = visit;
  const { town } = site.ground.config;
  const isAwaited = told.status === 'awaiting_citizen';
  return {
    ...requestView(visit),
    isAwaited,
    awaitedUntil: isAwaited ? told.waitUntil : null,
    asked: isAwaited ? lastAsked(visit) : '',
    pieces: told.status === 'closed' ? [] : told.pieces.map(({ name, isReceived }) => ({ name, isReceived })),
    thread: threadOf(visit).map((item) => ({ ...item, holderName: officeOf(town, item.holderId).name })),
  };
}

/** The words of the last demand. */
function lastAsked({ dossier }: CitizenVisit): string {
  return dossier.events.findLast(({ action }) => action === 'request_correction')?.comment ?? '';
}

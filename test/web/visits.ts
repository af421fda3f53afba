import { signLink } from '../../src/action-link.ts';
import { PAGE_ACTIONS, type Action } from '../../src/domain/workflow.ts';
import {
  closedRequest,
  fullRequest,
  longRequest,
  requestAtVoirie,
  requestInProgress,
  requestOnHold,
} from './scenes.ts';
import { actAndFollow, claimsOf, linkOf, openRequest, type TestTown } from './town.ts';

/** Every page that an agent can come to, and every form in every state. */
export interface Visit {
  name: string;
  path(town: TestTown): Promise<string>;
  fill?: Record<string, string>;
  submit?: 'in time' | 'at once';
}

const WORDS = { comment: 'La rue des Lilas est une voie départementale.\nNous avons prévenu le département.' };
const VOIRIE = 'department:voirie';

/** Where the form of an action is found. The desk's own new request, when nothing else is said. */
const PLACES: Partial<Record<Action, (town: TestTown) => Promise<string>>> = {
  assign: async (town) => linkOf(town, await requestInProgress(town), VOIRIE, 'assign'),
  send_back: async (town) => linkOf(town, await longRequest(town), VOIRIE, 'send_back'),
  recall: async (town) => linkOf(town, await requestAtVoirie(town), 'desk', 'recall'),
  hold: async (town) => linkOf(town, await requestInProgress(town), VOIRIE, 'hold'),
  resume: async (town) => linkOf(town, await requestOnHold(town), VOIRIE, 'resume'),
  reopen: async (town) => linkOf(town, await closedRequest(town), 'desk', 'reopen'),
  undo: undoLink,
  unshare: async (town) => {
    const id = await openRequest(town);
    await actAndFollow(town, await linkOf(town, id, 'desk', 'share'), { colleague: 'urbanisme@plassans.fr' });
    return linkOf(town, id, 'desk', 'unshare');
  },
  unfreeze: async (town) => {
    const id = await openRequest(town);
    await actAndFollow(town, await linkOf(town, id, 'desk', 'freeze'), WORDS);
    return linkOf(town, id, 'desk', 'unfreeze');
  },
  request_correction: async (town) =>
    linkOf(town, await openRequest(town, { category: 'autorisation' }), 'desk', 'request_correction'),
};

export async function formOf(town: TestTown, action: Action): Promise<string> {
  const place = PLACES[action];
  return place === undefined ? linkOf(town, await openRequest(town), 'desk', action) : place(town);
}

/** What a person fills in, for each action. */
export const FILLED: Partial<Record<Action, Record<string, string>>> = {
  take_charge: { told: 'yes' },
  assign: { assignee: 'p.bernard@plassans.fr' },
  transfer: { ...WORDS, department: 'voirie' },
  send_back: WORDS,
  recall: WORDS,
  message: WORDS,
  request_correction: WORDS,
  answer: WORDS,
  accept: { told: 'yes' },
  refuse: { ...WORDS, told: 'no' },
  hold: { reason: 'Visite sur place prévue' },
  resume: { confirm: 'yes' },
  draft: WORDS,
  note: WORDS,
  milestone: { milestone: 'Visite sur place' },
  label: { labels: 'urgent' },
  edit: { 'field:citizenPhone': '06 00 00 00 00' },
  share: { colleague: 'urbanisme@plassans.fr' },
  unshare: { guest: 'urbanisme@plassans.fr' },
  freeze: WORDS,
  unfreeze: { confirm: 'yes' },
  reorient: { ...WORDS, administration: 'Préfecture', told: 'yes' },
  drop: { ...WORDS, told: 'yes' },
  discard: { confirm: 'yes' },
  reopen: WORDS,
  undo: { confirm: 'yes' },
};

/** Each action's form, and what a person fills in there. */
export const FORMS = PAGE_ACTIONS.map((action) => ({
  action,
  path: async (town: TestTown) => formOf(town, action),
  fill: FILLED[action],
}));

export const VISITS: Visit[] = [
  { name: 'dossier-new', path: async (town) => linkOf(town, await openRequest(town), 'desk') },
  { name: 'dossier-long', path: async (town) => linkOf(town, await longRequest(town), VOIRIE) },
  { name: 'dossier-full', path: async (town) => linkOf(town, await fullRequest(town), VOIRIE) },
  { name: 'dossier-full-desk', path: async (town) => linkOf(town, await fullRequest(town), 'desk') },
  { name: 'dossier-guest', path: async (town) => linkOf(town, await fullRequest(town), 'urbanisme@plassans.fr') },
  { name: 'dossier-late', path: lateLink },
  { name: 'dossier-on-hold', path: async (town) => linkOf(town, await requestOnHold(town), VOIRIE) },
  { name: 'dossier-closed', path: async (town) => linkOf(town, await closedRequest(town), 'desk') },
  { name: 'form-ready', path: async (town) => `${await formOf(town, 'message')}?modele=intervention` },
  { name: 'form-no-address', path: async (town) => linkOf(town, await withoutAddress(town), 'desk', 'take_charge') },
  {
    name: 'result-letter',
    path: async (town) => linkOf(town, await withoutAddress(town), 'desk', 'refuse'),
    fill: WORDS,
    submit: 'in time',
  },
  {
    name: 'too-fast',
    path: async (town) => linkOf(town, await openRequest(town), 'desk', 'refuse'),
    fill: { ...WORDS, told: 'yes' },
    submit: 'at once',
  },
  { name: 'undo-too-late', path: lateUndoLink },
  { name: 'closed-already', path: closedLink },
  { name: 'moved', path: movedLink },
  { name: 'came-back', path: cameBackLink },
  { name: 'expired', path: expiredLink },
  { name: 'fresh-link-sent', path: expiredLink, submit: 'in time' },
  { name: 'damaged', path: async () => '/a/eyJhbGciOi' },
  { name: 'nothing-there', path: async () => '/nulle-part' },
];

async function withoutAddress(town: TestTown): Promise<string> {
  return openRequest(town, { address: '', name: 'Marcel Petit' });
}

async function lateLink(town: TestTown): Promise<string> {
  const id = await requestInProgress(town);
  const dueAt = new Date(town.ground.clock.now().getTime() - 86_400_000);
  await town.ground.store.db.serviceRequest.update({ where: { id }, data: { dueAt } });
  return linkOf(town, id, VOIRIE);
}

async function closedLink(town: TestTown): Promise<string> {
  const id = await requestAtVoirie(town);
  await actAndFollow(town, await linkOf(town, id, VOIRIE, 'accept'), { told: 'yes' });
  return linkOf(town, id, 'desk', 'transfer');
}

async function movedLink(town: TestTown): Promise<string> {
  const id = await requestAtVoirie(town);
  await actAndFollow(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'urbanisme', comment: 'Non' });
  return linkOf(town, id, VOIRIE);
}

async function cameBackLink(town: TestTown): Promise<string> {
  const id = await requestAtVoirie(town);
  const old = await linkOf(town, id, VOIRIE);
  const desk = await linkOf(town, id, 'desk', 'transfer');
  await actAndFollow(town, desk, { department: 'urbanisme', comment: 'Non' });
  await actAndFollow(town, desk, { department: 'voirie', comment: 'Si' });
  return old;
}

async function undoLink(town: TestTown): Promise<string> {
  const id = await openRequest(town);
  await actAndFollow(town, await linkOf(town, id, 'desk', 'accept'), { told: 'yes' });
  return linkOf(town, id, 'desk', 'undo');
}

async function lateUndoLink(town: TestTown): Promise<string> {
  const path = await undoLink(town);
  town.advance(town.ground.config.schedule.undoSeconds * 1_000);
  return path;
}

export async function expiredLink(town: TestTown): Promise<string> {
  const claims = await claimsOf(town, await openRequest(town), 'desk');
  return `/a/${signLink('action', { ...claims, exp: claims.iat - 86_400 }, town.secrets)}`;
}

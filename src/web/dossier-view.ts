import type { LinkClaims } from '../action-link.ts';
import { missingIdentity } from '../domain/missing-identity.ts';
import { DESK, officeOf, staffAt, type HolderId, type Person, type Town } from '../domain/people.ts';
import type { RequestState } from '../domain/request.ts';
import { actionsOpenTo } from '../domain/standing.ts';
import type { Action } from '../domain/workflow.ts';
import { stateOfDossier, type Dossier, type DossierMessage } from '../store/dossiers.ts';
import { guestName, hasChoices } from './action-form.ts';
import { deliveriesView } from './deliveries-view.ts';
import { nameOf } from './edit-fields.ts';
import { actorOffice, eventView, isKeptBack, speaksToCitizen, undoneEvents } from './event-view.ts';
import { filesView } from './file-view.ts';
import { legalView } from './legal-view.ts';
import { originalPath } from './original-path.ts';
import { linkPath, type Site } from './site.ts';

/** What the templates of the pages read of a dossier: own properties, names instead of ids, no bytes. */

export function dossierView(site: Site, claims: LinkClaims, person: Person, dossier: Dossier, isOldestFirst = false) {
  const { config, clock } = site.ground;
  const state = stateOfDossier(site.ground, dossier);
  const undone = undoneEvents(dossier.events);
  const selfPath = linkPath('action', claims, claims.act, site);
  const viewPath = linkPath('action', claims, 'view', site);
  const actions = actionsOpenTo(state, person, config, clock.now()).filter((each) => hasChoices(each, state, config));
  const pathTo = (action: Action) => (actions.includes(action) ? linkPath('action', claims, action, site) : null);
  const events = dossier.events.map((event) => ({
    ...eventView(event, dossier.request, config),
    isUndone: undone.has(event.id),
    letterPath: state.citizenAddress === '' ? `${viewPath}/letter.pdf?event=${event.id}` : null,
  }));
  return {
    ...identityView(site, person, dossier),
    details: detailsView(state, site),
    pieces: state.pieces,
    missing: missingIdentity({
      name: state.citizenName,
      postalAddress: state.citizenPostalAddress,
      address: state.citizenAddress,
    }),
    draft: state.status === 'closed' ? null : state.draft,
    legal: legalView(state, config, clock.now()),
    guests: state.sharedWith.map((address) => guestName(address, config.town)),
    selfPath,
    viewPath,
    pdfPath: `${viewPath}/dossier.pdf`,
    askIdentityPath: askIdentityPath(site, claims, actions),
    editPath: pathTo('edit'),
    mergePath: pathTo('merge'),
    actionCount: actions.length,
    actionGroups: ACTION_GROUPS.map(({ key, isFolded, actions: grouped }) => ({
      key,
      isFolded,
      actions: grouped.map((action) => ({ action, path: pathTo(action) })).filter(({ path }) => path !== null),
    })).filter((group) => group.actions.length > 0),
    messages: threadOf(dossier, undone, claims, site),
    events: isOldestFirst ? events : events.toReversed(),
    order: { isOldestFirst, otherPath: isOldestFirst ? selfPath : `${selfPath}?ordre=ancien` },
    deliveries: deliveriesView(dossier.mails, site.isOutgoingPaused?.() ?? false, clock.now()),
    now: clock.now(),
  };
}

/** What treats it, what ends it, what keeps its sheet: the everyday first, the rest folded, so that the menu stays calm. */
const ACTION_GROUPS: readonly { key: string; isFolded: boolean; actions: readonly Action[] }[] = [
  {
    key: 'treat',
    isFolded: false,
    actions: [
      'undo',
      'take_charge',
      'resume',
      'transfer',
      'send_back',
      'recall',
      'reopen',
      'assign',
      'message',
      'request_correction',
      'draft',
      'hold',
      'note',
    ],
  },
  { key: 'close', isFolded: false, actions: ['answer', 'accept', 'refuse'] },
  { key: 'closeOtherwise', isFolded: true, actions: ['drop', 'merge', 'reorient', 'discard'] },
  {
    key: 'keep',
    isFolded: true,
    actions: ['edit', 'attach', 'milestone', 'label', 'share', 'unshare', 'freeze', 'unfreeze'],
  },
];

/** Who acts, on what: also for the pages that show nothing of the dossier. */
export function identityView({ ground }: Site, person: Person, { request }: Dossier) {
  const { town, categories } = ground.config;
  const category = categories.find(({ id }) => id === request.category);
  const office = officeOf(town, request.holder);
  return {
    person: { name: person.name, address: person.address, role: person.role, office: actorOffice(person, town) },
    request: {
      reference: request.reference,
      subject: request.subject,
      status: request.status,
      outcome: request.outcome,
      statusSince: request.statusSince,
      receivedAt: request.receivedAt,
      dueAt: request.dueAt,
      isLate: request.dueAt !== null && request.dueAt < ground.clock.now(),
      waitUntil: request.waitUntil,
      waitReason: request.waitReason,
      isWithDepartment: request.holder !== DESK,
      holderName: office.name,
      holderPhone: office.phone,
      holderAddress: office.address,
      assigneeName: assigneeName(request.assignee, request.holder, town),
      categoryName: category?.name ?? null,
      origin: request.origin,
      labels: request.labels,
      relatedReference: request.relatedReference,
      citizenName: request.citizenName,
      citizenAddress: request.citizenAddress,
      citizenPhone: request.citizenPhone,
      citizenPostalAddress: request.citizenPostalAddress,
      citizenOrganisation: request.citizenOrganisation,
      pendingAddress: request.pendingAddress,
      undeliverable: request.undeliverable,
      frozenAt: request.frozenAt,
      frozenReason: request.frozenReason,
      // A day, wherever the town is.
      forgetOn: request.forgetOn === null ? null : request.forgetOn.toISOString().slice(0, 10),
      isAnnounced: request.deletionNoticeAt !== null,
      anonymisedAt: request.anonymisedAt,
    },
  };
}

/** The category's own fields that are filled in. */
function detailsView(state: RequestState, { ground }: Site): { name: string; value: string }[] {
  return Object.entries(state.details)
    .filter(([, value]) => value !== '')
    .map(([id, value]) => ({ name: nameOf(`detail:${id}`, state, ground.config), value }));
}

/** A ready-made answer of that id is the town's own way to ask who writes. */
function askIdentityPath(site: Site, claims: LinkClaims, actions: readonly Action[]): string | null {
  const isReady = site.ground.config.lists.replies.some(({ id }) => id === 'identite');
  const action = actions.find((each) => each === 'request_correction' || each === 'message');
  return isReady && action !== undefined ? `${linkPath('action', claims, action, site)}?modele=identite` : null;
}

/** What was said, oldest first: messages, and what decisions say to the citizen. */
function threadOf(dossier: Dossier, undone: ReadonlySet<string>, claims: LinkClaims, site: Site) {
  const said = new Set(dossier.messages.flatMap(({ eventId }) => eventId ?? []));
  const messages = dossier.messages.map((message) => messageView(message, undone, claims, site));
  const words = dossier.events
    .filter((event) => speaksToCitizen(event) && !said.has(event.id))
    .map((event) => decisionWords(event, undone));
  return [...messages, ...words].toSorted((one, other) => one.at.getTime() - other.at.getTime());
}

function decisionWords(event: Dossier['events'][number], undone: ReadonlySet<string>) {
  const { id, actorRole: authorRole, actorName: authorName, actorAddress: authorAddress, at, comment: text } = event;
  const author = { authorRole, authorName, authorAddress };
  const isUntold = isKeptBack(event);
  const nothing = { elided: '', originalPath: null, files: [] };
  return { kind: 'outbound', ...author, at, text, ...nothing, isUndone: undone.has(id), isUntold, isDecision: true };
}

function messageView(message: DossierMessage, undone: ReadonlySet<string>, claims: LinkClaims, site: Site) {
  return {
    kind: message.kind,
    authorRole: message.authorRole,
    authorName: message.authorName,
    authorAddress: message.authorAddress,
    at: message.at,
    text: message.text,
    elided: message.elided.trim(),
    isUndone: message.eventId !== null && undone.has(message.eventId),
    isUntold: false,
    isDecision: false,
    originalPath: message.inboundEmailId === null ? null : originalPath(claims, message.id, site),
    files: filesView(message, claims, site),
  };
}

function assigneeName(address: string | null, holder: HolderId, town: Town): string | null {
  if (address === null || address === officeOf(town, holder).address) return null;
  return staffAt(town, address)[0]?.name ?? address;
}

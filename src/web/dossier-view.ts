import type { LinkClaims } from '../action-link.ts';
import { actionsOpenTo } from '../domain/decide.ts';
import { DESK, departmentOf, officeOf, staffAt, type HolderId, type Person, type Town } from '../domain/people.ts';
import type { Action } from '../domain/workflow.ts';
import { stateOfDossier, type Dossier, type DossierMessage } from '../store/dossiers.ts';
import { label } from '../template.ts';
import { isSmallPicture } from './file-type.ts';
import { linkPath, type Site } from './site.ts';

/** What the templates of the pages read of a dossier: own properties, names instead of ids, no bytes. */

export function dossierView(site: Site, claims: LinkClaims, person: Person, dossier: Dossier) {
  const { config, clock } = site.ground;
  return {
    ...identityView(site, person, dossier),
    selfPath: linkPath('action', claims, claims.act, site),
    viewPath: linkPath('action', claims, 'view', site),
    actions: actionsOpenTo(stateOfDossier(site.ground, dossier), person).map((action) => ({
      action,
      path: linkPath('action', claims, action, site),
    })),
    messages: dossier.messages.map((message) => messageView(message, claims, site)),
    events: dossier.events.map((event) => eventView(event, config.town)),
    failedMails: dossier.mails
      .filter(({ state }) => state === 'failed')
      .map(({ kind, toName, toAddress, lastError, createdAt }) => ({ kind, toName, toAddress, lastError, createdAt })),
    now: clock.now(),
  };
}

/** Who acts, on what: also for the pages that show nothing of the dossier. */
export function identityView({ ground }: Site, person: Person, { request }: Dossier) {
  const { town, categories } = ground.config;
  const category = categories.find(({ id }) => id === request.category);
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
      isWithDepartment: request.holder !== DESK,
      holderName: officeOf(town, request.holder).name,
      assigneeName: assigneeName(request.assignee, request.holder, town),
      categoryName: category?.name ?? null,
      citizenName: request.citizenName,
      citizenAddress: request.citizenAddress,
      undeliverable: request.undeliverable,
    },
  };
}

/** Their words are a message of the thread already. */
const IN_THREAD = new Set<string>(['message', 'note', 'citizen_reply', 'third_party_message'] satisfies Action[]);

/** Which mail a delivery event is about. */
function mailIn({ action, details }: Dossier['events'][number]): { kind: string; role: string; answer: string } | null {
  const isDelivery = action === 'delivery_failed' || action === 'delivery_delayed';
  if (!isDelivery || details === null || typeof details !== 'object' || Array.isArray(details)) return null;
  return { kind: asText(details['kind']), role: asText(details['role']), answer: asText(details['answer']) };
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function eventView(event: Dossier['events'][number], town: Town) {
  const nameOf = (holder: HolderId | null) => (holder === null ? null : officeOf(town, holder).name);
  const office = actorOffice({ role: event.actorRole, department: event.actorDepartment }, town);
  const isMoved = event.holderBefore !== null && event.holderBefore !== event.holderAfter;
  return {
    at: event.at,
    action: event.action,
    actorDisplay: event.actorName || office || label('roles', event.actorRole),
    actorOffice: office,
    statusBefore: event.statusBefore === event.statusAfter ? null : event.statusBefore,
    statusAfter: event.statusAfter,
    outcome: event.statusAfter === 'closed' ? event.outcome : null,
    holderBefore: isMoved ? nameOf(event.holderBefore) : null,
    holderAfter: nameOf(event.holderAfter),
    comment: event.comment,
    mail: mailIn(event),
    isInThread: IN_THREAD.has(event.action),
  };
}

function messageView(message: DossierMessage, claims: LinkClaims, site: Site) {
  return {
    kind: message.kind,
    authorRole: message.authorRole,
    authorName: message.authorName,
    authorAddress: message.authorAddress,
    at: message.at,
    text: message.text,
    elided: message.elided.trim(),
    files: message.attachments.map(({ id, fileName, size, contentType }) => ({
      fileName,
      size,
      path: linkPath('file', claims, id, site),
      isPicture: isSmallPicture(contentType, size),
    })),
  };
}

/** « Accueil », « Voirie »; '' for a citizen, the system, a supervisor. */
function actorOffice({ role, department }: { role: string; department: string | null }, town: Town): string {
  if (role === 'desk') return town.desk.name;
  return departmentOf(town, department)?.name ?? '';
}

function assigneeName(address: string | null, holder: HolderId, town: Town): string | null {
  if (address === null || address === officeOf(town, holder).address) return null;
  return staffAt(town, address)[0]?.name ?? address;
}

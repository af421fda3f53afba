import { claimsOfLink, type LinkClaims } from '../action-link.ts';
import { actionsOpenTo } from '../domain/standing.ts';
import type { MailFacts } from '../domain/decision.ts';
import {
  authorOf,
  departmentOf,
  DESK,
  isStaff,
  officeOf,
  type HolderId,
  type Language,
  type Person,
  type Role,
  type Town,
} from '../domain/people.ts';
import { maySee } from '../domain/request.ts';
import { COMMAND_CARD } from '../domain/reply-command-words.ts';
import { procedureOf, silenceDecidesOn } from '../domain/silence.ts';
import type { Action, MailKind } from '../domain/workflow.ts';
import { openCode } from '../sealed-code.ts';
import { stateOfDossier, type Dossier, type DossierMessage } from '../store/dossiers.ts';
import type { ClaimedMail } from '../store/outbound-emails.ts';
import type { Ground } from '../store/store.ts';
import { citizenLinks, ownRequests, toldRequest } from './citizen-links.ts';
import type { LinkSettings } from './compose.ts';
import { deletionView } from './deletion-view.ts';
import { heldLinks, TELLS_OF_HELD } from './held-link.ts';
import { linkUrl } from './link-url.ts';
import type { FileView, HistoryView, MailView, OfficeView, PictureView, RequestView } from './mail-view.ts';
import { basketView, monthView, reportView } from './report-views.ts';

/** What a template reads, from the rows: agents see the dossier and their links, citizens only what is theirs. */
export async function buildView(
  ground: Ground,
  links: LinkSettings,
  mail: ClaimedMail,
  to: Person,
  dossier: Dossier | null,
  pictures: ReadonlyMap<string, PictureView>,
): Promise<MailView> {
  const { town } = ground.config;
  const kind = mail.kind as MailKind;
  const facts = { ...openedFacts(mail.facts as MailFacts, links), ...askedWords(kind, dossier) };
  const link = dossier === null ? undefined : mail.links.find(({ requestId }) => requestId === dossier.request.id);
  const claims = link && claimsOfLink(link, 'view');
  const message = dossier?.messages.find(({ id }) => id === mail.messageRef);
  const isForStaff = isStaff(to.role);
  const original = isForStaff ? dossier?.messages[0] : undefined;
  const shown: Shown = ({ id, fileName, size, contentType }) => ({
    fileName,
    size,
    contentType,
    url: claims ? linkUrl('file', { ...claims, act: id }, links) : null,
    picture: isForStaff ? (pictures.get(id) ?? null) : null,
  });
  const request = dossier && (isForStaff ? dossier.request : toldRequest(ground, dossier));
  const own = kind === 'my_requests' ? await ownRequests(ground, mail, links) : null;
  return {
    kind,
    language: languageOf(town, to, dossier),
    town: {
      name: town.name,
      mailbox: town.mailbox,
      desk: officeView(town, DESK),
      court: town.court,
      officer: town.dataProtectionOfficer,
    },
    to: {
      name: to.name,
      role: to.role,
      officeName: officeBehind(town, to),
    },
    request: request && requestView(ground, request),
    facts,
    holder: officeView(town, facts.holder ?? request?.holder ?? DESK),
    previousHolder: facts.previousHolder === undefined ? null : officeView(town, facts.previousHolder),
    actorOffice: actorOffice(town, facts),
    author: authorBehind(town, kind, facts),
    message: message ? { ...messageView(message, shown), authorName: message.authorName, at: message.at } : null,
    yourWords: QUOTES_CITIZEN.has(kind) && !isForStaff ? citizensWords(dossier) : null,
    original: original ? { text: original.text, files: otherFiles(dossier, original, mail.messageRef, shown) } : null,
    history: isForStaff && dossier ? dossier.events.map((event) => historyView(town, event)) : [],
    links: own ? own.links : linksOf(ground, mail, to, dossier, claims, links),
    commandCard: mail.kind === 'command_help' ? COMMAND_CARD : [],
    requests: own && own.requests,
    report: kind === 'status_report' ? await reportView(ground, mail, links) : null,
    basket: kind === 'basket' ? await basketView(ground, mail, to, links) : null,
    month: kind === 'monthly_report' ? await monthView(ground, mail, links) : null,
    deletion: await deletionView(ground, mail, links),
    now: ground.clock.now(),
  };
}

/** What the clock writes to a citizen, it writes for whoever answers for the office. */
const FOR_OFFICE: readonly MailKind[] = ['citizen_reminder', 'lapsed_citizen'];

function authorBehind(town: Town, kind: MailKind, facts: MailFacts): MailView['author'] {
  if (FOR_OFFICE.includes(kind)) return authorOf(town, facts.holder ?? DESK, '');
  const isByStaff = isStaff((facts.actorRole ?? 'system') as Role);
  return isByStaff ? authorOf(town, facts.actorDepartment ?? DESK, facts.actorName ?? '') : null;
}

/** A reminder says again what had been asked. */
function askedWords(kind: MailKind, dossier: Dossier | null): MailFacts {
  if (kind !== 'citizen_reminder') return {};
  const asked = dossier?.events.findLast(({ action }) => action === 'request_correction');
  return { comment: asked?.comment ?? '' };
}

/** Agents read French; a citizen what their request says, else what the town says. */
function languageOf(town: Town, { role }: Person, dossier: Dossier | null): Language {
  if (role !== 'citizen') return 'fr';
  return (dossier?.request.citizenLanguage as Language | '' | undefined) || town.citizenLanguage;
}

/** Mails about what the citizen asked, to the address that asked. */
const QUOTES_CITIZEN: ReadonlySet<MailKind> = new Set<MailKind>([
  'acknowledgement',
  'taken_in_charge',
  'transferred_citizen',
  'correction',
  'citizen_reminder',
  'decision',
  'message',
  'answer',
  'dropped',
  'lapsed_citizen',
  'duplicate',
  'reoriented',
  'withdrawn_citizen',
]);

function citizensWords(dossier: Dossier | null): MailView['yourWords'] {
  const last = dossier?.messages.findLast(({ kind, text }) => kind === 'inbound' && text.trim() !== '');
  return last === undefined ? null : { text: last.text, at: last.at };
}

/** Digits are opened for their mail alone. */
function openedFacts(facts: MailFacts, { secrets }: LinkSettings): MailFacts {
  const { sealed, codeId, ...others } = facts;
  if (typeof sealed !== 'string' || typeof codeId !== 'string') return facts;
  return { ...others, code: openCode(sealed, codeId, secrets) };
}

function linksOf(
  ground: Ground,
  mail: ClaimedMail,
  to: Person,
  dossier: Dossier | null,
  claims: LinkClaims | undefined,
  links: LinkSettings,
): MailView['links'] {
  const kind = mail.kind as MailKind;
  if (TELLS_OF_HELD.includes(kind)) return heldLinks(mail, to, ground.config.schedule.linkDays, links);
  if (!claims || !dossier) return [];
  const linksFor = to.role === 'citizen' ? citizenLinks : actionLinks;
  return linksFor(ground, kind, dossier, to, claims, links);
}

/** What a mail is about comes first, while it can be done. */
const FIRST: Partial<Record<MailKind, Action>> = { receipt: 'undo', reply_received: 'undo', draft_saved: 'answer' };

function actionLinks(
  ground: Ground,
  kind: MailKind,
  dossier: Dossier,
  to: Person,
  claims: LinkClaims,
  links: LinkSettings,
) {
  const state = stateOfDossier(ground, dossier);
  // Whoever lost the request is told so; a link would only say it again.
  if (!maySee(state, to)) return [];
  const actions = ['view', ...actionsOpenTo(state, to, ground.config, ground.clock.now())];
  const wanted = FIRST[kind] ?? 'view';
  const first = actions.includes(wanted) ? wanted : 'view';
  return [first, ...actions.filter((action) => action !== first)].map((action) => ({
    action,
    url: linkUrl('action', { ...claims, act: action }, links),
  }));
}

function requestView({ config }: Ground, request: Dossier['request']): RequestView {
  const category = config.categories.find(({ id }) => id === request.category);
  const agent = config.town.agents.find(({ address }) => address === request.assignee);
  const procedure = procedureOf(request.category, config);
  const { regime, legalBasis } = procedure;
  const decidesOn = request.silenceOn ?? silenceDecidesOn(request.receivedAt, procedure, config.town.timeZone);
  return {
    ...request,
    categoryName: category?.name ?? null,
    assigneeName: agent?.name ?? null,
    silence: { regime, decidesOn, legalBasis },
  };
}

type Shown = (file: DossierMessage['attachments'][number]) => FileView;

function messageView(message: DossierMessage, shown: Shown): { text: string; files: FileView[] } {
  return { text: message.text, files: message.attachments.map(shown) };
}

/** All pieces of the request, but those that the mail shows beside its message. */
function otherFiles(
  dossier: Dossier | null,
  original: DossierMessage,
  ownMessage: string | null,
  shown: Shown,
): FileView[] {
  const messages = (dossier?.messages ?? []).filter(({ id }) => id === original.id || id !== ownMessage);
  return messages.flatMap((message) => message.attachments.map(shown));
}

function historyView(town: Town, event: Dossier['events'][number]): HistoryView {
  const { at, action, actorName, statusBefore, statusAfter, comment } = event;
  const isOffice = event.actorRole === 'desk' || event.actorRole === 'department';
  return {
    at,
    action,
    actorName,
    actorOffice: isOffice ? officeOf(town, event.actorDepartment ?? DESK).name : '',
    statusBefore,
    statusAfter,
    comment,
  };
}

function officeView(town: Town, holder: HolderId): OfficeView {
  const { name, address, phone, postalAddress } = officeOf(town, holder);
  return { id: departmentOf(town, holder) ? holder : DESK, name, address, phone, postalAddress };
}

/** An agent's own mailbox is nobody else's. */
function officeBehind(town: Town, { role, department, address }: Person): string {
  const office = officeOf(town, department ?? DESK);
  return role === 'department' && address === office.address ? office.name : '';
}

function actorOffice(town: Town, facts: MailFacts): string {
  if (facts.actorRole === 'desk') return town.desk.name;
  return departmentOf(town, facts.actorDepartment ?? null)?.name ?? '';
}

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
import { loadReport } from '../store/reports.ts';
import type { Ground } from '../store/store.ts';
import { citizenLinks, ownRequests, toldRequest } from './citizen-links.ts';
import type { LinkSettings } from './compose.ts';
import { deletionView } from './deletion-view.ts';
import { heldLinks, TELLS_OF_HELD } from './held-link.ts';
import { linkUrl } from './link-url.ts';
import type { FileView, HistoryView, MailView, OfficeView, ReportView, RequestView } from './mail-view.ts';

/** What a template reads, from the rows: agents see the dossier and their links, citizens only what is theirs. */
export async function buildView(
  ground: Ground,
  links: LinkSettings,
  mail: ClaimedMail,
  to: Person,
  dossier: Dossier | null,
): Promise<MailView> {
  const { town } = ground.config;
  const kind = mail.kind as MailKind;
  const facts = openedFacts(mail.facts as MailFacts, links);
  const link = dossier === null ? undefined : mail.links.find(({ requestId }) => requestId === dossier.request.id);
  const claims = link && claimsOfLink(link, 'view');
  const message = dossier?.messages.find(({ id }) => id === mail.messageRef);
  const isForStaff = isStaff(to.role);
  const original = isForStaff ? dossier?.messages[0] : undefined;
  const fileUrl = (attachmentId: string) => (claims ? linkUrl('file', { ...claims, act: attachmentId }, links) : null);
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
    author: isStaff((facts.actorRole ?? 'system') as Role)
      ? authorOf(town, facts.actorDepartment ?? DESK, facts.actorName ?? '')
      : null,
    message: message ? { ...messageView(message, fileUrl), authorName: message.authorName, at: message.at } : null,
    yourWords: QUOTES_CITIZEN.has(kind) && !isForStaff ? citizensWords(dossier) : null,
    original: original ? { text: original.text, files: otherFiles(dossier, original, mail.messageRef, fileUrl) } : null,
    history: isForStaff && dossier ? dossier.events.map((event) => historyView(town, event)) : [],
    links: own ? own.links : linksOf(ground, mail, to, dossier, claims, links),
    commandCard: mail.kind === 'command_help' ? COMMAND_CARD : [],
    requests: own && own.requests,
    report: kind === 'status_report' ? await reportView(ground, mail, links) : null,
    deletion: await deletionView(ground, mail, links),
    now: ground.clock.now(),
  };
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
  'decision',
  'message',
  'answer',
  'dropped',
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
  const decidesOn = silenceDecidesOn(request.receivedAt, procedure, config.town.timeZone);
  return {
    ...request,
    categoryName: category?.name ?? null,
    assigneeName: agent?.name ?? null,
    silence: { regime, decidesOn, legalBasis },
  };
}

function messageView(
  message: DossierMessage,
  fileUrl: (id: string) => string | null,
): { text: string; files: FileView[] } {
  const files = message.attachments.map(({ id, fileName, size, contentType }) => ({
    fileName,
    size,
    contentType,
    url: fileUrl(id),
  }));
  return { text: message.text, files };
}

/** All pieces of the request, but those that the mail shows beside its message. */
function otherFiles(
  dossier: Dossier | null,
  original: DossierMessage,
  shown: string | null,
  fileUrl: (id: string) => string | null,
): FileView[] {
  const messages = (dossier?.messages ?? []).filter(({ id }) => id === original.id || id !== shown);
  return messages.flatMap((message) => messageView(message, fileUrl).files);
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

async function reportView(ground: Ground, mail: ClaimedMail, links: LinkSettings): Promise<ReportView> {
  const { late, ...report } = await loadReport(
    ground,
    mail.links.map(({ requestId }) => requestId),
  );
  return {
    ...report,
    late: late.flatMap(({ id, holder, dueAt, ...request }) => {
      const link = mail.links.find(({ requestId }) => requestId === id);
      if (link === undefined || dueAt === null) return [];
      const url = linkUrl('action', claimsOfLink(link, 'view'), links);
      return [{ ...request, dueAt, holderName: officeOf(ground.config.town, holder).name, url }];
    }),
  };
}

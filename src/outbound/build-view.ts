import { signLink, type LinkClaims } from '../action-link.ts';
import { actionsOpenTo } from '../domain/standing.ts';
import type { MailFacts } from '../domain/decision.ts';
import { departmentOf, DESK, isStaff, officeOf, type HolderId, type Person, type Town } from '../domain/people.ts';
import { maySee } from '../domain/request.ts';
import { COMMAND_CARD } from '../domain/reply-command-words.ts';
import type { MailKind } from '../domain/workflow.ts';
import { stateOfDossier, type Dossier, type DossierMessage } from '../store/dossiers.ts';
import type { ClaimedMail } from '../store/outbound-emails.ts';
import { loadReport } from '../store/reports.ts';
import type { Ground } from '../store/store.ts';
import type { LinkSettings } from './compose.ts';
import { heldLinks, TELLS_OF_HELD } from './held-link.ts';
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
  const facts = mail.facts as MailFacts;
  const link = dossier === null ? undefined : mail.links.find(({ requestId }) => requestId === dossier.request.id);
  const claims = link && claimsOf(link);
  const message = dossier?.messages.find(({ id }) => id === mail.messageRef);
  const isForStaff = isStaff(to.role);
  const original = isForStaff ? dossier?.messages[0] : undefined;
  const fileUrl = (attachmentId: string) =>
    claims ? `${links.publicUrl}/f/${signLink('file', { ...claims, act: attachmentId }, links.secrets)}` : null;
  return {
    kind,
    town: { name: town.name, mailbox: town.mailbox, desk: officeView(town, DESK) },
    to: {
      name: to.name,
      role: to.role,
      officeName: to.role === 'department' ? officeOf(town, to.department ?? DESK).name : '',
    },
    request: dossier && requestView(ground, dossier),
    facts,
    holder: officeView(town, facts.holder ?? dossier?.request.holder ?? DESK),
    previousHolder: facts.previousHolder === undefined ? null : officeView(town, facts.previousHolder),
    actorOffice: actorOffice(town, facts),
    message: message ? { ...messageView(message, fileUrl), authorName: message.authorName, at: message.at } : null,
    original: original ? { text: original.text, files: otherFiles(dossier, original, mail.messageRef, fileUrl) } : null,
    history: isForStaff && dossier ? dossier.events.map((event) => historyView(town, event)) : [],
    links: TELLS_OF_HELD.includes(kind)
      ? heldLinks(mail, to, ground.config.schedule.linkDays, links)
      : claims && dossier
        ? actionLinks(ground, kind, dossier, to, claims, links)
        : [],
    commandCard: mail.kind === 'command_help' ? COMMAND_CARD : [],
    report: kind === 'status_report' ? await reportView(ground, mail, links) : null,
    now: ground.clock.now(),
  };
}

function actionLinks(
  ground: Ground,
  kind: string,
  dossier: Dossier,
  to: Person,
  claims: LinkClaims,
  { publicUrl, secrets }: LinkSettings,
) {
  const state = stateOfDossier(ground, dossier);
  const actions = ['view', ...(maySee(state, to) ? actionsOpenTo(state, to, ground.config, ground.clock.now()) : [])];
  // A receipt is there for its way back: while there is one, it comes first.
  const first = kind === 'receipt' && actions.includes('undo') ? 'undo' : 'view';
  return [first, ...actions.filter((action) => action !== first)].map((action) => ({
    action,
    url: `${publicUrl}/a/${signLink('action', { ...claims, act: action }, secrets)}`,
  }));
}

/** Everything in a token comes from its row: the same mail, sent again, carries the same links. */
function claimsOf(link: ClaimedMail['links'][number]): LinkClaims {
  return {
    jti: link.id,
    rid: link.requestId,
    sub: link.department === null ? link.role : `${link.role}:${link.department}`,
    act: 'view',
    iat: Math.floor(link.createdAt.getTime() / 1_000),
    exp: Math.floor(link.expiresAt.getTime() / 1_000),
  };
}

function requestView({ config }: Ground, { request }: Dossier): RequestView {
  const category = config.categories.find(({ id }) => id === request.category);
  return { ...request, categoryName: category?.name ?? null };
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

function actorOffice(town: Town, facts: MailFacts): string {
  if (facts.actorRole === 'desk') return town.desk.name;
  return departmentOf(town, facts.actorDepartment ?? null)?.name ?? '';
}

async function reportView(
  ground: Ground,
  mail: ClaimedMail,
  { publicUrl, secrets }: LinkSettings,
): Promise<ReportView> {
  const { late, ...report } = await loadReport(
    ground,
    mail.links.map(({ requestId }) => requestId),
  );
  return {
    ...report,
    late: late.flatMap(({ id, holder, dueAt, ...request }) => {
      const link = mail.links.find(({ requestId }) => requestId === id);
      if (link === undefined || dueAt === null) return [];
      const url = `${publicUrl}/a/${signLink('action', claimsOf(link), secrets)}`;
      return [{ ...request, dueAt, holderName: officeOf(ground.config.town, holder).name, url }];
    }),
  };
}

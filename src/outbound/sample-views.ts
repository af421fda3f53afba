import { COMMAND_CARD } from '../domain/reply-command-words.ts';
import type { Role } from '../domain/people.ts';
import { MAIL_KINDS, type MailKind } from '../domain/workflow.ts';
import { TELLS_OF_HELD } from './held-link.ts';
import type { Regime } from '../domain/silence.ts';
import type { FileView, MailView, OfficeView, SilenceView } from './mail-view.ts';
import { sampleDeletion } from './sample-deletion.ts';
import { sampleFacts } from './sample-facts.ts';

/** Samples of every mail, as the town hall would send them, with every text of a person taken from `Words`. */

export interface Words {
  text: string;
  subject: string;
  name: string;
  fileName: string;
}

export const ORDINARY: Words = {
  text: "Bonjour,\n\nLe lampadaire devant le 12 rue des Lilas est éteint depuis lundi.\nPouvez-vous le faire réparer ?\n\nMerci d'avance,\nJean Dupont",
  subject: 'Lampadaire éteint rue des Lilas',
  name: 'Jean Dupont',
  fileName: 'photo du lampadaire.jpg',
};

const CITIZENS: readonly MailKind[] = [
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
  'reopened_citizen',
  'confirm_address',
  'address_changed',
  'follow_link',
  'my_requests',
];

const STAFF: Partial<Record<MailKind, readonly Role[]>> = {
  new_request: ['desk'],
  transferred: ['department'],
  sent_back: ['desk'],
  arbitration: ['supervisor'],
  reply_received: ['desk', 'department'],
  decision_copy: ['desk'],
  receipt: ['desk', 'department'],
  internal_message: ['desk', 'department'],
  reminder: ['desk', 'department'],
  status_report: ['supervisor'],
  deletion_notice: ['supervisor'],
  deletion_report: ['supervisor'],
  undelivered: ['desk'],
  held_email: ['desk'],
  confirm_email: ['desk', 'department', 'supervisor'],
  not_done: ['desk', 'department', 'supervisor'],
  fresh_link: ['desk', 'department', 'supervisor'],
  forward_help: ['desk', 'department'],
  command_done: ['desk', 'department'],
  command_help: ['desk', 'department'],
  assignment: ['desk', 'department'],
  recalled: ['department'],
  resumed: ['desk', 'department'],
  withdrawn: ['desk', 'department'],
  reopened: ['desk', 'department'],
  mention: ['desk', 'department', 'supervisor'],
  mention_unknown: ['desk', 'department', 'supervisor'],
  invitation: ['department'],
  draft_saved: ['desk', 'department'],
  code: ['citizen', 'desk', 'department'],
};

/** These close a request for the citizen: they also say how to reopen it. */
export const CLOSES_FOR_CITIZEN: readonly MailKind[] = ['decision', 'answer', 'dropped', 'duplicate', 'reoriented'];

const CLOSED_AS: Partial<Record<MailKind, string>> = {
  decision: 'refused',
  decision_copy: 'refused',
  receipt: 'refused',
  answer: 'answered',
  dropped: 'dropped',
  duplicate: 'duplicate',
  reoriented: 'reoriented',
  withdrawn: 'withdrawn',
  withdrawn_citizen: 'withdrawn',
};

/** Every kind with everybody who may receive it. */
export const PLAUSIBLE: { kind: MailKind; role: Role }[] = MAIL_KINDS.flatMap((kind) =>
  (CITIZENS.includes(kind) ? (['citizen'] as const) : (STAFF[kind] ?? [])).map((role) => ({ kind, role })),
);

const DESK: OfficeView = {
  id: 'desk',
  name: 'Accueil',
  address: 'accueil@plassans.fr',
  phone: '04 42 00 00 10',
  postalAddress: 'Hôtel de ville, 1 place de la Mairie, 13100 Plassans',
};
const ROADS: OfficeView = {
  id: 'voirie',
  name: 'Voirie',
  address: 'voirie@plassans.fr',
  phone: '04 42 00 00 20',
  postalAddress: 'Centre technique, 12 chemin du Moulin, 13100 Plassans',
};
const WITHOUT_REQUEST: readonly MailKind[] = [
  'status_report',
  'deletion_notice',
  'deletion_report',
  'held_email',
  'confirm_email',
  'forward_help',
  'my_requests',
];
/** To an address that leads nowhere any more, or to whoever lost the request. */
const WITHOUT_LINK: readonly MailKind[] = ['code', 'address_changed', 'recalled'];
const HELD_BY_DESK: readonly MailKind[] = [
  'acknowledgement',
  'new_request',
  'sent_back',
  'arbitration',
  'recalled',
  'dropped',
  'my_requests',
];

/** Mails about what the citizen asked, as opposed to their address, their links, their codes. */
function actsForCitizen(kind: MailKind): boolean {
  return !['confirm_address', 'address_changed', 'follow_link', 'my_requests', 'code', 'reopened_citizen'].includes(
    kind,
  );
}

const SILENCE: Record<Regime, SilenceView> = {
  rejection: {
    regime: 'rejection',
    decidesOn: '2026-06-06',
    legalBasis: "article L. 231-4 du code des relations entre le public et l'administration",
  },
  acceptance: { regime: 'acceptance', decidesOn: '2026-06-06', legalBasis: "article R.* 424-1 du code de l'urbanisme" },
  information: { regime: 'information', decidesOn: null, legalBasis: '' },
};

/** As long as a real signed link. */
function url(action: string): string {
  return `https://guichet.plassans.fr/a/${action}.${'eyJhbGciOiJIUzI1NiJ9'.repeat(14)}.${'s'.repeat(43)}`;
}

export function sampleView(
  kind: MailKind,
  role: Role,
  words: Words = ORDINARY,
  regime: Regime = 'rejection',
): MailView {
  const isCitizen = role === 'citizen';
  const holder = HELD_BY_DESK.includes(kind) || (kind === 'reminder' && role === 'desk') ? DESK : ROADS;
  const files = (role: string): FileView[] => [
    { fileName: words.fileName, size: 1_420_000, contentType: 'image/jpeg', url: isCitizen ? null : url(role) },
  ];
  const outcome = CLOSED_AS[kind] ?? null;
  const isNew = !['taken_in_charge', 'message', 'reply_received', 'resumed', 'assignment', 'draft_saved'].includes(
    kind,
  );
  const carries = ['message', 'reply_received', 'internal_message', 'answer', 'mention', 'reopened'].includes(kind);
  return {
    kind,
    language: 'fr',
    town: {
      name: 'Mairie de Plassans',
      mailbox: 'mairie@plassans.fr',
      desk: DESK,
      court: {
        name: 'Tribunal administratif de Marseille',
        postalAddress: '31 rue Jean-François Leca, 13002 Marseille',
      },
      officer: { name: 'Délégué à la protection des données de Plassans', address: 'dpo@plassans.fr' },
    },
    to: {
      name: isCitizen ? words.name : role === 'department' ? 'Voirie' : 'Accueil',
      role,
      officeName: isCitizen
        ? ''
        : role === 'department'
          ? 'Voirie'
          : role === 'desk'
            ? 'Accueil'
            : 'Direction générale',
    },
    request: WITHOUT_REQUEST.includes(kind)
      ? null
      : {
          reference: '2026-000021',
          subject: words.subject,
          status:
            outcome !== null ? 'closed' : kind === 'correction' ? 'awaiting_citizen' : isNew ? 'new' : 'in_progress',
          statusSince: new Date('2026-04-07T07:30:00Z'),
          outcome,
          citizenName: words.name,
          citizenAddress: 'jean.dupont@example.org',
          categoryName: 'Éclairage public',
          assigneeName: kind === 'assignment' ? 'Jeanne Martin' : null,
          receivedAt: new Date('2026-04-06T12:05:00Z'),
          dueAt: new Date('2026-04-09T22:00:00Z'),
          undeliverable: kind === 'undelivered',
          silence: SILENCE[regime],
        },
    facts: sampleFacts(kind, words),
    holder,
    previousHolder: kind === 'sent_back' || kind === 'recalled' ? ROADS : DESK,
    actorOffice: ['transferred', 'transferred_citizen', 'recalled'].includes(kind)
      ? 'Accueil'
      : ['withdrawn', 'reopened', 'reopened_citizen'].includes(kind)
        ? ''
        : 'Voirie',
    author:
      isCitizen && actsForCitizen(kind)
        ? { name: 'Jeanne Martin', title: 'technicienne de la voirie', isNamed: true }
        : null,
    yourWords: isCitizen && actsForCitizen(kind) ? { text: words.text, at: new Date('2026-04-06T12:05:00Z') } : null,
    message: carries
      ? { text: words.text, authorName: words.name, at: new Date('2026-04-08T08:00:00Z'), files: files('file/message') }
      : null,
    original: isCitizen || WITHOUT_REQUEST.includes(kind) ? null : { text: words.text, files: files('file/original') },
    history: isCitizen
      ? []
      : [
          step('receive', words.name, '', ''),
          step('transfer', 'Accueil', 'Accueil', words.text),
          step('take_charge', 'Jeanne Martin', 'Voirie', ''),
          step('reminder', '', '', ''),
        ],
    links: linksOf(kind, role).map((action) => ({ action, url: url(action) })),
    commandCard: kind === 'command_help' ? COMMAND_CARD : [],
    requests: kind === 'my_requests' ? ownRequests(words) : null,
    report: kind === 'status_report' ? aReport(words) : null,
    deletion: sampleDeletion(kind, url),
    now: new Date('2026-04-13T06:00:00Z'),
  };
}

function linksOf(kind: MailKind, role: Role): string[] {
  if (TELLS_OF_HELD.includes(kind)) return ['view_held'];
  if (WITHOUT_REQUEST.includes(kind) || WITHOUT_LINK.includes(kind)) return [];
  if (kind === 'confirm_address') return ['confirm_address'];
  if (CLOSES_FOR_CITIZEN.includes(kind)) return ['follow', 'reopen'];
  if (role === 'citizen') return ['follow', 'citizen_reply', 'withdraw'];
  if (kind === 'draft_saved') return ['draft', 'view', 'answer', 'hold'];
  return ['view', 'take_charge', 'hold', 'accept', 'refuse', 'note', 'milestone'];
}

function ownRequests(words: Words): NonNullable<MailView['requests']> {
  const row = { subject: words.subject, receivedAt: new Date('2026-04-06T12:05:00Z') };
  return [
    { ...row, reference: '2026-000021', status: 'in_progress', outcome: null, url: url('follow/21') },
    { ...row, reference: '2026-000003', status: 'closed', outcome: 'answered', url: url('follow/3') },
  ];
}

function step(action: string, actorName: string, actorOffice: string, comment: string) {
  const at = new Date('2026-04-06T12:05:00Z');
  return { at, action, actorName, actorOffice, statusBefore: null, statusAfter: 'new', comment };
}

function aReport(words: Words): NonNullable<MailView['report']> {
  const late = ['2026-000003', '2026-000021'].map((reference) => ({
    reference,
    subject: words.subject,
    status: 'new',
    holderName: 'Voirie',
    receivedAt: new Date('2026-03-02T09:00:00Z'),
    dueAt: new Date('2026-03-06T09:00:00Z'),
    url: url(reference),
  }));
  const counts = {
    open: 14,
    new: 5,
    inProgress: 6,
    awaitingCitizen: 2,
    onHold: 1,
    late: 2,
    closedThisWeek: 9,
    receivedThisWeek: 11,
  };
  return { counts, archivedEmails: 3, heldEmails: 1, late };
}

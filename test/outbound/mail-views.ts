import { COMMAND_CARD } from '../../src/domain/reply-command-words.ts';
import type { MailFacts } from '../../src/domain/decision.ts';
import type { Role } from '../../src/domain/people.ts';
import { MAIL_KINDS, type MailKind } from '../../src/domain/workflow.ts';
import { TELLS_OF_HELD } from '../../src/outbound/held-link.ts';
import type { FileView, MailView, OfficeView } from '../../src/outbound/mail-view.ts';

/** Mails as the town hall would send them, with every text of a person taken from `Words`. */

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
  undelivered: ['desk'],
  held_email: ['desk'],
  confirm_email: ['desk', 'department', 'supervisor'],
  not_done: ['desk', 'department', 'supervisor'],
  fresh_link: ['desk', 'department', 'supervisor'],
  forward_help: ['desk', 'department'],
  command_done: ['desk', 'department'],
  command_help: ['desk', 'department'],
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
const WITHOUT_REQUEST: readonly MailKind[] = ['status_report', 'held_email', 'confirm_email', 'forward_help'];
const HELD_BY_DESK: readonly MailKind[] = ['acknowledgement', 'new_request', 'sent_back', 'arbitration'];

/** As long as a real signed link. */
function url(action: string): string {
  return `https://guichet.plassans.fr/a/${action}.${'eyJhbGciOiJIUzI1NiJ9'.repeat(14)}.${'s'.repeat(43)}`;
}

export function aMailView(kind: MailKind, role: Role, words: Words = ORDINARY): MailView {
  const isCitizen = role === 'citizen';
  const holder = HELD_BY_DESK.includes(kind) || (kind === 'reminder' && role === 'desk') ? DESK : ROADS;
  const files = (role: string): FileView[] => [
    { fileName: words.fileName, size: 1_420_000, contentType: 'image/jpeg', url: isCitizen ? null : url(role) },
  ];
  const isClosed = kind === 'decision' || kind === 'decision_copy' || kind === 'receipt';
  const isNew = !isClosed && kind !== 'taken_in_charge' && kind !== 'message' && kind !== 'reply_received';
  const carries = ['message', 'reply_received', 'internal_message'].includes(kind);
  return {
    kind,
    town: { name: 'Mairie de Plassans', mailbox: 'mairie@plassans.fr', desk: DESK },
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
          status: isClosed ? 'closed' : kind === 'correction' ? 'awaiting_citizen' : isNew ? 'new' : 'in_progress',
          statusSince: new Date('2026-04-07T07:30:00Z'),
          outcome: isClosed ? 'refused' : null,
          citizenName: words.name,
          citizenAddress: 'jean.dupont@example.org',
          categoryName: 'Éclairage public',
          receivedAt: new Date('2026-04-06T12:05:00Z'),
          dueAt: new Date('2026-04-09T22:00:00Z'),
          undeliverable: kind === 'undelivered',
        },
    facts: factsOf(kind, words),
    holder,
    previousHolder: kind === 'sent_back' ? ROADS : DESK,
    actorOffice: ['transferred', 'transferred_citizen'].includes(kind) ? 'Accueil' : 'Voirie',
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
    links:
      isCitizen || (WITHOUT_REQUEST.includes(kind) && !TELLS_OF_HELD.includes(kind))
        ? []
        : TELLS_OF_HELD.includes(kind)
          ? [{ action: 'view_held', url: url('view_held') }]
          : ['view', 'take_charge', 'accept', 'refuse', 'note'].map((action) => ({ action, url: url(action) })),
    commandCard: kind === 'command_help' ? COMMAND_CARD : [],
    report: kind === 'status_report' ? aReport(words) : null,
    now: new Date('2026-04-13T06:00:00Z'),
  };
}

function step(action: string, actorName: string, actorOffice: string, comment: string) {
  const at = new Date('2026-04-06T12:05:00Z');
  return { at, action, actorName, actorOffice, statusBefore: null, statusAfter: 'new', comment };
}

function factsOf(kind: MailKind, words: Words): MailFacts {
  const common = { action: 'note', comment: words.text, actorName: 'Jeanne Martin', actorRole: 'department' };
  const opening = { action: 'receive', holder: 'desk' };
  const special: Partial<Record<MailKind, MailFacts>> = {
    acknowledgement: opening,
    new_request: opening,
    reply_received: { action: 'citizen_reply', comment: words.text, actorName: words.name, actorRole: 'citizen' },
    decision: { ...common, outcome: 'refused' },
    decision_copy: { ...common, outcome: 'refused' },
    receipt: {
      ...common,
      outcome: 'refused',
      undoUntil: '2026-04-07T07:31:00.000Z',
      citizenToldAt: '2026-04-07T07:31:00.000Z',
    },
    reminder: { action: 'reminder', number: 2, status: 'new' },
    undelivered: {
      failedKind: 'decision',
      failedName: words.name,
      failedAddress: 'jean.dupont@example.org',
      failedRole: 'citizen',
      answer: `550 5.1.1 ${words.subject}`,
    },
    held_email: {
      reason: 'ambiguous',
      from: `${words.name} <jean.dupont@example.org>`,
      subject: words.subject,
      receivedAt: '2026-04-06T12:05:00.000Z',
      inboundId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      excerpt: words.text,
      suggestedReference: '2026-000021',
    },
    confirm_email: {
      subject: words.subject,
      receivedAt: '2026-04-06T12:05:00.000Z',
      inboundId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      excerpt: words.text,
    },
    not_done: { ...common, refusal: 'closed_already' },
    forward_help: { subject: words.subject, receivedAt: '2026-04-06T12:05:00.000Z' },
    command_done: { ...common, action: 'accept', echo: 'accepté' },
    command_help: { ...common, near: words.subject, suggestions: 'accepté\nrefusé : …' },
  };
  return special[kind] ?? common;
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

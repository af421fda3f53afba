import { COMMAND_CARD } from '../domain/reply-command-words.ts';
import type { Role } from '../domain/people.ts';
import { MAIL_KINDS, type MailKind } from '../domain/workflow.ts';
import { TELLS_OF_HELD } from './held-link.ts';
import type { Regime } from '../domain/silence.ts';
import type { FileView, MailView, PictureView } from './mail-view.ts';
import { sampleDeletion } from './sample-deletion.ts';
import { sampleFacts } from './sample-facts.ts';
import { DESK, ROADS, SAMPLE_TOWN, SILENCE } from './sample-town.ts';
import { ORDINARY, type Words } from './sample-words.ts';
import { aBasket, aMonth, aReport } from './sample-reports.ts';

/** Samples of every mail, as the town hall would send them, with every text of a person taken from `Words`. */

const CITIZENS: readonly MailKind[] = [
  'acknowledgement',
  'taken_in_charge',
  'transferred_citizen',
  'correction',
  'citizen_reminder',
  'lapsed_citizen',
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
  legal_alarm: ['desk', 'department', 'supervisor'],
  reminder: ['desk', 'department', 'supervisor'],
  citizen_silent: ['desk', 'department'],
  basket: ['desk', 'department'],
  status_report: ['supervisor'],
  monthly_report: ['supervisor'],
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
  config_changed: ['supervisor'],
  config_refused: ['supervisor'],
  preview: ['supervisor'],
};

/** These close a request for the citizen: they also say how to reopen it. */
export const CLOSES_FOR_CITIZEN: readonly MailKind[] = [
  'decision',
  'answer',
  'dropped',
  'lapsed_citizen',
  'duplicate',
  'reoriented',
];

const CLOSED_AS: Partial<Record<MailKind, string>> = {
  decision: 'refused',
  decision_copy: 'refused',
  receipt: 'refused',
  command_done: 'accepted',
  answer: 'answered',
  dropped: 'dropped',
  lapsed_citizen: 'dropped',
  duplicate: 'duplicate',
  reoriented: 'reoriented',
  withdrawn: 'withdrawn',
  withdrawn_citizen: 'withdrawn',
};

/** Every kind with everybody who may receive it. */
export const PLAUSIBLE: { kind: MailKind; role: Role }[] = MAIL_KINDS.flatMap((kind) =>
  (CITIZENS.includes(kind) ? (['citizen'] as const) : (STAFF[kind] ?? [])).map((role) => ({ kind, role })),
);

const WITHOUT_REQUEST: readonly MailKind[] = [
  'basket',
  'monthly_report',
  'status_report',
  'deletion_notice',
  'deletion_report',
  'held_email',
  'confirm_email',
  'forward_help',
  'my_requests',
  'config_changed',
  'config_refused',
  'preview',
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

const IN_PROGRESS: readonly MailKind[] = [
  ...(['taken_in_charge', 'message', 'reply_received', 'resumed', 'assignment', 'draft_saved'] as const),
  'citizen_silent',
];
const AWAITED: readonly MailKind[] = ['correction', 'citizen_reminder'];

/** Mails about what the citizen asked, as opposed to their address, their links, their codes. */
function actsForCitizen(kind: MailKind): boolean {
  return !['confirm_address', 'address_changed', 'follow_link', 'my_requests', 'code', 'reopened_citizen'].includes(
    kind,
  );
}

/** Where nothing more has happened yet. */
const STEPS_SO_FAR: Partial<Record<MailKind, number>> = { new_request: 1, transferred: 2, assignment: 2 };

/** As it is shown, half its size in pixels. */
export const SAMPLE_PICTURE: PictureView = { cid: `${'5a'.repeat(16)}@plassans.fr`, width: 160, height: 120 };

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
    {
      fileName: words.fileName,
      size: 1_420_000,
      contentType: 'image/jpeg',
      url: isCitizen ? null : url(role),
      picture: isCitizen ? null : SAMPLE_PICTURE,
    },
  ];
  const outcome = CLOSED_AS[kind] ?? null;
  const isNew = !IN_PROGRESS.includes(kind);
  const answer = words.answer ?? words.text;
  const isCitizens = ['reply_received', 'reopened'].includes(kind);
  const authorName = isCitizens || words.answer === undefined ? words.name : 'Jeanne Martin';
  const carries = ['message', 'reply_received', 'internal_message', 'answer', 'mention', 'reopened'].includes(kind);
  return {
    kind,
    language: 'fr',
    town: { ...SAMPLE_TOWN, desk: DESK },
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
            outcome !== null ? 'closed' : AWAITED.includes(kind) ? 'awaiting_citizen' : isNew ? 'new' : 'in_progress',
          statusSince: new Date('2026-04-07T07:30:00Z'),
          outcome,
          citizenName: words.name,
          citizenAddress: 'jean.dupont@example.org',
          categoryName: 'Éclairage public',
          assigneeName: kind === 'assignment' ? 'Jeanne Martin' : null,
          receivedAt: new Date('2026-04-06T12:05:00Z'),
          dueAt: outcome === null ? new Date('2026-04-10T07:00:00Z') : null,
          undeliverable: kind === 'undelivered',
          silence: SILENCE[regime],
          silenceOn: outcome === null ? SILENCE[regime].decidesOn : null,
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
      ? {
          text: isCitizens ? words.text : answer,
          authorName,
          at: new Date('2026-04-08T08:00:00Z'),
          files: files('file/message'),
        }
      : null,
    original: isCitizen || WITHOUT_REQUEST.includes(kind) ? null : { text: words.text, files: files('file/original') },
    history: isCitizen
      ? []
      : [
          step('receive', words.name, '', '', 0),
          step('transfer', 'Accueil', 'Accueil', answer, 1),
          step('take_charge', 'Jeanne Martin', 'Voirie', '', 19),
          step('reminder', '', '', '', 163),
        ].slice(0, STEPS_SO_FAR[kind]),
    links: linksOf(kind, role).map((action) => ({ action, url: url(action) })),
    commandCard: kind === 'command_help' ? COMMAND_CARD : [],
    requests: kind === 'my_requests' ? ownRequests(words) : null,
    report: kind === 'status_report' ? aReport(words, url) : null,
    basket: kind === 'basket' ? aBasket(words, url) : null,
    month: kind === 'monthly_report' ? aMonth(words, url) : null,
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
  // Whoever lost the request has no link to it; what is closed can be opened again.
  if (kind === 'recalled') return [];
  if (kind === 'receipt') return ['undo', 'view', 'note'];
  if (CLOSED_AS[kind] !== undefined) return ['view', 'reopen', 'note'];
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

function step(action: string, actorName: string, actorOffice: string, comment: string, hoursLater: number) {
  const at = new Date(Date.parse('2026-04-06T12:05:00Z') + hoursLater * 3_600_000);
  return { at, action, actorName, actorOffice, statusBefore: null, statusAfter: 'new', comment };
}

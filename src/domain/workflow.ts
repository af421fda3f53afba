import type { Role } from './people.ts';

/** The workflow is this table. The rules, the pages, the mails, the tests and the docs read it; nothing repeats it. */

export const STATUSES = ['new', 'in_progress', 'awaiting_citizen', 'on_hold', 'closed'] as const;
export type Status = (typeof STATUSES)[number];

export const OUTCOMES = ['accepted', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const ACTIONS = [
  'take_charge',
  'transfer',
  'send_back',
  'request_correction',
  'accept',
  'refuse',
  'undo',
  'message',
  'note',
  'citizen_reply',
  'third_party_message',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What the history also shows: the opening, and what the system noted by itself. None of these is ever chosen by a person. */
export const OCCURRENCES = ['receive', 'automatic_mail', 'reminder', 'delivery_failed', 'delivery_delayed'] as const;
export type Occurrence = (typeof OCCURRENCES)[number];

export const MAIL_KINDS = [
  'acknowledgement',
  'new_request',
  'taken_in_charge',
  'transferred',
  'transferred_citizen',
  'sent_back',
  'arbitration',
  'correction',
  'reply_received',
  'decision',
  'decision_copy',
  'receipt',
  'message',
  'internal_message',
  'reminder',
  'status_report',
  'undelivered',
  'held_email',
  'confirm_email',
  'not_done',
  'fresh_link',
  'forward_help',
  'command_done',
  'command_help',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** A colleague's words: whoever answers such a mail answers the colleague, never the citizen. */
export const COLLEAGUES_MAILS: readonly MailKind[] = ['internal_message', 'sent_back'];

/** `holder`: who holds the request after the action. `colleague`: the desk when a department acts, else the holder. */
export type Audience = 'citizen' | 'desk' | 'holder' | 'colleague' | 'supervisors';

export interface Transition {
  /** Who may: `holder` stands for whoever holds the request. */
  by: readonly (Role | 'holder')[];
  /** From which status to which. A status that is not here refuses the action. */
  moves: Partial<Record<Status, Status>>;
  /** The same, where it differs when nobody is in charge. */
  unassignedMoves?: Partial<Record<Status, Status>>;
  /** Of a closed request, back to what it was, for whoever closed it: no `moves` can say where that is. */
  restores?: true;
  holder?: 'desk' | 'chosen';
  outcome?: Outcome;
  comment: 'required' | 'optional';
  /** Whom the comment reaches: shown beside the field, and decides what becomes of it. */
  reads: 'citizen' | 'colleagues';
  /** The actor becomes the assignee. */
  assigns?: true;
  mails: readonly { kind: MailKind; to: Audience }[];
}

const toEvery = (status: Status) =>
  ({ new: status, in_progress: status, awaiting_citizen: status, on_hold: status }) satisfies Transition['moves'];
const openStays = {
  new: 'new',
  in_progress: 'in_progress',
  awaiting_citizen: 'awaiting_citizen',
  on_hold: 'on_hold',
} satisfies Transition['moves'];

export const WORKFLOW: Record<Action, Transition> = {
  take_charge: {
    by: ['holder'],
    moves: { new: 'in_progress' },
    assigns: true,
    comment: 'optional',
    reads: 'citizen',
    mails: [{ kind: 'taken_in_charge', to: 'citizen' }],
  },
  transfer: {
    by: ['desk', 'supervisor'],
    moves: toEvery('new'),
    holder: 'chosen',
    comment: 'required',
    reads: 'colleagues',
    mails: [
      { kind: 'transferred', to: 'holder' },
      { kind: 'transferred_citizen', to: 'citizen' },
    ],
  },
  request_correction: {
    by: ['holder'],
    moves: { new: 'awaiting_citizen', in_progress: 'awaiting_citizen' },
    comment: 'required',
    reads: 'citizen',
    mails: [{ kind: 'correction', to: 'citizen' }],
  },
  accept: {
    by: ['holder'],
    moves: toEvery('closed'),
    outcome: 'accepted',
    comment: 'optional',
    reads: 'citizen',
    mails: [
      { kind: 'decision', to: 'citizen' },
      { kind: 'decision_copy', to: 'desk' },
    ],
  },
  refuse: {
    by: ['holder'],
    moves: toEvery('closed'),
    outcome: 'refused',
    comment: 'required',
    reads: 'citizen',
    mails: [
      { kind: 'decision', to: 'citizen' },
      { kind: 'decision_copy', to: 'desk' },
    ],
  },
  undo: {
    by: ['desk', 'department', 'supervisor'],
    moves: {},
    restores: true,
    comment: 'optional',
    reads: 'colleagues',
    mails: [],
  },
  send_back: {
    by: ['department'],
    moves: { new: 'new', in_progress: 'new' },
    holder: 'desk',
    comment: 'required',
    reads: 'colleagues',
    mails: [{ kind: 'sent_back', to: 'desk' }],
  },
  message: {
    by: ['holder', 'desk'],
    moves: { ...openStays, new: 'in_progress' },
    comment: 'required',
    reads: 'citizen',
    mails: [{ kind: 'message', to: 'citizen' }],
  },
  note: {
    by: ['desk', 'department', 'supervisor'],
    moves: { ...openStays, closed: 'closed' },
    comment: 'required',
    reads: 'colleagues',
    mails: [{ kind: 'internal_message', to: 'colleague' }],
  },
  citizen_reply: {
    by: ['citizen'],
    moves: { ...openStays, awaiting_citizen: 'in_progress', on_hold: 'in_progress', closed: 'closed' },
    unassignedMoves: { awaiting_citizen: 'new' },
    comment: 'optional',
    reads: 'colleagues',
    mails: [{ kind: 'reply_received', to: 'holder' }],
  },
  third_party_message: {
    by: ['third_party'],
    moves: { ...openStays, closed: 'closed' },
    comment: 'optional',
    reads: 'colleagues',
    mails: [{ kind: 'reply_received', to: 'holder' }],
  },
};

/** What an agent chooses on a page, in the order it is offered. The rest happens by mail alone. */
export const PAGE_ACTIONS = ACTIONS.filter((action) =>
  WORKFLOW[action].by.some((role) => role !== 'citizen' && role !== 'third_party'),
);

export function isAction(word: string): word is Action {
  return (ACTIONS as readonly string[]).includes(word);
}

/** A request that comes back to the desk this often is a disagreement: the supervisor settles it. */
export const SEND_BACKS_BEFORE_ARBITRATION = 2;

import type { Role } from './people.ts';
import { CLOSINGS } from './workflow-closings.ts';
import { KEEPING } from './workflow-keeping.ts';
import { TREATMENT } from './workflow-treatment.ts';

/** The workflow is this table. The rules, the pages, the mails, the tests and the docs read it; nothing repeats it. */

export const STATUSES = ['new', 'in_progress', 'awaiting_citizen', 'on_hold', 'closed'] as const;
export type Status = (typeof STATUSES)[number];

export const OUTCOMES = [
  'accepted',
  'refused',
  'answered',
  'dropped',
  'duplicate',
  'reoriented',
  'withdrawn',
  'discarded',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** In the order a page offers them. */
export const ACTIONS = [
  'take_charge',
  'assign',
  'transfer',
  'send_back',
  'recall',
  'message',
  'request_correction',
  'answer',
  'accept',
  'refuse',
  'hold',
  'resume',
  'draft',
  'note',
  'attach',
  'milestone',
  'label',
  'edit',
  'share',
  'unshare',
  'freeze',
  'unfreeze',
  'merge',
  'reorient',
  'drop',
  'discard',
  'reopen',
  'undo',
  'withdraw',
  'confirm_address',
  'citizen_reply',
  'third_party_message',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What the history also shows: the opening, and what the system noted by itself. None of these is ever chosen by a person. */
export const OCCURRENCES = [
  'receive',
  'automatic_mail',
  'reminder',
  'legal_alarm',
  'citizen_reminder',
  'citizen_silent',
  'lapsed',
  'delivery_failed',
  'delivery_delayed',
  'duplicate_joined',
  'anonymise',
] as const;
export type Occurrence = (typeof OCCURRENCES)[number];

export const MAIL_KINDS = [
  'acknowledgement',
  'new_request',
  'taken_in_charge',
  'assignment',
  'transferred',
  'transferred_citizen',
  'recalled',
  'sent_back',
  'arbitration',
  'correction',
  'reply_received',
  'resumed',
  'decision',
  'decision_copy',
  'answer',
  'dropped',
  'duplicate',
  'reoriented',
  'withdrawn',
  'withdrawn_citizen',
  'reopened',
  'reopened_citizen',
  'receipt',
  'message',
  'internal_message',
  'mention',
  'mention_unknown',
  'invitation',
  'draft_saved',
  'confirm_address',
  'address_changed',
  'reminder',
  'legal_alarm',
  'citizen_reminder',
  'citizen_silent',
  'lapsed_citizen',
  'basket',
  'status_report',
  'monthly_report',
  'deletion_notice',
  'deletion_report',
  'undelivered',
  'held_email',
  'confirm_email',
  'not_done',
  'fresh_link',
  'follow_link',
  'my_requests',
  'code',
  'forward_help',
  'command_done',
  'command_help',
  'config_changed',
  'config_refused',
  'preview',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** A colleague's words: whoever answers such a mail answers the colleague, never the citizen. */
export const COLLEAGUES_MAILS: readonly MailKind[] = [
  'internal_message',
  'sent_back',
  'mention',
  'mention_unknown',
  'invitation',
  'code',
];

/**
 * `holder`: who holds the request after the action. `leaver`: the department that held it before, when it no longer
 * does. `colleague`: the desk when the holder acts, else the holder. `chosen`: the agent whom the action names.
 * `newcomer`: the address that a citizen is about to have; `citizen_before`: the one they had.
 */
export type Audience =
  | 'citizen'
  | 'desk'
  | 'holder'
  | 'leaver'
  | 'colleague'
  | 'chosen'
  | 'actor'
  | 'supervisors'
  | 'newcomer'
  | 'citizen_before';

/** What an action asks for besides words. Each has its rule in `choices.ts` and its field on the page. */
export const ASKS = [
  'department',
  'agent',
  'colleague',
  'guest',
  'until',
  'due',
  'indispensable',
  'pieces',
  'administration',
  'request',
  'milestone',
  'labels',
  'fields',
  'files',
  'told',
] as const;
export type Ask = (typeof ASKS)[number];

export interface Transition {
  /** Who may: `holder` stands for whoever holds the request, `guest` for a colleague with whom it is shared. */
  by: readonly (Role | 'holder' | 'guest')[];
  /** From which status to which. A status that is not here refuses the action. */
  moves: Partial<Record<Status, Status>>;
  /** The same, where it differs when nobody is in charge. */
  unassignedMoves?: Partial<Record<Status, Status>>;
  /** Whoever acts without holding it leaves its status as it is: it was not taken up by that. */
  onlyHolderMoves?: true;
  /** Of a closed request, back to what it was, for whoever closed it: no `moves` can say where that is. */
  restores?: true;
  /** Only while a department holds it. */
  onlyAway?: true;
  holder?: 'desk' | 'chosen';
  outcome?: Outcome;
  comment: 'required' | 'optional' | 'none';
  /** Whom the comment reaches: shown beside the field, and decides what becomes of it. */
  reads: 'citizen' | 'colleagues';
  /** Who becomes the assignee. */
  assigns?: 'actor' | 'chosen';
  asks?: readonly Ask[];
  mails: readonly { kind: MailKind; to: Audience }[];
}

export const WORKFLOW: Record<Action, Transition> = { ...TREATMENT, ...CLOSINGS, ...KEEPING };

/** What an agent chooses on a page. */
export const PAGE_ACTIONS = ACTIONS.filter((action) =>
  WORKFLOW[action].by.some((role) => role !== 'citizen' && role !== 'third_party'),
);

/** What a citizen chooses on theirs. */
export const CITIZEN_ACTIONS = ACTIONS.filter((action) => WORKFLOW[action].by.includes('citizen'));

export function isAction(word: string): word is Action {
  return (ACTIONS as readonly string[]).includes(word);
}

export function asks(action: Action, ask: Ask): boolean {
  return WORKFLOW[action].asks?.includes(ask) ?? false;
}

/** A request that comes back to the desk this often is a disagreement: the supervisor settles it. */
export const SEND_BACKS_BEFORE_ARBITRATION = 2;
/** The same for one that its citizen finds unresolved again and again. */
export const REOPENINGS_BEFORE_ARBITRATION = 2;

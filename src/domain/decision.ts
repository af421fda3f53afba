import type { Person } from './people.ts';
import type { RequestState } from './request.ts';
import type { Action, MailKind, Occurrence } from './workflow.ts';

/** What a rule answers: a value, done or refused. The store writes what is done, whole, in one transaction. */
export type Decision = Done | Refused;

export interface Done {
  done: true;
  changes: Partial<Omit<RequestState, 'reference'>>;
  event: PlannedEvent;
  message: PlannedMessage | null;
  mails: readonly PlannedMail[];
  /** An event whose mails must not leave: refused when one has left, or is leaving. */
  cancelsMailsOf?: string;
}

export interface Refused {
  done: false;
  refusal: Refusal;
}

/** Each has its sentence in the locale file. */
export const REFUSALS = [
  'closed_already',
  'status_forbids',
  'not_yours',
  'not_allowed',
  'comment_required',
  'department_unknown',
  'held_there_already',
  'no_citizen_address',
  'nothing_due',
  'not_understood',
  'undo_too_late',
  'window_over',
  'agent_unknown',
  'assigned_already',
  'colleague_unknown',
  'shared_already',
  'not_shared',
  'day_invalid',
  'administration_required',
  'request_unknown',
  'request_itself',
  'request_is_duplicate',
  'milestone_unknown',
  'label_unknown',
  'field_invalid',
  'changed_meanwhile',
  'nothing_changed',
  'nothing_pending',
  'file_required',
  'too_many_pieces',
  'deadline_required',
  'nothing_to_suspend',
  'code_needed',
  'frozen_already',
  'not_frozen',
  'forgotten',
  'still_open',
  'frozen',
  'kept_for_ever',
  'kept_longer',
  'not_announced',
  'visa_missing',
] as const;
export type Refusal = (typeof REFUSALS)[number];

export interface PlannedEvent {
  action: Action | Occurrence;
  actor: Person;
  comment: string;
  details: Record<string, string | number>;
}

export interface PlannedMessage {
  kind: 'inbound' | 'outbound' | 'note' | 'automatic';
  author: Person;
  text: string;
  elided: string;
}

export interface PlannedMail {
  kind: MailKind;
  to: Person;
  /** What only the decision knows; templates read the rest from the request. */
  facts: MailFacts;
  /** Shows the decision's own message. */
  showsMessage: boolean;
  /** It leaves at once when there is none. */
  sendAfter?: Date;
}

export interface MailFacts {
  action?: string;
  comment?: string;
  actorName?: string;
  actorRole?: string;
  actorDepartment?: string;
  holder?: string;
  previousHolder?: string;
  outcome?: string;
  [extra: string]: string | number | undefined;
}

/** Between the cells of a row; nobody types it. */
const CELL_MARK = '\u241f';

/** Rows of cells as a fact that templates split into its lines and cells. */
export function rowsOf(...rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((cells) => cells.map((cell) => String(cell).replaceAll(/\s+/g, ' ')).join(CELL_MARK)).join('\n');
}

export function refused(refusal: Refusal): Refused {
  return { done: false, refusal };
}

/**
 * The workflow once more, written from the design and not from `src/domain`: what one of them forgets, the other finds.
 */

export type Status = 'new' | 'in_progress' | 'awaiting_citizen' | 'on_hold' | 'closed';

export interface Row {
  /** `holder`: the office that holds it, `guest`: a colleague it is shared with. A department only acts on what it holds. */
  by: string;
  /** `from>to`, several with a space. */
  moves: string;
  holder?: 'desk' | 'chosen';
  outcome?: string;
  /** `kind>audience`. */
  mails?: string;
  words?: 'required';
  /** What the words become in the thread. */
  message?: 'inbound' | 'outbound' | 'note';
}

const OPEN_SAME = 'new>new in_progress>in_progress awaiting_citizen>awaiting_citizen on_hold>on_hold';
const SAME = `${OPEN_SAME} closed>closed`;
const CLOSE = 'new>closed in_progress>closed awaiting_citizen>closed on_hold>closed';
const TO_NEW = 'new>new in_progress>new awaiting_citizen>new on_hold>new';
const WRITING = 'new>in_progress in_progress>in_progress awaiting_citizen>awaiting_citizen on_hold>on_hold';
const STAFF = 'desk department supervisor';

export const TABLE: Record<string, Row> = {
  take_charge: { by: 'holder', moves: 'new>in_progress', mails: 'taken_in_charge>citizen' },
  assign: { by: 'holder supervisor', moves: OPEN_SAME, mails: 'assignment>chosen' },
  transfer: {
    by: 'desk supervisor',
    moves: TO_NEW,
    holder: 'chosen',
    words: 'required',
    mails: 'transferred>holder recalled>leaver transferred_citizen>citizen',
  },
  recall: { by: 'desk supervisor', moves: TO_NEW, holder: 'desk', words: 'required', mails: 'recalled>leaver' },
  send_back: {
    by: 'department',
    moves: 'new>new in_progress>new',
    holder: 'desk',
    words: 'required',
    mails: 'sent_back>desk',
  },
  request_correction: {
    by: 'holder',
    moves: 'new>awaiting_citizen in_progress>awaiting_citizen',
    words: 'required',
    mails: 'correction>citizen',
  },
  citizen_reply: {
    by: 'citizen',
    moves: 'new>new in_progress>in_progress awaiting_citizen>in_progress on_hold>in_progress closed>closed',
    mails: 'reply_received>holder',
    message: 'inbound',
  },
  hold: { by: 'holder', moves: 'in_progress>on_hold', words: 'required' },
  resume: { by: 'holder', moves: 'on_hold>in_progress' },
  accept: { by: 'holder', moves: CLOSE, outcome: 'accepted', mails: 'decision>citizen decision_copy>desk' },
  refuse: {
    by: 'holder',
    moves: CLOSE,
    outcome: 'refused',
    words: 'required',
    mails: 'decision>citizen decision_copy>desk',
  },
  answer: {
    by: 'holder',
    moves: CLOSE,
    outcome: 'answered',
    words: 'required',
    mails: 'answer>citizen',
    message: 'outbound',
  },
  drop: {
    by: 'desk',
    moves: CLOSE,
    holder: 'desk',
    outcome: 'dropped',
    words: 'required',
    mails: 'dropped>citizen recalled>leaver',
  },
  merge: {
    by: 'desk',
    moves: CLOSE,
    holder: 'desk',
    outcome: 'duplicate',
    mails: 'duplicate>citizen recalled>leaver',
  },
  reorient: {
    by: 'desk',
    moves: CLOSE,
    holder: 'desk',
    outcome: 'reoriented',
    words: 'required',
    mails: 'reoriented>citizen recalled>leaver',
  },
  discard: { by: 'desk', moves: CLOSE, holder: 'desk', outcome: 'discarded', mails: 'recalled>leaver' },
  withdraw: {
    by: 'citizen',
    moves: CLOSE,
    outcome: 'withdrawn',
    mails: 'withdrawn>holder withdrawn>desk withdrawn_citizen>citizen',
  },
  reopen: {
    by: 'citizen desk supervisor',
    moves: 'closed>new',
    words: 'required',
    mails: 'reopened>holder reopened>desk reopened_citizen>citizen',
  },
  message: {
    by: 'holder desk',
    moves: WRITING,
    words: 'required',
    mails: 'message>citizen',
    message: 'outbound',
  },
  draft: { by: 'holder', moves: WRITING, words: 'required', mails: 'draft_saved>actor' },
  note: {
    by: `${STAFF} guest`,
    moves: SAME,
    words: 'required',
    mails: 'internal_message>colleague',
    message: 'note',
  },
  attach: { by: `${STAFF} guest`, moves: SAME, message: 'note' },
  milestone: { by: STAFF, moves: SAME },
  label: { by: STAFF, moves: SAME },
  edit: { by: STAFF, moves: SAME, mails: 'confirm_address>newcomer address_changed>citizen_gone' },
  share: { by: STAFF, moves: SAME, mails: 'invitation>chosen' },
  unshare: { by: STAFF, moves: SAME },
  freeze: { by: 'desk supervisor', moves: SAME, words: 'required' },
  unfreeze: { by: 'desk supervisor', moves: SAME },
  confirm_address: { by: 'citizen', moves: SAME, mails: 'address_changed>citizen' },
  third_party_message: { by: 'third_party', moves: SAME, mails: 'reply_received>holder', message: 'inbound' },
  undo: { by: STAFF, moves: '' },
};

/** What nobody chooses. */
export const HAPPENINGS: Record<string, Row> = {
  receive: { by: 'citizen', moves: '', mails: 'acknowledgement>citizen new_request>desk', message: 'inbound' },
  reminder: { by: 'system', moves: 'new>new in_progress>in_progress', mails: 'reminder>holder' },
  legal_alarm: { by: 'system', moves: OPEN_SAME, mails: 'legal_alarm>holder' },
  resume: { by: 'system', moves: 'on_hold>in_progress', mails: 'resumed>holder' },
  duplicate_joined: { by: 'desk', moves: SAME },
  automatic_mail: { by: 'third_party', moves: SAME, message: 'inbound' },
};

/** Sent to whoever acted, on purpose. */
export const ECHOES = ['withdrawn_citizen', 'reopened_citizen', 'draft_saved', 'confirm_address', 'address_changed'];
/** For one person, whatever their office. */
export const PERSONAL = ['assignment', 'invitation', 'mention'];

export const UNDO_MS = 60_000;
export const REOPEN_MS = 30 * 86_400_000;

export function moveOf({ moves }: Row, status: Status): Status | null {
  const found = moves.split(' ').find((move) => move.startsWith(`${status}>`));
  return found === undefined ? null : (found.split('>')[1] as Status);
}

export function mailsOfRow({ mails = '' }: Row): { kind: string; to: string }[] {
  return mails
    .split(' ')
    .filter((mail) => mail !== '')
    .map((mail) => ({ kind: mail.split('>')[0] ?? '', to: mail.split('>')[1] ?? '' }));
}

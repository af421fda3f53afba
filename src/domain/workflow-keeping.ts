import { STAFF, stays, to } from './workflow-moves.ts';
import type { Action, Transition } from './workflow.ts';

/** The rows of the workflow that change no status: what is noted, corrected, shared. */
export const KEEPING = {
  note: {
    by: [...STAFF, 'guest'],
    moves: stays,
    comment: 'required',
    reads: 'colleagues',
    asks: ['files'],
    mails: [to('internal_message', 'colleague')],
  },
  attach: {
    by: [...STAFF, 'guest'],
    moves: stays,
    comment: 'optional',
    reads: 'colleagues',
    asks: ['files'],
    mails: [],
  },
  milestone: {
    by: STAFF,
    moves: stays,
    comment: 'optional',
    reads: 'colleagues',
    asks: ['milestone'],
    mails: [],
  },
  label: {
    by: STAFF,
    moves: stays,
    comment: 'none',
    reads: 'colleagues',
    asks: ['labels'],
    mails: [],
  },
  edit: {
    by: STAFF,
    moves: stays,
    comment: 'optional',
    reads: 'colleagues',
    asks: ['fields'],
    mails: [to('confirm_address', 'newcomer'), to('address_changed', 'citizen_before')],
  },
  share: {
    by: STAFF,
    moves: stays,
    comment: 'optional',
    reads: 'colleagues',
    asks: ['colleague'],
    mails: [to('invitation', 'chosen')],
  },
  unshare: {
    by: STAFF,
    moves: stays,
    comment: 'none',
    reads: 'colleagues',
    asks: ['guest'],
    mails: [],
  },
  confirm_address: {
    by: ['citizen'],
    moves: stays,
    comment: 'none',
    reads: 'colleagues',
    mails: [to('address_changed', 'citizen_before')],
  },
  third_party_message: {
    by: ['third_party'],
    moves: stays,
    comment: 'optional',
    reads: 'colleagues',
    mails: [to('reply_received', 'holder')],
  },
} satisfies Partial<Record<Action, Transition>>;

import { WORKFLOW, type Action } from '../domain/workflow.ts';
import type { CitizenVisit } from './citizen-access.ts';
import { valueOf, type FormInput } from './form-input.ts';
import { issueNonce } from './form-nonce.ts';
import { linkPath } from './site.ts';

/** The form of one thing that a citizen can do with their request. */

/** Field → key of the section `citizenErrors`. */
export type CitizenErrors = Partial<Record<'comment' | 'confirm', string>>;

const MAX_COMMENT = 10_000;

/** Each asks a person for one thing at least: words, a piece, or a box ticked. */
export function citizenErrors(action: Action, input: FormInput): CitizenErrors {
  const comment = valueOf(input, 'comment');
  const errors: CitizenErrors = {};
  if (comment.trim() === '') {
    if (action === 'reopen') errors.comment = 'reason_required';
    if (action === 'citizen_reply' && input.files.length === 0) errors.comment = 'words_required';
  }
  if (comment.length > MAX_COMMENT) errors.comment = 'comment_too_long';
  if (needsConfirmation(action) && valueOf(input, 'confirm') !== 'yes') errors.confirm = 'confirm_required';
  return errors;
}

/** A new nonce each time it is shown. */
export function citizenFormView(
  { site, claims }: CitizenVisit,
  action: Action,
  input: FormInput,
  errors: CitizenErrors,
) {
  return {
    action,
    path: linkPath('citizen', claims, action, site),
    nonce: issueNonce({ ...claims, act: action }, action, site, site.ground.clock.now()),
    comment: valueOf(input, 'comment'),
    isConfirmed: valueOf(input, 'confirm') === 'yes',
    filesCount: input.files.length,
    errors,
    hasErrors: Object.keys(errors).length > 0,
    maxComment: MAX_COMMENT,
    asksWords: WORKFLOW[action].comment !== 'none',
    isReasonRequired: action === 'reopen',
    asksFiles: asksFiles(action),
    needsConfirmation: needsConfirmation(action),
  };
}

export function asksFiles(action: Action): boolean {
  return action === 'citizen_reply' || action === 'reopen';
}

function needsConfirmation(action: Action): boolean {
  return action === 'withdraw' || action === 'confirm_address';
}

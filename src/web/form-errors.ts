import { isCommentRequired } from '../domain/decide.ts';
import type { Refusal } from '../domain/decision.ts';
import type { RequestState } from '../domain/request.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { asks, WORKFLOW, type Action, type Ask } from '../domain/workflow.ts';
import { commentIn, valueOf, type FormInput } from './form-input.ts';
import { isReadyMade } from './ready-text.ts';

/** What is wrong with a form: field → key of the section `pageErrors`. */
export type FormErrors = Partial<Record<FormField, string>>;

/** In the order of the page. */
export const FORM_FIELDS = [
  'form',
  'department',
  'assignee',
  'colleague',
  'guest',
  'administration',
  'original',
  'milestone',
  'labels',
  'fields',
  'pieces',
  'reason',
  'comment',
  'told',
  'until',
  'dueOn',
  'indispensable',
  'files',
  'confirm',
] as const;
export type FormField = (typeof FORM_FIELDS)[number];

export const MAX_COMMENT = 10_000;

/** Each asks a person for a choice that no default makes for them. */
const CHOSEN: readonly Ask[] = [
  'department',
  'agent',
  'colleague',
  'guest',
  'administration',
  'request',
  'milestone',
  'labels',
  'fields',
];

/** Each action asks a person for one thing at least: words, a choice, or a box ticked. */
export function formErrors(action: Action, input: FormInput, request: RequestState, rules: Rulebook): FormErrors {
  const errors: FormErrors = {};
  const comment = commentIn(input);
  const hasFiles = input.files.length > 0 && asks(action, 'files');
  if (asksTold(action, request) && !['yes', 'no'].includes(valueOf(input, 'told'))) errors.told = 'told_required';
  const isWanted = isCommentRequired(action, rules) || (action === 'take_charge' && valueOf(input, 'told') === 'yes');
  if (isWanted && comment === '' && !hasFiles) errors.comment = 'comment_required';
  if (asks(action, 'request') && valueOf(input, 'original') === '') errors.original = 'request_required';
  if (comment.length > MAX_COMMENT) errors.comment = 'comment_too_long';
  if (needsConfirmation(action, request, rules, comment) && valueOf(input, 'confirm') !== 'yes') {
    errors.confirm = 'confirm_required';
  }
  return errors;
}

export function hasErrors(errors: FormErrors): boolean {
  return Object.keys(errors).length > 0;
}

/** Whether the citizen is told is asked where there is a way to tell them. */
export function asksTold(action: Action, request: Pick<RequestState, 'citizenAddress'>): boolean {
  return asks(action, 'told') && request.citizenAddress !== '';
}

/** A box to tick: where nothing else has to be chosen or written, and where the page itself proposed the words. */
export function needsConfirmation(action: Action, request: RequestState, rules: Rulebook, comment = ''): boolean {
  if (isReadyMade(action, comment, request, rules)) return true;
  if (isCommentRequired(action, rules) || asksTold(action, request)) return false;
  if (action === 'attach') return false;
  return !(WORKFLOW[action].asks ?? []).some((ask) => CHOSEN.includes(ask));
}

/** What the rule refused, said beside the field that can mend it. */
export const FIELD_ERRORS: Partial<Record<Refusal, FormErrors>> = {
  comment_required: { comment: 'comment_required' },
  department_unknown: { department: 'department_unknown' },
  held_there_already: { department: 'held_there_already' },
  agent_unknown: { assignee: 'agent_unknown' },
  assigned_already: { assignee: 'assigned_already' },
  colleague_unknown: { colleague: 'colleague_unknown' },
  shared_already: { colleague: 'shared_already' },
  not_shared: { guest: 'guest_required' },
  administration_required: { administration: 'administration_required' },
  request_unknown: { original: 'request_unknown' },
  request_itself: { original: 'request_itself' },
  request_is_duplicate: { original: 'request_is_duplicate' },
  milestone_unknown: { milestone: 'milestone_required' },
  label_unknown: { labels: 'label_unknown' },
  field_invalid: { fields: 'field_invalid' },
  changed_meanwhile: { fields: 'changed_meanwhile' },
  nothing_changed: { form: 'nothing_changed' },
  file_required: { files: 'file_required' },
  too_many_pieces: { pieces: 'too_many_pieces' },
  deadline_required: { dueOn: 'deadline_required' },
  nothing_to_suspend: { indispensable: 'nothing_to_suspend' },
};

/** The same refusal under one of two fields. */
export function errorsOf(refusal: Refusal, action: Action): FormErrors | undefined {
  if (refusal === 'day_invalid') return action === 'hold' ? { until: 'day_invalid' } : { dueOn: 'day_invalid' };
  return FIELD_ERRORS[refusal];
}

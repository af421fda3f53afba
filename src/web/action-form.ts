import type { LinkClaims } from '../action-link.ts';
import { departmentOf, DESK, type Person, type Town } from '../domain/people.ts';
import { WORKFLOW, type Action } from '../domain/workflow.ts';
import type { Dossier } from '../store/dossiers.ts';
import { isSharedMailbox } from './access.ts';
import { issueNonce } from './form-nonce.ts';
import type { Site } from './site.ts';

/** The form of one action: what it asks, what came back, what is wrong with it. */

/** What a person sent. */
export interface FormInput {
  nonce: string;
  comment: string;
  department: string;
  isConfirmed: boolean;
  /** Who they are behind a shared mailbox. */
  agent: string;
}

/** Field → key of the section `pageErrors`. */
export type FormErrors = Partial<Record<'comment' | 'department' | 'confirm', string>>;

export const EMPTY_INPUT: FormInput = { nonce: '', comment: '', department: '', isConfirmed: false, agent: '' };

const MAX_COMMENT = 10_000;
const MAX_AGENT = 80;

export function readForm(body: unknown): FormInput {
  const fields = (body ?? {}) as Record<string, unknown>;
  const text = (name: string) => {
    const value = fields[name];
    return typeof value === 'string' ? value.replaceAll('\r\n', '\n') : '';
  };
  return {
    nonce: text('nonce'),
    comment: text('comment'),
    department: text('department'),
    isConfirmed: text('confirm') === 'yes',
    agent: text('agent').replace(/\s+/g, ' ').trim().slice(0, MAX_AGENT),
  };
}

/** Each action asks a person for one thing at least: words, a choice, or a box ticked. */
export function formErrors(action: Action, input: FormInput, town: Town): FormErrors {
  const { comment, holder } = WORKFLOW[action];
  const errors: FormErrors = {};
  if (holder === 'chosen' && !departmentOf(town, input.department)) {
    errors.department = input.department === '' ? 'department_required' : 'department_unknown';
  }
  if (comment === 'required' && input.comment.trim() === '') errors.comment = 'comment_required';
  if (input.comment.length > MAX_COMMENT) errors.comment = 'comment_too_long';
  if (needsConfirmation(action) && !input.isConfirmed) errors.confirm = 'confirm_required';
  return errors;
}

export function hasErrors(errors: FormErrors): boolean {
  return Object.keys(errors).length > 0;
}

/** A new nonce each time it is shown. */
export function formView(
  site: Site,
  claims: LinkClaims,
  action: Action,
  { person, dossier }: { person: Person; dossier: Dossier },
  input: FormInput,
  errors: FormErrors,
) {
  const { town, categories } = site.ground.config;
  const { comment, reads, holder } = WORKFLOW[action];
  const category = categories.find(({ id }) => id === dossier.request.category);
  const suggested = departmentOf(town, category?.department ?? null);
  const office = person.department ?? DESK;
  return {
    action,
    nonce: issueNonce(claims, action, site, site.ground.clock.now()),
    input: { ...input, nonce: '' },
    errors,
    hasErrors: hasErrors(errors),
    maxComment: MAX_COMMENT,
    maxAgent: MAX_AGENT,
    isCommentRequired: comment === 'required',
    reads,
    needsConfirmation: needsConfirmation(action),
    asksDepartment: holder === 'chosen',
    departments: town.departments
      .filter(({ id }) => id !== dossier.request.holder)
      .map(({ id, name }) => ({ id, name })),
    chosenDepartment: departmentOf(town, input.department)?.name ?? null,
    suggestion: suggested && suggested.id !== dossier.request.holder ? suggested.name : null,
    asksAgent: isSharedMailbox(person, town),
    agents: town.agents.filter((agent) => agent.office === office).map(({ name }) => name),
  };
}

function needsConfirmation(action: Action): boolean {
  return WORKFLOW[action].comment === 'optional' && WORKFLOW[action].holder !== 'chosen';
}

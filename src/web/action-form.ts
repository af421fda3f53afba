import type { LinkClaims } from '../action-link.ts';
import { agentsOf } from '../domain/choices.ts';
import { isCommentRequired } from '../domain/decide.ts';
import { addDays, localParts } from '../domain/local-time.ts';
import { departmentOf, DESK, personOfOffice, staffAt, type Person, type Town } from '../domain/people.ts';
import { maySee, type RequestState } from '../domain/request.ts';
import { maySuspend } from '../domain/suspension.ts';
import { asks, WORKFLOW, type Action, type Ask } from '../domain/workflow.ts';
import { isSharedMailbox } from './access.ts';
import { editFields } from './edit-fields.ts';
import { asksTold, FORM_FIELDS, hasErrors, MAX_COMMENT, needsConfirmation, type FormErrors } from './form-errors.ts';
import { administrationIn, usualSubject, valueOf, valuesOf, type FormInput } from './form-input.ts';
import { issueNonce } from './form-nonce.ts';
import { readyText, repliesFor } from './ready-text.ts';
import type { Site } from './site.ts';

/** The form of one action, as its template reads it: what it asks, what came back, what is wrong with it. */

export interface FormContext {
  person: Person;
  state: RequestState;
  /** The ready-made answer asked for; '' for none. */
  templateId: string;
}

const MAX_AGENT = 80;

/** A new nonce each time it is shown. */
export function formView(
  site: Site,
  claims: LinkClaims,
  action: Action,
  context: FormContext,
  input: FormInput,
  errors: FormErrors,
) {
  const { config, clock } = site.ground;
  const { person, state, templateId } = context;
  const isFresh = Object.keys(input.fields).length === 0;
  const comment = isFresh ? readyText(action, templateId, state, config) : valueOf(input, 'comment');
  const office = person.department ?? DESK;
  const isMailBody = action === 'take_charge' && asksTold(action, state);
  return {
    action,
    nonce: issueNonce(claims, action, site, clock.now()),
    errors: FORM_FIELDS.flatMap((field) => (errors[field] ? [{ field, key: errors[field] }] : [])),
    wrong: errors,
    hasErrors: hasErrors(errors),
    comment,
    maxComment: MAX_COMMENT,
    maxAgent: MAX_AGENT,
    hasComment: WORKFLOW[action].comment !== 'none' || isMailBody,
    isMailBody,
    isCommentRequired: isCommentRequired(action, config),
    reads: WORKFLOW[action].reads,
    readers: readersOf(action, state),
    reasons: config.lists.reasons[action] ?? [],
    reason: valueOf(input, 'reason'),
    replies: repliesFor(action, state, config).map(({ id, name }) => ({ id, name })),
    needsConfirmation: needsConfirmation(action, state, config, comment.trim()),
    isConfirmed: valueOf(input, 'confirm') === 'yes',
    savesDraft: (action === 'message' || action === 'answer') && WORKFLOW.draft.moves[state.status] !== undefined,
    takesFiles: asks(action, 'files'),
    asksTold: asksTold(action, state),
    hasNoAddress: asks(action, 'told') && state.citizenAddress === '',
    told: valueOf(input, 'told'),
    mailSubject: isFresh ? usualSubject(state) : valueOf(input, 'mailSubject'),
    ...optionsOf(action, context, input, site),
    // Typed by whoever was slower than the clock, it is shown again with what is wrong.
    asksIndispensable:
      asks(action, 'indispensable') &&
      (maySuspend(state, config, clock.now()) || valueOf(input, 'indispensable') === 'yes'),
    isIndispensable: valueOf(input, 'indispensable') === 'yes',
    asksAgent: isSharedMailbox(person, config.town),
    agentName: valueOf(input, 'agent'),
    agents: config.town.agents.filter((agent) => agent.office === office).map(({ name }) => name),
  };
}

/** Key of the section `pageReaders`: who reads the words, and whether that is still to be chosen. */
function readersOf(action: Action, state: RequestState): string {
  const { reads } = WORKFLOW[action];
  if (reads === 'colleagues') return 'colleagues';
  return asksTold(action, state) ? 'citizen_if_told' : state.citizenAddress === '' ? 'citizen_by_letter' : 'citizen';
}

/** Each question of the action, with what can be chosen and what was. */
function optionsOf(action: Action, { state }: FormContext, input: FormInput, { ground }: Site) {
  const { town, categories, lists } = ground.config;
  const category = categories.find(({ id }) => id === state.category);
  const has = (ask: Ask) => asks(action, ask);
  const suggested = departmentOf(town, category?.department ?? null);
  const today = localParts(ground.clock.now(), town.timeZone).day;
  return {
    departments: has('department')
      ? options(
          town.departments.filter(({ id }) => id !== state.holder).map(({ id, name }) => [id, name]),
          valueOf(input, 'department'),
        )
      : null,
    suggestion: suggested && suggested.id !== state.holder ? suggested.name : null,
    assignees: has('agent')
      ? options(
          agentsOf(town, state.holder)
            .filter(({ address }) => address !== state.assignee)
            .map(({ address, name }) => [address, name]),
          valueOf(input, 'assignee'),
        )
      : null,
    colleagues: has('colleague') ? options(colleagues(state, town), valueOf(input, 'colleague')) : null,
    guests: has('guest')
      ? options(
          state.sharedWith.map((address) => [address, guestName(address, town)]),
          valueOf(input, 'guest'),
        )
      : null,
    administrations: has('administration')
      ? options(
          lists.administrations.map((name) => [name, name]),
          administrationIn(input),
        )
      : null,
    otherAdministration: valueOf(input, 'otherAdministration'),
    asksRequest: has('request'),
    original: valueOf(input, 'original'),
    milestones: has('milestone')
      ? options(
          lists.milestones.map((name) => [name, name]),
          valueOf(input, 'milestone'),
        )
      : null,
    labels: has('labels') ? labelOptions(state, lists.labels, input) : null,
    pieces: has('pieces')
      ? (category?.pieces ?? []).map((name) => ({ name, isChosen: valuesOf(input, 'pieces').includes(name) }))
      : null,
    otherPieces: valueOf(input, 'otherPieces'),
    asksUntil: has('until'),
    until: valueOf(input, 'until'),
    asksDue: has('due'),
    dueOn: valueOf(input, 'dueOn'),
    tomorrow: addDays(today, 1),
    inAYear: addDays(today, 366),
    fields: has('fields') ? editFields(state, ground.config, input) : null,
  };
}

function options(choices: readonly (readonly [string, string])[], chosen: string) {
  return choices.map(([value, name]) => ({ value, name, isChosen: value === chosen }));
}

function labelOptions(state: RequestState, known: readonly string[], input: FormInput) {
  const isSent = input.fields['labelled'] !== undefined;
  const chosen = isSent ? valuesOf(input, 'labels') : state.labels;
  return [...new Set([...known, ...state.labels])].map((name) => ({ name, isChosen: chosen.includes(name) }));
}

/** Whether anything is left to choose: a form that only says « nobody » is not offered. */
export function hasChoices(action: Action, state: RequestState, { town, lists }: Site['ground']['config']): boolean {
  if (action === 'assign') return agentsOf(town, state.holder).some(({ address }) => address !== state.assignee);
  if (action === 'milestone') return lists.milestones.length > 0;
  if (action === 'label') return lists.labels.length + state.labels.length > 0;
  return action !== 'share' || colleagues(state, town).length > 0;
}

/** Offices and agents who cannot read it yet. */
function colleagues(state: RequestState, town: Town): [string, string][] {
  const offices = town.departments.map(({ id }) => personOfOffice(town, id));
  const agents = town.agents.map(({ address }) => staffAt(town, address)[0]).filter((person) => person !== undefined);
  return [...offices, ...agents]
    .filter((person) => !maySee(state, person))
    .map((person) => [person.address, nameIn(person, town)]);
}

/** « Jeanne Martin (Voirie) ». */
function nameIn({ name, department }: Person, town: Town): string {
  const office = departmentOf(town, department)?.name ?? town.desk.name;
  return office === name ? name : `${name} (${office})`;
}

export function guestName(address: string, town: Town): string {
  const [person] = staffAt(town, address);
  return person === undefined ? address : nameIn(person, town);
}

import type { Choices, Original, Told } from '../domain/choices.ts';
import type { FieldChange } from '../domain/edit.ts';
import type { NewAttachment } from '../store/write-decisions.ts';
import type { SentForm } from './read-body.ts';

/** What a person sent with the form of an action. */
export interface FormInput extends SentForm {
  nonce: string;
}

export const EMPTY_INPUT: FormInput = { nonce: '', fields: {}, files: [] };

const MAX_AGENT = 80;
const MAX_SUBJECT = 150;
/** Fields whose lines count; all others are one line. */
const LINES = new Set(['comment', 'field:citizenPostalAddress']);

/** `relayed`: words as they may reach somebody else. */
export function readForm(body: unknown, relayed: (words: string) => string): FormInput {
  const { fields, files } = (body ?? { fields: {}, files: [] }) as SentForm;
  const cleaned = Object.entries(fields)
    .filter(([name]) => name !== 'nonce')
    .map(([name, values]) => [name, values.map((value) => relayed(asTyped(name, value)))] as const);
  return { nonce: fields['nonce']?.[0] ?? '', fields: Object.fromEntries(cleaned), files: files.map(withOwnName) };
}

/** The first value of a field; '' when it was not sent. */
export function valueOf({ fields }: FormInput, name: string): string {
  return fields[name]?.[0] ?? '';
}

export function valuesOf({ fields }: FormInput, name: string): string[] {
  return (fields[name] ?? []).filter((value) => value !== '');
}

/** The words of the action: the reason picked in the list, then what was written. */
export function commentIn(input: FormInput): string {
  return [valueOf(input, 'reason'), valueOf(input, 'comment').trim()].filter((part) => part !== '').join('\n\n');
}

export function agentIn(input: FormInput): string {
  return valueOf(input, 'agent').slice(0, MAX_AGENT);
}

/** « Autre » has its own field. */
export function administrationIn(input: FormInput): string {
  return valueOf(input, 'otherAdministration') || valueOf(input, 'administration');
}

/** The subject that a mail to the citizen has when nobody changes it, as a form shows it. */
export function usualSubject({ subject }: { subject: string }): string {
  return oneLine(subject);
}

/** What the rule of the action reads; `original` was looked up by its number, `mail` is the usual one. */
export function choicesIn(
  input: FormInput,
  original: Original | null,
  mail: { subject: string; replacesBody: boolean },
): Choices {
  const one = (name: string) => valueOf(input, name);
  const others = valueOf(input, 'otherPieces').split(',');
  const pieces = [...valuesOf(input, 'pieces'), ...others].map((piece) => piece.trim()).filter((piece) => piece !== '');
  return {
    department: one('department'),
    agent: one('assignee'),
    colleague: one('colleague'),
    guest: one('guest'),
    until: one('until'),
    dueOn: one('dueOn'),
    indispensable: one('indispensable') === 'yes',
    pieces: [...new Set(pieces)],
    administration: administrationIn(input),
    original,
    milestone: one('milestone'),
    ...(input.fields['labelled'] === undefined ? {} : { labels: valuesOf(input, 'labels') }),
    ...(fieldChanges(input).length === 0 ? {} : { fields: fieldChanges(input) }),
    ...(one('told') === '' ? {} : { told: toldIn(input, mail) }),
    hasAttachments: input.files.length > 0,
  };
}

function toldIn(input: FormInput, { subject: usual, replacesBody }: { subject: string; replacesBody: boolean }): Told {
  const subject = valueOf(input, 'mailSubject').slice(0, MAX_SUBJECT);
  return { isTold: valueOf(input, 'told') === 'yes', subject: subject === usual ? '' : subject, replacesBody };
}

/** `field:NAME` is what is wanted, `was:NAME` what the page had shown. A box that is not ticked sends nothing. */
function fieldChanges(input: FormInput): FieldChange[] {
  return Object.keys(input.fields)
    .filter((name) => name.startsWith('was:'))
    .map((name) => {
      const field = name.slice('was:'.length);
      return { field, was: valueOf(input, name), value: valueOf(input, `field:${field}`).trim() };
    });
}

function asTyped(name: string, value: string): string {
  return isOfLines(name) ? value.replaceAll('\r\n', '\n') : oneLine(value);
}

function isOfLines(name: string): boolean {
  return LINES.has(name.replace(/^was:/, 'field:'));
}

function oneLine(value: string): string {
  return value.replace(/\s+/g, ' ').trim();
}

function withOwnName(file: NewAttachment): NewAttachment {
  return { ...file, fileName: file.fileName.replace(/^.*[\\/]/, '') || 'piece' };
}

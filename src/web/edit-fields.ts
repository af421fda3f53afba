import { editableFields, objectionToEdits } from '../domain/edit.ts';
import { LANGUAGES } from '../domain/people.ts';
import { ORIGINS, type RequestState } from '../domain/request.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { label } from '../template.ts';
import { valueOf, type FormInput } from './form-input.ts';

/** The fields of « corriger la fiche »: what the page shows of each, and what somebody else made of it meanwhile. */
export interface EditField {
  field: string;
  id: string;
  name: string;
  /** Key of the section `pageEditGroups`. */
  group: 'citizen' | 'request' | 'pieces';
  kind: 'line' | 'lines' | 'email' | 'date' | 'choice' | 'tick';
  choices: { value: string; name: string }[];
  value: string;
  was: string;
  /** Another value than the page had shown: somebody was quicker. Null when nobody was. */
  meanwhile: string | null;
  /** What was sent cannot be kept. */
  isInvalid: boolean;
}

export function editFields(request: RequestState, rules: Rulebook, input: FormInput): EditField[] {
  return editableFields(request, rules).map(({ field, value: current }, i) => {
    const sent = input.fields[`was:${field}`]?.[0];
    // A field left as the page had shown it takes nothing back of what a colleague wrote meanwhile.
    const isTouched = sent !== undefined && valueOf(input, `field:${field}`) !== sent;
    const value = isTouched ? valueOf(input, `field:${field}`) : current;
    return {
      field,
      id: `champ-${i}`,
      name: nameOf(field, request, rules),
      group: groupOf(field),
      ...shapeOf(field, request, rules),
      value,
      was: current,
      meanwhile: isTouched && sent !== current && value !== current ? shown(field, current, rules) : null,
      isInvalid: isTouched && objectionToEdits(request, [{ field, was: sent, value }], rules) === 'field_invalid',
    };
  });
}

function groupOf(field: string): EditField['group'] {
  if (field.startsWith('piece:')) return 'pieces';
  return field.startsWith('citizen') ? 'citizen' : 'request';
}

/** How people call a field: on the form, and in the history. */
export function nameOf(field: string, request: Pick<RequestState, 'category'>, { categories }: Rulebook): string {
  if (field.startsWith('piece:')) return field.slice('piece:'.length);
  if (!field.startsWith('detail:')) return label('fields', field);
  const id = field.slice('detail:'.length);
  const own = categories.find((category) => category.id === request.category)?.fields.find((each) => each.id === id);
  const any = categories.flatMap(({ fields }) => fields).find((each) => each.id === id);
  return own?.name ?? any?.name ?? id;
}

/** A value as people read it: « Téléphone » instead of `phone`. */
export function shown(field: string, value: string, { categories }: Rulebook): string {
  if (field === 'origin') return label('origins', value);
  if (field === 'citizenLanguage') return label('languages', value);
  if (field === 'category') return categories.find(({ id }) => id === value)?.name ?? value;
  return field.startsWith('piece:') ? label('pieceStates', value === '' ? 'asked' : 'received') : value;
}

function shapeOf(field: string, request: RequestState, rules: Rulebook): Pick<EditField, 'kind' | 'choices'> {
  const of = (values: readonly string[]) => values.map((value) => ({ value, name: shown(field, value, rules) }));
  if (field === 'origin') return { kind: 'choice', choices: of(ORIGINS) };
  if (field === 'citizenLanguage') return { kind: 'choice', choices: of(['', ...LANGUAGES]) };
  if (field === 'category') return { kind: 'choice', choices: [EMPTY, ...of(rules.categories.map(({ id }) => id))] };
  if (field === 'citizenPostalAddress') return { kind: 'lines', choices: [] };
  if (field === 'citizenAddress') return { kind: 'email', choices: [] };
  if (field.startsWith('piece:')) return { kind: 'tick', choices: [] };
  if (!field.startsWith('detail:')) return { kind: 'line', choices: [] };
  const own = rules.categories
    .find(({ id }) => id === request.category)
    ?.fields.find(({ id }) => id === field.slice('detail:'.length));
  if (own?.kind === 'choice') return { kind: 'choice', choices: [EMPTY, ...of(own.choices ?? [])] };
  return { kind: own?.kind === 'date' ? 'date' : 'line', choices: [] };
}

const EMPTY = { value: '', name: '–' };

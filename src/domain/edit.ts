import { checkField } from './category-fields.ts';
import type { Refusal } from './decision.ts';
import { LANGUAGES } from './people.ts';
import { ORIGINS, type RequestState } from './request.ts';
import type { Rulebook } from './rulebook.ts';

/** Everything of a request may be corrected but its number: field by field, the old value kept in its event. */

/** `was`: what the page had shown. */
export interface FieldChange {
  field: string;
  was: string;
  value: string;
}

const PLAIN_FIELDS = [
  'citizenName',
  'citizenAddress',
  'citizenPhone',
  'citizenPostalAddress',
  'citizenOrganisation',
  'citizenLanguage',
  'subject',
  'category',
  'origin',
] as const;
type PlainField = (typeof PLAIN_FIELDS)[number];

/** What can be edited of this request now, in the order of the page: `detail:ID` and `piece:NAME` besides the plain ones. */
export function editableFields(request: RequestState, { categories }: Rulebook): { field: string; value: string }[] {
  const category = categories.find(({ id }) => id === request.category);
  return [
    ...PLAIN_FIELDS.map((field) => ({ field, value: request[field] ?? '' })),
    ...(category?.fields ?? []).map(({ id }) => ({ field: `detail:${id}`, value: request.details[id] ?? '' })),
    ...request.pieces.map(({ name, isReceived }) => ({ field: `piece:${name}`, value: isReceived ? 'yes' : '' })),
  ];
}

/** Only what differs from what the page showed is a change. */
export function objectionToEdits(
  request: RequestState,
  edits: readonly FieldChange[],
  rules: Rulebook,
): Refusal | null {
  const current = new Map(editableFields(request, rules).map(({ field, value }) => [field, value]));
  let changes = false;
  for (const { field, was, value } of edits.filter((edit) => edit.value !== edit.was)) {
    const held = current.get(field);
    const after = normal(field, value, request, rules);
    if (held === undefined || after === null) return 'field_invalid';
    if (held !== was && held !== after) return 'changed_meanwhile';
    changes ||= held !== after;
  }
  return changes ? null : 'nothing_changed';
}

export interface Edited {
  changes: Partial<RequestState>;
  /** What its event keeps. */
  edits: { field: string; before: string; after: string }[];
}

/** An address is only proposed: its owner confirms it. None is taken away at once. */
export function applyEdits(request: RequestState, given: readonly FieldChange[], rules: Rulebook): Edited {
  const current = new Map(editableFields(request, rules).map(({ field, value }) => [field, value]));
  const edits = given
    .filter(({ was, value }) => value !== was)
    .map(({ field, value }) => ({
      field,
      before: current.get(field) ?? '',
      after: normal(field, value, request, rules) ?? '',
    }))
    .filter(({ before, after }) => before !== after);
  const changes = edits.reduce<Partial<RequestState>>(
    (sum, { field, after }) => ({ ...sum, ...changeOf(field, after, { ...request, ...sum }) }),
    {},
  );
  return { changes, edits };
}

function changeOf(field: string, value: string, request: RequestState): Partial<RequestState> {
  if (field === 'citizenAddress') {
    return value === '' ? { citizenAddress: '', pendingAddress: '' } : { pendingAddress: value };
  }
  if (field === 'category') return { category: value === '' ? null : value };
  if (field.startsWith('detail:')) return { details: { ...request.details, [field.slice('detail:'.length)]: value } };
  if (field.startsWith('piece:')) {
    const name = field.slice('piece:'.length);
    const pieces = request.pieces.map((piece) => (piece.name === name ? { name, isReceived: value !== '' } : piece));
    return { pieces };
  }
  return { [field as PlainField]: value };
}

const MAX_LINE = 200;
const MAX_ADDRESS_LINES = 500;
const ADDRESS = /^[^\s@<>"(),:;[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/** The value as it is kept; null when it cannot be. */
function normal(field: string, given: string, request: RequestState, rules: Rulebook): string | null {
  const value = given.trim();
  if (field === 'citizenPostalAddress') return value.length <= MAX_ADDRESS_LINES ? value : null;
  if (value.length > MAX_LINE || /[\n\r]/.test(value)) return null;
  if (field === 'citizenAddress') {
    const address = value.toLowerCase();
    return address === '' || (ADDRESS.test(address) && address !== rules.town.mailbox) ? address : null;
  }
  if (field === 'category') return value === '' || rules.categories.some(({ id }) => id === value) ? value : null;
  if (field === 'citizenLanguage') return ['', ...LANGUAGES].includes(value) ? value : null;
  if (field === 'origin') return (ORIGINS as readonly string[]).includes(value) ? value : null;
  if (field.startsWith('piece:')) return value === 'yes' || value === '' ? value : null;
  if (field.startsWith('detail:')) return detail(field.slice('detail:'.length), value, request, rules);
  return value;
}

function detail(id: string, value: string, request: RequestState, { categories }: Rulebook): string | null {
  const category = categories.find((each) => each.id === request.category);
  const field = category?.fields.find((each) => each.id === id);
  if (field === undefined) return null;
  return value === '' ? '' : checkField(field, value);
}

import { departmentOf, isStaff, officeOf, type HolderId, type Role, type Town } from '../domain/people.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { isAction, WORKFLOW, type Action } from '../domain/workflow.ts';
import type { Dossier } from '../store/dossiers.ts';
import { label } from '../template.ts';
import { guestName } from './action-form.ts';
import { nameOf, shown } from './edit-fields.ts';

/** A step of the history, as the pages show it: names instead of ids, and what changed. */

type Event = Dossier['events'][number];

/** Their words are a message of the thread already. */
const IN_THREAD = new Set<string>([
  'message',
  'answer',
  'note',
  'citizen_reply',
  'third_party_message',
] satisfies Action[]);

export function eventView(event: Event, request: { category: string | null }, rules: Rulebook) {
  const { town } = rules;
  const details = detailsOf(event);
  const office = actorOffice({ role: event.actorRole, department: event.actorDepartment }, town);
  const isMoved = event.holderBefore !== null && event.holderBefore !== event.holderAfter;
  return {
    id: event.id,
    at: event.at,
    action: event.action,
    actorDisplay: event.actorName || office || label('roles', event.actorRole),
    actorOffice: office,
    statusBefore: event.statusBefore === event.statusAfter ? null : event.statusBefore,
    statusAfter: event.statusAfter,
    outcome: event.statusAfter === 'closed' ? event.outcome : null,
    holderBefore: isMoved ? holderName(event.holderBefore, town) : null,
    holderAfter: holderName(event.holderAfter, town),
    comment: event.comment,
    mail: mailIn(event),
    edits: editsIn(details, request, rules),
    notes: notesIn(details, town),
    isUntold: isKeptBack(event),
    isInThread: IN_THREAD.has(event.action),
    isForCitizen: isAction(event.action) && WORKFLOW[event.action].reads === 'citizen',
  };
}

/** Words of an agent that their action says to the citizen. */
export function speaksToCitizen({ action, actorRole, comment }: Event): boolean {
  return isAction(action) && WORKFLOW[action].reads === 'citizen' && isStaff(actorRole as Role) && comment !== '';
}

/** The agent chose that no mail brings them. */
export function isKeptBack(event: Event): boolean {
  return detailsOf(event)['told'] === 'no';
}

/** Whose mails were called back: what they said was never said. */
export function undoneEvents(events: Dossier['events']): Set<string> {
  return new Set(events.flatMap((event) => detailsOf(event)['undoes'] ?? []));
}

/** « Accueil », « Voirie »; '' for a citizen, the system, a supervisor. */
export function actorOffice({ role, department }: { role: string; department: string | null }, town: Town): string {
  if (role === 'desk') return town.desk.name;
  return departmentOf(town, department)?.name ?? '';
}

function detailsOf({ details }: Event): Record<string, string> {
  if (details === null || typeof details !== 'object' || Array.isArray(details)) return {};
  const said = Object.entries(details).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(said) as Record<string, string>;
}

function holderName(holder: HolderId | null, town: Town): string | null {
  return holder === null ? null : officeOf(town, holder).name;
}

/** Which mail a delivery event is about. */
function mailIn(event: Event): { kind: string; role: string; answer: string } | null {
  if (event.action !== 'delivery_failed' && event.action !== 'delivery_delayed') return null;
  const { kind = '', role = '', answer = '' } = detailsOf(event);
  return { kind, role, answer };
}

/** Field by field: the old value, and the new one. */
function editsIn({ edits }: Record<string, string>, request: { category: string | null }, rules: Rulebook) {
  if (edits === undefined) return [];
  const list = JSON.parse(edits) as { field: string; before: string; after: string }[];
  return list.map(({ field, before, after }) => ({
    name: nameOf(field, request, rules),
    before: shown(field, before, rules),
    after: shown(field, after, rules),
    isPending: field === 'citizenAddress' && after !== '',
  }));
}

/** What was chosen: key of the section `recap`, and the words. A day is left for the template to write. */
function notesIn(details: Record<string, string>, town: Town): { key: string; value: string; day: Date | null }[] {
  const persons = ['agent', 'colleague', 'guest'].map((key) => ({ key, value: nameAt(details[key], town), day: null }));
  const days = ['until', 'dueOn', 'decidesOn'].map((key) => ({
    key,
    value: details[key] ?? '',
    day: dayIn(details[key]),
  }));
  const words = ['pieces', 'administration', 'original', 'milestone', 'labels', 'reference'].map((key) => ({
    key,
    value: (details[key] ?? '').replaceAll('\n', ', '),
    day: null,
  }));
  const isSuspended = details['indispensable'] !== undefined;
  const delay = { key: 'indispensable', value: isSuspended ? label('legalChoices', 'suspended') : '', day: null };
  return [...persons, ...days, delay, ...words].filter(({ value }) => value !== '');
}

function nameAt(address: string | undefined, town: Town): string {
  return address === undefined ? '' : guestName(address, town);
}

/** Noon, so that every time zone of the Republic but the farthest reads the same day. */
function dayIn(day: string | undefined): Date | null {
  return day === undefined ? null : new Date(`${day}T12:00:00Z`);
}

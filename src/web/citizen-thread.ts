import { isStaff, type Role } from '../domain/people.ts';
import { isAction, type Action, type Occurrence } from '../domain/workflow.ts';
import type { Dossier, DossierMessage } from '../store/dossiers.ts';
import type { CitizenVisit } from './citizen-access.ts';
import { actorOffice, isKeptBack, speaksToCitizen, undoneEvents } from './event-view.ts';
import { filesView } from './file-view.ts';

/** What a citizen may read of the thread: what they wrote, and what was said to them. Nothing is shown that is not named here. */

type Event = Dossier['events'][number];

/** Steps that a citizen is told of, whether or not words came with them. */
const STEPS = new Set<string>([
  'take_charge',
  'transfer',
  'request_correction',
  'accept',
  'refuse',
  'answer',
  'drop',
  'lapsed',
  'merge',
  'reorient',
  'withdraw',
  'reopen',
] satisfies (Action | Occurrence)[]);

export interface ThreadItem {
  kind: 'inbound' | 'outbound' | 'step';
  at: Date;
  /** Key of the section `citizenSteps`; '' for words alone. */
  action: string;
  author: string;
  office: string;
  /** The office that has it since then. */
  holderId: string;
  text: string;
  /** Where it was sent to, or the citizen's own request that it repeats; '' for any other step. */
  administration: string;
  original: string;
  files: ReturnType<typeof filesView>;
}

/** Oldest first. */
export function threadOf(visit: CitizenVisit): ThreadItem[] {
  const messages = visibleMessages(visit).map((message) => messageItem(visit, message));
  const told = new Set(visibleMessages(visit).flatMap(({ eventId }) => eventId ?? []));
  const steps = visibleEvents(visit)
    .filter((event) => !told.has(event.id) && (STEPS.has(event.action) || wordsOf(event) !== ''))
    .map((event) => stepItem(visit, event));
  return [...messages, ...steps].toSorted((one, other) => one.at.getTime() - other.at.getTime());
}

/** Their own words and the town's words to them; no note, no robot, no third person, nothing that was undone or still can be. */
export function visibleMessages({ dossier, state }: CitizenVisit): DossierMessage[] {
  const hidden = hiddenEvents({ dossier, state });
  return dossier.messages.filter(({ kind, authorRole, eventId }) => {
    if (eventId !== null && hidden.has(eventId)) return false;
    if (kind === 'inbound') return authorRole === 'citizen';
    return kind === 'outbound' && isStaff(authorRole as Role);
  });
}

function visibleEvents({ dossier, state }: CitizenVisit): Event[] {
  const hidden = hiddenEvents({ dossier, state });
  return dossier.events.filter(({ id, action }) => !hidden.has(id) && action !== 'undo');
}

/** A decision taken back was told to nobody, and one that can be taken back is not told yet. */
function hiddenEvents({ dossier, state }: Pick<CitizenVisit, 'dossier' | 'state'>): Set<string> {
  const hidden = undoneEvents(dossier.events);
  return state.closing === null ? hidden : hidden.add(state.closing.eventId);
}

/** Their own words; an agent's when the action says them to the citizen, and the agent did not keep them back. */
function wordsOf(event: Event): string {
  const { action, actorRole, comment } = event;
  if (!isAction(action)) return '';
  if (actorRole === 'citizen') return comment;
  return speaksToCitizen(event) && !isKeptBack(event) ? comment : '';
}

function detailOf({ details }: Event, name: string): string {
  const value = (details as Record<string, unknown> | null)?.[name];
  return typeof value === 'string' ? value : '';
}

/** As their mail said it: somebody else's number is not theirs to know. */
function originalOf({ mails }: Dossier, event: Event): string {
  const mail = mails.find(({ eventId, kind }) => eventId === event.id && kind === 'duplicate');
  const reference = (mail?.facts as { originalReference?: unknown } | null | undefined)?.originalReference;
  return typeof reference === 'string' ? reference : '';
}

function messageItem(visit: CitizenVisit, message: DossierMessage): ThreadItem {
  const { site, claims, dossier } = visit;
  const event = dossier.events.find(({ id }) => id === message.eventId);
  const isOwn = message.kind === 'inbound';
  const department = event?.actorDepartment ?? null;
  return {
    kind: isOwn ? 'inbound' : 'outbound',
    at: message.at,
    action: event !== undefined && STEPS.has(event.action) ? event.action : '',
    author: isOwn ? '' : publicName(message.authorName),
    office: isOwn ? '' : actorOffice({ role: message.authorRole, department }, site.ground.config.town),
    holderId: event?.holderAfter ?? '',
    text: message.text,
    administration: '',
    original: '',
    files: filesView(message, claims, site),
  };
}

function stepItem({ site, dossier }: CitizenVisit, event: Event): ThreadItem {
  const isOwn = event.actorRole === 'citizen';
  return {
    kind: isOwn ? 'inbound' : wordsOf(event) === '' ? 'step' : 'outbound',
    at: event.at,
    action: STEPS.has(event.action) ? event.action : '',
    author: isOwn ? '' : publicName(event.actorName),
    office: isOwn
      ? ''
      : actorOffice({ role: event.actorRole, department: event.actorDepartment }, site.ground.config.town),
    holderId: event.holderAfter,
    text: wordsOf(event),
    administration: isKeptBack(event) ? '' : detailOf(event, 'administration'),
    original: originalOf(dossier, event),
    files: [],
  };
}

/** A citizen has a right to the name of who treats their request (CRPA, L111-2), not to an agent's own address. */
function publicName(name: string): string {
  return name.includes('@') ? '' : name;
}

import { objectionToChoices, type Choices } from './choices.ts';
import type { Decision, PlannedEvent, PlannedMessage, Refusal } from './decision.ts';
import { refused } from './decision.ts';
import { applyEdits } from './edit.ts';
import { instantAt } from './local-time.ts';
import { keptOf } from './kept.ts';
import { mailsOf } from './mails.ts';
import { DESK, type HolderId, type Person, type Town } from './people.ts';
import { isHeldBy, type RequestState } from './request.ts';
import type { Rulebook } from './rulebook.ts';
import { standing } from './standing.ts';
import { delayAfter } from './suspension.ts';
import { undo } from './undo.ts';
import { WORKFLOW, type Action, type Status, type Transition } from './workflow.ts';

/** What somebody wants done. */
export interface Act extends Choices {
  action: Action;
  actor: Person;
  /** Their words: the reason, the answer, the citizen's reply. */
  comment: string;
  /** What was cut from their mail. */
  elided?: string;
  /** When their mail reached the town hall. */
  receivedAt?: Date;
}

/** The rule of every action a person takes: reads the workflow table, changes nothing, reads no clock. */
export function decide(request: RequestState, act: Act, rules: Rulebook, now: Date): Decision {
  const transition = WORKFLOW[act.action];
  const refusal = refusalOf(request, act, rules, now);
  if (refusal !== null) return refused(refusal);
  if (transition.restores) return undo(request, act.actor, act.comment);

  const { changes: edited, edits } = act.fields ? applyEdits(request, act.fields, rules) : NO_EDIT;
  const moved = stateAfter(request, act, transition, rules, now);
  const kept: Partial<RequestState> = { ...moved, ...keptOf(request, act, rules.town, now), ...edited };
  const changes = { ...kept, ...delayAfter(request, act, { ...request, ...kept }, now) };
  return {
    done: true,
    changes,
    event: { action: act.action, actor: act.actor, comment: act.comment, details: detailsOf(act, edits) },
    message: messageOf(act, transition),
    mails: mailsOf(request, act, { ...request, ...changes }, rules),
  };
}

const NO_EDIT = { changes: {}, edits: [] };

/** Whether the words of an action cannot be left out here. */
export function isCommentRequired(action: Action, { lists }: Pick<Rulebook, 'lists'>): boolean {
  const { comment } = WORKFLOW[action];
  return comment === 'required' || (comment === 'optional' && lists.commentsRequired.includes(action));
}

function refusalOf(request: RequestState, act: Act, rules: Rulebook, now: Date): Refusal | null {
  const objection = standing(request, act.actor, act.action, rules, now);
  if (objection !== null) return objection;
  const isSilent = act.comment.trim() === '' && act.hasAttachments !== true;
  if (isSilent && isCommentRequired(act.action, rules)) return 'comment_required';
  if (act.action === 'draft' && act.comment === request.draft?.text) return 'nothing_changed';
  return objectionToChoices(act.action, request, act, rules, now);
}

/** Where it goes: status, holder, assignee, and how long it waits. */
function stateAfter(request: RequestState, act: Act, transition: Transition, rules: Rulebook, now: Date) {
  const status = statusAfter(request, act.actor, transition);
  const holder: HolderId =
    transition.holder === 'desk' ? DESK : transition.holder === 'chosen' ? (act.department ?? DESK) : request.holder;
  const isElsewhere = holder !== request.holder;
  const changesStatus = status !== request.status || isElsewhere;
  return {
    status,
    holder,
    holdingNo: request.holdingNo + (isElsewhere ? 1 : 0),
    assignee: assigneeAfter(request, act, transition, isElsewhere, rules.town),
    outcome: transition.outcome ?? (status === 'closed' ? request.outcome : null),
    reroutedCount: request.reroutedCount + (act.action === 'send_back' ? 1 : 0),
    reopenedCount: request.reopenedCount + (act.action === 'reopen' ? 1 : 0),
    ...(changesStatus
      ? { statusSince: now, remindedCount: 0, remindedAt: null, lapsesAt: null, ...waitOf(act, rules) }
      : {}),
  };
}

function statusAfter(request: RequestState, actor: Person, transition: Transition): Status {
  if (transition.onlyHolderMoves && !isHeldBy(request, actor)) return request.status;
  const unassigned = request.assignee === null ? transition.unassignedMoves : {};
  return { ...transition.moves, ...unassigned }[request.status] ?? request.status;
}

/** Nobody is in charge of what came to another office. What is opened again goes back to whoever had it. */
function assigneeAfter(
  request: RequestState,
  act: Act,
  { assigns }: Transition,
  isElsewhere: boolean,
  town: Town,
): string | null {
  if (assigns === 'chosen') return act.agent ?? null;
  if (assigns === 'actor' || (act.action === 'draft' && request.assignee === null)) return ownAddress(act.actor, town);
  return isElsewhere ? null : request.assignee;
}

/** Behind a shared mailbox, the agent whose name was given, when the config knows them. */
function ownAddress(actor: Person, town: Town): string {
  const office = actor.department ?? DESK;
  const named = town.agents.find((agent) => agent.office === office && agent.name === actor.name);
  return named?.address ?? actor.address;
}

function waitOf(act: Act, { town, schedule }: Rulebook): Pick<RequestState, 'waitUntil' | 'waitReason'> {
  const at = (day: string | undefined, time: string) => (day ? instantAt(day, time, town.timeZone) : null);
  if (act.action === 'hold') return { waitUntil: at(act.until, schedule.remindersAt), waitReason: act.comment };
  if (act.action === 'request_correction') return { waitUntil: at(act.dueOn, '23:59'), waitReason: '' };
  return { waitUntil: null, waitReason: '' };
}

/** What the history says besides who, when, words, and from which status to which. */
function detailsOf(act: Act, edits: readonly object[]): PlannedEvent['details'] {
  const { agent, colleague, guest, until, dueOn, pieces = [], administration, original, milestone, labels, told } = act;
  const { indispensable } = act;
  const entries = {
    agent,
    colleague,
    guest,
    until,
    dueOn,
    indispensable: indispensable ? 'yes' : undefined,
    pieces: pieces.join('\n'),
    administration,
    original: original?.reference,
    milestone,
    labels: labels?.join(', '),
    edits: edits.length === 0 ? undefined : JSON.stringify(edits),
    told: told?.isTold === false ? 'no' : undefined,
  };
  const said = Object.entries(entries).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(said) as PlannedEvent['details'];
}

const MESSAGE_KIND: Partial<Record<Action, PlannedMessage['kind']>> = {
  message: 'outbound',
  answer: 'outbound',
  note: 'note',
  citizen_reply: 'inbound',
  third_party_message: 'inbound',
};

const KIND_BY_READER = { citizen: 'outbound', colleagues: 'note' } as const;

/** Words of the thread become a message; the comment of a decision stays with its event, and in its mails. */
function messageOf(act: Act, transition: Transition): PlannedMessage | null {
  // Whatever else a citizen's mail does, its pieces are theirs, never a note of the house.
  const isCitizens = act.actor.role === 'citizen' && (act.action === 'reopen' || act.hasAttachments === true);
  const withFiles = act.hasAttachments ? KIND_BY_READER[transition.reads] : undefined;
  const kind = isCitizens ? 'inbound' : (MESSAGE_KIND[act.action] ?? withFiles);
  return kind === undefined ? null : { kind, author: act.actor, text: act.comment, elided: act.elided ?? '' };
}

import type { Decision, MailFacts, PlannedMail, PlannedMessage } from './decision.ts';
import { refused } from './decision.ts';
import { DESK, departmentOf, personOfOffice, supervisorsOf, type HolderId, type Person, type Town } from './people.ts';
import { citizenOf, isHeldBy, type RequestState } from './request.ts';
import { objectionToUndo, undo } from './undo.ts';
import {
  PAGE_ACTIONS,
  SEND_BACKS_BEFORE_ARBITRATION,
  WORKFLOW,
  type Action,
  type Audience,
  type MailKind,
  type Status,
  type Transition,
} from './workflow.ts';

/** What somebody wants done. */
export interface Act {
  action: Action;
  actor: Person;
  /** Their words: the reason, the answer, the citizen's reply. */
  comment: string;
  /** What was cut from their mail. */
  elided?: string;
  /** Files came with it, so that an empty text still says something. */
  hasAttachments?: boolean;
  /** The department chosen, for a transfer. */
  department?: string;
}

/** The rule of every action a person takes: reads the workflow table, changes nothing, reads no clock. */
export function decide(request: RequestState, act: Act, town: Town, now: Date): Decision {
  const transition = WORKFLOW[act.action];
  const refusal = refusalOf(request, act, transition, town);
  if (refusal !== null) return refused(refusal);
  if (transition.restores) return undo(request, act.actor, act.comment);

  const after = stateAfter(request, act, transition);
  const changesStatus = after.status !== request.status || after.holder !== request.holder;
  const changes: Partial<RequestState> = changesStatus
    ? { ...after, statusSince: now, remindedCount: 0, remindedAt: null }
    : after;
  return {
    done: true,
    changes,
    event: { action: act.action, actor: act.actor, comment: act.comment, details: {} },
    message: messageOf(act, transition),
    mails: mailsOf(request, act, transition, after, town),
  };
}

/** What this person may choose now, for links and pages. */
export function actionsOpenTo(request: RequestState, person: Person): Action[] {
  return PAGE_ACTIONS.filter((action) => standing(request, person, WORKFLOW[action]) === null);
}

function refusalOf(request: RequestState, act: Act, transition: Transition, town: Town) {
  const objection = standing(request, act.actor, transition);
  if (objection !== null) return objection;
  if (transition.comment === 'required' && act.comment.trim() === '' && !act.hasAttachments) return 'comment_required';
  if (act.action === 'message' && request.citizenAddress === '') return 'no_citizen_address';
  if (transition.holder === 'chosen') {
    if (departmentOf(town, act.department ?? null) === undefined) return 'department_unknown';
    if (act.department === request.holder) return 'held_there_already';
  }
  return null;
}

function standing(request: RequestState, actor: Person, transition: Transition) {
  const byRole = transition.by.includes(actor.role);
  if (!byRole && !transition.by.includes('holder')) return 'not_allowed';
  // A department acts on what it holds, whatever the action; the desk and the citizen on every request of theirs.
  if ((actor.role === 'department' || !byRole) && !isHeldBy(request, actor)) return 'not_yours';
  if (transition.restores) return objectionToUndo(request, actor);
  if (transition.moves[request.status] !== undefined) return null;
  return request.status === 'closed' ? 'closed_already' : 'status_forbids';
}

function stateAfter(request: RequestState, act: Act, transition: Transition) {
  const moves = request.assignee === null ? { ...transition.moves, ...transition.unassignedMoves } : transition.moves;
  const status: Status = moves[request.status] ?? request.status;
  const holder: HolderId =
    transition.holder === 'desk' ? DESK : transition.holder === 'chosen' ? (act.department ?? DESK) : request.holder;
  const moved = holder !== request.holder;
  return {
    status,
    holder,
    holdingNo: request.holdingNo + (moved ? 1 : 0),
    assignee: transition.assigns ? act.actor.address : moved ? null : request.assignee,
    outcome: transition.outcome ?? (status === 'closed' ? request.outcome : null),
    reroutedCount: request.reroutedCount + (act.action === 'send_back' ? 1 : 0),
  };
}

type StateAfter = ReturnType<typeof stateAfter>;

const MESSAGE_KIND: Partial<Record<Action, PlannedMessage['kind']>> = {
  message: 'outbound',
  note: 'note',
  citizen_reply: 'inbound',
  third_party_message: 'inbound',
};

/** Words of the thread become a message; the comment of a decision stays with its event, and in its mails. */
function messageOf(act: Act, transition: Transition): PlannedMessage | null {
  const kind = MESSAGE_KIND[act.action] ?? (act.hasAttachments ? KIND_BY_READER[transition.reads] : undefined);
  return kind === undefined ? null : { kind, author: act.actor, text: act.comment, elided: act.elided ?? '' };
}

const KIND_BY_READER = { citizen: 'outbound', colleagues: 'note' } as const;

function mailsOf(
  request: RequestState,
  act: Act,
  transition: Transition,
  after: StateAfter,
  town: Town,
): PlannedMail[] {
  const facts: MailFacts = {
    action: act.action,
    comment: act.comment,
    actorName: act.actor.name,
    actorRole: act.actor.role,
    holder: after.holder,
    previousHolder: request.holder,
    ...(after.outcome === null ? {} : { outcome: after.outcome }),
  };
  const rows: { kind: MailKind; to: Audience }[] = [...transition.mails];
  if (act.action === 'send_back' && after.reroutedCount >= SEND_BACKS_BEFORE_ARBITRATION) {
    rows.push({ kind: 'arbitration', to: 'supervisors' });
  }
  return rows.flatMap(({ kind, to }) =>
    audience(to, request, act.actor, after.holder, town)
      .filter((person) => isWorthMailing(person, act.actor, town))
      .map((person) => ({ kind, to: person, facts, showsMessage: messageOf(act, transition) !== null })),
  );
}

function audience(to: Audience, request: RequestState, actor: Person, holder: HolderId, town: Town): Person[] {
  switch (to) {
    case 'citizen':
      return [citizenOf(request)];
    case 'desk':
      return [personOfOffice(town, DESK)];
    case 'holder':
      return [personOfOffice(town, holder)];
    case 'colleague':
      return [personOfOffice(town, actor.role === 'department' ? DESK : holder)];
    case 'supervisors':
      return supervisorsOf(town);
  }
}

/** Nobody is mailed what their own office did, and the town hall never writes to its own mailbox (a loop). */
export function isWorthMailing(person: Person, actor: Person, town: Town): boolean {
  const isOwnDoing = person.role === actor.role && person.department === actor.department;
  return person.address !== '' && person.address !== town.mailbox && !isOwnDoing;
}

import { objectionToEdits, type FieldChange } from './edit.ts';
import type { Refusal } from './decision.ts';
import { addDays, localParts, type Day } from './local-time.ts';
import { DESK, departmentOf, staffAt, type Agent, type HolderId, type Town } from './people.ts';
import { maySee, type RequestState } from './request.ts';
import type { Rulebook } from './rulebook.ts';
import { maySuspend } from './suspension.ts';
import { WORKFLOW, type Action, type Ask } from './workflow.ts';

/** What a person chose besides their words; each action asks for some of it (`asks` in the workflow). */
export interface Choices {
  /** A department's id. */
  department?: string;
  /** The address of an agent of the office that holds the request. */
  agent?: string;
  /** The address of whom it is shared with, and of whom it no longer is. */
  colleague?: string;
  guest?: string;
  /** On hold until then. */
  until?: Day;
  /** The day by which the citizen is asked to answer. */
  dueOn?: Day;
  /** The pieces cannot be done without: the legal delay is suspended (CRPA L114-5). */
  indispensable?: boolean;
  pieces?: readonly string[];
  administration?: string;
  /** The request that this one repeats; null when there is none by that number. */
  original?: Original | null;
  milestone?: string;
  labels?: readonly string[];
  fields?: readonly FieldChange[];
  told?: Told;
  /** Files came with it, so that an empty text still says something. */
  hasAttachments?: boolean;
}

export interface Original {
  id: string;
  reference: string;
  citizenAddress: string;
}

/** What becomes of the mail to the citizen that the agent has before their eyes. */
export interface Told {
  isTold: boolean;
  /** '' for the usual one. */
  subject: string;
  /** The words are the whole mail, not something added to it. */
  replacesBody: boolean;
}

const LONGEST_WAIT_DAYS = 366;
/** What one sheet can show and one form send. */
const MOST_PIECES = 30;
const LONGEST_PIECE = 200;

type Rule = (request: RequestState, choices: Choices, rules: Rulebook, now: Date) => Refusal | null;

const RULES: Record<Ask, Rule> = {
  department: (request, { department }, { town }) => {
    if (departmentOf(town, department ?? null) === undefined) return 'department_unknown';
    return department === request.holder ? 'held_there_already' : null;
  },
  agent: (request, { agent }, { town }) => {
    if (!agentsOf(town, request.holder).some(({ address }) => address === agent)) return 'agent_unknown';
    return agent === request.assignee ? 'assigned_already' : null;
  },
  colleague: (request, { colleague }, { town }) => {
    const [person] = staffAt(town, colleague ?? '');
    if (person === undefined) return 'colleague_unknown';
    return maySee(request, person) ? 'shared_already' : null;
  },
  guest: (request, { guest }) => (request.sharedWith.includes(guest ?? '') ? null : 'not_shared'),
  until: (_request, { until }, { town }, now) => objectionToDay(until, town, now),
  due: (_request, { dueOn }, { town }, now) => objectionToDay(dueOn, town, now),
  indispensable: (request, { indispensable, dueOn = '' }, rules, now) => {
    if (!indispensable) return null;
    if (!maySuspend(request, rules, now)) return 'nothing_to_suspend';
    return dueOn === '' ? 'deadline_required' : null;
  },
  pieces: (request, { pieces = [] }) => {
    const isTooLong = pieces.some((piece) => piece.length > LONGEST_PIECE);
    return isTooLong || request.pieces.length + pieces.length > MOST_PIECES ? 'too_many_pieces' : null;
  },
  administration: (_request, { administration }) =>
    (administration ?? '').trim() === '' ? 'administration_required' : null,
  request: (request, { original }) => {
    if (!original) return 'request_unknown';
    return original.reference === request.reference ? 'request_itself' : null;
  },
  milestone: (_request, { milestone }, { lists }) =>
    lists.milestones.includes(milestone ?? '') ? null : 'milestone_unknown',
  labels: (request, { labels = [] }, { lists }) => {
    const isKnown = (label: string) => lists.labels.includes(label) || request.labels.includes(label);
    if (!labels.every(isKnown)) return 'label_unknown';
    return sameSet(labels, request.labels) ? 'nothing_changed' : null;
  },
  fields: (request, { fields = [] }, rules) => objectionToEdits(request, fields, rules),
  files: () => null,
  told: () => null,
};

/** What is missing or impossible in what was chosen; null when nothing is. */
export function objectionToChoices(
  action: Action,
  request: RequestState,
  choices: Choices,
  rules: Rulebook,
  now: Date,
): Refusal | null {
  if (action === 'attach' && choices.hasAttachments !== true) return 'file_required';
  for (const ask of WORKFLOW[action].asks ?? []) {
    const objection = RULES[ask](request, choices, rules, now);
    if (objection !== null) return objection;
  }
  return null;
}

/** The agents of an office that have an address of their own. */
export function agentsOf(town: Town, holder: HolderId): Agent[] {
  return town.agents.filter(({ office }) => office === (departmentOf(town, holder)?.id ?? DESK));
}

/** A day that nobody named is no mistake: the wait has no end then. */
function objectionToDay(day: Day | undefined, town: Town, now: Date): Refusal | null {
  if (day === undefined || day === '') return null;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) && addDays(day, 0) === day;
  if (!isDay) return 'day_invalid';
  const today = localParts(now, town.timeZone).day;
  return day > today && day <= addDays(today, LONGEST_WAIT_DAYS) ? null : 'day_invalid';
}

function sameSet(some: readonly string[], others: readonly string[]): boolean {
  return [...some].toSorted().join('\n') === [...others].toSorted().join('\n');
}

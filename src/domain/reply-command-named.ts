import type { Day } from './local-time.ts';
import type { Town } from './people.ts';
import type { Line } from './reply-command-line.ts';
import { findMilestone } from './reply-command-milestone.ts';
import type { FoundNamed } from './reply-command-name.ts';
import { findOffice } from './reply-command-office.ts';
import { findAgent, findColleague } from './reply-command-person.ts';
import { findUntil } from './reply-command-until.ts';
import type { FoundVerb } from './reply-command-verb.ts';

/** What a command may name, and the day it is, by which a day without a year is read. */
export interface Nameable {
  town: Town;
  milestones: readonly string[];
  today: Day;
}

/** What the words behind the verb name; undefined for a command that names nothing. */
export function findNamed(line: Line, { action, end }: FoundVerb, nameable: Nameable): FoundNamed | undefined {
  return FINDERS[action]?.(line, end, nameable);
}

/** A wait may have no end; the others mean nothing without a name. */
export function mustName(action: FoundVerb['action']): boolean {
  return action !== 'hold' && FINDERS[action] !== undefined;
}

type Find = (line: Line, from: number, nameable: Nameable) => FoundNamed | undefined;

const FINDERS: Partial<Record<FoundVerb['action'], Find>> = {
  transfer: (line, from, { town }) => findOffice(line, from, town.departments),
  assign: (line, from, { town }) => findAgent(line, from, town),
  share: (line, from, { town }) => findColleague(line, from, town),
  milestone: (line, from, { milestones }) => findMilestone(line, from, milestones),
  hold: (line, from, { today }) => findUntil(line, from, today),
};

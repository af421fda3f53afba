import { isWorkingDay } from './calendar.ts';
import { localParts, type Day } from './local-time.ts';
import type { Town } from './people.ts';
import type { Rulebook } from './rulebook.ts';
import type { ReminderRule } from './reminder-rules.ts';
import type { Delay } from './schedule.ts';

/** What is allowed, and yet looks wrong: the admin is warned, nothing is refused. */

export const DOUBTS = [
  'never_open',
  'reminder_hour_closed',
  'every_zero',
  'every_too_often',
  'never_reminds',
  'report_never',
  'report_closed_day',
  'report_lost_hour',
  'no_category',
  'foreign_domain',
  'shared_address',
  'link_too_short',
  'poll_too_slow',
  'pilot',
  'dry_run',
  'clear_url',
] as const;
export type DoubtKind = (typeof DOUBTS)[number];

export interface Doubt {
  doubt: DoubtKind;
  file: string;
  key: string;
  /** What is there, in the words of the config. */
  found: string;
}

export interface Doubtful extends Pick<Rulebook, 'town' | 'schedule' | 'categories'> {
  /** The next moments of the weekly line, some of them. */
  reportDates: readonly Date[];
  pollSeconds: number;
  outgoing: { onlyTo: readonly string[]; writeTo?: string | undefined };
  /** Where the pages are; null where nobody asks. */
  publicUrl: string | null;
}

export function doubtsOf(config: Doubtful): Doubt[] {
  return CHECKS.flatMap((check) => check(config));
}

const CHECKS: readonly ((config: Doubtful) => Doubt[])[] = [
  openHours,
  ({ schedule }) => RULES.flatMap((name) => doubtsOfRule(name, schedule[name])),
  reports,
  ({ town, categories }) =>
    town.departments
      .filter(({ id }) => !categories.some(({ department }) => department === id))
      .map(({ id }) => inTown('no_category', `departments[${id}]`, id)),
  ({ town }) =>
    town.agents
      .filter(({ address }) => !domainsOf(town).has(domainOf(address)))
      .map(({ name, address }) => inTown('foreign_domain', `agents[${name}].address`, domainOf(address))),
  ({ town }) =>
    town.departments
      .filter(({ address }, i) => [town.desk, ...town.departments.slice(0, i)].some((each) => each.address === address))
      .map(({ id, address }) => inTown('shared_address', `departments[${id}].address`, address)),
  ({ schedule }) => {
    const longest = Math.max(...RULES.map((name) => daysOf(schedule[name].after)));
    return schedule.linkDays < longest ? [inSchedule('link_too_short', 'links.validFor', `${schedule.linkDays}`)] : [];
  },
  ({ pollSeconds }) => (pollSeconds > 900 ? [inSchedule('poll_too_slow', 'mailbox.pollEvery', `${pollSeconds}`)] : []),
  ({ outgoing: { onlyTo } }) => (onlyTo.length > 0 ? [inSchedule('pilot', 'outgoing.onlyTo', `${onlyTo.length}`)] : []),
  ({ outgoing: { writeTo } }) => (writeTo === undefined ? [] : [inSchedule('dry_run', 'outgoing.writeTo', writeTo)]),
  ({ publicUrl }) =>
    publicUrl !== null && /^http:\/\/(?!localhost[:/]|127\.)/.test(`${publicUrl}/`)
      ? [{ doubt: 'clear_url', file: 'environment', key: 'PUBLIC_URL', found: publicUrl }]
      : [],
];

const RULES = ['notTakenUp', 'notClosed'] as const;

function openHours({ schedule: { officeHours, remindersAt } }: Doubtful): Doubt[] {
  const { from, to } = officeHours;
  if (from >= to) return [inSchedule('never_open', 'reminders.officeHours', `${from}–${to}`)];
  const isOpen = remindersAt >= from && remindersAt < to;
  return isOpen ? [] : [inSchedule('reminder_hour_closed', 'reminders.at', remindersAt)];
}

function doubtsOfRule(name: (typeof RULES)[number], { every, atMost }: ReminderRule): Doubt[] {
  const key = `reminders.${name}`;
  if (atMost === 0) return [inSchedule('never_reminds', `${key}.atMost`, '0')];
  if (every.amount === 0) return [inSchedule('every_zero', `${key}.every`, '0')];
  const isOften = every.unit === 'hours' && every.amount < 24;
  return isOften ? [inSchedule('every_too_often', `${key}.every`, `${every.amount}`)] : [];
}

function reports({ reportDates, town }: Doubtful): Doubt[] {
  if (reportDates.length === 0) return [inSchedule('report_never', 'reports.weekly', '')];
  const days = reportDates.map((at): Day => localParts(at, town.timeZone).day);
  // Clocks go from 2:00 to 3:00 one night of spring, and twice through that hour one night of autumn.
  const isLost = reportDates.some((at) => localParts(at, town.timeZone).time.startsWith('02:'));
  if (isLost) return [inSchedule('report_lost_hour', 'reports.weekly', '02:00–03:00')];
  const isEverWorked = days.some((day) => isWorkingDay(day, town));
  return isEverWorked ? [] : [inSchedule('report_closed_day', 'reports.weekly', days[0] ?? '')];
}

/** The domains of the town hall's own mailboxes. */
function domainsOf({ mailbox, desk, departments }: Town): Set<string> {
  return new Set([mailbox, desk.address, ...departments.map(({ address }) => address)].map(domainOf));
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** In days of the calendar, roughly. */
function daysOf({ amount, unit }: Delay): number {
  if (unit === 'hours') return amount / 24;
  return unit === 'days' ? amount : (amount * 7) / 5;
}

function inSchedule(doubt: DoubtKind, key: string, found: string): Doubt {
  return { doubt, file: 'schedule.yaml', key, found };
}

function inTown(doubt: DoubtKind, key: string, found: string): Doubt {
  return { doubt, file: 'town-hall.yaml', key, found };
}

import { addWorkingDays, isWorkingDay, workingDayFrom } from './calendar.ts';
import { addDays, instantAt, localParts } from './local-time.ts';
import type { Town } from './people.ts';
import type { Status } from './workflow.ts';

/** When somebody is late, and when the clock speaks of it. */

export interface Delay {
  amount: number;
  unit: 'hours' | 'days' | 'working_days';
}

export interface ReminderRule {
  after: Delay;
  every: Delay;
  atMost: number;
}

export interface Schedule {
  /** Local hour of reminders counted in days, `HH:MM`. */
  remindersAt: string;
  /** Reminders leave between these local hours only. */
  officeHours: { from: string; to: string };
  notTakenUp: ReminderRule;
  notClosed: ReminderRule;
  /** How many days before silence decides the town hall is told. */
  alarmDays: readonly number[];
  /** How long a secured link lives, in days. */
  linkDays: number;
  /** How long a citizen follows their request by its link, in days. */
  citizenLinkDays: number;
  /** How long after its end a citizen can open a request again, in days. */
  reopenDays: number;
  /** How long a decision that closes can be undone, in seconds; its mails wait as long. Zero: not at all. */
  undoSeconds: number;
}

/** What the clock needs to know of a request. */
export interface Waiting {
  status: Status;
  statusSince: Date;
  remindedCount: number;
  remindedAt: Date | null;
}

/** The rule that watches a status; none where nobody of the town hall is awaited. */
export function ruleFor(status: Status, schedule: Schedule): ReminderRule | null {
  if (status === 'new') return schedule.notTakenUp;
  if (status === 'in_progress') return schedule.notClosed;
  return null;
}

/** When the holder becomes late. */
export function dueAt(waiting: Waiting, schedule: Schedule, town: Town): Date | null {
  const rule = ruleFor(waiting.status, schedule);
  return rule && momentAfter(waiting.statusSince, rule.after, schedule, town);
}

/** When the next reminder may leave: never outside working days and office hours, null once the rule is exhausted. */
export function nextReminderAt(waiting: Waiting, schedule: Schedule, town: Town): Date | null {
  const rule = ruleFor(waiting.status, schedule);
  if (rule === null || waiting.remindedCount >= rule.atMost) return null;
  return waiting.remindedAt === null
    ? momentAfter(waiting.statusSince, rule.after, schedule, town)
    : momentAfter(waiting.remindedAt, rule.every, schedule, town);
}

/** Whether a reminder may leave at this instant. */
export function isOfficeTime(instant: Date, schedule: Schedule, town: Town): boolean {
  const { day, time } = localParts(instant, town.timeZone);
  return isWorkingDay(day, town) && time >= schedule.officeHours.from && time < schedule.officeHours.to;
}

/** The instant a delay leads to; delays in days end at the hour of reminders, and everything ends in office time. */
export function momentAfter(from: Date, delay: Delay, schedule: Schedule, town: Town): Date {
  if (delay.unit === 'hours')
    return officeTimeFrom(new Date(from.getTime() + delay.amount * 3_600_000), schedule, town);
  const { day } = localParts(from, town.timeZone);
  const end = delay.unit === 'working_days' ? addWorkingDays(day, delay.amount, town) : addDays(day, delay.amount);
  return instantAt(workingDayFrom(end, town), schedule.remindersAt, town.timeZone);
}

function officeTimeFrom(instant: Date, schedule: Schedule, town: Town): Date {
  if (isOfficeTime(instant, schedule, town)) return instant;
  const { day, time } = localParts(instant, town.timeZone);
  const start = time < schedule.officeHours.from ? day : addDays(day, 1);
  return instantAt(workingDayFrom(start, town), schedule.officeHours.from, town.timeZone);
}

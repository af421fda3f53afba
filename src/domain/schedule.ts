import { addWorkingDays, isWorkingDay, workingDayFrom } from './calendar.ts';
import { addDays, instantAt, localParts } from './local-time.ts';
import type { Town } from './people.ts';
import { withOverrides, type CitizenRule, type HolderRule, type Rules } from './reminder-rules.ts';
import type { RequestState } from './request.ts';

/** When somebody is late, and when the clock speaks of it. */

export interface Delay {
  amount: number;
  unit: 'hours' | 'days' | 'working_days';
}

export interface Schedule extends Rules {
  /** Local hour of reminders counted in days, `HH:MM`; a rule may have its own. */
  remindersAt: string;
  /** Reminders leave between these local hours only. */
  officeHours: { from: string; to: string };
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
export type Waiting = Pick<
  RequestState,
  'status' | 'statusSince' | 'holder' | 'category' | 'waitUntil' | 'lapsesAt' | 'remindedCount' | 'remindedAt'
>;

/** The rule that watches a request whose holder is awaited; none where nobody of the town hall is. */
export function ruleFor(request: Waiting, schedule: Schedule): HolderRule | null {
  if (request.status === 'new') return withOverrides('notTakenUp', request, schedule);
  if (request.status === 'in_progress') return withOverrides('notClosed', request, schedule);
  return null;
}

/** The one that watches a request whose citizen is awaited. */
export function citizenRuleFor(request: Waiting, schedule: Schedule): CitizenRule | null {
  return request.status === 'awaiting_citizen' ? withOverrides('awaitingCitizen', request, schedule) : null;
}

/** When the holder becomes late. */
export function dueAt(waiting: Waiting, schedule: Schedule, town: Town): Date | null {
  const rule = ruleFor(waiting, schedule);
  return rule && momentAfter(waiting.statusSince, rule.after, schedule, town, rule.at);
}

/** When the clock has something to do with it: remind somebody, or wait for the citizen no more. */
export function nextLookAt(waiting: Waiting, schedule: Schedule, town: Town): Date | null {
  const reminder = nextReminderAt(waiting, schedule, town);
  const end = silenceEndsAt(waiting, schedule, town);
  return reminder !== null && end !== null ? (reminder < end ? reminder : end) : (reminder ?? end);
}

/**
 * When the next reminder may leave: never outside working days and office hours, null once the rule is exhausted. A
 * citizen is not reminded of a deadline that is over.
 */
export function nextReminderAt(waiting: Waiting, schedule: Schedule, town: Town): Date | null {
  const rule = ruleFor(waiting, schedule) ?? citizenRuleFor(waiting, schedule);
  if (rule === null || waiting.remindedCount >= rule.atMost) return null;
  const { statusSince, remindedAt, waitUntil, status } = waiting;
  const next = momentAfter(remindedAt ?? statusSince, remindedAt ? rule.every : rule.after, schedule, town, rule.at);
  return status === 'awaiting_citizen' && waitUntil !== null && next > waitUntil ? null : next;
}

/**
 * When a citizen who stays silent is awaited no more: after the deadline they were given; without one, at the pace of
 * the reminders after the last. Never before the day that the last one named.
 */
export function silenceEndsAt(waiting: Waiting, schedule: Schedule, town: Town): Date | null {
  const rule = citizenRuleFor(waiting, schedule);
  if (rule === null || rule.andThen === 'nothing') return null;
  const { waitUntil, lapsesAt, statusSince, remindedAt, remindedCount } = waiting;
  if (waitUntil === null && remindedCount < rule.atMost) return null;
  const end =
    waitUntil !== null
      ? hourFrom(waitUntil, rule.at ?? schedule.remindersAt, schedule, town)
      : momentAfter(remindedAt ?? statusSince, remindedAt ? rule.every : rule.after, schedule, town, rule.at);
  return lapsesAt !== null && lapsesAt > end ? lapsesAt : end;
}

/** Whether a reminder may leave at this instant. */
export function isOfficeTime(instant: Date, schedule: Schedule, town: Town): boolean {
  const { day, time } = localParts(instant, town.timeZone);
  return isWorkingDay(day, town) && time >= schedule.officeHours.from && time < schedule.officeHours.to;
}

/** The instant a delay leads to; delays in days end at the hour of reminders, and everything ends in office time. */
export function momentAfter(
  from: Date,
  delay: Delay,
  schedule: Schedule,
  town: Town,
  hour = schedule.remindersAt,
): Date {
  if (delay.unit === 'hours')
    return officeTimeFrom(new Date(from.getTime() + delay.amount * 3_600_000), schedule, town);
  const { day } = localParts(from, town.timeZone);
  const end = delay.unit === 'working_days' ? addWorkingDays(day, delay.amount, town) : addDays(day, delay.amount);
  const at = instantAt(workingDayFrom(end, town), hour, town.timeZone);
  return officeTimeFrom(at, schedule, town);
}

/** The next time that this hour comes on a worked day, in office time. */
function hourFrom(instant: Date, hour: string, schedule: Schedule, town: Town): Date {
  const { day, time } = localParts(instant, town.timeZone);
  const start = time < hour ? day : addDays(day, 1);
  return officeTimeFrom(instantAt(workingDayFrom(start, town), hour, town.timeZone), schedule, town);
}

function officeTimeFrom(instant: Date, schedule: Schedule, town: Town): Date {
  if (isOfficeTime(instant, schedule, town)) return instant;
  const { day, time } = localParts(instant, town.timeZone);
  const start = time < schedule.officeHours.from ? day : addDays(day, 1);
  return instantAt(workingDayFrom(start, town), schedule.officeHours.from, town.timeZone);
}

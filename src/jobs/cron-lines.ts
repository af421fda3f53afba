import { isWorkingDay } from '../domain/calendar.ts';
import { localParts } from '../domain/local-time.ts';
import { DESK } from '../domain/people.ts';
import type { Ground } from '../store/store.ts';
import { forgetDaily } from './forget-requests.ts';
import { sendBaskets } from './send-baskets.ts';
import { sendMonthlyReport } from './send-monthly-report.ts';
import { sendStatusReport } from './send-status-report.ts';

/** The admin's cron lines, on the town's clocks, and what each brings. */

/** Null: not yet. It is tried again until it is done. */
export type Run = (dueAt: Date) => Promise<object | null>;

export function linesOf(ground: Ground): [job: string, expression: string, run: Run][] {
  const { reports, town, forgettingAt } = ground.config;
  const departments = town.departments.map(({ id }) => id);
  return [
    ['basket.desk', reports.desk, (dueAt) => sendBaskets(ground, [DESK], dueAt)],
    ['basket.departments', reports.departments, (dueAt) => sendBaskets(ground, departments, dueAt)],
    ['status_report.weekly', reports.weekly, whenOpen(ground, sendStatusReport)],
    ['monthly_report', reports.monthly, whenOpen(ground, sendMonthlyReport)],
    ['forgetting.daily', forgettingAt, (dueAt) => forgetDaily(ground, dueAt)],
  ];
}

/** A report that falls on a day when the town hall is closed leaves on the next that is worked, at its hour. */
function whenOpen(ground: Ground, send: (ground: Ground, dueAt: Date) => Promise<object>): Run {
  const { town } = ground.config;
  return async (dueAt) => {
    const { day, time } = localParts(ground.clock.now(), town.timeZone);
    const isTime = isWorkingDay(day, town) && time >= localParts(dueAt, town.timeZone).time;
    return isTime ? send(ground, dueAt) : null;
  };
}

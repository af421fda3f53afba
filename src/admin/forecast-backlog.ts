import type { Config } from '../config.ts';
import { matchesBetween } from '../cron.ts';
import { rowsOf } from '../domain/decision.ts';
import { forecastReports, forecastRequest, type ForecastMail, type Period } from '../domain/forecast.ts';
import { tableOf, type ForecastTable } from '../domain/forecast-table.ts';
import { lookOnly, openBacklog, type Progress } from '../store/backlog.ts';
import type { Db } from '../store/store.ts';

export interface Forecast {
  period: Period;
  openCount: number;
  table: ForecastTable;
}

type Asked = Config;

const DAY_MS = 86_400_000;

/** The mails of the clock on the real backlog, under two configs. Nothing is written: PostgreSQL would refuse. */
export async function forecastBacklog(
  db: Db,
  { before, after, from, days }: { before: Asked; after: Asked; from: Date; days: number },
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Forecast> {
  const period = { from, until: new Date(from.getTime() + days * DAY_MS) };
  const [inBefore, inAfter] = [reportsIn(before, period), reportsIn(after, period)];
  let openCount = 0;
  await lookOnly(db, async (tx) => {
    for await (const { requests, progress } of openBacklog(tx)) {
      for (const request of requests) {
        inBefore.push(...forecastRequest(request, before, period));
        inAfter.push(...forecastRequest(request, after, period));
      }
      openCount = progress.done;
      onProgress(progress);
    }
  });
  return { period, openCount, table: tableOf(inBefore, inAfter, after.town.timeZone) };
}

/** Every line of every minute, and a config that says so is told by `check`. */
const REPORTS_AT_MOST = 1_000;

function reportsIn(config: Asked, { from, until }: Period): ForecastMail[] {
  const { reports, town } = config;
  const at = (line: string) => matchesBetween(line, town.timeZone, from, until, REPORTS_AT_MOST);
  return [
    ...forecastReports('status_report', at(reports.weekly), config),
    ...forecastReports('monthly_report', at(reports.monthly), config),
  ];
}

/** The totals as a fact of a mail. */
export function effectRows({ totals }: ForecastTable): string {
  const rows = totals.map((row) => [
    row.name,
    row.kind,
    row.before,
    row.after,
    row.firstBefore ?? '',
    row.firstAfter ?? '',
  ]);
  return rowsOf(...rows);
}

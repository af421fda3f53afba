import { describe, expect, test } from 'vitest';
import { forecastReports, forecastRequest, type ForecastMail } from '../../src/domain/forecast.ts';
import { tableOf } from '../../src/domain/forecast-table.ts';
import type { RequestState } from '../../src/domain/request.ts';
import type { Schedule } from '../../src/domain/schedule.ts';
import { aRequest, aSchedule, aTown, someRules } from './plassans.ts';

/** A request opens on Tuesday 7 April 2026 at ten; Monday the 6th was Easter Monday. */
const FROM = new Date('2026-04-07T12:00:00+02:00');
const WITHOUT_LAW = { regime: 'information' as const, silenceMonths: 2, legalBasis: '' };
const UNTIL = new Date('2026-05-07T12:00:00+02:00');

describe('what the clock will bring if nobody acts', () => {
  test('is every reminder of a request that nobody takes up, at its day and hour, as often as the rule allows', () => {
    expect(told(mailsFor(aRequest()))).toEqual([
      '2026-04-10T07:00 reminder 1 → Accueil',
      '2026-04-14T07:00 reminder 2 → Accueil',
      '2026-04-16T07:00 reminder 3 → Accueil',
      '2026-04-20T07:00 reminder 4 → Accueil',
      '2026-04-22T07:00 reminder 5 → Accueil',
    ]);
  });

  test('goes to the office and to the agent in charge', () => {
    const taken = aRequest({ status: 'in_progress', holder: 'voirie', assignee: 'j.martin@plassans.fr' });
    expect(told(mailsFor(taken)).slice(0, 2)).toEqual([
      '2026-04-21T07:00 reminder 1 → Voirie',
      '2026-04-21T07:00 reminder 1 → Jeanne Martin',
    ]);
  });

  test('goes on from what has been sent already', () => {
    const reminded = aRequest({ remindedCount: 4, remindedAt: new Date('2026-04-07T09:00:00+02:00') });
    expect(told(mailsFor(reminded))).toEqual(['2026-04-09T07:00 reminder 5 → Accueil']);
  });

  test('is the waking of what is on hold, then the reminders of what goes on', () => {
    const waitUntil = new Date('2026-04-11T09:00:00+02:00');
    expect(told(mailsFor(aRequest({ status: 'on_hold', holder: 'voirie', waitUntil })))).toEqual([
      '2026-04-11T07:00 resumed → Voirie',
      '2026-04-24T07:00 reminder 1 → Voirie',
      '2026-04-28T07:00 reminder 2 → Voirie',
      '2026-04-30T07:00 reminder 3 → Voirie',
      '2026-05-05T07:00 reminder 4 → Voirie',
    ]);
  });

  test.each<[string, Partial<RequestState>]>([
    ['waits for the citizen', { status: 'awaiting_citizen' }],
    ['is closed', { status: 'closed', outcome: 'answered', closedAt: FROM }],
    ['is on hold without a date', { status: 'on_hold' }],
  ])('is nothing for a request that %s', (_what, changes) => {
    expect(mailsFor(aRequest(changes))).toEqual([]);
  });

  test('of the past comes once, at once in office hours, and is said to be overdue', () => {
    const [first, second] = mailsFor(aRequest({ statusSince: new Date('2026-02-02T10:00:00+01:00') }));
    expect(first).toMatchObject({ at: FROM, isOverdue: true });
    expect(second).toMatchObject({ at: new Date('2026-04-09T09:00:00+02:00'), isOverdue: false });
  });

  test('of the past waits for the town hall to open', () => {
    const saturday = { from: new Date('2026-04-11T12:00:00+02:00'), until: UNTIL };
    const [first] = mailsFor(aRequest({ statusSince: new Date('2026-02-02T10:00:00+01:00') }), {}, saturday);
    expect(first?.at).toEqual(new Date('2026-04-13T08:00:00+02:00'));
  });

  test('ends even for a rule that lets a reminder follow every minute', () => {
    const never = { notTakenUp: { after: days(0), every: { amount: 0, unit: 'hours' as const }, atMost: 100 } };
    expect(mailsFor(aRequest(), never)).toHaveLength(100);
  });

  test('follows the schedule that is asked about', () => {
    const impatient = { notTakenUp: { after: days(1), every: days(5), atMost: 2 } };
    expect(told(mailsFor(aRequest(), impatient))).toEqual([
      '2026-04-08T07:00 reminder 1 → Accueil',
      '2026-04-15T07:00 reminder 2 → Accueil',
    ]);
  });

  test('is the alarm before silence decides', () => {
    const until = new Date('2026-06-20T12:00:00+02:00');
    const kinds = forecastRequest(aRequest(), someRules(), { from: FROM, until }).map(({ kind }) => kind);
    expect(kinds).toContain('legal_alarm');
  });

  test('is a report that falls on a closed day, on the next that is worked', () => {
    const sunday = new Date('2026-04-12T08:00:00+02:00');
    expect(forecastReports('monthly_report', [sunday], someRules()).map(({ at }) => at)).toEqual([
      new Date('2026-04-13T08:00:00+02:00'),
    ]);
  });

  test('is the reports too, to every supervisor', () => {
    const [at] = [new Date('2026-04-13T08:00:00+02:00')];
    const rules = { town: aTown(), schedule: aSchedule() };
    expect(told(forecastReports('status_report', [at], rules))).toEqual([
      '2026-04-13T06:00 status_report → Direction générale',
    ]);
  });
});

describe('two forecasts side by side', () => {
  const before = mailsFor(aRequest());
  const after = mailsFor(aRequest(), { notTakenUp: { after: days(1), every: days(2), atMost: 3 } });
  const table = tableOf(before, after, 'Europe/Paris');

  test('differ by recipient and kind, the largest difference first', () => {
    expect(table.differences).toEqual([
      {
        name: 'Accueil',
        kind: 'reminder',
        before: 5,
        after: 3,
        more: 0,
        fewer: 2,
        firstBefore: '2026-04-10',
        firstAfter: '2026-04-08',
      },
    ]);
    expect(table.total).toEqual({ before: 5, after: 3 });
  });

  test('differ too when as many leave, from another day on', () => {
    const sooner = mailsFor(aRequest(), { notTakenUp: { after: days(1), every: days(2), atMost: 5 } });
    const [found, ...others] = tableOf(before, sooner, 'Europe/Paris').differences;
    expect(found).toMatchObject({ more: 0, fewer: 0, firstBefore: '2026-04-10', firstAfter: '2026-04-08' });
    expect(others).toEqual([]);
  });

  test('stand under the day of the town hall, with the numbers of the requests', () => {
    expect(table.days.map(({ day, rows }) => [day, rows[0]?.before, rows[0]?.after])).toEqual([
      ['2026-04-08', 0, 1],
      ['2026-04-10', 1, 1],
      ['2026-04-14', 1, 1],
      ['2026-04-16', 1, 0],
      ['2026-04-20', 1, 0],
      ['2026-04-22', 1, 0],
    ]);
    expect(table.days[0]?.rows[0]).toMatchObject({ from: '09:00', to: '09:00', references: ['2026-000021'] });
  });

  test('name no citizen', () => {
    const to = { role: 'citizen' as const, department: null, name: 'Nora Lemaire', address: 'nora@example.org' };
    const mail = { ...before[0]!, to };
    expect(JSON.stringify(tableOf([mail], [], 'Europe/Paris'))).not.toMatch(/Nora|nora/);
  });
});

test('ten thousand requests are forecast for thirty days in under five seconds', () => {
  const requests = Array.from({ length: 10_000 }, (_, i) => {
    const statusSince = new Date(FROM.getTime() - (i % 40) * 7_000_000);
    return aRequest({ statusSince, status: i % 3 === 0 ? 'in_progress' : 'new', reference: `2026-${i}` });
  });
  const started = process.cpuUsage();
  const mails = requests.flatMap((request) => mailsFor(request));
  const ms = Math.round(process.cpuUsage(started).user / 1_000);
  process.stdout.write(`10,000 requests, 30 days: ${mails.length} mails in ${ms} ms\n`);
  expect(ms).toBeLessThan(5_000);
});

function mailsFor(request: RequestState, changes: Partial<Schedule> = {}, period = { from: FROM, until: UNTIL }) {
  return forecastRequest(request, someRules({ schedule: aSchedule(changes), ordinary: WITHOUT_LAW }), period);
}

function told(mails: readonly ForecastMail[]): string[] {
  return mails.map(({ at, kind, number, to }) => {
    const what = number === null ? kind : `${kind} ${number}`;
    return `${at.toISOString().slice(0, 16)} ${what} → ${to.name}`;
  });
}

function days(amount: number) {
  return { amount, unit: 'working_days' as const };
}

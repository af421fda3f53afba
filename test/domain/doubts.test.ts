import { describe, expect, test } from 'vitest';
import { DOUBTS, doubtsOf, type Doubtful, type DoubtKind } from '../../src/domain/doubts.ts';
import { aSchedule, aTown } from './plassans.ts';

/** A town without doubts: each case has one. */
const MONDAY = new Date('2026-04-13T08:00:00+02:00');

function aDoubtful(changes: Partial<Doubtful> = {}): Doubtful {
  const category = { name: 'C', keywords: [], fields: [], pieces: [] };
  const procedure = { regime: 'information' as const, silenceMonths: 2, legalBasis: '' };
  return {
    town: aTown(),
    schedule: aSchedule({ linkDays: 20 }),
    categories: ['voirie', 'urbanisme'].map((department) => ({ ...category, id: department, department, procedure })),
    reportDates: [MONDAY],
    pollSeconds: 60,
    outgoing: { onlyTo: [] },
    publicUrl: 'https://guichet.plassans.fr',
    ...changes,
  };
}

const rule = aSchedule().notTakenUp;
const [voirie, urbanisme] = aTown().departments;
const [jeanne] = aTown().agents;

const CASES: [DoubtKind, string, Partial<Doubtful>][] = [
  [
    'never_open',
    'reminders.officeHours',
    { schedule: aSchedule({ linkDays: 20, officeHours: { from: '18:00', to: '08:00' } }) },
  ],
  ['reminder_hour_closed', 'reminders.at', { schedule: aSchedule({ linkDays: 20, remindersAt: '18:00' }) }],
  ['every_zero', 'reminders.notTakenUp.every', { schedule: withRule({ every: { amount: 0, unit: 'days' } }) }],
  ['every_too_often', 'reminders.notTakenUp.every', { schedule: withRule({ every: { amount: 4, unit: 'hours' } }) }],
  ['never_reminds', 'reminders.notTakenUp.atMost', { schedule: withRule({ atMost: 0 }) }],
  ['report_never', 'reports.weekly', { reportDates: [] }],
  ['report_closed_day', 'reports.weekly', { reportDates: [new Date('2026-04-12T08:00:00+02:00')] }],
  ['report_lost_hour', 'reports.weekly', { reportDates: [new Date('2026-04-13T02:30:00+02:00')] }],
  ['no_category', 'departments[urbanisme]', { categories: aDoubtful().categories.slice(0, 1) }],
  [
    'foreign_domain',
    'agents[Jeanne Martin].address',
    { town: aTown({ agents: [{ ...jeanne!, address: 'j.martin@plasans.fr' }] }) },
  ],
  [
    'shared_address',
    'departments[urbanisme].address',
    { town: aTown({ departments: [voirie!, { ...urbanisme!, address: voirie!.address }] }) },
  ],
  ['link_too_short', 'links.validFor', { schedule: aSchedule({ linkDays: 2 }) }],
  ['poll_too_slow', 'mailbox.pollEvery', { pollSeconds: 3_600 }],
  ['pilot', 'outgoing.onlyTo', { outgoing: { onlyTo: ['@plassans.fr'] } }],
  ['dry_run', 'outgoing.writeTo', { outgoing: { onlyTo: [], writeTo: 'essai' } }],
  ['clear_url', 'PUBLIC_URL', { publicUrl: 'http://guichet.plassans.fr' }],
];

describe('what is allowed and looks wrong', () => {
  test('is nothing in an ordinary town', () => {
    expect(doubtsOf(aDoubtful())).toEqual([]);
  });

  test.each(CASES)('%s, told at %s, alone', (doubt, key, changes) => {
    expect(doubtsOf(aDoubtful(changes)).map((found) => [found.doubt, found.key])).toEqual([[doubt, key]]);
  });

  test('has a case here for each kind', () => {
    expect(CASES.map(([doubt]) => doubt).toSorted()).toEqual([...DOUBTS].toSorted());
  });

  test('is not a page on the machine itself', () => {
    expect(doubtsOf(aDoubtful({ publicUrl: 'http://127.0.0.1:8080' }))).toEqual([]);
    expect(doubtsOf(aDoubtful({ publicUrl: 'http://localhost' }))).toEqual([]);
  });
});

function withRule(changes: Partial<typeof rule>) {
  return aSchedule({ linkDays: 20, notTakenUp: { ...rule, ...changes } });
}

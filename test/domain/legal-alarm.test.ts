import { describe, expect, test } from 'vitest';
import { nextAlarmAt, raiseAlarm } from '../../src/domain/legal-alarm.ts';
import { JEANNE, aRequest, aSchedule, aTown, someRules } from './plassans.ts';

/** Received on 7 April 2026: silence rejects on 7 June. */

const rules = someRules();
const DUE = new Date('2026-05-08T09:00:00+02:00');

describe('a legal alarm', () => {
  test('is told to the office that holds the request, and to the agent in charge', () => {
    const request = aRequest({ holder: 'voirie', assignee: JEANNE.address });
    expect(toldBy(raiseAlarm(request, rules, DUE))).toEqual(['voirie@plassans.fr', 'j.martin@plassans.fr']);
  });

  test('is told once to whoever holds it and supervises', () => {
    const desk = { ...aTown().desk, address: 'dgs@plassans.fr' };
    const last = new Date('2026-06-05T09:00:00+02:00');
    expect(toldBy(raiseAlarm(aRequest(), { ...rules, town: aTown({ desk }) }, last))).toEqual(['dgs@plassans.fr']);
  });

  test('is not raised before its time, nor twice, nor for what is closed', () => {
    const early = new Date(DUE.getTime() - 1);
    const nothing = { done: false, refusal: 'nothing_due' };
    expect(raiseAlarm(aRequest(), rules, early)).toEqual(nothing);
    expect(raiseAlarm(aRequest({ alarmedAt: DUE }), rules, new Date(DUE.getTime() + 60_000))).toEqual(nothing);
    expect(raiseAlarm(aRequest({ status: 'closed', outcome: 'answered' }), rules, DUE)).toEqual(nothing);
    expect(raiseAlarm(aRequest({ category: 'chaussee' }), rules, DUE)).toEqual(nothing);
  });

  test('says what is left on the day it is raised, and what silence means', () => {
    const late = new Date('2026-06-20T10:00:00+02:00');
    const decision = raiseAlarm(aRequest(), rules, late);
    const [mail] = decision.done ? decision.mails : [];
    expect(mail).toMatchObject({
      kind: 'legal_alarm',
      facts: { daysLeft: 0, decidesOn: '2026-06-07', regime: 'rejection' },
    });
  });

  test('is still raised on the day itself where a town wants none before', () => {
    const alone = { ...rules, schedule: aSchedule({ alarmDays: [] }) };
    expect(nextAlarmAt(aRequest(), alone)).toEqual(new Date('2026-06-07T09:00:00+02:00'));
    expect(toldBy(raiseAlarm(aRequest(), alone, new Date('2026-06-07T09:00:00+02:00')))).toContain('dgs@plassans.fr');
  });
});

function toldBy(decision: ReturnType<typeof raiseAlarm>): string[] {
  return decision.done ? decision.mails.map(({ to }) => to.address) : [];
}

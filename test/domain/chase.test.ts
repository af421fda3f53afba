import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWorkingDay } from '../../src/domain/calendar.ts';
import { chase } from '../../src/domain/chase.ts';
import type { Decision } from '../../src/domain/decision.ts';
import { localParts } from '../../src/domain/local-time.ts';
import type { Town } from '../../src/domain/people.ts';
import type { CitizenRule, SilentEnd } from '../../src/domain/reminder-rules.ts';
import type { RequestState } from '../../src/domain/request.ts';
import { isOfficeTime, nextLookAt, silenceEndsAt, type Delay } from '../../src/domain/schedule.ts';
import { OUTCOMES, STATUSES } from '../../src/domain/workflow.ts';
import { aRequest, aSchedule, aTown } from './plassans.ts';

const town = aTown();
const schedule = aSchedule();
const NOTHING_DUE = { done: false, refusal: 'nothing_due' };

describe('a reminder', () => {
  const waiting = aRequest({ holder: 'voirie', statusSince: new Date('2026-04-02T10:00:00+02:00') });
  const due = new Date('2026-04-08T09:00:00+02:00');

  test('S19: goes to whoever holds the request, and is counted', () => {
    const decision = chase(waiting, { schedule, town }, due);
    expect(mailsOf(decision)).toEqual(['reminder → voirie@plassans.fr']);
    expect(decision).toMatchObject({ changes: { remindedCount: 1, remindedAt: due } });
  });

  test('does not leave a minute too early, at night, or for whoever acted meanwhile', () => {
    expect(chase(waiting, { schedule, town }, new Date('2026-04-08T08:59:00+02:00'))).toEqual(NOTHING_DUE);
    expect(chase(waiting, { schedule, town }, new Date('2026-04-08T22:00:00+02:00'))).toEqual(NOTHING_DUE);
    expect(chase({ ...waiting, statusSince: due }, { schedule, town }, due)).toEqual(NOTHING_DUE);
  });

  test.each(['awaiting_citizen', 'on_hold', 'closed'] as const)('never chases a request that is %s', (status) => {
    const later = new Date('2026-06-10T10:00:00+02:00');
    expect(chase({ ...waiting, status }, { schedule, town }, later).done).toBe(false);
  });

  test('stops when as many were sent as the town hall allows', () => {
    const chased = { ...waiting, remindedCount: 5, remindedAt: due };
    expect(chase(chased, { schedule, town }, new Date('2026-06-10T10:00:00+02:00')).done).toBe(false);
  });

  test('never goes to the mailbox itself, even where the desk reads it', () => {
    const small = { ...town, desk: { ...town.desk, address: town.mailbox } };
    expect(mailsOf(chase({ ...waiting, holder: 'desk' }, { schedule, town: small }, due))).toEqual([]);
  });

  test('goes to the desk when the department is gone from the config', () => {
    const decision = chase({ ...waiting, holder: 'parcs' }, { schedule, town }, due);
    expect(mailsOf(decision)).toEqual(['reminder → accueil@plassans.fr']);
  });
});

describe('S20: a reminder that did not help', () => {
  const later = new Date('2026-05-04T10:00:00+02:00');
  const escalate = { head: 2, supervisors: 4 };
  const firm = aSchedule({
    notClosed: { ...schedule.notClosed, escalate },
    notTakenUp: { ...schedule.notTakenUp, escalate },
  });
  const withHead = withOffice('voirie', { head: { ...town.desk.head, address: 'chef@plassans.fr' } });

  const told = (remindedCount: number, place: Town, changes: Partial<RequestState> = {}) => {
    const statusSince = new Date('2026-03-02T10:00:00+01:00');
    const request = aRequest({ holder: 'voirie', statusSince, remindedCount, ...changes });
    return mailsOf(chase(request, { schedule: firm, town: place }, later)).map((mail) =>
      mail.replace('reminder → ', ''),
    );
  };

  test.each<[number, string[]]>([
    [1, ['voirie@plassans.fr']],
    [2, ['voirie@plassans.fr', 'chef@plassans.fr']],
    [3, ['voirie@plassans.fr', 'chef@plassans.fr']],
    [4, ['voirie@plassans.fr', 'chef@plassans.fr', 'dgs@plassans.fr']],
    [5, ['voirie@plassans.fr', 'chef@plassans.fr', 'dgs@plassans.fr']],
  ])('number %i goes to %j', (number, expected) => {
    expect(told(number - 1, withHead)).toEqual(expected);
  });

  test('goes to the supervisors where the head has no address, to each once', () => {
    expect(told(1, town)).toEqual(['voirie@plassans.fr', 'dgs@plassans.fr']);
    expect(told(3, town)).toEqual(['voirie@plassans.fr', 'dgs@plassans.fr']);
  });

  test('goes once to a head who is in charge, and is of the office that holds it', () => {
    const jeanneLeads = withOffice('voirie', { head: { ...town.desk.head, address: 'j.martin@plassans.fr' } });
    const charged = { status: 'in_progress', assignee: 'j.martin@plassans.fr' } as const;
    expect(told(1, jeanneLeads, charged)).toEqual(['voirie@plassans.fr', 'j.martin@plassans.fr']);
    expect(told(1, withHead, { holder: 'urbanisme' })).toEqual(['urbanisme@plassans.fr', 'dgs@plassans.fr']);
  });

  test('says so to whom it is told besides, and only to them', () => {
    const request = aRequest({
      holder: 'voirie',
      statusSince: new Date('2026-03-02T10:00:00+01:00'),
      remindedCount: 3,
    });
    const decision = chase(request, { schedule: firm, town: withHead }, later);
    expect(decision.done && decision.mails.map(({ facts }) => facts['escalated'])).toEqual([
      undefined,
      'department',
      'supervisor',
    ]);
  });

  test('is not mailed to who prefers the digest; it is counted and told in the history all the same', () => {
    const quiet = withOffice('voirie', { reminders: 'digest' }, withHead);
    expect(told(0, quiet)).toEqual([]);
    expect(told(3, quiet)).toEqual(['chef@plassans.fr', 'dgs@plassans.fr']);
    const request = aRequest({ holder: 'voirie', statusSince: new Date('2026-03-02T10:00:00+01:00') });
    expect(chase(request, { schedule: firm, town: quiet }, later)).toMatchObject({
      changes: { remindedCount: 1, remindedAt: later },
      event: { action: 'reminder', details: { number: 1 } },
    });
    const jeanne = { ...town, agents: town.agents.map((agent) => ({ ...agent, reminders: 'digest' as const })) };
    const charged = { status: 'in_progress', assignee: 'j.martin@plassans.fr' } as const;
    expect(told(0, jeanne, charged)).toEqual(['voirie@plassans.fr']);
    const dgs = { ...town, supervisors: town.supervisors.map((each) => ({ ...each, reminders: 'digest' as const })) };
    expect(told(3, dgs)).toEqual(['voirie@plassans.fr']);
  });
});

describe('a citizen who is awaited', () => {
  /** Asked on Monday 7 September 2026; reminded after ten days, then every ten, twice. */
  const since = new Date('2026-09-07T10:00:00+02:00');
  const FIRST = new Date('2026-09-17T09:00:00+02:00');
  const SECOND = new Date('2026-09-28T09:00:00+02:00');
  const END = new Date('2026-10-08T09:00:00+02:00');
  const pieces = [
    { name: 'Plan de masse', isReceived: true },
    { name: 'Photographie', isReceived: false },
  ];
  const asked = (changes: Partial<RequestState> = {}) =>
    aRequest({ status: 'awaiting_citizen', statusSince: since, holder: 'voirie', pieces, ...changes });
  const rules = (andThen: SilentEnd, changes: Partial<CitizenRule> = {}) => {
    const tenDays: Delay = { amount: 10, unit: 'days' };
    const awaitingCitizen = { after: tenDays, every: tenDays, atMost: 2, andThen, ...changes };
    return { town, schedule: aSchedule({ awaitingCitizen }) };
  };
  const twice = { remindedCount: 2, remindedAt: SECOND };
  const deadline = (day: string) => ({ waitUntil: new Date(`${day}T23:59:00+02:00`) });

  test('is reminded of what is missing, and by when', () => {
    const request = asked(deadline('2026-09-30'));
    expect(nextLookAt(request, rules('return').schedule, town)).toEqual(FIRST);
    const decision = chase(request, rules('return'), FIRST);
    expect(mailsOf(decision)).toEqual(['citizen_reminder → nora@example.org']);
    expect(decision).toMatchObject({
      changes: { remindedCount: 1, remindedAt: FIRST, lapsesAt: null },
      event: { action: 'citizen_reminder', actor: { role: 'system' } },
      mails: [{ facts: { pieces: 'Photographie', dueOn: '2026-09-30', number: 1 } }],
    });
    expect(decision.done && 'status' in decision.changes).toBe(false);
  });

  test('is never reminded after the deadline, though nothing ran in time', () => {
    const request = asked(deadline('2026-09-16'));
    expect(chase(request, rules('nothing'), FIRST)).toEqual(NOTHING_DUE);
    const reachable = asked(deadline('2026-09-17'));
    expect(chase(reachable, rules('nothing'), FIRST).done).toBe(true);
    expect(chase(reachable, rules('nothing'), new Date('2026-09-18T09:00:00+02:00'))).toEqual(NOTHING_DUE);
  });

  test.each<[string, Partial<RequestState>, Date | null]>([
    ['the morning after the deadline', deadline('2026-09-15'), new Date('2026-09-16T09:00:00+02:00')],
    ['on the worked day after it', deadline('2026-09-18'), new Date('2026-09-21T09:00:00+02:00')],
    [
      'not before the deadline, however many reminders there were',
      { ...twice, ...deadline('2026-10-30') },
      new Date('2026-11-02T09:00:00+01:00'),
    ],
    ['without one, at the same pace after the last reminder', twice, END],
    ['not while reminders are to come', { remindedCount: 1, remindedAt: FIRST }, null],
    [
      'not before the day that was announced',
      { ...twice, lapsesAt: new Date('2026-10-12T09:00:00+02:00') },
      new Date('2026-10-12T09:00:00+02:00'),
    ],
  ])('is awaited no more %s', (_when, changes, expected) => {
    expect(silenceEndsAt(asked(changes), rules('return').schedule, town)).toEqual(expected);
    expect(silenceEndsAt(asked(changes), rules('nothing').schedule, town)).toBeNull();
  });

  test('who is not reminded at all is awaited for the first delay', () => {
    const { schedule: silent } = rules('return', { atMost: 0 });
    expect(silenceEndsAt(asked(), silent, town)).toEqual(FIRST);
  });

  test('the request goes back to whoever holds it, who is told; new when nobody is in charge', () => {
    const decision = chase(asked(twice), rules('return'), END);
    expect(mailsOf(decision)).toEqual(['citizen_silent → voirie@plassans.fr']);
    expect(decision).toMatchObject({
      changes: { status: 'new', statusSince: END, remindedCount: 0, remindedAt: null, waitUntil: null },
      event: { action: 'citizen_silent' },
      mails: [{ facts: { pieces: 'Photographie' } }],
    });
    const charged = chase(asked({ ...twice, assignee: 'j.martin@plassans.fr' }), rules('return'), END);
    expect(charged).toMatchObject({ changes: { status: 'in_progress' } });
    expect(mailsOf(charged)).toEqual(['citizen_silent → voirie@plassans.fr', 'citizen_silent → j.martin@plassans.fr']);
  });

  test('the last reminder says from which day the request is closed; the first does not', () => {
    expect(chase(asked(), rules('close'), FIRST)).toMatchObject({ changes: { lapsesAt: null } });
    const once = asked({ remindedCount: 1, remindedAt: FIRST });
    const last = chase(once, rules('close'), SECOND);
    expect(last).toMatchObject({ changes: { lapsesAt: END }, mails: [{ facts: { closesOn: '2026-10-08' } }] });
    const first = chase(asked(), rules('close'), FIRST);
    expect(first.done && 'closesOn' in (first.mails[0]?.facts ?? {})).toBe(false);
    const gentle = chase(once, rules('return'), SECOND);
    expect(gentle.done && gentle.changes.lapsesAt).toBeNull();
  });

  test('the only reminder that fits before the deadline is the last', () => {
    const decision = chase(asked(deadline('2026-09-24')), rules('close'), FIRST);
    expect(decision).toMatchObject({ mails: [{ facts: { dueOn: '2026-09-24', closesOn: '2026-09-25' } }] });
  });

  test('closed as dropped, with the way to reopen it; the holder is told', () => {
    const decision = chase(asked({ ...twice, lapsesAt: END }), rules('close'), END);
    expect(mailsOf(decision)).toEqual(['lapsed_citizen → nora@example.org', 'citizen_silent → voirie@plassans.fr']);
    expect(decision).toMatchObject({
      changes: { status: 'closed', outcome: 'dropped', lapsesAt: null },
      event: { action: 'lapsed' },
      mails: [{ facts: { reopenUntil: '2026-11-07', outcome: 'dropped' } }, { facts: { outcome: 'dropped' } }],
    });
  });

  test.each<[string, Partial<RequestState>]>([
    ['no reminder had said so', { ...twice }],
    ['the deadline came before any reminder', deadline('2026-09-09')],
  ])('never closed when %s: it goes back to whoever holds it', (_when, changes) => {
    const decision = chase(asked(changes), rules('close'), END);
    expect(decision).toMatchObject({ event: { action: 'citizen_silent' }, changes: { status: 'new' } });
  });

  test('who cannot be reached is not written to, and nothing is closed behind their back', () => {
    const once = { remindedCount: 1, remindedAt: FIRST };
    for (const changes of [{ undeliverable: true }, { citizenAddress: '' }]) {
      const last = chase(asked({ ...once, ...changes }), rules('close'), SECOND);
      expect([last.done && last.mails, last.done && last.changes.lapsesAt]).toEqual([[], null]);
    }
  });
});

describe('whatever the rule, the request and the minute', () => {
  const anyDelay = fc.record({
    amount: fc.integer({ min: 1, max: 40 }),
    unit: fc.constantFrom('hours', 'days', 'working_days'),
  }) satisfies fc.Arbitrary<Delay>;
  const anyRule = fc.record({
    after: anyDelay,
    every: anyDelay,
    atMost: fc.integer({ min: 0, max: 6 }),
    at: fc.constantFrom(undefined, '06:00', '11:15', '23:00'),
    escalate: fc.constantFrom(undefined, { head: 1 }, { head: 2, supervisors: 2 }),
    andThen: fc.constantFrom('nothing', 'return', 'close'),
  });
  const start = Date.UTC(2026, 0);
  const anyInstant = fc.integer({ min: 0, max: 500 * 1_440 }).map((minute) => new Date(start + minute * 60_000));
  const anyRequest = fc.record({
    status: fc.constantFrom(...STATUSES),
    statusSince: anyInstant,
    waitUntil: fc.option(anyInstant),
    lapsesAt: fc.option(anyInstant),
    remindedCount: fc.integer({ min: 0, max: 7 }),
    remindedAt: fc.option(anyInstant),
    assignee: fc.constantFrom(null, 'j.martin@plassans.fr'),
    holder: fc.constantFrom('desk', 'voirie'),
    outcome: fc.constantFrom(null, ...OUTCOMES),
  });
  const place = aTown({ closures: ['2026-05-15', '2026-12-24'] });

  test('nothing leaves on a closed day, outside office hours, on hold, when closed, or to who has just acted', () => {
    let done = 0;
    fc.assert(
      fc.property(anyRule, anyRequest, anyInstant, (rule, changes, now) => {
        const rules = aSchedule({ notTakenUp: rule, notClosed: rule, awaitingCitizen: rule });
        const request = aRequest(changes);
        const decision = chase(request, { schedule: rules, town: place }, now);
        if (!decision.done) return;
        done += 1;
        const { day, time } = localParts(now, place.timeZone);
        expect([isWorkingDay(day, place), time >= '08:00' && time < '18:00']).toEqual([true, true]);
        expect(['on_hold', 'closed']).not.toContain(request.status);
        // Every delay is of an hour at least; only a deadline can be nearer.
        const quietMs = now.getTime() - (request.remindedAt ?? request.statusSince).getTime();
        expect(quietMs >= 3_600_000 || request.waitUntil !== null).toBe(true);
        const addresses = decision.mails.map(({ to }) => to.address);
        expect(new Set(addresses).size).toBe(addresses.length);
        const toCitizen = decision.mails.filter(({ to }) => to.role === 'citizen');
        expect(toCitizen.length === 0 || request.status === 'awaiting_citizen').toBe(true);
        if (decision.event.action === 'citizen_reminder' && request.waitUntil)
          expect(now <= request.waitUntil).toBe(true);
        if (decision.changes.status === 'closed')
          expect(request.lapsesAt !== null && request.lapsesAt <= now).toBe(true);
      }),
      { numRuns: 8_000 },
    );
    expect(done).toBeGreaterThan(100);
  });

  test('what is looked at when it is due leads to something, and never twice', () => {
    let done = 0;
    fc.assert(
      fc.property(anyRule, anyRequest, (rule, changes) => {
        const rules = aSchedule({ notTakenUp: rule, notClosed: rule, awaitingCitizen: rule });
        const request = aRequest(changes);
        const at = nextLookAt(request, rules, place);
        if (at === null) return;
        expect(isOfficeTime(at, rules, place) || request.lapsesAt?.getTime() === at.getTime()).toBe(true);
        if (!isOfficeTime(at, rules, place)) return;
        const decision = chase(request, { schedule: rules, town: place }, at);
        expect(decision.done).toBe(true);
        if (!decision.done) return;
        done += 1;
        const again = nextLookAt({ ...request, ...decision.changes }, rules, place);
        expect(again === null || again > at).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    expect(done).toBeGreaterThan(500);
  });
});

function withOffice(id: string, changes: Partial<Town['desk']>, place = town): Town {
  return { ...place, departments: place.departments.map((each) => (each.id === id ? { ...each, ...changes } : each)) };
}

function mailsOf(decision: Decision): string[] {
  if (!decision.done) throw new Error(`refused: ${decision.refusal}`);
  return decision.mails.map(({ kind, to }) => `${kind} → ${to.address}`);
}

import { describe, expect, test } from 'vitest';
import { decide } from '../../src/domain/decide.ts';
import type { Decision, Done } from '../../src/domain/decision.ts';
import { recordAutomatic } from '../../src/domain/occurrences.ts';
import { SYSTEM, type Person } from '../../src/domain/people.ts';
import type { RequestState } from '../../src/domain/request.ts';
import { actionsOpenTo } from '../../src/domain/standing.ts';
import { PAGE_ACTIONS, WORKFLOW, type Action } from '../../src/domain/workflow.ts';
import { wasBefore, withUndoWindow } from '../../src/domain/undo.ts';
import {
  aClosing,
  anAct,
  aRequest,
  DESK_PERSON,
  JEANNE,
  NORA,
  NOW,
  someRules,
  SUPERVISOR,
  VOIRIE,
} from './plassans.ts';

const rules = someRules();
const { town } = rules;
const IN_A_MINUTE = new Date(NOW.getTime() + 60_000);

const taken = aRequest({
  status: 'in_progress',
  holder: 'voirie',
  assignee: JEANNE.address,
  remindedCount: 2,
  remindedAt: new Date('2026-04-09T09:00:00+02:00'),
});

/** On hold at a department, with an answer begun, the second part of another request. */
const waiting = aRequest({
  status: 'on_hold',
  holder: 'voirie',
  holdingNo: 4,
  assignee: JEANNE.address,
  waitUntil: new Date('2026-05-04T09:00:00+02:00'),
  waitReason: 'Avis attendu',
  statusSince: new Date('2026-04-08T10:00:00+02:00'),
  draft: { text: 'Bonjour,', name: 'Jeanne Martin', address: JEANNE.address, at: NOW },
  relatedReference: '2026-000003',
});

describe('C27: every closing, undone', () => {
  const CLOSINGS: [Action, Person][] = [
    ['accept', VOIRIE],
    ['refuse', VOIRIE],
    ['answer', JEANNE],
    ['drop', DESK_PERSON],
    ['merge', DESK_PERSON],
    ['reorient', DESK_PERSON],
    ['discard', DESK_PERSON],
  ];

  test('is one that an agent can take, and no other', () => {
    const closing = PAGE_ACTIONS.filter((action) => WORKFLOW[action].outcome !== undefined);
    expect(CLOSINGS.map(([action]) => action).toSorted()).toEqual(closing.toSorted());
  });

  test.each(CLOSINGS)('%s: the request is what it was, to the last field', (action, actor) => {
    const original = { id: '1', reference: '2026-000007', citizenAddress: NORA.address };
    const act = anAct(action, actor, { original, administration: 'Préfecture' });
    const closed = done(windowed(waiting, decide(waiting, act, rules, NOW)));
    const was = wasBefore(closed.event.details);
    expect(closed.changes.status).toBe('closed');
    if (was === null) throw new Error('it cannot be undone');
    const after = { ...waiting, ...closed.changes, closing: { eventId: 'e', by: actor, was } };
    const undone = done(decide(after, anAct('undo', actor, { comment: '' }), rules, NOW));
    expect({ ...after, ...undone.changes }).toEqual(waiting);
    expect(undone).toMatchObject({ mails: [], cancelsMailsOf: 'e' });
  });

  test('withdraw is the citizen’s own: nobody can undo it, and its mails do not wait', () => {
    const withdrawn = decide(waiting, anAct('withdraw', NORA), rules, NOW);
    expect(windowed(waiting, withdrawn)).toBe(withdrawn);
  });
});

describe('a decision that closes', () => {
  test('waits before anybody is told; whoever took it is told at once, at their own address', () => {
    const { mails } = done(windowed(taken, decide(taken, anAct('refuse', JEANNE), rules, NOW)));
    expect(mails.map(({ kind, to, sendAfter }) => [kind, to.address, sendAfter])).toEqual([
      ['decision', NORA.address, IN_A_MINUTE],
      ['decision_copy', DESK_PERSON.address, IN_A_MINUTE],
      ['receipt', JEANNE.address, undefined],
    ]);
    expect(mails.at(-1)?.facts).toMatchObject({ outcome: 'refused', citizenToldAt: IN_A_MINUTE.toISOString() });
  });

  test('keeps in its event what the request was, so that it can be read back', () => {
    for (const request of [taken, waiting, aRequest({ holder: 'voirie' })]) {
      const { event } = done(windowed(request, decide(request, anAct('accept', JEANNE), rules, NOW)));
      const was = wasBefore(event.details);
      expect(Object.keys(was ?? {}).toSorted()).toEqual(Object.keys(aClosing(JEANNE).was).toSorted());
      expect(request).toMatchObject({ ...was });
    }
  });

  test('of a citizen without an address says in its receipt that nobody is told', () => {
    const unknown = { ...taken, citizenAddress: '' };
    const { mails } = done(windowed(unknown, decide(unknown, anAct('accept', JEANNE), rules, NOW)));
    const receipt = mails.find(({ kind }) => kind === 'receipt');
    expect(receipt?.facts).toMatchObject({ undoUntil: IN_A_MINUTE.toISOString() });
    expect(receipt?.facts).not.toHaveProperty('citizenToldAt');
  });

  test('in a town without a window leaves at once, without a receipt', () => {
    const decision = decide(taken, anAct('refuse', JEANNE), rules, NOW);
    expect(withUndoWindow(decision, taken, town, 0, NOW)).toBe(decision);
  });
});

test.each<[string, Decision]>([
  ['a message', decide(taken, anAct('message', JEANNE), rules, NOW)],
  ['a send-back', decide(taken, anAct('send_back', JEANNE), rules, NOW)],
  ['a refused decision', decide(taken, anAct('accept', NORA), rules, NOW)],
  ['what the system does', recordAutomatic(SYSTEM, '', '')],
])('%s does not wait', (_what, decision) => {
  expect(windowed(taken, decision)).toBe(decision);
});

test('a note on a closed request does not wait: nothing is closed by it', () => {
  const closed = aRequest({ status: 'closed', outcome: 'accepted' });
  const note = decide(closed, anAct('note', DESK_PERSON), rules, NOW);
  expect(windowed(closed, note)).toBe(note);
});

describe('whoever decided', () => {
  const closed = aRequest({ status: 'closed', outcome: 'refused', holder: 'voirie', closing: aClosing(VOIRIE) });

  test('gets the request back as it was, its waiting included, and its mails are stopped', () => {
    const undone = done(decide(closed, anAct('undo', VOIRIE), rules, NOW));
    expect(undone.changes).toEqual({ ...aClosing(VOIRIE).was, outcome: null, closing: null });
    expect(undone.cancelsMailsOf).toBe(aClosing(VOIRIE).eventId);
    expect(undone.mails).toEqual([]);
  });

  test('is offered it; a colleague at another address, the desk and the supervisor are not', () => {
    const offered = [VOIRIE, JEANNE, DESK_PERSON, SUPERVISOR].filter((person) =>
      actionsOpenTo(closed, person, rules, NOW).includes('undo'),
    );
    expect(offered).toEqual([VOIRIE]);
  });

  test('hears that it is too late once it is; anybody else that it is not theirs', () => {
    expect(undoneBy(VOIRIE, { ...closed, closing: null })).toEqual({ done: false, refusal: 'undo_too_late' });
    expect(undoneBy(DESK_PERSON, closed)).toEqual({ done: false, refusal: 'not_allowed' });
    expect(undoneBy(NORA, closed)).toEqual({ done: false, refusal: 'not_allowed' });
    expect(undoneBy(JEANNE, taken)).toEqual({ done: false, refusal: 'status_forbids' });
  });
});

function undoneBy(actor: Person, request: RequestState): Decision {
  return decide(request, anAct('undo', actor), rules, NOW);
}

function windowed(request: RequestState, decision: Decision): Decision {
  return withUndoWindow(decision, request, town, 60, NOW);
}

function done(decision: Decision): Done {
  if (!decision.done) throw new Error(decision.refusal);
  return decision;
}

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, type Act } from '../../src/domain/decide.ts';
import type { Done } from '../../src/domain/decision.ts';
import type { Town } from '../../src/domain/people.ts';
import type { RequestState } from '../../src/domain/request.ts';
import { ACTIONS, STATUSES } from '../../src/domain/workflow.ts';
import {
  anAct,
  aRequest,
  aTown,
  DESK_PERSON,
  EVERYBODY,
  NEIGHBOUR,
  NORA,
  NOW,
  someRules,
  SUPERVISOR,
  VOIRIE,
} from './plassans.ts';

describe('who is written to', () => {
  const heldByVoirie = aRequest({ holder: 'voirie' });

  test.each<[string, RequestState, Act, string[]]>([
    [
      'a transfer tells the department and the citizen',
      aRequest(),
      anAct('transfer', DESK_PERSON),
      ['transferred → urbanisme@plassans.fr', 'transferred_citizen → nora@example.org'],
    ],
    [
      'whoever takes a request up tells the citizen',
      heldByVoirie,
      anAct('take_charge', VOIRIE),
      ['taken_in_charge → nora@example.org'],
    ],
    [
      'a department sends back to the desk',
      heldByVoirie,
      anAct('send_back', VOIRIE),
      ['sent_back → accueil@plassans.fr'],
    ],
    [
      'the second time, the supervisor settles it',
      { ...heldByVoirie, reroutedCount: 1 },
      anAct('send_back', VOIRIE),
      ['sent_back → accueil@plassans.fr', 'arbitration → dgs@plassans.fr'],
    ],
    [
      'and every time after that',
      { ...heldByVoirie, reroutedCount: 2 },
      anAct('send_back', VOIRIE),
      ['sent_back → accueil@plassans.fr', 'arbitration → dgs@plassans.fr'],
    ],
    [
      'what is missing is asked of the citizen',
      heldByVoirie,
      anAct('request_correction', VOIRIE),
      ['correction → nora@example.org'],
    ],
    [
      'a department’s decision reaches the citizen, and the desk in copy',
      heldByVoirie,
      anAct('accept', VOIRIE),
      ['decision → nora@example.org', 'decision_copy → accueil@plassans.fr'],
    ],
    [
      'the desk is sent no copy of its own decision',
      aRequest(),
      anAct('refuse', DESK_PERSON),
      ['decision → nora@example.org'],
    ],
    ['a message goes to the citizen alone', aRequest(), anAct('message', DESK_PERSON), ['message → nora@example.org']],
    [
      'a department’s note goes to the desk, never to the citizen',
      heldByVoirie,
      anAct('note', VOIRIE),
      ['internal_message → accueil@plassans.fr'],
    ],
    [
      'the desk’s note goes to whoever holds the request',
      heldByVoirie,
      anAct('note', DESK_PERSON),
      ['internal_message → voirie@plassans.fr'],
    ],
    ['the desk’s note to itself is mailed to nobody', aRequest(), anAct('note', DESK_PERSON), []],
    ['so does the supervisor’s', heldByVoirie, anAct('note', SUPERVISOR), ['internal_message → voirie@plassans.fr']],
    [
      'a citizen’s answer goes to whoever holds the request',
      heldByVoirie,
      anAct('citizen_reply', NORA),
      ['reply_received → voirie@plassans.fr'],
    ],
    [
      'so does a neighbour’s, and the citizen is not told',
      heldByVoirie,
      anAct('third_party_message', NEIGHBOUR),
      ['reply_received → voirie@plassans.fr'],
    ],
    [
      'a citizen without an address is not written to',
      aRequest({ holder: 'voirie', citizenAddress: '' }),
      anAct('accept', VOIRIE),
      ['decision_copy → accueil@plassans.fr'],
    ],
  ])('%s', (_sentence, request, act, mails) => {
    expect(mailsOf(request, act)).toEqual(mails);
  });

  test('a town hall that writes to itself is never answered', () => {
    const town = aTown();
    const ownWriter = aRequest({ citizenAddress: town.mailbox });
    expect(mailsOf(ownWriter, anAct('accept', DESK_PERSON))).toEqual([]);
  });

  test('where the desk reads the mailbox itself, no mail goes round in a circle', () => {
    const town = aTown();
    const small = { ...town, desk: { ...town.desk, address: town.mailbox } };
    expect(mailsOf(aRequest({ holder: 'voirie' }), anAct('send_back', VOIRIE), small)).toEqual([]);
  });

  /** To whoever acted, on purpose; and to one person of an office, whoever else of it acted. */
  const ECHOES = ['withdrawn_citizen', 'reopened_citizen', 'draft_saved', 'address_changed', 'mention_unknown'];
  const PERSONAL = ['assignment', 'invitation', 'mention'];

  test('whatever happens, nobody hears of what their own office did but in an echo, nor does the mailbox', () => {
    fc.assert(
      fc.property(anyRequest, anyAct, (request, act) => {
        const decision = decide(request, act, someRules(), NOW);
        if (!decision.done) return;
        const kinds = decision.mails.map(({ kind, to }) => `${kind} ${to.address}`);
        expect(new Set(kinds).size).toBe(kinds.length);
        for (const { kind, to } of decision.mails) {
          expect(to.address).not.toBe('');
          expect(to.address).not.toBe('mairie@plassans.fr');
          if (PERSONAL.includes(kind)) expect(to.address).not.toBe(act.actor.address);
          else if (!ECHOES.includes(kind)) {
            expect([kind, to.role, to.department]).not.toEqual([kind, act.actor.role, act.actor.department]);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('C30: a citizen who answers', () => {
  test('a question of the agent in charge gives the request back to that agent', () => {
    const request = aRequest({ status: 'awaiting_citizen', assignee: 'j.martin@plassans.fr', holder: 'voirie' });
    expect(done(request, anAct('citizen_reply', NORA)).changes).toMatchObject({
      status: 'in_progress',
      assignee: 'j.martin@plassans.fr',
      holder: 'voirie',
    });
  });

  test('a question of nobody in particular makes the request one that somebody must take up', () => {
    const request = aRequest({ status: 'awaiting_citizen', assignee: null });
    expect(done(request, anAct('citizen_reply', NORA)).changes.status).toBe('new');
  });

  test('wakes a request that was on hold', () => {
    const request = aRequest({ status: 'on_hold', assignee: 'j.martin@plassans.fr' });
    expect(done(request, anAct('citizen_reply', NORA)).changes.status).toBe('in_progress');
  });

  test('after the end is read, and changes nothing of the decision', () => {
    const request = aRequest({ status: 'closed', outcome: 'refused', holder: 'voirie' });
    const { changes, message } = done(request, anAct('citizen_reply', NORA));
    expect(changes).toMatchObject({ status: 'closed', outcome: 'refused', holder: 'voirie' });
    expect(changes.statusSince).toBeUndefined();
    expect(message?.kind).toBe('inbound');
  });
});

describe('what a decision changes', () => {
  test('whoever takes a request up is the one in charge, from now', () => {
    const { changes } = done(aRequest({ remindedCount: 2 }), anAct('take_charge', DESK_PERSON));
    expect(changes).toMatchObject({
      status: 'in_progress',
      assignee: 'accueil@plassans.fr',
      statusSince: NOW,
      remindedCount: 0,
      remindedAt: null,
    });
  });

  test('a transfer starts the clock anew for the department, and nobody is in charge there yet', () => {
    const request = aRequest({ status: 'in_progress', assignee: 'accueil@plassans.fr', remindedCount: 3 });
    expect(done(request, anAct('transfer', DESK_PERSON)).changes).toMatchObject({
      status: 'new',
      holder: 'urbanisme',
      holdingNo: 2,
      assignee: null,
      statusSince: NOW,
      remindedCount: 0,
    });
  });

  test('the desk that writes to a citizen for a department takes nothing up in its place: the department is still awaited', () => {
    const { changes } = done(aRequest({ holder: 'voirie', remindedCount: 1 }), anAct('message', DESK_PERSON));
    expect(changes).toMatchObject({ status: 'new', holder: 'voirie', assignee: null });
    expect(changes).not.toHaveProperty('statusSince');
  });

  test('a note leaves the clock alone', () => {
    const { changes } = done(aRequest({ remindedCount: 2 }), anAct('note', DESK_PERSON));
    expect(changes).not.toHaveProperty('statusSince');
    expect(changes).not.toHaveProperty('remindedCount');
  });

  test('a request that is sent back counts it', () => {
    expect(done(aRequest({ holder: 'voirie' }), anAct('send_back', VOIRIE)).changes).toMatchObject({
      reroutedCount: 1,
      holder: 'desk',
      status: 'new',
    });
  });

  test('a closed request always has an outcome, an open one never', () => {
    fc.assert(
      fc.property(anyRequest, anyAct, (request, act) => {
        const decision = decide(request, act, someRules(), NOW);
        if (!decision.done) return;
        const after = { ...request, ...decision.changes };
        expect(after.status === 'closed').toBe(after.outcome !== null);
      }),
    );
  });

  test('asking twice answers twice the same, and what was asked stays as it was', () => {
    const rules = deepFreeze(someRules());
    fc.assert(
      fc.property(anyRequest, anyAct, (request, act) => {
        deepFreeze(request);
        deepFreeze(act);
        expect(decide(request, act, rules, NOW)).toEqual(decide(request, act, rules, NOW));
      }),
    );
  });

  test('the reference never changes', () => {
    fc.assert(
      fc.property(anyRequest, anyAct, (request, act) => {
        const decision = decide(request, act, someRules(), NOW);
        expect(decision.done && 'reference' in decision.changes).toBe(false);
      }),
    );
  });
});

describe('words', () => {
  test('of the thread become a message; the reason of a decision stays with its event', () => {
    expect(done(aRequest(), anAct('message', DESK_PERSON)).message).toMatchObject({
      kind: 'outbound',
      text: 'Parce que.',
    });
    expect(done(aRequest(), anAct('note', DESK_PERSON)).message).toMatchObject({ kind: 'note' });
    expect(done(aRequest(), anAct('refuse', DESK_PERSON)).message).toBeNull();
    expect(done(aRequest(), anAct('refuse', DESK_PERSON)).event.comment).toBe('Parce que.');
  });

  test('files of a decision reach who reads it: the citizen, or colleagues alone', () => {
    const withFiles = { hasAttachments: true };
    expect(done(aRequest(), anAct('refuse', DESK_PERSON, withFiles)).message?.kind).toBe('outbound');
    expect(done(aRequest(), anAct('transfer', DESK_PERSON, withFiles)).message?.kind).toBe('note');
  });

  test('cut from a mail are kept', () => {
    expect(done(aRequest(), anAct('citizen_reply', NORA, { elided: '> Bonjour' })).message?.elided).toBe('> Bonjour');
  });
});

const anyRequest: fc.Arbitrary<RequestState> = fc
  .record({
    status: fc.constantFrom(...STATUSES),
    outcome: fc.constantFrom('accepted' as const, 'refused' as const),
    holder: fc.constantFrom('desk', 'voirie', 'urbanisme', 'a-department-that-is-gone'),
    assignee: fc.constantFrom(null, 'j.martin@plassans.fr', 'accueil@plassans.fr'),
    citizenAddress: fc.constantFrom('nora@example.org', '', 'mairie@plassans.fr', 'accueil@plassans.fr'),
    pendingAddress: fc.constantFrom('', 'nora@example.org', 'nora@nouvelle.fr'),
    sharedWith: fc.constantFrom([], ['p.roux@plassans.fr'], ['accueil@plassans.fr', 'p.roux@plassans.fr']),
    reroutedCount: fc.nat(4),
    reopenedCount: fc.nat(4),
    remindedCount: fc.nat(5),
  })
  .map((state) => aRequest({ ...state, outcome: state.status === 'closed' ? state.outcome : null }));

const anyAct: fc.Arbitrary<Act> = fc.record({
  action: fc.constantFrom(...ACTIONS),
  actor: fc.constantFrom(...EVERYBODY),
  comment: fc.constantFrom('', 'Parce que.', 'Vu avec @Paul Roux, @jeanne.martin et @personne'),
  department: fc.constantFrom('voirie', 'urbanisme', 'nowhere'),
  agent: fc.constantFrom('j.martin@plassans.fr', 'l.blanc@plassans.fr', 'nobody@example.org'),
  colleague: fc.constantFrom('p.roux@plassans.fr', 'voirie@plassans.fr', 'nobody@example.org'),
  guest: fc.constantFrom('p.roux@plassans.fr', 'voirie@plassans.fr'),
  until: fc.constantFrom('2026-05-04', '2020-01-01', ''),
  dueOn: fc.constantFrom('2026-05-04', ''),
  pieces: fc.constantFrom([], ['Plan de masse']),
  administration: fc.constantFrom('Préfecture', ''),
  original: fc.constantFrom(null, { id: '1', reference: '2026-000007', citizenAddress: 'nora@example.org' }),
  milestone: fc.constantFrom('Visite sur place', 'Autre chose'),
  labels: fc.constantFrom([], ['urgent'], ['inconnu']),
  fields: fc.constantFrom(
    [{ field: 'citizenPhone', was: '', value: '04 42 00 00 00' }],
    [{ field: 'citizenAddress', was: 'nora@example.org', value: 'nora@ailleurs.fr' }],
    [],
  ),
  hasAttachments: fc.boolean(),
});

function done(request: RequestState, act: Act, town: Town = aTown()): Done {
  const decision = decide(request, act, someRules({ town }), NOW);
  if (!decision.done) throw new Error(`refused: ${decision.refusal}`);
  return decision;
}

function mailsOf(request: RequestState, act: Act, town: Town = aTown()): string[] {
  return done(request, act, town).mails.map(({ kind, to }) => `${kind} → ${to.address}`);
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze<unknown>(inner);
  }
  return value;
}

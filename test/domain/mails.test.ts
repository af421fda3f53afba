import { describe, expect, test } from 'vitest';
import { decide, type Act } from '../../src/domain/decide.ts';
import type { Done } from '../../src/domain/decision.ts';
import type { RequestState } from '../../src/domain/request.ts';
import type { Rulebook } from '../../src/domain/rulebook.ts';
import type { Action } from '../../src/domain/workflow.ts';
import {
  anAct,
  aRequest,
  aTown,
  DESK_PERSON,
  JEANNE,
  LUCIE,
  NORA,
  NOW,
  PAUL,
  someRules,
  SUPERVISOR,
  URBANISME,
  VOIRIE,
} from './plassans.ts';

const heldByVoirie = aRequest({ holder: 'voirie' });
const original = { id: '1', reference: '2026-000007', citizenAddress: NORA.address };

describe('a department that loses a request', () => {
  test.each<[Action, Partial<Act>]>([
    ['transfer', { department: 'urbanisme' }],
    ['recall', {}],
    ['drop', {}],
    ['merge', { original }],
    ['reorient', { administration: 'Préfecture' }],
    ['discard', {}],
  ])('hears of it: %s', (action, choices) => {
    const recalled = done(heldByVoirie, anAct(action, DESK_PERSON, choices)).mails.find(
      ({ kind }) => kind === 'recalled',
    );
    expect(recalled?.to).toEqual(VOIRIE);
    expect(recalled?.facts).toMatchObject({ action, previousHolder: 'voirie', comment: 'Parce que.' });
  });

  test('and nobody does when the request was at the desk', () => {
    for (const action of ['transfer', 'drop', 'discard'] as const) {
      expect(mailsOf(aRequest(), anAct(action, DESK_PERSON)).join()).not.toContain('recalled');
    }
  });

  test('not by its own doing: a request that it sends back', () => {
    expect(mailsOf(heldByVoirie, anAct('send_back', VOIRIE))).toEqual(['sent_back → accueil@plassans.fr']);
  });
});

describe('the agent in charge', () => {
  const taken = aRequest({ holder: 'voirie', status: 'in_progress', assignee: JEANNE.address });

  test('reads at their own address what comes for whoever holds it', () => {
    expect(mailsOf(taken, anAct('citizen_reply', NORA))).toEqual([
      'reply_received → voirie@plassans.fr',
      'reply_received → j.martin@plassans.fr',
    ]);
  });

  test('of another office is mailed nothing', () => {
    expect(mailsOf({ ...taken, holder: 'urbanisme' }, anAct('citizen_reply', NORA))).toEqual([
      'reply_received → urbanisme@plassans.fr',
    ]);
  });
});

describe('N08: an agent to whom a request is given', () => {
  test('is mailed, also by a colleague of the same office', () => {
    const act = anAct('assign', VOIRIE, { agent: JEANNE.address });
    expect(mailsOf(heldByVoirie, act)).toEqual(['assignment → j.martin@plassans.fr']);
  });

  test('is not mailed what they gave themselves', () => {
    expect(mailsOf(heldByVoirie, anAct('assign', JEANNE, { agent: JEANNE.address }))).toEqual([]);
  });
});

describe('N20: a colleague named in a note', () => {
  test('is mailed the note; whoever holds the request is too, as usual', () => {
    const act = anAct('note', DESK_PERSON, { comment: 'Vu avec @Paul Roux.' });
    expect(mailsOf(heldByVoirie, act)).toEqual([
      'internal_message → voirie@plassans.fr',
      'mention → p.roux@plassans.fr',
    ]);
  });

  test('may read the request from then on; one who may already is not made a guest', () => {
    const named = (comment: string) => done(heldByVoirie, anAct('note', DESK_PERSON, { comment })).changes.sharedWith;
    expect(named('@Paul Roux')).toEqual([PAUL.address]);
    expect(named('@Paul Roux et @urbanisme')).toEqual([PAUL.address, URBANISME.address]);
    expect(named('@Jeanne Martin, @accueil, @personne')).toBeUndefined();
  });

  test('and who holds the request gets one mail of it, not two', () => {
    const act = anAct('note', DESK_PERSON, { comment: '@voirie, qu’en pensez-vous ?' });
    expect(mailsOf(heldByVoirie, act)).toEqual(['mention → voirie@plassans.fr']);
  });

  test('once, though named twice; oneself not at all', () => {
    const act = anAct('note', JEANNE, { comment: '@Paul Roux @p.roux@plassans.fr @Jeanne Martin' });
    expect(mailsOf(heldByVoirie, act)).toEqual([
      'internal_message → accueil@plassans.fr',
      'mention → p.roux@plassans.fr',
    ]);
  });

  test('whom nobody knows is told to whoever wrote it, with the names that come near', () => {
    const act = anAct('note', VOIRIE, { comment: 'Vu avec @Rouxx et @Hector' });
    const { mails, changes } = done(heldByVoirie, act);
    expect(mails.map(({ kind, to }) => `${kind} → ${to.address}`)).toEqual([
      'internal_message → accueil@plassans.fr',
      'mention_unknown → voirie@plassans.fr',
    ]);
    expect(mails[1]?.facts).toMatchObject({ unknown: 'Rouxx\nHector', near: 'Paul Roux' });
    expect(changes.sharedWith).toBeUndefined();
  });

  test('is not looked for in what is written to a citizen', () => {
    const act = anAct('message', DESK_PERSON, { comment: 'Écrivez à @Paul Roux.' });
    expect(mailsOf(aRequest(), act)).toEqual(['message → nora@example.org']);
  });
});

describe('N16: a note', () => {
  test.each([DESK_PERSON, VOIRIE, JEANNE, SUPERVISOR, PAUL])('never reaches the citizen ($name)', (actor) => {
    const shared = { ...heldByVoirie, sharedWith: [PAUL.address] };
    const act = anAct('note', actor, { comment: 'Entre nous, @Paul Roux et @nora@example.org', hasAttachments: true });
    expect(done(shared, act).mails.filter(({ to }) => to.role === 'citizen' || to.address === NORA.address)).toEqual(
      [],
    );
  });

  test('of a colleague it is shared with goes to whoever holds the request', () => {
    const atVoirie = { ...heldByVoirie, sharedWith: [PAUL.address] };
    expect(mailsOf(atVoirie, anAct('note', PAUL))).toEqual(['internal_message → voirie@plassans.fr']);
    const atDesk = { ...aRequest(), sharedWith: [PAUL.address] };
    expect(mailsOf(atDesk, anAct('note', PAUL))).toEqual(['internal_message → accueil@plassans.fr']);
  });
});

describe('N22: a colleague who is invited', () => {
  test('is mailed what was said to them, and it may be nothing', () => {
    const { mails } = done(heldByVoirie, anAct('share', VOIRIE, { colleague: PAUL.address, comment: '' }));
    expect(mails).toMatchObject([{ kind: 'invitation', to: PAUL, facts: { comment: '' } }]);
  });

  test('is the one who was chosen, whatever else the form carried', () => {
    const act = anAct('share', VOIRIE, { colleague: PAUL.address, agent: JEANNE.address });
    expect(mailsOf(heldByVoirie, act)).toEqual(['invitation → p.roux@plassans.fr']);
  });
});

describe('S06: an agent who chooses not to write to the citizen', () => {
  const told = { isTold: false, subject: '', replacesBody: false };

  test.each<[Action, Partial<Act>]>([
    ['take_charge', {}],
    ['accept', {}],
    ['refuse', {}],
    ['drop', {}],
    ['merge', { original }],
    ['reorient', { administration: 'Préfecture' }],
  ])('%s: no mail to the citizen, and the history says so', (action, choices) => {
    const atDesk = aRequest();
    const silent = done(atDesk, anAct(action, DESK_PERSON, { ...choices, told }));
    expect(silent.mails.filter(({ to }) => to.role === 'citizen')).toEqual([]);
    expect(silent.event.details).toMatchObject({ told: 'no' });
    const usual = done(atDesk, anAct(action, DESK_PERSON, choices));
    expect(usual.mails.filter(({ to }) => to.role === 'citizen')).toHaveLength(1);
    expect(usual.event.details).not.toHaveProperty('told');
  });

  test('keeps from nobody else what they are told: the desk has its copy', () => {
    expect(mailsOf(heldByVoirie, anAct('accept', VOIRIE, { told }))).toEqual(['decision_copy → accueil@plassans.fr']);
  });

  test('S05: or who writes it in their own words, subject and text', () => {
    const written = { isTold: true, subject: 'Votre signalement', replacesBody: true };
    const { mails } = done(
      aRequest(),
      anAct('take_charge', DESK_PERSON, { comment: 'Nous passons demain.', told: written }),
    );
    expect(mails[0]?.facts).toMatchObject({
      mailSubject: 'Votre signalement',
      mailBody: 'Nous passons demain.',
      comment: '',
    });
  });
});

describe('a citizen who withdraws', () => {
  test('tells the department and the desk, and has it confirmed', () => {
    expect(mailsOf(heldByVoirie, anAct('withdraw', NORA))).toEqual([
      'withdrawn → voirie@plassans.fr',
      'withdrawn → accueil@plassans.fr',
      'withdrawn_citizen → nora@example.org',
    ]);
  });

  test('tells the desk once where the desk holds it', () => {
    expect(mailsOf(aRequest(), anAct('withdraw', NORA))).toEqual([
      'withdrawn → accueil@plassans.fr',
      'withdrawn_citizen → nora@example.org',
    ]);
  });
});

describe('C32: a request that is reopened', () => {
  const closed = aRequest({ status: 'closed', outcome: 'accepted', holder: 'voirie', closedAt: NOW });

  test('is told to whoever closed it, the desk in copy, and confirmed to the citizen', () => {
    expect(mailsOf(closed, anAct('reopen', NORA))).toEqual([
      'reopened → voirie@plassans.fr',
      'reopened → accueil@plassans.fr',
      'reopened_citizen → nora@example.org',
    ]);
  });

  test('the second time, and every time after, is settled by the supervisor', () => {
    for (const reopenedCount of [1, 2, 5]) {
      expect(mailsOf({ ...closed, reopenedCount }, anAct('reopen', NORA))).toContain('arbitration → dgs@plassans.fr');
    }
    expect(mailsOf(closed, anAct('reopen', NORA)).join()).not.toContain('arbitration');
  });

  test('by the supervisor asks the supervisor nothing', () => {
    expect(mailsOf({ ...closed, reopenedCount: 1 }, anAct('reopen', SUPERVISOR)).join()).not.toContain('arbitration');
  });
});

describe('the end of a request', () => {
  test.each<[Action, Partial<Act>, string]>([
    ['accept', {}, '2026-05-09'],
    ['answer', {}, '2026-05-09'],
    ['drop', {}, '2026-05-09'],
  ])('%s says until when the citizen can come back to it', (action, choices, day) => {
    expect(done(aRequest(), anAct(action, DESK_PERSON, choices)).mails[0]?.facts['reopenUntil']).toBe(day);
  });

  test('says it by the town’s own clocks: in Papeete it still is the day before', () => {
    const rules = someRules({ town: aTown({ timeZone: 'Pacific/Tahiti' }) });
    const { mails } = done(aRequest(), anAct('accept', DESK_PERSON), rules);
    expect(mails[0]?.facts['reopenUntil']).toBe('2026-05-08');
  });
});

test('nobody is mailed twice the same, though an office and its agent share an address', () => {
  const shared = aTown({ agents: [{ name: 'Lucie Blanc', address: DESK_PERSON.address, office: 'desk' }] });
  const rules = someRules({ town: shared });
  const { mails } = done(heldByVoirie, anAct('note', VOIRIE, { comment: '@Lucie Blanc et @accueil' }), rules);
  const told = mails.map(({ kind, to }) => `${kind} → ${to.address}`);
  expect(told).toEqual(['mention → accueil@plassans.fr']);
});

test('a desk agent’s own address is no other office: they are not told what the desk did', () => {
  expect(mailsOf(aRequest(), anAct('note', LUCIE))).toEqual([]);
});

function done(request: RequestState, act: Act, rules: Rulebook = someRules()): Done {
  const decision = decide(request, act, rules, NOW);
  if (!decision.done) throw new Error(`refused: ${decision.refusal}`);
  return decision;
}

function mailsOf(request: RequestState, act: Act): string[] {
  return done(request, act).mails.map(({ kind, to }) => `${kind} → ${to.address}`);
}

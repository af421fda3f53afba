import { describe, expect, test } from 'vitest';
import { decide, type Act } from '../../src/domain/decide.ts';
import type { Decision, Done, Refusal } from '../../src/domain/decision.ts';
import type { RequestState } from '../../src/domain/request.ts';
import type { Action } from '../../src/domain/workflow.ts';
import {
  anAct,
  aRequest,
  aTown,
  DESK_PERSON,
  JEANNE,
  LISTS,
  LUCIE,
  NORA,
  NOW,
  PAUL,
  someRules,
  SUPERVISOR,
  URBANISME,
  VOIRIE,
} from './plassans.ts';

const rules = someRules();
const heldByVoirie = aRequest({ holder: 'voirie' });
const taken = aRequest({ holder: 'voirie', status: 'in_progress', assignee: VOIRIE.address });

describe('J16: a transfer', () => {
  test.each([undefined, '', 'desk', 'mairie', '__proto__', 'Voirie'])(
    'to no department (%s) is refused',
    (department) => {
      expect(chosen(aRequest(), 'transfer', DESK_PERSON, { department })).toEqual(refusal('department_unknown'));
    },
  );

  test('to where it is says so', () => {
    const there = chosen(heldByVoirie, 'transfer', DESK_PERSON, { department: 'voirie' });
    expect(there).toEqual(refusal('held_there_already'));
  });
});

describe('N08: a request is given to an agent', () => {
  test('of the office that holds it, who is in charge from then on; its status stays', () => {
    const { changes, event } = done(chosen(heldByVoirie, 'assign', VOIRIE, { agent: JEANNE.address }));
    expect(changes).toMatchObject({ status: 'new', assignee: JEANNE.address, holder: 'voirie', holdingNo: 1 });
    expect(changes).not.toHaveProperty('statusSince');
    expect(event.details).toMatchObject({ agent: JEANNE.address });
  });

  test.each([
    ['of another office', PAUL.address],
    ['of the desk', LUCIE.address],
    ['that is the shared mailbox', VOIRIE.address],
    ['nobody knows', 'quelqu.un@example.org'],
    ['nobody named', undefined],
  ])('not to one %s', (_who, agent) => {
    expect(chosen(heldByVoirie, 'assign', VOIRIE, { agent })).toEqual(refusal('agent_unknown'));
  });

  test('not twice to the same', () => {
    const given = { ...taken, assignee: JEANNE.address };
    expect(chosen(given, 'assign', SUPERVISOR, { agent: JEANNE.address })).toEqual(refusal('assigned_already'));
  });

  test('at the desk, to an agent of the desk; also when its department is gone from the config', () => {
    expect(chosen(aRequest(), 'assign', DESK_PERSON, { agent: LUCIE.address }).done).toBe(true);
    const orphan = aRequest({ holder: 'parcs' });
    expect(chosen(orphan, 'assign', SUPERVISOR, { agent: LUCIE.address }).done).toBe(true);
    expect(chosen(orphan, 'assign', SUPERVISOR, { agent: JEANNE.address })).toEqual(refusal('agent_unknown'));
  });
});

describe('N07: whoever takes a request up', () => {
  test('behind the shared mailbox is the agent who gave their name', () => {
    const act = anAct('take_charge', { ...VOIRIE, name: 'Jeanne Martin' });
    expect(done(decide(heldByVoirie, act, rules, NOW)).changes.assignee).toBe(JEANNE.address);
  });

  test('under a name nobody knows there is the mailbox, as is an agent of another office', () => {
    for (const name of ['Voirie', 'Paul Roux', '']) {
      const act = anAct('take_charge', { ...VOIRIE, name });
      expect(done(decide(heldByVoirie, act, rules, NOW)).changes.assignee).toBe(VOIRIE.address);
    }
  });
});

describe('N22: a request is shared', () => {
  test('with a colleague of another office, or a whole office: who may read it from then on', () => {
    for (const colleague of [PAUL.address, URBANISME.address]) {
      expect(done(chosen(heldByVoirie, 'share', VOIRIE, { colleague })).changes.sharedWith).toEqual([colleague]);
    }
  });

  test.each<[string, string | undefined, Refusal]>([
    ['nobody', undefined, 'colleague_unknown'],
    ['a stranger', 'quelqu.un@example.org', 'colleague_unknown'],
    ['the citizen', NORA.address, 'colleague_unknown'],
    ['the department that holds it', VOIRIE.address, 'shared_already'],
    ['one of its agents', JEANNE.address, 'shared_already'],
    ['the desk, which sees all', DESK_PERSON.address, 'shared_already'],
    ['the supervisor, who sees all', SUPERVISOR.address, 'shared_already'],
  ])('not with %s', (_who, colleague, reason) => {
    expect(chosen(heldByVoirie, 'share', VOIRIE, { colleague })).toEqual(refusal(reason));
  });

  test('once: the second time they have it already', () => {
    const shared = { ...heldByVoirie, sharedWith: [PAUL.address] };
    expect(chosen(shared, 'share', VOIRIE, { colleague: PAUL.address })).toEqual(refusal('shared_already'));
  });

  test('and no longer, for that colleague alone', () => {
    const shared = { ...heldByVoirie, sharedWith: [PAUL.address, URBANISME.address] };
    const { changes } = done(chosen(shared, 'unshare', VOIRIE, { guest: PAUL.address }));
    expect(changes.sharedWith).toEqual([URBANISME.address]);
  });

  test('not taken from somebody who has it not, nor where it is shared with nobody', () => {
    const shared = { ...heldByVoirie, sharedWith: [URBANISME.address] };
    expect(chosen(shared, 'unshare', VOIRIE, { guest: PAUL.address })).toEqual(refusal('not_shared'));
    expect(chosen(heldByVoirie, 'unshare', VOIRIE, { guest: PAUL.address })).toEqual(refusal('not_shared'));
  });
});

describe('S16: on hold', () => {
  test('with its reason, until nine of the day that was chosen', () => {
    const { changes, event } = done(chosen(taken, 'hold', VOIRIE, { until: '2026-05-04', comment: 'Avis attendu' }));
    expect(changes).toMatchObject({
      status: 'on_hold',
      waitReason: 'Avis attendu',
      waitUntil: new Date('2026-05-04T09:00:00+02:00'),
      statusSince: NOW,
    });
    expect(event.details).toMatchObject({ until: '2026-05-04' });
  });

  test('without a day, for as long as it takes', () => {
    for (const until of [undefined, '']) {
      expect(done(chosen(taken, 'hold', VOIRIE, { until })).changes).toMatchObject({ waitUntil: null });
    }
  });

  test.each([
    ['today', '2026-04-09'],
    ['in the past', '2026-04-01'],
    ['in two years', '2028-04-09'],
    ['that does not exist', '2026-04-31'],
    ['in no form', '4 mai'],
    ['with an hour', '2026-05-04T09:00'],
    ['of five figures', '12026-05-04'],
  ])('not until a day %s', (_which, until) => {
    expect(chosen(taken, 'hold', VOIRIE, { until })).toEqual(refusal('day_invalid'));
  });

  test('tomorrow and in a year are days to wait for', () => {
    for (const until of ['2026-04-10', '2027-04-10']) expect(chosen(taken, 'hold', VOIRIE, { until }).done).toBe(true);
  });

  test('by the town’s own clocks: when it is past midnight there, the tenth is today', () => {
    const act = anAct('hold', VOIRIE, { until: '2026-04-10' });
    const night = new Date('2026-04-09T22:30:00Z');
    expect(decide(taken, act, rules, night)).toEqual(refusal('day_invalid'));
    const inCayenne = someRules({ town: aTown({ timeZone: 'America/Cayenne' }) });
    expect(decide(taken, act, inCayenne, night).done).toBe(true);
  });

  test('S18: and resumed, nothing is waited for any more', () => {
    const waiting = { ...taken, status: 'on_hold', waitReason: 'Avis attendu', waitUntil: NOW } as const;
    expect(done(chosen(waiting, 'resume', VOIRIE, {})).changes).toMatchObject({
      status: 'in_progress',
      waitUntil: null,
      waitReason: '',
      assignee: VOIRIE.address,
    });
  });

  test.each<[Action, Partial<Act>]>([
    ['note', {}],
    ['message', {}],
    ['assign', { agent: JEANNE.address }],
    ['label', { labels: ['urgent'] }],
  ])('still, after a %s: its day and its reason stay', (action, choices) => {
    const waiting = { ...taken, status: 'on_hold', waitReason: 'Avis attendu', waitUntil: NOW } as const;
    const after = { ...waiting, ...done(chosen(waiting, action, VOIRIE, choices)).changes };
    expect(after).toMatchObject({ status: 'on_hold', waitReason: 'Avis attendu', waitUntil: NOW });
  });
});

describe('J12: a correction', () => {
  test('names the pieces, which the request keeps as not received, and the day, which ends that night', () => {
    const asking = { ...taken, pieces: [{ name: 'Plan de masse', isReceived: true }] };
    const { changes, mails } = done(
      chosen(asking, 'request_correction', VOIRIE, { pieces: ['Plan de masse', 'Photographie'], dueOn: '2026-05-04' }),
    );
    expect(changes).toMatchObject({
      status: 'awaiting_citizen',
      waitUntil: new Date('2026-05-04T23:59:00+02:00'),
      pieces: [
        { name: 'Plan de masse', isReceived: true },
        { name: 'Photographie', isReceived: false },
      ],
    });
    expect(mails[0]?.facts).toMatchObject({ pieces: 'Plan de masse\nPhotographie', dueOn: '2026-05-04' });
  });

  test('needs neither; a day that is none is refused', () => {
    expect(chosen(taken, 'request_correction', VOIRIE, {}).done).toBe(true);
    expect(chosen(taken, 'request_correction', VOIRIE, { dueOn: 'demain' })).toEqual(refusal('day_invalid'));
  });

  test('answered by the citizen, waits for nothing any more', () => {
    const asking = { ...taken, status: 'awaiting_citizen', waitUntil: NOW } as const;
    expect(done(chosen(asking, 'citizen_reply', NORA, {})).changes).toMatchObject({
      status: 'in_progress',
      waitUntil: null,
    });
  });
});

describe('a request that is another administration’s', () => {
  test('is reoriented to the one that was named, which the citizen is told', () => {
    const { changes, mails, event } = done(
      chosen(aRequest(), 'reorient', DESK_PERSON, { administration: 'Préfecture' }),
    );
    expect(changes).toMatchObject({ status: 'closed', outcome: 'reoriented' });
    expect(mails[0]).toMatchObject({ kind: 'reoriented', facts: { administration: 'Préfecture' } });
    expect(event.details).toMatchObject({ administration: 'Préfecture' });
  });

  test.each([undefined, '', '  '])('needs its name (%s)', (administration) => {
    const unnamed = chosen(aRequest(), 'reorient', DESK_PERSON, { administration });
    expect(unnamed).toEqual(refusal('administration_required'));
  });
});

describe('a duplicate', () => {
  const original = { id: '1', reference: '2026-000007', citizenAddress: NORA.address };

  test('keeps the number of the request that it repeats, and tells it to the citizen of both', () => {
    const { changes, mails } = done(chosen(aRequest(), 'merge', DESK_PERSON, { original }));
    expect(changes).toMatchObject({ status: 'closed', outcome: 'duplicate', relatedReference: '2026-000007' });
    expect(mails[0]).toMatchObject({ kind: 'duplicate', facts: { originalReference: '2026-000007' } });
  });

  test('of somebody else’s request never says its number to anybody by mail', () => {
    const elses = { ...original, citizenAddress: 'voisin@example.org' };
    const { mails, event } = done(chosen(heldByVoirie, 'merge', DESK_PERSON, { original: elses }));
    expect(mails.map(({ kind }) => kind)).toEqual(['duplicate', 'recalled']);
    expect(JSON.stringify(mails)).not.toContain('2026-000007');
    expect(event.details).toMatchObject({ original: '2026-000007' });
  });

  test.each<[string, Partial<Act>, Refusal]>([
    ['of no request by that number', { original: null }, 'request_unknown'],
    ['of none at all', {}, 'request_unknown'],
    ['of itself', { original: { ...original, reference: '2026-000021' } }, 'request_itself'],
  ])('%s is none', (_of, choices, reason) => {
    expect(chosen(aRequest(), 'merge', DESK_PERSON, choices)).toEqual(refusal(reason));
  });
});

describe('S03: a milestone', () => {
  test('is one of the list, and stays in the history', () => {
    const { event, changes } = done(chosen(taken, 'milestone', VOIRIE, { milestone: 'Visite sur place' }));
    expect(event).toMatchObject({ action: 'milestone', details: { milestone: 'Visite sur place' } });
    expect({ ...taken, ...changes }).toEqual(taken);
  });

  test.each([undefined, '', 'Autre chose'])('not %s', (milestone) => {
    expect(chosen(taken, 'milestone', VOIRIE, { milestone })).toEqual(refusal('milestone_unknown'));
  });
});

describe('S27: labels', () => {
  test('are those chosen, and no others', () => {
    const labelled = { ...taken, labels: ['école'] };
    expect(done(chosen(labelled, 'label', VOIRIE, { labels: ['urgent'] })).changes.labels).toEqual(['urgent']);
    expect(done(chosen(labelled, 'label', VOIRIE, { labels: [] })).changes.labels).toEqual([]);
  });

  test('not one that is in no list; but one that the list lost stays if the request has it', () => {
    expect(chosen(taken, 'label', VOIRIE, { labels: ['urgent', 'inconnu'] })).toEqual(refusal('label_unknown'));
    const old = { ...taken, labels: ['ancien'] };
    expect(done(chosen(old, 'label', VOIRIE, { labels: ['ancien', 'urgent'] })).changes.labels).toEqual([
      'ancien',
      'urgent',
    ]);
  });

  test('the same in another order are no change', () => {
    const labelled = { ...taken, labels: ['école', 'urgent'] };
    expect(chosen(labelled, 'label', VOIRIE, { labels: ['urgent', 'école'] })).toEqual(refusal('nothing_changed'));
    expect(chosen(taken, 'label', VOIRIE, {})).toEqual(refusal('nothing_changed'));
  });
});

describe('J24: a file added', () => {
  test('needs a file, and no words; colleagues alone read it', () => {
    expect(chosen(taken, 'attach', VOIRIE, { comment: 'Le plan' })).toEqual(refusal('file_required'));
    const { message, mails } = done(chosen(taken, 'attach', VOIRIE, { comment: '', hasAttachments: true }));
    expect(message).toMatchObject({ kind: 'note', text: '' });
    expect(mails).toEqual([]);
  });
});

describe('C23: an answer in preparation', () => {
  test('is kept with who wrote it and when, leaves the house in no mail but to its author, and says so to the team', () => {
    const { changes, mails, message } = done(chosen(heldByVoirie, 'draft', JEANNE, { comment: 'Bonjour,' }));
    expect(changes).toMatchObject({
      status: 'in_progress',
      assignee: JEANNE.address,
      draft: { text: 'Bonjour,', name: 'Jeanne Martin', address: JEANNE.address, at: NOW },
    });
    expect(message).toBeNull();
    expect(mails.map(({ kind, to }) => [kind, to.address])).toEqual([['draft_saved', JEANNE.address]]);
  });

  test('saved again without a change is none; whoever is in charge stays so', () => {
    const draft = { text: 'Bonjour,', name: 'Jeanne Martin', address: JEANNE.address, at: NOW };
    const begun = { ...taken, assignee: 'somebody@plassans.fr', draft };
    expect(chosen(begun, 'draft', VOIRIE, { comment: 'Bonjour,' })).toEqual(refusal('nothing_changed'));
    expect(done(chosen(begun, 'draft', VOIRIE, { comment: 'Bonsoir,' })).changes.assignee).toBe('somebody@plassans.fr');
  });

  test.each(['message', 'answer'] as const)('is over once it left as %s; a note or a reply leaves it', (action) => {
    const begun = { ...taken, draft: { text: 'Bonjour,', name: '', address: VOIRIE.address, at: NOW } };
    expect(done(chosen(begun, action, VOIRIE, {})).changes.draft).toBeNull();
    expect(done(chosen(begun, 'note', VOIRIE, {})).changes).not.toHaveProperty('draft');
    expect(done(chosen(begun, 'citizen_reply', NORA, {})).changes).not.toHaveProperty('draft');
  });
});

describe('L114-5: pieces without which a request cannot be judged', () => {
  const dueOn = '2026-05-04';

  test('suspend the legal delay until the day given; the mail and the history say so', () => {
    const { changes, event, mails } = done(
      chosen(taken, 'request_correction', VOIRIE, { pieces: ['Plan'], dueOn, indispensable: true }),
    );
    expect(changes.suspensions).toEqual([{ askedAt: NOW, dueOn, endedAt: null, endedBy: null }]);
    expect(event.details).toMatchObject({ indispensable: 'yes', dueOn });
    expect(mails[0]).toMatchObject({ kind: 'correction', facts: { indispensable: 'yes' } });
  });

  test('suspend nothing unless the agent says that they are', () => {
    const { changes, event } = done(chosen(taken, 'request_correction', VOIRIE, { pieces: ['Plan'], dueOn }));
    expect(changes).not.toHaveProperty('suspensions');
    expect(event.details).not.toHaveProperty('indispensable');
  });

  test('are asked for by a day, as the law wants it', () => {
    const asked = chosen(taken, 'request_correction', VOIRIE, { pieces: ['Plan'], indispensable: true });
    expect(asked).toEqual(refusal('deadline_required'));
  });

  test.each([
    ['no decision is awaited', { ...taken, category: 'chaussee' }],
    ['silence has decided already', { ...taken, receivedAt: new Date('2026-02-09T10:00:00+01:00') }],
  ])('suspend nothing where %s: it is refused, or the citizen would read what is not true', (_why, request) => {
    const asked = chosen(request, 'request_correction', VOIRIE, { dueOn, indispensable: true });
    expect(asked).toEqual(refusal('nothing_to_suspend'));
  });

  test('that are asked for again take the place of the first', () => {
    const first = { askedAt: new Date('2026-04-08T10:00:00+02:00'), dueOn, endedAt: null, endedBy: null };
    const again = { ...taken, suspensions: [first] };
    const { changes } = done(chosen(again, 'request_correction', VOIRIE, { dueOn, indispensable: true }));
    expect(changes.suspensions).toEqual([
      { ...first, endedAt: NOW, endedBy: 'asked_again' },
      { askedAt: NOW, dueOn, endedAt: null, endedBy: null },
    ]);
  });
});

test('C25: what a town hall demands words for is refused in silence, whatever else was chosen', () => {
  const strict = someRules({ lists: { ...LISTS, commentsRequired: ['assign', 'reorient'] } });
  const act = anAct('assign', VOIRIE, { agent: JEANNE.address, comment: ' ' });
  expect(decide(heldByVoirie, act, strict, NOW)).toEqual(refusal('comment_required'));
  expect(decide(heldByVoirie, act, rules, NOW).done).toBe(true);
});

/** What was not chosen is absent, as a form leaves it. */
function chosen(
  request: RequestState,
  action: Action,
  actor: Act['actor'],
  choices: { [K in keyof Act]?: Act[K] | undefined },
): Decision {
  const given = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined));
  return decide(request, { action, actor, comment: 'Parce que.', ...given }, rules, NOW);
}

function done(decision: Decision): Done {
  if (!decision.done) throw new Error(`refused: ${decision.refusal}`);
  return decision;
}

function refusal(reason: Refusal): Decision {
  return { done: false, refusal: reason };
}

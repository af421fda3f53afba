import { describe, expect, test } from 'vitest';
import { actionsOpenTo, decide } from '../../src/domain/decide.ts';
import type { Decision, Refusal } from '../../src/domain/decision.ts';
import type { Person } from '../../src/domain/people.ts';
import { ACTIONS, STATUSES, WORKFLOW, type Action, type Outcome, type Status } from '../../src/domain/workflow.ts';
import {
  aClosing,
  anAct,
  aRequest,
  aTown,
  DESK_PERSON,
  EVERYBODY,
  NEIGHBOUR,
  NORA,
  NOW,
  SUPERVISOR,
  URBANISME,
  VOIRIE,
} from './plassans.ts';

/** The design's table, written a second time and by people's sight: whom each action is open to, from where to where. */
type Who = 'decider' | 'holder' | 'desk' | 'supervisor' | 'holding department' | 'citizen' | 'third party';

interface Row {
  who: readonly Who[];
  moves: Partial<Record<Status, Status>>;
  comment: 'required' | 'optional';
  outcome?: Outcome;
  movesTo?: 'desk' | 'chosen';
  /** Back to what it was. */
  restores?: true;
}

const open = (to: Status) => ({ new: to, in_progress: to, awaiting_citizen: to, on_hold: to });
const same = {
  new: 'new',
  in_progress: 'in_progress',
  awaiting_citizen: 'awaiting_citizen',
  on_hold: 'on_hold',
} as const;

const DESIGN: Record<Action, Row> = {
  take_charge: { who: ['holder'], moves: { new: 'in_progress' }, comment: 'optional' },
  transfer: { who: ['desk', 'supervisor'], moves: open('new'), comment: 'required', movesTo: 'chosen' },
  send_back: {
    who: ['holding department'],
    moves: { new: 'new', in_progress: 'new' },
    comment: 'required',
    movesTo: 'desk',
  },
  request_correction: {
    who: ['holder'],
    moves: { new: 'awaiting_citizen', in_progress: 'awaiting_citizen' },
    comment: 'required',
  },
  accept: { who: ['holder'], moves: open('closed'), comment: 'optional', outcome: 'accepted' },
  refuse: { who: ['holder'], moves: open('closed'), comment: 'required', outcome: 'refused' },
  undo: { who: ['decider'], moves: { closed: 'in_progress' }, restores: true, comment: 'optional' },
  message: { who: ['holder', 'desk'], moves: { ...same, new: 'in_progress' }, comment: 'required' },
  note: {
    who: ['desk', 'supervisor', 'holding department'],
    moves: { ...same, closed: 'closed' },
    comment: 'required',
  },
  citizen_reply: {
    who: ['citizen'],
    moves: { ...same, awaiting_citizen: 'in_progress', on_hold: 'in_progress', closed: 'closed' },
    comment: 'optional',
  },
  third_party_message: { who: ['third party'], moves: { ...same, closed: 'closed' }, comment: 'optional' },
};

const town = aTown();

function isOpenTo(who: readonly Who[], actor: Person, holder: string): boolean {
  const holds = actor.role === 'desk' ? holder === 'desk' : actor.role === 'department' && actor.department === holder;
  const roles: Record<Person['role'], Who | null> = {
    desk: 'desk',
    supervisor: 'supervisor',
    department: holds ? 'holding department' : null,
    citizen: 'citizen',
    third_party: 'third party',
    system: null,
  };
  const role = roles[actor.role];
  return (holds && (who.includes('holder') || who.includes('decider'))) || (role !== null && who.includes(role));
}

function expectedEnd(action: Action, status: Status, actor: Person, holder: string): string {
  const { who, moves, movesTo, outcome } = DESIGN[action];
  const to = moves[status];
  if (!isOpenTo(who, actor, holder) || to === undefined) return 'refused';
  const end = movesTo === 'desk' ? 'desk' : movesTo === 'chosen' ? 'urbanisme' : holder;
  return [to, end, ...(outcome === undefined ? [] : [outcome])].join(' ');
}

function endOf(decision: Decision, holder: string, status: Status): string {
  if (!decision.done) return 'refused';
  const { changes } = decision;
  const outcome = status === 'closed' ? null : (changes.outcome ?? null);
  return [changes.status, changes.holder ?? holder, ...(outcome === null ? [] : [outcome])].join(' ');
}

describe('every action, in every status, by everybody', () => {
  test.each(ACTIONS)('%s does what the design says, and nothing else', (action) => {
    const differences: string[] = [];
    let looked = 0;
    for (const status of STATUSES) {
      for (const holder of ['desk', 'voirie']) {
        for (const actor of EVERYBODY) {
          const outcome = status === 'closed' ? 'accepted' : null;
          const closing = status === 'closed' ? aClosing(holder === 'desk' ? DESK_PERSON : VOIRIE) : null;
          const request = aRequest({ status, holder, outcome, closing, assignee: 'j.martin@plassans.fr' });
          const found = endOf(decide(request, anAct(action, actor), town, NOW), holder, status);
          const wanted = expectedEnd(action, status, actor, holder);
          looked += 1;
          if (found !== wanted) {
            differences.push(`${status}, held by ${holder}, ${actor.role}: ${found} instead of ${wanted}`);
          }
        }
      }
    }
    expect(differences).toEqual([]);
    expect(looked).toBe(STATUSES.length * 2 * EVERYBODY.length);
  });

  test('a page offers exactly the actions that would be accepted', () => {
    const differences: string[] = [];
    for (const status of STATUSES) {
      for (const holder of ['desk', 'voirie']) {
        for (const actor of [DESK_PERSON, VOIRIE, URBANISME, SUPERVISOR]) {
          const isClosed = status === 'closed';
          const closing = isClosed ? aClosing(holder === 'desk' ? DESK_PERSON : VOIRIE) : null;
          const request = aRequest({ status, holder, closing, outcome: isClosed ? 'refused' : null });
          const offered = actionsOpenTo(request, actor);
          const accepted = ACTIONS.filter((action) => decide(request, anAct(action, actor), town, NOW).done);
          if (offered.toSorted().join() !== accepted.toSorted().join()) {
            differences.push(`${status} ${holder} ${actor.role}`);
          }
        }
      }
    }
    expect(differences).toEqual([]);
  });

  test('no page offers to speak for a citizen or for a stranger', () => {
    for (const person of [DESK_PERSON, VOIRIE, SUPERVISOR]) {
      const offered = actionsOpenTo(aRequest({ holder: 'voirie' }), person);
      expect(offered).not.toContain('citizen_reply');
      expect(offered).not.toContain('third_party_message');
    }
  });
});

describe('a text', () => {
  test.each(ACTIONS.filter((action) => DESIGN[action].comment === 'required'))(
    '%s is refused without one',
    (action) => {
      const actor = action === 'send_back' ? VOIRIE : DESK_PERSON;
      const request = aRequest({ holder: action === 'send_back' ? 'voirie' : 'desk' });
      for (const comment of ['', '  \n\t', '\u00a0']) {
        expect(decide(request, anAct(action, actor, { comment }), town, NOW)).toEqual(refusal('comment_required'));
      }
    },
  );

  test.each(ACTIONS.filter((action) => DESIGN[action].comment === 'optional'))('%s needs none', (action) => {
    const actor = { citizen_reply: NORA, third_party_message: NEIGHBOUR }[action as string] ?? DESK_PERSON;
    const isClosed = DESIGN[action].restores === true;
    const closing = isClosed ? aClosing(DESK_PERSON) : null;
    const request = isClosed ? aRequest({ status: 'closed', outcome: 'refused', closing }) : aRequest();
    expect(decide(request, anAct(action, actor, { comment: '' }), town, NOW).done).toBe(true);
  });

  test('a file alone says something: a message of the desk with only a plan attached leaves', () => {
    const act = anAct('message', DESK_PERSON, { comment: '', hasAttachments: true });
    expect(decide(aRequest(), act, town, NOW).done).toBe(true);
  });
});

describe('a refusal says what is in the way', () => {
  test.each<[string, Action, Person, Parameters<typeof aRequest>[0], Refusal]>([
    [
      'the second of two agents who decide',
      'accept',
      DESK_PERSON,
      { status: 'closed', outcome: 'refused' },
      'closed_already',
    ],
    ['taking up what is taken up', 'take_charge', DESK_PERSON, { status: 'in_progress' }, 'status_forbids'],
    ['a department whose request went elsewhere', 'accept', VOIRIE, { holder: 'urbanisme' }, 'not_yours'],
    ['the desk deciding what a department holds', 'refuse', DESK_PERSON, { holder: 'voirie' }, 'not_yours'],
    ['a department that would transfer', 'transfer', VOIRIE, { holder: 'voirie' }, 'not_allowed'],
    ['a transfer to where it is', 'transfer', DESK_PERSON, { holder: 'urbanisme' }, 'held_there_already'],
  ])('%s', (_who, action, actor, state, reason) => {
    expect(decide(aRequest(state), anAct(action, actor), town, NOW)).toEqual(refusal(reason));
  });

  test.each([undefined, '', 'desk', 'mairie', '__proto__'])('a transfer to no department (%s)', (department) => {
    const { department: _chosen, ...act } = anAct('transfer', DESK_PERSON);
    const chosen = department === undefined ? act : { ...act, department };
    expect(decide(aRequest(), chosen, town, NOW)).toEqual(refusal('department_unknown'));
  });
});

describe('the table', () => {
  test('leads out of every status that is not the end', () => {
    const left = STATUSES.filter((status) => ACTIONS.some((action) => leaves(action, status)));
    expect(left).toEqual(['new', 'in_progress', 'awaiting_citizen', 'on_hold']);
  });

  test('leads out of the end only back to what it was: no move says where to', () => {
    const restoring = ACTIONS.filter((action) => WORKFLOW[action].restores);
    expect(restoring).toEqual(['undo']);
    expect(restoring.map((action) => WORKFLOW[action].moves)).toEqual([{}]);
  });

  test('leads to every status, except that nothing puts a request on hold yet', () => {
    const reached = STATUSES.filter((to) =>
      ACTIONS.some((action) =>
        Object.entries(WORKFLOW[action].moves).some(([from, target]) => target === to && from !== to),
      ),
    );
    expect(reached).toEqual(['new', 'in_progress', 'awaiting_citizen', 'closed']);
  });

  test('gives an outcome to what closes, and to nothing else', () => {
    for (const action of ACTIONS) {
      const { moves, outcome } = WORKFLOW[action];
      const closes = Object.entries(moves).some(([from, to]) => to === 'closed' && from !== 'closed');
      expect([action, outcome !== undefined]).toEqual([action, closes]);
    }
  });
});

function leaves(action: Action, status: Status): boolean {
  const { moves } = WORKFLOW[action];
  return moves[status] !== undefined && moves[status] !== status;
}

function refusal(reason: Refusal): Decision {
  return { done: false, refusal: reason };
}

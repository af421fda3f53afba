import { describe, expect, test } from 'vitest';
import { decide } from '../../src/domain/decide.ts';
import type { Person } from '../../src/domain/people.ts';
import { isGuest, maySee, type RequestState } from '../../src/domain/request.ts';
import { actionsOpenTo, reopenableUntil, standing } from '../../src/domain/standing.ts';
import { STATUSES, type Action } from '../../src/domain/workflow.ts';
import {
  aClosing,
  anAct,
  aRequest,
  DESK_PERSON,
  JEANNE,
  NEIGHBOUR,
  NORA,
  NOW,
  PAUL,
  someRules,
  SUPERVISOR,
  URBANISME,
  VOIRIE,
} from './plassans.ts';

const rules = someRules();
const DAY_MS = 86_400_000;
const closed = aRequest({ status: 'closed', outcome: 'answered', holder: 'voirie', closedAt: NOW });

describe('S07: where no address of the citizen is known', () => {
  test('writing to them is not offered; everything else is', () => {
    const known = offered(aRequest({ holder: 'voirie' }), VOIRIE);
    const unknown = offered(aRequest({ holder: 'voirie', citizenAddress: '' }), VOIRIE);
    expect(known.filter((action) => !unknown.includes(action))).toEqual(['message']);
  });

  test('and says why to whoever tries', () => {
    const unknown = aRequest({ citizenAddress: '' });
    expect(standing(unknown, DESK_PERSON, 'message', rules, NOW)).toBe('no_citizen_address');
  });
});

describe('a request that is away', () => {
  test('can be recalled by the desk and the supervisor; one at the desk cannot', () => {
    for (const person of [DESK_PERSON, SUPERVISOR]) {
      expect(offered(aRequest({ holder: 'voirie' }), person)).toContain('recall');
      expect(offered(aRequest(), person)).not.toContain('recall');
    }
    expect(offered(aRequest({ holder: 'voirie' }), VOIRIE)).not.toContain('recall');
  });
});

describe('G14: a citizen who is not satisfied', () => {
  const after = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

  test('can reopen for as long as the town hall says, to the end of the last day', () => {
    const midnight = new Date('2026-05-10T00:00:00+02:00').getTime();
    expect(standing(closed, NORA, 'reopen', rules, NOW)).toBeNull();
    expect(standing(closed, NORA, 'reopen', rules, new Date(midnight - 1))).toBeNull();
    expect(standing(closed, NORA, 'reopen', rules, new Date(midnight))).toBe('window_over');
    expect(reopenableUntil(closed, rules)).toEqual(new Date(midnight - 1));
  });

  test('cannot while it is open, nor when the desk has discarded it', () => {
    expect(standing(aRequest(), NORA, 'reopen', rules, NOW)).toBe('status_forbids');
    expect(standing({ ...closed, outcome: 'discarded' }, NORA, 'reopen', rules, NOW)).toBe('closed_already');
    expect(reopenableUntil({ ...closed, outcome: 'discarded' }, rules)).toBeNull();
    expect(reopenableUntil(aRequest(), rules)).toBeNull();
  });

  test('the desk and the supervisor can at any time, of whatever it was closed as', () => {
    for (const person of [DESK_PERSON, SUPERVISOR]) {
      expect(standing(closed, person, 'reopen', rules, after(900))).toBeNull();
      expect(standing({ ...closed, outcome: 'discarded' }, person, 'reopen', rules, after(900))).toBeNull();
    }
    expect(standing(closed, VOIRIE, 'reopen', rules, NOW)).toBe('not_allowed');
    expect(standing(closed, NEIGHBOUR, 'reopen', rules, NOW)).toBe('not_allowed');
  });

  test('nobody can while the end can still be undone: the citizen was not told of it yet', () => {
    const untold = { ...closed, closing: aClosing(VOIRIE) };
    for (const person of [DESK_PERSON, SUPERVISOR, NORA]) {
      expect(standing(untold, person, 'reopen', rules, NOW)).toBe('status_forbids');
      expect(offered(untold, person)).not.toContain('reopen');
    }
  });

  test('gets it back to whoever closed it, new, with the same agent in charge and the clock at zero', () => {
    const taken = { ...closed, assignee: JEANNE.address, remindedCount: 2, remindedAt: NOW };
    const decision = decide(taken, anAct('reopen', NORA, { comment: 'Le trou est revenu.' }), rules, after(2));
    expect(decision).toMatchObject({
      done: true,
      changes: {
        status: 'new',
        outcome: null,
        holder: 'voirie',
        holdingNo: 1,
        assignee: JEANNE.address,
        reopenedCount: 1,
        remindedCount: 0,
        remindedAt: null,
        statusSince: after(2),
      },
      message: { kind: 'inbound', text: 'Le trou est revenu.' },
    });
  });
});

describe('N10: an address to confirm', () => {
  const pending = aRequest({ pendingAddress: 'nora@nouvelle.fr' });
  const newcomer = { ...NORA, address: 'nora@nouvelle.fr' };

  test('is confirmed by its owner alone', () => {
    expect(standing(pending, newcomer, 'confirm_address', rules, NOW)).toBeNull();
    expect(standing(pending, NORA, 'confirm_address', rules, NOW)).toBe('nothing_pending');
    expect(standing(pending, { ...NEIGHBOUR, address: newcomer.address }, 'confirm_address', rules, NOW)).toBe(
      'not_allowed',
    );
    for (const agent of [DESK_PERSON, SUPERVISOR, VOIRIE]) {
      expect(standing(pending, agent, 'confirm_address', rules, NOW)).toBe('not_allowed');
    }
  });

  test('is none when none was proposed, even for whoever has no address', () => {
    expect(standing(aRequest(), { ...NORA, address: '' }, 'confirm_address', rules, NOW)).toBe('nothing_pending');
  });

  test('can be confirmed after the end too', () => {
    expect(
      standing({ ...closed, pendingAddress: newcomer.address }, newcomer, 'confirm_address', rules, NOW),
    ).toBeNull();
  });
});

describe('N25: a colleague with whom it is shared', () => {
  const shared = aRequest({ holder: 'voirie', sharedWith: [PAUL.address] });

  test('sees it, and their office does not', () => {
    expect([PAUL, URBANISME].map((person) => maySee(shared, person))).toEqual([true, false]);
    expect(isGuest(shared, { address: '' })).toBe(false);
  });

  test('notes and adds files, in every status, and nothing else', () => {
    for (const status of STATUSES) {
      const outcome = status === 'closed' ? 'accepted' : null;
      expect(offered({ ...shared, status, outcome }, PAUL)).toEqual(['note', 'attach']);
    }
  });

  test('no longer, once it is shared no more', () => {
    expect(offered({ ...shared, sharedWith: [] }, PAUL)).toEqual([]);
    expect(standing({ ...shared, sharedWith: [] }, PAUL, 'note', rules, NOW)).toBe('not_yours');
  });

  test('is an agent like any other once the request comes to their own office', () => {
    expect(offered({ ...shared, holder: 'urbanisme' }, PAUL)).toContain('accept');
  });

  test('unsharing is offered only where it is shared', () => {
    expect(offered(shared, VOIRIE)).toContain('unshare');
    expect(offered({ ...shared, sharedWith: [] }, VOIRIE)).not.toContain('unshare');
  });
});

test('a stranger and the system are offered nothing', () => {
  const system: Person = { role: 'system', department: null, name: '', address: '' };
  for (const request of [aRequest(), closed]) {
    expect([offered(request, NEIGHBOUR), offered(request, system)]).toEqual([[], []]);
  }
});

function offered(request: RequestState, person: Person): Action[] {
  return actionsOpenTo(request, person, rules, NOW);
}

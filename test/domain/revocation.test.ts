import { describe, expect, test } from 'vitest';
import type { RequestState } from '../../src/domain/request.ts';
import { endedLinks } from '../../src/domain/revocation.ts';
import { aRequest, aTown, JEANNE, PAUL, URBANISME, VOIRIE } from './plassans.ts';

const town = aTown();
const taken = aRequest({ holder: 'voirie', assignee: JEANNE.address });

describe('links end', () => {
  test.each<[string, Partial<RequestState>, Partial<RequestState>, string[]]>([
    ['of the agent who no longer is in charge', {}, { assignee: 'l.petit@plassans.fr' }, [JEANNE.address]],
    ['of nobody when the department loses it: its holding is over', {}, { holder: 'urbanisme', assignee: null }, []],
    ['of nobody when the agent stays in charge', {}, { status: 'closed' }, []],
    ['never of a whole office', { assignee: VOIRIE.address }, { assignee: JEANNE.address }, []],
    [
      'not of an agent with whom it stays shared',
      { sharedWith: [JEANNE.address] },
      { assignee: null, sharedWith: [JEANNE.address] },
      [],
    ],
    [
      'of the colleague with whom it no longer is shared, and of no other',
      { sharedWith: [PAUL.address, URBANISME.address] },
      { sharedWith: [URBANISME.address] },
      [PAUL.address],
    ],
    [
      'of the address that no longer is the citizen’s',
      {},
      { citizenAddress: 'nora@nouvelle.fr' },
      ['nora@example.org'],
    ],
    ['of no address where none was known', { citizenAddress: '' }, { citizenAddress: 'nora@nouvelle.fr' }, []],
    ['of nobody when nothing of it changed', {}, {}, []],
  ])('%s', (_whose, before, after, ended) => {
    const was = { ...taken, ...before };
    expect(endedLinks(was, { ...was, ...after }, town)).toEqual(ended);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_ACTIONS, type Action } from '../../src/domain/workflow.ts';
import { signLink } from '../../src/action-link.ts';
import { issueNonce } from '../../src/web/form-nonce.ts';
import { closedRequest, requestAtVoirie, requestInProgress, requestOnHold } from './scenes.ts';
import { actAndFollow, claimsOf, get, hireAgents, lastEvent, linkOf, openRequest, post, startTown } from './town.ts';
import type { TestTown } from './town.ts';
import { FILLED } from './visits.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
  hireAgents(town);
});
afterAll(async () => town.stop());

const VOIRIE = 'department:voirie';
const SUPERVISOR = 'supervisor';

/** The design's table, for every standing: whoever opens the request is offered exactly this. */
const KEEP = ['attach', 'edit', 'label', 'milestone', 'note', 'share'];
const TREAT = ['accept', 'answer', 'assign', 'draft', 'message', 'refuse'];
const DESK_ENDS = ['discard', 'drop', 'merge', 'reorient'];
const STANDINGS: [string, () => Promise<string>, string, string[]][] = [
  [
    'the desk, of a new one',
    async () => openRequest(town),
    'desk',
    [...KEEP, ...TREAT, ...DESK_ENDS, 'request_correction', 'take_charge', 'transfer', 'freeze'],
  ],
  [
    'the desk, of what a department holds',
    async () => requestAtVoirie(town),
    'desk',
    [...KEEP, ...DESK_ENDS, 'message', 'recall', 'transfer', 'freeze'],
  ],
  [
    'a department, of what it has just got',
    async () => requestAtVoirie(town),
    VOIRIE,
    [...KEEP, ...TREAT, 'request_correction', 'send_back', 'take_charge'],
  ],
  [
    'a department, of what it treats',
    async () => requestInProgress(town),
    VOIRIE,
    [...KEEP, ...TREAT, 'hold', 'request_correction', 'send_back'],
  ],
  ['a department, of what it put on hold', async () => requestOnHold(town), VOIRIE, [...KEEP, ...TREAT, 'resume']],
  ['the desk, of a closed one', async () => closedRequest(town), 'desk', [...KEEP, 'reopen', 'freeze']],
  [
    'a supervisor, of what came back twice',
    async () => disputed(),
    SUPERVISOR,
    [...KEEP, 'assign', 'transfer', 'freeze'],
  ],
];

describe.each(STANDINGS)('C13: %s', (_name, scene, who, expected) => {
  it('is offered what the table says, and nothing else', async () => {
    const { html } = await get(town, await linkOf(town, await scene(), who));
    const offered = [...html.matchAll(/class="choice choice-(\w+)"/g)].map(([, action]) => action ?? '');
    expect(offered.toSorted()).toEqual(expected.toSorted());
  });

  it('cannot do what is not offered, not even with a form of our own making', async () => {
    const id = await scene();
    const before = await lastEvent(town, id);
    const forbidden = PAGE_ACTIONS.filter((action) => !expected.includes(action));
    for (const action of forbidden) {
      town.advance(60_000);
      const { path, nonce } = await formOfOurs(id, who, action);
      expect((await get(town, path)).html, action).not.toContain('name="nonce"');
      const answer = await post(town, path, { nonce, ...FILLED[action] });
      // 200: the very thing was done by the same hand before, and says so.
      expect([200, 409, 422], `${action}: ${answer.status}`).toContain(answer.status);
    }
    expect(await lastEvent(town, id)).toEqual(before);
  });
});

/** A nonce that no page would give. */
async function formOfOurs(id: string, who: string, action: Action) {
  const { ground, secrets, url } = town;
  const claims = await claimsOf(town, id, who, action);
  const earlier = new Date(ground.clock.now().getTime() - 5_000);
  const nonce = issueNonce(claims, action, { ground, secrets, publicUrl: url }, earlier);
  return { path: `/a/${signLink('action', claims, secrets)}`, nonce };
}

async function disputed(): Promise<string> {
  const id = await openRequest(town);
  for (const department of ['voirie', 'urbanisme']) {
    await actAndFollow(town, await linkOf(town, id, 'desk', 'transfer'), { department, comment: 'Pour vous' });
    await actAndFollow(town, await linkOf(town, id, `department:${department}`, 'send_back'), { comment: 'Non' });
  }
  return id;
}

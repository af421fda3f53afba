import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlyLetter } from './letters.ts';
import { dayAfter, requestInProgress, requestOnHold } from './scenes.ts';
import {
  act,
  actAndFollow,
  eventsOf,
  get,
  linkOf,
  mailsOf,
  openRequest,
  requestOf,
  startTown,
  textOf,
} from './town.ts';
import type { TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());

const hold = (id: string) => linkOf(town, id, 'department:voirie', 'hold');
const voirie = (id: string, action = 'view') => linkOf(town, id, 'department:voirie', action);

describe('S16: on hold', () => {
  it('for a reason of the config, until a day: the dossier says both, and nobody is written to', async () => {
    const id = await requestInProgress(town);
    const form = await get(town, await hold(id));
    for (const reason of town.ground.config.lists.reasons.hold ?? []) expect(textOf(form.html)).toContain(reason);
    const before = await mailsOf(town, id);
    const until = dayAfter(town, 30);
    const reason = "Intervention d'une entreprise attendue";
    await actAndFollow(town, await hold(id), { reason, comment: 'Durand, devis signé.', until });
    expect(await mailsOf(town, id)).toEqual(before);
    const waitReason = `${reason}\n\nDurand, devis signé.`;
    expect(await requestOf(town, id)).toMatchObject({ status: 'on_hold', waitReason });
    const dossier = textOf((await get(town, await voirie(id))).html);
    expect(dossier).toContain(`En attente ${reason} Durand, devis signé. jusqu'au`);
    expect(dossier).toContain('Jusqu');
  });

  it('S17: is reminded of to nobody, until its day', async () => {
    const id = await requestInProgress(town);
    expect((await requestOf(town, id)).remindAt).not.toBeNull();
    await actAndFollow(town, await hold(id), { comment: 'On attend.' });
    expect(await requestOf(town, id)).toMatchObject({ remindAt: null, dueAt: null });
  });

  it.each([
    ['no reason', {}, 'texte-erreur'],
    ['yesterday', { comment: 'Durand', until: -1 }, 'jusquau-erreur'],
    ['today', { comment: 'Durand', until: 0 }, 'jusquau-erreur'],
    ['in two years', { comment: 'Durand', until: 730 }, 'jusquau-erreur'],
    ['on a day that is none', { comment: 'Durand', until: '2027-02-30' }, 'jusquau-erreur'],
  ])('%s: 422', async (_what, given: { comment?: string; until?: number | string }, errorId) => {
    const id = await requestInProgress(town);
    const until = typeof given.until === 'number' ? dayAfter(town, given.until) : (given.until ?? '');
    const wrong = await act(town, await hold(id), { comment: given.comment ?? '', until });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain(`id="${errorId}"`);
    expect(await requestOf(town, id)).toMatchObject({ status: 'in_progress' });
  });
});

describe('S18: going on', () => {
  it('needs a tick, and the request is in progress again, with the same agent', async () => {
    const id = await requestOnHold(town);
    const path = await voirie(id, 'resume');
    expect((await act(town, path, {})).status).toBe(422);
    await actAndFollow(town, path, { confirm: 'yes' });
    expect(await requestOf(town, id)).toMatchObject({ status: 'in_progress', waitReason: '', waitUntil: null });
    expect(await eventsOf(town, id)).toEqual(['receive', 'transfer', 'take_charge', 'hold', 'resume']);
  });
});

describe('J12, J15: asking the citizen for something', () => {
  it('with pieces and a day to answer by: the mail says them, the request waits', async () => {
    const id = await openRequest(town, { category: 'autorisation' });
    const path = await linkOf(town, id, 'desk', 'request_correction');
    const dueOn = dayAfter(town, 15);
    await actAndFollow(town, path, { comment: 'Il manque un plan.', pieces: 'Plan de masse', dueOn });
    expect(await requestOf(town, id)).toMatchObject({ status: 'awaiting_citizen', remindAt: null });
    const letter = await onlyLetter(town, id, 'correction');
    expect(letter.text).toContain('Plan de masse');
    expect(letter.text).toContain('Il manque un plan.');
    const dossier = textOf((await get(town, await linkOf(town, id, 'desk'))).html);
    expect(dossier).toContain('En attente de correction');
    expect(dossier).toContain('Réponse attendue avant le');
  });

  it('without a word: 422', async () => {
    const id = await openRequest(town);
    const wrong = await act(town, await linkOf(town, id, 'desk', 'request_correction'), { pieces: 'Plan' });
    expect(wrong.status).toBe(422);
  });
});

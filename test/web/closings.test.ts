import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_ACTIONS, WORKFLOW } from '../../src/domain/workflow.ts';
import { onlyLetter } from './letters.ts';
import { closedRequest, requestAtVoirie } from './scenes.ts';
import {
  act,
  actAndFollow,
  get,
  lastEvent,
  linkOf,
  mailsOf,
  openRequest,
  requestOf,
  startTown,
  textOf,
} from './town.ts';
import { withLists, type TestTown } from './town.ts';
import { FILLED, formOf } from './visits.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());

const desk = (id: string, action = 'view') => linkOf(town, id, 'desk', action);

describe('N24: a double', () => {
  const hole = { address: 'marc@example.org', name: 'Marc Roux', text: 'Un trou profond devant le 12 de la rue.' };

  it('is said at the top of the page to the desk, with its number; to a department it is not', async () => {
    const first = await openRequest(town, hole);
    const again = await requestAtVoirie(town, { ...hole, subject: 'Re: Un nid-de-poule rue des Lilas' });
    const { reference } = await requestOf(town, first);
    const page = textOf((await get(town, await desk(again))).html);
    expect(page).toContain(`Peut-être un doublon Le même usager a écrit sur un sujet proche : n° ${reference}`);
    const voirie = textOf((await get(town, await linkOf(town, again, 'department:voirie'))).html);
    expect(voirie).not.toContain(reference);
  });

  it('is joined to the first by its number: closed, told, and the first one keeps its words', async () => {
    const [first, again] = [await openRequest(town, hole), await openRequest(town, { ...hole, subject: 'Encore' })];
    const { reference } = await requestOf(town, first);
    const path = await desk(again, 'merge');
    for (const [original, error] of [
      ['', 'request_unknown'],
      ['2026-999999', 'request_unknown'],
      [(await requestOf(town, again)).reference, 'request_itself'],
    ] as const) {
      const wrong = await act(town, path, { original, told: 'yes' });
      expect([wrong.status, wrong.html.includes('id="numero-erreur"')], error).toEqual([422, true]);
    }
    await actAndFollow(town, path, { original: `n° ${reference}`, told: 'yes' });
    expect(await requestOf(town, again)).toMatchObject({ outcome: 'duplicate', relatedReference: reference });
    expect((await onlyLetter(town, again, 'duplicate')).text).toContain(reference);
    expect(await lastEvent(town, first)).toMatchObject({ action: 'duplicate_joined', comment: hole.text });
    expect(textOf((await get(town, await desk(again))).html)).toContain(`Doublon de n° ${reference}`);
    expect(await requestOf(town, first)).toMatchObject({ status: 'new' });
  });

  it('the only one that looks like it has its number on the form already', async () => {
    const banc = {
      address: 'ines@example.org',
      name: 'Inès Ott',
      text: 'Le banc du square est cassé.',
      subject: 'Banc',
    };
    const [first, again] = [await openRequest(town, banc), await openRequest(town, banc)];
    const { reference } = await requestOf(town, first);
    const { html } = await get(town, await desk(again, 'merge'));
    expect(html).toContain(`name="original" value="${reference}"`);
  });

  it('of somebody else: the citizen does not learn that number', async () => {
    const [first, again] = [await openRequest(town), await openRequest(town, hole)];
    const { reference } = await requestOf(town, first);
    await actAndFollow(town, await desk(again, 'merge'), { original: reference, told: 'yes' });
    const { subject, text, html } = await onlyLetter(town, again, 'duplicate');
    expect(subject + text + html).not.toContain(reference);
  });
});

describe('the other ends', () => {
  it('reorient: an administration of the list, or another that is written, and a reason', async () => {
    const id = await openRequest(town);
    const path = await desk(id, 'reorient');
    const form = textOf((await get(town, path)).html);
    for (const name of town.ground.config.lists.administrations) expect(form).toContain(name);
    expect((await act(town, path, { comment: 'Route départementale.', told: 'yes' })).status).toBe(422);
    expect((await act(town, path, { administration: 'Préfecture', told: 'yes' })).status).toBe(422);
    const fields = { otherAdministration: 'Agence de l’eau', comment: 'C’est un cours d’eau.', told: 'yes' };
    await actAndFollow(town, path, fields);
    expect(await requestOf(town, id)).toMatchObject({ outcome: 'reoriented' });
    expect((await onlyLetter(town, id, 'reoriented')).text).toContain('Agence de l’eau');
  });

  it('drop: a reason of the list is enough, told to the citizen and to the department that loses it', async () => {
    const id = await requestAtVoirie(town);
    const path = await desk(id, 'drop');
    expect((await act(town, path, { told: 'yes' })).status).toBe(422);
    const reason = "La demande n'a plus d'objet.";
    await actAndFollow(town, path, { reason, told: 'yes' });
    expect(await requestOf(town, id)).toMatchObject({ outcome: 'dropped', holder: 'desk' });
    expect(await mailsOf(town, id, ['dropped', 'recalled'])).toEqual([
      'dropped → zoe@example.org',
      'recalled → voirie@plassans.fr',
    ]);
    expect((await onlyLetter(town, id, 'dropped')).text).toContain(reason);
    expect((await get(town, await linkOf(town, id, 'department:voirie'))).status).toBe(410);
  });

  it('discard: a tick, and the citizen hears nothing', async () => {
    const id = await openRequest(town);
    const path = await desk(id, 'discard');
    expect((await act(town, path, {})).status).toBe(422);
    const before = await mailsOf(town, id);
    await actAndFollow(town, path, { confirm: 'yes' });
    expect((await mailsOf(town, id)).slice(before.length)).toEqual(['receipt → accueil@plassans.fr']);
    expect(textOf((await get(town, await desk(id))).html)).toContain('Terminée : indésirable');
  });

  it('J18, C31: transferred, then taken back by the desk: the department is told, its link is dead', async () => {
    const id = await requestAtVoirie(town);
    const voirie = await linkOf(town, id, 'department:voirie');
    await actAndFollow(town, await desk(id, 'recall'), { reason: 'Demande transmise par erreur' });
    expect(await requestOf(town, id)).toMatchObject({ holder: 'desk', status: 'new', assignee: null });
    expect(await mailsOf(town, id, ['recalled'])).toEqual(['recalled → voirie@plassans.fr']);
    expect((await get(town, voirie)).status).toBe(410);
  });
});

describe('C32: opened again by the desk', () => {
  it('with a reason; it comes back to who closed it, and the citizen is told', async () => {
    const id = await requestAtVoirie(town);
    const voirie = (action: string) => linkOf(town, id, 'department:voirie', action);
    await actAndFollow(town, await voirie('refuse'), { comment: 'Non', told: 'yes' });
    town.advance(town.ground.config.schedule.undoSeconds * 1_000);
    const path = await desk(id, 'reopen');
    expect((await act(town, path, {})).status).toBe(422);
    await actAndFollow(town, path, { comment: 'Refusée par erreur.' });
    expect(await requestOf(town, id)).toMatchObject({ status: 'new', holder: 'voirie', outcome: null, assignee: null });
    const mails = await mailsOf(town, id, ['reopened', 'reopened_citizen']);
    expect(mails).toEqual(['reopened → voirie@plassans.fr', 'reopened_citizen → zoe@example.org']);
    expect((await get(town, await voirie('take_charge'))).html).toContain('name="nonce"');
  });

  it('is not for a department', async () => {
    const id = await requestAtVoirie(town);
    await actAndFollow(town, await linkOf(town, id, 'department:voirie', 'accept'), { told: 'yes' });
    expect((await get(town, await linkOf(town, id, 'department:voirie', 'reopen'))).html).not.toContain('name="nonce"');
  });

  it('only what is closed', async () => {
    expect((await get(town, await desk(await closedRequest(town), 'reopen'))).html).toContain('name="nonce"');
    expect((await get(town, await desk(await openRequest(town), 'reopen'))).html).not.toContain('name="nonce"');
  });
});

describe('C25: words, where the table and the config ask for them', () => {
  const required = PAGE_ACTIONS.filter((action) => WORKFLOW[action].comment === 'required');
  const optional = PAGE_ACTIONS.filter((action) => WORKFLOW[action].comment === 'optional' && FILLED[action]);

  it.each(required)('%s: always', async (action) => {
    const { comment: _comment, reason: _reason, ...others } = FILLED[action] ?? {};
    const wrong = await act(town, await formOf(town, action), others);
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('id="texte-erreur"');
  });

  it.each(optional)('%s: where the config lists it', async (action) => {
    const { lists } = town.ground.config;
    withLists(town, { commentsRequired: optional });
    const path = await formOf(town, action).catch(() => '');
    if (path !== '') {
      const wrong = await act(town, path, FILLED[action] ?? {});
      expect(wrong.status).toBe(422);
      expect(wrong.html).toContain('id="texte-erreur"');
    }
    withLists(town, lists);
  });
});

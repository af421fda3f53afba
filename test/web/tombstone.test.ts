import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forgetRequest } from '../../src/store/forgetting.ts';
import { actAndFollow, get, linkOf, openRequest, startTown, type TestTown } from './town.ts';

let town: TestTown;
beforeAll(async () => {
  town = await startTown();
});
afterAll(() => town?.stop());

async function forgotten(): Promise<{ id: string; links: Record<'view' | 'note' | 'refuse', string> }> {
  const id = await openRequest(town, { subject: 'Mot secret', text: 'Mot secret', name: 'Zoé Secret' });
  await actAndFollow(town, await linkOf(town, id, 'desk', 'milestone'), { milestone: 'Visite sur place' });
  await actAndFollow(town, await linkOf(town, id, 'desk', 'discard'), { confirm: 'yes' });
  const links = {
    view: await linkOf(town, id, 'desk', 'view'),
    note: await linkOf(town, id, 'desk', 'note'),
    refuse: await linkOf(town, id, 'desk', 'refuse'),
  };
  town.advance(120_000);
  const { decision } = await forgetRequest(town.ground, id, { by: 'citizen', visa: null }, 'test');
  expect(decision).toMatchObject({ done: true });
  return { id, links };
}

describe('S10, S24: the page of a request that was forgotten', () => {
  test('shows its number, office, agent, milestones and dates, and offers nothing', async () => {
    const { id, links } = await forgotten();
    const { reference } = await town.ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
    for (const path of Object.values(links)) {
      const { status, html } = await get(town, path);
      expect(status).toBe(200);
      for (const words of [
        reference,
        'Cette demande est anonymisée',
        'Accueil',
        'Visite sur place',
        'a anonymisé la demande',
      ]) {
        expect(html).toContain(words);
      }
      expect(html).not.toMatch(/secret|<form|<button|Écrire|dossier\.pdf/i);
    }
    for (const path of [`${links.view}/dossier.pdf`]) expect((await get(town, path)).html).toContain('anonymisée');
  });
});

describe('a frozen request', () => {
  test('says so on its page, and why; only the desk and a supervisor may freeze', async () => {
    const id = await openRequest(town);
    await actAndFollow(town, await linkOf(town, id, 'desk', 'freeze'), { comment: 'Recours au tribunal' });
    const { html } = await get(town, await linkOf(town, id, 'desk', 'view'));
    for (const words of ['Demande gelée', 'Recours au tribunal', 'Lever le gel']) expect(html).toContain(words);
    expect(html).not.toContain('>Geler la demande<');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlyLetter } from './letters.ts';
import { act, actAndFollow, get, lastEvent, linkOf, mailsOf, openRequest, post, readForm, requestOf } from './town.ts';
import { startTown, textOf, withLists, type TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());

const edit = (id: string) => linkOf(town, id, 'desk', 'edit');
/** What a page sends of one field: what it had shown, and what it is to be. */
const change = (field: string, was: string, value: string) => ({ [`was:${field}`]: was, [`field:${field}`]: value });

describe('N10, N12: the sheet', () => {
  it('is corrected field by field, and the old value stays in the history', async () => {
    const id = await openRequest(town);
    await actAndFollow(town, await edit(id), {
      ...change('citizenName', 'Zoé Dupont', 'Zoé Durand'),
      ...change('citizenPhone', '', '06 00 00 00 00'),
      ...change('citizenPostalAddress', '', '12, rue des Lilas\r\n13100 Plassans'),
      ...change('origin', 'email', 'phone'),
      ...change('subject', 'Un nid-de-poule rue des Lilas', 'Un nid-de-poule rue des Lilas'),
      comment: 'Au téléphone.',
    });
    expect(await requestOf(town, id)).toMatchObject({
      citizenName: 'Zoé Durand',
      citizenPhone: '06 00 00 00 00',
      citizenPostalAddress: '12, rue des Lilas\n13100 Plassans',
      origin: 'phone',
      subject: 'Un nid-de-poule rue des Lilas',
    });
    const { html } = await get(town, await linkOf(town, id, 'desk'));
    const dossier = textOf(html);
    expect(dossier).toContain('Nom et prénom : Zoé Dupont → Zoé Durand');
    expect(dossier).toContain('Téléphone : (vide) → 06 00 00 00 00');
    expect(dossier).toContain('Arrivée par : Courriel → Téléphone');
    expect(dossier).not.toContain('Objet :');
  });

  it('N12: its number is on no form, and cannot be sent either', async () => {
    const id = await openRequest(town);
    const { reference } = await requestOf(town, id);
    const path = await edit(id);
    expect((await get(town, path)).html).not.toContain('field:reference');
    const wrong = await act(town, path, change('reference', reference, '2026-999999'));
    expect(wrong.status).toBe(422);
    expect(await requestOf(town, id)).toMatchObject({ reference });
  });

  it('saved as it was: nothing is written', async () => {
    const id = await openRequest(town);
    const wrong = await act(town, await edit(id), change('citizenPhone', '', ''));
    expect(wrong.status).toBe(422);
    expect(textOf(wrong.html)).toContain("Rien n'est changé");
    expect(await lastEvent(town, id)).toMatchObject({ action: 'receive' });
  });

  it('N10: a new address waits until its owner confirms it by a mail', async () => {
    const id = await openRequest(town);
    await actAndFollow(town, await edit(id), change('citizenAddress', 'zoe@example.org', 'Zoe.D@Example.net'));
    expect(await requestOf(town, id)).toMatchObject({
      citizenAddress: 'zoe@example.org',
      pendingAddress: 'zoe.d@example.net',
    });
    expect((await onlyLetter(town, id, 'confirm_address')).toAddress).toBe('zoe.d@example.net');
    const dossier = textOf((await get(town, await linkOf(town, id, 'desk'))).html);
    expect(dossier).toContain("zoe.d@example.net (à confirmer par l'usager)");
  });

  it('N10: an address that was wrong is taken away at once', async () => {
    const id = await openRequest(town);
    await actAndFollow(town, await edit(id), change('citizenAddress', 'zoe@example.org', ''));
    expect(await requestOf(town, id)).toMatchObject({ citizenAddress: '', pendingAddress: '' });
    expect(await mailsOf(town, id, ['confirm_address'])).toEqual([]);
  });

  it.each([
    ['citizenAddress', 'zoe@example.org', 'zoé chez example'],
    ['citizenAddress', 'zoe@example.org', 'mairie@plassans.fr'],
    ['category', 'chaussee', 'nulle-part'],
    ['origin', 'email', 'pigeon'],
    ['detail:danger', '', 'mortel'],
    ['detail:parcelle', '', 'La parcelle d’une autre catégorie'],
    ['status', 'new', 'closed'],
    ['holder', 'desk', 'voirie'],
  ])('%s cannot become « %s → %s »', async (field, was, value) => {
    const id = await openRequest(town);
    const wrong = await act(town, await edit(id), change(field, was, value));
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('id="champs-erreur"');
    const isOnForm = wrong.html.includes(`name="field:${field}"`);
    expect(textOf(wrong.html).includes("Cette valeur n'est pas valable.")).toBe(isOnForm);
    expect(await lastEvent(town, id)).toMatchObject({ action: 'receive' });
  });
});

describe('N13: two people correct one sheet', () => {
  it('the same field: the second sees what the first made of it, keeps their own words, and decides', async () => {
    const id = await openRequest(town);
    const path = await edit(id);
    const [first, second] = [await readForm(town, path), await readForm(town, path)];
    town.advance(2_000);
    expect((await post(town, path, { nonce: first, ...change('citizenPhone', '', '01 11') })).status).toBe(303);
    const conflict = await post(town, path, { nonce: second, ...change('citizenPhone', '', '02 22') });
    expect(conflict.status).toBe(422);
    expect(textOf(conflict.html)).toContain("Quelqu'un l'a changé entre-temps : « 01 11 »");
    expect(conflict.html).toContain('name="field:citizenPhone" value="02 22"');
    expect(conflict.html).toContain('name="was:citizenPhone" value="01 11"');
    expect(await requestOf(town, id)).toMatchObject({ citizenPhone: '01 11' });
    const nonce = /name="nonce" value="([^"]+)"/.exec(conflict.html)?.[1] ?? '';
    town.advance(2_000);
    expect((await post(town, path, { nonce, ...change('citizenPhone', '01 11', '02 22') })).status).toBe(303);
    expect(await requestOf(town, id)).toMatchObject({ citizenPhone: '02 22' });
  });

  it('a field that the second left alone keeps what the first made of it', async () => {
    const id = await openRequest(town);
    const path = await edit(id);
    const [first, second] = [await readForm(town, path), await readForm(town, path)];
    town.advance(2_000);
    const quicker = { ...change('citizenPhone', '', '01 11'), ...change('category', 'chaussee', 'eclairage') };
    expect((await post(town, path, { nonce: first, ...quicker })).status).toBe(303);
    const slower = { ...change('citizenPhone', '', '02 22'), ...change('category', 'chaussee', 'chaussee') };
    const conflict = await post(town, path, { nonce: second, ...slower });
    expect(conflict.status).toBe(422);
    expect(conflict.html.match(/Quelqu&#39;un l&#39;a changé|Quelqu'un l'a changé/g)).toHaveLength(1);
    expect(conflict.html).toContain('value="eclairage" selected');
  });

  it('two fields: both hold', async () => {
    const id = await openRequest(town);
    const path = await edit(id);
    const [first, second] = [await readForm(town, path), await readForm(town, path)];
    town.advance(2_000);
    const name = change('citizenName', 'Zoé Dupont', 'Zoé Durand');
    await post(town, path, { nonce: first, ...name, ...change('citizenPhone', '', '') });
    const stale = change('citizenName', 'Zoé Dupont', 'Zoé Dupont');
    await post(town, path, { nonce: second, ...stale, ...change('citizenPhone', '', '02 22') });
    expect(await requestOf(town, id)).toMatchObject({ citizenName: 'Zoé Durand', citizenPhone: '02 22' });
  });
});

describe('C15, N11: the fields of the category', () => {
  it('are on the sheet, and on the dossier once they say something', async () => {
    const id = await openRequest(town, { category: 'actes' });
    const path = await edit(id);
    const form = await get(town, path);
    expect(form.html).toMatch(/<select[^>]*name="field:detail:acte"/);
    expect(form.html).toMatch(/<input type="date"[^>]*name="field:detail:date"/);
    await actAndFollow(town, path, {
      ...change('detail:acte', '', 'naissance'),
      ...change('detail:date', '', '1984-03-02'),
    });
    const dossier = textOf((await get(town, await linkOf(town, id, 'desk'))).html);
    expect(dossier).toContain("Type d'acte naissance");
    expect(dossier).toContain("Type d'acte : (vide) → naissance");
  });
});

describe('J10: the pieces asked of the citizen', () => {
  it('are a list to tick as they come in', async () => {
    const id = await openRequest(town, { category: 'autorisation' });
    const ask = await linkOf(town, id, 'desk', 'request_correction');
    expect(textOf((await get(town, ask)).html)).toContain('Plan de situation Plan de masse');
    const fields = { comment: 'Il manque un plan.', pieces: 'Plan de masse', otherPieces: 'Acte notarié, ' };
    await actAndFollow(town, ask, fields);
    const pieces = [
      { name: 'Plan de masse', isReceived: false },
      { name: 'Acte notarié', isReceived: false },
    ];
    expect(await requestOf(town, id)).toMatchObject({ pieces });
    expect((await onlyLetter(town, id, 'correction')).text).toContain('Acte notarié');
    await actAndFollow(town, await edit(id), change('piece:Plan de masse', '', 'yes'));
    const dossier = textOf((await get(town, await linkOf(town, id, 'desk'))).html);
    expect(dossier).toContain('Plan de masse – reçue Acte notarié – attendue');
  });
});

describe('S03: a milestone', () => {
  it('comes from the list of the config, with a word, and is in the history', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'milestone');
    for (const name of town.ground.config.lists.milestones) {
      expect(textOf((await get(town, path)).html)).toContain(name);
    }
    await actAndFollow(town, path, { milestone: 'Visite sur place', comment: 'Avec le géomètre.' });
    const dossier = textOf((await get(town, path)).html);
    expect(dossier).toContain('a posé un jalon Jalon : Visite sur place Avec le géomètre.');
    expect((await act(town, path, { milestone: 'Inventé' })).status).toBe(422);
    expect((await act(town, path, {})).status).toBe(422);
  });

  it('is not offered when the config lists none', async () => {
    const path = await linkOf(town, await openRequest(town), 'desk');
    const { lists } = town.ground.config;
    withLists(town, { milestones: [], labels: [] });
    expect((await get(town, path)).html).not.toMatch(/Poser un jalon|Choisir les mots-clés/);
    withLists(town, lists);
  });
});

describe('S27: the labels', () => {
  it('are ticked and unticked; one that the config does not know is refused', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'label');
    await actAndFollow(town, path, { labelled: 'yes', labels: 'urgent' });
    expect(await requestOf(town, id)).toMatchObject({ labels: ['urgent'] });
    expect((await get(town, path)).html).toMatch(/value="urgent" checked/);
    expect(textOf((await get(town, await linkOf(town, id, 'desk'))).html)).toContain('Mots-clés urgent');
    expect((await act(town, path, { labelled: 'yes', labels: 'inconnu' })).status).toBe(422);
    expect((await act(town, path, { labelled: 'yes', labels: 'urgent' })).status).toBe(422);
    await actAndFollow(town, path, { labelled: 'yes' });
    expect(await requestOf(town, id)).toMatchObject({ labels: [] });
  });
});

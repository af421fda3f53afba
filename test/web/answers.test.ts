import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlyLetter } from './letters.ts';
import { requestInProgress } from './scenes.ts';
import { act, actAndFollow, actWithFiles, eventsOf, get, lastEvent, linkOf, mailsOf, openRequest } from './town.ts';
import { requestOf, startTown, textOf, wordsIn, type TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());

const VOIRIE = 'department:voirie';
const DRAFT = 'Bonjour,\n\nLes travaux auront lieu le 15.';

describe('C23, C24: an answer in preparation', () => {
  it('never leaves the house, and tells the others that it is taken', async () => {
    const id = await requestInProgress(town);
    const before = await mailsOf(town, id);
    await actAndFollow(town, await linkOf(town, id, VOIRIE, 'draft'), { comment: DRAFT, agent: 'Jeanne Martin' });
    expect((await mailsOf(town, id)).slice(before.length)).toEqual(['draft_saved → voirie@plassans.fr']);
    for (const who of [VOIRIE, 'desk']) {
      const dossier = textOf((await get(town, await linkOf(town, id, who))).html);
      expect(dossier).toContain('Une réponse est en préparation Jeanne Martin prépare une réponse depuis le');
    }
    const shown = [await linkOf(town, id, VOIRIE, 'message'), await linkOf(town, id, VOIRIE, 'answer')];
    for (const path of shown) expect((await get(town, path)).html).toContain(`${DRAFT}</textarea>`);
  });

  it('goes on from its own mail, is sent when somebody says that they read it, and is over then', async () => {
    const id = await requestInProgress(town);
    await actAndFollow(town, await linkOf(town, id, VOIRIE, 'draft'), { comment: DRAFT });
    const [url = ''] = /http\S+\/a\/\S+/.exec((await onlyLetter(town, id, 'draft_saved')).text) ?? [];
    expect((await (await fetch(url)).text()).includes(`${DRAFT}</textarea>`)).toBe(true);
    const path = await linkOf(town, id, VOIRIE, 'message');
    const unread = await act(town, path, { comment: DRAFT });
    expect(unread.status).toBe(422);
    expect(textOf(unread.html)).toContain("J'ai relu ce texte : il peut partir.");
    await actAndFollow(town, path, { comment: DRAFT, confirm: 'yes' });
    expect((await onlyLetter(town, id, 'message')).text).toContain('Les travaux auront lieu le 15.');
    expect(await requestOf(town, id)).toMatchObject({ draft: null });
    expect((await get(town, path)).html).not.toContain(`${DRAFT}</textarea>`);
  });

  it('is kept from the form of a message too, by its second button', async () => {
    const id = await requestInProgress(town);
    const path = await linkOf(town, id, VOIRIE, 'message');
    expect((await get(town, path)).html).toContain('name="save" value="draft"');
    const kept = await actAndFollow(town, path, { comment: DRAFT, save: 'draft' });
    expect(textOf(kept.html)).toContain('Brouillon enregistré');
    expect(await mailsOf(town, id, ['message'])).toEqual([]);
    expect(await lastEvent(town, id)).toMatchObject({ action: 'draft' });
    const same = await act(town, await linkOf(town, id, VOIRIE, 'draft'), { comment: DRAFT });
    expect(same.status).toBe(422);
  });

  it('C24: of a new request makes it somebody’s', async () => {
    const id = await openRequest(town);
    await actAndFollow(town, await linkOf(town, id, 'desk', 'draft'), { comment: DRAFT });
    expect(await requestOf(town, id)).toMatchObject({ status: 'in_progress', assignee: 'accueil@plassans.fr' });
  });
});

describe('N15: an answer from the lists of the config', () => {
  it('fills the form in, with the number, the subject and the name of the request', async () => {
    const id = await openRequest(town);
    const { reference } = await requestOf(town, id);
    const path = await linkOf(town, id, 'desk', 'message');
    const { html } = await get(town, path);
    for (const { id: reply, name } of town.ground.config.lists.replies) {
      expect(html).toContain(`<option value="${reply}">${name.replaceAll("'", '&#39;')}</option>`);
    }
    expect(html).toMatch(/<textarea[^>]*>\s*<\/textarea>/);
    const filled = textOf((await get(town, `${path}?modele=intervention`)).html);
    expect(filled).toContain(`Votre signalement (n° ${reference}) a été transmis à nos équipes.`);
    expect(filled).toContain("J'ai relu ce texte : il peut partir.");
    expect(textOf((await get(town, `${path}?modele=nouvelles`)).html)).toContain(
      'Votre demande « Un nid-de-poule rue des Lilas » est toujours en cours',
    );
    expect((await get(town, `${path}?modele=inconnu`)).html).toMatch(/<textarea[^>]*>\s*<\/textarea>/);
  });

  it('leaves unchanged only when somebody says that they read it; changed, it is their own words', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'message');
    const comment = wordsIn((await get(town, `${path}?modele=nouvelles`)).html);
    expect(comment).toContain('toujours en cours');
    expect((await act(town, path, { comment })).status).toBe(422);
    expect((await act(town, path, { comment: comment.replaceAll('\n', '\r\n') })).status).toBe(422);
    expect((await act(town, path, { comment: `${comment}\nDès jeudi.` })).status).toBe(303);
    expect((await act(town, path, { comment, confirm: 'yes' })).status).toBe(303);
    expect(await eventsOf(town, id)).toEqual(['receive', 'message', 'message']);
  });

  it('N09: asks who writes, when the name or the address is missing', async () => {
    const id = await openRequest(town, { name: 'Zoé' });
    const { html } = await get(town, await linkOf(town, id, 'desk'));
    expect(textOf(html)).toMatch(/Il manque à l'identité de l'usager : [^.]*adresse postale/);
    const path = /href="([^"]+\?modele=identite)"/.exec(html)?.[1] ?? '';
    const form = textOf((await get(town, path)).html);
    expect(form).toContain('votre nom, de votre prénom et de votre adresse postale');
  });
});

describe('C22, C26, C28: answering', () => {
  it('a message leaves the request open; an answer closes it, both with their pieces', async () => {
    const id = await openRequest(town);
    const piece = { name: 'horaires.pdf', content: '%PDF-1.4 x', type: 'application/pdf' };
    const path = (action: string) => linkOf(town, id, 'desk', action);
    await actWithFiles(town, await path('message'), { comment: 'Voyez la pièce.' }, [piece]);
    expect(await requestOf(town, id)).toMatchObject({ status: 'in_progress' });
    expect((await onlyLetter(town, id, 'message')).files).toEqual(['horaires.pdf']);
    const form = textOf((await get(town, await path('answer'))).html);
    expect(form).toContain("Votre réponse (obligatoire) Ce texte est envoyé à l'usager.");
    await actWithFiles(town, await path('answer'), { comment: 'Ouvert le samedi.' }, [piece]);
    expect(await requestOf(town, id)).toMatchObject({ status: 'closed', outcome: 'answered' });
    const letter = await onlyLetter(town, id, 'answer');
    expect([letter.toAddress, letter.files]).toEqual(['zoe@example.org', ['horaires.pdf']]);
    expect(textOf((await get(town, await path('view'))).html)).toContain('Terminée : répondue');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onlyLetter } from './letters.ts';
import { requestInProgress } from './scenes.ts';
import { act, actAndFollow, actWithFiles, eventsOf, get, hireAgents, JEANNE, lastEvent, LEA, linkOf } from './town.ts';
import { mailsOf, openRequest, requestOf, startTown, textOf, type TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
  hireAgents(town);
});
afterAll(async () => town.stop());

const VOIRIE = 'department:voirie';

describe('N20, N21: a note that names a colleague', () => {
  it('is mailed to them, with a link by which they read the request and answer with a note', async () => {
    const id = await openRequest(town);
    const note = await linkOf(town, id, 'desk', 'note');
    await actAndFollow(town, note, { comment: '@jeanne.martin tu connais cette rue ?' });
    const letter = await onlyLetter(town, id, 'mention');
    expect(letter.toAddress).toBe(JEANNE.address);
    expect(letter.text).toContain('tu connais cette rue ?');
    const jeanne = await get(town, await linkOf(town, id, JEANNE.address, 'note'));
    expect(jeanne.status).toBe(200);
    await actAndFollow(town, await linkOf(town, id, JEANNE.address, 'note'), { comment: 'Oui.' });
    expect(await requestOf(town, id)).toMatchObject({ sharedWith: [JEANNE.address], status: 'new' });
    expect(textOf((await get(town, await linkOf(town, id, 'desk'))).html)).toContain('Partagée avec Jeanne Martin');
  });

  it('of a name that nobody bears: the author is told, with the names that come near', async () => {
    const id = await openRequest(town);
    await actAndFollow(town, await linkOf(town, id, 'desk', 'note'), { comment: '@jeane.martin et @personne ?' });
    expect(await mailsOf(town, id, ['mention', 'mention_unknown'])).toEqual(['mention_unknown → accueil@plassans.fr']);
    const letter = await onlyLetter(town, id, 'mention_unknown');
    expect(letter.text).toContain('jeane.martin');
    expect(letter.text).toContain('Jeanne Martin');
  });

  it('N16: a note is never written to the citizen', async () => {
    const id = await requestInProgress(town);
    const before = (await mailsOf(town, id)).filter((mail) => mail.endsWith('zoe@example.org'));
    await actAndFollow(town, await linkOf(town, id, VOIRIE, 'note'), { comment: 'Entre nous : @accueil' });
    expect((await mailsOf(town, id)).filter((mail) => mail.endsWith('zoe@example.org'))).toEqual(before);
  });
});

describe('N22, N25: sharing with a colleague', () => {
  it('invites them with a word; they read, write notes and add pieces, and nothing else', async () => {
    const id = await requestInProgress(town);
    const share = await linkOf(town, id, VOIRIE, 'share');
    expect(textOf((await get(town, share)).html)).not.toContain('Paul Bernard');
    await actAndFollow(town, share, { colleague: 'urbanisme@plassans.fr', comment: 'Votre avis ?' });
    expect((await onlyLetter(town, id, 'invitation')).text).toContain('Votre avis ?');
    const guest = async (action: string) => linkOf(town, id, 'urbanisme@plassans.fr', action);
    const page = await get(town, await guest('view'));
    expect(offered(page.html)).toEqual(['attach', 'note']);
    await actAndFollow(town, await guest('note'), { comment: 'Rien à redire.' });
    const piece = { name: 'plan.pdf', content: '%PDF-1.4' };
    expect((await actWithFiles(town, await guest('attach'), {}, [piece])).status).toBe(303);
    const refuse = await get(town, await guest('refuse'));
    expect(textOf(refuse.html)).toContain("Cette action n'est plus possible");
    expect(refuse.html).not.toContain('name="nonce"');
    expect(await eventsOf(town, id)).toEqual(['receive', 'transfer', 'take_charge', 'share', 'note', 'attach']);
  });

  it('is taken back: their links die at once, a page left open too, and the sheet shows them no more', async () => {
    const id = await openRequest(town);
    await actAndFollow(town, await linkOf(town, id, 'desk', 'share'), { colleague: 'urbanisme@plassans.fr' });
    const guest = await linkOf(town, id, 'urbanisme@plassans.fr', 'note');
    const nonce = /name="nonce" value="([^"]+)"/.exec((await get(town, guest)).html)?.[1] ?? '';
    const unshare = await linkOf(town, id, 'desk', 'unshare');
    expect(textOf((await get(town, unshare)).html)).toContain('À qui retirer le partage');
    await actAndFollow(town, unshare, { guest: 'urbanisme@plassans.fr' });
    const body = new URLSearchParams({ nonce, comment: 'Trop tard' });
    expect((await fetch(town.url + guest, { method: 'POST', body })).status).toBe(410);
    const dead = await get(town, guest);
    expect(dead.status).toBe(410);
    expect(textOf(dead.html)).toContain('Accueil a retiré un partage, le');
    expect(dead.html).not.toMatch(/nid-de-poule|Zoé/);
    const desk = textOf((await get(town, await linkOf(town, id, 'desk'))).html);
    expect(desk).not.toContain('Partagée avec Urbanisme Terminer');
    expect(desk).toContain('Partage retiré à : Urbanisme');
    expect(await lastEvent(town, id)).toMatchObject({ action: 'unshare' });
  });

  it.each([
    ['nobody', ''],
    ['a stranger', 'stranger@example.org'],
    ['whoever may read it already', 'accueil@plassans.fr'],
  ])('not with %s: 422', async (_who, colleague) => {
    const id = await requestInProgress(town);
    const wrong = await act(town, await linkOf(town, id, VOIRIE, 'share'), { colleague });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('id="collegue-erreur"');
  });

  it('an agent of the desk may be invited by a department, and reads it by their own link', async () => {
    const id = await requestInProgress(town);
    const wrong = await act(town, await linkOf(town, id, VOIRIE, 'share'), { colleague: LEA.address });
    expect(wrong.status).toBe(422);
  });
});

/** The actions that a page proposes. */
function offered(html: string): string[] {
  return [...html.matchAll(/class="choice choice-(\w+)"/g)].map(([, action]) => action ?? '').toSorted();
}

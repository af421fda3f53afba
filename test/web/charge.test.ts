import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPdf } from '../support/read-pdf.ts';
import { onlyLetter } from './letters.ts';
import { requestAtVoirie, requestInProgress } from './scenes.ts';
import { act, actAndFollow, get, hireAgents, JEANNE, lastEvent, linkOf, mailsOf, openRequest, PAUL } from './town.ts';
import { requestOf, startTown, textOf, type TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
  hireAgents(town);
});
afterAll(async () => town.stop());

const VOIRIE = 'department:voirie';

describe('S02, N07: taking charge', () => {
  it('S05: proposes the mail to the citizen, whose subject and words are edited, then sent', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'take_charge');
    const { reference } = await requestOf(town, id);
    const { html } = await get(town, path);
    expect(html).toMatch(/<textarea[^>]*name="comment"[^>]*>\s*Bonjour,/);
    expect(textOf(html)).toContain(`Votre demande n° ${reference} (« Un nid-de-poule rue des Lilas »)`);
    expect(html).toContain('name="mailSubject" value="Un nid-de-poule rue des Lilas"');
    await actAndFollow(town, path, { told: 'yes', mailSubject: 'On arrive', comment: 'Bonjour,\n\nDemain matin.' });
    const letter = await onlyLetter(town, id, 'taken_in_charge');
    expect(letter.subject).toBe(`[n° ${reference}] On arrive`);
    expect(letter.text).toContain('Demain matin.');
    expect(letter.text).not.toContain('prise en charge par');
    expect(await requestOf(town, id)).toMatchObject({ status: 'in_progress', assignee: 'accueil@plassans.fr' });
  });

  it('S05: the subject left as it was keeps the thread', async () => {
    const id = await openRequest(town);
    const mailSubject = 'Un nid-de-poule rue des Lilas';
    const fields = { told: 'yes', mailSubject, comment: 'Bonjour.' };
    await actAndFollow(town, await linkOf(town, id, 'desk', 'take_charge'), fields);
    expect((await onlyLetter(town, id, 'taken_in_charge')).subject).toBe(
      `[n° ${(await requestOf(town, id)).reference}] ${mailSubject}`,
    );
  });

  it('S05: a mail with nothing in it is not sent: 422', async () => {
    const id = await openRequest(town);
    const wrong = await act(town, await linkOf(town, id, 'desk', 'take_charge'), { told: 'yes', comment: ' ' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('id="texte-erreur"');
    expect(await requestOf(town, id)).toMatchObject({ status: 'new' });
  });

  it('S06: without sending: it is taken in charge, nothing leaves, and the history says so', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'take_charge');
    const done = await actAndFollow(town, path, { told: 'no', comment: 'Bonjour, ceci ne part pas.' });
    expect(textOf(done.html)).toContain("Aucun message n'est envoyé");
    expect(await mailsOf(town, id, ['taken_in_charge'])).toEqual([]);
    expect(await lastEvent(town, id)).toMatchObject({ action: 'take_charge', comment: '', details: { told: 'no' } });
    const dossier = textOf((await get(town, await linkOf(town, id, 'desk'))).html);
    expect(dossier).toContain("Aucun message n'a été envoyé à l'usager.");
    expect(dossier).not.toContain('ceci ne part pas');
  });

  it('S05: whether it is sent is a choice that nothing makes in advance', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'take_charge');
    expect((await get(town, path)).html).not.toContain('checked');
    expect((await act(town, path, { confirm: 'yes', comment: 'Bonjour' })).status).toBe(422);
  });

  it('S07: without an address nothing of mail is offered, and a letter is printed', async () => {
    const id = await openRequest(town, { address: '', name: 'Marcel Petit' });
    const path = await linkOf(town, id, 'desk', 'take_charge');
    const form = await get(town, path);
    expect(form.html).not.toMatch(/name="(told|mailSubject)"/);
    expect(form.html).not.toContain("Écrire à l'usager");
    expect(textOf(form.html)).toContain('vous pourrez imprimer un courrier');
    const done = await actAndFollow(town, path, { confirm: 'yes', comment: 'Nous passerons vous voir mardi.' });
    const letter = /href="([^"]+letter\.pdf[^"]+)"/.exec(done.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const response = await fetch(town.url + letter);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const paper = readPdf(new Uint8Array(await response.arrayBuffer()));
    expect(paper.text).toContain('Marcel Petit');
    expect(paper.text).toContain('Nous passerons vous voir mardi.');
    expect(await mailsOf(town, id)).toEqual(['new_request → accueil@plassans.fr']);
  });
});

describe('S08: closing it', () => {
  it('tells the citizen with a subject of one’s own, or prints a letter when told otherwise', async () => {
    const [told, untold] = [await openRequest(town), await openRequest(town)];
    const fields = { told: 'yes', mailSubject: 'Votre trou', comment: 'Rebouché.' };
    await actAndFollow(town, await linkOf(town, told, 'desk', 'accept'), fields);
    expect((await onlyLetter(town, told, 'decision')).subject).toMatch(/^\[n° [\d-]+\] Votre trou$/);
    const silent = await actAndFollow(town, await linkOf(town, untold, 'desk', 'refuse'), { ...fields, told: 'no' });
    expect(textOf(silent.html)).toContain("Imprimer le courrier à l'usager (PDF)");
    expect(await mailsOf(town, untold, ['decision'])).toEqual([]);
  });
});

describe('N08, S04, S30: attributing', () => {
  it('the agent gets a link; once it is given to another, the first one’s link is dead', async () => {
    const id = await requestInProgress(town);
    const path = await linkOf(town, id, VOIRIE, 'assign');
    const form = textOf((await get(town, path)).html);
    expect(form).toContain('Paul Bernard');
    expect(form).not.toContain('Léa Moreau');
    await actAndFollow(town, path, { assignee: PAUL.address, comment: 'Tu connais la rue.' });
    expect((await onlyLetter(town, id, 'assignment')).toAddress).toBe(PAUL.address);
    const paul = await linkOf(town, id, PAUL.address);
    expect(textOf((await get(town, paul)).html)).toContain('Vous agissez au nom de Paul Bernard, Voirie');
    expect(textOf((await get(town, paul)).html)).toContain('En charge Voirie, Paul Bernard');
    await actAndFollow(town, path, { assignee: JEANNE.address });
    const dead = await get(town, paul);
    expect(dead.status).toBe(410);
    expect(textOf(dead.html)).toContain('Elle est maintenant en charge de : Voirie, Jeanne Martin');
    expect(textOf(dead.html)).toContain('Voirie a attribué la demande à un agent, le');
    expect(dead.html).not.toMatch(/nid-de-poule|Zoé|\/fresh/);
    expect((await get(town, await linkOf(town, id, JEANNE.address))).status).toBe(200);
    const history = textOf((await get(town, await linkOf(town, id, VOIRIE))).html);
    expect(history).toContain('a attribué la demande à un agent');
    expect(history).toContain('Agent : Paul Bernard (Voirie)');
  });

  it('a page open at whoever lost it: 410, nothing written', async () => {
    const id = await requestInProgress(town);
    const assign = await linkOf(town, id, VOIRIE, 'assign');
    await actAndFollow(town, assign, { assignee: PAUL.address });
    const paul = await linkOf(town, id, PAUL.address, 'refuse');
    const nonce = /name="nonce" value="([^"]+)"/.exec((await get(town, paul)).html)?.[1] ?? '';
    await actAndFollow(town, assign, { assignee: JEANNE.address });
    const before = await lastEvent(town, id);
    const body = new URLSearchParams({ nonce, told: 'yes', comment: 'Non' });
    const late = await fetch(town.url + paul, { method: 'POST', body, redirect: 'manual' });
    expect(late.status).toBe(410);
    expect(textOf(await late.text())).toContain('Reprendre le texte que vous aviez écrit Non');
    expect(await lastEvent(town, id)).toEqual(before);
  });

  it.each([
    ['an agent of another office', 'l.moreau@plassans.fr', 'agent_unknown'],
    ['nobody', '', 'agent_unknown'],
    ['whoever has it already', PAUL.address, 'assigned_already'],
  ])('not to %s: 422', async (_who, assignee) => {
    const id = await requestInProgress(town);
    const path = await linkOf(town, id, VOIRIE, 'assign');
    await actAndFollow(town, path, { assignee: PAUL.address });
    const wrong = await act(town, path, { assignee });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('id="attribuer-erreur"');
  });

  it('is not offered where there is nobody to give it to', async () => {
    const id = await openRequest(town);
    const desk = await linkOf(town, id, 'desk');
    expect((await get(town, desk)).html).toContain('Attribuer à un agent');
    const { config } = town.ground;
    town.ground.config = { ...config, town: { ...config.town, agents: [] } };
    expect((await get(town, desk)).html).not.toContain('Attribuer à un agent');
    town.ground.config = config;
  });
});

describe('J28: who acts', () => {
  it('behind a shared mailbox the page asks « Vous êtes », and the history names the person', async () => {
    const id = await requestAtVoirie(town);
    const path = await linkOf(town, id, VOIRIE, 'take_charge');
    const form = await get(town, path);
    expect(textOf(form.html)).toContain('Vous agissez au nom de Voirie voirie@plassans.fr');
    expect(form.html).toContain('<option value="Jeanne Martin">');
    expect(form.html).not.toContain('<option value="Léa Moreau">');
    await actAndFollow(town, path, { told: 'no', agent: 'Jeanne Martin' });
    expect(await lastEvent(town, id)).toMatchObject({ actorName: 'Jeanne Martin', actorAddress: 'voirie@plassans.fr' });
    expect(await requestOf(town, id)).toMatchObject({ assignee: JEANNE.address });
    const dossier = textOf((await get(town, await linkOf(town, id, VOIRIE))).html);
    expect(dossier).toContain('Jeanne Martin (Voirie) a pris en charge la demande');
  });

  it('behind an address of one’s own it asks nothing, and a name that is sent all the same counts for nothing', async () => {
    const id = await requestInProgress(town);
    await actAndFollow(town, await linkOf(town, id, VOIRIE, 'assign'), { assignee: PAUL.address });
    const path = await linkOf(town, id, PAUL.address, 'note');
    expect((await get(town, path)).html).not.toContain('name="agent"');
    await actAndFollow(town, path, { comment: 'Vu.', agent: 'Le maire' });
    expect(await lastEvent(town, id)).toMatchObject({ actorName: 'Paul Bernard', actorAddress: PAUL.address });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, actAndFollow, claimsOf, eventsOf, get, linkOf, nonceIn, openRequest, post, readForm } from './town.ts';
import { startTown, textOf, type TestTown } from './town.ts';
import { signLink } from '../../src/action-link.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());

describe('each action, from the link in the mail to its result', () => {
  it('the desk transfers, the department takes charge, asks, notes, writes, refuses', async () => {
    const id = await openRequest(town);
    const desk = await linkOf(town, id, 'desk', 'transfer');
    const form = textOf((await get(town, desk)).html);
    expect(form).toContain("Suggestion, d'après la catégorie de la demande : Voirie");
    const transferred = await actAndFollow(town, desk, { department: 'voirie', comment: 'Pour vous, merci.' });
    expect(transferred.status).toBe(200);
    expect(textOf(transferred.html)).toContain('Demande transmise à Voirie');
    expect(textOf(transferred.html)).toContain("voirie@plassans.fr – transmission d'une demande");
    expect(textOf(transferred.html)).toContain('zoe@example.org');

    const path = (action: string) => linkOf(town, id, 'department:voirie', action);
    const taken = await actAndFollow(town, await path('take_charge'), { told: 'no', agent: '  Jeanne   Martin ' });
    expect(textOf(taken.html)).toContain('au nom de Jeanne Martin');
    expect(textOf((await actAndFollow(town, await path('note'), { comment: 'Vu sur place.' })).html)).toContain(
      'Note ajoutée',
    );
    const message = await actAndFollow(town, await path('message'), { comment: 'Nous passons demain.' });
    expect(textOf(message.html)).toContain("Message envoyé à l'usager");
    const asked = await actAndFollow(town, await path('request_correction'), { comment: 'Une photo, SVP.' });
    expect(textOf(asked.html)).toContain("Complément demandé à l'usager");
    const refused = await actAndFollow(town, await path('refuse'), {
      told: 'yes',
      comment: 'Route départementale.',
    });
    expect(textOf(refused.html)).toContain('Demande refusée');
    expect(await eventsOf(town, id)).toEqual([
      'receive',
      'transfer',
      'take_charge',
      'note',
      'message',
      'request_correction',
      'refuse',
    ]);
    const dossier = textOf((await get(town, await path('view'))).html);
    expect(dossier).toContain('Terminée : refusée');
    expect(dossier).toContain("Note interne – l'usager ne la voit pas");
    expect(dossier).toContain('Jeanne Martin (Voirie) a pris en charge la demande');
  });

  it('the desk accepts by itself', async () => {
    const id = await openRequest(town);
    const accepted = await actAndFollow(town, await linkOf(town, id, 'desk', 'accept'), {
      told: 'yes',
      comment: '',
    });
    expect(textOf(accepted.html)).toContain('Demande acceptée');
    expect(textOf((await get(town, await linkOf(town, id, 'desk'))).html)).toContain('Terminée : acceptée');
  });

  it('the supervisor settles a request that two departments sent back', async () => {
    const id = await openRequest(town);
    for (const department of ['voirie', 'urbanisme']) {
      await act(town, await linkOf(town, id, 'desk', 'transfer'), { department, comment: 'Pour vous' });
      await act(town, await linkOf(town, id, `department:${department}`, 'send_back'), { comment: 'Non' });
    }
    const path = await linkOf(town, id, 'supervisor', 'transfer');
    const result = await actAndFollow(town, path, { department: 'voirie', comment: 'Décidé.' });
    expect(textOf(result.html)).toContain('Demande transmise à Voirie');
    expect((await get(town, path)).status).toBe(200);
  });

  it('the department sends back: it sees the result, then nothing of the request any more', async () => {
    const id = await openRequest(town, { text: 'Mon secret' });
    await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment: 'Pour vous' });
    const path = await linkOf(town, id, 'department:voirie', 'send_back');
    const result = await actAndFollow(town, path, { comment: 'Plutôt l’urbanisme.' });
    expect(textOf(result.html)).toContain("Demande renvoyée à l'accueil");
    expect(textOf(result.html)).toContain("n'est plus dans votre service");
    const dead = await get(town, path);
    expect(dead.status).toBe(410);
    expect(textOf(dead.html)).toContain("Voirie a renvoyé la demande à l'accueil, le");
    expect(dead.html).not.toContain('Mon secret');
    expect(dead.html).not.toContain('nid-de-poule');
  });
});

describe('what a form refuses, keeping what was typed', () => {
  it.each([
    ['refuse', { comment: '  ', told: 'yes' }, 'comment_required', 'texte-erreur'],
    ['refuse', { comment: 'Tapé <avec> soin' }, 'told_required', 'prevenir-erreur'],
    ['transfer', { comment: 'Tapé <avec> soin' }, 'department_required', 'service-erreur'],
    ['transfer', { comment: 'Tapé <avec> soin', department: 'nowhere' }, 'department_unknown', 'service-erreur'],
    ['accept', { comment: 'Tapé <avec> soin' }, 'told_required', 'prevenir-erreur'],
    ['note', { comment: 'x'.repeat(10_001) }, 'comment_too_long', 'texte-erreur'],
  ])('%s without what it asks: 422, the field linked to its error', async (action, fields, _error, errorId) => {
    const id = await openRequest(town);
    const answer = await act(town, await linkOf(town, id, 'desk', action), fields);
    expect(answer.status).toBe(422);
    expect(answer.html).toMatch(new RegExp(`aria-describedby="[^"]*${errorId}`));
    expect(answer.html).toContain(`id="${errorId}"`);
    if (fields.comment.startsWith('Tapé')) expect(answer.html).toContain('Tapé &lt;avec&gt; soin</textarea>');
    expect(await eventsOf(town, id)).toEqual(['receive']);
  });

  it('a transfer has nothing preselected', async () => {
    const id = await openRequest(town);
    expect((await get(town, await linkOf(town, id, 'desk', 'transfer'))).html).not.toContain('checked');
  });
});

describe('a form of ours, sent by a human', () => {
  it('without a nonce, with that of another action, of another link, or too old: 403 and nothing done', async () => {
    const id = await openRequest(town);
    const other = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'accept');
    const foreign = await readForm(town, await linkOf(town, other, 'desk', 'accept'));
    const wrongAction = await readForm(town, await linkOf(town, id, 'desk', 'take_charge'));
    const right = await readForm(town, path);
    for (const nonce of ['', 'x', foreign, wrongAction, right.slice(0, -1), path.slice(3)]) {
      expect((await post(town, path, { nonce, told: 'yes' })).status).toBe(403);
    }
    town.advance(2 * 86_400_000);
    const stale = await post(town, path, { nonce: right, told: 'yes', comment: 'Gardé' });
    expect(stale.status).toBe(403);
    expect(stale.html).toContain('Gardé</textarea>');
    expect(await eventsOf(town, id)).toEqual(['receive']);
    town.advance(2_000);
    expect((await post(town, path, { nonce: nonceIn(stale.html), told: 'yes' })).status).toBe(303);
  });

  it.each([
    [{ Origin: 'https://evil.example' }, 403],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'none' }, 403],
    [{ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }, 303],
  ])('a POST from %o: %i', async (headers, status) => {
    const path = await linkOf(town, await openRequest(town), 'desk', 'accept');
    const nonce = await readForm(town, path);
    town.advance(2_000);
    expect((await post(town, path, { nonce, told: 'yes' }, headers as Record<string, string>)).status).toBe(status);
  });

  it('a form sent at once is asked again, with what was typed', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'refuse');
    const hasty = await post(town, path, {
      nonce: await readForm(town, path),
      told: 'no',
      comment: 'Hors « commune »',
    });
    expect(hasty.status).toBe(200);
    expect(hasty.html).toContain('name="comment" value="Hors « commune »"');
    expect(await eventsOf(town, id)).toEqual(['receive']);
    town.advance(2_000);
    const sure = await post(town, path, { nonce: nonceIn(hasty.html), told: 'no', comment: 'Hors « commune »' });
    expect(sure.status).toBe(303);
    expect(await eventsOf(town, id)).toEqual(['receive', 'refuse']);
  });
});

describe('an expired link', () => {
  it('shows nothing of the request and mails a fresh one, once in five minutes, to the address of the first', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'accept');
    town.advance(15 * 86_400_000);
    const dead = await get(town, path);
    expect(dead.status).toBe(410);
    expect(dead.html).not.toContain('nid-de-poule');
    const fresh = /action="([^"]+\/fresh)"/.exec(dead.html)?.[1] ?? '';
    const pages = await Promise.all(Array.from({ length: 10 }, async () => post(town, fresh, {})));
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
    const mails = () => town.ground.store.db.outboundEmail.findMany({ where: { requestId: id, kind: 'fresh_link' } });
    expect(await mails()).toMatchObject([{ toAddress: 'accueil@plassans.fr' }]);
    expect((await get(town, await linkOf(town, id, 'desk'))).status).toBe(200);
    town.advance(6 * 60_000);
    await post(town, fresh, {});
    expect(await mails()).toHaveLength(2);
  });

  it('answers the same, and mails nothing, when the link is unknown or the department lost the request', async () => {
    const id = await openRequest(town);
    await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment: 'Pour vous' });
    const mine = await claimsOf(town, id, 'department:voirie', 'accept');
    await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'urbanisme', comment: 'Non' });
    town.advance(15 * 86_400_000);
    const lost = await post(town, `/a/${signLink('action', mine, town.secrets)}/fresh`, {});
    const nobodys = { ...mine, jti: 'aaaaaaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa' };
    const unknown = await post(town, `/a/${signLink('action', nobodys, town.secrets)}/fresh`, {});
    expect([lost.status, lost.html]).toEqual([unknown.status, unknown.html]);
    expect(await town.ground.store.db.outboundEmail.count({ where: { requestId: id, kind: 'fresh_link' } })).toBe(0);
  });
});

describe('a person who left', () => {
  it('cannot use a link mailed to an address that the config no longer knows', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk');
    const { config } = town.ground;
    town.ground.config = {
      ...config,
      town: { ...config.town, desk: { ...config.town.desk, address: 'nouvel-accueil@plassans.fr' } },
    };
    expect((await get(town, path)).status).toBe(410);
    town.ground.config = config;
    expect((await get(town, path)).status).toBe(200);
  });
});

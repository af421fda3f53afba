import { addDays, instantAt, localParts } from '../../src/domain/local-time.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { editableFields } from '../../src/domain/edit.ts';
import { loadDossier, stateOfDossier } from '../../src/store/dossiers.ts';
import { actAsCitizen, citizenLink, landed, mailsOf, officeDoes, passUndoWindow, send } from './citizens.ts';
import { claimsOf, eventsOf, get, nonceIn, openRequest, PNG, post, startTown, textOf, type TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());
beforeEach(() => town.advance(11 * 60_000));

const requestOf = async (id: string) => town.ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
const DAY_MS = 86_400_000;

describe('G13: a citizen adds to their request from its page', () => {
  it('a message and pieces; whoever holds it is told', async () => {
    const id = await openRequest(town);
    await officeDoes(town, id, { action: 'request_correction', comment: 'Une photo ?' });
    const files = [new File([PNG], 'Photo été.png', { type: 'image/png' }), new File(['%PDF-1.7'], 'plan.pdf')];
    const answer = await actAsCitizen(town, id, 'citizen_reply', { comment: 'La voici.' }, files);
    const result = textOf((await landed(town, answer)).html);
    expect(result).toContain('Votre envoi est enregistré');
    expect(result).not.toContain('déjà');
    expect(await eventsOf(town, id)).toEqual(['receive', 'request_correction', 'citizen_reply']);
    expect((await requestOf(id)).status).toBe('new');
    const page = textOf((await get(town, await citizenLink(town, id))).html);
    expect(page).toContain('La voici.');
    expect(page).toContain('Photo été.png');
    expect(page).toContain('plan.pdf');
    const [told] = (await mailsOf(town, 'reply_received', 'accueil@plassans.fr')).slice(-1);
    expect(told?.requestId).toBe(id);
  });

  it('a piece alone is enough, nothing at all is not', async () => {
    const id = await openRequest(town);
    const empty = await actAsCitizen(town, id, 'citizen_reply', { comment: '  ' });
    expect(empty.status).toBe(422);
    expect(textOf(empty.html)).toContain('Écrivez un message, ou choisissez une pièce');
    const piece = await actAsCitizen(town, id, 'citizen_reply', {}, [new File([PNG], 'a.png', { type: 'image/png' })]);
    expect(piece.status).toBe(303);
    const long = await actAsCitizen(town, id, 'citizen_reply', { comment: 'x'.repeat(10_001) });
    expect(long.status).toBe(422);
    expect(await eventsOf(town, id)).toEqual(['receive', 'citizen_reply']);
  });

  it('pressed twice, it counts once and says so', async () => {
    const id = await openRequest(town);
    const path = await citizenLink(town, id, 'citizen_reply');
    const nonce = nonceIn((await get(town, path)).html);
    town.advance(2_000);
    const [one, other] = await Promise.all([1, 2].map(async () => send(town, path, { nonce, comment: 'Encore' })));
    expect([one?.status, other?.status]).toEqual([303, 303]);
    const again = await send(town, path, { nonce, comment: 'Encore' });
    expect(textOf((await landed(town, again)).html)).toContain('déjà fait');
    expect(await eventsOf(town, id)).toEqual(['receive', 'citizen_reply']);
  });
});

describe('a citizen withdraws', () => {
  it('with a box ticked; the desk and the citizen are told, and a second time it is done already', async () => {
    const id = await openRequest(town);
    const unticked = await actAsCitizen(town, id, 'withdraw', { comment: 'Réparé' });
    expect(unticked.status).toBe(422);
    expect(unticked.html).toContain('Réparé</textarea>');
    const path = await citizenLink(town, id, 'withdraw');
    const later = nonceIn((await get(town, path)).html);
    const answer = await actAsCitizen(town, id, 'withdraw', { confirm: 'yes', comment: 'Réparé' });
    expect(textOf((await landed(town, answer)).html)).toContain('Votre demande est retirée');
    const again = await send(town, path, { nonce: later, confirm: 'yes' });
    expect(again.status).toBe(200);
    expect(textOf(again.html)).toContain('Vous l&#39;aviez déjà fait'.replace('&#39;', "'"));
    expect(await eventsOf(town, id)).toEqual(['receive', 'withdraw']);
    expect((await mailsOf(town, 'withdrawn_citizen', 'zoe@example.org')).at(-1)?.requestId).toBe(id);
    expect((await mailsOf(town, 'withdrawn', 'accueil@plassans.fr')).at(-1)?.requestId).toBe(id);
    const page = textOf((await get(town, path)).html);
    expect(page).toContain("Ce n'est pas possible dans l'état actuel");
    expect(page).toContain('Vous avez retiré votre demande');
  });

  it('too late: what was decided meanwhile holds, and their words are given back', async () => {
    const id = await openRequest(town);
    const path = await citizenLink(town, id, 'withdraw');
    const nonce = nonceIn((await get(town, path)).html);
    await officeDoes(town, id, { action: 'accept' });
    passUndoWindow(town);
    const late = await send(town, path, { nonce, confirm: 'yes', comment: 'Mes mots' });
    expect(late.status).toBe(409);
    expect(textOf(late.html)).toContain('Terminée : acceptée');
    expect(textOf(late.html)).toContain('Mes mots');
    expect(await eventsOf(town, id)).toEqual(['receive', 'accept']);
  });
});

describe('G14, C19: a citizen who is not satisfied goes on', () => {
  it('within the window, with a reason, the request comes back to whoever closed it', async () => {
    const id = await openRequest(town);
    await officeDoes(town, id, { action: 'answer', comment: 'C’est réparé.' });
    passUndoWindow(town);
    const page = textOf((await get(town, await citizenLink(town, id))).html);
    expect(page).toContain("Ma demande n'est pas résolue");
    expect(page).toContain("La demande peut être rouverte jusqu'au");
    expect((await actAsCitizen(town, id, 'reopen', { comment: ' ' })).status).toBe(422);
    const answer = await actAsCitizen(town, id, 'reopen', { comment: 'Le trou est revenu.' });
    expect(textOf((await landed(town, answer)).html)).toContain('Votre demande est rouverte');
    expect(await requestOf(id)).toMatchObject({ status: 'new', reopenedCount: 1 });
    expect(textOf((await get(town, await citizenLink(town, id))).html)).toContain('Le trou est revenu.');
  });

  it('beyond the window, the page says how to write again and takes nothing', async () => {
    const id = await openRequest(town);
    const [reply, reopen] = [await citizenLink(town, id, 'citizen_reply'), await citizenLink(town, id, 'reopen')];
    await officeDoes(town, id, { action: 'accept' });
    passUndoWindow(town);
    const nonces = [nonceIn((await get(town, reply)).html), nonceIn((await get(town, reopen)).html)];
    expect(nonces).not.toContain('');
    town.advance((town.ground.config.schedule.reopenDays + 1) * DAY_MS);
    const page = textOf((await get(town, await citizenLink(town, id))).html);
    expect(page).toContain('Écrire de nouveau');
    expect(page).toContain('mairie@plassans.fr');
    expect(page).not.toContain("Ma demande n'est pas résolue");
    for (const path of [reply, reopen]) expect((await get(town, path)).html).not.toContain('name="nonce"');
    expect(await eventsOf(town, id)).toEqual(['receive', 'accept']);
  });

  it('beyond the window, a page left open changes nothing', async () => {
    const id = await openRequest(town);
    await officeDoes(town, id, { action: 'accept' });
    town.advance((await lastMoment(id)) - town.ground.clock.now().getTime() - 60_000);
    const forms = await Promise.all(
      (['citizen_reply', 'reopen'] as const).map(async (action) => {
        const path = await citizenLink(town, id, action);
        return { path, nonce: nonceIn((await get(town, path)).html) };
      }),
    );
    town.advance(2 * 60_000);
    for (const { path, nonce } of forms) {
      expect(nonce).not.toBe('');
      expect((await send(town, path, { nonce, comment: 'Trop tard' })).status).toBe(409);
    }
    expect(await eventsOf(town, id)).toEqual(['receive', 'accept']);
  });

  it('a decision not told yet cannot be reopened nor withdrawn; a word may cross it', async () => {
    const id = await openRequest(town);
    const forms = await Promise.all(
      (['withdraw', 'citizen_reply'] as const).map(async (action) => {
        const path = await citizenLink(town, id, action);
        return { path, nonce: nonceIn((await get(town, path)).html) };
      }),
    );
    town.advance(2_000);
    await officeDoes(town, id, { action: 'refuse', comment: 'MOTIF-CACHE' });
    expect((await get(town, await citizenLink(town, id, 'reopen'))).html).not.toContain('name="nonce"');
    const [withdraw, reply] = forms;
    const late = await send(town, withdraw?.path ?? '', { nonce: withdraw?.nonce ?? '', confirm: 'yes' });
    expect(late.status).toBe(409);
    expect(late.html).not.toMatch(/MOTIF-CACHE|refusée|Terminée/);
    expect((await send(town, reply?.path ?? '', { nonce: reply?.nonce ?? '', comment: 'Et ceci' })).status).toBe(303);
    expect(await eventsOf(town, id)).toEqual(['receive', 'refuse', 'citizen_reply']);
  });
});

describe('a new address', () => {
  it('is confirmed by its own link only; until then it opens nothing else, and the old one opens nothing afterwards', async () => {
    const id = await openRequest(town, { address: 'ancienne@example.org' });
    const old = await citizenLink(town, id);
    const dossier = await loadDossier(town.ground.store.db, id);
    if (dossier === null) throw new Error('no dossier');
    const state = stateOfDossier(town.ground, dossier);
    const was = editableFields(state, town.ground.config).find(({ field }) => field === 'citizenAddress')?.value ?? '';
    await officeDoes(town, id, {
      action: 'edit',
      fields: [{ field: 'citizenAddress', was, value: 'neuve@example.org' }],
    });
    const fresh = await citizenLink(town, id, 'confirm_address');
    const claims = await claimsOf(town, id, 'citizen', 'follow');
    const link = await town.ground.store.db.actionLink.findUniqueOrThrow({ where: { id: claims.jti } });
    expect(link.address).toBe('neuve@example.org');
    for (const act of ['follow', 'citizen_reply', 'withdraw', 'confirm_address']) {
      const { html } = await get(town, await citizenLink(town, id, act));
      expect(html).not.toMatch(/Un trou profond|nid-de-poule/);
      expect(html.includes('name="nonce"')).toBe(act === 'confirm_address');
    }
    const unticked = await actAsCitizen(town, id, 'confirm_address', {});
    expect(unticked.status).toBe(422);
    const done = await landed(town, await actAsCitizen(town, id, 'confirm_address', { confirm: 'yes' }));
    expect(textOf(done.html)).toContain('Votre adresse est confirmée');
    expect(await requestOf(id)).toMatchObject({ citizenAddress: 'neuve@example.org', pendingAddress: '' });
    expect((await get(town, old)).status).toBe(410);
    expect(textOf((await get(town, fresh)).html)).toContain('nid-de-poule');
    const changed = (await mailsOf(town, 'address_changed', 'ancienne@example.org')).at(-1);
    expect(changed?.requestId).toBe(id);
  });
});

describe('S6: a link whose address is no longer the request’s', () => {
  it('opens nothing, and a page left open decides nothing', async () => {
    const id = await openRequest(town);
    const path = await citizenLink(town, id, 'withdraw');
    const nonce = nonceIn((await get(town, path)).html);
    await town.ground.store.db.serviceRequest.update({ where: { id }, data: { citizenAddress: 'autre@example.org' } });
    town.advance(2_000);
    const sent = await send(town, path, { nonce, confirm: 'yes' });
    const shown = await get(town, path);
    expect([sent.status, shown.status]).toEqual([410, 410]);
    expect(shown.html).not.toContain('nid-de-poule');
    expect(await eventsOf(town, id)).toEqual(['receive']);
  });
});

describe('S2: a POST needs a human and a page of ours', () => {
  it('a form sent at once is asked again, with what was typed', async () => {
    const id = await openRequest(town);
    const path = await citizenLink(town, id, 'withdraw');
    const nonce = nonceIn((await get(town, path)).html);
    const hasty = await send(town, path, { nonce, confirm: 'yes', comment: 'Mon « motif »' });
    expect(hasty.status).toBe(200);
    expect(hasty.html).toContain('name="comment" value="Mon « motif »"');
    expect(await eventsOf(town, id)).toEqual(['receive']);
    town.advance(2_000);
    expect((await send(town, path, { nonce: nonceIn(hasty.html), confirm: 'yes' })).status).toBe(303);
  });

  it('pieces sent at once have to be chosen again, and the page says so', async () => {
    const id = await openRequest(town);
    const path = await citizenLink(town, id, 'citizen_reply');
    const nonce = nonceIn((await get(town, path)).html);
    const hasty = await send(town, path, { nonce }, [new File([PNG], 'a.png')]);
    expect(textOf(hasty.html)).toContain("n'ont pas été gardées : choisissez-les de nouveau");
    town.advance(2_000);
    const again = await send(town, path, { nonce: nonceIn(hasty.html) }, [new File([PNG], 'a.png')]);
    expect(again.status).toBe(303);
    expect(await eventsOf(town, id)).toEqual(['receive', 'citizen_reply']);
  });

  it('without a nonce, with another’s, with another action’s, from elsewhere: 403; a stale one keeps the words', async () => {
    const id = await openRequest(town);
    const path = await citizenLink(town, id, 'withdraw');
    const foreign = nonceIn((await get(town, await citizenLink(town, await openRequest(town), 'withdraw'))).html);
    const wrongAction = nonceIn((await get(town, await citizenLink(town, id, 'citizen_reply'))).html);
    const right = nonceIn((await get(town, path)).html);
    for (const nonce of ['', 'x', foreign, wrongAction, right.slice(0, -1)]) {
      expect((await post(town, path, { nonce, confirm: 'yes' })).status).toBe(403);
    }
    town.advance(2_000);
    const evil = { Origin: 'https://evil.example' };
    expect((await post(town, path, { nonce: right, confirm: 'yes' }, evil)).status).toBe(403);
    town.advance(2 * DAY_MS);
    const stale = await post(town, path, { nonce: right, confirm: 'yes', comment: 'Gardé' });
    expect([stale.status, stale.html.includes('Gardé</textarea>')]).toEqual([403, true]);
    expect(await eventsOf(town, id)).toEqual(['receive']);
  });

  it('S12: twenty posts in ten minutes on one link, then it waits', async () => {
    const id = await openRequest(town);
    const path = await citizenLink(town, id, 'withdraw');
    for (let i = 0; i < 20; i++) expect((await post(town, path, {})).status).toBe(403);
    expect((await post(town, path, {})).status).toBe(429);
  });
});

/** The last day of reopening counts whole. */
async function lastMoment(id: string): Promise<number> {
  const { timeZone } = town.ground.config.town;
  const { closedAt } = await town.ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
  const { day } = localParts(closedAt as Date, timeZone);
  return instantAt(addDays(day, town.ground.config.schedule.reopenDays + 1), '00:00', timeZone).getTime();
}

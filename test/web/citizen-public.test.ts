import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signLink } from '../../src/action-link.ts';
import { citizenLink, mailsOf, officeDoes, passUndoWindow } from './citizens.ts';
import { claimsOf, get, openRequest, post, startTown, textOf, type TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());
beforeEach(() => town.advance(11 * 60_000));

const referenceOf = async (id: string) =>
  (await town.ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } })).reference;

describe('the first page', () => {
  it('says what this is and leads on', async () => {
    const { status, html } = await get(town, '/');
    expect(status).toBe(200);
    expect(html).toContain('href="/suivi"');
    expect(html).toContain('href="/mes-demandes"');
    expect(html).not.toContain('Ce lien est personnel');
  });
});

describe('G10: tracking by the number and the address', () => {
  it('shows where it stands and who has it: no words, no name, no piece, no address', async () => {
    const id = await openRequest(town, { address: 'suivi@example.org', subject: 'OBJET-PRIVE' });
    await officeDoes(town, id, { action: 'transfer', department: 'voirie', comment: 'x' });
    const answer = await post(town, '/suivi', { reference: await referenceOf(id), address: ' Suivi@Example.org ' });
    expect(answer.status).toBe(200);
    const page = textOf(answer.html);
    expect(page).toContain('Transmise à Voirie pour traitement');
    expect(page).toContain(town.ground.config.town.departments[0]?.phone.replace(/\u00a0/g, ' '));
    expect(answer.html).not.toMatch(/OBJET-PRIVE|Zoé|Dupont|Un trou|\/f\/|\/d\//);
  });

  it('takes the number as people type it', async () => {
    const id = await openRequest(town, { address: 'suivi@example.org' });
    const reference = await referenceOf(id);
    const [year = '', number = ''] = reference.split('-');
    for (const typed of [
      `n° ${year}-${Number(number)}`,
      `${year} ${number}`,
      `Demande ${year}/${Number(number)} svp`,
    ]) {
      const { html } = await post(town, '/suivi', { reference: typed, address: 'suivi@example.org' });
      expect(textOf(html), typed).toContain(`Demande n° ${reference}`);
    }
  });

  it('never by the number alone: one answer for a wrong number, a wrong address and both', async () => {
    const id = await openRequest(town, { address: 'suivi@example.org' });
    await openRequest(town, { address: 'autre@example.org' });
    const reference = await referenceOf(id);
    const wrong = [
      { reference, address: 'autre@example.org' },
      { reference: '2026-999999', address: 'suivi@example.org' },
      { reference: '2019-000001', address: 'personne@example.org' },
    ];
    const answers = [];
    for (const fields of wrong) {
      const { status, html } = await post(town, '/suivi', fields);
      answers.push([status, html.replace(/value="[^"]*"/g, '')]);
    }
    expect(answers[0]?.[0]).toBe(200);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(textOf(String(answers[0]?.[1]))).toContain('Aucune demande ne porte ce numéro avec cette adresse');
    for (const fields of [{ reference }, { reference, address: '' }, { address: 'suivi@example.org' }]) {
      expect((await post(town, '/suivi', fields as Record<string, string>)).status).toBe(422);
    }
  });

  it('answers no sooner when there is nothing to find', async () => {
    const id = await openRequest(town, { address: 'suivi@example.org' });
    const reference = await referenceOf(id);
    const asked = ['/suivi', '/suivi/lien', '/mes-demandes'].flatMap((path) =>
      ['suivi@example.org', 'personne@example.org'].map((address) => ({ path, address })),
    );
    for (const { path, address } of asked) {
      const startedAt = performance.now();
      await post(town, path, { reference, address });
      // A timer may end a millisecond early.
      expect(performance.now() - startedAt, path).toBeGreaterThan(245);
    }
  });

  it('a request without an address answers to no empty one', async () => {
    const id = await openRequest(town, { address: 'suivi@example.org' });
    await town.ground.store.db.serviceRequest.update({ where: { id }, data: { citizenAddress: '' } });
    const reference = await referenceOf(id);
    for (const address of ['', '@', 'suivi@example.org']) {
      expect((await post(town, '/suivi', { reference, address })).html).not.toContain('Suivie par');
    }
  });

  it('a decision that can still be undone is not told there either', async () => {
    const id = await openRequest(town, { address: 'suivi@example.org' });
    const fields = { reference: await referenceOf(id), address: 'suivi@example.org' };
    const before = textOf((await post(town, '/suivi', fields)).html);
    await officeDoes(town, id, { action: 'refuse', comment: 'Non' });
    expect(textOf((await post(town, '/suivi', fields)).html)).toBe(before);
    passUndoWindow(town);
    expect(textOf((await post(town, '/suivi', fields)).html)).toContain('Terminée : refusée');
  });

  it('mails the link to that address, once in five minutes, and to nobody who guessed', async () => {
    const id = await openRequest(town, { address: 'lien@example.org' });
    const reference = await referenceOf(id);
    const right = await post(town, '/suivi/lien', { reference, address: 'lien@example.org' });
    await post(town, '/suivi/lien', { reference, address: 'lien@example.org' });
    const wrong = await post(town, '/suivi/lien', { reference, address: 'curieux@example.org' });
    expect([wrong.status, wrong.html]).toEqual([right.status, right.html]);
    expect(await mailsOf(town, 'follow_link', 'lien@example.org')).toHaveLength(1);
    expect(await mailsOf(town, 'follow_link', 'curieux@example.org')).toHaveLength(0);
    expect((await get(town, await citizenLink(town, id))).status).toBe(200);
    town.advance(6 * 60_000);
    await post(town, '/suivi/lien', { reference, address: 'lien@example.org' });
    expect(await mailsOf(town, 'follow_link', 'lien@example.org')).toHaveLength(2);
  });

  it('mails it five times a day at most, whoever asks', async () => {
    const id = await openRequest(town, { address: 'victime@example.org' });
    const fields = { reference: await referenceOf(id), address: 'victime@example.org' };
    const fresh = `${await citizenLink(town, id)}/fresh`;
    for (let i = 0; i < 4; i++) {
      for (const ask of [() => post(town, '/suivi/lien', fields), () => post(town, fresh, {})]) {
        town.advance(11 * 60_000);
        expect((await ask()).status).toBe(200);
      }
    }
    expect(await mailsOf(town, 'follow_link', 'victime@example.org')).toHaveLength(5);
  });

  it('ten tries in ten minutes, per address and per number', async () => {
    for (let i = 0; i < 10; i++) {
      expect((await post(town, '/suivi', { reference: `2026-1000${i}0`, address: 'x@example.org' })).status).toBe(200);
    }
    const eleventh = await post(town, '/suivi', { reference: '2026-200000', address: 'x@example.org' });
    expect([eleventh.status, Number(eleventh.headers.get('retry-after')) > 0]).toEqual([429, true]);
    const lonely = await startTown({ trustedProxies: 1 });
    for (let i = 0; i < 11; i++) {
      const from = { 'X-Forwarded-For': `192.0.2.${i}` };
      const { status } = await post(lonely, '/suivi', { reference: '2026-000001', address: 'x@example.org' }, from);
      expect(status).toBe(i < 10 ? 200 : 429);
    }
    await lonely.stop();
  });

  it('from another site: nothing', async () => {
    const evil = { Origin: 'https://evil.example' };
    for (const path of ['/suivi', '/suivi/lien', '/mes-demandes']) {
      expect((await post(town, path, { reference: '2026-1', address: 'a@b.fr' }, evil)).status).toBe(403);
    }
  });
});

describe('G04, G11: « mes demandes », by a link mailed to their own address', () => {
  const mine = async (mailId: string, requestId: string) => {
    const claims = await claimsOf(town, requestId, 'citizen', 'mine');
    return `/m/${signLink('mine', { ...claims, jti: mailId }, town.secrets)}`;
  };

  it('lists the requests of that address, with a way to each; the answer is the same for a stranger', async () => {
    const [first, second] = [
      await openRequest(town, { address: 'marie@example.org', subject: 'Ma première' }),
      await openRequest(town, { address: 'marie@example.org', subject: 'Ma seconde' }),
    ];
    await openRequest(town, { address: 'paul@example.org', subject: 'Celle de Paul' });
    const known = await post(town, '/mes-demandes', { address: 'Marie@example.org' });
    const unknown = await post(town, '/mes-demandes', { address: 'personne@example.org' });
    expect([unknown.status, unknown.html]).toEqual([known.status, known.html]);
    const mails = await mailsOf(town, 'my_requests', 'marie@example.org');
    expect(mails).toHaveLength(1);
    expect(await town.ground.store.db.outboundEmail.count({ where: { toAddress: 'personne@example.org' } })).toBe(0);
    await officeDoes(town, first, { action: 'answer', comment: 'Oui.' });
    passUndoWindow(town);
    const { html, status } = await get(town, await mine(mails[0]?.id ?? '', second));
    expect(status).toBe(200);
    const page = textOf(html);
    expect(page.indexOf('Ma seconde')).toBeGreaterThan(0);
    expect(page.indexOf('Ma première')).toBeGreaterThan(page.indexOf('Ma seconde'));
    expect(page).toContain('Terminée : répondue');
    expect(page).not.toContain('Paul');
    const [path = ''] = [...html.matchAll(/href="(\/d\/[^"]+)"/g)].map(([, found]) => found ?? '');
    expect(textOf((await get(town, path)).html)).toContain('Ma seconde');
  });

  it('once in five minutes, five times a day', async () => {
    await openRequest(town, { address: 'presse@example.org' });
    const count = async () => (await mailsOf(town, 'my_requests', 'presse@example.org')).length;
    const ask = () => post(town, '/mes-demandes', { address: 'presse@example.org' });
    await Promise.all([ask(), ask(), ask()]);
    expect(await count()).toBe(1);
    for (let i = 0; i < 7; i++) {
      town.advance(11 * 60_000);
      expect((await ask()).status).toBe(200);
    }
    expect(await count()).toBe(5);
    town.advance(86_400_000);
    await ask();
    expect(await count()).toBe(6);
  });

  it('an address with a character that no database takes is nobody’s', async () => {
    expect((await post(town, '/mes-demandes', { address: 'a\0b@example.org' })).status).toBe(200);
    expect((await post(town, '/suivi', { reference: '2026-000001', address: 'a\0b@example.org' })).status).toBe(200);
  });

  it('lists no request whose address is another one since, and dies with the last', async () => {
    const [kept, gone] = [
      await openRequest(town, { address: 'luc@example.org', subject: 'Gardée' }),
      await openRequest(town, { address: 'luc@example.org', subject: 'Partie' }),
    ];
    await post(town, '/mes-demandes', { address: 'luc@example.org' });
    const [mail] = await mailsOf(town, 'my_requests', 'luc@example.org');
    const path = await mine(mail?.id ?? '', kept);
    const moveAway = async (id: string) =>
      town.ground.store.db.serviceRequest.update({ where: { id }, data: { citizenAddress: 'autre@example.org' } });
    await moveAway(gone);
    expect(textOf((await get(town, path)).html)).not.toContain('Partie');
    await moveAway(kept);
    expect((await get(town, path)).status).toBe(410);
  });

  it('a mail of another kind opens no list; an expired list says how to have another', async () => {
    const id = await openRequest(town, { address: 'anne@example.org' });
    const [acknowledgement] = await mailsOf(town, 'acknowledgement', 'anne@example.org');
    expect((await get(town, await mine(acknowledgement?.id ?? '', id))).status).toBe(404);
    await post(town, '/mes-demandes', { address: 'anne@example.org' });
    const path = await mine((await mailsOf(town, 'my_requests', 'anne@example.org'))[0]?.id ?? '', id);
    town.advance((town.ground.config.schedule.citizenLinkDays + 1) * 86_400_000);
    const dead = await get(town, path);
    expect(dead.status).toBe(410);
    expect(dead.html).toContain('href="/mes-demandes"');
  });
});

describe('S8: an expired link of a citizen', () => {
  it('offers a fresh one, mailed only to the address on file, once in five minutes', async () => {
    const id = await openRequest(town, { address: 'vieux@example.org' });
    const path = await citizenLink(town, id);
    town.advance((town.ground.config.schedule.citizenLinkDays + 1) * 86_400_000);
    const dead = await get(town, path);
    expect(dead.status).toBe(410);
    expect(dead.html).not.toContain('nid-de-poule');
    const fresh = /action="([^"]+\/fresh)"/.exec(dead.html)?.[1] ?? '';
    const pages = await Promise.all(Array.from({ length: 10 }, async () => post(town, fresh, {})));
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await mailsOf(town, 'follow_link', 'vieux@example.org')).toHaveLength(1);
    expect((await get(town, await citizenLink(town, id))).status).toBe(200);
  });

  it('answers the same, and mails nothing, when it is unknown or the address is another one since', async () => {
    const id = await openRequest(town, { address: 'parti@example.org' });
    const claims = await claimsOf(town, id, 'citizen', 'follow');
    await town.ground.store.db.serviceRequest.update({ where: { id }, data: { citizenAddress: 'neuf@example.org' } });
    const lost = await post(town, `/d/${signLink('citizen', claims, town.secrets)}/fresh`, {});
    const nobodys = { ...claims, jti: 'aaaaaaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa' };
    const unknown = await post(town, `/d/${signLink('citizen', nobodys, town.secrets)}/fresh`, {});
    expect([lost.status, lost.html]).toEqual([unknown.status, unknown.html]);
    expect(await town.ground.store.db.outboundEmail.count({ where: { requestId: id, kind: 'follow_link' } })).toBe(0);
  });
});

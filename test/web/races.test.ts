import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, eventsOf, get, linkOf, openRequest, post, readForm } from './town.ts';
import { startTown, textOf, type TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());

describe('who comes second', () => {
  it('the same form twice shows the same result; the same action by the same person is already done', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'accept');
    const [nonce, another] = [await readForm(town, path), await readForm(town, path)];
    town.advance(2_000);
    const first = await post(town, path, { nonce, told: 'yes' });
    const again = await post(town, path, { nonce, told: 'yes' });
    expect([first.status, again.status]).toEqual([303, 303]);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    const third = await post(town, path, { nonce: another, told: 'yes' });
    expect(third.status).toBe(200);
    expect(textOf(third.html)).toContain('déjà fait');
    expect(await eventsOf(town, id)).toEqual(['receive', 'accept']);
  });

  it('another person reads who did what, and when', async () => {
    const id = await openRequest(town);
    await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment: 'Pour vous' });
    const refuse = await linkOf(town, id, 'department:voirie', 'refuse');
    const recall = await linkOf(town, id, 'desk', 'transfer');
    const nonce = await readForm(town, refuse);
    const deskNonce = await readForm(town, recall);
    town.advance(2_000);
    expect((await act(town, await linkOf(town, id, 'department:voirie', 'accept'), { told: 'yes' })).status).toBe(303);
    const late = await post(town, refuse, { nonce, told: 'yes', comment: 'Non' });
    expect(late.status).toBe(409);
    const desk = await post(town, recall, { nonce: deskNonce, department: 'urbanisme', comment: 'Plutôt vous' });
    expect(desk.status).toBe(409);
    expect(textOf(desk.html)).toContain('Reprendre le texte que vous aviez écrit Plutôt vous');
    expect(textOf(desk.html)).toContain('Voirie a accepté la demande, le');
    expect(await eventsOf(town, id)).toEqual(['receive', 'transfer', 'accept']);
  });

  it('a page left open while the request moved away is dead: 410 and nothing done', async () => {
    const id = await openRequest(town);
    await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment: 'Pour vous' });
    const path = await linkOf(town, id, 'department:voirie', 'accept');
    const nonce = await readForm(town, path);
    await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'urbanisme', comment: 'Non, vous' });
    const late = await post(town, path, { nonce, told: 'yes' });
    expect(late.status).toBe(410);
    expect(textOf(late.html)).toContain('Elle est maintenant en charge de : Urbanisme');
    expect(await eventsOf(town, id)).toEqual(['receive', 'transfer', 'transfer']);
  });

  it('a request that came back to a department is opened by its newer link only', async () => {
    const id = await openRequest(town);
    const desk = await linkOf(town, id, 'desk', 'transfer');
    await act(town, desk, { department: 'voirie', comment: 'Pour vous' });
    const old = await linkOf(town, id, 'department:voirie');
    await act(town, await linkOf(town, id, 'department:voirie', 'send_back'), { comment: 'Non' });
    await act(town, desk, { department: 'voirie', comment: 'Si' });
    expect((await get(town, await linkOf(town, id, 'department:voirie'))).status).toBe(200);
    const dead = await get(town, old);
    expect(dead.status).toBe(410);
    expect(dead.html).toContain('Recevoir un nouveau lien');
  });

  it('accept and refuse at the same instant: one of them, and the other reads why', async () => {
    const id = await openRequest(town);
    const accept = await linkOf(town, id, 'desk', 'accept');
    const refuse = await linkOf(town, id, 'desk', 'refuse');
    const forms = [];
    for (let i = 0; i < 9; i++) {
      forms.push({ path: accept, fields: { nonce: await readForm(town, accept), told: 'yes' } });
      forms.push({ path: refuse, fields: { nonce: await readForm(town, refuse), told: 'yes', comment: 'Non' } });
    }
    town.advance(2_000);
    const answers = await Promise.all(forms.map(({ path, fields }) => post(town, path, fields)));
    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect([count(303), count(200), count(409)]).toEqual([1, 8, 9]);
    expect(await eventsOf(town, id)).toHaveLength(2);
  });

  it('two hundred clicks at once on one link make one decision and no error', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'accept');
    const nonces = await Promise.all(Array.from({ length: 10 }, async () => readForm(town, path)));
    town.advance(2_000);
    const clicks = Array.from({ length: 200 }, (_, i) =>
      post(town, path, { nonce: nonces[i % 10] ?? '', told: 'yes' }),
    );
    const statuses = (await Promise.all(clicks)).map(({ status }) => status);
    expect(statuses.filter((status) => ![200, 303, 429].includes(status))).toEqual([]);
    expect(statuses.filter((status) => status !== 429)).toHaveLength(20);
    expect(await eventsOf(town, id)).toEqual(['receive', 'accept']);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signLink } from '../../src/action-link.ts';
import { readReference } from '../../src/domain/reference.ts';
import { holdOne, rowOf, TO_VOIRIE, type Held } from './held-mails.ts';
import { act, actAndFollow, get, openRequest, post, readForm, startTown, textOf, type TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());
// A new window for every limit.
beforeEach(() => town.advance(11 * 60_000));

async function referenceOf(id: string): Promise<string> {
  const request = await town.ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
  return request.reference;
}

describe('the page of a held mail', () => {
  it('says why it waits, from whom, what it says and what came with it; nothing is preselected', async () => {
    const suggestion = await openRequest(town, { subject: 'Un trou' });
    const held = await holdOne(town, { suggestion, text: 'Voir <b>https://evil.example/x</b>' });
    const { status, html } = await get(town, held.path);
    expect(status).toBe(200);
    const text = textOf(html);
    for (const words of [
      'En attente, car le message peut concerner plusieurs demandes.',
      'Zoé Dupont &lt;zoe@example.org&gt;',
      'photo du trou.jpg 240 ko',
      `Rattacher à la demande n° ${await referenceOf(suggestion)}`,
      'Proposition : Un trou',
      'Rattacher à une autre demande',
      'Ouvrir une nouvelle demande',
      'Ne pas y donner suite',
    ]) {
      expect(text).toContain(words);
    }
    expect(html).toContain('&lt;b&gt;https://evil.example/x&lt;/b&gt;');
    expect(html).not.toMatch(/href="https:\/\/evil| checked/);
  });

  it('copes with a mail that could not be read at all', async () => {
    const held = await holdOne(town, { content: null, subject: '', verdict: 'unreadable' });
    const { status, html } = await get(town, held.path);
    expect(status).toBe(200);
    expect(textOf(html)).toContain("Aucun texte n'a pu être lu dans ce message.");
    expect(textOf(html)).toContain('Rattacher à une demande, dont voici le numéro');
  });

  it('says of a mail of no bytes that it is empty, and offers nothing to download', async () => {
    const held = await holdOne(town, { raw: '', content: null, subject: '', verdict: 'unreadable' });
    const { html } = await get(town, held.path);
    expect(textOf(html)).toContain('Ce message est arrivé entièrement vide');
    expect(html).not.toContain('/raw"');
  });

  it('cuts a text that no page should carry', async () => {
    const held = await holdOne(town, { text: 'x'.repeat(500_000) });
    const { html } = await get(town, held.path);
    expect(html.length).toBeLessThan(60_000);
    expect(textOf(html)).toContain("la suite est dans le message d'origine");
  });

  it('gives the message as it came, to be saved, and not to be opened', async () => {
    const raw = 'Subject: =?x?=\r\n\r\n<script>alert(1)</script>\u00ff';
    const held = await holdOne(town, { raw });
    const response = await fetch(`${town.url}${held.path}/raw`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(raw));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'no-store',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="?message-\d{4}-\d\d-\d\d-[\da-f]{12}\.eml"?$/,
      ),
    });
  });

  it('lists the other mails that wait, oldest first, each with a link that works', async () => {
    const old = await holdOne(town, { subject: 'Le plus ancien', receivedAt: new Date('2020-01-02T10:00:00Z') });
    const less = await holdOne(town, { subject: 'Le suivant', receivedAt: new Date('2020-01-03T10:00:00Z') });
    const mine = await holdOne(town);
    const { html } = await get(town, mine.path);
    const links = [...html.matchAll(/class="choice" href="([^"]+)"/g)].map(([, href]) => href ?? '');
    const { count } = await countOthers(html);
    expect(links).toHaveLength(count);
    expect(html.indexOf('Le plus ancien')).toBeLessThan(html.indexOf('Le suivant'));
    const first = await get(town, links[0] ?? '');
    expect(first.status).toBe(200);
    expect(textOf(first.html)).toContain('Le plus ancien');
    await act(town, links[0] ?? '', { choice: 'ignore' });
    expect((await rowOf(town, old.id)).state).toBe('ignored');
    expect((await rowOf(town, less.id)).state).toBe('held');
  });
});

async function countOthers(html: string): Promise<{ count: number }> {
  return { count: Number(/Les autres messages en attente \((\d+)\)/.exec(html)?.[1] ?? 0) };
}

describe('a decision', () => {
  it('« attach » to what was suggested is left for the receiver to obey', async () => {
    const suggestion = await openRequest(town);
    const held = await holdOne(town, { suggestion });
    const reference = await referenceOf(suggestion);
    const result = await actAndFollow(town, held.path, { choice: reference, agent: 'Jeanne Martin' });
    expect(textOf(result.html)).toContain(`Le message est rattaché à la demande n° ${reference}`);
    expect(textOf(result.html)).toContain('par Jeanne Martin');
    expect(await rowOf(town, held.id)).toMatchObject({
      state: 'stored',
      attempts: 0,
      settledAt: null,
      ruling: { as: 'attach', requestId: suggestion },
      held: { ruled: { as: 'attach', reference, by: 'desk', name: 'Jeanne Martin' } },
    });
  });

  it('« attach » to another request goes by its number, however it is written', async () => {
    const other = await openRequest(town);
    const held = await holdOne(town, { suggestion: await openRequest(town) });
    const [year, number] = (await referenceOf(other)).split('-');
    await actAndFollow(town, held.path, { choice: 'other', reference: ` n° ${year}-${Number(number)} ` });
    expect((await rowOf(town, held.id)).ruling).toEqual({ as: 'attach', requestId: other });
  });

  it('« new » opens one, « ignore » closes the matter with its reason', async () => {
    const [first, second] = [await holdOne(town), await holdOne(town)];
    const opened = await actAndFollow(town, first.path, { choice: 'new' });
    expect(textOf(opened.html)).toContain('Une nouvelle demande est ouverte pour ce message');
    expect(await rowOf(town, first.id)).toMatchObject({ state: 'stored', ruling: { as: 'new' } });
    const ignored = await actAndFollow(town, second.path, { choice: 'ignore' });
    expect(textOf(ignored.html)).toContain("Aucune suite n'est donnée à ce message");
    const row = await rowOf(town, second.id);
    expect(row).toMatchObject({ state: 'ignored', ruling: null });
    expect(row.reasons).toEqual(['signed address: 2 requests', 'by desk']);
    expect(row.settledAt).not.toBeNull();
  });

  it.each([
    [{}, 'choix-erreur', 'Choisissez ce qui doit être fait'],
    [{ choice: 'mine' }, 'choix-erreur', 'Choisissez ce qui doit être fait'],
    [{ choice: 'other' }, 'numero-erreur', 'Indiquez le numéro'],
    [{ choice: 'other', reference: 'le <trou>' }, 'numero-erreur', "n'est pas complet"],
    [{ choice: 'other', reference: '2019-000001' }, 'numero-erreur', 'Aucune demande ne porte ce numéro'],
  ])('%j is refused: 422, the field linked to its error, what was typed kept', async (fields, errorId, words) => {
    const held = await holdOne(town);
    const answer = await act(town, held.path, fields);
    expect(answer.status).toBe(422);
    expect(answer.html).toMatch(new RegExp(`aria-describedby="[^"]*${errorId}`));
    expect(answer.html).toContain(`id="${errorId}"`);
    expect(textOf(answer.html)).toContain(words);
    if ('reference' in fields && fields.reference === 'le <trou>')
      expect(answer.html).toContain('value="le &lt;trou&gt;"');
    expect((await rowOf(town, held.id)).state).toBe('held');
  });

  it('sent at once asks once more, as a scanner would be asked', async () => {
    const held = await holdOne(town);
    const nonce = await readForm(town, held.path);
    const answer = await post(town, held.path, { nonce, choice: 'ignore' });
    expect(answer.status).toBe(200);
    expect(textOf(answer.html)).toContain('Votre décision Ne pas y donner suite');
    expect((await rowOf(town, held.id)).state).toBe('held');
  });

  it('without a form of ours, or with another mail’s, is refused', async () => {
    const [held, other] = [await holdOne(town), await holdOne(town)];
    const nonce = await readForm(town, other.path);
    town.advance(2_000);
    expect((await post(town, held.path, { choice: 'new' })).status).toBe(403);
    expect((await post(town, held.path, { nonce, choice: 'new' })).status).toBe(403);
    const own = await readForm(town, held.path);
    expect(
      (await post(town, held.path, { nonce: own, choice: 'new' }, { Origin: 'https://evil.example' })).status,
    ).toBe(403);
    expect((await rowOf(town, held.id)).state).toBe('held');
  });

  it('on a page left open for days keeps what was chosen and asks again', async () => {
    const held = await holdOne(town);
    const nonce = await readForm(town, held.path);
    town.advance(2 * 86_400_000);
    const answer = await post(town, held.path, { nonce, choice: 'ignore' });
    expect(answer.status).toBe(403);
    expect(answer.html).toContain('value="ignore" checked');
  });

  it('a second time shows what was decided; another one comes too late and changes nothing', async () => {
    const held = await holdOne(town);
    const nonce = await readForm(town, held.path);
    town.advance(2_000);
    expect((await post(town, held.path, { nonce, choice: 'new' })).status).toBe(303);
    const again = await post(town, held.path, { nonce, choice: 'new' });
    expect(again.status).toBe(200);
    expect(textOf(again.html)).toContain('déjà décidé');
    const late = await post(town, held.path, { nonce, choice: 'ignore' });
    expect(late.status).toBe(409);
    expect(textOf(late.html)).toContain('Une nouvelle demande est ouverte pour ce message');
    expect(await rowOf(town, held.id)).toMatchObject({ state: 'stored', ruling: { as: 'new' } });
    const shown = await get(town, held.path);
    expect(textOf(shown.html)).toContain('déjà décidé');
  });

  it('by twenty at once is one', async () => {
    const held = await holdOne(town);
    const nonces = await Promise.all(Array.from({ length: 10 }, () => readForm(town, held.path)));
    town.advance(2_000);
    const choices = nonces.map((nonce, i) => post(town, held.path, { nonce, choice: i % 2 === 0 ? 'new' : 'ignore' }));
    const answers = await Promise.all(choices);
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 200, 409]));
  });

  it('is not asked any more once the mail found its way otherwise', async () => {
    const held = await holdOne(town);
    const requestId = await openRequest(town);
    const { db } = town.ground.store;
    await db.inboundEmail.update({ where: { id: held.id }, data: { state: 'done', requestId } });
    const { status, html } = await get(town, held.path);
    expect(status).toBe(200);
    expect(textOf(html)).toContain('Ce message a été traité entre-temps');
    expect(textOf(html)).toContain(`Le message figure dans la demande n° ${await referenceOf(requestId)}`);
  });
});

async function toAgent(): Promise<Held> {
  const requestId = await openRequest(town);
  return holdOne(town, { kind: 'confirm_email', to: TO_VOIRIE, verdict: 'unauthenticated', requestId });
}

describe('an agent whose mail nothing vouches for', () => {
  it('is asked whether they wrote it, and nothing else', async () => {
    await holdOne(town, { subject: 'Mot-secret' });
    const held = await toAgent();
    const { status, html } = await get(town, held.path);
    expect(status).toBe(200);
    expect(textOf(html)).toContain('Oui, ce message est de moi');
    expect(html).not.toMatch(/value="(new|ignore|other)"| checked|Mot-secret|\/raw"/);
    expect((await get(town, `${held.path}/raw`)).status).toBe(404);
    expect((await act(town, held.path, { choice: 'ignore' })).status).toBe(422);
    expect((await rowOf(town, held.id)).state).toBe('held');
  });

  it('who says yes is believed, for that request', async () => {
    const held = await toAgent();
    const { html } = await actAndFollow(town, held.path, { choice: 'mine' });
    expect(textOf(html)).toContain('Le message est confirmé');
    const row = await rowOf(town, held.id);
    expect(row).toMatchObject({ state: 'stored', ruling: { as: 'mine', requestId: row.requestId } });
    expect(row.held).toMatchObject({ ruled: { as: 'mine', by: 'department:voirie' } });
  });

  it('who says no leaves it held, and the desk reads it', async () => {
    const held = await toAgent();
    const { html } = await actAndFollow(town, held.path, { choice: 'not_mine' });
    expect(textOf(html)).toContain("l'accueil sait que ce message n'est pas de vous");
    expect(await rowOf(town, held.id)).toMatchObject({ state: 'held', ruling: null });
    expect(textOf((await get(town, held.path)).html)).toContain('déjà décidé');
    const desk = await holdOne(town);
    const path = `/h/${signLink('held', { ...desk.claims, rid: held.id }, town.secrets)}`;
    expect(textOf((await get(town, path)).html)).toContain("dit ne pas l'avoir écrit");
  });
});

describe('who may', () => {
  it('a token of another surface, or damaged, costs no query', async () => {
    const held = await holdOne(town);
    const { store } = town.ground;
    let queries = 0;
    town.ground.store = {
      ...store,
      get db() {
        queries++;
        return store.db;
      },
    };
    const paths = [
      `/h/${signLink('action', held.claims, town.secrets)}`,
      `/h/${signLink('held', held.claims, ['another-key-of-a-decent-length-0123456789'])}`,
      held.path.slice(0, -1),
      held.path.replace('/h/', '/a/'),
    ];
    for (const path of paths) {
      expect((await get(town, path)).status).toBe(404);
      expect((await post(town, path, { choice: 'new' })).status).toBe(404);
      expect((await get(town, `${path}/raw`)).status).toBe(404);
    }
    expect(queries).toBe(0);
    town.ground.store = store;
  });

  it('a link dies with its person’s place in the config', async () => {
    const gone = await holdOne(town, {
      to: { role: 'desk', department: null, name: 'Paul', address: 'parti@plassans.fr' },
    });
    expect((await get(town, gone.path)).status).toBe(410);
    const held = await holdOne(town);
    const raised = `/h/${signLink('held', { ...held.claims, sub: 'supervisor' }, town.secrets)}`;
    expect((await get(town, raised)).status).toBe(410);
  });

  it('an expired link shows nothing, and mails a fresh one once, to the same address', async () => {
    const held = await holdOne(town, { text: 'Mot-secret' });
    const path = expired(held);
    const { status, html } = await get(town, path);
    expect(status).toBe(410);
    expect(html).not.toContain('Mot-secret');
    expect((await get(town, `${path}/raw`)).status).toBe(410);
    expect((await post(town, path, { choice: 'new' })).status).toBe(410);
    for (let i = 0; i < 2; i++) expect((await post(town, `${path}/fresh`, {})).status).toBe(200);
    const mails = await town.ground.store.db.outboundEmail.findMany({
      where: { kind: 'held_email', facts: { path: ['inboundId'], equals: held.id }, id: { not: held.notice } },
    });
    expect(mails.map(({ toAddress, state }) => [toAddress, state])).toEqual([['accueil@plassans.fr', 'queued']]);
    expect(mails[0]?.facts).toMatchObject({ excerpt: 'Mot-secret', reason: 'ambiguous' });
  });

  it('a GET changes nothing', async () => {
    const held = await holdOne(town);
    const before = await rowOf(town, held.id);
    for (let i = 0; i < 3; i++) await get(town, held.path);
    await fetch(town.url + held.path, { method: 'HEAD' });
    expect(await rowOf(town, held.id)).toEqual(before);
  });

  it('the headers are as strict as everywhere, and the log names no token and no words', async () => {
    const held = await holdOne(town, { text: 'Mot-secret' });
    const { headers } = await get(town, held.path);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    const log = JSON.stringify(town.logged);
    expect(log).toContain('"route":"/h/:token"');
    expect(log).not.toMatch(/eyJ|@|secret/);
  });
});

function expired({ claims }: Held): string {
  return `/h/${signLink('held', { ...claims, exp: claims.iat - 86_400 }, town.secrets)}`;
}

it.each([
  ['2026-000021', '2026-000021'],
  ['n° 2026-21', '2026-000021'],
  ['[n° 2026 - 000021]', '2026-000021'],
  ['2026/21', '2026-000021'],
  ['2026', null],
  ['2026-0000210', null],
  ['21', null],
])('%j is read as the number %j', (words, reference) => {
  expect(readReference(words)).toBe(reference);
});

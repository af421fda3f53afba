import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signLink } from '../../src/action-link.ts';
import { startWebServer } from '../../src/web/server.ts';
import { openBrowser } from '../support/browser.ts';
import { holdOne } from './held-mails.ts';
import { longRequest, requestAtVoirie } from './scenes.ts';
import { contentsOf } from './snapshot.ts';
import { act, actAndFollow, claimsOf, eventsOf, get, linkOf, nonceIn, openRequest, PNG, post } from './town.ts';
import { SECRET, startTown, textOf, type TestTown } from './town.ts';

let town: TestTown;
let browser: Browser | null;

beforeAll(async () => {
  town = await startTown();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await town.stop();
});
// A new window for every limit.
beforeEach(() => town.advance(11 * 60_000));

const VOIRIE = 'department:voirie';
const VISITS_EACH = 500;
const AT_ONCE = 25;

describe('S1: links that scanners follow', () => {
  it('five hundred visits to each kind of link change no row of any table, and the person still decides', {
    timeout: 300_000,
  }, async () => {
    const id = await longRequest(town);
    const file = await town.ground.store.db.attachment.findFirstOrThrow({ where: { message: { requestId: id } } });
    const view = await linkOf(town, id, VOIRIE);
    const accept = await linkOf(town, id, VOIRIE, 'accept');
    const kinds = {
      view,
      accept,
      file: `/f/${signLink('file', await claimsOf(town, id, VOIRIE, file.id), town.secrets)}`,
      held: (await holdOne(town)).path,
    };
    const others = [`${view}/dossier.pdf`, `${view}?ordre=ancien`, `${view}?modele=intervention`, `${view}?done=x`];
    const before = await contentsOf(town);
    for (const path of Object.values(kinds)) {
      expect((await get(town, path)).status).toBe(200);
      for (let visited = 0; visited < VISITS_EACH; visited += AT_ONCE) {
        if (visited % 250 === 0) town.advance(60_000);
        await Promise.all(Array.from({ length: AT_ONCE }, async (_, i) => visit(path, visited + i)));
      }
    }
    for (const path of others) for (let i = 0; i < AT_ONCE; i++) await visit(path, i);
    await visitWithScripts(Object.values(kinds).filter((path) => !path.startsWith('/f/')));
    expect(await contentsOf(town)).toEqual(before);
    await actAndFollow(town, accept, { told: 'yes' });
    expect((await eventsOf(town, id)).at(-1)).toBe('accept');
  });

  async function visit(path: string, i: number): Promise<void> {
    const prefetch = { 'Sec-Purpose': 'prefetch', Purpose: 'prefetch' };
    const method = i % 3 === 0 ? 'HEAD' : i % 50 === 1 ? 'OPTIONS' : 'GET';
    const response = await fetch(town.url + path, { method, headers: i % 2 === 0 ? prefetch : {} });
    await response.arrayBuffer();
  }

  async function visitWithScripts(paths: string[]): Promise<void> {
    for (const path of paths) {
      town.advance(60_000);
      const page = await browser?.newPage();
      for (let i = 0; i < 3; i++) await page?.goto(town.url + path, { waitUntil: 'networkidle' });
      await page?.close();
    }
  }
});

describe('S6: what a page left open is worth', () => {
  const moves: [string, (id: string) => Promise<unknown>, number][] = [
    [
      'transferred to another department',
      async (id) =>
        actAndFollow(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'urbanisme', comment: 'Vous' }),
      410,
    ],
    [
      'taken back by the desk',
      async (id) => actAndFollow(town, await linkOf(town, id, 'desk', 'recall'), { comment: 'Erreur' }),
      410,
    ],
    [
      'closed by the desk',
      async (id) => actAndFollow(town, await linkOf(town, id, 'desk', 'drop'), { comment: 'Réglé', told: 'no' }),
      410,
    ],
    [
      'closed by a colleague',
      async (id) => actAndFollow(town, await linkOf(town, id, VOIRIE, 'refuse'), { comment: 'Non', told: 'no' }),
      409,
    ],
  ];

  it.each(moves)('%s meanwhile: nothing is written', async (_what, move, status) => {
    const id = await requestAtVoirie(town);
    const path = await linkOf(town, id, VOIRIE, 'accept');
    const nonce = nonceIn((await get(town, path)).html);
    await move(id);
    const before = await contentsOf(town);
    const late = await post(town, path, { nonce, told: 'yes', comment: 'Mes mots' });
    expect(late.status).toBe(status);
    expect(textOf(late.html)).toContain('Mes mots');
    expect(await contentsOf(town)).toEqual(before);
  });
});

describe('S7: keys', () => {
  const NEW = 'Plassans-9876543210-zyxwvutsrq-ZYXWVUTSRQ';

  it('rotate under people’s hands: old links and open pages go on, new ones are signed by the new key', async () => {
    const id = await openRequest(town);
    const old = await linkOf(town, id, 'desk', 'accept');
    const nonce = nonceIn((await get(town, old)).html);
    town.advance(2_000);
    const rotated = await serve([NEW, SECRET]);
    expect((await get(rotated, old)).status).toBe(200);
    const page = await get(rotated, await linkOf(rotated, id, 'desk'));
    expect(page.status).toBe(200);
    expect((await post(rotated, old, { nonce, told: 'yes' })).status).toBe(303);
    expect(await eventsOf(town, id)).toEqual(['receive', 'accept']);
    await rotated.web.stop();
  });

  it('the day a key is taken away its links are dead, without a query', async () => {
    const id = await openRequest(town);
    const old = await linkOf(town, id, 'desk', 'accept');
    const after = await serve([NEW]);
    expect((await get(after, old)).status).toBe(404);
    expect(textOf((await get(after, old)).html)).toContain('Ce lien est incomplet');
    expect((await post(after, old, { nonce: 'x' })).status).toBe(404);
    expect((await get(after, await linkOf(after, id, 'desk', 'accept'))).status).toBe(200);
    await after.web.stop();
  });

  /** The same town on other keys. */
  async function serve(secrets: string[]): Promise<TestTown> {
    const { ground } = town;
    const options = { ground, secrets, publicUrl: town.url, port: 0, trustedProxies: 0 };
    const web = await startWebServer({ ...options, isHealthy: async () => true });
    return { ...town, secrets, web, url: `http://127.0.0.1:${web.port}` };
  }
});

describe('S13: a token opens its own request only', () => {
  it('whatever id of another one is put beside it, in its path, its query, its form or its claims', async () => {
    const [mine, other] = [await openRequest(town, { text: 'Le mien' }), await openRequest(town, theirs())];
    await actAndFollow(town, await linkOf(town, other, 'desk', 'note'), { comment: 'AUTRE-NOTE' });
    const { db } = town.ground.store;
    const where = { where: { requestId: other } };
    const ids = [
      other,
      ...(await db.message.findMany(where)).map(({ id }) => id),
      ...(await db.event.findMany(where)).map(({ id }) => id),
      ...(await db.outboundEmail.findMany(where)).map(({ id }) => id),
      ...(await db.actionLink.findMany(where)).map(({ id }) => id),
      ...(await db.attachment.findMany({ where: { message: { requestId: other } } })).map(({ id }) => id),
    ];
    const claims = await claimsOf(town, mine, 'desk');
    const view = await linkOf(town, mine, 'desk');
    const noteForm = await linkOf(town, mine, 'desk', 'note');
    for (const id of ids) {
      town.advance(60_000);
      const token = (surface: 'action' | 'file', changed: object) =>
        signLink(surface, { ...claims, ...changed }, town.secrets);
      const paths = [
        `${view}?done=${id}`,
        `${view}/letter.pdf?event=${id}`,
        `${view}/message/${id}`,
        `${view}/message/${id}/body`,
        `/f/${token('file', { act: id })}`,
        `/a/${token('action', { rid: id })}`,
        `/a/${token('action', { jti: id })}`,
        `/f/${token('file', { act: id, rid: other })}`,
      ];
      for (const path of paths) expect((await get(town, path)).html, path.slice(0, 3)).not.toMatch(/AUTRE|Autre-Nom/);
      const fields = { id, rid: id, requestId: id, messageId: id, original: id, department: id, comment: 'Le mien' };
      expect((await act(town, noteForm, fields)).status).toBe(303);
    }
    expect(await eventsOf(town, other)).toEqual(['receive', 'note']);
  });

  const theirs = () => ({
    subject: 'AUTRE objet',
    text: 'AUTRE texte',
    name: 'Autre-Nom',
    files: [{ fileName: 'AUTRE.png', contentType: 'image/png', content: PNG }],
  });

  it('nor as another person of the town hall', async () => {
    const id = await requestAtVoirie(town);
    const claims = await claimsOf(town, id, VOIRIE);
    for (const sub of ['desk', 'supervisor', 'department:urbanisme', 'citizen', 'system']) {
      const path = `/a/${signLink('action', { ...claims, sub }, town.secrets)}`;
      expect((await get(town, path)).status, sub).toBe(404);
    }
  });
});

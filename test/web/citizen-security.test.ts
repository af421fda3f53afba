import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signLink, type LinkClaims, type Surface } from '../../src/action-link.ts';
import { citizenFile, citizenLink, mailsOf, officeDoes, passUndoWindow, send } from './citizens.ts';
import { contentsOf } from './snapshot.ts';
import { claimsOf, eventsOf, get, nonceIn, openRequest, PNG, post, SECRET, startTown, type TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());
beforeEach(() => town.advance(11 * 60_000));

describe('S3: tokens that are not a citizen’s', () => {
  it('forged, or signed for another surface: refused without a query', async () => {
    const id = await openRequest(town);
    const claims = await claimsOf(town, id, 'citizen', 'follow');
    const { store } = town.ground;
    let queries = 0;
    town.ground.store = {
      ...store,
      get db() {
        queries++;
        return store.db;
      },
    };
    for (const place of ['d', 'm']) {
      for (const [name, forged] of Object.entries(forgeries(place === 'd' ? 'citizen' : 'mine', claims))) {
        const path = `/${place}/${encodeURIComponent(forged)}`;
        expect((await get(town, path)).status, name).toBe(404);
        expect((await post(town, path, { confirm: 'yes' })).status, name).toBe(404);
        expect((await post(town, `${path}/fresh`, {})).status, name).toBe(404);
        town.advance(7_000);
      }
    }
    for (const place of ['a', 'h']) {
      expect((await get(town, `/${place}/${signLink('citizen', claims, [SECRET])}`)).status).toBe(404);
    }
    expect(queries).toBe(0);
    town.ground.store = store;
  });

  it('an agent’s link row opens no citizen’s page, nor a citizen’s row an agent’s', async () => {
    const id = await openRequest(town);
    const desk = await claimsOf(town, id, 'desk', 'follow');
    const citizen = await claimsOf(town, id, 'citizen', 'view');
    const other = await claimsOf(town, await openRequest(town), 'citizen', 'follow');
    const open = async (surface: Surface & ('citizen' | 'action'), claims: LinkClaims) =>
      (await get(town, `/${surface === 'citizen' ? 'd' : 'a'}/${signLink(surface, claims, [SECRET])}`)).status;
    expect(await open('citizen', desk)).toBe(404);
    expect(await open('citizen', { ...desk, sub: 'citizen' })).toBe(404);
    expect(await open('citizen', { ...citizen, sub: 'desk' })).toBe(404);
    expect(await open('citizen', { ...citizen, rid: other.rid })).toBe(404);
    expect(await open('citizen', { ...citizen, jti: other.jti })).toBe(404);
    expect(await open('action', citizen)).not.toBe(200);
    expect(await open('citizen', { ...citizen, act: 'follow' })).toBe(200);
  });

  it.each(['accept', 'refuse', 'note', 'undo', 'transfer', 'third_party_message'])(
    'a citizen’s link made to say « %s » does nothing',
    async (act) => {
      const id = await openRequest(town);
      const path = await citizenLink(town, id, act);
      const shown = await get(town, path);
      expect([shown.status, nonceIn(shown.html)]).toEqual([200, '']);
      const claims = await claimsOf(town, id, 'citizen', act);
      const nonce = signLink('form', { ...claims, nonce: '01890000-0000-7000-8000-000000000001' }, [SECRET]);
      expect((await send(town, path, { nonce, confirm: 'yes', comment: 'x', department: 'voirie' })).status).toBe(409);
      expect(await eventsOf(town, id)).toEqual(['receive']);
    },
  );
});

function forgeries(surface: Surface, claims: LinkClaims): Record<string, string> {
  const token = signLink(surface, claims, [SECRET]);
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
  const full = { ...claims, iss: 'guichet', aud: surface };
  const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sign = (h: unknown, p: unknown, key = SECRET) => {
    const text = `${b64(h)}.${b64(p)}`;
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  };
  const others = (['action', 'file', 'form', 'held', 'citizen', 'mine'] as const).filter((each) => each !== surface);
  return {
    'alg none': `${b64({ ...header, alg: 'none' })}.${body}.`,
    'another key': sign(header, full, 'another-key-of-a-decent-length-0123456789'),
    'another typ': sign({ ...header, typ: 'guichet-action+jwt' }, full),
    'another aud': sign(header, { ...full, aud: 'action' }),
    'no rid': sign(header, { ...full, rid: undefined }),
    'jti that is no id': sign(header, { ...full, jti: '1 OR 1=1' }),
    'body of another': `${head}.${b64({ ...full, act: 'withdraw' })}.${signature}`,
    truncated: token.slice(0, -1),
    long: 'a'.repeat(5_000),
    ...Object.fromEntries(others.map((each) => [`a token of ${each}`, signLink(each, claims, [SECRET])])),
  };
}

describe('S1: GET and HEAD on citizens’ links', () => {
  it('five hundred visits change nothing', async () => {
    const id = await openRequest(town, { address: 'inerte@example.org' });
    await officeDoes(town, id, { action: 'request_correction', comment: 'Une photo ?' });
    await post(town, '/mes-demandes', { address: 'inerte@example.org' });
    const [list] = await mailsOf(town, 'my_requests', 'inerte@example.org');
    const mine = { ...(await claimsOf(town, id, 'citizen', 'mine')), jti: list?.id ?? '' };
    const expired = { ...(await claimsOf(town, id, 'citizen', 'follow')), exp: 1_700_000_000 };
    const paths = [
      ...(await Promise.all(
        ['follow', 'citizen_reply', 'withdraw', 'reopen', 'confirm_address'].map(async (act) =>
          citizenLink(town, id, act),
        ),
      )),
      `/m/${signLink('mine', mine, [SECRET])}`,
      `/d/${signLink('citizen', expired, [SECRET])}`,
      '/',
      '/suivi',
      '/mes-demandes',
    ];
    const before = await contentsOf(town);
    for (let round = 0; round < 25; round++) {
      for (const path of paths) {
        await get(town, path, { 'Sec-Purpose': 'prefetch' });
        await fetch(town.url + path, { method: 'HEAD' });
      }
      town.advance(61_000);
    }
    expect(await contentsOf(town)).toEqual(before);
  });
});

describe('S13: a token of one request', () => {
  const MARKS = 4;
  const ids: string[] = [];
  const files: string[] = [];

  beforeAll(async () => {
    for (let i = 0; i < MARKS; i++) {
      const content = Buffer.concat([PNG, Buffer.from(`${i}`)]);
      const sha256 = createHash('sha256').update(content).digest('hex');
      const file = { fileName: `FICHIER-${i}.png`, contentType: 'image/png', content };
      const address = `citoyen${i % 2}@example.org`;
      const id = await openRequest(town, {
        subject: `OBJET-${i}`,
        text: `TEXTE-${i}`,
        name: `NOM-${i}`,
        address,
        files: [file],
      });
      const note = [{ ...file, fileName: `NOTE-${i}.png`, sha256, inline: false }];
      await officeDoes(town, id, { action: 'note', comment: `INTERNE-${i}`, hasAttachments: true }, 'desk', note);
      await officeDoes(town, id, { action: 'message', comment: `MESSAGE-${i}` });
      await officeDoes(town, id, { action: 'refuse', comment: `MOTIF-${i}` });
      ids.push(id);
      const kept = await town.ground.store.db.attachment.findFirstOrThrow({
        where: { message: { requestId: id, kind: 'inbound' } },
      });
      files.push(kept.id);
    }
    passUndoWindow(town);
  });

  it('shows and changes nothing of another, whatever ids are put in its claims, its address or its form', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(MARKS - 1),
        fc.nat(MARKS - 1),
        fc.constantFrom('follow', 'citizen_reply', 'reopen', 'withdraw', 'confirm_address'),
        async (a, b, act) => {
          fc.pre(a !== b);
          town.advance(61_000);
          const mine = ids[a] ?? '';
          const theirs = ids[b] ?? '';
          const events = await eventsOf(town, theirs);
          const done = (await town.ground.store.db.event.findFirstOrThrow({ where: { requestId: theirs } })).id;
          const path = await citizenLink(town, mine, act);
          const shown = await get(town, `${path}?done=${done}&rid=${theirs}&again=1`);
          const own = await claimsOf(town, mine, 'citizen', act);
          const swapped = await get(town, `/d/${signLink('citizen', { ...own, rid: theirs }, [SECRET])}`);
          const file = await get(town, await citizenFile(town, mine, files[b] ?? ''));
          const nonce = nonceIn((await get(town, await citizenLink(town, theirs, act))).html);
          const sent = await send(town, path, { nonce, rid: theirs, comment: 'x', confirm: 'yes' });
          expect([swapped.status, file.status, sent.status]).toEqual([404, 404, act === 'follow' ? 404 : 403]);
          for (const { html } of [shown, swapped, file, sent]) {
            expect(html).not.toMatch(new RegExp(`(OBJET|TEXTE|NOM|FICHIER|NOTE|INTERNE|MESSAGE|MOTIF)-${b}`));
            expect(html).not.toMatch(/INTERNE|NOTE-/);
          }
          expect(await eventsOf(town, theirs)).toEqual(events);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('S11, S12: the pages of citizens', () => {
  it('carry strict headers, and the log neither token nor address', async () => {
    const id = await openRequest(town, { address: 'journal@example.org' });
    const { headers } = await get(town, await citizenLink(town, id));
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-robots-tag')).toBe('noindex,nofollow');
    expect(headers.get('etag')).toBeNull();
    await post(town, '/suivi', { reference: '2026-000001', address: 'journal@example.org' });
    await post(town, '/mes-demandes', { address: 'journal@example.org' });
    const log = JSON.stringify(town.logged);
    expect(log).toContain('"route":"/d/:token"');
    expect(log).not.toMatch(/eyJ|@|journal|Dupont/);
  });

  it('take no megabytes from whoever has no link', async () => {
    const body = new FormData();
    body.set('address', 'a@example.org');
    body.append('pieces', new File([Buffer.alloc(2_000_000)], 'x.bin'));
    const multipart = await fetch(`${town.url}/mes-demandes`, { method: 'POST', body });
    expect(multipart.status).toBe(422);
    expect((await post(town, '/suivi', { reference: 'x'.repeat(10_000), address: 'a@example.org' })).status).toBe(413);
  });

  it('what people write appears as they wrote it, and does nothing', async () => {
    const attack = `<script>window.__xss=1</script>"'><img src=x onerror=alert(1)>{{ 7 | times: 6 }}`;
    const file = { fileName: `${attack}.png`, contentType: 'image/png', content: PNG };
    const id = await openRequest(town, { subject: attack, name: attack, text: attack, files: [file] });
    await officeDoes(town, id, { action: 'message', comment: attack });
    await officeDoes(town, id, { action: 'request_correction', comment: attack, pieces: [attack] });
    const shown = await get(town, await citizenLink(town, id, 'citizen_reply'));
    const tracked = await post(town, '/suivi', { reference: `2026-1 ${attack}`, address: `${attack}@x.fr` });
    for (const { html } of [shown, tracked]) {
      expect(html).not.toMatch(/<script|<img src=x/);
      expect(html).toContain('&lt;script&gt;');
    }
    expect(shown.html).toContain('{{ 7 | times: 6 }}');
  });
});

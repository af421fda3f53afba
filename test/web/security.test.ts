import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signLink } from '../../src/action-link.ts';

import { startPostgres } from '../support/postgres-server.ts';
import {
  act,
  claimsOf,
  eventsOf,
  get,
  linkOf,
  openRequest,
  PNG,
  post,
  SECRET,
  startTown,
  type TestTown,
} from './town.ts';
import { everyRoute } from './routes.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());
// A new window for every limit.
beforeEach(() => town.advance(11 * 60_000));

describe('the headers', () => {
  it('are strict on every answer, errors included', async () => {
    for (const { method, path, body, status } of await everyRoute(town)) {
      town.advance(2_000);
      const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const init = body === undefined ? { method } : { method, body, headers: type };
      const { headers, status: answered } = await fetch(town.url + path, { ...init, redirect: 'manual' });
      const route = `${method} ${path.slice(0, 3)} ${status}`;
      expect(answered, route).toBe(status);
      expect(sentinels(headers), route).toEqual({
        'cache-control': 'no-store',
        'content-security-policy':
          (path.startsWith('/f/') || path.endsWith('.pdf')) && status === 200 ? "sandbox; default-src 'none'" : CSP,
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': '',
        'x-robots-tag': 'noindex,nofollow',
        'strict-transport-security': null,
        'x-powered-by': null,
        etag: null,
      });
    }
  });

  it('ask for HTTPS from then on, when the pages are on HTTPS', async () => {
    const secure = await startTown({ publicUrl: 'https://guichet.plassans.fr' });
    expect((await get(secure, '/')).headers.get('strict-transport-security')).toBe('max-age=31536000');
    await secure.stop();
  });
});

const CSP =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const SENTINELS = [
  'cache-control',
  'content-security-policy',
  'x-frame-options',
  'x-content-type-options',
  'referrer-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
  'x-robots-tag',
  'strict-transport-security',
  'x-powered-by',
  'etag',
];

function sentinels(headers: Headers): Record<string, string | null> {
  return Object.fromEntries(SENTINELS.map((name) => [name, headers.get(name)]));
}

describe('forged tokens', () => {
  it('are refused without a query', async () => {
    const id = await openRequest(town);
    const claims = await claimsOf(town, id, 'desk', 'accept');
    const token = signLink('action', claims, [SECRET]);
    const { store } = town.ground;
    let queries = 0;
    town.ground.store = {
      ...store,
      get db() {
        queries++;
        return store.db;
      },
    };
    for (const [name, forged] of Object.entries(forgeries(token, { ...claims }))) {
      const path = `/a/${encodeURIComponent(forged)}`;
      expect((await get(town, path)).status, name).toBe(404);
      expect((await post(town, path, { confirm: 'yes' })).status, name).toBe(404);
      town.advance(5_000);
    }
    expect(queries).toBe(0);
    town.ground.store = store;
    expect((await get(town, `/a/${token}`)).status).toBe(200);
  });

  it('are counted: after sixty in a minute the same address waits', async () => {
    for (let i = 0; i < 60; i++) expect((await get(town, '/a/damaged')).status).toBe(404);
    const answer = await get(town, '/a/damaged');
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const spoofed = await get(town, '/a/damaged', { 'X-Forwarded-For': '192.0.2.7' });
    expect(spoofed.status).toBe(429);
  });
});

function b64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function forgeries(token: string, claims: Record<string, unknown>): Record<string, string> {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
  const full = { ...claims, iss: 'guichet', aud: 'action' };
  const sign = (h: unknown, p: unknown, hash = 'sha256', key = SECRET) => {
    const text = `${b64(h)}.${b64(p)}`;
    return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`;
  };
  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(full).filter(([name]) => !names.includes(name)));
  return {
    'alg none': `${b64({ ...header, alg: 'none' })}.${body}.`,
    'alg None, with the signature': `${b64({ ...header, alg: 'None' })}.${body}.${signature}`,
    HS512: sign({ ...header, alg: 'HS512' }, full, 'sha512'),
    HS384: sign({ ...header, alg: 'HS384' }, full, 'sha384'),
    'RS256 over HMAC': sign({ ...header, alg: 'RS256' }, full),
    'another key': sign(header, full, 'sha256', 'another-key-of-a-decent-length-0123456789'),
    'an empty key': sign(header, full, 'sha256', ''),
    'unknown kid': sign({ ...header, kid: 'ffffffff' }, full),
    'kid as a path': sign({ ...header, kid: '../../dev/null' }, full),
    'no kid': sign({ alg: 'HS256', typ: header['typ'] }, full),
    'another typ': sign({ ...header, typ: 'JWT' }, full),
    crit: sign({ ...header, crit: ['exp'] }, full),
    'no jti': sign(header, without('jti')),
    'no exp': sign(header, without('exp')),
    'no rid': sign(header, without('rid')),
    'no sub': sign(header, without('sub')),
    'no act': sign(header, without('act')),
    'no aud': sign(header, without('aud')),
    'another aud': sign(header, { ...full, aud: 'file' }),
    'another iss': sign(header, { ...full, iss: 'evil' }),
    'exp as text': sign(header, { ...full, exp: '9999999999' }),
    'jti that is no id': sign(header, { ...full, jti: "' OR 1=1 --" }),
    'four parts': `${token}.x`,
    truncated: token.slice(0, -1),
    'upper case': token.toUpperCase(),
    'body of another': `${head}.${b64({ ...full, act: 'refuse' })}.${signature}`,
    'a file token': signLink('file', { ...full, act: 'view' } as never, [SECRET]),
    empty: ' ',
    long: 'a'.repeat(5_000),
  };
}

describe('one token, many spellings', () => {
  it.each(['.', ')', '>', ',', ';', '%20', ').'])(
    'a link that a mail program ended with « %s » works',
    async (tail) => {
      const path = await linkOf(town, await openRequest(town), 'desk');
      expect((await get(town, path + tail)).status).toBe(200);
    },
  );
});

describe('what citizens and agents write', () => {
  it('appears as they wrote it, and does nothing', async () => {
    const attack = `<script>window.__xss=1</script>"'><img src=x onerror=alert(1)>{{ 7 | times: 6 }}{% raw %}`;
    const file = { fileName: `${attack}.png`, contentType: 'image/png', content: PNG };
    const written = {
      subject: attack,
      name: attack,
      text: `${attack} https://evil.example/`,
      elided: attack,
      files: [file],
    };
    const id = await openRequest(town, written);
    const desk = await linkOf(town, id, 'desk', 'note');
    const wrong = await act(town, await linkOf(town, id, 'desk', 'transfer'), { comment: attack, agent: attack });
    await act(town, desk, { comment: attack, agent: attack });
    const result = await act(town, await linkOf(town, id, 'desk', 'refuse'), {
      told: 'no',
      comment: attack,
      agent: attack,
    });
    const done = await get(town, result.headers.get('location') ?? '');
    for (const { html } of [await get(town, desk), wrong, done]) {
      expect(html).not.toMatch(/<script|<img src=x|onerror=alert\(1\)>(?!.*&gt;)|href="https:\/\/evil/);
      expect(html).toContain('&lt;script&gt;window.__xss=1&lt;/script&gt;');
      expect(html).toContain('{{ 7 | times: 6 }}');
    }
  });
});

describe('what is printed', () => {
  it('keeps the processor for a second: a link has its fill of it after twenty in ten minutes', async () => {
    const path = await linkOf(town, await openRequest(town), 'desk');
    for (let i = 0; i < 20; i++) expect((await get(town, `${path}/dossier.pdf`)).status).toBe(200);
    const more = await get(town, `${path}/letter.pdf`);
    expect(more.status).toBe(429);
    expect(Number(more.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await get(town, path)).status).toBe(200);
    town.advance(11 * 60_000);
    expect((await get(town, `${path}/dossier.pdf`)).status).toBe(200);
  });
});

describe('the log', () => {
  it('names routes and links, never a token, a name, an address or a word of anybody', async () => {
    const id = await openRequest(town, { text: 'Mot-secret' });
    await act(town, await linkOf(town, id, 'desk', 'refuse'), { told: 'no', comment: 'Motif-secret', agent: 'Jeanne' });
    await fetch(`${town.url}/a/%E0%A4%A`);
    const log = JSON.stringify(town.logged);
    expect(log).toContain('"route":"/a/:token"');
    expect(log).not.toMatch(/eyJ|@|secret|Jeanne|Dupont|nonce/);
  });
});

describe('when the database is down', () => {
  it('says so calmly, promises nothing, and works again afterwards', async () => {
    const postgres = await startPostgres({ durable: false });
    const lonely = await startTown({ databaseUrl: postgres.url('postgres') });
    const id = await openRequest(lonely);
    const path = await linkOf(lonely, id, 'desk', 'accept');
    const { html } = await get(lonely, path);
    const nonce = /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? '';
    lonely.advance(2_000);
    await postgres.stop();
    const [shown, sent] = [await get(lonely, path), await post(lonely, path, { nonce, told: 'yes' })];
    expect([shown.status, sent.status]).toEqual([503, 503]);
    expect(sent.headers.get('retry-after')).toBe('30');
    expect(sent.html).toContain('Rien n&#39;a été enregistré');
    await postgres.restart();
    expect((await post(lonely, path, { nonce, told: 'yes' })).status).toBe(303);
    expect(await eventsOf(lonely, id)).toEqual(['receive', 'accept']);
    await lonely.stop();
    await postgres.stop();
    await postgres.removeFiles();
  });
});

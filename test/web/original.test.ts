import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signLink } from '../../src/action-link.ts';
import { openOriginal } from '../../src/intake/open-original.ts';
import { readOriginal } from '../../src/intake/original.ts';
import { Parser } from '../../src/intake/parser.ts';
import { newId } from '../../src/store/ids.ts';
import { startWebServer, type WebServer } from '../../src/web/server.ts';
import { HOSTILE, htmlMail } from '../intake/hostile-html.ts';
import { accessibilityViolations, openBrowser, picture } from '../support/browser.ts';
import { act, claimsOf, get, linkOf, openRequest, startTown, textOf, type TestTown } from './town.ts';

/** « Voir le message d'origine », in a real browser. RELIABILITY S13, M17. */

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };
const FRENCH = 'test/fixtures/emails/french';
const OUTLOOK = readFileSync(`${FRENCH}/reply-outlook-desktop-logo-in-signature-and-pdf.eml`);
const PLAIN = readFileSync(`${FRENCH}/new-plain-text.eml`);

let browser: Browser | null;
let town: TestTown;
let web: WebServer;
const parser = new Parser();

beforeAll(async () => {
  browser = await openBrowser();
  const started = await startTown();
  web = await startWebServer({ ...options(started), readOriginal: (raw) => readOriginal(raw, parser) });
  town = { ...started, url: `http://127.0.0.1:${web.port}` };
});
beforeEach(() => town.advance(11 * 60_000));
afterAll(async () => {
  await browser?.close();
  await web.stop();
  await parser.stop();
  await town.stop();
});

function options({ ground, secrets, url }: TestTown) {
  return { ground, secrets, publicUrl: url, port: 0, trustedProxies: 0, isHealthy: async () => true };
}

/** A request whose first message came by this mail. */
async function received(raw: Buffer): Promise<{ id: string; messageId: string; inboundId: string }> {
  const { db } = town.ground.store;
  const id = await openRequest(town);
  const sent = Buffer.concat([Buffer.from(`X-Test: ${newId()}\r\n`), raw]);
  const inbound = await db.inboundEmail.create({
    data: {
      id: newId(),
      mailbox: 'mairie@plassans.fr',
      rawSha256: createHash('sha256').update(sent).digest('hex'),
      raw: new Uint8Array(sent),
      size: sent.length,
      receivedAt: town.ground.clock.now(),
      state: 'done',
      requestId: id,
    },
  });
  const message = await db.message.findFirstOrThrow({ where: { requestId: id } });
  await db.message.update({ where: { id: message.id }, data: { inboundEmailId: inbound.id } });
  return { id, messageId: message.id, inboundId: inbound.id };
}

async function pathOf(raw: Buffer): Promise<string> {
  const { id, messageId } = await received(raw);
  return `${await linkOf(town, id, 'desk')}/message/${messageId}`;
}

describe('the page of an original mail', () => {
  it('shows who wrote to whom, what it brings, and its own layout in a frame apart', async () => {
    const path = await pathOf(OUTLOOK);
    const { status, html, headers } = await get(town, path);
    expect(status).toBe(200);
    expect(textOf(html)).toMatch(/De .+@.+ À .*mairie/);
    expect(html).toContain('.pdf');
    expect(html).toMatch(/<iframe [^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"/);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*; frame-src 'self'$/);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|data:/);
    const body = await get(town, `${path}/body`);
    expect(body.status).toBe(200);
    expect(body.html).toContain('src="data:image/png;base64,');
    expect(body.headers.get('content-security-policy')).toBe(
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; " +
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    );
    for (const [name, value] of Object.entries({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })) {
      expect(body.headers.get(name)).toBe(value);
    }
  });

  it('shows the words of a mail that has nothing else, without a frame', async () => {
    const path = await pathOf(PLAIN);
    const { html } = await get(town, path);
    expect(html).not.toContain('<iframe');
    expect(html).toContain('class="words"');
    expect((await get(town, `${path}/body`)).status).toBe(404);
  });

  it('says how many pictures of elsewhere were not loaded', async () => {
    const one = '<img src="https://e.example/1.png" alt="a">';
    expect(textOf((await get(town, await pathOf(htmlMail(one)))).html)).toContain(
      "1 image distante n'a pas été chargée",
    );
    const three = (await get(town, await pathOf(htmlMail(one.repeat(3))))).html;
    expect(textOf(three)).toContain("3 images distantes n'ont pas été chargées");
    expect(textOf((await get(town, await pathOf(OUTLOOK))).html)).not.toContain('distante');
  });

  it('escapes what stands in fields and names of files', async () => {
    const evil = '<script>top.__xss=1</script>';
    const raw = `From: "${evil}" <a@example.org>\r\nTo: "${evil}" <b@x.fr>\r\nSubject: ${evil}{{ secrets }}\r\n\r\n${evil}`;
    const { html } = await get(town, await pathOf(Buffer.from(raw)));
    expect(html).not.toContain('<script');
    expect(html).toContain('{{ secrets }}');
  });
});

describe('the links and the reply address of somebody else, quoted in a mail', () => {
  it('are in none of its two pages: whoever only reads it could act with them (S9)', async () => {
    const theirs = `https://guichet.plassans.fr${await linkOf(town, await openRequest(town), 'desk', 'refuse')}`;
    const key = 'mairie+2026-000001.k3fabcdefghijklm@plassans.fr';
    const wrapped = `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(theirs)}&data=05`;
    const html =
      `<p>Vu.</p><blockquote><a href="${theirs}">Refuser</a> <a href="${wrapped}">Ouvrir</a> ${theirs}<br>` +
      `<a href="mailto:${key}">${key}</a> <a href="https://www.service-public.fr/x">ailleurs</a></blockquote>`;
    const headers = `From: Accueil <accueil@plassans.fr>\r\nTo: Mairie <${key}>\r\nSubject: Re: vu\r\nMIME-Version: 1.0\r\n`;
    const raws = [
      `${headers}Content-Type: text/html; charset=utf-8\r\n\r\n${html}`,
      `${headers}Content-Type: text/plain; charset=utf-8\r\n\r\nVu.\r\n\r\n> ${theirs}\r\n> ${key}\r\n`,
    ];
    for (const raw of raws) {
      const path = await pathOf(Buffer.from(raw));
      const [page, body] = [await get(town, path), await get(town, `${path}/body`)];
      for (const shown of [page, body]) {
        expect(shown.html).not.toContain('k3fabcdefghijklm');
        expect(shown.html).not.toContain(theirs.slice(-43));
      }
      expect(`${page.html}${body.html}`).toContain('Vu.');
    }
    const { html: clean } = await get(town, `${await pathOf(Buffer.from(raws[0] ?? ''))}/body`);
    expect(clean).toContain('href="https://www.service-public.fr/x"');
    expect(clean).toContain('<a');
    expect(clean).not.toContain('[…]"');
  });
});

describe('whoever may not open it', () => {
  it('finds nothing of another request by its own link (S13)', async () => {
    const mine = await received(PLAIN);
    const other = await received(PLAIN);
    const link = await linkOf(town, mine.id, 'desk');
    for (const id of [other.messageId, other.inboundId, mine.inboundId, newId(), 'x', "'; --", '__proto__']) {
      const answer = await get(town, `${link}/message/${encodeURIComponent(id)}`);
      expect([answer.status, textOf(answer.html)]).toEqual([404, expect.stringContaining("n'est pas disponible")]);
      expect((await get(town, `${link}/message/${encodeURIComponent(id)}/body`)).status).toBe(404);
    }
  });

  it('is a damaged, an expired, a revoked token', async () => {
    const { id, messageId } = await received(OUTLOOK);
    const claims = await claimsOf(town, id, 'desk');
    const tail = `/message/${messageId}/body`;
    const expired = signLink('action', { ...claims, exp: claims.iat - 86_400 }, town.secrets);
    const file = signLink('file', claims, town.secrets);
    const answers = [
      [`/a/x${tail}`, 404],
      [`/a/${expired}${tail}`, 410],
      [`/a/${file}${tail}`, 404],
      [`/a/${signLink('action', claims, ['another-key-of-a-decent-length-0123456789'])}${tail}`, 404],
      [`/a/${signLink('action', { ...claims, sub: 'supervisor' }, town.secrets)}${tail}`, 404],
    ] as const;
    for (const [path, status] of answers) expect((await get(town, path)).status, path.slice(0, 20)).toBe(status);
    const good = `/a/${signLink('action', claims, town.secrets)}${tail}`;
    expect((await get(town, good)).status).toBe(200);
    await town.ground.store.db.actionLink.update({ where: { id: claims.jti }, data: { revokedAt: new Date() } });
    expect((await get(town, good)).status).toBe(410);
  });

  it('is a department that lost the request', async () => {
    const { id, messageId } = await received(OUTLOOK);
    const desk = await linkOf(town, id, 'desk', 'transfer');
    await act(town, desk, { department: 'voirie', comment: 'Pour vous' });
    const path = `${await linkOf(town, id, 'department:voirie')}/message/${messageId}/body`;
    expect((await get(town, path)).status).toBe(200);
    await act(town, desk, { department: 'urbanisme', comment: 'Non' });
    expect((await get(town, path)).status).toBe(410);
  });
});

describe('a message whose mail is not there', () => {
  it('did not come by mail', async () => {
    const id = await openRequest(town);
    const message = await town.ground.store.db.message.findFirstOrThrow({ where: { requestId: id } });
    expect((await get(town, `${await linkOf(town, id, 'desk')}/message/${message.id}`)).status).toBe(404);
  });

  it('is gone, or cannot be read: a calm page says so', async () => {
    const { id, messageId, inboundId } = await received(OUTLOOK);
    const path = `${await linkOf(town, id, 'desk')}/message/${messageId}`;
    const parts = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(2_000);
    const raw = Buffer.from(`From: a@x.fr\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`);
    const change = (bytes: Buffer) =>
      town.ground.store.db.inboundEmail.update({ where: { id: inboundId }, data: { raw: new Uint8Array(bytes) } });
    await change(raw);
    const unreadable = await get(town, path);
    expect([unreadable.status, textOf(unreadable.html)]).toEqual([404, expect.stringContaining('abîmé')]);
    await change(Buffer.alloc(0));
    const gone = await get(town, path);
    expect([gone.status, textOf(gone.html)]).toEqual([404, expect.stringContaining("n'est pas disponible")]);
  });
});

const NEWSLETTER = htmlMail(
  readFileSync('test/web/newsletter.html', 'utf8'),
  'Cc: communication@plassans.fr\r\nDate: Fri, 20 Nov 2026 08:12:00 +0100\r\n',
);

describe.each(Object.entries(SIZES))('on a %s', (size, viewport) => {
  it.each([
    ['outlook', OUTLOOK],
    ['newsletter', NEWSLETTER],
    ['plain-text', PLAIN],
    ['answers-in-red', readFileSync(`${FRENCH}/reply-outlook-desktop-answers-in-red-inside-the-quote.eml`)],
    ['table-of-excel', readFileSync(`${FRENCH}/new-table-pasted-from-excel.eml`)],
  ])('%s: axe finds nothing, nothing overflows, nothing is fetched from elsewhere', async (name, raw) => {
    if (browser === null) return;
    const page = await browser.newPage({ viewport });
    const seen = watch(page);
    const path = await pathOf(raw);
    await page.goto(town.url + path);
    if (name !== 'plain-text') await paintFrame(page);
    await picture(page, `original-${name}-${size}`);
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await overflows(page)).toBe(false);
    if (name !== 'plain-text') {
      await page.goto(`${town.url}${path}/body`);
      await picture(page, `original-${name}-alone-${size}`);
      expect(await page.locator('body').innerText()).toMatch(/\S/);
    }
    expect(seen).toEqual({ outside: [], dialogs: [] });
    await page.close();
  });
});

/** A frame out of sight is not painted. */
async function paintFrame(page: Page): Promise<void> {
  await page.locator('iframe').scrollIntoViewIfNeeded();
  // Asked of the page: in the frame no callback ever runs.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}

function watch(page: Page) {
  const seen = { outside: [] as string[], dialogs: [] as string[] };
  page.on('request', (request) => {
    if (!request.url().startsWith(town.url) && !request.url().startsWith('data:')) seen.outside.push(request.url());
  });
  page.on('dialog', (dialog) => {
    seen.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  return seen;
}

async function overflows(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

describe('a hostile mail in a browser', () => {
  it('runs nothing, fetches nothing, leaves its frame by no way', async () => {
    if (browser === null) return;
    const page = await browser.newPage();
    const seen = watch(page);
    const path = await pathOf(htmlMail(`<p>Bonjour</p>${Object.values(HOSTILE).join('\n')}`));
    for (const tail of ['', '/body']) {
      await page.goto(`${town.url}${path}${tail}`);
      expect(await page.frames().at(-1)?.locator('p').first().innerText()).toBe('Bonjour');
      expect(await page.evaluate('globalThis.__xss')).toBeUndefined();
      expect(page.url()).toBe(`${town.url}${path}${tail}`);
    }
    expect(seen).toEqual({ outside: [], dialogs: [] });
    await page.close();
  });

  it('is harmless by the sanitizer alone, without a frame or a policy around it', async () => {
    if (browser === null) return;
    const page = await browser.newPage();
    const seen = watch(page);
    const tries = Object.values(HOSTILE).map((html) => openOriginal(htmlMail(`<p>Bonjour</p>${html}`)));
    const clean = (await Promise.all(tries)).map((mail) => mail.html ?? '');
    await page.goto(`${town.url}/robots.txt`);
    await page.setContent(clean.join('\n'));
    expect(await page.evaluate('globalThis.__xss')).toBeUndefined();
    expect(await page.getByText('Bonjour', { exact: true }).count()).toBe(clean.length);
    expect(seen).toEqual({ outside: [], dialogs: [] });
    await page.close();
  });

  it('is held by the frame alone, were the sanitizer to let it through', async () => {
    if (browser === null) return;
    let html = '';
    const nothing = { from: '', to: '', cc: '', date: null, subject: '', text: '', files: [], blockedImages: 0 };
    const unguarded = await startWebServer({ ...options(town), readOriginal: async () => ({ ...nothing, html }) });
    const page = await browser.newPage();
    const path = await pathOf(PLAIN);
    const asked: string[] = [];
    await page.route('https://**', (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    for (const [name, hostile] of Object.entries(HOSTILE)) {
      html = `<p>Bonjour</p>${hostile}`;
      town.advance(11 * 60_000);
      await page.goto(`http://127.0.0.1:${unguarded.port}${path}`);
      expect(await page.evaluate('globalThis.__xss'), name).toBeUndefined();
      expect(page.url(), name).toContain(path);
      expect(await page.frames()[1]?.locator('p').first().innerText(), name).toBe('Bonjour');
    }
    expect(asked).toEqual([]);
    await page.close();
    await unguarded.stop();
  });

  it('opens its links in a tab of their own, which cannot reach back', async () => {
    if (browser === null) return;
    const page = await browser.newPage();
    await page.goto(town.url + (await pathOf(htmlMail(`<a href="${town.url}/robots.txt">Votre dossier</a>`))));
    const link = page.frameLocator('iframe').locator('a');
    const after = `getComputedStyle(document.querySelector('a'), '::after').content`;
    expect(await page.frames()[1]?.evaluate(after)).toContain(new URL(town.url).host);
    const [opened] = await Promise.all([page.waitForEvent('popup'), link.click()]);
    await opened.waitForLoadState();
    expect(await opened.evaluate('window.opener')).toBeNull();
    expect(await opened.evaluate('document.referrer')).toBe('');
    await opened.close();
    await page.close();
  });
});

it('works without JavaScript, and prints the words', async () => {
  if (browser === null) return;
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(town.url + (await pathOf(OUTLOOK)));
  expect(await page.frameLocator('iframe').locator('body').innerText()).toMatch(/\S/);
  expect(await page.locator('.original .words').isVisible()).toBe(false);
  await page.emulateMedia({ media: 'print' });
  await picture(page, 'original-print');
  expect(await page.locator('iframe').isVisible()).toBe(false);
  expect(await page.locator('.original .words').isVisible()).toBe(true);
  await context.close();
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createDemoClock } from '../../src/demo/clock.ts';
import { type PostOffice, startPostOffice } from '../../src/demo/post-office.ts';
import { type DemoTown, startDemoTown } from '../../src/demo/town.ts';
import { SAMPLE_CASES } from '../../src/outbound/sample-cases.ts';
import { PLAUSIBLE } from '../../src/outbound/sample-views.ts';
import { accessibilityViolations, openBrowser, picture } from '../support/browser.ts';

/** The post office by hand, as a visitor walks through it: first without scripts, then in a browser. */

let town: DemoTown;
let office: PostOffice;
let browser: Browser | null;

beforeAll(async () => {
  const config = loadConfig('config', {});
  if (!config.ok) throw new Error('the sample config is wrong');
  const clock = createDemoClock();
  // A Wednesday: what is written now is late before the second Monday.
  clock.moveTo(new Date('2030-04-03T08:00:00Z'));
  town = await startDemoTown(config.value, clock, 'silent');
  office = await startPostOffice(town);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await office?.stop();
  await town?.stop();
});

test('the entrance lists every mailbox and says what to try', async () => {
  const { html, headers } = await get('/');
  for (const name of ['Nora Lemaire', 'Paul Girard', 'Accueil', 'Voirie', 'Urbanisme', 'Jeanne Martin', 'dgs@']) {
    expect(html).toContain(name);
  }
  expect(html).toContain('Écrivez à la mairie au nom de Nora');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(html).not.toContain('<script');
});

test('Nora writes with the sample photo: her acknowledgement is there when the page comes back', async () => {
  const { html } = await get('/boxes/nora/write');
  expect(html).toContain('Nid-de-poule rue des Lilas');
  const form = new FormData();
  form.set('to', 'mairie@plassans.fr');
  form.set('subject', 'Nid-de-poule rue des Lilas');
  form.set('text', 'Un trou devant le 12.');
  form.set('sample', 'yes');
  const sent = await post('/boxes/nora/write', form);
  expect(sent.html).toContain('Message envoyé.');
  expect(sent.html).toMatch(/n° 2030-000001\] Nid-de-poule/);
  expect((await get('/boxes/desk')).html).toContain('pièce jointe');
});

test('the desk reads, then replies with a file: Nora receives it, and her letter shows its HTML in a sandbox', async () => {
  const letter = await get('/boxes/desk/1');
  expect(letter.html).toContain('sandbox="allow-popups');
  const frame = await get('/boxes/desk/1/html');
  expect(frame.headers.get('content-security-policy')).toContain('sandbox allow-popups');
  expect(frame.html).toContain('<base target="_blank">');
  expect(frame.html).toMatch(/<img [^>]*src="data:image\/jpeg;base64,/);
  const [path = ''] = /\/boxes\/desk\/1\/files\/\d+/.exec(letter.html) ?? [];
  const photo = await fetch(office.url + path);
  expect(photo.headers.get('content-type')).toBe('image/png');

  const form = new FormData();
  form.set('text', 'Bonjour, nous regardons.');
  form.set('files', new File(['plan'], 'plan.txt', { type: 'text/plain' }));
  await post('/boxes/desk/1/reply', form);
  const answer = town.mailboxes.find(({ id }) => id === 'nora')?.letters.at(-1);
  expect(answer?.mail.text).toContain('Bonjour, nous regardons.');
  expect(answer?.mail.text).not.toContain('accueil@plassans.fr');
  expect(answer?.mail.attachments.map(({ filename }) => filename)).toEqual(['plan.txt']);
});

test('reading takes a letter off the count of the unread', async () => {
  expect((await get('/boxes/nora')).html).toContain('(2) Nora Lemaire');
  await get('/boxes/nora/2');
  expect((await get('/boxes/nora')).html).toContain('(1) Nora Lemaire');
});

test('two weeks on, the desk was reminded and the supervisor told; a form from elsewhere moves nothing', async () => {
  const before = town.clock.now();
  const stranger = await fetch(`${office.url}/clock`, {
    method: 'POST',
    body: new URLSearchParams({ step: 'week' }),
    headers: { origin: 'https://elsewhere.example' },
  });
  expect(stranger.status).toBe(403);
  const form = new FormData();
  form.set('to', 'mairie@plassans.fr');
  form.set('subject', 'Lampadaire éteint');
  form.set('text', 'Place du Marché.');
  await post('/boxes/paul/write', form);
  for (const path of ['/boxes/desk', '/']) {
    const jump = new FormData();
    jump.set('step', 'week');
    jump.set('back', path);
    expect((await post('/clock', jump)).url).toBe(office.url + path);
  }
  expect(town.clock.now().getTime() - before.getTime()).toBeGreaterThan(13 * 86_400_000);
  expect((await get('/boxes/dgs-plassans-fr')).html).toContain('Point de situation');
  const desk = town.mailboxes.find(({ id }) => id === 'desk')?.letters ?? [];
  expect(desk.some(({ mail }) => /Lampadaire/.test(mail.subject ?? '') && /Relance\sn°\s3/.test(mail.text ?? ''))).toBe(
    true,
  );
});

test.each([
  ['desktop', 1280, 900],
  ['phone', 390, 844],
])('looks right and is accessible on a %s', async (device, width, height) => {
  if (browser === null) return;
  const page = await browser.newPage({ viewport: { width, height } });
  const views = { entrance: '/', mailbox: '/boxes/desk', letter: '/boxes/desk/1', writing: '/boxes/voirie/write' };
  for (const [name, path] of Object.entries(views)) {
    // Chromium paints no more of a frame than what fits its window.
    await page.setViewportSize({ width, height: name === 'letter' ? 2_200 : height });
    await page.goto(office.url + path);
    await picture(page, `post-office-${name}-${device}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
    expect(await accessibilityViolations(page)).toEqual([]);
  }
  await page.close();
});

test('the gallery lists every mail by who reads it, and shows each in every case, alone in a frame without scripts', async () => {
  expect((await get('/')).html).toContain('href="/gallery"');
  const list = await get('/gallery');
  for (const { kind, role } of PLAUSIBLE) expect(list.html).toContain(`href="/gallery/${kind}/${role}"`);
  const mail = await get('/gallery/transferred/department');
  expect(mail.html).toContain('Une demande vous est transmise pour traitement.');
  expect(mail.html).toContain('UNE DEMANDE VOUS EST TRANSMISE');
  for (const id of SAMPLE_CASES) expect(mail.html).toContain(`href="/gallery/transferred/department/${id}"`);
  expect(mail.html.match(/<iframe [^>]*sandbox="allow-popups"/g)).toHaveLength(4);
  expect(mail.html).not.toContain('<script');
  const frame = await get('/gallery/transferred/department/pieces/html');
  expect(frame.headers.get('content-security-policy')).toContain('sandbox allow-popups');
  expect(frame.html.match(/<img [^>]*src="data:image/g)).toHaveLength(4);
  expect((await get('/gallery/transferred/mars')).url).toBe(`${office.url}/gallery`);
});

test.each([
  ['desktop', 1280, 900],
  ['phone', 360, 740],
])('the gallery looks right and is accessible on a %s, and its dark frames are dark', async (device, width, height) => {
  if (browser === null) return;
  // No colours are imposed: a frame then follows its element, as it does in anybody's browser.
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: null });
  const views = { list: '/gallery', mail: '/gallery/transferred/department', long: '/gallery/decision/citizen/long' };
  for (const [name, path] of Object.entries(views)) {
    await page.goto(office.url + path);
    // Chromium paints no more of a frame than what fits its window.
    await page.setViewportSize({ width, height: name === 'list' ? height : 4_000 });
    await picture(page, `gallery-${name}-${device}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
    expect(await accessibilityViolations(page)).toEqual([]);
  }
  const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches;
  const frames = page.frames().slice(1);
  expect(await Promise.all(frames.map((frame) => frame.evaluate(isDark)))).toEqual([false, false, true, true]);
  await page.close();
});

test('a link of a mail opens in a new tab, and its form works there', async () => {
  if (browser === null) return;
  const page = await browser.newPage();
  await page.goto(`${office.url}/boxes/desk/1`);
  const [tab] = await Promise.all([
    page.waitForEvent('popup'),
    page.frameLocator('iframe').getByRole('link', { name: 'Transmettre à un service' }).first().click(),
  ]);
  await tab.getByLabel('Voirie').check();
  await tab.locator('textarea[name=comment]').fill('Pour vous.');
  await tab.waitForTimeout(1_100);
  await tab.getByRole('button', { name: 'Transmettre' }).click();
  await tab.getByText('Demande transmise à Voirie').first().waitFor();
  await picture(tab, 'post-office-result');
  await town.settle(5_000);
  await page.getByRole('link', { name: /Voirie/ }).click();
  await page
    .getByRole('link', { name: /Nid-de-poule/ })
    .first()
    .click();
  await picture(page, 'post-office-transferred');
  await page.close();
});

interface Shown {
  url: string;
  html: string;
  headers: Headers;
}

async function get(path: string): Promise<Shown> {
  return shown(await fetch(office.url + path));
}

async function post(path: string, body: FormData): Promise<Shown> {
  return shown(await fetch(office.url + path, { method: 'POST', body }));
}

async function shown(response: Response): Promise<Shown> {
  expect(response.status).toBe(200);
  return { url: response.url, html: plain(await response.text()), headers: response.headers };
}

function plain(html: string): string {
  return html.replaceAll(/[\u00a0\u202f]|&nbsp;/g, ' ');
}

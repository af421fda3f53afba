import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signLink } from '../../src/action-link.ts';
import { accessibilityViolations, openBrowser, picture } from '../support/browser.ts';
import { citizenLink, mailsOf, officeDoes, passUndoWindow } from './citizens.ts';
import { claimsOf, eventsOf, openRequest, PNG, post, startTown, type TestTown } from './town.ts';

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };

let browser: Browser | null;
let town: TestTown;

beforeAll(async () => {
  browser = await openBrowser();
  town = await startTown();
});
beforeEach(({ skip }) => {
  if (browser === null) skip('no Chromium');
  town.advance(11 * 60_000);
});
afterAll(async () => {
  await browser?.close();
  await town.stop();
});

interface Visit {
  name: string;
  path(): Promise<string>;
  fill?: Record<string, string>;
  submit?: 'in time' | 'at once';
}

const WORDS = { comment: 'Le trou est revenu après la pluie.\nMerci de repasser.' };

const VISITS: Visit[] = [
  { name: 'home', path: async () => '/' },
  { name: 'follow', path: async () => citizenLink(town, await longStory()) },
  { name: 'awaited', path: async () => citizenLink(town, await awaited()) },
  { name: 'reply', path: async () => citizenLink(town, await awaited(), 'citizen_reply') },
  { name: 'reply-empty', path: async () => citizenLink(town, await awaited(), 'citizen_reply'), submit: 'in time' },
  {
    name: 'reply-result',
    path: async () => citizenLink(town, await awaited(), 'citizen_reply'),
    fill: WORDS,
    submit: 'in time',
  },
  {
    name: 'reply-too-fast',
    path: async () => citizenLink(town, await awaited(), 'citizen_reply'),
    fill: WORDS,
    submit: 'at once',
  },
  { name: 'withdraw', path: async () => citizenLink(town, await openRequest(town), 'withdraw') },
  {
    name: 'withdraw-unticked',
    path: async () => citizenLink(town, await openRequest(town), 'withdraw'),
    submit: 'in time',
  },
  {
    name: 'withdraw-result',
    path: async () => citizenLink(town, await openRequest(town), 'withdraw'),
    fill: { confirm: 'yes' },
    submit: 'in time',
  },
  { name: 'refused', path: async () => citizenLink(town, await refused()) },
  { name: 'reopen', path: async () => citizenLink(town, await refused(), 'reopen') },
  {
    name: 'reopen-result',
    path: async () => citizenLink(town, await refused(), 'reopen'),
    fill: WORDS,
    submit: 'in time',
  },
  { name: 'not-possible', path: async () => citizenLink(town, await openRequest(town), 'reopen') },
  { name: 'over', path: over },
  { name: 'confirm-address', path: newAddress },
  { name: 'expired', path: expired },
  { name: 'fresh-sent', path: expired, submit: 'in time' },
  { name: 'track', path: async () => '/suivi' },
  { name: 'track-empty', path: async () => '/suivi', submit: 'in time' },
  {
    name: 'track-not-found',
    path: async () => '/suivi',
    fill: { reference: '2026-000999', address: 'nora@exemple.fr' },
    submit: 'in time',
  },
  { name: 'tracked', path: tracked, fill: { reference: '2026-1', address: 'premiere@example.org' }, submit: 'in time' },
  { name: 'ask', path: async () => '/mes-demandes' },
  { name: 'ask-empty', path: async () => '/mes-demandes', submit: 'in time' },
  { name: 'ask-sent', path: async () => '/mes-demandes', fill: { address: 'nora@exemple.fr' }, submit: 'in time' },
  { name: 'mine', path: mine },
  {
    name: 'revoked',
    path: async () => {
      const path = await newAddress();
      await town.ground.store.db.serviceRequest.updateMany({ data: { pendingAddress: '' } });
      return path;
    },
  },
];

describe.each(Object.entries(SIZES))('on a %s', (size, viewport) => {
  it.each(VISITS.map((visit) => [visit.name, visit] as const))(
    '%s: axe finds nothing, nothing overflows',
    async (name, visit) => {
      if (browser === null) return;
      const page = await browser.newPage({ viewport });
      await visitPage(page, visit);
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(
        true,
      );
      expect(await smallTargets(page)).toEqual([]);
      expect(await page.locator('h1').count()).toBe(1);
      await picture(page, `citizen-${name}-${size}`);
      await page.close();
    },
  );
});

describe('S14: without JavaScript, by keyboard alone', () => {
  it.each([
    ['citizen_reply', ['Tab:textarea', 'type:Voici le plan.', 'Tab:pieces', 'Tab:button', 'Enter']],
    ['withdraw', ['Tab:textarea', 'Tab:confirm', 'Space', 'Tab:button', 'Enter']],
    ['reopen', ['Tab:textarea', 'type:Pas résolu.', 'Tab:pieces', 'Tab:button', 'Enter']],
    ['confirm_address', ['Tab:confirm', 'Space', 'Tab:button', 'Enter']],
  ])('%s', async (action, keys) => {
    if (browser === null) return;
    const id =
      action === 'reopen' ? await refused() : action === 'confirm_address' ? await moving() : await openRequest(town);
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(town.url + (await citizenLink(town, id, action)));
    town.advance(2_000);
    await page.locator('a.skip').focus();
    await page.keyboard.press('Enter');
    for (const key of keys) await press(page, key);
    await page.waitForURL(/done=/);
    expect((await eventsOf(town, id)).at(-1)).toBe(action);
    await context.close();
  });

  it('pieces chosen in the browser arrive whole, and open from the thread', async () => {
    if (browser === null) return;
    const id = await openRequest(town);
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(town.url + (await citizenLink(town, id, 'citizen_reply')));
    town.advance(2_000);
    await page.locator('[name=pieces]').setInputFiles([
      { name: 'façade « été ».png', mimeType: 'image/png', buffer: PNG },
      { name: 'plan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 x') },
    ]);
    await page.locator('main form button').click();
    await page.waitForURL(/done=/);
    await page.locator('main a.button').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('façade « été ».png').click()]);
    // Chromium sometimes tells of a download before it has read its name.
    const file = await fetch(download.url());
    expect(file.headers.get('content-disposition')).toContain(encodeURIComponent('façade « été ».png'));
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PNG);
    await context.close();
  });

  it('a robot that presses every button with what the page proposes decides nothing', async () => {
    if (browser === null) return;
    const id = await moving();
    const page = await browser.newPage();
    for (const action of ['citizen_reply', 'withdraw', 'confirm_address']) {
      await page.goto(town.url + (await citizenLink(town, id, action)));
      town.advance(2_000);
      const buttons = page.locator('main button');
      if ((await buttons.count()) > 0) await buttons.first().click();
    }
    expect(await eventsOf(town, id)).toEqual(['receive', 'edit']);
    await page.close();
  });
});

describe('on paper', () => {
  it('the request prints without forms nor menus', async () => {
    if (browser === null) return;
    const page = await browser.newPage();
    await page.goto(town.url + (await citizenLink(town, await awaited(), 'citizen_reply')));
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('main form').isVisible()).toBe(false);
    expect(await page.locator('.thread').isVisible()).toBe(true);
    expect(await page.locator('nav.actions').isVisible()).toBe(false);
    await picture(page, 'citizen-print');
    await page.close();
  });
});

async function longStory(): Promise<string> {
  const id = await openRequest(town, {
    subject: 'Nid-de-poule dangereux devant le 12, rue des Lilas',
    text: 'Bonjour,\n\nUn trou profond s’est ouvert devant le 12, rue des Lilas. Mon fils est tombé de vélo hier soir.\n\nPouvez-vous intervenir rapidement ?\n\nZoé Dupont',
    files: [
      { fileName: 'photo du trou.png', contentType: 'image/png', content: PNG },
      {
        fileName: 'Constat amiable – vélo – rue des Lilas – 20 novembre 2026.pdf',
        contentType: 'application/pdf',
        content: Buffer.from('%PDF-1.7\n'.padEnd(240_000)),
      },
    ],
  });
  await officeDoes(town, id, { action: 'transfer', department: 'voirie', comment: 'Pour vous' });
  town.advance(3_600_000);
  const actor = {
    role: 'department' as const,
    department: 'voirie',
    name: 'Jeanne Martin',
    address: 'voirie@plassans.fr',
  };
  await officeDoes(town, id, { action: 'take_charge', actor });
  await officeDoes(town, id, { action: 'note', comment: 'Vu', actor });
  await officeDoes(town, id, {
    action: 'message',
    comment: 'Bonjour,\n\nUne équipe pose des barrières dans l’heure.',
    actor,
  });
  return id;
}

async function awaited(): Promise<string> {
  const id = await longStory();
  const dueOn = new Date(town.ground.clock.now().getTime() + 12 * 86_400_000).toISOString().slice(0, 10);
  const pieces = ['Une photo de la façade', 'Un plan de situation'];
  const actor = {
    role: 'department' as const,
    department: 'voirie',
    name: 'Jeanne Martin',
    address: 'voirie@plassans.fr',
  };
  await officeDoes(town, id, {
    action: 'request_correction',
    comment: 'Devant quel numéro exactement ?',
    pieces,
    dueOn,
    actor,
  });
  return id;
}

async function refused(): Promise<string> {
  const id = await longStory();
  const comment = 'La clôture est une propriété privée : son entretien revient à son propriétaire.';
  await officeDoes(town, id, { action: 'refuse', comment }, 'voirie');
  passUndoWindow(town);
  return id;
}

async function over(): Promise<string> {
  const id = await openRequest(town);
  await officeDoes(town, id, { action: 'answer', comment: 'La piscine ouvre à 9 h.' });
  town.advance((town.ground.config.schedule.reopenDays + 1) * 86_400_000);
  return citizenLink(town, id);
}

async function moving(): Promise<string> {
  const id = await openRequest(town, { address: 'ancienne@example.org' });
  const fields = [{ field: 'citizenAddress', was: 'ancienne@example.org', value: 'neuve@example.org' }];
  await officeDoes(town, id, { action: 'edit', fields });
  return id;
}

async function newAddress(): Promise<string> {
  return citizenLink(town, await moving(), 'confirm_address');
}

async function expired(): Promise<string> {
  const claims = await claimsOf(town, await openRequest(town), 'citizen', 'follow');
  return `/d/${signLink('citizen', { ...claims, exp: claims.iat - 86_400 }, town.secrets)}`;
}

async function tracked(): Promise<string> {
  const { db } = town.ground.store;
  const data = { citizenAddress: 'premiere@example.org' };
  if ((await db.serviceRequest.count()) === 0) await openRequest(town);
  await db.serviceRequest.updateMany({ where: { reference: { endsWith: '-000001' } }, data });
  return '/suivi';
}

async function mine(): Promise<string> {
  const address = `liste${(await town.ground.store.db.serviceRequest.count()).toString()}@example.org`;
  await openRequest(town, { address, subject: 'Inscription à la cantine' });
  const closed = await openRequest(town, { address, subject: 'Lampadaire éteint rue des Acacias' });
  await officeDoes(town, closed, { action: 'transfer', department: 'voirie', comment: 'x' });
  const last = await openRequest(town, { address, subject: 'Horaires de la piscine' });
  await officeDoes(town, last, { action: 'answer', comment: 'À 9 h.' });
  passUndoWindow(town);
  await post(town, '/mes-demandes', { address });
  const [mail] = await mailsOf(town, 'my_requests', address);
  return `/m/${signLink('mine', { ...(await claimsOf(town, last, 'citizen', 'mine')), jti: mail?.id ?? '' }, town.secrets)}`;
}

async function visitPage(page: Page, visit: Visit): Promise<void> {
  await page.goto(town.url + (await visit.path()));
  if (visit.submit !== undefined) {
    if (visit.submit !== 'at once') town.advance(2_000);
    for (const [field, value] of Object.entries(visit.fill ?? {})) {
      const input = page.locator(`[name=${field}]`);
      await ((await input.getAttribute('type')) === 'checkbox' ? input.check() : input.fill(value));
    }
    await page.locator('main form button').first().click();
  }
  await page.waitForLoadState('load');
}

async function press(page: Page, key: string): Promise<void> {
  const [name = '', target] = key.split(':');
  if (name === 'type') await page.keyboard.type(target ?? '');
  else await page.keyboard.press(name);
  if (name !== 'Tab') return;
  const is = target === 'textarea' || target === 'button' ? target : `[name=${target}]`;
  expect(await page.locator(':focus').and(page.locator(is)).count(), `focus on ${target}`).toBe(1);
}

/** What a finger would miss (WCAG 2.5.8). */
async function smallTargets(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('a:not(.skip), button, input:not([type=hidden]), textarea, summary')]
    .map((e) => ({ text: e.outerHTML.slice(0, 80), is: e.getBoundingClientRect(), button: e.matches('button, .choice') }))
    .filter(({ is, button }) => is.height > 0 && (is.height < (button ? 44 : 24) || is.width < 24))
    .map(({ text, is }) => text + ' ' + is.width + 'x' + is.height)`);
}

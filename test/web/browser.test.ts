import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessibilityViolations, openBrowser, picture } from '../support/browser.ts';
import { eventsOf, startTown, type TestTown } from './town.ts';
import { VISITS, type Visit } from './visits.ts';
import { act, linkOf, openRequest } from './town.ts';

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };

let browser: Browser | null;
let town: TestTown;

beforeAll(async () => {
  browser = await openBrowser();
  town = await startTown();
});
beforeEach(({ skip }) => {
  if (browser === null) skip('no Chromium');
});
afterAll(async () => {
  await browser?.close();
  await town.stop();
});

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
      await picture(page, `page-${name}-${size}`);
      await page.close();
    },
  );
});

describe('without JavaScript, by keyboard alone', () => {
  it.each([
    [
      'take_charge',
      ['Tab:textarea', 'type:Nous nous en occupons.', 'Tab:agent', 'Tab:confirm', 'Space', 'Tab:button', 'Enter'],
    ],
    ['transfer', ['Tab:department', 'Space', 'Tab:textarea', 'type:Pour vous.', 'Tab:agent', 'Tab:button', 'Enter']],
    ['request_correction', ['Tab:textarea', 'type:Une photo ?', 'Tab:agent', 'Tab:button', 'Enter']],
    ['accept', ['Tab:textarea', 'Tab:agent', 'Tab:confirm', 'Space', 'Tab:button', 'Enter']],
    ['refuse', ['Tab:textarea', 'type:Hors commune.', 'Tab:agent', 'Tab:button', 'Enter']],
    ['message', ['Tab:textarea', 'type:Bonjour,', 'Tab:agent', 'Tab:button', 'Enter']],
    ['note', ['Tab:textarea', 'type:Vu sur place.', 'Tab:agent', 'Tab:button', 'Enter']],
  ])('%s', async (action, keys) => {
    if (browser === null) return;
    const id = await openRequest(town);
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(town.url + (await linkOf(town, id, 'desk', action)));
    town.advance(2_000);
    await reachForm(page);
    for (const key of keys) await press(page, key);
    await page.waitForURL(/done=/);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await eventsOf(town, id)).toEqual(['receive', action]);
    await context.close();
  });

  it('send_back, by the department', async () => {
    if (browser === null) return;
    const id = await openRequest(town);
    await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment: 'Pour vous' });
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(town.url + (await linkOf(town, id, 'department:voirie', 'send_back')));
    town.advance(2_000);
    await reachForm(page);
    for (const key of ['Tab:textarea', 'type:Pas nous.', 'Tab:agent', 'Tab:button', 'Enter']) await press(page, key);
    await page.waitForURL(/done=/);
    expect(await eventsOf(town, id)).toEqual(['receive', 'transfer', 'send_back']);
    await context.close();
  });

  it('a robot that presses every button with what the page proposes decides nothing', async () => {
    if (browser === null) return;
    const id = await openRequest(town);
    const page = await browser.newPage();
    for (const action of ['take_charge', 'transfer', 'request_correction', 'accept', 'refuse', 'message', 'note']) {
      await page.goto(town.url + (await linkOf(town, id, 'desk', action)));
      town.advance(2_000);
      await page.locator('main button').click();
      expect(await page.locator('[role=alert]').count()).toBe(1);
    }
    expect(await eventsOf(town, id)).toEqual(['receive']);
    await page.close();
  });
});

describe('hostile words, in a browser with JavaScript', () => {
  it('run nothing and reach nothing outside', async () => {
    if (browser === null) return;
    const attacks = [
      '<script>window.__xss=1</script>',
      '"><img src=https://evil.example/x onerror="window.__xss=1">',
      '</textarea><svg onload="window.__xss=1">',
      '<iframe srcdoc="<script>parent.__xss=1</script>"></iframe>',
      '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
      '<base href="https://evil.example/"><style>@import "https://evil.example/x.css"</style>',
    ].join(' ');
    const id = await openRequest(town, { subject: attacks, name: attacks, text: attacks, elided: attacks });
    await act(town, await linkOf(town, id, 'desk', 'note'), { comment: attacks, agent: attacks });
    const page = await browser.newPage();
    const outside: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(town.url) && !request.url().startsWith('data:')) outside.push(request.url());
    });
    page.on('dialog', (dialog) => outside.push(dialog.message()));
    await page.goto(town.url + (await linkOf(town, id, 'desk', 'refuse')), { waitUntil: 'networkidle' });
    expect(await page.evaluate('globalThis.__xss')).toBeUndefined();
    expect(outside).toEqual([]);
    expect(await page.textContent('h1')).toContain('<script>window.__xss=1</script>');
    await page.close();
  });
});

async function visitPage(page: Page, visit: Visit): Promise<void> {
  await page.goto(town.url + (await visit.path(town)));
  if (visit.submit !== undefined) {
    if (visit.submit !== 'at once') town.advance(2_000);
    for (const [field, value] of Object.entries(visit.fill ?? {})) await fill(page, field, value);
    await page.locator('form button').first().click();
  }
  await page.waitForLoadState('load');
}

async function fill(page: Page, field: string, value: string): Promise<void> {
  const input = page.locator(`[name=${field}]`);
  const type = await input.first().getAttribute('type');
  if (type === 'radio' || type === 'checkbox') await page.locator(`[name=${field}][value=${value}]`).check();
  else await input.fill(value);
}

/** The last focus before the first field. */
async function reachForm(page: Page): Promise<void> {
  await page.locator('a.skip').focus();
  await page.keyboard.press('Enter');
}

async function press(page: Page, key: string): Promise<void> {
  const [name = '', target] = key.split(':');
  if (name === 'type') await page.keyboard.type(target ?? '');
  else await page.keyboard.press(name);
  if (name !== 'Tab') return;
  const focused = page.locator(':focus');
  const is = target === 'textarea' || target === 'button' ? target : `[name=${target}]`;
  expect(await focused.and(page.locator(is)).count(), `focus on ${target}`).toBe(1);
}

/** What a finger would miss: buttons and links of lists under 44 px, anything else under 24 px (WCAG 2.5.8). */
async function smallTargets(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('a:not(.skip), button, input:not([type=hidden]), textarea, summary')]
    .map((e) => ({ text: e.outerHTML.slice(0, 80), is: e.getBoundingClientRect(), button: e.matches('button, .choice') }))
    .filter(({ is, button }) => is.height > 0 && (is.height < (button ? 44 : 24) || is.width < 24))
    .map(({ text, is }) => text + ' ' + is.width + 'x' + is.height)`);
}

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signLink } from '../../src/action-link.ts';
import { accessibilityViolations, openBrowser, picture } from '../support/browser.ts';
import { holdOne, rowOf, TO_VOIRIE } from './held-mails.ts';
import { openRequest, startTown, type TestTown } from './town.ts';

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

interface HeldVisit {
  name: string;
  path(): Promise<string>;
  choose?: string;
  reference?: string;
  submit?: 'in time' | 'at once';
}

const VISITS: HeldVisit[] = [
  { name: 'suggested', path: suggested },
  {
    name: 'without-suggestion',
    path: async () => (await holdOne(town, { content: null, verdict: 'unreadable' })).path,
  },
  { name: 'hostile', path: async () => (await holdOne(town, { subject: WORD, text: `${WORD} ${WORD}` })).path },
  { name: 'nothing-chosen', path: suggested, submit: 'in time' },
  { name: 'wrong-number', path: suggested, choose: 'other', reference: '2019-000001', submit: 'in time' },
  { name: 'too-fast', path: suggested, choose: 'other', reference: '2026-000001', submit: 'at once' },
  { name: 'result-attach', path: suggested, choose: 'first', submit: 'in time' },
  { name: 'result-new', path: suggested, choose: 'new', submit: 'in time' },
  { name: 'result-ignore', path: suggested, choose: 'ignore', submit: 'in time' },
  { name: 'denied', path: denied },
  { name: 'settled', path: settled },
  { name: 'expired', path: expired },
  { name: 'link-sent', path: expired, submit: 'in time' },
  { name: 'mine', path: confirmation },
  { name: 'mine-nothing-chosen', path: confirmation, submit: 'in time' },
  { name: 'mine-yes', path: confirmation, choose: 'mine', submit: 'in time' },
  { name: 'mine-no', path: confirmation, choose: 'not_mine', submit: 'in time' },
];

const WORD = `<script>window.__xss=1</script>"><img src=https://evil.example/x>${'x'.repeat(300)}`;

async function suggested(): Promise<string> {
  const suggestion = await openRequest(town, { subject: 'Un nid-de-poule dangereux devant le 12, rue des Lilas' });
  await holdOne(town, { subject: 'Permis de construire, pièces manquantes' });
  return (await holdOne(town, { suggestion })).path;
}

async function confirmation(): Promise<string> {
  const requestId = await openRequest(town);
  const text = 'Accepté : nous passons jeudi.\n\nJeanne Martin\nVoirie';
  const held = { kind: 'confirm_email', to: TO_VOIRIE, verdict: 'unauthenticated', requestId, text } as const;
  return (await holdOne(town, held)).path;
}

async function denied(): Promise<string> {
  const deniedAt = town.ground.clock.now().toISOString();
  return (await holdOne(town, { verdict: 'unauthenticated', content: { deniedAt } })).path;
}

async function settled(): Promise<string> {
  const held = await holdOne(town);
  await town.ground.store.db.inboundEmail.update({ where: { id: held.id }, data: { state: 'stored' } });
  return held.path;
}

async function expired(): Promise<string> {
  const { claims } = await holdOne(town);
  return `/h/${signLink('held', { ...claims, exp: claims.iat - 86_400 }, town.secrets)}`;
}

describe.each(Object.entries(SIZES))('on a %s', (size, viewport) => {
  it.each(VISITS.map((visit) => [visit.name, visit] as const))(
    '%s: axe finds nothing, nothing overflows, nothing runs',
    async (name, visit) => {
      if (browser === null) return;
      const page = await browser.newPage({ viewport });
      const outside: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(town.url) && !request.url().startsWith('data:')) outside.push(request.url());
      });
      await go(page, visit);
      await picture(page, `held-${name}-${size}`);
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(
        true,
      );
      expect(await smallTargets(page)).toEqual([]);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.evaluate('globalThis.__xss')).toBeUndefined();
      expect(outside).toEqual([]);
      await page.close();
    },
  );
});

async function go(page: Page, { path, choose, reference, submit }: HeldVisit): Promise<void> {
  await page.goto(town.url + (await path()));
  if (choose === 'first') await page.locator('[name=choice]').first().check();
  else if (choose !== undefined) await page.locator(`[name=choice][value=${choose}]`).check();
  if (reference !== undefined) await page.locator('[name=reference]').fill(reference);
  if (submit === 'in time') town.advance(2_000);
  if (submit !== undefined) await page.locator('form button').first().click();
  await page.waitForLoadState('load');
}

/** What a finger would miss: buttons and links of lists under 44 px, anything else under 24 px (WCAG 2.5.8). */
async function smallTargets(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('a:not(.skip), button, input:not([type=hidden]), summary')]
    .map((e) => ({ text: e.outerHTML.slice(0, 80), is: e.getBoundingClientRect(), button: e.matches('button, .choice') }))
    .filter(({ is, button }) => is.height > 0 && (is.height < (button ? 44 : 24) || is.width < 24))
    .map(({ text, is }) => text + ' ' + is.width + 'x' + is.height)`);
}

it('without JavaScript, by keyboard alone, the desk names another request', async () => {
  if (browser === null) return;
  const other = await openRequest(town);
  const { reference } = await town.ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id: other } });
  const held = await holdOne(town);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(town.url + held.path);
  town.advance(2_000);
  await page.locator('a.skip').focus();
  for (const key of ['Enter', 'Tab', 'Space', 'Tab']) await page.keyboard.press(key);
  await page.keyboard.type(reference);
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=/);
  expect((await rowOf(town, held.id)).ruling).toEqual({ as: 'attach', requestId: other });
  await context.close();
});

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessibilityViolations, openBrowser, picture } from '../support/browser.ts';
import { fillAndSend, overflows, smallTargets } from './browse.ts';
import { act, actAndFollow, hireAgents, linkOf, openRequest, startTown, type TestTown } from './town.ts';
import { fullRequest } from './scenes.ts';
import { FORMS, VISITS } from './visits.ts';

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };

let browser: Browser | null;
let page: Page | undefined;
let town: TestTown;

beforeAll(async () => {
  browser = await openBrowser();
  page = await browser?.newPage();
  town = await startTown();
  hireAgents(town);
});
beforeEach(({ skip }) => {
  if (browser === null) skip('no Chromium');
  town.advance(60_000);
});
afterAll(async () => {
  await browser?.close();
  await town.stop();
});

describe('axe finds nothing, and nothing overflows on a phone', () => {
  it.each(VISITS.map((visit) => [visit.name, visit] as const))('%s', async (name, visit) => {
    if (page === undefined) return;
    await page.goto(town.url + (await visit.path(town)));
    if (visit.submit !== undefined) await fillAndSend(town, page, visit.fill ?? {}, visit.submit);
    await lookAt(page, name);
  });

  it.each(FORMS.map((form) => [form.action, form] as const))(
    '%s: its form, what is wrong when it is sent empty, and its result',
    async (action, { path, fill }) => {
      if (page === undefined) return;
      await page.goto(town.url + (await path(town)));
      await lookAt(page, `form-${action}`);
      await fillAndSend(town, page, {});
      expect(await page.locator('[role=alert] a').count()).toBeGreaterThan(0);
      await lookAt(page, `wrong-${action}`);
      if (fill === undefined) return;
      await fillAndSend(town, page, fill);
      expect(page.url()).toContain('done=');
      // One template: those that show the most.
      if (['transfer', 'refuse', 'edit', 'undo'].includes(action)) await lookAt(page, `result-${action}`);
    },
  );
});

it('N13: what somebody else corrected meanwhile stands beside what one has typed', async () => {
  if (page === undefined) return;
  const id = await openRequest(town);
  const path = await linkOf(town, id, 'desk', 'edit');
  await page.goto(town.url + path);
  await actAndFollow(town, path, { 'was:citizenPhone': '', 'field:citizenPhone': '01 11 11 11 11' });
  await fillAndSend(town, page, { 'field:citizenPhone': '02 22 22 22 22', comment: 'Elle a rappelé.' });
  expect(await page.locator('.field-wrong .error').allTextContents()).toHaveLength(1);
  expect(await page.locator('[name="field:citizenPhone"]').inputValue()).toBe('02 22 22 22 22');
  await lookAt(page, 'form-edit-conflict');
});

it('J09: printed, a request is all there, unfolded, and nothing that only a screen can do', async () => {
  if (page === undefined) return;
  const id = await fullRequest(town);
  await page.goto(town.url + (await linkOf(town, id, 'department:voirie', 'message')));
  await page.setViewportSize({ width: 794, height: 1_123 });
  await page.emulateMedia({ media: 'print' });
  for (const kept of [
    '> Le 3 avril, la mairie a écrit :',
    'Je suis absente',
    'a posé un jalon',
    'La demande en bref',
  ]) {
    expect(await page.getByText(kept).first().isVisible(), kept).toBe(true);
  }
  for (const gone of ['main form', '.actions', '.skip', 'text=Commencer par le plus ancien']) {
    expect(await page.locator(gone).first().isVisible(), gone).toBe(false);
  }
  expect(await overflows(page)).toBe(false);
  await picture(page, 'page-dossier-full-print');
  await page.emulateMedia({ media: null });
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
    await act(town, await linkOf(town, id, 'desk', 'draft'), { comment: attacks, agent: attacks });
    const visitor = await browser.newPage();
    const outside: string[] = [];
    visitor.on('request', (request) => {
      if (!request.url().startsWith(town.url) && !request.url().startsWith('data:')) outside.push(request.url());
    });
    visitor.on('dialog', (dialog) => outside.push(dialog.message()));
    for (const action of ['refuse', 'edit', 'message', 'take_charge']) {
      await visitor.goto(town.url + (await linkOf(town, id, 'desk', action)), { waitUntil: 'networkidle' });
      expect(await visitor.evaluate('globalThis.__xss')).toBeUndefined();
    }
    expect(outside).toEqual([]);
    expect(await visitor.textContent('h1')).toContain('<script>window.__xss=1</script>');
    await visitor.close();
  });
});

async function lookAt(shown: Page, name: string): Promise<void> {
  await shown.setViewportSize(DESKTOP);
  expect(await accessibilityViolations(shown), name).toEqual([]);
  expect(await shown.locator('h1').count()).toBe(1);
  const isPictured = !name.startsWith('wrong-');
  if (isPictured) await picture(shown, `page-${name}-desktop`);
  await shown.setViewportSize(PHONE);
  expect(await overflows(shown), name).toBe(false);
  expect(await smallTargets(shown), name).toEqual([]);
  if (isPictured) await picture(shown, `page-${name}-phone`);
}

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessibilityViolations, openBrowser, picture } from '../support/browser.ts';
import { act, hireAgents, linkOf, openRequest, startTown, type TestTown } from './town.ts';
import { VISITS, type Visit } from './visits.ts';

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };

let browser: Browser | null;
let town: TestTown;

beforeAll(async () => {
  browser = await openBrowser();
  town = await startTown();
  hireAgents(town);
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
    await page.locator('form[method=post] button').first().click();
  }
  await page.waitForLoadState('load');
}

async function fill(page: Page, field: string, value: string): Promise<void> {
  const input = page.locator(`[name="${field}"]`);
  const type = await input.first().getAttribute('type');
  if (type === 'radio' || type === 'checkbox') await page.locator(`[name="${field}"][value="${value}"]`).check();
  else if (await input.evaluate((element) => element.tagName === 'SELECT')) await input.selectOption(value);
  else await input.fill(value);
}

/** What a finger would miss: buttons and links of lists under 44 px, anything else under 24 px (WCAG 2.5.8). */
async function smallTargets(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('a:not(.skip), button, input:not([type=hidden]), textarea, summary')]
    .map((e) => ({ text: e.outerHTML.slice(0, 80), is: e.getBoundingClientRect(), button: e.matches('button, .choice') }))
    .filter(({ is, button }) => is.height > 0 && (is.height < (button ? 44 : 24) || is.width < 24))
    .map(({ text, is }) => text + ' ' + is.width + 'x' + is.height)`);
}

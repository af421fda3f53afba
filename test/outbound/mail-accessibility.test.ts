import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRenderer, type Renderer } from '../../src/outbound/render.ts';
import { accessibilityViolations, openBrowser } from '../support/browser.ts';
import { sampleView, PLAUSIBLE } from '../../src/outbound/sample-views.ts';

/** Landmarks belong to the page around a mail, so axe judges by WCAG's own rules. */
const WCAG = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };

let browser: Browser | null;
let renderer: Renderer;

beforeAll(async () => {
  browser = await openBrowser();
  renderer = await createRenderer({ timeZone: 'Europe/Paris' });
});

afterAll(async () => {
  await browser?.close();
});

describe.each([
  { colorScheme: 'light', width: 360 },
  { colorScheme: 'dark', width: 700 },
] as const)('in $colorScheme colours, $width pixels wide', ({ colorScheme, width }) => {
  test('every mail has contrast, structure and no sideways scrolling', async ({ skip }) => {
    if (browser === null) return skip();
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 600 } });
    const faults: unknown[] = [];
    for (const { kind, role } of PLAUSIBLE) {
      await page.setContent(renderer.render(sampleView(kind, role)).html);
      const violations = await accessibilityViolations(page, WCAG);
      const isTooWide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
      if (violations.length > 0 || isTooWide) faults.push({ kind, role, violations, isTooWide });
    }
    await page.close();
    expect(faults).toEqual([]);
  });

  test('a word without end does not widen the mail, and nothing is fetched or run', async ({ skip }) => {
    if (browser === null) return skip();
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 600 } });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const attack = `${'x'.repeat(600)}</td><script>window.__ran = true</script><img src="http://evil.example/x" onerror="window.__ran = true">`;
    for (const { kind, role } of PLAUSIBLE) {
      const words = { text: attack, subject: attack, name: attack, fileName: attack };
      await page.setContent(renderer.render(sampleView(kind, role, words)).html);
      expect(await page.evaluate('[document.documentElement.scrollWidth > window.innerWidth, window.__ran]')).toEqual([
        false,
        undefined,
      ]);
    }
    await page.close();
    expect(asked).toEqual([]);
  });
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRenderer, type Renderer } from '../../src/outbound/render.ts';
import { accessibilityViolations, openBrowser } from '../support/browser.ts';
import { sampleView, PLAUSIBLE } from '../../src/outbound/sample-views.ts';
import { ORDINARY } from '../../src/outbound/sample-words.ts';

/** Landmarks belong to the page around a mail, so axe judges by WCAG's own rules. */
const WCAG = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };

/** To everybody in French, and to citizens in English too. */
const EVERY_VIEW = PLAUSIBLE.flatMap(({ kind, role }) => {
  const view = sampleView(kind, role);
  return role === 'citizen' ? [view, { ...view, language: 'en' as const }] : [view];
});

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
    for (const view of EVERY_VIEW) {
      await page.setContent(renderer.render(view).html);
      const violations = await accessibilityViolations(page, WCAG);
      const isTooWide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
      const { kind, language, to } = view;
      if (violations.length > 0 || isTooWide) faults.push({ kind, language, to, violations, isTooWide });
    }
    await page.close();
    expect(faults).toEqual([]);
  });

  test('every picture has the name of its file in its place, and where it is missing the mail is as wide', async ({
    skip,
  }) => {
    if (browser === null) return skip();
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 600 } });
    const fileName = `${'photo du lampadaire '.repeat(4)}.jpg`;
    const withPictures = PLAUSIBLE.flatMap(({ kind, role }) => {
      const { html } = renderer.render(sampleView(kind, role, { ...ORDINARY, fileName }));
      return html.includes('<img') ? [html] : [];
    });
    expect(withPictures.length).toBeGreaterThan(10);
    for (const html of withPictures) {
      await page.setContent(html);
      const pictures = await page.evaluate(
        `[...document.images].map((picture) => ['alt', 'width', 'height'].map((name) => picture.getAttribute(name)))`,
      );
      for (const picture of pictures as unknown[]) expect(picture).toEqual([`${fileName.slice(0, 79)}…`, '160', '120']);
      expect(await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')).toBe(false);
    }
    await page.close();
  });

  test('a word without end does not widen the mail, and nothing is fetched or run', async ({ skip }) => {
    if (browser === null) return skip();
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 600 } });
    const asked: string[] = [];
    // What a mail brings along is asked of the mail itself.
    page.on('request', (request) => request.url().startsWith('cid:') || asked.push(request.url()));
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

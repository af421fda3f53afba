import type { Page } from 'playwright-core';
import type { TestTown } from './town.ts';

/** What a person does with a page. */

/** Fills the form in, takes the time that a person takes, and sends it. */
export async function fillAndSend(
  town: TestTown,
  page: Page,
  fields: Record<string, string>,
  when: 'in time' | 'at once' = 'in time',
): Promise<void> {
  if (when === 'in time') town.advance(2_000);
  for (const [field, value] of Object.entries(fields)) await fill(page, field, value);
  await page.locator('main form[method=post] button').first().click();
  await page.waitForLoadState('load');
}

async function fill(page: Page, field: string, value: string): Promise<void> {
  const input = page.locator(`[name="${field}"]`);
  const kind = await input.first().evaluate((element) => (element as unknown as { type: string }).type);
  if (kind === 'radio' || kind === 'checkbox') await page.locator(`[name="${field}"][value="${value}"]`).check();
  else if (kind === 'select-one') await input.selectOption(value);
  else await input.fill(value);
}

/** Whether something of the page is hidden to the right. */
export async function overflows(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

/** What a finger would miss: buttons and links of lists under 44 px, anything else under 24 px (WCAG 2.5.8). */
export async function smallTargets(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('a:not(.skip), button, input:not([type=hidden]), select, textarea, summary')]
    .map((e) => ({ text: e.outerHTML.slice(0, 80), is: e.getBoundingClientRect(), button: e.matches('button, .choice') }))
    .filter(({ is, button }) => is.height > 0 && (is.height < (button ? 44 : 24) || is.width < 24))
    .map(({ text, is }) => text + ' ' + is.width + 'x' + is.height)`);
}

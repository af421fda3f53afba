import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { SunkMail } from '../support/smtp-sink.ts';
import { picture } from '../support/browser.ts';
import type { TestTown } from './town.ts';

/** A person at a browser that runs no JavaScript, and the pictures of what they see. */

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
/** What a person needs at least, and a scanner never takes: the clock of the town moves instead of waiting. */
const READING_MS = 5_000;

export interface Visitor {
  /** Opens a link of a mail. Answers what is written there. */
  open(url: string, pictureName?: string): Promise<string>;
  /** Fills the form in and sends it. Answers what the next page says. */
  send(fields: Record<string, string>, pictureName?: string): Promise<string>;
  /** Shows the HTML of a mail as a mail program would, images and scripts apart. */
  read(mail: SunkMail, pictureName: string): Promise<void>;
  page: Page;
  close(): Promise<void>;
}

export async function aVisitor(browser: Browser, town: TestTown): Promise<Visitor> {
  const context: BrowserContext = await browser.newContext({ javaScriptEnabled: false, viewport: DESKTOP });
  const page = await context.newPage();

  async function photograph(name: string | undefined): Promise<void> {
    if (name === undefined) return;
    for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      await page.setViewportSize(viewport);
      await picture(page, `journey-${name}-${size}`);
    }
    await page.setViewportSize(DESKTOP);
  }

  async function seen(name: string | undefined): Promise<string> {
    await page.waitForLoadState('load');
    await photograph(name);
    return (await page.locator('body').innerText()).replace(/\s+/g, ' ');
  }

  return {
    page,
    async open(url, name) {
      await page.goto(url);
      return seen(name);
    },
    async send(fields, name) {
      town.clock.set(new Date(town.clock.now().getTime() + READING_MS).toISOString());
      for (const [field, value] of Object.entries(fields)) await fill(page, field, value);
      await page.locator('form[method=post] button[type=submit]').first().click();
      return seen(name);
    },
    async read({ mail }, name) {
      // Away from the pages first: their policy would forbid the styles of the mail.
      await page.goto('about:blank');
      await page.setContent(typeof mail.html === 'string' ? mail.html : '');
      await photograph(`mail-${name}`);
    },
    close: () => context.close(),
  };
}

async function fill(page: Page, field: string, value: string): Promise<void> {
  const input = page.locator(`[name=${field}]`);
  const type = await input.first().getAttribute('type');
  if (type === 'radio' || type === 'checkbox') await page.locator(`[name=${field}][value="${value}"]`).check();
  else await input.fill(value);
}

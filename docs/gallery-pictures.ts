import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../test/support/browser.ts';
import type { GalleryMail } from '../src/demo/gallery.ts';

/** Takes the pictures of the gallery, all in one browser. */
export interface Photographer {
  take(mail: GalleryMail, pathOf: (view: string) => string): Promise<void>;
  stop(): Promise<void>;
}

export const VIEWS = [
  { id: 'desktop', width: 700, colorScheme: 'light', part: 'html' },
  { id: 'phone', width: 360, colorScheme: 'light', part: 'html' },
  { id: 'dark', width: 360, colorScheme: 'dark', part: 'html' },
  { id: 'text', width: 700, colorScheme: 'light', part: 'text' },
] as const;

/** Null when there is no Chromium. */
export async function openPhotographer(): Promise<Photographer | null> {
  const browser = await launchChromium();
  if (browser === null) return null;
  const pages = await Promise.all(VIEWS.map(async (view) => ({ ...view, page: await pageFor(browser, view) })));
  return {
    async take(mail, pathOf) {
      for (const { id, part, page } of pages) {
        await page.setContent(part === 'html' ? mail.html : textPage(mail));
        await page.screenshot({ path: pathOf(id), fullPage: true });
      }
    },
    stop: () => browser.close(),
  };
}

async function pageFor(browser: Browser, { width, colorScheme }: (typeof VIEWS)[number]): Promise<Page> {
  return browser.newPage({ colorScheme, viewport: { width, height: 400 } });
}

function textPage({ subject, text }: GalleryMail): string {
  const words = `${subject}\n\n${text}`.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<!doctype html><meta charset="utf-8"><body style="margin:16px;font:14px/1.45 'Liberation Mono',monospace"><pre style="margin:0;font:inherit;white-space:pre-wrap;overflow-wrap:anywhere">${words}</pre>`;
}

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { AxeResults, RunOptions } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { missing } from './missing.ts';

const DEBIAN_CHROMIUM = '/usr/bin/chromium';
const PICTURES = fileURLToPath(new URL('../pictures/', import.meta.url));

// No sandbox: Chromium has none to offer to root, which is what a bare machine is. The rest keeps it from calling home.
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type Violation = { rule: string; impact: string; help: string; where: string[] };

/** Debian's Chromium, or the one of CHROMIUM_PATH. Null, loudly, when there is none. */
export async function openBrowser(): Promise<Browser | null> {
  const browser = await launchChromium();
  if (browser !== null) return browser;
  missing('Chromium', 'pages are not looked at in a browser (apt-get install chromium)');
  return null;
}

export async function launchChromium(): Promise<Browser | null> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? DEBIAN_CHROMIUM;
  return existsSync(executablePath) ? chromium.launch({ executablePath, args: ARGUMENTS }) : null;
}

/** Saves the whole page as test/pictures/NAME.png and returns the path. */
export async function picture(page: Page, name: string): Promise<string> {
  const path = `${PICTURES}${name}.png`;
  await page.screenshot({ path, fullPage: true });
  return path;
}

/** What axe finds wrong with the page as it is now; works under a strict CSP. The page needs JavaScript switched on. */
export async function accessibilityViolations(page: Page, options: RunOptions = {}): Promise<Violation[]> {
  const { source } = createRequire(import.meta.url)('axe-core') as { source: string };
  await page.evaluate(source);
  const { violations } = await page.evaluate(async (given) => {
    const { axe } = globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
    return axe.run(given);
  }, options);
  return violations.map(({ id, impact, help, nodes }) => ({
    rule: id,
    impact: impact ?? 'unknown',
    help,
    where: nodes.map(({ html }) => html),
  }));
}

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PAGE_ACTIONS, type Action } from '../../src/domain/workflow.ts';
import { openBrowser } from '../support/browser.ts';
import { formOf } from './visits.ts';
import { hireAgents, openRequest, requestOf, startTown, type TestTown } from './town.ts';

/** S14: every action without a mouse and without JavaScript. */

let browser: Browser | null;
let context: BrowserContext | undefined;
let town: TestTown;

beforeAll(async () => {
  browser = await openBrowser();
  context = await browser?.newContext({ javaScriptEnabled: false });
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

type Keys = readonly string[];

const TELL: Keys = ['to told', 'ArrowDown', 'to button', 'Enter'];
const TICK: Keys = ['to confirm', 'Space', 'to button', 'Enter'];
const SEND: Keys = ['to button', 'Enter'];
const words = (name: string): Keys => [`to ${name}`, 'type Vu sur place.'];

/** `to NAME`: Tab until the field of that name; then the keys of a keyboard. */
const KEYS: Partial<Record<Action, Keys>> = {
  take_charge: [...words('mailSubject'), ...words('comment'), ...TELL],
  assign: ['to assignee', 'Space', ...SEND],
  transfer: ['to department', 'ArrowDown', ...words('comment'), ...SEND],
  send_back: ['to reason', 'ArrowDown', ...SEND],
  recall: ['to reason', 'ArrowDown', ...SEND],
  message: [...words('comment'), ...SEND],
  request_correction: ['to pieces', 'Space', ...words('otherPieces'), ...words('comment'), ...SEND],
  answer: [...words('comment'), ...SEND],
  accept: [...words('comment'), ...TELL],
  refuse: ['to reason', 'ArrowDown', ...TELL],
  hold: ['to reason', 'ArrowDown', 'to until', 'type 01012027', ...SEND],
  resume: TICK,
  draft: [...words('comment'), ...SEND],
  note: [...words('comment'), ...SEND],
  attach: ['to files', 'choose', ...SEND],
  milestone: ['to milestone', 'ArrowDown', ...words('comment'), ...SEND],
  label: ['to labels', 'Space', ...SEND],
  edit: ['to field:citizenPhone', 'type 06 00 00 00 00', ...SEND],
  share: ['to colleague', 'ArrowDown', ...SEND],
  unshare: ['to guest', 'Space', ...SEND],
  freeze: [...words('comment'), ...SEND],
  unfreeze: TICK,
  merge: ['to original', 'type REFERENCE', ...TELL],
  reorient: ['to administration', 'ArrowDown', ...words('comment'), ...TELL],
  drop: ['to reason', 'ArrowDown', ...TELL],
  discard: TICK,
  reopen: [...words('comment'), ...SEND],
  undo: TICK,
};

describe('S14: by keyboard alone', () => {
  it.each(PAGE_ACTIONS)('%s', async (action) => {
    if (context === undefined) return;
    const path = await formOf(town, action);
    const { reference } = await requestOf(town, await openRequest(town, { address: 'marc@example.org' }));
    const page = await context.newPage();
    await page.goto(town.url + path);
    town.advance(2_000);
    await page.keyboard.press('Tab');
    expect(await focused(page, '.skip'), 'the first stop leads to the content').toBe(true);
    await page.keyboard.press('Enter');
    for (const key of KEYS[action] ?? []) await press(page, key.replace('REFERENCE', reference));
    await page.waitForURL(/done=/);
    expect(await page.locator('h1').count()).toBe(1);
    await page.close();
  });
});

async function press(page: Page, key: string): Promise<void> {
  if (key.startsWith('type ')) {
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(key.slice('type '.length));
  } else if (key === 'choose') {
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Space');
    await (await chooser).setFiles({ name: 'vu.txt', mimeType: 'text/plain', buffer: Buffer.from('vu') });
  } else if (key.startsWith('to ')) await tabTo(page, key.slice('to '.length));
  else await page.keyboard.press(key);
}

/** The button is the form's own: the one that the Enter key would press. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    // On the button of a date's calendar, inside the field, nothing of the page has the focus.
    const stop = await page.locator(':focus').evaluateAll(([element]) => ({
      isButton: element?.matches('form[method=post] button:not([name])') ?? false,
      name: element?.getAttribute('name') ?? '',
    }));
    if (name === 'button' ? stop.isButton : stop.name === name) return;
  }
  throw new Error(`Tab never comes to ${name}`);
}

async function focused(page: Page, selector: string): Promise<boolean> {
  return (await page.locator(':focus').and(page.locator(selector)).count()) > 0;
}

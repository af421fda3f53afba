import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PAGE_ACTIONS } from '../../src/domain/workflow.ts';
import { openBrowser } from '../support/browser.ts';
import { fullRequest, requestAtVoirie, requestInProgress } from './scenes.ts';
import { contentsOf } from './snapshot.ts';
import { actAndFollow, get, hireAgents, linkOf, openRequest, startTown, type TestTown } from './town.ts';
import { formOf } from './visits.ts';

/** Scanners of mail run scripts and press buttons (S2). What a page proposes by itself must never be a decision. */

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
});
afterAll(async () => {
  await browser?.close();
  await town.stop();
});

const VOIRIE = 'department:voirie';

describe('S2: a robot that presses every button with what the page proposes', () => {
  it.each(PAGE_ACTIONS)('%s: decides nothing', async (action) => {
    await pressEverything([await formOf(town, action)]);
  });

  it.each([
    ['the desk, of what a department holds', async () => requestAtVoirie(town), 'desk'],
    ['a department, of what it treats', async () => requestInProgress(town), VOIRIE],
    ['a department, with a draft and a citizen who is awaited', async () => fullRequest(town), VOIRIE],
    ['a guest', async () => fullRequest(town), 'urbanisme@plassans.fr'],
    ['the desk, of a citizen without an address', async () => openRequest(town, { address: '', name: 'M' }), 'desk'],
  ])('%s: nothing, behind any link of the page', async (_name, scene, who) => {
    const { html, path } = await shown(await linkOf(town, await scene(), who));
    const links = [...html.matchAll(/class="choice[^"]*" href="([^"]+)"/g)].map(([, href]) => href ?? '');
    expect(links.length).toBeGreaterThan(1);
    await pressEverything([path, ...links]);
  });

  it('nothing, where a ready-made answer or a draft has filled the form in', async () => {
    const [fresh, drafted] = [await openRequest(town), await openRequest(town)];
    await actAndFollow(town, await linkOf(town, drafted, 'desk', 'draft'), { comment: 'Bonjour,\n\nBientôt.' });
    const paths: string[] = [];
    for (const action of ['message', 'answer', 'draft', 'request_correction']) {
      paths.push(`${await linkOf(town, fresh, 'desk', action)}?modele=nouvelles`);
      paths.push(await linkOf(town, drafted, 'desk', action));
    }
    await pressEverything(paths);
  });
});

async function shown(path: string) {
  return { path, html: (await get(town, path)).html };
}

interface Pressed {
  action: string;
  method: string;
  isMultipart: boolean;
  fields: [string, string][];
}

async function pressEverything(paths: string[]): Promise<void> {
  const before = await contentsOf(town);
  for (const path of paths) {
    const { html } = await get(town, path);
    const pressed = await everyButton(html);
    town.advance(2_000);
    for (const each of pressed) expect([200, 422], path.slice(-8)).toContain(await send(path, each));
    // Twenty forms in ten minutes, and no more, are taken from one link.
    town.advance(120_000);
  }
  expect(await contentsOf(town)).toEqual(before);
}

/** What Chromium would send for each button of the page, filled in as it came. */
async function everyButton(html: string): Promise<Pressed[]> {
  await page?.setContent(html.replace(/<link[^>]*>/g, ''));
  const pressed = await page?.evaluate<Pressed[]>(`[...document.querySelectorAll('main form')].flatMap((form) =>
    [...form.querySelectorAll('button')].map((button) => ({
      action: form.getAttribute('action'),
      method: form.method,
      isMultipart: form.enctype === 'multipart/form-data',
      fields: [...new FormData(form, button)].filter(([, value]) => typeof value === 'string'),
    })))`);
  return pressed ?? [];
}

async function send(path: string, { action, method, isMultipart, fields }: Pressed): Promise<number> {
  const query = new URLSearchParams(fields);
  const to = town.url + (action || path);
  if (method === 'get') return (await fetch(`${to}?${query}`)).status;
  const body = isMultipart ? new FormData() : query;
  if (isMultipart) for (const [name, value] of fields) body.append(name, value);
  return (await fetch(to, { method: 'POST', body, redirect: 'manual' })).status;
}

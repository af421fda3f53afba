import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessibilityViolations, openBrowser, picture } from './browser.ts';

const GOOD =
  '<!doctype html><html lang="fr"><title>Demande</title><main><h1>Demande</h1><p>Bonjour 🏛️</p></main></html>';
const BAD =
  '<!doctype html><html lang="fr"><title>Demande</title><main><h1>Demande</h1><img src="x.png"></main></html>';

let browser: Browser | null;
let server: Server;

beforeAll(async () => {
  browser = await openBrowser();
  server = createServer((request, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.setHeader('content-security-policy', "default-src 'none'");
    answer.end(request.url === '/bad' ? BAD : GOOD);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  await browser?.close();
  server.close();
});

it('opens a page and takes its picture', async ({ skip }) => {
  if (browser === null) return skip('no Chromium');
  const page = await browser.newPage();
  await page.goto(`data:text/html;charset=utf-8,${encodeURIComponent(GOOD)}`);
  expect(await page.textContent('h1')).toBe('Demande');
  const png = readFileSync(await picture(page, 'browser-test'));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
});

it('judges accessibility under a strict CSP: nothing on a good page, the image without a text on a bad one', async ({
  skip,
}) => {
  if (browser === null) return skip('no Chromium');
  const page = await browser.newPage();
  const { port } = server.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/good`);
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.goto(`http://127.0.0.1:${port}/bad`);
  expect(await accessibilityViolations(page)).toMatchObject([{ rule: 'image-alt', where: ['<img src="x.png">'] }]);
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolations, openBrowser, picture } from '../support/browser.ts';
import { overflows } from './browse.ts';
import { actAndFollow, get, linkOf, openRequest, startTown, textOf, type TestTown } from './town.ts';

let town: TestTown;
let browser: Browser | null;
let id: string;

beforeAll(async () => {
  [town, browser] = await Promise.all([startTown(), openBrowser()]);
  id = await openRequest(town);
  await actAndFollow(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment: 'Pour vous.' });
  for (const words of ['Où ?', 'Quand ?', 'Depuis quand ?', 'Et <b>où</b> ?']) {
    await actAndFollow(town, await linkOf(town, id, 'department:voirie', 'message'), { comment: words });
  }
});
afterAll(async () => {
  await browser?.close();
  await town.stop();
});

const hours = (count: number) => new Date(town.ground.clock.now().getTime() + count * 3_600_000);

/** The mails of the request in order, each with one of these fates. */
async function suffer(...fates: object[]): Promise<void> {
  const { outboundEmail } = town.ground.store.db;
  const mails = await outboundEmail.findMany({ where: { requestId: id }, orderBy: { id: 'asc' } });
  for (const [i, data] of fates.entries()) await outboundEmail.update({ where: { id: mails[i]?.id ?? '' }, data });
}

async function deliveriesOf(): Promise<{ html: string; text: string }> {
  const { html } = await get(town, await linkOf(town, id, 'desk'));
  const section = /<section class="card deliveries"[\s\S]*?<\/section>/.exec(html)?.[0] ?? '';
  return { html: section, text: textOf(section) };
}

describe('the mails about a request', () => {
  beforeAll(() =>
    suffer(
      { state: 'sent', sentAt: hours(-5), response: '250 2.0.0 Ok: queued as 4F2' },
      {
        state: 'failed',
        triedAt: hours(-4),
        lastError: '552 5.2.2 <script>alert(1)</script> full',
        cause: 'mailbox_full',
      },
      {
        state: 'failed',
        sentAt: hours(-4),
        bouncedAt: hours(-3),
        lastError: '5.1.1 unknown',
        cause: 'unknown_address',
      },
      { deferredAt: hours(-2), tryAfter: hours(2), lastError: '450 4.7.1 greylisted' },
      { state: 'withheld', cause: 'pilot' },
      { state: 'written', sentAt: hours(-1), response: '20260907080000-message-1.eml' },
      { state: 'sent', sentAt: hours(-1), delayedAt: hours(0), lastError: '4.4.1 no answer' },
    ),
  );

  it('are told to agents one by one: failures first, then the newest, the oldest folded', async () => {
    const { html, text } = await deliveriesOf();
    const order = [
      /Messages qui n'ont pas pu être remis/,
      /Revenu le .* : adresse inconnue\. Réponse du serveur : 5\.1\.1 unknown/,
      /Échec le .* : boîte pleine\. Réponse du serveur : 552 5\.2\.2/,
      /Les autres messages/,
      /Envoyé, mais il tarde à arriver : parti le/,
      /Écrit dans un fichier, sans être envoyé, le .* Fichier : 20260907080000-message-1\.eml/,
      /Retenu : cette adresse ne fait pas partie de l'essai en cours/,
      /Retardé : refusé pour l'instant depuis le .* Prochain essai le .* Réponse du serveur : 450 4\.7\.1 greylisted/,
      /Envoyé le .* Réponse du serveur : 250 2\.0\.0 Ok: queued as 4F2/,
    ].map((words) => text.replaceAll('\u00a0', ' ').search(words));
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(order).not.toContain(-1);
    expect(html).not.toContain('<script>');
  });

  it('say it when sending is paused, and only then', async () => {
    expect((await deliveriesOf()).text).not.toContain('suspendus');
    town.isOutgoingPaused = true;
    expect((await deliveriesOf()).text).toContain('Les envois sont suspendus');
    expect(await (await fetch(`${town.url}/health`)).json()).toEqual({ ok: true, outgoing: 'paused' });
    town.isOutgoingPaused = false;
    expect(await (await fetch(`${town.url}/health`)).json()).toEqual({ ok: true });
  });

  it('are not the citizen’s to read', async () => {
    const { html } = await get(town, await linkOf(town, id, 'citizen'));
    expect(html).not.toContain('Réponse du serveur');
    expect(html).not.toContain('titre-envois');
  });

  it.each([
    ['a desk', { width: 1280, height: 900 }],
    ['a phone', { width: 360, height: 740 }],
  ])('fit on %s, and axe finds nothing', async (name, viewport) => {
    if (browser === null) return;
    const page = await browser.newPage({ viewport });
    await page.goto(town.url + (await linkOf(town, id, 'desk')));
    await page.locator('.deliveries details').evaluate((details) => details.setAttribute('open', ''));
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await overflows(page)).toBe(false);
    await picture(page, `deliveries-${name.replace(' ', '-')}`);
    await page.close();
  });
});

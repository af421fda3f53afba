import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Scheduler } from '../../src/jobs/scheduler.ts';
import { accessibilityViolations, openBrowser, picture } from '../support/browser.ts';
import { overflows, smallTargets } from './browse.ts';
import { lettersOf, onlyLetter } from './letters.ts';
import { dayAfter } from './scenes.ts';
import { act, actAndFollow, get, linkOf, openRequest, requestOf, startTown, textOf, type TestTown } from './town.ts';

/** What an agent reads of the legal delay, and how they suspend it (CRPA L114-5). */

const DAY = 86_400_000;
/** Silence rejects. */
const ACTES = { category: 'actes' };
const BOX = 'name="indispensable"';

let town: TestTown;

beforeEach(async () => {
  town = await startTown();
});
afterEach(async () => town.stop());

describe('the dossier', () => {
  it('says on which day silence decides, how many days are left, and how that is counted', async () => {
    const id = await openRequest(town, ACTES);
    const { silenceOn } = await requestOf(town, id);
    const page = await dossier(id);
    expect(page).toContain('Le délai légal Sans décision avant le');
    expect(page).toContain('le silence de la mairie vaudra rejet. Il reste ');
    expect(page).toContain(longDayOf(silenceOn));
    expect(page).toContain('2 mois, à partir du jour de réception (article L. 231-4');
    expect(page).toContain('La demande est reçue : le délai commence.');
    expect(page).toContain('Il vaut rejet.');
  });

  it('says nothing of it where no decision is awaited, nor when it is closed', async () => {
    expect(await dossier(await openRequest(town, { category: 'chaussee' }))).not.toContain('Le délai légal');
    const id = await openRequest(town, ACTES);
    await actAndFollow(town, await linkOf(town, id, 'desk', 'answer'), { comment: 'Voilà.' });
    expect(await dossier(id)).not.toContain('Le délai légal');
  });

  it('tells a suspension step by step, then that the delay goes on', async () => {
    const id = await openRequest(town, ACTES);
    await suspend(id, dayAfter(town, 20));
    const { silenceOn } = await requestOf(town, id);
    const page = await dossier(id);
    expect(page).toContain('Le délai est suspendu : des pièces indispensables sont attendues.');
    expect(page).toContain(`vaudra rejet le ${longDayOf(silenceOn)}`);
    expect(page).toContain("Des pièces indispensables sont demandées à l'usager : le délai est suspendu");
    expect(page).toContain('(à venir) Dernier jour donné');
    // Of two events, the one that suspended it says so.
    const lines = page.slice(page.indexOf("L'historique")).split('Délai légal : suspendu jusqu');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('a envoyé la demande');
    town.advance(13 * DAY);
    await actAndFollow(town, await linkOf(town, id, 'desk', 'edit'), {
      'was:piece:Plan': '',
      'field:piece:Plan': 'yes',
    });
    expect(await dossier(id)).toContain('le délai reprend là où il s');
    expect(await dossier(id)).toContain('Sans décision avant le');
  });

  it('says that an acceptance waits for the pieces', async () => {
    const id = await openRequest(town, { category: 'autorisation' });
    expect(await dossier(id)).toContain('vaudra acceptation');
    await suspend(id, dayAfter(town, 20));
    expect(await dossier(id)).toContain('Le délai est suspendu : il commencera, en entier');
  });

  it('says that silence has decided, that an answer is still owed, and that an alarm was raised', async () => {
    const id = await openRequest(town, ACTES);
    town.advance(70 * DAY);
    await new Scheduler(town.ground).tick();
    const page = await dossier(id, 'supervisor');
    expect(page).toContain('le silence de la mairie vaut rejet');
    expect(page).toContain('Une réponse reste due.');
    expect(page).toContain('Guichet a rappelé le délai légal');
    expect(page).toContain('Jour où le silence décide :');
    const letters = await lettersOf(town, id, ['legal_alarm']);
    expect(letters.map(({ toAddress }) => toAddress).toSorted()).toEqual(['accueil@plassans.fr', 'dgs@plassans.fr']);
    for (const { text } of letters) expect(text).toContain('Une réponse reste due.');
  });
});

describe('L114-5: the form that asks for pieces', () => {
  it('offers to say that they are indispensable, without a tick; the citizen reads that the delay is suspended', async () => {
    const id = await openRequest(town, ACTES);
    const path = await linkOf(town, id, 'desk', 'request_correction');
    const { html } = await get(town, path);
    expect(html).toContain(BOX);
    expect(html).not.toMatch(/name="indispensable"[^>]*checked/);
    await suspend(id, dayAfter(town, 15));
    const letter = await onlyLetter(town, id, 'correction');
    expect(letter.text).toMatch(/est\s+suspendu/);
    expect(letter.text).toContain('L. 114-5');
  });

  it('without the tick, suspends nothing and says nothing of it', async () => {
    const id = await openRequest(town, ACTES);
    const { silenceOn } = await requestOf(town, id);
    const path = await linkOf(town, id, 'desk', 'request_correction');
    await actAndFollow(town, path, { comment: 'Un plan ?', dueOn: dayAfter(town, 15) });
    expect(await requestOf(town, id)).toMatchObject({ silenceOn, suspensions: [] });
    expect((await onlyLetter(town, id, 'correction')).text).not.toContain('suspendu');
  });

  it('without a day: 422, said beside the day, and the tick is kept', async () => {
    const id = await openRequest(town, ACTES);
    const wrong = await act(town, await linkOf(town, id, 'desk', 'request_correction'), {
      comment: 'Un plan.',
      indispensable: 'yes',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('id="avant-le-erreur"');
    expect(wrong.html).toMatch(/name="indispensable" value="yes" checked/);
    expect(await requestOf(town, id)).toMatchObject({ status: 'new' });
  });

  it('does not offer it where there is nothing to suspend; sent all the same: 422, said beside the box', async () => {
    const id = await openRequest(town, { category: 'chaussee' });
    const path = await linkOf(town, id, 'desk', 'request_correction');
    expect((await get(town, path)).html).not.toContain(BOX);
    const wrong = await act(town, path, { comment: 'Un plan.', dueOn: dayAfter(town, 5), indispensable: 'yes' });
    expect(wrong.status).toBe(422);
    expect(wrong.html).toContain('id="indispensables-erreur"');
  });
});

describe('axe finds nothing, folded or not, on a desk and on a phone', () => {
  let browser: Browser | null;
  let page: Page | undefined;

  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser?.newPage();
  });
  afterAll(async () => browser?.close());

  it.each([
    ['a delay that runs', null],
    ['a suspended one', 'rejection'],
    ['one that waits', 'autorisation'],
  ])('%s', async (name, category) => {
    if (page === undefined) return;
    const id = await openRequest(town, category === 'autorisation' ? { category } : ACTES);
    if (category !== null) await suspend(id, dayAfter(town, 20));
    for (const viewport of [
      { width: 1280, height: 900 },
      { width: 360, height: 740 },
    ]) {
      await page.setViewportSize(viewport);
      await page.goto(town.url + (await linkOf(town, id, 'desk')));
      expect(await page.locator('.legal ol').isVisible()).toBe(false);
      await page.locator('.legal summary').press('Enter');
      expect(await page.locator('.legal ol').isVisible()).toBe(true);
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await overflows(page)).toBe(false);
      expect(await smallTargets(page)).toEqual([]);
    }
    await picture(page, `legal-${name.replaceAll(' ', '-')}`);
  });
});

async function suspend(id: string, dueOn: string): Promise<void> {
  const path = await linkOf(town, id, 'desk', 'request_correction');
  await actAndFollow(town, path, { comment: 'Il manque un plan.', otherPieces: 'Plan', dueOn, indispensable: 'yes' });
}

async function dossier(id: string, who = 'desk'): Promise<string> {
  return textOf((await get(town, await linkOf(town, id, who))).html).replaceAll('\u00a0', ' ');
}

function longDayOf(day: string | null): string {
  const format = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'full', timeZone: 'UTC' });
  return format.format(new Date(day ?? '')).replace(/ 1 /, ' 1er ');
}

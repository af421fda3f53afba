import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listsFile, parseWith } from '../../src/config-schema.ts';
import type { Action } from '../../src/domain/workflow.ts';
import { createComposer } from '../../src/outbound/compose.ts';
import { startDelivering, type Delivery } from '../../src/outbound/deliver.ts';
import { createRenderer } from '../../src/outbound/render.ts';
import { openTransport, type Transport } from '../../src/outbound/transport.ts';
import { openCode } from '../../src/sealed-code.ts';
import { linkPath } from '../../src/web/site.ts';
import { takeAction } from '../../src/web/take-action.ts';
import { accessibilityViolations, openBrowser, picture } from '../support/browser.ts';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';
import { until } from '../support/until.ts';
import { act, claimsOf, eventsOf, get, linkOf, nonceIn, openRequest, post, SECRET, startTown, textOf } from './town.ts';
import type { Shown, TestTown } from './town.ts';

/** The six digits that some actions ask for besides the link: a link alone, forwarded or found, decides none of them. */

const DESK = 'accueil@plassans.fr';
const REFUSAL = { comment: 'Hors de la commune.', told: 'yes', agent: 'Jeanne Martin' };
const MINUTE = 60_000;

let town: TestTown;
let smtp: SmtpSink;
let transport: Transport;
let delivery: Delivery;

beforeAll(async () => {
  [town, smtp] = await Promise.all([startTown(), startSmtpSink()]);
  askCodeFor(['refuse', 'drop', 'edit', 'reopen']);
  const { ground } = town;
  transport = openTransport({ host: smtp.host, port: smtp.port, secure: false, user: '', password: '' });
  const composer = createComposer(ground, await createRenderer(ground.config.town), {
    secrets: town.secrets,
    publicUrl: town.url,
  });
  delivery = await startDelivering(ground, composer, transport);
});
afterAll(async () => {
  await delivery.stop();
  await town.stop();
  transport.close();
  await smtp.stop();
});
beforeEach(() => smtp.clear());

function askCodeFor(codeFor: Action[]): void {
  town.ground.config = { ...town.ground.config, codeFor };
}

interface Asked {
  id: string;
  path: string;
  /** The page that asks for the code. */
  shown: Shown;
}

/** Somebody who holds the desk's link sends the form of a refusal. */
async function asked(action = 'refuse', fields: Record<string, string> = REFUSAL): Promise<Asked> {
  const id = await openRequest(town);
  const path = await linkOf(town, id, 'desk', action);
  return { id, path, shown: await act(town, path, fields) };
}

/** The code that was mailed last about a request, as its reader sees it. */
async function mailedCode(id: string): Promise<string> {
  const { db } = town.ground.store;
  const { messageId } = await db.outboundEmail.findFirstOrThrow({
    where: { requestId: id, kind: 'code' },
    orderBy: { id: 'desc' },
  });
  const isIt = ({ mail }: { mail: { messageId?: string | undefined } }) => mail.messageId === messageId;
  await until('the code to arrive', 20_000, async () => smtp.mails.some(isIt));
  return /^(\d{6})\r?$/m.exec(smtp.mails.find(isIt)?.mail.text ?? '')?.[1] ?? '';
}

/** A code that is not this one. */
function wrong(code: string, by = 1): string {
  return String((Number(code) + by) % 1_000_000).padStart(6, '0');
}

/** What the page would send again, and the code that was typed. */
function typed({ html }: Shown, code: string): Record<string, string> {
  return { ...hiddenIn(html), code };
}

function hiddenIn(html: string): Record<string, string> {
  const first = html.slice(html.indexOf('<form'), html.indexOf('</form>'));
  const found = [...first.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, value.replaceAll('&#39;', "'")]));
}

async function type(path: string, shown: Shown, code: string): Promise<Shown> {
  town.advance(2_000);
  return post(town, path, typed(shown, code));
}

describe('whoever holds a link', () => {
  it('gets a page that asks for a code, which goes to the address of the link alone; nothing is decided', async () => {
    const { id, shown } = await asked();
    expect(shown.status).toBe(200);
    expect(textOf(shown.html)).toContain(`Un code à six chiffres vient d'être envoyé à ${DESK}`);
    expect(textOf(shown.html)).toContain("Rien n'est encore enregistré");
    const code = await mailedCode(id);
    expect(code).toMatch(/^\d{6}$/);
    expect(await eventsOf(town, id)).toEqual(['receive']);
    const mails = await town.ground.store.db.outboundEmail.findMany({ where: { requestId: id, kind: 'code' } });
    expect(mails.map(({ toAddress }) => toAddress)).toEqual([DESK]);
    const sunk = smtp.mails.filter(({ mail }) => mail.text?.includes(code));
    expect(sunk.map(({ envelope }) => envelope.to)).toEqual([[DESK]]);
    expect(sunk[0]?.mail.text).not.toContain('/a/');
  });

  it('decides once with the right code, however often the button is pressed', async () => {
    const { id, path, shown } = await asked();
    const code = await mailedCode(id);
    const first = await type(path, shown, `${code.slice(0, 3)} ${code.slice(3)}`);
    expect(first.status).toBe(303);
    const again = await type(path, shown, code);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    const result = await get(town, first.headers.get('location') ?? '');
    expect(textOf(result.html)).toContain('Jeanne Martin');
    expect(await eventsOf(town, id)).toEqual(['receive', 'refuse']);
    const event = await town.ground.store.db.event.findFirstOrThrow({ where: { requestId: id, action: 'refuse' } });
    expect(event.comment).toBe(REFUSAL.comment);
    expect(JSON.stringify(event)).not.toContain(code);
  });

  it('pressed at once from ten places, or sent from two pages, one code decides once', async () => {
    const { id, path, shown } = await asked();
    const code = await mailedCode(id);
    const other = await type(path, shown, wrong(code));
    town.advance(2_000);
    const answers = await Promise.all(
      [shown, other].flatMap((page) =>
        Array.from({ length: 5 }, async () => (await post(town, path, typed(page, code))).status),
      ),
    );
    expect(answers.filter((status) => status === 303).length).toBeGreaterThanOrEqual(5);
    expect(await eventsOf(town, id)).toEqual(['receive', 'refuse']);
    expect(
      await town.ground.store.db.stepUpCode.count({ where: { usedAt: { not: null }, link: { requestId: id } } }),
    ).toBe(1);
  });

  it('is told of a mistake, of a rule that says no, before any code is mailed', async () => {
    const { id, path, shown } = await asked('refuse', { told: 'yes' });
    expect(shown.status).toBe(422);
    const form = await get(town, path);
    await act(town, await linkOf(town, id, 'desk', 'accept'), { told: 'no', comment: 'Oui' });
    town.advance(2_000);
    const late = await post(town, path, { nonce: nonceIn(form.html), ...REFUSAL });
    expect(late.status).toBe(409);
    expect(await town.ground.store.db.stepUpCode.count({ where: { link: { requestId: id } } })).toBe(0);
  });

  it('asks for none where the setting asks for none', async () => {
    const id = await openRequest(town);
    expect((await act(town, await linkOf(town, id, 'desk', 'accept'), { told: 'no' })).status).toBe(303);
  });
});

describe('a wrong code', () => {
  it('says how many tries remain; after the fifth the link is locked for 15 minutes, even for the right one', async () => {
    const { id, path, shown } = await asked();
    const code = await mailedCode(id);
    let page = shown;
    for (const left of ['4 essais', '3 essais', '2 essais', 'un seul essai']) {
      page = await type(path, page, wrong(code));
      expect(page.status).toBe(422);
      expect(textOf(page.html)).toContain(`Il vous reste ${left}.`);
    }
    const locked = await type(path, page, wrong(code));
    expect(locked.status).toBe(429);
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(14 * 60);
    expect(textOf(locked.html)).toContain('Réessayez après le');
    const sixth = await type(path, page, wrong(code));
    const right = await type(path, page, code);
    const another = await act(town, path, REFUSAL);
    const elsewhere = await act(town, await linkOf(town, id, 'desk', 'drop'), { comment: 'Non', told: 'no' });
    expect([sixth, right, another, elsewhere].map(({ status }) => status)).toEqual([429, 429, 429, 429]);
    expect(await eventsOf(town, id)).toEqual(['receive']);

    town.advance(15 * MINUTE);
    const fresh = await act(town, path, REFUSAL);
    expect(fresh.status).toBe(200);
    expect((await type(path, fresh, await mailedCode(id))).status).toBe(303);
  });

  it('counts on: neither a new code nor another action gives more tries', async () => {
    const { id, path, shown } = await asked();
    const code = await mailedCode(id);
    for (let i = 0; i < 3; i++) await type(path, shown, wrong(code));
    town.advance(MINUTE);
    const drop = await linkOf(town, id, 'desk', 'drop');
    const page = await act(town, drop, { comment: 'Sans objet', told: 'no' });
    expect(page.status).toBe(200);
    expect(textOf((await type(drop, page, wrong(await mailedCode(id)))).html)).toContain('un seul essai');
    expect((await type(path, shown, wrong(code))).status).toBe(429);
  });

  it('is judged one at a time: fifty at once have five tries', async () => {
    const { id, path, shown } = await asked();
    const code = await mailedCode(id);
    town.advance(2_000);
    const site = { ground: town.ground, secrets: town.secrets, publicUrl: town.url };
    const { nonce = '', ...fields } = hiddenIn(shown.html);
    const send = (guess: string) => {
      const lists = Object.entries({ ...fields, nonce, code: guess }).map(([name, value]) => [name, [value]]);
      return takeAction(site, path.slice('/a/'.length), { fields: Object.fromEntries(lists), files: [] });
    };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => send(wrong(code, i + 1))));
    const statuses = answers.map((answer) => (answer.kind === 'page' ? answer.status : 303));
    expect(statuses.filter((status) => status === 422)).toHaveLength(4);
    expect(statuses.filter((status) => status === 429)).toHaveLength(46);
    const rows = await town.ground.store.db.stepUpCode.findMany({ where: { link: { requestId: id } } });
    expect(rows.map(({ tries }) => tries)).toEqual([5]);
    expect(await eventsOf(town, id)).toEqual(['receive']);
  });

  it('is not counted when it is no code at all', async () => {
    const { path, shown } = await asked();
    for (const code of ['', '12345', 'abcdef', '1234567']) {
      const page = await type(path, shown, code);
      expect(page.status).toBe(422);
      expect(textOf(page.html)).toContain('Il faut les six chiffres du code');
    }
    expect(textOf((await type(path, shown, '000000')).html)).toMatch(/4 essais|Demande/);
  });
});

describe('a code is for', () => {
  it('one link', async () => {
    const [mine, other] = [await asked(), await asked()];
    const answer = await type(mine.path, mine.shown, await mailedCode(other.id));
    expect(answer.status).toBe(422);
    expect(await eventsOf(town, mine.id)).toEqual(['receive']);
  });

  it('one action', async () => {
    const { id, shown } = await asked();
    const code = await mailedCode(id);
    const drop = await linkOf(town, id, 'desk', 'drop');
    const form = await get(town, drop);
    town.advance(2_000);
    const sent = { nonce: nonceIn(form.html), comment: 'Sans objet', told: 'no', code };
    const none = await post(town, drop, sent);
    expect(none.status).toBe(422);
    expect(textOf(none.html)).toContain("Aucun code n'a été envoyé pour cette action");
    expect((await post(town, drop, { ...sent, nonce: nonceIn(shown.html) })).status).toBe(403);
    expect(await eventsOf(town, id)).toEqual(['receive']);
  });

  it('ten minutes; then another can be asked for with one button, and the first stays worthless', async () => {
    const { id, path, shown } = await asked();
    const old = await mailedCode(id);
    town.advance(10 * MINUTE);
    const late = await type(path, shown, old);
    expect(late.status).toBe(422);
    expect(textOf(late.html)).toContain("Ce code n'est plus valable");
    town.advance(2_000);
    const again = await post(town, path, hiddenIn(late.html));
    expect(textOf(again.html)).toContain("vient d'être envoyé");
    const code = await mailedCode(id);
    if (code !== old) expect((await type(path, again, old)).status).toBe(422);
    expect((await type(path, again, code)).status).toBe(303);
    const event = await town.ground.store.db.event.findFirstOrThrow({ where: { requestId: id, action: 'refuse' } });
    expect(event.comment).toBe(REFUSAL.comment);
  });

  it('one decision', async () => {
    const edit = { 'was:citizenPhone': '', 'field:citizenPhone': '06 00 00 00 00', confirm: 'yes' };
    const { id, path, shown } = await asked('edit', edit);
    const code = await mailedCode(id);
    expect((await type(path, shown, code)).status).toBe(303);
    const form = await get(town, path);
    town.advance(2_000);
    const more = {
      ...edit,
      'was:citizenPhone': '06 00 00 00 00',
      'field:citizenPhone': '07',
      nonce: nonceIn(form.html),
    };
    const answer = await post(town, path, { ...more, code });
    expect(answer.status).toBe(422);
    expect(textOf(answer.html)).toContain('Ce code a déjà servi');
    expect(await eventsOf(town, id)).toEqual(['receive', 'edit']);
  });
});

describe('codes are mailed', () => {
  it('at most once a minute, and six times an hour; the one that was mailed still holds', async () => {
    const { id, path, shown } = await asked();
    const first = await mailedCode(id);
    town.advance(2_000);
    const soon = await post(town, path, hiddenIn(shown.html));
    expect(textOf(soon.html)).toContain('encore valable, a déjà été envoyé');
    for (let i = 0; i < 7; i++) {
      town.advance(MINUTE);
      expect((await post(town, path, hiddenIn(shown.html))).status).toBe(200);
    }
    expect(await town.ground.store.db.outboundEmail.count({ where: { requestId: id, kind: 'code' } })).toBe(6);
    expect(await mailedCode(id)).not.toBe('');
    town.advance(11 * MINUTE);
    const none = await post(town, path, hiddenIn(shown.html));
    expect(none.status).toBe(429);
    expect(textOf(none.html)).toContain('Trop de codes demandés');
    expect(first).toMatch(/^\d{6}$/);
  });

  it('and are in clear nowhere: not in the database, not in the log, not in an address, not in the page', async () => {
    const { id, path, shown } = await asked();
    const code = await mailedCode(id);
    const { db } = town.ground.store;
    const [mail] = await db.outboundEmail.findMany({ where: { requestId: id, kind: 'code' } });
    const facts = mail?.facts as { sealed: string; codeId: string };
    expect(openCode(facts.sealed, facts.codeId, ['another-secret', SECRET])).toBe(code);
    expect(openCode(facts.sealed, facts.codeId, ['another-secret'])).toBe('');
    expect(openCode(facts.sealed, id, [SECRET])).toBe('');
    const done = await type(path, shown, code);
    const rows = await Promise.all([
      db.outboundEmail.findMany({ where: { requestId: id }, select: { facts: true } }),
      db.stepUpCode.findMany({ where: { link: { requestId: id } }, select: { hash: true, action: true } }),
      db.event.findMany({ where: { requestId: id }, select: { details: true, comment: true } }),
    ]);
    // Among quotes: an id may hold any six digits.
    for (const text of [JSON.stringify(rows), JSON.stringify(town.logged)]) expect(text).not.toContain(`"${code}"`);
    for (const text of [done.headers.get('location') ?? '', shown.html]) expect(text).not.toContain(code);
  });
});

it('a citizen who reopens their request is asked for no code', async () => {
  expect(town.ground.config.codeFor).toContain('reopen');
  const id = await openRequest(town);
  await act(town, await linkOf(town, id, 'desk', 'accept'), { told: 'yes', comment: 'Oui' });
  town.advance(2 * MINUTE);
  const site = { ground: town.ground, secrets: town.secrets, publicUrl: town.url };
  const reopen = linkPath('citizen', await claimsOf(town, id, 'citizen', 'reopen'), 'reopen', site);
  expect((await act(town, reopen, { comment: 'Le trou est revenu.' })).status).toBe(303);
  expect(await eventsOf(town, id)).toEqual(['receive', 'accept', 'reopen']);
});

it.each(['message', 'answer', 'note', 'attach', 'undo'])('%s cannot be in the setting', (action) => {
  const issue = { path: ['codeFor', 1], expected: 'codeAction' };
  expect(parseWith(listsFile, { codeFor: ['refuse', action] })).toEqual({ issues: [issue] });
});

describe('in a browser', () => {
  let browser: Browser | null;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  beforeEach(({ skip }) => {
    if (browser === null) skip('no Chromium');
  });
  afterAll(async () => browser?.close());

  it('without JavaScript, by keyboard alone: the form, the code, the result', async () => {
    if (browser === null) return;
    const id = await openRequest(town);
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(town.url + (await linkOf(town, id, 'desk', 'refuse')));
    town.advance(2_000);
    await page.locator('textarea').fill(REFUSAL.comment);
    await page.locator('[name=told][value=no]').check();
    await page.locator('main form.screen[method=post] button').last().focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('#code');
    const code = await mailedCode(id);
    town.advance(2_000);
    await page.locator('a.skip').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
    await page.waitForURL(/done=/);
    expect(await eventsOf(town, id)).toEqual(['receive', 'refuse']);
    await context.close();
  });

  it.each([
    ['desktop', { width: 1280, height: 900 }],
    ['phone', { width: 360, height: 740 }],
  ])('on a %s axe finds nothing and nothing overflows, in every state of the page', async (size, viewport) => {
    if (browser === null) return;
    const page = await browser.newPage({ viewport });
    const look = async (state: string) => {
      expect(await accessibilityViolations(page), state).toEqual([]);
      const fits = 'document.documentElement.scrollWidth <= document.documentElement.clientWidth';
      expect(await page.evaluate(fits), state).toBe(true);
      expect(await page.locator('h1').count()).toBe(1);
      await picture(page, `page-code-${state}-${size}`);
    };
    const submit = async (code: string) => {
      await page.locator('#code').fill(code);
      town.advance(2_000);
      await page.locator('main form').first().locator('button').click();
      await page.waitForLoadState('load');
    };
    const id = await openRequest(town);
    await page.goto(town.url + (await linkOf(town, id, 'desk', 'drop')));
    await page.locator('textarea').fill('Cette demande n’a plus d’objet.\nLe trou a été rebouché hier.');
    await page.locator('[name=told][value=yes]').check();
    town.advance(2_000);
    await page.locator('main form.screen[method=post] button').last().click();
    await page.waitForSelector('#code');
    await look('sent');
    const code = await mailedCode(id);
    await submit('12');
    await look('malformed');
    for (let i = 0; i < 4; i++) await submit(wrong(code));
    await look('wrong');
    await submit(wrong(code));
    await look('locked');
    await page.close();
  });
});

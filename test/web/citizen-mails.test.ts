import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withoutLiveLinks } from '../../src/domain/relay.ts';
import { createComposer, type Composer } from '../../src/outbound/compose.ts';
import { createRenderer } from '../../src/outbound/render.ts';
import { citizenLink, actAsCitizen, officeDoes, passUndoWindow } from './citizens.ts';
import { get, openRequest, PNG, post, startTown, textOf, type TestTown } from './town.ts';

/** What a citizen's mails lead to: the links as they are mailed, opened one by one. */

let town: TestTown;
let composer: Composer;

beforeAll(async () => {
  town = await startTown();
  const renderer = await createRenderer(town.ground.config.town);
  composer = createComposer(town.ground, renderer, { secrets: town.secrets, publicUrl: town.url });
});
afterAll(async () => town.stop());
beforeEach(() => town.advance(11 * 60_000));

/** The newest mail of a kind to a citizen: its text, and the paths of its links. */
async function mailed(kind: string, toAddress = 'zoe@example.org') {
  const mail = await town.ground.store.db.outboundEmail.findFirstOrThrow({
    where: { kind, toAddress },
    orderBy: { id: 'desc' },
    include: { links: true },
  });
  const again = async () => {
    const { text, html } = await composer.compose(mail);
    return `${text as string} ${html as string}`;
  };
  const both = await again();
  const paths = [...new Set([...both.matchAll(/\/[a-z]\/eyJ[\w.-]+/g)].map(([path]) => path))];
  return { both, paths, again };
}

const titleOf = async (path: string) => /<title>([^<]*)/.exec((await get(town, path)).html)?.[1] ?? '';

describe('G09: the mails of a citizen', () => {
  it('lead to their page, and to no agent’s', async () => {
    await openRequest(town);
    const { paths, both } = await mailed('acknowledgement');
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) expect(path.slice(0, 3)).toBe('/d/');
    expect(both).not.toMatch(/\/a\/eyJ/);
    expect(textOf((await get(town, paths[0] ?? '')).html)).toContain('Un nid-de-poule rue des Lilas');
  });

  it('sent again, carry the same links', async () => {
    await openRequest(town);
    const first = await mailed('acknowledgement');
    town.advance(3_600_000);
    const again = await first.again();
    for (const path of first.paths) expect(again).toContain(path);
  });

  it('a demand leads to the form that answers it', async () => {
    const id = await openRequest(town);
    await officeDoes(town, id, { action: 'request_correction', comment: 'Une photo ?' });
    const titles = await Promise.all((await mailed('correction')).paths.map(titleOf));
    expect(titles.join()).toContain('Ajouter un message ou une pièce');
  });

  it('are in the language that an agent chose on the sheet; the agents’ stay in French', async () => {
    const id = await openRequest(town);
    expect((await mailed('acknowledgement')).both).toContain('Nous avons bien reçu votre demande');
    const fields = [{ field: 'citizenLanguage', was: '', value: 'en' }];
    await officeDoes(town, id, { action: 'edit', fields });
    await officeDoes(town, id, { action: 'refuse', comment: 'Hors de la commune.' });
    passUndoWindow(town);
    const { both } = await mailed('decision');
    expect(both).toMatch(/Your request has been\s+refused/);
    expect(both).toContain('lang="en"');
    expect(both).toContain('Hors de la commune.');
    expect((await mailed('new_request', 'accueil@plassans.fr')).both).toContain('Nouvelle demande');
  });

  it('are in the town’s language where nothing was chosen', async () => {
    const { config } = town.ground;
    town.ground.config = { ...config, town: { ...config.town, citizenLanguage: 'en' } };
    await openRequest(town);
    const { both } = await mailed('acknowledgement');
    town.ground.config = config;
    expect(both).toContain('We have received your request');
  });

  it('G14: a decision leads to reopening, within its window', async () => {
    const id = await openRequest(town);
    await officeDoes(town, id, { action: 'refuse', comment: 'Hors de la commune.' });
    passUndoWindow(town);
    const mail = await mailed('decision');
    expect((await Promise.all(mail.paths.map(titleOf))).join()).toMatch(/Ma demande n(&#39;|')est pas résolue/);
    town.advance((town.ground.config.schedule.reopenDays + 1) * 86_400_000);
    expect((await Promise.all((await mailed('decision')).paths.map(titleOf))).join()).not.toContain('résolue');
  });

  it('an older mail that leaves late says nothing of a decision that can still be undone', async () => {
    const id = await openRequest(town);
    await officeDoes(town, id, { action: 'accept' });
    const { both } = await mailed('acknowledgement');
    expect(both).not.toMatch(/Terminée|acceptée/);
  });

  it('a new address is confirmed by its mail; the old one is told, without a link', async () => {
    const id = await openRequest(town, { address: 'avant@example.org' });
    const fields = [{ field: 'citizenAddress', was: 'avant@example.org', value: 'apres@example.org' }];
    await officeDoes(town, id, { action: 'edit', fields });
    const { paths } = await mailed('confirm_address', 'apres@example.org');
    expect(paths).toHaveLength(1);
    expect(await titleOf(paths[0] ?? '')).toContain('Confirmer mon adresse');
    await actAsCitizen(town, id, 'confirm_address', { confirm: 'yes' });
    const told = await mailed('address_changed', 'avant@example.org');
    expect(told.paths).toEqual([]);
    expect(told.both).not.toContain('apres@example.org');
    expect((await mailed('acknowledgement', 'avant@example.org')).paths).toEqual([]);
  });

  it('a piece of the town’s message opens from the mail', async () => {
    const content = Buffer.concat([PNG, Buffer.from('mail')]);
    const piece = { fileName: 'plan.png', contentType: 'image/png', content, sha256: 'f'.repeat(64), inline: false };
    const id = await openRequest(town);
    await officeDoes(town, id, { action: 'message', comment: 'Le plan.', hasAttachments: true }, 'desk', [piece]);
    const [path = ''] = (await mailed('message')).paths.filter((each) => each.startsWith('/f/'));
    expect((await get(town, path)).status).toBe(200);
  });
});

describe('G04: the mail of « mes demandes »', () => {
  it('names each request with its link, and leads to the page of all', async () => {
    const address = 'liste@example.org';
    const [one, other] = [
      await openRequest(town, { address, subject: 'La cantine' }),
      await openRequest(town, { address, subject: 'Le lampadaire' }),
    ];
    await officeDoes(town, one, { action: 'refuse', comment: 'PAS-ENCORE' });
    await post(town, '/mes-demandes', { address });
    const { both, paths } = await mailed('my_requests', address);
    expect(both).toContain('La cantine');
    expect(both).toContain('Le lampadaire');
    expect(both).not.toMatch(/PAS-ENCORE|refusée/);
    const pages = await Promise.all(paths.map(async (path) => textOf((await get(town, path)).html)));
    expect(paths.map((path) => path.slice(0, 3)).toSorted()).toEqual(['/d/', '/d/', '/m/']);
    const list = pages[paths.findIndex((path) => path.startsWith('/m/'))];
    expect(list).toContain('La cantine');
    expect(list).toContain('Le lampadaire');
    expect(other).not.toBe(one);
  });

  it('a fresh link leads to the request', async () => {
    const id = await openRequest(town, { address: 'frais@example.org' });
    const { reference } = await town.ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
    await post(town, '/suivi/lien', { reference, address: 'frais@example.org' });
    const { paths } = await mailed('follow_link', 'frais@example.org');
    expect(textOf((await get(town, paths[0] ?? '')).html)).toContain('nid-de-poule');
  });
});

describe('S9: a citizen’s link quoted in a mail', () => {
  it('is taken out of what is relayed', async () => {
    const path = await citizenLink(town, await openRequest(town));
    const { mailbox } = town.ground.config.town;
    for (const quoted of [`> ${town.url}${path}`, `${town.url}${path.replace('/d/', '/m/')}`]) {
      expect(withoutLiveLinks(`Bonjour\n${quoted}`, town.url, mailbox)).not.toContain(path.slice(3, 60));
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPdf } from '../support/read-pdf.ts';
import { fullRequest, longRequest, requestOnHold } from './scenes.ts';
import { act, actAndFollow, get, linkOf, openRequest, startTown, textOf, type TestTown } from './town.ts';

let town: TestTown;
let full: string;

beforeAll(async () => {
  town = await startTown();
  full = await fullRequest(town);
});
afterAll(async () => town.stop());

const VOIRIE = 'department:voirie';

describe('N03–N06: the dossier', () => {
  it('has the number, the status and since when, the origin, the office and the agent', async () => {
    const page = textOf((await get(town, await linkOf(town, full, VOIRIE))).html);
    expect(page).toMatch(/Demande n° \d{4}-\d{6} Nid-de-poule dangereux devant le 12, rue des Lilas/);
    expect(page).toMatch(/En attente de correction depuis le \w+ \d+/);
    expect(page).toMatch(/Reçue le .* par courriel En charge Voirie, Jeanne Martin 04 42 00 00 20/);
    expect(page).toContain('Catégorie Chaussée et trottoirs Lieu exact Devant le 12, rue des Lilas');
    expect(page).toContain('Mots-clés urgent Partagée avec Urbanisme');
  });

  it('C16: says who asks: name, organisation, addresses, telephone', async () => {
    const page = textOf((await get(town, await linkOf(town, full, VOIRIE))).html);
    expect(page).toContain('Usager Zoé Dupont Vélo-club de Plassans zoe@example.org zoe.dupont@example.net');
    expect(page).toContain('Téléphone : 06 00 00 00 00 12, rue des Lilas 13100 Plassans');
  });

  it('C17: says who treats it: office, agent, telephone, address', async () => {
    const page = textOf((await get(town, await linkOf(town, full, 'desk'))).html);
    expect(page).toContain('En charge Voirie, Jeanne Martin 04 42 00 00 20 – voirie@plassans.fr');
  });

  it('C18: shows what was written, and folds what was quoted', async () => {
    const { html } = await get(town, await linkOf(town, full, VOIRIE));
    expect(html).toMatch(
      /<details class="elided"><summary>Afficher le texte cité<\/summary><div class="words">&gt; Le 3/,
    );
    expect(textOf(html)).toContain('Réponse automatique de Zoé Dupont');
  });

  it('N14, C21: lists the pieces with their size', async () => {
    const page = textOf((await get(town, await linkOf(town, full, VOIRIE))).html);
    expect(page).toContain('Constat amiable – vélo – rue des Lilas – 20 novembre 2026.pdf 240 ko');
  });

  it('tells of mails that could not be delivered', async () => {
    const page = textOf((await get(town, await linkOf(town, full, VOIRIE))).html);
    expect(page).toMatch(/Messages qui n'ont pas pu être remis .* 550 5\.1\.1 User unknown/);
  });

  it('says why it waits', async () => {
    const page = textOf((await get(town, await linkOf(town, await requestOnHold(town), VOIRIE))).html);
    expect(page).toContain("En attente Intervention d'une entreprise attendue");
  });

  it('N23: asks what becomes of a request that is late', async () => {
    const id = await longRequest(town);
    const dueAt = new Date(town.ground.clock.now().getTime() - 60_000);
    await town.ground.store.db.serviceRequest.update({ where: { id }, data: { dueAt } });
    const page = textOf((await get(town, await linkOf(town, id, VOIRIE))).html);
    expect(page).toContain('En cours En retard');
    expect(page).toContain("Toujours d'actualité ?");
  });
});

describe('the thread', () => {
  it('shows what decisions say to the citizen among the messages, and which of them was taken back', async () => {
    const id = await openRequest(town);
    await act(town, await linkOf(town, id, 'desk', 'request_correction'), { comment: 'Il nous faut une photo.' });
    await act(town, await linkOf(town, id, 'desk', 'refuse'), { comment: 'Hors de la commune.', told: 'yes' });
    await act(town, await linkOf(town, id, 'desk', 'undo'), { confirm: 'yes' });
    const page = textOf((await get(town, await linkOf(town, id, 'desk'))).html);
    const thread = page.slice(page.indexOf('Les échanges'), page.indexOf("L'historique"));
    expect(thread).toMatch(
      /Un trou profond.*Il nous faut une photo\..*Annulé avant d'être envoyé.*Hors de la commune\./,
    );
  });

  it('says of words that no mail brought to the citizen that none did', async () => {
    const id = await openRequest(town);
    await act(town, await linkOf(town, id, 'desk', 'drop'), { comment: 'Réglé de vive voix.', told: 'no' });
    const page = textOf((await get(town, await linkOf(town, id, 'desk'))).html);
    expect(page).toMatch(/Aucun message n'a été envoyé à l'usager Réglé de vive voix\./);
  });
});

describe('C20, N17, N18, S25: the history', () => {
  const STEPS = [
    'a envoyé la demande',
    'a transmis la demande',
    'a pris en charge la demande',
    'a écrit une note interne',
    "a écrit à l'usager",
    'a posé un jalon',
    'a corrigé la fiche',
    'a choisi les mots-clés',
    'a partagé la demande avec un collègue',
    'a ajouté une pièce',
    'a mis la demande en attente',
    'a repris le traitement',
    'a préparé une réponse',
    "a demandé un complément à l'usager",
  ];

  it('begins with the newest step, or with the oldest when asked', async () => {
    const path = await linkOf(town, full, VOIRIE);
    const newest = await get(town, path);
    expect(stepsIn(newest.html)).toEqual(STEPS.toReversed());
    const other = /href="([^"]+\?ordre=ancien)#titre-historique"/.exec(newest.html)?.[1] ?? '';
    const oldest = await get(town, other);
    expect(stepsIn(oldest.html)).toEqual(STEPS);
    expect(textOf(oldest.html)).toContain('Commencer par le plus récent');
  });

  it('says who, when, from which status to which, from whom to whom, and the words', async () => {
    const page = textOf((await get(town, await linkOf(town, full, VOIRIE))).html);
    expect(page).toContain('Accueil a transmis la demande Accueil → Voirie Un accident a déjà eu lieu');
    expect(page).toContain('Jeanne Martin (Voirie) a mis la demande en attente En cours → En attente Jusqu');
    expect(page).toContain('Adresse électronique : zoe@example.org → zoe.dupont@example.net (à confirmer');
    expect(page).toContain('Partagée avec : Urbanisme Votre avis sur le permis voisin ?');
  });

  function stepsIn(html: string): string[] {
    const text = textOf(html.slice(html.indexOf('class="plain timeline"'), html.indexOf('<footer')));
    const found = STEPS.flatMap((step) =>
      [...text.matchAll(new RegExp(step, 'g'))].map(({ index }) => ({ step, index })),
    );
    return found.toSorted((one, other) => one.index - other.index).map(({ step }) => step);
  }
});

describe('J09, C09: on paper', () => {
  it('the whole dossier as PDF, oldest first, with nothing of what only a screen can do', async () => {
    const path = await linkOf(town, full, VOIRIE);
    const { html } = await get(town, path);
    const pdf = /href="([^"]+\/dossier\.pdf)"/.exec(html)?.[1] ?? '';
    const response = await fetch(town.url + pdf);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    const { text } = readPdf(new Uint8Array(await response.arrayBuffer()));
    expect(text).toContain('Nid-de-poule dangereux');
    expect(text.indexOf('a transmis la demande')).toBeLessThan(text.indexOf('a posé un jalon'));
    expect(text).not.toContain('eyJ');
  });
});

describe('a form that comes too late', () => {
  it('says who did what, keeps the words, and proposes what can be done still', async () => {
    const id = await longRequest(town);
    const path = await linkOf(town, id, VOIRIE, 'refuse');
    const nonce = /name="nonce" value="([^"]+)"/.exec((await get(town, path)).html)?.[1] ?? '';
    await actAndFollow(town, await linkOf(town, id, VOIRIE, 'accept'), { told: 'yes', agent: 'Jeanne Martin' });
    const body = new URLSearchParams({ nonce, told: 'yes', comment: 'Hors commune.' });
    const late = await fetch(town.url + path, { method: 'POST', body, redirect: 'manual' });
    expect(late.status).toBe(409);
    const page = textOf(await late.text());
    expect(page).toContain('Dernière décision : Jeanne Martin (Voirie) a accepté la demande, le');
    expect(page).toContain('Reprendre le texte que vous aviez écrit Hors commune.');
    expect(page).toContain('Ce que vous pouvez encore faire est proposé ci-dessous.');
  });

  it('C24: who opens a link for what is done already reads that it is not possible any more', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'take_charge');
    await act(town, path, { told: 'no' });
    const { html, status } = await get(town, path);
    expect(status).toBe(200);
    expect(textOf(html)).toContain("Cette action n'est plus possible Dernière décision : Accueil a pris en charge");
    expect(html).not.toContain('name="nonce"');
  });
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordAutomatic } from '../../src/domain/occurrences.ts';
import { decideOn } from '../../src/store/decide-on.ts';
import { newId } from '../../src/store/ids.ts';
import { citizenFile, citizenLink, officeDoes, passUndoWindow } from './citizens.ts';
import { get, openRequest, PNG, startTown, textOf, type TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());
beforeEach(() => town.advance(11 * 60_000));

const follow = async (id: string) => textOf((await get(town, await citizenLink(town, id))).html);

describe('G09: the link in the acknowledgement follows the request', () => {
  it('says in plain words where it stands, who has it with their phone, and since when', async () => {
    const id = await openRequest(town);
    const page = await follow(id);
    expect(page).toContain('Un nid-de-poule rue des Lilas');
    expect(page).toContain('État Reçue');
    expect(page).toContain('Suivie par Accueil Téléphone :');
    expect(page).toContain(town.ground.config.town.desk.phone.replace(/\u00a0/g, ' '));
    await officeDoes(town, id, { action: 'transfer', department: 'voirie', comment: 'Consignes internes' });
    const transferred = await follow(id);
    expect(transferred).toContain('Transmise à Voirie pour traitement');
    expect(transferred).not.toContain('Consignes internes');
    await officeDoes(town, id, { action: 'take_charge' }, 'voirie');
    expect(await follow(id)).toContain('En cours de traitement');
    await officeDoes(town, id, { action: 'hold', comment: 'Le chef est en congé' }, 'voirie');
    const onHold = await follow(id);
    expect(onHold).toContain('État En cours');
    expect(onHold).not.toContain('congé');
  });

  it('C29: what is asked of the citizen is shown: the words, the pieces, the day', async () => {
    const id = await openRequest(town);
    const dueOn = new Date(town.ground.clock.now().getTime() + 10 * 86_400_000).toISOString().slice(0, 10);
    const asked = { pieces: ['Une photo', 'Un plan'], dueOn };
    await officeDoes(town, id, { action: 'request_correction', comment: 'Il nous manque une photo.', ...asked });
    const page = await follow(id);
    expect(page).toContain('Informations complémentaires requises');
    expect(page).toContain('Votre réponse est attendue, au plus tard le');
    expect(page).toContain('Il nous manque une photo.');
    expect(page).toContain('Un plan – à envoyer');
  });
});

describe('G15: the thread as the citizen may see it', () => {
  it('holds their words, the town’s words to them and the decision; no note, no robot, no third person, no address', async () => {
    const id = await openRequest(town, { elided: 'CITE-DANS-LE-MAIL' });
    const jeanne = town.ground.config.town.agents[0];
    const actor = {
      role: 'desk' as const,
      department: null,
      name: 'Jeanne Martin',
      address: jeanne?.address ?? 'jeanne@plassans.fr',
    };
    await officeDoes(town, id, { action: 'note', comment: 'NOTE-SECRETE', actor });
    await officeDoes(town, id, { action: 'message', comment: 'Nous passons demain.', actor });
    await officeDoes(town, id, { action: 'draft', comment: 'BROUILLON-SECRET', actor });
    const third = { role: 'third_party' as const, department: null, name: 'M. Tiers', address: 'tiers@example.net' };
    await officeDoes(town, id, { action: 'third_party_message', comment: 'MOT-DU-TIERS', actor: third });
    const zoe = { role: 'citizen' as const, department: null, name: 'Zoé Dupont', address: 'zoe@example.org' };
    const robot = recordAutomatic(zoe, 'ABSENCE-DU-ROBOT', '');
    await decideOn(town.ground, id, () => robot, { id: `test:${newId()}` });
    await officeDoes(town, id, { action: 'transfer', department: 'voirie', comment: 'CONSIGNE-SECRETE' });
    await officeDoes(town, id, { action: 'send_back', comment: 'RENVOI-SECRET' }, 'voirie');
    await officeDoes(town, id, { action: 'refuse', comment: 'La voie est départementale.' });
    passUndoWindow(town);
    const { html } = await get(town, await citizenLink(town, id));
    const page = textOf(html);
    expect(page).toContain('Un trou profond');
    expect(page).toContain('Jeanne Martin, Accueil');
    expect(page).toContain('Nous passons demain.');
    expect(page).toContain('Votre demande est refusée');
    expect(page).toContain('La voie est départementale.');
    expect(page).toContain('Tribunal administratif de Marseille');
    expect(html).not.toMatch(/SECRET|TIERS|ROBOT|Tiers|CITE-DANS/);
    expect(html).not.toContain(actor.address);
    expect(html).not.toContain('zoe@example.org');
  });

  it('an agent’s words that were kept from the citizen’s mail are not on their page', async () => {
    const id = await openRequest(town);
    const told = { isTold: false, subject: '', replacesBody: false };
    await officeDoes(town, id, { action: 'drop', comment: 'CLASSE-SANS-LE-DIRE', told });
    passUndoWindow(town);
    const page = await follow(id);
    expect(page).toContain('Terminée : classée sans suite');
    expect(page).not.toContain('CLASSE-SANS-LE-DIRE');
  });

  it('a duplicate names the other request when it is theirs, a reorientation the administration', async () => {
    const originalOf = async (id: string) => {
      const { reference, citizenAddress } = await town.ground.store.db.serviceRequest.findUniqueOrThrow({
        where: { id },
      });
      return { id, reference, citizenAddress };
    };
    const own = await originalOf(await openRequest(town));
    const others = await originalOf(await openRequest(town, { address: 'voisin@example.org' }));
    const [twice, like, away] = [await openRequest(town), await openRequest(town), await openRequest(town)];
    await officeDoes(town, twice, { action: 'merge', original: own });
    await officeDoes(town, like, { action: 'merge', original: others });
    await officeDoes(town, away, {
      action: 'reorient',
      comment: 'Adressez-vous à elle.',
      administration: 'La préfecture',
    });
    passUndoWindow(town);
    expect(await follow(twice)).toContain(`traitée avec votre demande n° ${own.reference}`);
    const page = await follow(like);
    expect(page).toContain('Votre demande en répète une autre');
    expect(page).not.toContain(others.reference);
    expect(await follow(away)).toContain('Administration compétente : La préfecture');
  });

  it('G12: the answer is on the page as it was in the mail', async () => {
    const id = await openRequest(town);
    await officeDoes(town, id, { action: 'answer', comment: 'La piscine ouvre à 9 h.' });
    passUndoWindow(town);
    const page = await follow(id);
    expect(page).toContain('Terminée : répondue');
    expect(page).toContain('La piscine ouvre à 9 h.');
  });
});

describe('a decision that can still be undone', () => {
  it.each([
    ['refuse', 'MOTIF-PAS-ENCORE-DIT'],
    ['answer', 'REPONSE-PAS-ENCORE-DITE'],
  ] as const)('%s: nothing of it is shown, then it is', async (action, comment) => {
    const id = await openRequest(town);
    await officeDoes(town, id, { action: 'take_charge' });
    const before = await follow(id);
    await officeDoes(town, id, { action, comment });
    const pending = await follow(id);
    expect(pending).not.toContain(comment);
    expect(pending).not.toContain('Terminée');
    expect(pending.replace(' Retirer ma demande', '')).toBe(before.replace(' Retirer ma demande', ''));
    passUndoWindow(town);
    expect(await follow(id)).toContain(comment);
  });

  it('a request taken for rubbish is over, without the word, and not before the window is', async () => {
    const id = await openRequest(town);
    await officeDoes(town, id, { action: 'discard', comment: 'PUBLICITE' });
    expect(await follow(id)).toContain('Ajouter un message ou une pièce');
    passUndoWindow(town);
    const page = await follow(id);
    expect(page).toContain('État Terminée Depuis');
    expect(page).toContain('Écrire de nouveau');
    expect(page).not.toMatch(/indésirable|PUBLICITE/);
  });

  it('undone, it was never said', async () => {
    const id = await openRequest(town);
    const before = await follow(id);
    await officeDoes(town, id, { action: 'answer', comment: 'ERREUR-DE-DOSSIER' });
    await officeDoes(town, id, { action: 'undo', comment: 'MAUVAIS-DOSSIER' });
    passUndoWindow(town);
    const { html } = await get(town, await citizenLink(town, id));
    expect(html).not.toMatch(/ERREUR-DE-DOSSIER|MAUVAIS-DOSSIER/);
    expect(textOf(html)).toBe(before);
  });
});

describe('pieces', () => {
  const piece = (name: string) => {
    const content = Buffer.concat([PNG, Buffer.from(name)]);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { fileName: name, contentType: 'image/png', content, sha256, inline: false };
  };
  const idOf = async (fileName: string) =>
    (await town.ground.store.db.attachment.findFirstOrThrow({ where: { fileName } })).id;

  it('theirs and those sent to them open; those of notes, of other requests, and of an untold answer do not', async () => {
    const id = await openRequest(town, { files: [piece('la-leur.png')] });
    await openRequest(town, { files: [piece('dune-autre.png')] });
    await officeDoes(town, id, { action: 'note', comment: 'x', hasAttachments: true }, 'desk', [piece('note.png')]);
    await officeDoes(town, id, { action: 'message', comment: 'x', hasAttachments: true }, 'desk', [piece('envoi.png')]);
    await officeDoes(town, id, { action: 'answer', comment: 'x', hasAttachments: true }, 'desk', [piece('fin.png')]);
    const open = async (name: string) => (await get(town, await citizenFile(town, id, await idOf(name)))).status;
    expect(await open('la-leur.png')).toBe(200);
    expect(await open('envoi.png')).toBe(200);
    expect(await open('note.png')).toBe(404);
    expect(await open('dune-autre.png')).toBe(404);
    expect(await open('fin.png')).toBe(404);
    passUndoWindow(town);
    expect(await open('fin.png')).toBe(200);
    const { html } = await get(town, await citizenLink(town, id));
    const paths = [...html.matchAll(/href="(\/f\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(paths).toHaveLength(3);
    for (const path of paths) expect((await get(town, path)).status).toBe(200);
  });

  it('one that the antivirus holds back is named and cannot be opened', async () => {
    const id = await openRequest(town, { files: [piece('virus.png')] });
    const { sha256 } = piece('virus.png');
    await town.ground.store.db.blob.update({ where: { sha256 }, data: { scan: 'infected' } });
    expect((await get(town, await citizenFile(town, id, await idOf('virus.png')))).status).toBe(403);
    const { html } = await get(town, await citizenLink(town, id));
    expect(html).toContain('virus.png');
    expect(html).not.toContain('href="/f/');
  });
});

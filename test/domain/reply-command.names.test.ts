import { describe, expect, test } from 'vitest';
import type { NamedChoices } from '../../src/domain/reply-command-name.ts';
import type { CommandAction } from '../../src/domain/reply-command-words.ts';
import { otherwiseWritten, outcomeOf, read } from './command-town.ts';

/** The commands that name somebody, a milestone or a day: exactly, or nothing is done. */

type Does = readonly [text: string, choices: NamedChoices, comment: string, named: string];
type Asks = readonly [text: string, ...suggestions: string[]];

const NB = '\u00a0';
const JEANNE = { agent: 'j.martin@plassans.fr' };
const DUPONT = { agent: 'p.dupont@plassans.fr' };
const MARTINS = ['attribuer @Jeanne Martin', 'attribuer @Luc Martin'];

const ASSIGN: { does: readonly Does[]; asks: readonly Asks[]; says: readonly string[] } = {
  does: [
    ['attribuer @dupont', DUPONT, '', 'Paul Dupont'],
    ['Attribuer @Dupont.', DUPONT, '', 'Paul Dupont'],
    ['ATTRIBUER @DUPONT', DUPONT, '', 'Paul Dupont'],
    ['attribuer dupont', DUPONT, '', 'Paul Dupont'],
    ['attribuer à Dupont : urgent', DUPONT, 'urgent', 'Paul Dupont'],
    ['attribuer à M. Dupont : urgent', DUPONT, 'urgent', 'Paul Dupont'],
    ['attribuer à Monsieur Dupont', DUPONT, '', 'Paul Dupont'],
    ['attribuer à Jeanne Martin', JEANNE, '', 'Jeanne Martin'],
    ['attribuer à Martin Jeanne, merci', JEANNE, '', 'Jeanne Martin'],
    ['attribuer à @jeanne.martin : urgent', JEANNE, 'urgent', 'Jeanne Martin'],
    ['attribuer @j.martin', JEANNE, '', 'Jeanne Martin'],
    ['attribuer @j.martin@plassans.fr : urgent', JEANNE, 'urgent', 'Jeanne Martin'],
    ['attribuer à j.martin@plassans.fr.', JEANNE, '', 'Jeanne Martin'],
    ["attribuer à l'agent Jeanne Martin", JEANNE, '', 'Jeanne Martin'],
    ['attribuer la demande à Jeanne Martin', JEANNE, '', 'Jeanne Martin'],
    ['Réattribuer @dupont : absence', DUPONT, 'absence', 'Paul Dupont'],
    ["j'attribue à Jeanne Martin", JEANNE, '', 'Jeanne Martin'],
    ['affecter à Jeanne Martin', JEANNE, '', 'Jeanne Martin'],
    ['confier à Jeanne Martin, à voir avant lundi', JEANNE, 'à voir avant lundi', 'Jeanne Martin'],
    ['attribuer à Marie-Anne Le Goff : accueil', { agent: 'ma.legoff@plassans.fr' }, 'accueil', 'Marie-Anne Le Goff'],
    ['attribuer @legoff', { agent: 'ma.legoff@plassans.fr' }, '', 'Marie-Anne Le Goff'],
    ['attribuer @dupont\n\nMerci de passer jeudi.\n\nJeanne', DUPONT, 'Merci de passer jeudi.', 'Paul Dupont'],
  ],
  asks: [
    ['attribuer', 'attribuer @[agent]'],
    ['attribuer : urgent', 'attribuer @[agent]'],
    ['attribuer @martin', ...MARTINS],
    ['attribuer à M. Martin : urgent', ...MARTINS],
    ['attribuer @jeanne.martins', 'attribuer @Jeanne Martin'],
    ['attribuer @dupond', 'attribuer @Paul Dupont'],
    ['attribuer à Dupond : urgent', 'attribuer @Paul Dupont'],
    ['attribuer @claire.petit', 'attribuer @c.petit@plassans.fr', 'attribuer @c.petit2@plassans.fr'],
    ['attribuer @inconnu', 'attribuer @[agent]'],
    ['attribuer à nobody@plassans.fr', 'attribuer @[agent]'],
    ['attribuer à la voirie', 'attribuer @[agent]'],
    ['attribuer @dupont ?', 'attribuer @Paul Dupont'],
    ['attribuer @dupont merci de passer jeudi', 'attribuer @Paul Dupont'],
    ['attribuer @dupont et @legoff', 'attribuer @Paul Dupont'],
    ['atribuer @dupont', 'attribuer @Paul Dupont'],
    ['attribué à Dupont', 'attribuer @Paul Dupont'],
    ['ne pas attribuer à Dupont', 'attribuer @Paul Dupont'],
    ['Bonjour,\n\nattribuer @dupont', 'attribuer @Paul Dupont'],
  ],
  says: [
    'Attribuer un numéro à chaque habitant prend du temps',
    'Attribution des places en crèche : en mai',
    'Attribué par le conseil municipal en 2019',
    'Affecter ces crédits à la voirie serait une erreur, selon le trésorier',
    'Confier les clés au gardien avant vendredi, merci à tous',
    '@dupont',
    '@dupont : ton avis ?',
    'Dupont : vu',
    'Je l’attribue à Dupont',
    'Votre demande est attribuée à Dupont',
    'Distribuer : les tracts',
  ],
};

const SHARE: typeof ASSIGN = {
  does: [
    ['partager @jeanne.martin : avis ?', { colleague: 'j.martin@plassans.fr' }, 'avis ?', 'Jeanne Martin'],
    ['Partager @dupont', { colleague: 'p.dupont@plassans.fr' }, '', 'Paul Dupont'],
    ['PARTAGER @DUPONT : AVIS', { colleague: 'p.dupont@plassans.fr' }, 'AVIS', 'Paul Dupont'],
    ['partager avec Paul Dupont', { colleague: 'p.dupont@plassans.fr' }, '', 'Paul Dupont'],
    ['partager avec @dupont : avis ?', { colleague: 'p.dupont@plassans.fr' }, 'avis ?', 'Paul Dupont'],
    ['partager avec Mme Jeanne Martin', { colleague: 'j.martin@plassans.fr' }, '', 'Jeanne Martin'],
    ['partager la demande avec Dupont', { colleague: 'p.dupont@plassans.fr' }, '', 'Paul Dupont'],
    ['partager ce dossier avec @dupont : avis ?', { colleague: 'p.dupont@plassans.fr' }, 'avis ?', 'Paul Dupont'],
    ['à partager avec Dupont', { colleague: 'p.dupont@plassans.fr' }, '', 'Paul Dupont'],
    ['partager avec la voirie : avis ?', { colleague: 'voirie@plassans.fr' }, 'avis ?', 'Voirie'],
    ['partager @etat-civil', { colleague: 'etat-civil@plassans.fr' }, '', 'État civil'],
    ['partager avec la direction générale', { colleague: 'dgs@plassans.fr' }, '', 'Direction générale'],
    ['ok, partager avec p.dupont@plassans.fr', { colleague: 'p.dupont@plassans.fr' }, '', 'Paul Dupont'],
  ],
  asks: [
    ['partager', 'partager @[collègue]'],
    ['partager : avis ?', 'partager @[collègue]'],
    ['partager @martin : avis ?', 'partager @Jeanne Martin', 'partager @Luc Martin'],
    ['partager @dupond : avis ?', 'partager @Paul Dupont'],
    ['partager @claire.petit', 'partager @c.petit@plassans.fr', 'partager @c.petit2@plassans.fr'],
    ['partager @inconnu', 'partager @[collègue]'],
    ['partager avec quelqu.un@example.org', 'partager @[collègue]'],
    ['partager @dupont ?', 'partager @Paul Dupont'],
    ['partager @dupont et la voirie', 'partager @Paul Dupont'],
    ['partger @dupont', 'partager @Paul Dupont'],
    ['partagé avec Dupont', 'partager @Paul Dupont'],
    ['ne pas partager avec Dupont', 'partager @Paul Dupont'],
  ],
  says: [
    'Partager ces photos avec les riverains serait utile, qu’en pensez-vous ?',
    'Partage des frais : à voir avec le comptable',
    'Partagez la photo',
    'Je partage votre avis',
    'Je partage : le terrain est privé',
    'Passager : M. Dupont',
    'Nous partageons avec Dupont',
    'Terrain partagé avec Dupont',
    'À voir avec @dupont',
    'Partager la cour avec les voisins suppose leur accord écrit et signé',
  ],
};

const VISIT = { milestone: 'Visite sur place' };
const WORKS = ['jalon Travaux commandés', 'jalon Travaux terminés'];

const MILESTONE: typeof ASSIGN = {
  does: [
    ['jalon visite : RDV 12/5', VISIT, 'RDV 12/5', 'Visite sur place'],
    ['Jalon visite', VISIT, '', 'Visite sur place'],
    ['JALON VISITE : RDV', VISIT, 'RDV', 'Visite sur place'],
    ['jalon visite sur place : RDV 12/5', VISIT, 'RDV 12/5', 'Visite sur place'],
    ['jalon « Visite sur place »', VISIT, '', 'Visite sur place'],
    ['jalon visite, RDV lundi', VISIT, 'RDV lundi', 'Visite sur place'],
    ['jalon appel', { milestone: 'Appel téléphonique' }, '', 'Appel téléphonique'],
    ['jalon appel telephonique : absent', { milestone: 'Appel téléphonique' }, 'absent', 'Appel téléphonique'],
    ['poser un jalon visite', VISIT, '', 'Visite sur place'],
    ['poser le jalon avis reçu : favorable', { milestone: 'Avis reçu' }, 'favorable', 'Avis reçu'],
    ['nouveau jalon courrier : LRAR', { milestone: 'Courrier envoyé' }, 'LRAR', 'Courrier envoyé'],
    ['jalon travaux terminés', { milestone: 'Travaux terminés' }, '', 'Travaux terminés'],
    ['jalon terminés', { milestone: 'Travaux terminés' }, '', 'Travaux terminés'],
    ['jalon visite\n\nRendez-vous le 12.\n\nJeanne', VISIT, 'Rendez-vous le 12.', 'Visite sur place'],
  ],
  asks: [
    ['jalon travaux', ...WORKS],
    ['jalon travaux : lundi', ...WORKS],
    ['jalon travaux finis', ...WORKS],
    ['jalon visitte : RDV', 'jalon Visite sur place'],
    ['jalon visite ?', 'jalon Visite sur place'],
    ['jalon visite, le 12', 'jalon Visite sur place'],
    ['jalon visite sur place le 12/5', 'jalon Visite sur place'],
    ['jalon visite avec le maire lundi', 'jalon Visite sur place'],
    ['jallon visite', 'jalon Visite sur place'],
    ['pas jalon visite', 'jalon Visite sur place'],
    ['Bonjour,\n\njalon visite', 'jalon Visite sur place'],
  ],
  says: [
    'Jalon important de ce chantier, la visite du préfet aura lieu lundi',
    'Visite : RDV 12/5',
    'Visite sur place : RDV 12/5',
    'Le jalon visite : RDV',
    'Salon visite : RDV',
    'Appel téléphonique : absent',
    'Travaux terminés',
    'Nos jalons : la visite',
    'Premier jalon : la visite',
    'Ballon : à rapporter au gardien',
  ],
};

const UNTIL: { does: readonly (readonly [text: string, until: string])[]; asks: readonly string[] } = {
  does: [
    ["en attente jusqu'au 12 mai : devis", '2026-05-12'],
    ['Mettre en attente jusqu’au 12 mai : devis', '2026-05-12'],
    ["mettre en attente jusqu'au 12 mai 2026 : devis", '2026-05-12'],
    ["en attente jusqu'au mardi 12 mai : devis", '2026-05-12'],
    ["en attente jusqu'au 1er août : devis", '2026-08-01'],
    ["en attente jusqu'au 12/5 : devis", '2026-05-12'],
    ["en attente jusqu'au 12/05/2026 : devis", '2026-05-12'],
    ["en attente jusqu'au 12.05.2026 : devis", '2026-05-12'],
    ["mettre la demande en attente jusqu'au 12-05-2026 : devis", '2026-05-12'],
    ["en attente, jusqu'au 12 mai : devis", '2026-05-12'],
    ["EN ATTENTE JUSQU'AU 12 MAI : devis", '2026-05-12'],
    ["en attente jusqu'au 3 janvier 2027 : devis", '2027-01-03'],
    ["en attente jusqu'au 10 avril : devis", '2026-04-10'],
    // Past: the rule of the page says so.
    ["en attente jusqu'au 12 mars 2026 : devis", '2026-03-12'],
  ],
  asks: [
    "en attente jusqu'au 12 mai",
    "en attente jusqu'au 12 : devis",
    "en attente jusqu'au lundi 12 mai : devis",
    "en attente jusqu'au 31 avril : devis",
    "en attente jusqu'au 0 mai : devis",
    "en attente jusqu'au 12/13 : devis",
    "en attente jusqu'au 12/5/26 : devis",
    "en attente jusqu'au 12 mars : devis",
    "en attente jusqu'au 9 avril : devis",
    "en attente jusqu'à lundi : devis",
    "en attente jusqu'à réception : devis",
    "en attente jusqu'au retour du maire : devis",
    "en attente jusqu'au 12 mai inclus : devis",
    "pas en attente jusqu'au 12 mai : devis",
  ],
};

describe.each([
  ['assign', ASSIGN],
  ['share', SHARE],
  ['milestone', MILESTONE],
] as [CommandAction, typeof ASSIGN][])('%s', (action, { does, asks, says }) => {
  test('has ten phrasings, and ten lookalikes of each kind', () => {
    for (const list of [does, asks, says]) expect(list.length).toBeGreaterThanOrEqual(10);
  });

  test.each(does)('%j does it', (text, choices, comment, named) => {
    expect(read(text)).toMatchObject({ kind: 'act', action, choices, comment, named });
  });

  test.each(asks)('%j is asked about', (text, ...suggestions) => {
    expect(read(text)).toMatchObject({ kind: 'unclear', suggestions });
  });

  test.each(says)('%j is an ordinary message', (text) => {
    expect(read(text)).toEqual({ kind: 'none' });
  });

  test('case, accents and kinds of spaces change nothing', () => {
    for (const text of [...does.map(([line]) => line), ...asks.map(([line]) => line), ...says]) {
      for (const other of otherwiseWritten(text)) expect(outcomeOf(read(other)), other).toEqual(outcomeOf(read(text)));
    }
  });
});

describe('hold until a day', () => {
  test.each(UNTIL.does)('%j waits until %s', (text, until) => {
    expect(read(text)).toMatchObject({ kind: 'act', action: 'hold', choices: { until }, comment: 'devis' });
  });

  test.each(UNTIL.asks)('%j is asked about', (text) => {
    expect(read(text)).toMatchObject({ kind: 'unclear', suggestions: expect.arrayContaining([`en attente${NB}: …`]) });
  });

  test('shows how a day is written', () => {
    const suggestions = [`en attente${NB}: …`, `en attente jusqu'au 23/04/2026${NB}: …`];
    expect(read("en attente jusqu'au 12 : devis")).toMatchObject({ suggestions });
  });

  test('a sentence about waiting is an ordinary message', () => {
    expect(read("En attente de votre retour jusqu'au 12 mai : merci")).toEqual({ kind: 'none' });
  });
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areAlike } from '../../src/domain/likeness.ts';
import { HANG_MS } from '../support/hang.ts';

/** Subject | text. */
type Pair = readonly [sentence: string, one: string, other: string];

const ALIKE: readonly Pair[] = [
  [
    'the same mail twice',
    'Nid-de-poule rue des Lilas | Il y a un trou devant le 12.',
    'Nid-de-poule rue des Lilas | Il y a un trou devant le 12.',
  ],
  [
    'an answer to oneself',
    'Lampadaire en panne rue Banne | Il est éteint.',
    'Re: Lampadaire en panne rue Banne | Toujours éteint, merci de passer.',
  ],
  [
    'with the tag of the first',
    'Lampadaire en panne | Devant chez moi.',
    'Tr : [n° 2026-000021] Lampadaire en panne | Bonjour, où en est-on ?',
  ],
  [
    'the same subject, more words',
    'Lampadaire rue Banne en panne | Éteint.',
    'RELANCE : lampadaire rue Banne toujours en panne | Je vous ai écrit le 3 avril.',
  ],
  [
    'without accents, in capitals',
    'Éclairage cassé place Garibaldi | Bonjour',
    'ECLAIRAGE CASSE PLACE GARIBALDI | Bonjour',
  ],
  ['plural for singular', 'Poubelles non ramassées | Les bacs débordent.', 'Poubelle non ramassée | Le bac déborde.'],
  [
    'urgent the second time',
    'Fuite d’eau avenue Foch | De l’eau coule.',
    'URGENT fuite d’eau avenue Foch | De l’eau coule encore.',
  ],
  [
    'another subject, the same letter',
    'Demande | Bonjour, un arbre est tombé sur le trottoir devant l’école Jules Ferry et bloque le passage des poussettes.',
    'Arbre | Bonjour, un arbre est tombé sur le trottoir devant l’école Jules Ferry et bloque le passage des poussettes.',
  ],
  [
    'no subject at all',
    ' | Le lampadaire devant le 12 rue Banne clignote toute la nuit.',
    ' | Le lampadaire devant le 12 rue Banne clignote toute la nuit.',
  ],
  [
    'no subject, said again in short',
    ' | Bonjour, le lampadaire devant le 12 rue Banne clignote toute la nuit et nous empêche de dormir.',
    ' | Toujours rien pour le lampadaire du 12 rue Banne qui clignote la nuit.',
  ],
  [
    'the letter copied with a word above',
    'Voirie | Un trou profond s’est formé rue des Lilas, à la sortie du garage, et ma voiture a été abîmée.',
    'Relance | Je me permets de relancer : un trou profond s’est formé rue des Lilas, à la sortie du garage, et ma voiture a été abîmée.',
  ],
  [
    'the web form, then by mail',
    'Formulaire de contact | Acte de naissance de Paul Rougon, né à Plassans.',
    'Demande d’acte | Je voudrais un acte de naissance pour Paul Rougon, né à Plassans.',
  ],
  [
    'the same act, asked in other words',
    'Acte de naissance Paul Rougon | Merci de me l’envoyer.',
    'Demande d’acte de naissance de Paul Rougon | Bonjour, il me le faut pour un passeport.',
  ],
  [
    'one word and the same thing',
    'Lampadaire | Le lampadaire de la rue Banne est éteint.',
    'Lampadaire | Le lampadaire rue Banne reste éteint.',
  ],
  [
    'noise at night',
    'Tapage nocturne bar du Cours | Tous les soirs jusqu’à deux heures.',
    'Tapage nocturne au bar du Cours | Encore cette nuit.',
  ],
  [
    'a garbage heap',
    'Dépôt sauvage chemin du Moulin | Des gravats.',
    'Dépôts sauvages, chemin du Moulin | Des gravats et un frigo.',
  ],
  [
    'school canteen',
    'Inscription cantine Léa | Je voudrais inscrire ma fille.',
    'Inscription de Léa à la cantine | Avez-vous reçu ma demande ?',
  ],
  [
    'rats',
    'Présence de rats square Zola | On en voit le soir.',
    'Rats au square Zola présence | Il y en a de plus en plus.',
  ],
  [
    'hours and dates differ',
    'Stationnement gênant rue Banne | Le 3 avril à 14h30, une voiture barrait mon garage.',
    'Stationnement gênant rue Banne | Le 5 avril à 9h00, une voiture barrait encore mon garage.',
  ],
  [
    'a request said to be the second',
    'Carte d’identité rendez-vous | Je cherche un rendez-vous pour une carte d’identité.',
    'Rendez-vous carte d’identité (2e demande) | Toujours pas de rendez-vous.',
  ],
  [
    'street lamp and its number',
    'Candélabre 1042 | Le candélabre 1042 est penché.',
    'Candélabre n° 1042 | Il est penché, attention.',
  ],
  [
    'planning',
    'Déclaration préalable clôture | Où en est mon dossier DP 013 026 ?',
    'Re: Re: Déclaration préalable : clôture | Des nouvelles de DP 013 026 ?',
  ],
  [
    'with a signature each time',
    'Haie du voisin | La haie du voisin dépasse sur le trottoir.\n\nCordialement,\nNora Lemaire\n12 rue Banne',
    'Haie | La haie du voisin dépasse toujours sur le trottoir.\n\nBien à vous,\nN. Lemaire\n06 12 34 56 78',
  ],
  [
    'the plane trees',
    'Élagage des platanes | Les platanes du cours Mirabeau touchent mes fenêtres.',
    'Platanes | Les platanes du cours Mirabeau touchent toujours mes fenêtres.',
  ],
  [
    'forwarded to oneself',
    'Fwd: Bruit chantier médiathèque | Voir plus bas.',
    'Bruit du chantier de la médiathèque | Dès six heures.',
  ],
  ['a bench', 'Banc cassé au parc | Le banc près du bassin est cassé.', 'Banc cassé parc | Toujours cassé.'],
  [
    'a drain',
    'Avaloir bouché | L’avaloir devant la boulangerie est bouché, la rue est inondée.',
    'Inondation | La rue est inondée car l’avaloir devant la boulangerie reste bouché.',
  ],
  [
    'the sign',
    'Panneau stop renversé carrefour | Il est au sol.',
    'Panneau STOP renversé au carrefour | Il est toujours au sol !',
  ],
  [
    'family book',
    'Duplicata livret de famille | Suite à une perte.',
    'Livret de famille : duplicata | J’attends depuis mars.',
  ],
  ['a dead cat', 'Chat mort sur la chaussée | Devant le 4.', 'Chat mort chaussée | Devant le 4, merci.'],
  [
    'electoral list',
    'Inscription liste électorale | Voici mon dossier.',
    'Inscription listes électorales | Le voici complet.',
  ],
  [
    'the hall',
    'Réservation salle des fêtes 14 juin | Pour un mariage.',
    'Réservation de la salle des fêtes | Pour un mariage le 14 juin.',
  ],
];

const NEAR_THE_THRESHOLDS = {
  alike: [
    'Toilettes fermées square | Depuis lundi.',
    'Toilettes square | Gardien injoignable, impossible avec les enfants.',
    'Odeurs | Mauvaises odeurs d’égout dans la cave de l’immeuble.',
    'Égout | Encore ces odeurs d’égout, cave inondée, locataires excédés, plombier venu deux fois.',
  ],
  different: [
    'Inscription cantine maternelle | Pour ma fille.',
    'Inscription cantine primaire | Pour mon garçon.',
    'Concession | Renouveler la concession au cimetière pour la tombe familiale, tarif et durée ?',
    'Dégâts | La porte du cimetière grince, tombe familiale abîmée par le vent, stèle fendue.',
  ],
} as const;

const COPIED = 'Un trou profond s’est formé à la sortie du garage souterrain, ma voiture toute neuve a été abîmée';

const DIFFERENT: readonly Pair[] = [
  ['two things', 'Lampadaire en panne | Rue Banne.', 'Acte de naissance | Pour un passeport.'],
  [
    'the same in another street',
    'Nid-de-poule rue des Lilas | Il y a un trou.',
    'Nid-de-poule rue Banne | Il y a un trou.',
  ],
  ['the same street, another thing', 'Nid-de-poule rue des Lilas | Un trou.', 'Lampadaire rue des Lilas | Éteint.'],
  [
    'the same street, another trouble, at length',
    'Rue des Lilas | Le trottoir est défoncé devant chez moi.',
    'Rue des Lilas | Les voitures roulent trop vite.',
  ],
  [
    'the act of another child',
    'Acte de naissance de Paul Rougon | Merci de me l’envoyer pour un passeport.',
    'Acte de naissance de Louise Rougon | Merci de me l’envoyer pour un passeport.',
  ],
  ['another act', 'Acte de naissance | Je voudrais une copie.', 'Acte de mariage | Je voudrais une copie.'],
  [
    'another lamp',
    'Candélabre 1042 | Le candélabre 1042 est penché.',
    'Candélabre 1043 | Le candélabre 1043 est penché.',
  ],
  ['no subject and nothing in common', ' | Un arbre menace de tomber.', ' | Je voudrais réserver la salle.'],
  ['empty letters', ' | ', ' | '],
  [
    'empty subjects that say nothing',
    'Demande | Bonjour, la cantine est trop chère.',
    'Demande | Bonjour, mon voisin fait du bruit.',
  ],
  ['« bonjour » twice', 'Bonjour | Où retirer un composteur ?', 'Bonjour | À quelle heure ouvre la piscine ?'],
  ['« urgent » twice', 'URGENT | Une fuite d’eau dans la rue.', 'URGENT | Je dois refaire mon passeport.'],
  [
    '« question » twice',
    'Question | Quand passent les encombrants ?',
    'Question | Comment inscrire mon fils à l’école ?',
  ],
  [
    '« suite » to another thing',
    'Suite de ma demande | Le lampadaire clignote.',
    'Suite à ma demande | Le permis de construire n’avance pas.',
  ],
  [
    'one word, other things',
    'Poubelles | Le bac vert n’a pas été vidé mardi.',
    'Poubelles | Comment obtenir un composteur ?',
  ],
  [
    'the same polite words',
    'Piscine | Bonjour Madame, Monsieur, je me permets de vous écrire pour connaître les horaires. Cordialement',
    'Cimetière | Bonjour Madame, Monsieur, je me permets de vous écrire pour une concession. Cordialement',
  ],
  [
    'the same signature',
    'Cantine | Merci de noter une absence.\n\nCordialement,\nNora Lemaire\n12 rue Banne, 13100 Plassans\n06 12 34 56 78',
    'Encombrants | Un matelas à enlever.\n\nCordialement,\nNora Lemaire\n12 rue Banne, 13100 Plassans\n06 12 34 56 78',
  ],
  [
    'two sides of one house',
    'Clôture | Je veux poser une clôture rue Banne.',
    'Piscine | Je veux creuser une piscine rue Banne.',
  ],
  [
    'another event in the same hall',
    'Réservation salle des fêtes pour un mariage | Le 14 juin.',
    'Tarif salle des fêtes pour une association | En septembre.',
  ],
  ['another registration', 'Inscription cantine | Pour ma fille.', 'Inscription bibliothèque | Pour ma fille.'],
  ['another child at the canteen', 'Inscription cantine de Léa | En CP.', 'Inscription cantine de Tom | En CP.'],
  ['thanks for another thing', 'Merci | Merci pour le lampadaire.', 'Merci | Merci pour les fleurs du rond-point.'],
  ['noise here, noise there', 'Bruit bar du Cours | Tous les soirs.', 'Bruit chantier Garibaldi | Tous les matins.'],
  [
    'a place that two letters name',
    'Square Zola toilettes fermées | Depuis lundi.',
    'Square Zola balançoire cassée | La chaîne a lâché.',
  ],
  [
    'passport and identity card',
    'Passeport | Rendez-vous pour un passeport.',
    'Carte d’identité | Délai pour une carte d’identité ?',
  ],
  [
    'the parking of another day, another trouble',
    'Stationnement | Carte de résident à renouveler.',
    'Stationnement | Une épave est sur le parking.',
  ],
  [
    'a wedding and a baptism',
    'Mariage | Quelles pièces pour un mariage en mairie ?',
    'Baptême civil | Quelles pièces pour un baptême civil ?',
  ],
  [
    'two contacts through the web site',
    'Formulaire de contact | Message : les horaires de la déchetterie ?',
    'Formulaire de contact | Message : un chien errant rue Banne.',
  ],
  [
    'two plots',
    'Certificat d’urbanisme parcelle AB 112 | Pour une vente.',
    'Certificat d’urbanisme parcelle AC 87 | Pour une vente.',
  ],
  [
    'the mayor, twice, for other things',
    'À l’attention de Monsieur le Maire | La fibre n’arrive pas chez nous.',
    'À l’attention de Monsieur le Maire | Les platanes sont malades.',
  ],
  [
    'tree pruned, tree planted',
    'Élagage | Le tilleul touche les câbles.',
    'Plantation | Peut-on planter un arbre devant l’école ?',
  ],
  ['water, and water', 'Eau | Ma facture est fausse.', 'Eau | De l’eau coule du trottoir.'],
];

describe('two letters of one sender seem to be one request', () => {
  test.each(ALIKE)('%s', (_, one, other) => {
    expect(areAlike(letter(one), letter(other))).toBe(true);
  });
});

test.each([0, 2])('as near to two requests as one can be, and two as near to one (%i)', (at) => {
  const { alike, different } = NEAR_THE_THRESHOLDS;
  expect(areAlike(letter(alike[at] ?? ''), letter(alike[at + 1] ?? ''))).toBe(true);
  expect(areAlike(letter(different[at] ?? ''), letter(different[at + 1] ?? ''))).toBe(false);
});

test('much of a letter copied into another that goes on differently', () => {
  const one = `Voirie | ${COPIED}, deux jantes, un pneu, facture jointe, assurance prévenue, expert attendu.`;
  const other = `Garage | ${COPIED} : personne ne passe, équipe absente, chaussée ouverte, cône renversé, piétons gênés.`;
  expect(areAlike(letter(one), letter(other))).toBe(true);
});

describe('two letters of one sender are two requests', () => {
  test.each(DIFFERENT)('%s', (_, one, other) => {
    expect(areAlike(letter(one), letter(other))).toBe(false);
  });
});

describe('properties', () => {
  const written = fc.constantFrom(...[...ALIKE, ...DIFFERENT].flatMap(([, one, other]) => [one, other])).map(letter);
  const any = fc.record({ subject: fc.string({ unit: 'binary' }), text: fc.string({ unit: 'binary' }) });

  test('the order does not matter', () => {
    fc.assert(
      fc.property(fc.oneof(written, any), fc.oneof(written, any), (one, other) => {
        expect(areAlike(one, other)).toBe(areAlike(other, one));
      }),
    );
  });

  test('a letter of several words is like itself, whatever programs and tags do to its subject', () => {
    const told = ALIKE.map(([, one]) => letter(one));
    fc.assert(
      fc.property(
        fc.constantFrom(...told),
        fc.constantFrom('', 'Re: ', 'RE : Tr: ', '[n° 2026-000021] '),
        (one, prefix) => {
          expect(areAlike(one, { ...one, subject: prefix + one.subject })).toBe(true);
        },
      ),
    );
  });
});

test.each([
  ' ',
  '\n',
  'a',
  'a ',
  'Re: ',
  'A. ',
  '1 ',
  '--\n',
  'merci\n',
  'Cordialement,\n',
  '12/12',
  '12 ',
  'é',
  '[n° ',
])('a megabyte of %j costs no more than its length', (pattern) => {
  const long = pattern.repeat(Math.ceil(1_000_000 / pattern.length));
  const before = performance.now();
  areAlike({ subject: long, text: long }, { subject: long, text: `x ${long}` });
  expect(performance.now() - before).toBeLessThan(HANG_MS);
});

function letter(words: string): { subject: string; text: string } {
  const [subject = '', text = ''] = words.split(' | ');
  return { subject: subject.trim(), text };
}

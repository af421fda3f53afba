import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOnlyThanks } from '../../src/domain/thanks.ts';
import { HANG_MS } from '../support/hang.ts';

const ONLY_THANKS = [
  'Thank you',
  'Thank you very much for your help.\n\nKind regards,\nJohn Smith',
  'Many thanks for your quick reply!',
  'Merci',
  'Merci !',
  'Merci\u00a0!',
  'merci',
  'MERCI',
  'Merci.',
  'Merci !!!',
  'Merci beaucoup',
  'Merci beaucoup !',
  'Merci bien.',
  'Merci infiniment',
  'Mille mercis',
  'Un grand merci !',
  'Un immense merci à toute l’équipe',
  'Merci encore',
  'Encore merci !',
  'Merci à vous',
  'Merci à tous',
  'Merci et bonne journée',
  'Merci, bonne journée à vous',
  'Merci, bonne journée à vous aussi.',
  'Merci beaucoup pour votre réactivité, bonne journée. Cordialement, Nora',
  'Merci pour votre réponse.',
  'Merci de votre réponse rapide.',
  'Merci pour votre réponse rapide et efficace',
  'Merci pour votre aide précieuse',
  'Merci pour tout !',
  'Merci pour l’information',
  "Merci pour l'info",
  'Merci pour ces précisions',
  'Merci pour votre réactivité et votre gentillesse',
  'Merci pour votre rapidité et pour votre professionnalisme !',
  'Merci de m’avoir répondu si vite',
  "Merci d'avoir fait le nécessaire",
  'Merci Jeanne',
  'Merci Jeanne !',
  'Merci Madame Martin',
  'Merci, Nora',
  'Merci\nNora',
  'Merci beaucoup,\n\nNora Lemaire',
  'Merci !\n\nNora LEMAIRE',
  'Bonjour,\n\nMerci beaucoup pour votre retour.\n\nCordialement,\nNora Lemaire',
  'Bonjour Madame,\n\nJe vous remercie pour votre réponse.\n\nBien cordialement,\nJean-Pierre Le Goff',
  'Bonjour,\nJe vous remercie.\nBien à vous,\nM. et Mme Rougon',
  'Bonjour Jeanne,\nMerci pour votre aide !\nBonne soirée,\nNora',
  'Je vous remercie vivement.',
  'Nous vous remercions pour votre intervention rapide',
  'Je tenais à vous remercier pour votre efficacité.',
  'Tous mes remerciements.',
  'Avec mes remerciements,\nNora',
  'Bien reçu, merci',
  'Bien reçu.',
  'Reçu, merci !',
  'J’ai bien reçu votre réponse, je vous en remercie.',
  'Bien reçu votre mail, merci beaucoup',
  'J’ai bien reçu l’acte de naissance, merci.',
  'Bien noté, merci',
  'C’est noté',
  'C’est noté, merci beaucoup.',
  'J’en prends bonne note. Merci.',
  'Parfait, merci',
  'Parfait !',
  'C’est parfait, merci !',
  'Super, merci',
  'Génial ! Merci !',
  'Impeccable, merci beaucoup',
  'Très bien, merci',
  'Très bien. Merci. Bonne fin de journée.',
  'ok',
  'OK',
  'Ok merci',
  'ok, merci !',
  'D’accord, merci.',
  'D’accord',
  'Entendu, merci',
  'Ça marche, merci !',
  '👍',
  '👍🏻',
  '🙏🙏',
  'Merci 😊',
  'Merci ! 👍',
  'Merci :)',
  'Merci ❤️',
  'ok 👍 bonne journée',
  'Bravo et merci !',
  'C’est gentil, merci',
  'Merci.\nEnvoyé de mon iPhone',
  'Merci beaucoup !\n\nEnvoyé depuis mon appareil Galaxy A54 5G',
  'Madame, Monsieur,\nJe vous remercie de votre réponse.',
  'Merci. Je vous prie d’agréer, Madame, l’expression de mes salutations distinguées.',
  'Merci beaucoup. Veuillez agréer, Monsieur le Maire, l’assurance de mes sentiments respectueux.\nN. Lemaire',
  'Merci, joyeuses fêtes !',
  'Merci, bon week-end',
  'Je vous souhaite une excellente journée. Merci',
  'Merci de votre gentillesse, à bientôt',
  'Merci a vous, cdlt',
  'Merci bcp',
  'Je vous remercie pour votre diligence et vous souhaite une bonne journée.',
  'Bonjour, merci pour la prise en charge rapide de ma demande.',
  'J’accuse bonne réception de votre message et vous en remercie.',
] as const;

const MORE_THAN_THANKS = [
  'Thank you for nothing',
  'Thanks, the hole is still there',
  'Thank you for your answer but it is wrong',
  '',
  '   \n ',
  'Bonjour',
  'Bonjour,\n\nCordialement,\nNora',
  'Cordialement',
  'Nora Lemaire',
  'Oui',
  'Non',
  'Non merci',
  'Merci mais le trou est toujours là',
  'Merci, et pour l’autre lampadaire ?',
  'Merci ?',
  'Merci pour quoi ?',
  'Merci pour rien',
  'Merci pour rien !',
  'Merci de rien',
  'Merci de me rappeler',
  'Merci de me répondre',
  'Merci de répondre à ma question',
  'Merci de faire le nécessaire',
  'Merci de votre retour',
  'Merci de votre intervention',
  'Merci de votre compréhension',
  'Merci d’avance',
  'Merci par avance pour votre réponse',
  'Merci de bien vouloir revenir',
  'Merci de repasser',
  'Merci pour votre « réactivité »',
  'Merci pour votre "réponse"',
  'Merci...',
  'Merci…',
  'Ok...',
  'Super...',
  'Super !',
  'Formidable',
  'Bravo !',
  'Bravo pour votre efficacité',
  'Merci pour votre réponse négative',
  'Merci pour votre absence de réponse',
  'Merci, mais non',
  'Merci quand même',
  'Merci, ce n’est pas réparé',
  'Merci, il manque une page',
  'Merci, ci-joint la photo',
  'Merci, voici mon adresse',
  'Merci, mon numéro est le 06 12 34 56 78',
  'Merci, au 12 aussi',
  'Merci. 12 rue Banne',
  'Merci, et le lampadaire',
  'Merci et la réponse',
  'Merci. Par contre la poubelle déborde',
  'Merci, en revanche il reste un trou',
  'Merci, cependant rien n’a changé',
  'Merci, le problème est revenu',
  'Merci, c’est revenu ce matin',
  'Merci, toujours rien',
  'Merci, rien n’a bougé',
  'Merci.\nUrgent',
  'Merci\nUrgent',
  'Merci\nRappelez-moi',
  'Merci\nRappelez',
  'Merci. Scandaleux.',
  'Merci. Incompétents !',
  'Merci, Incompétents',
  'Merci\nLamentable',
  'Merci\nHonteux',
  'Merci Réparez le trou',
  'MERCI REPAREZ',
  'MERCI\nREPAREZ LE TROU',
  'Parfait. Et maintenant',
  'Parfait, j’attends votre passage',
  'Ok mais quand',
  'Ok pour mardi',
  'Ok, je passe demain',
  'D’accord pour le rendez-vous',
  'D’accord mais non',
  'Pas d’accord',
  'Je ne suis pas d’accord, merci',
  'Très bien, je saisis le tribunal',
  'Très bien, alors je recommence',
  'Bien reçu, mais incomplet',
  'Bien reçu, je ne comprends pas',
  'Je n’ai pas bien reçu votre réponse',
  'Rien reçu',
  'Pas reçu',
  'Toujours pas reçu, merci',
  'J’ai bien reçu votre réponse qui ne me convient pas',
  'C’est noté, je ferai un recours',
  'Bonne journée',
  'Merci.\nEnvoyé de mon iPhone\nmais le trou est là',
  'Merci pour la prise en charge rapide de ma demande de travaux',
  'Bonne blague, merci',
  'Merci\nhttps://exemple.fr',
  'Merci\nnora@orange.fr',
  '👎',
  '😡',
  'Merci 😡',
  'Merci 👎',
  'Merci :(',
  'Merci (ironie)',
  '?',
  '!',
  '👍 ?',
  'Merci > Bonjour',
  'Merci\n> Votre demande est close',
  'Thanks but no',
  'Merci pour votre réponse rapide mais fausse',
  'Je vous remercie de bien vouloir rouvrir ma demande',
  'Je vous remercie de votre aide pour le second trou',
  'Je voulais vous remercier et vous signaler un trou',
] as const;

describe('the answer to a closed request only thanks', () => {
  test.each(ONLY_THANKS)('%j', (text) => {
    expect(isOnlyThanks(text)).toBe(true);
  });

  test('there are enough such answers here', () => {
    expect(new Set(ONLY_THANKS).size).toBeGreaterThanOrEqual(60);
  });
});

describe('the answer to a closed request says more, or may', () => {
  test.each(MORE_THAN_THANKS)('%j', (text) => {
    expect(isOnlyThanks(text)).toBe(false);
  });

  test('there are enough such answers here', () => {
    expect(new Set(MORE_THAN_THANKS).size).toBeGreaterThanOrEqual(60);
  });
});

describe('properties', () => {
  // What a telephone writes is a line of its own: nobody goes on behind it.
  const thanks = fc.constantFrom(...ONLY_THANKS.filter((text) => !text.includes('Envoyé')));

  test.each([
    'mais le trou est toujours là',
    'il manque une page',
    'et demain ?',
    'rappelez-moi au 06 12 34 56 78',
    'ce n’est pas réparé',
    'voir la photo',
    'pas du tout',
  ])('thanks before or after do not hide « %s »', (more) => {
    fc.assert(
      fc.property(thanks, fc.constantFrom(' ', ', ', '. ', '\n', '\n\n'), (text, between) => {
        expect(isOnlyThanks(text + between + more)).toBe(false);
        expect(isOnlyThanks(more + between + text)).toBe(false);
      }),
    );
  });

  test('a figure or a question mark anywhere is more than thanks', () => {
    fc.assert(
      fc.property(thanks, fc.constantFrom('?', '7', '12', '？', '½', '@'), fc.nat(), (text, mark, at) => {
        const place = at % (text.length + 1);
        expect(isOnlyThanks(`${text.slice(0, place)}${mark}${text.slice(place)}`)).toBe(false);
      }),
    );
  });

  test('thanks twice are thanks', () => {
    fc.assert(
      fc.property(thanks, thanks, (one, other) => {
        expect(isOnlyThanks(`${one}\n\n${other}`)).toBe(true);
      }),
    );
  });

  test('accents in two characters, other spaces and line ends change nothing', () => {
    fc.assert(
      fc.property(thanks, (text) => {
        expect(isOnlyThanks(text.normalize('NFD'))).toBe(true);
        expect(isOnlyThanks(`\r\n${text.replaceAll('\n', '\r\n')} \r\n`)).toBe(true);
      }),
    );
  });
});

describe('hostile text costs no more than its length', () => {
  const PATTERNS = [
    'merci ',
    'merci bien ',
    'merci bien recu ',
    'a vous ',
    '👍',
    'Nora ',
    '\n',
    'tres bien ',
    'et pour la ',
    ' ',
  ];

  test.each([...PATTERNS, 'pour votre aide et ', 'de nous avoir repondu '])('%j', (pattern) => {
    for (const length of [990, 1_000_000]) {
      for (const end of ['', ' non']) {
        const text = pattern.repeat(Math.floor(length / pattern.length)) + end;
        const before = performance.now();
        isOnlyThanks(text);
        expect(performance.now() - before).toBeLessThan(HANG_MS);
      }
    }
  });

  test('nobody thanks for a thousand characters', () => {
    expect(isOnlyThanks('merci '.repeat(200))).toBe(false);
  });
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REPLY_MARKERS } from '../../src/domain/quote-marks.ts';
import { splitReply } from '../../src/domain/reply-text.ts';
import { HANG_MS } from '../support/hang.ts';

const REPLY_MARKER = REPLY_MARKERS.fr;

const ANSWER = `Bonjour,

Oui, le lampadaire est toujours en panne.

Cordialement,
Jeanne Rougon`;

const QUESTION = `Bonjour Madame,
Le lampadaire de la rue Banne est-il toujours en panne ?
La mairie de Plassans`;

const QUOTED = quote(QUESTION);

type Case = readonly [sentence: string, mail: string];

const ANSWERS_ABOVE: readonly Case[] = [
  [
    'Gmail announces the quotation on one line',
    `${ANSWER}\n\nLe lun. 6 avr. 2026 à 14:05, Mairie de Plassans <mairie@plassans.fr> a\u00a0écrit\u00a0:\n\n${QUOTED}\n`,
  ],
  [
    'Gmail breaks the announcement over two lines',
    `${ANSWER}\n\nLe lun. 6 avr. 2026 à 14:05, Mairie de Plassans <mairie@plassans.fr> a\nécrit :\n\n${QUOTED}\n`,
  ],
  [
    'Gmail breaks the announcement over three lines',
    `${ANSWER}\n\nLe lun. 6 avr. 2026 à 14:05, Mairie de Plassans, accueil du public\n<mairie@plassans.fr>\na écrit :\n\n${QUOTED}`,
  ],
  [
    'Gmail on Android writes no « à » before the hour',
    `${ANSWER}\n\nLe lun. 6 avr. 2026, 14:05, Mairie de Plassans <mairie@plassans.fr> a écrit :\n\n${QUOTED}`,
  ],
  [
    'a mail in HTML alone has lost its « > » marks',
    `${ANSWER}\n\nLe lun. 6 avr. 2026 à 14:05, Mairie de Plassans <mairie@plassans.fr> a écrit :\n\n${QUESTION}`,
  ],
  [
    'Apple Mail quotes the announcement too',
    `${ANSWER}\n\n> Le 6 avr. 2026 à 14:05, Mairie de Plassans <mairie@plassans.fr> a écrit :\n>\n${QUOTED}\n`,
  ],
  [
    'Apple Mail with narrow no-break spaces',
    `${ANSWER}\n\nLe 6 avr. 2026 à 14:05, Mairie de Plassans <mairie@plassans.fr> a écrit\u202f:\n\n${QUOTED}\n`,
  ],
  ['Thunderbird gives no address', `${ANSWER}\n\nLe 06/04/2026 à 14:05, Mairie de Plassans a écrit :\n${QUOTED}`],
  ['Thunderbird and no mark at all', `${ANSWER}\n\nLe 06/04/2026 à 14:05, Mairie de Plassans a écrit :\n${QUESTION}`],
  ["Free's webmail (Roundcube)", `${ANSWER}\n\nLe 2026-04-06 14:05, Mairie de Plassans a écrit :\n${QUOTED}`],
  [
    'Yahoo says the time zone',
    `${ANSWER}\n\nLe lundi 6 avril 2026 à 14:05:12 UTC+2, Mairie de Plassans <mairie@plassans.fr> a écrit :\n\n\n${QUESTION}`,
  ],
  [
    'the old Yahoo writes « 14h05 »',
    `${ANSWER}\n\nLe Lundi 6 avril 2026 14h05, Mairie de Plassans <mairie@plassans.fr> a écrit :\n\n\n${QUESTION}`,
  ],
  [
    'K-9 Mail on Android',
    `${ANSWER}\n\nLe 6 avril 2026 14:05:12 GMT+02:00, Mairie de Plassans <mairie@plassans.fr> a écrit :\n${QUOTED}`,
  ],
  ['Lotus puts the verb first', `${ANSWER}\n\nMairie de Plassans a écrit le 06/04/2026 à 14:05 :\n${QUESTION}`],
  ['only a name and an address', `${ANSWER}\n\nMairie de Plassans <mairie@plassans.fr> a écrit :\n\n${QUESTION}`],
  [
    'Proton dresses the announcement with dashes',
    `${ANSWER}\n\n------- Message d’origine -------\nLe lundi 6 avril 2026 à 14:05, Mairie <mairie@plassans.fr> a écrit :\n\n${QUOTED}`,
  ],
  [
    'Outlook copies the headers',
    `${ANSWER}\n\nDe : Mairie de Plassans <mairie@plassans.fr>\nEnvoyé : lundi 6 avril 2026 14:05\nÀ : Jeanne Rougon <j@rougon.fr>\nObjet : Votre demande [n° 2026-000021]\n\n${QUESTION}`,
  ],
  [
    'Outlook with no-break spaces and bold names',
    `${ANSWER}\n\n*De\u00a0:* Mairie de Plassans <mairie@plassans.fr>\n*Envoyé\u00a0:* lundi 6 avril 2026 14:05\n*À\u00a0:* Jeanne Rougon\n*Objet\u00a0:* Votre demande\n\n${QUESTION}`,
  ],
  [
    'Outlook on the web draws a line first',
    `${ANSWER}\n________________________________\nDe : Mairie de Plassans <mairie@plassans.fr>\nEnvoyé : lundi 6 avril 2026 14:05\nÀ : Jeanne Rougon <j@rougon.fr>\nObjet : Votre demande\n\n${QUESTION}`,
  ],
  [
    'Outlook whose line breaks were lost',
    `${ANSWER}\n\nDe : Mairie <mairie@plassans.fr> Envoyé : lundi 6 avril 2026 14:05 À : J. Rougon Objet : Votre demande\n\n${QUESTION}`,
  ],
  [
    'Outlook for Mac says « Date »',
    `${ANSWER}\n\nDe : Mairie de Plassans <mairie@plassans.fr>\nDate : lundi 6 avril 2026 à 14:05\nÀ : Jeanne Rougon <j@rougon.fr>\nObjet : Votre demande\n${QUESTION}`,
  ],
  [
    'an old Outlook writes « Message d’origine »',
    `${ANSWER}\n\n-----Message d'origine-----\nDe : Mairie [mailto:mairie@plassans.fr]\nEnvoyé : lundi 6 avril 2026 14:05\n\n${QUESTION}`,
  ],
  [
    'Samsung writes two headers on one line',
    `${ANSWER}\n\n\n-------- Message d'origine --------\nDe : Mairie <mairie@plassans.fr>\nDate : 06/04/2026 14:05 (GMT+01:00)\nÀ : j@rougon.fr Objet : Votre demande\n\n${QUESTION}`,
  ],
  [
    "Free's webmail (Zimbra)",
    `${ANSWER}\n\n----- Mail original -----\nDe: "Mairie" <mairie@plassans.fr>\nÀ: "Jeanne Rougon" <j@free.fr>\nEnvoyé: Lundi 6 Avril 2026 14:05:12\nObjet: Votre demande\n\n${QUESTION}`,
  ],
  [
    "Orange's webmail quotes its headers",
    `${ANSWER}\n\n\n> Message du 06/04/26 14:05\n> De : "Mairie" <mairie@plassans.fr>\n> A : j@orange.fr\n> Copie à :\n> Objet : Votre demande\n>\n${QUOTED}`,
  ],
  [
    "Orange's webmail draws a line first",
    `${ANSWER}\n\n========================================\n\nMessage du : 06/04/2026 14:05\nDe : "Mairie" <mairie@plassans.fr>\nA : j@orange.fr\nCopie à :\nSujet : Votre demande\n\n${QUESTION}`,
  ],
  [
    "Orange's newer webmail writes in small letters",
    `${ANSWER}\n\nenvoyé : 6 avril 2026 à 14:05\nde : Mairie de Plassans <mairie@plassans.fr>\nà : j@orange.fr\nobjet : Votre demande\n\n${QUESTION}`,
  ],
  [
    "La Poste's webmail",
    `${ANSWER}\n\nDe : "Mairie de Plassans" <mairie@plassans.fr>\nA : j@laposte.net\nEnvoyé: lundi 6 Avril 2026 14:05\nObjet : Votre demande\n\n${QUESTION}`,
  ],
  [
    "SFR's webmail",
    `${ANSWER}\n\nLe 6 avr. 2026 à 14:05, à 14:05, Mairie de Plassans <mairie@plassans.fr> a écrit:\n${QUOTED}`,
  ],
  [
    'a forward with a word above it',
    `${ANSWER}\n\nDébut du message réexpédié :\n\nDe: Mairie <mairie@plassans.fr>\nObjet: Votre demande\n\n${QUESTION}`,
  ],
  [
    'a Thunderbird forward',
    `${ANSWER}\n\n-------- Message transféré --------\nSujet : Votre demande\nDate : Mon, 6 Apr 2026 14:05:12 +0200\nDe : Mairie\nPour : j@rougon.fr\n\n${QUESTION}`,
  ],
  ['Horde says « Selon »', `${ANSWER}\n\nSelon Mairie de Plassans <mairie@plassans.fr>:\n\n${QUOTED}`],
  ['only an address, no name', `${ANSWER}\n\nLe 06/04/2026 à 14:05, mairie@plassans.fr a écrit :\n${QUESTION}`],
  ['an English phone', `${ANSWER}\n\nOn Mon, Apr 6, 2026 at 2:05 PM Mairie <mairie@plassans.fr> wrote:\n\n${QUOTED}`],
  ['a German program', `${ANSWER}\n\nAm 06.04.2026 um 14:05 schrieb Mairie de Plassans:\n${QUOTED}`],
  [
    'an Italian program',
    `${ANSWER}\n\nIl giorno lun 6 apr 2026 alle ore 14:05 Mairie <m@plassans.fr> ha scritto:\n\n${QUOTED}`,
  ],
];

const SIGNATURES = [
  'Envoyé de mon iPhone',
  'Envoyé depuis mon iPhone',
  'Envoyé de mon iPad',
  'Envoyé depuis mon appareil Galaxy',
  'Envoyé de mon Galaxy A54 5G de Samsung',
  'Envoyé depuis mon smartphone Samsung Galaxy.',
  'Envoyé à partir de Outlook pour Android<https://aka.ms/AAb9ysg>',
  'Envoyé à partir d’Outlook pour iOS',
  'Envoyé depuis l’application Mail Orange',
  'Envoyé depuis Yahoo Mail pour iPhone',
  'Envoyé depuis Yahoo Mail sur Android',
  'Envoyé avec la messagerie sécurisée Proton Mail.',
  'Envoyé depuis mon mobile Orange',
  'Envoyé de mon téléphone Huawei',
  'Provenance : Courrier pour Windows 10',
  'Provenance : Courrier<https://go.microsoft.com/fwlink/?LinkId=550986> pour Windows',
  'Télécharger Outlook pour Android',
  'Obtenez Outlook pour iOS<https://aka.ms/o0ukef>',
  'Sent from my iPhone',
  '-- \nJeanne Rougon\n12, rue Banne\n83000 Plassans\n06 12 34 56 78',
  '--\nEnvoyé depuis mon Android avec K-9 Mail. Veuillez excuser ma brièveté.',
  '—\nJeanne Rougon\nVice-présidente du comité des fêtes',
  '________________________________\nJeanne Rougon, 12, rue Banne, Plassans',
  'Garanti sans virus. www.avast.com<https://www.avast.com/sig-email>',
  "Avant d'imprimer ce courriel, pensez à l'environnement.",
  'Ce message et ses pièces jointes sont confidentiels et destinés à leur seul destinataire.',
] as const;

const ORDINARY: readonly Case[] = [
  [
    'a story about what somebody wrote',
    'Bonjour,\n\nLe 12 mars 2026, votre service nous a écrit :\nle chantier finira en mai.\n\nOr il dure.',
  ],
  [
    'a date and an hour at the start of a line',
    'Le 6 avril 2026 à 14:05, un camion a renversé le panneau.\n\nIl est au sol.',
  ],
  [
    'a letter that begins with its subject',
    'Objet : acte de naissance\n\nDate : 12 mai 1950\n\nJe voudrais une copie.',
  ],
  ['opening hours', 'Vous êtes ouverts :\nDe : 9 h\nÀ : 12 h\nEst-ce exact ?'],
  ['a list with dashes', "Il manque :\n-- l'acte de naissance\n-- le justificatif\n\nMerci !"],
  [
    'lines drawn between paragraphs',
    'Premier point.\n-----\nDeuxième point, qui est plus long que le premier.\n-----\nTroisième point.',
  ],
  [
    'a sentence about where it was sent from',
    'Le dossier a été\nenvoyé de mon bureau, mais je ne retrouve pas la date.\nMerci.',
  ],
  [
    'a wrapped sentence',
    'Bonjour,\n\nJe ne trouve pas le dossier que je vous ai\nenvoyé avec mon portable\nhier soir.',
  ],
  [
    'a letter sent by post',
    'Bonjour,\n\nEnvoyé par la Poste le 3 mars, toujours rien.\n\nEnvoyé via La Poste le 4 mars.',
  ],
  [
    'what a web form writes',
    'Nouveau message\n\nDe : J. Rougon\nDate : 6 avril\nSujet : nid de poule\n\nIl y a un trou.',
  ],
  ['a comparison', 'La température est > 40 dans la classe.\n\nMerci de réagir.'],
  ['a closing and a name', ANSWER],
];

const LINES = [
  '',
  'Bonjour,',
  'Merci.',
  '> Bonjour',
  '>',
  '-- ',
  '--',
  '-----',
  '_____',
  'Envoyé de mon iPhone',
  REPLY_MARKER,
  'Le 6 avr. 2026 à 14:05, X <x@y.fr> a écrit :',
  'Le 6 avril 2026,',
  'X <x@y.fr>',
  'a écrit :',
  '| x',
  '> a écrit :',
  'De : X',
  'Envoyé : lundi',
  'À : Y',
  'Objet : Z',
  '-----Message d’origine-----',
  'Garanti sans virus',
];

describe('what the town hall sees of an answer', () => {
  test.each(ANSWERS_ABOVE)('the quotation is folded: %s', (_, mail) => {
    expect(splitReply(mail).text).toBe(ANSWER);
    expect(splitReply(mail).elided).toContain('La mairie de Plassans');
  });

  test.each(SIGNATURES)('a signature is not part of the answer: %s', (signature) => {
    expect(splitReply(`${ANSWER}\n\n${signature}\n`)).toEqual({ text: ANSWER, elided: signature });
  });

  test.each(SIGNATURES)('nor above a quotation: %s', (signature) => {
    const mail = `${ANSWER}\n\n${signature}\n\n> Le 6 avr. 2026 à 14:05, Mairie <mairie@plassans.fr> a écrit :\n${QUOTED}`;
    expect(splitReply(mail).text).toBe(ANSWER);
  });

  test.each(ORDINARY)('ordinary words are left alone: %s', (_, mail) => {
    expect(splitReply(mail)).toEqual({ text: mail, elided: '' });
  });

  test('an answer below the quotation is the answer', () => {
    const mail = `Le 06/04/2026 à 14:05, Mairie de Plassans a écrit :\n${QUOTED}\n\n${ANSWER}\n\n-- \nJeanne`;
    expect(splitReply(mail).text).toBe(ANSWER);
  });

  test('answers between quoted lines keep the question they answer', () => {
    const between = '> Votre nom ?\nRougon\n\n> Votre rue ?\nLa rue Banne';
    const mail = `Bonjour,\n\nLe 06/04/2026 à 14:05, Mairie de Plassans a écrit :\n${between}\n\n> Merci.\n> La mairie`;
    expect(splitReply(mail).text).toContain(between);
    expect(splitReply(mail).elided).toContain('> La mairie');
  });

  test('answers in a quotation that opens the mail keep all of it, and who is quoted', () => {
    const mail = 'Le 06/04/2026 à 14:05, Mairie a écrit :\n> Votre nom ?\n\nRougon\n\n> Votre rue ?\n\nLa rue Banne';
    expect(splitReply(mail)).toEqual({ text: mail, elided: '' });
  });

  test('an answer typed below a telephone’s signature is not lost', () => {
    const mail = `Envoyé de mon iPhone\n\n> Le 6 avr. 2026 à 14:05, Mairie <m@plassans.fr> a écrit :\n${QUOTED}\n\n${ANSWER}`;
    expect(splitReply(mail).text).toContain(ANSWER);
  });

  test('a long quoted line broken by a server does not count as words', () => {
    const long = `> ${'Nous avons bien reçu votre demande du mois dernier '.repeat(2)}et nous\nvous remercions\n> de votre patience.`;
    expect(splitReply(`Merci !\n\nLe 06/04/2026 à 14:05, Mairie a écrit :\n${long}`).text).toBe('Merci !');
  });

  test('accents in two characters are accents too', () => {
    const mail = `${ANSWER}\n\nLe 6 avr. 2026 à 14:05, X <x@y.fr> a écrit :\n${QUESTION}`.normalize('NFD');
    expect(splitReply(mail).text).toBe(ANSWER.normalize('NFD'));
  });

  test('every line is in the text or in the cut part', () => {
    const line = fc.constantFrom(...LINES);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const { text, elided } = splitReply(lines.join('\n'));
        expect([...split(text), ...split(elided)].toSorted()).toEqual(lines.filter(Boolean).toSorted());
        expect(split(text).length).toBeGreaterThanOrEqual(lines.some(Boolean) ? 1 : 0);
      }),
    );
  });

  test('one thumb is an answer', () => {
    expect(splitReply(`👍\n\nLe 06/04/2026 à 14:05, Mairie a écrit :\n${QUOTED}`).text).toBe('👍');
  });

  test('only the newest words of a long exchange are shown', () => {
    const older = `De : A <a@b.fr>\nEnvoyé : lundi\nÀ : C\nObjet : D\n\n${QUESTION}`;
    expect(splitReply(`${ANSWER}\n\n${older}\n\n${older}\n\n${older}`).text).toBe(ANSWER);
  });
});

describe('nobody’s only words are hidden', () => {
  test.each([
    ['a quotation alone', QUOTED],
    ['a signature alone', 'Envoyé de mon iPhone'],
    [
      'a forward without a word',
      `---------- Message transféré ---------\nDe : A <a@b.fr>\nDate : lundi\nObjet : B\n\n${QUESTION}`,
    ],
    ['headers alone', `De : A <a@b.fr>\nEnvoyé : lundi\nÀ : C\nObjet : D\n\n${QUESTION}`],
    ['our own mail sent back', `${REPLY_MARKER}\n\n${QUESTION}`],
    ['nothing', ''],
  ])('%s is shown whole', (_, mail) => {
    expect(splitReply(mail)).toEqual({ text: mail, elided: '' });
  });
});

describe('the line our own mails begin with', () => {
  const announced = 'Le lun. 6 avr. 2026 à 14:05, Mairie <mairie@plassans.fr> a écrit :';

  test.each([
    ['as it was sent', `${REPLY_MARKER}\n\n${QUESTION}`],
    ['quoted', `> ${REPLY_MARKER}\n>\n${QUOTED}`],
    ['quoted twice', `> > ${REPLY_MARKER}\n> >\n${quote(QUOTED)}`],
    ['with no-break spaces', `\u00a0—\u00a0Merci de répondre au-dessus de cette ligne\u00a0—\n${QUESTION}`],
    ['with other dashes', `-- Merci de répondre au‑dessus de cette ligne --\n${QUESTION}`],
    ['without dashes', `Merci de répondre au-dessus de cette ligne\n${QUESTION}`],
    ['broken in two', `> — Merci de répondre au-dessus de cette\n> ligne —\n${QUOTED}`],
    ['below the announcement', `${announced}\n\n${REPLY_MARKER}\n\n${QUESTION}`],
    ['quoted below the announcement', `${announced}\n\n> ${REPLY_MARKER}\n${QUOTED}`],
    [
      'below an announcement we cannot be sure of',
      `Le 6 avril 2026, la mairie a écrit :\n${REPLY_MARKER}\n${QUESTION}`,
    ],
    ['below headers', `De : Mairie\nEnvoyé : lundi\nÀ : J\nObjet : D\n\n${REPLY_MARKER}\n\n${QUESTION}`],
  ])('cuts everything from it on, %s', (_, tail) => {
    expect(splitReply(`${ANSWER}\n\n${tail}`)).toEqual({ text: ANSWER, elided: tail });
  });

  test('an answer written below it is found all the same', () => {
    expect(splitReply(`${announced}\n\n> ${REPLY_MARKER}\n${QUOTED}\n\n${ANSWER}`).text).toBe(ANSWER);
  });
});

describe('a hostile body costs no more than its length', () => {
  const MEGABYTE = 1_000_000;

  test.each([
    ' ',
    '\n',
    '>',
    '-',
    '_',
    ':',
    '> ',
    '\r\n',
    '\u00a0',
    '—\n',
    '--\n',
    '-- \n',
    '>:\n',
    'a:\n',
    'a écrit :\n',
    '| \n',
    'Le 6 avr. 2026 à 14:05, X <x@y> a écrit :\n',
    'On 2024-01-01, ',
    'Le ',
    'Le 6 avr. 2026 à 14:05\n',
    'wrote:\n',
    'x@y.fr>:\n',
    'De : a\nDate : b\n',
    'De : a\n',
    '-----Message d’origine-----\n',
    'Envoyé de mon iPhone\n',
    'merci de répondre\n',
    `${REPLY_MARKER}\n`,
    '> a\nb\n',
    'a\n\n',
    'De : a Envoyé : ',
    '2026-01-01 10:00 GMT+01:00 ',
    '*',
    'Envoyé de ',
  ])('%j', (pattern) => {
    for (const start of ['', 'Bonjour,\n\n', 'Le ']) {
      const mail = start + pattern.repeat(Math.ceil(MEGABYTE / pattern.length));
      expect(timeOfBest(mail, HANG_MS)).toBeLessThan(HANG_MS);
    }
  });
});

function quote(text: string): string {
  return text.replaceAll(/^/gm, '> ');
}

function split(part: string): string[] {
  return part.split('\n').filter(Boolean);
}

// The best of a few runs, so that a busy neighbour does not count: a slow pattern takes seconds every time.
function timeOfBest(mail: string, enough: number): number {
  let best = Infinity;
  for (let run = 0; run < 8 && best >= enough; run++) {
    const before = performance.now();
    splitReply(mail);
    best = Math.min(best, performance.now() - before);
  }
  return best;
}

test('of more lines than anybody writes, the rest is kept with what is cut', () => {
  const { text, elided } = splitReply('mot\n'.repeat(60_000));
  expect(`${text}\n${elided}`.match(/mot/g)).toHaveLength(60_000);
  expect(text.startsWith('mot\nmot')).toBe(true);
});

test('answers in a colour inside the quotation are not cut with it', () => {
  const quote =
    'De : Mairie <m@plassans.fr>\nEnvoyé : lundi 6 avril 2026 14:05\nÀ : Élise\nObjet : x\n\nQuel numéro ?\nLe 42.';
  const pointing = `Mes réponses sont en rouge ci-dessous.\n\n${quote}`;
  expect(splitReply(pointing)).toEqual({ text: pointing, elided: '' });
  expect(splitReply(`J’attends vos réponses.\n\n${quote}`).text).toBe('J’attends vos réponses.');
});

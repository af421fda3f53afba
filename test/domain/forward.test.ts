import { describe, expect, test } from 'vitest';
import { parseForwardDate } from '../../src/domain/forward-date.ts';
import { findForward, isForwardSubject } from '../../src/domain/forward.ts';
import { HANG_MS } from '../support/hang.ts';

const NOTE = 'Pour vous, je pense.\n\nMarc Pascal\nService culture';

const WORDS = `Bonjour,

Le lampadaire devant le 12, rue Banne est en panne depuis lundi.

Jeanne Rougon
06 12 34 56 78`;

const QUOTED = quote(WORDS);
const AT = '2026-04-06T12:05:00.000Z';

type Case = readonly [client: string, mail: string];

/** Each holds NOTE, then WORDS from Jeanne Rougon, sent on 6 April 2026 at 14:05 in Paris, « Lampadaire en panne ». */
const FORWARDS: readonly Case[] = [
  [
    'Gmail',
    `${NOTE}\n\n---------- Forwarded message ---------\nDe : Jeanne Rougon <jeanne@rougon.fr>\nDate: lun. 6 avr. 2026 à 14:05\nSubject: Lampadaire en panne\nTo: Marc Pascal <marc@plassans.fr>\n\n\n${WORDS}`,
  ],
  [
    'Gmail in French',
    `${NOTE}\n\n---------- Message transféré ---------\nDe : Jeanne Rougon <jeanne@rougon.fr>\nDate : lun. 6 avr. 2026, 14:05\nObjet : Lampadaire en panne\nÀ : <marc@plassans.fr>\nCc : Mairie <mairie@plassans.fr>\n\n\n${WORDS}\n`,
  ],
  [
    'Gmail with bold names',
    `${NOTE}\n\n---------- Forwarded message ---------\nDe : *Jeanne Rougon* <jeanne@rougon.fr>\nDate: lun. 6 avr. 2026 à 14:05\nSubject: Lampadaire en panne\nTo: <marc@plassans.fr>\n\n${WORDS}`,
  ],
  [
    'Apple Mail',
    `${NOTE}\n\n> Début du message réexpédié :\n> \n> De: Jeanne Rougon <jeanne@rougon.fr>\n> Objet: Lampadaire en panne\n> Date: 6 avril 2026 à 14:05:00 UTC+2\n> À: Marc Pascal <marc@plassans.fr>\n> \n${QUOTED}\n`,
  ],
  [
    'Apple Mail of an older year',
    `${NOTE}\n\nDébut du message transféré :\n\n> De : Jeanne Rougon <jeanne@rougon.fr>\n> Objet : Lampadaire en panne\n> Date : 6 avril 2026 14:05:00 HAEC\n> À : marc@plassans.fr\n> \n${QUOTED}`,
  ],
  [
    'iPhone',
    `${NOTE}\n\nDébut du message transféré :\n\n> De: Jeanne Rougon <jeanne@rougon.fr>\n> Date: 6 avril 2026 à 14:05:00 UTC+2\n> À: marc@plassans.fr\n> Objet: Lampadaire en panne\n> \n${QUOTED}`,
  ],
  [
    'iPhone in English',
    `${NOTE}\n\nBegin forwarded message:\n\n> From: Jeanne Rougon <jeanne@rougon.fr>\n> Date: April 6, 2026 at 14:05:00 GMT+2\n> To: marc@plassans.fr\n> Subject: Lampadaire en panne\n> \n${QUOTED}`,
  ],
  [
    'Apple Mail that quoted nothing',
    `${NOTE}\n\nDébut du message réexpédié :\n\nDe: "Jeanne Rougon" <jeanne@rougon.fr>\nDate: 6 avril 2026 14:05:00 HAEC\nÀ: <marc@plassans.fr>\nObjet: Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'Outlook',
    `${NOTE}\n\nDe : Jeanne Rougon <jeanne@rougon.fr>\nEnvoyé : lundi 6 avril 2026 14:05\nÀ : Marc PASCAL <marc@plassans.fr>\nObjet : Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'Outlook with bold names and no-break spaces',
    `${NOTE}\n\n*De\u00a0:* Jeanne Rougon <jeanne@rougon.fr>\n*Envoyé\u00a0:* lundi 6 avril 2026 14:05\n*À\u00a0:* Marc PASCAL <marc@plassans.fr>\n*Objet\u00a0:* Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'Outlook with bold names, the other way',
    `${NOTE}\n\n**De :** Jeanne Rougon <jeanne@rougon.fr>\n**Envoyé :** lundi 6 avril 2026 14:05\n**À :** Marc PASCAL <marc@plassans.fr>\n**Objet :** Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'Outlook on the web',
    `${NOTE}\n________________________________\nDe : Jeanne Rougon <jeanne@rougon.fr>\nEnvoyé : lundi 6 avril 2026 14:05\nÀ : Marc Pascal <marc@plassans.fr>; Mairie de Plassans\n <mairie@plassans.fr>\nObjet : Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'Outlook of an older year',
    `${NOTE}\n\n-----Message d'origine-----\nDe : Jeanne Rougon [mailto:jeanne@rougon.fr]\nEnvoyé : lundi 6 avril 2026 14:05\nÀ : marc@plassans.fr\nCc : mairie@plassans.fr\nObjet : Lampadaire en panne\nImportance : Haute\n\n${WORDS}`,
  ],
  [
    'Outlook for Mac',
    `${NOTE}\n\nDe : Jeanne Rougon <jeanne@rougon.fr<mailto:jeanne@rougon.fr>>\nDate : lundi 6 avril 2026 à 14:05\nÀ : Marc Pascal <marc@plassans.fr<mailto:marc@plassans.fr>>\nObjet : Lampadaire en panne\n${WORDS}`,
  ],
  [
    'Outlook to a hidden list',
    `${NOTE}\n\nDe : Jeanne Rougon <jeanne@rougon.fr>\nEnvoyé : lundi 6 avril 2026 14:05\nObjet : Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'Outlook with a blank line after each header',
    `${NOTE}\n\nDe : Jeanne Rougon <jeanne@rougon.fr>\n\nEnvoyé : lundi 6 avril 2026 14:05\n\nÀ : marc@plassans.fr\n\nObjet : Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'Thunderbird',
    `${NOTE}\n\n\n-------- Message transféré --------\nSujet : \tLampadaire en panne\nDate : \tMon, 6 Apr 2026 14:05:00 +0200\nDe : \tJeanne Rougon <jeanne@rougon.fr>\nPour : \tmarc@plassans.fr\n\n\n\n${WORDS}`,
  ],
  [
    'Thunderbird with copies',
    `${NOTE}\n\n-------- Message transféré --------\nSujet : Lampadaire en panne\nDate de renvoi : Mon, 6 Apr 2026 15:00:00 +0200 (CEST)\nDate : Mon, 6 Apr 2026 12:05:00 +0000\nDe : Jeanne Rougon <jeanne@rougon.fr>\nRépondre à : Jeanne <j2@rougon.fr>\nPour : marc@plassans.fr\nCopie à : mairie@plassans.fr\n\n${WORDS}`,
  ],
  [
    'Zimbra (Free)',
    `${NOTE}\n\n----- Mail transféré -----\nDe: "Jeanne Rougon" <jeanne@rougon.fr>\nÀ: "Marc Pascal" <marc@plassans.fr>\nEnvoyé: Lundi 6 Avril 2026 14:05:00\nObjet: Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'Yahoo',
    `${NOTE}\n\n----- Message transféré -----\nDe : Jeanne Rougon <jeanne@rougon.fr>\nÀ : Marc Pascal <marc@plassans.fr>\nEnvoyé : lundi 6 avril 2026 à 14:05:00 UTC+2\nObjet : Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'Orange',
    `${NOTE}\n\n> Message du 06/04/26 14:05\n> De : "Jeanne Rougon" <jeanne@rougon.fr>\n> A : marc@plassans.fr\n> Copie à : \n> Objet : Lampadaire en panne\n> \n${QUOTED}`,
  ],
  [
    'Orange, the newer webmail',
    `${NOTE}\n\nenvoyé : 6 avril 2026 à 14:05\nde : Jeanne Rougon <jeanne@rougon.fr>\nà : marc@plassans.fr\nobjet : Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'SFR',
    `${NOTE}\n\n---- Message transféré ----\nDe : Jeanne Rougon <jeanne@rougon.fr>\nDate : 06/04/2026 14:05 (GMT+02:00)\nA : marc@plassans.fr\nObjet : Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'La Poste',
    `${NOTE}\n\n----- Message transmis -----\nDe : "Jeanne Rougon" <jeanne@rougon.fr>\nA : marc@plassans.fr\nEnvoyé: lundi 6 Avril 2026 14:05\nObjet : Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'Proton',
    `${NOTE}\n\n------- Message transféré -------\nDe : Jeanne Rougon <jeanne@rougon.fr>\nDate : Le lundi 6 avril 2026 à 14:05\nObjet : Lampadaire en panne\nÀ : marc@plassans.fr <marc@plassans.fr>\n\n${QUOTED}`,
  ],
  [
    'Zoho repeats its line below the headers',
    `${NOTE}\n\n============ Message transféré ============\nDe : Jeanne Rougon <jeanne@rougon.fr>\nÀ : <marc@plassans.fr>\nDate : lun., 06 avr. 2026 14:05:00 +0200\nObjet : Lampadaire en panne\n============ Message transféré ============\n\n${WORDS}`,
  ],
  [
    'Horde says who and where it ends',
    `${NOTE}\n\n----- Message transféré de Jeanne Rougon <jeanne@rougon.fr> -----\n    Date : Mon, 06 Apr 2026 14:05:00 +0200\n      De : Jeanne Rougon <jeanne@rougon.fr>\nRépondre à : jeanne@rougon.fr\n   Objet : Lampadaire en panne\n       À : marc@plassans.fr\n\n${WORDS}\n\n----- Fin du message transféré -----\n`,
  ],
  [
    'Samsung',
    `${NOTE}\n\n\n-------- Message d'origine --------\nDe : Jeanne Rougon <jeanne@rougon.fr> \nDate : 06/04/2026  14:05  (GMT+02:00) \nÀ : marc@plassans.fr \nObjet : Lampadaire en panne \n\n${WORDS}`,
  ],
  [
    'Samsung writes two headers on one line',
    `${NOTE}\n\n-------- Message transféré --------\nDe : Jeanne Rougon <jeanne@rougon.fr>\nDate : 06/04/2026 14:05 (GMT+02:00)\nÀ : marc@plassans.fr Objet : Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'a conversion that lost the line breaks',
    `${NOTE}\n\nDe : Jeanne Rougon <jeanne@rougon.fr> Envoyé : lundi 6 avril 2026 14:05 À : Marc Pascal Objet : Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'Roundcube',
    `${NOTE}\n\n-------- Message original --------\nObjet: Lampadaire en panne\nDate: 2026-04-06 14:05\nDe: Jeanne Rougon <jeanne@rougon.fr>\nÀ: marc@plassans.fr\n\n${WORDS}`,
  ],
  [
    'eM Client',
    `${NOTE}\n\n------ Message transféré ------\nDe: "Jeanne Rougon" <jeanne@rougon.fr>\nÀ: marc@plassans.fr\nEnvoyé: 06/04/2026 14:05:00\nObjet: Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'a header on two lines',
    `${NOTE}\n\n-----Message d'origine-----\nDe : Jeanne Rougon\n<jeanne@rougon.fr>\nEnvoyé : lundi 6 avril 2026 14:05\nÀ : Marc Pascal <marc@plassans.fr>; Aristide Rougon <aristide@plassans.fr>;\nSilvère Mouret <silvere@plassans.fr>\nObjet : Lampadaire en panne\n\n${WORDS}`,
  ],
  [
    'somebody who wrote for somebody else',
    `${NOTE}\n\nDe : accueil@rougon.fr <accueil@rougon.fr> De la part de Jeanne Rougon <jeanne@rougon.fr>\nEnvoyé : lundi 6 avril 2026 14:05\nÀ : marc@plassans.fr\nObjet : Lampadaire en panne\n\n${WORDS}`,
  ],
];

const NOT_FORWARDS: readonly Case[] = [
  ['a letter', WORDS],
  ['nothing', ''],
  ['opening hours', 'Vous êtes ouverts :\nDe : 9 h\nÀ : 12 h\nEst-ce exact ?'],
  ['a subject and a date in a letter', 'Objet : acte de naissance\nDate : 12 mai 1950\n\nJe voudrais une copie.'],
  ['an ordinary answer', `${NOTE}\n\nLe lun. 6 avr. 2026 à 14:05, Jeanne <jeanne@rougon.fr> a écrit :\n\n${QUOTED}`],
  ['a line of dashes', 'Premier point.\n----------\nDeuxième point.\n----------\nDe : la suite'],
  ['a line about a forward', 'Bonjour,\n\nLe message transféré hier :\n\nje ne le retrouve pas.'],
];

describe('a mail that an agent forwards', () => {
  test.each(FORWARDS)('gives back the original and the note: %s', (_, mail) => {
    const found = findForward(mail);
    expect(found).toMatchObject({
      before: NOTE,
      from: { name: 'Jeanne Rougon', address: 'jeanne@rougon.fr' },
      subject: 'Lampadaire en panne',
      text: WORDS,
    });
    expect(parseForwardDate(found?.date ?? '')?.toISOString()).toBe(AT);
  });

  test.each(FORWARDS)('without a note: %s', (_, mail) => {
    expect(findForward(mail.replace(NOTE, ''))).toMatchObject({ before: '', text: WORDS });
  });

  test.each(FORWARDS)('with the line ends of mail: %s', (_, mail) => {
    expect(findForward(mail.replaceAll('\n', '\r\n'))?.text).toBe(WORDS);
  });

  test.each(NOT_FORWARDS)('is not seen in %s', (_, mail) => {
    expect(findForward(mail)).toBeNull();
  });

  test('keeps the message to whom it was sent', () => {
    expect(FORWARDS.map(([, mail]) => findForward(mail)?.to ?? '').filter((to) => !/marc/i.test(to))).toEqual(['']);
  });

  test('counts the outermost of several levels; the inner ones stay in its text', () => {
    const inner =
      'De : Silvère Mouret <silvere@mouret.fr>\nEnvoyé : dimanche 5 avril 2026 09:00\nÀ : jeanne@rougon.fr\nObjet : Panne\n\nAu secours';
    for (const [, mail] of FORWARDS.slice(0, 1)) {
      const found = findForward(`${mail.trimEnd()}\n\n${inner}`);
      expect(found?.from?.address).toBe('jeanne@rougon.fr');
      expect(found?.text).toBe(`${WORDS}\n\n${inner}`);
    }
  });

  test('keeps the quotations of the original', () => {
    const thread = `${WORDS}\n\nLe 5 avr. 2026 à 09:00, Mairie <mairie@plassans.fr> a écrit :\n\n> Bonjour`;
    const mail = `${NOTE}\n\n> Début du message réexpédié :\n>\n> De: Jeanne Rougon <jeanne@rougon.fr>\n> Objet: Panne\n> Date: 6 avril 2026 à 14:05:00 UTC+2\n> À: marc@plassans.fr\n>\n${quote(thread)}`;
    expect(findForward(mail)?.text).toBe(thread);
  });

  test('keeps the words that the forwarder wrote below', () => {
    const mail = `Voir ci-dessous\n\n> Début du message réexpédié :\n>\n> De: J <j@rougon.fr>\n> Date: 6 avril 2026 à 14:05:00 UTC+2\n> À: m@plassans.fr\n> Objet: Panne\n>\n> Au secours\n\nEnvoyé de mon iPhone`;
    expect(findForward(mail)).toMatchObject({ before: 'Voir ci-dessous\n\nEnvoyé de mon iPhone', text: 'Au secours' });
  });

  test('may announce the original as a quotation: Yandex', () => {
    const mail = `${NOTE}\n\n-------- Message transféré --------\n06.04.2026, 14:05, "Jeanne Rougon" <jeanne@rougon.fr>:\n\n${WORDS}\n\n-------- Fin du message transféré --------`;
    const found = findForward(mail);
    expect(found).toMatchObject({
      before: NOTE,
      from: { name: 'Jeanne Rougon', address: 'jeanne@rougon.fr' },
      text: WORDS,
    });
    expect(parseForwardDate(found?.date ?? '')?.toISOString()).toBe(AT);
  });

  test('may come in other languages', () => {
    const mails = [
      '---------- Weitergeleitete Nachricht ---------\nVon: J <j@rougon.fr>\nGesendet: Montag, 6. April 2026 14:05\nAn: m@x.fr\nBetreff: Panne\n\nHilfe',
      '---------- Mensaje reenviado ---------\nDe: J <j@rougon.fr>\nFecha: lun, 6 abr 2026 a las 14:05\nPara: m@x.fr\nAsunto: Panne\n\nHilfe',
      'Inizio messaggio inoltrato:\n\n> Da: J <j@rougon.fr>\n> Data: 6 aprile 2026 alle ore 14:05:00 CEST\n> A: m@x.fr\n> Oggetto: Panne\n>\n> Hilfe',
      '-------- Пересылаемое сообщение --------\nОт кого: J <j@rougon.fr>\nКому: m@x.fr\nДата: Понедельник, 6 апреля 2026, 15:05 +03:00\nТема: Panne\n\nHilfe',
      'Van: J <j@rougon.fr>\nVerzonden: maandag 6 april 2026 14:05\nAan: m@x.fr\nOnderwerp: Panne\n\nHilfe',
      'Od: J <j@rougon.fr>\nWysłano: poniedziałek, 6 kwietnia 2026 14:05\nDo: m@x.fr\nTemat: Panne\n\nHilfe',
    ];
    for (const mail of mails) {
      const found = findForward(mail);
      expect(found).toMatchObject({ from: { name: 'J', address: 'j@rougon.fr' }, subject: 'Panne', text: 'Hilfe' });
      expect(parseForwardDate(found?.date ?? '')?.toISOString(), found?.date).toBe(AT);
    }
  });

  test('tells an author without an address, and one without a name', () => {
    expect(findForward(mailFrom('Jeanne Rougon'))?.from).toEqual({ name: 'Jeanne Rougon', address: '' });
    expect(findForward(mailFrom('jeanne@rougon.fr'))?.from).toEqual({ name: '', address: 'jeanne@rougon.fr' });
    expect(findForward(mailFrom('<Jeanne@Rougon.fr>'))?.from).toEqual({ name: '', address: 'jeanne@rougon.fr' });
    expect(findForward(mailFrom("'jeanne@rougon.fr'"))?.from).toEqual({ name: '', address: 'jeanne@rougon.fr' });
    expect(findForward(mailFrom('ROUGON, Jeanne (jeanne@rougon.fr)'))?.from).toEqual({
      name: 'ROUGON, Jeanne',
      address: 'jeanne@rougon.fr',
    });
  });
});

describe('the date that a forwarded mail gives', () => {
  test.each([
    'lundi 6 avril 2026 14:05',
    'lundi 6 avril 2026 à 14:05',
    'Lundi 6 Avril 2026 14:05:00',
    'Le lundi 6 avril 2026 à 14 h 05',
    '6 avr. 2026 à 14:05',
    'lun. 6 avr. 2026, 14:05',
    'mar. 6 avr. 2026 14:05',
    '06/04/2026 14:05',
    '06/04/26 14:05',
    '06/04/2026  14:05  (GMT+02:00)',
    '06.04.2026 14:05:00',
    '2026-04-06 14:05',
    '2026-04-06T12:05:00Z',
    'Mon, 6 Apr 2026 14:05:00 +0200',
    'Mon, 6 Apr 2026 12:05:00 +0000 (UTC)',
    'Mon, 6 Apr 2026 05:05:00 -0700 (PDT)',
    'Mon, Apr 6, 2026 at 2:05 PM',
    'Monday, April 6, 2026 2:05 PM',
    'April 6, 2026 at 2:05:00\u202fPM GMT+2',
    '6 avril 2026 à 14:05:00 UTC+2',
    '6 avril 2026 14:05:00 HAEC',
    'Montag, 6. April 2026 14:05',
    'den 6 april 2026 14:05',
    '6. april 2026 kl. 14.05',
    '2026年4月6日 14:05',
    '14:05 - 06/04/2026',
    '\u200e6 \u200eavril \u200e2026 14:05',
    '*lundi 6 avril 2026 14:05*',
  ])('is read: %s', (words) => {
    expect(parseForwardDate(words)?.toISOString()).toBe(AT);
  });

  test('follows the clocks of winter and summer', () => {
    expect(parseForwardDate('12 janvier 2026 14:05')?.toISOString()).toBe('2026-01-12T13:05:00.000Z');
    expect(parseForwardDate('1er août 2026 à 08:00')?.toISOString()).toBe('2026-08-01T06:00:00.000Z');
    expect(parseForwardDate('3 juin 2026 08:00')?.toISOString()).toBe('2026-06-03T06:00:00.000Z');
    expect(parseForwardDate('3 juil. 2026 08:00')?.toISOString()).toBe('2026-07-03T06:00:00.000Z');
    expect(parseForwardDate('mardi 10 mars 2026 08:00')?.toISOString()).toBe('2026-03-10T07:00:00.000Z');
    expect(parseForwardDate('15 déc. 2025')?.toISOString()).toBe('2025-12-14T23:00:00.000Z');
    expect(parseForwardDate('Sun, Apr 5, 2026 at 12:30 AM')?.toISOString()).toBe('2026-04-04T22:30:00.000Z');
  });

  test.each([
    '',
    'hier',
    '31/02/2026 10:00',
    '06/04/2026 2:05 PM',
    '6 avril',
    '14:05',
    '6 avril 2026 25:05',
    '99/99/9999',
    '6 avril 1026 10:00',
  ])('is not guessed: « %s »', (words) => {
    expect(parseForwardDate(words)).toBeNull();
  });
});

describe('the subject of a forward', () => {
  test.each([
    'TR: Panne',
    'TR : Panne',
    'Tr : Panne',
    'tr:Panne',
    'TR\u00a0: Panne',
    'Fwd: Panne',
    'FWD : Panne',
    'Fw: Panne',
    'FW: Re: Panne',
    'WG: Panne',
    'I: Panne',
    'RV: Panne',
    'ENC: Panne',
    'Transfert : Panne',
    '[EXTERNE] TR: Panne',
    '*****SPAM***** Fwd: Panne',
    'Fwd[2]: Panne',
    'Panne (fwd)',
  ])('is one: %s', (subject) => {
    expect(isForwardSubject(subject)).toBe(true);
  });
  test.each([
    'Panne',
    'Re: Panne',
    'RE : TR : Panne',
    'Re: Fwd: Panne',
    'Travaux : rue Banne',
    'Train : horaires',
    'Îlot : panne',
    'Intervention : panne',
    '',
  ])('is not one: %s', (subject) => {
    expect(isForwardSubject(subject)).toBe(false);
  });
});

describe('a hostile body', () => {
  test.each([
    'De : x\n',
    'De : x\nDate : y\n',
    '-----Message transféré-----\n',
    '> De : x\n',
    '>>>>\n',
    '> ',
    '---------- Forwarded message\nFrom: a\nx\n',
    'From: a\n\n',
    '-',
    '\n',
    'De : a@b.fr\n> Objet : b\n> À : c\n',
    'De : a Objet : b À : c ',
  ])('costs no more than its length: %j', (pattern) => {
    const mail = pattern.repeat(Math.ceil(1_000_000 / pattern.length));
    const begin = performance.now();
    findForward(mail);
    expect(performance.now() - begin).toBeLessThan(HANG_MS);
  });

  test('cannot make the date cost more than its length', () => {
    const begin = performance.now();
    for (const pattern of ['6 avril ', '1/', '12:', 'a', ' ', '6 '])
      parseForwardDate(pattern.repeat(Math.ceil(1_000_000 / pattern.length)));
    expect(performance.now() - begin).toBeLessThan(HANG_MS);
  });
});

function mailFrom(from: string): string {
  return `De : ${from}\nEnvoyé : lundi 6 avril 2026 14:05\nÀ : x\nObjet : y\n\nz`;
}

function quote(text: string): string {
  return text.replaceAll(/^/gm, '> ').replaceAll(/^> $/gm, '>');
}

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CategoryField, checkField, extractFields } from '../../src/domain/category-fields.ts';
import { HANG_MS } from '../support/hang.ts';

const NAME: CategoryField = { id: 'nom', name: 'Nom de l’intéressé', kind: 'text' };
const BORN: CategoryField = { id: 'naissance', name: 'Date de naissance', kind: 'date' };
const COPY: CategoryField = {
  id: 'copie',
  name: 'Type de copie',
  kind: 'choice',
  choices: ['Copie intégrale', 'Extrait avec filiation', 'Extrait sans filiation'],
};
const PLACE: CategoryField = { id: 'lieu', name: 'Lieu (numéro et rue)', kind: 'text' };
const FIELDS = [NAME, BORN, COPY, PLACE];

const WHOLE = {
  nom: 'Nora Lemaire',
  naissance: '1980-04-03',
  copie: 'Copie intégrale',
  lieu: '12 rue Banne',
};

describe('the fields of a category are read', () => {
  test.each([
    [
      'on lines with a colon',
      'Bonjour,\n\nNom de l’intéressé : Nora Lemaire\nDate de naissance : 3 avril 1980\nType de copie : copie intégrale\nLieu (numéro et rue) : 12 rue Banne\n\nMerci',
    ],
    [
      'with French spaces, other apostrophes and no accents',
      "NOM DE L'INTERESSE\u00a0: Nora Lemaire\nDATE DE NAISSANCE\u202f: 03/04/1980\ntype de copie: COPIE INTEGRALE\nlieu (numero et rue):12 rue Banne",
    ],
    [
      'as a web form writes them, one above the other',
      'Nom de l’intéressé\nNora Lemaire\n\nDate de naissance\n1980-04-03\n\nType de copie\nCopie intégrale\n\nLieu (numéro et rue)\n12 rue Banne',
    ],
    [
      'with a blank line under each name',
      'Nom de l’intéressé :\n\nNora Lemaire\n\nDate de naissance :\n\n03.04.1980\n\nType de copie :\n\nCopie intégrale\n\nLieu (numéro et rue) :\n\n12 rue Banne\n',
    ],
    [
      'with equal signs',
      'Nom de l’intéressé = Nora Lemaire\nDate de naissance = 3/4/1980\nType de copie=Copie intégrale\nLieu (numéro et rue) = 12 rue Banne',
    ],
    [
      'in bold, in a list, quoted, and said to be required',
      '*Nom de l’intéressé\u00a0:* Nora Lemaire\n- Date de naissance (obligatoire) : 1980-04-03\n> Type de copie * : Copie intégrale\n• Lieu (numéro et rue)* :\n12 rue Banne',
    ],
    [
      'from a table',
      'Nom de l’intéressé\tNora Lemaire\r\nDate de naissance\t03/04/1980\r\nType de copie\tCopie intégrale\r\nLieu (numéro et rue)\t12 rue Banne\r\n',
    ],
    ['under their ids', 'nom: Nora Lemaire\nnaissance: 1980-04-03\ncopie: copie intégrale\nlieu: 12 rue Banne'],
    [
      'with accents in two characters',
      'Nom de l’intéressé : Nora Lemaire\nDate de naissance : 3 avril 1980\nType de copie : Copie intégrale\nLieu (numéro et rue) : 12 rue Banne'.normalize(
        'NFD',
      ),
    ],
  ])('%s', (_, text) => {
    expect(extractFields(text, FIELDS)).toEqual(WHOLE);
  });

  test('the first good value counts', () => {
    const text =
      'Date de naissance : je ne sais plus\nDate de naissance : 3 avril 1980\nDate de naissance : 4 avril 1980';
    expect(extractFields(text, FIELDS)).toEqual({ naissance: '1980-04-03' });
  });

  test('a field left empty does not take the next field for its value', () => {
    const text =
      'Nom de l’intéressé\n\nDate de naissance\n03/04/1980\nType de copie :\nLieu (numéro et rue) : 12 rue Banne';
    expect(extractFields(text, FIELDS)).toEqual({ naissance: '1980-04-03', lieu: '12 rue Banne' });
  });

  test('a name that holds a colon is read whole', () => {
    const field: CategoryField = { id: 'a', name: 'Adresse : rue', kind: 'text' };
    expect(extractFields('Adresse : rue : la rue Banne : au fond', [field])).toEqual({ a: 'la rue Banne : au fond' });
  });

  test('a name wins over the id of another field', () => {
    const fields: CategoryField[] = [
      { id: 'lieu', name: 'Endroit', kind: 'text' },
      { id: 'x', name: 'Lieu', kind: 'text' },
    ];
    expect(extractFields('Lieu : ici', fields)).toEqual({ x: 'ici' });
  });

  test.each([
    ['a sentence', 'Je vous écris au sujet du nom de l’intéressé : il est faux.'],
    ['a name in a longer one', 'Nom de l’intéressé et prénom : Nora'],
    ['nothing behind', 'Nom de l’intéressé :'],
    ['a value too far below', 'Nom de l’intéressé :\n\n\n\nNora'],
    ['a value of more than 200 characters', `Nom de l’intéressé : ${'a'.repeat(201)}`],
    ['a choice that is none', 'Type de copie : Copie'],
    ['a day that is none', 'Date de naissance : 31 février 1980'],
    ['nothing', ''],
  ])('not in %s', (_, text) => {
    expect(extractFields(text, FIELDS)).toEqual({});
  });

  test('no field, nothing read', () => {
    expect(extractFields('Nom : Nora', [])).toEqual({});
  });

  test('a field may be called like a part of every object', () => {
    const fields = ['__proto__', 'constructor'].map((id) => ({ id, name: id, kind: 'text' }) as const);
    const read = extractFields('__proto__ : a\nconstructor : b\ntoString : c', fields);
    expect(Object.entries(read)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});

describe('one value', () => {
  test.each([
    ['3 avril 2026', '2026-04-03'],
    ['le 3 avril 2026', '2026-04-03'],
    ['1er août 2026', '2026-08-01'],
    ['vendredi 3 avril 2026', '2026-04-03'],
    ['Vendredi 3 Avril 2026 à 14h30', '2026-04-03'],
    ['3 avr. 2026', '2026-04-03'],
    ['12 févr. 2026', '2026-02-12'],
    ['24 DÉCEMBRE 1950', '1950-12-24'],
    ['03/04/2026', '2026-04-03'],
    ['3/4/2026', '2026-04-03'],
    ['03-04-2026', '2026-04-03'],
    ['03.04.2026.', '2026-04-03'],
    ['03 / 04 / 2026', '2026-04-03'],
    ['2026-04-03', '2026-04-03'],
    ['2026-04-03T00:00:00.000Z', '2026-04-03'],
    ['29/02/2024', '2024-02-29'],
  ])('%s is the day %s', (value, day) => {
    expect(checkField(BORN, value)).toBe(day);
  });

  test.each([
    '',
    'demain',
    'avril 2026',
    '3 avril',
    '03/04/26',
    '12/25/2026',
    '29/02/2026',
    '0/4/2026',
    '2026-13-01',
    '3 avrilou 2026',
    '3 ma 2026',
    '03/04-2026',
    '3 avril 2026 ou le 4',
    'entre le 3 avril 2026 et le 5 avril 2026',
    '1026-04-03',
    '03/04/20261',
  ])('%j is no day', (value) => {
    expect(checkField(BORN, value)).toBeNull();
  });

  test.each([
    ['copie integrale', 'Copie intégrale'],
    ['  EXTRAIT  AVEC FILIATION.', 'Extrait avec filiation'],
    ['Extrait sans filiation', 'Extrait sans filiation'],
    ['Extrait', null],
    ['', null],
  ])('the choice %j is %j', (value, choice) => {
    expect(checkField(COPY, value)).toBe(choice);
  });

  test('of a field without choices, none is one', () => {
    expect(checkField({ id: 'x', name: 'X', kind: 'choice' }, 'oui')).toBeNull();
  });

  test.each([
    ['  Nora   Lemaire ', 'Nora Lemaire'],
    ['Nora\nLemaire', 'Nora Lemaire'],
    ['No\u202era\u0000', 'Nora'],
    ['e\u0301', 'é'],
    ['a'.repeat(200), 'a'.repeat(200)],
    ['a'.repeat(201), null],
    [' \u200b ', null],
  ])('the text %j is kept as %j', (value, kept) => {
    expect(checkField(NAME, value)).toBe(kept);
  });

  test('a value that was kept is kept again as it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS), fc.string({ unit: 'binary' }), (field, value) => {
        const kept = checkField(field, value);
        if (kept !== null) expect(checkField(field, kept)).toBe(kept);
      }),
    );
  });

  test('every day of every year is read in each of its writings', () => {
    const day = fc.date({ min: new Date('1850-01-01'), max: new Date('2199-12-31'), noInvalidDate: true });
    const long = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'UTC' });
    const full = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'full', timeZone: 'UTC' });
    const medium = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'medium', timeZone: 'UTC' });
    fc.assert(
      fc.property(day, (date) => {
        const iso = date.toISOString().slice(0, 10);
        const [year, month, number] = iso.split('-');
        for (const value of [
          iso,
          `${number}/${month}/${year}`,
          ...[long, full, medium].map((each) => each.format(date)),
        ]) {
          expect(checkField(BORN, value)).toBe(iso);
        }
      }),
    );
  });
});

test('what is written for a field is found, whatever the other lines say', () => {
  const lines = fc.array(fc.constantFrom('', 'Bonjour', 'a : b', 'Prénom', ':', '=', 'Merci !', 'http://x.fr'));
  fc.assert(
    fc.property(lines, lines, fc.stringMatching(/^[a-zA-Z0-9]{1,40}$/), (before, after, value) => {
      const text = [...before, `Nom de l'intéressé : ${value}`, ...after].join('\n');
      expect(extractFields(text, FIELDS)).toEqual({ nom: value });
    }),
  );
});

test.each([
  ' ',
  '\n',
  ':',
  'a',
  'Nom : ',
  'nom\n',
  'nom :\n',
  'nom : a\n',
  'naissance : x\n',
  'naissance\n\n',
  '=',
  '\t',
  '(',
  '*',
  'é:',
])('a megabyte of %j costs no more than its length', (pattern) => {
  for (const start of ['', 'nom : ', 'naissance : ', 'nom']) {
    const text = start + pattern.repeat(Math.ceil(1_000_000 / pattern.length));
    const before = performance.now();
    extractFields(text, FIELDS);
    for (const field of FIELDS) checkField(field, text);
    expect(performance.now() - before).toBeLessThan(HANG_MS);
  }
});

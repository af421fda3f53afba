import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMentions } from '../../src/domain/mentions.ts';
import type { Town } from '../../src/domain/people.ts';
import { slipsBetween } from '../../src/domain/slips.ts';
import { HANG_MS } from '../support/hang.ts';
import { aTown } from './plassans.ts';

const office = {
  phone: '',
  postalAddress: '',
  pieces: 'links',
  head: { name: 'Silvère Mouret', title: 'responsable' },
} as const;

const TOWN = aTown({
  departments: [
    { ...office, id: 'voirie', name: 'Voirie et réseaux', address: 'st@plassans.fr' },
    { ...office, id: 'etat-civil', name: 'État civil', address: 'ec@plassans.fr' },
    { ...office, id: 'ccas', name: 'Action sociale', address: 'ccas@plassans.fr' },
  ],
  agents: [
    { name: 'Jeanne Martin', address: 'j.martin@plassans.fr', office: 'voirie' },
    { name: 'Jean-Pierre Le Goff', address: 'jplegoff@plassans.fr', office: 'desk' },
    { name: 'Élise ROUGON', address: 'elise.rougon@plassans.fr', office: 'etat-civil' },
    { name: 'Ali Ben Saïd', address: 'ali@plassans.fr', office: 'ccas' },
  ],
  supervisors: [
    { name: 'Direction générale des services', address: 'direction@plassans.fr' },
    { name: 'Paul Macquart', address: 'maire@plassans.fr' },
  ],
});

const NAMES = {
  jeanne: 'Jeanne Martin',
  jp: 'Jean-Pierre Le Goff',
  elise: 'Élise ROUGON',
  ali: 'Ali Ben Saïd',
  dgs: 'Direction générale des services',
  paul: 'Paul Macquart',
  voirie: 'Voirie et réseaux',
  civil: 'État civil',
  ccas: 'Action sociale',
  desk: 'Accueil',
} as const;

const FOUND: readonly (readonly [text: string, who: keyof typeof NAMES])[] = [
  ['@jeanne.martin', 'jeanne'],
  ['@j.martin', 'jeanne'],
  ['@Martin', 'jeanne'],
  ['@MARTIN', 'jeanne'],
  ['@Jeanne', 'jeanne'],
  ['@Jeanne Martin', 'jeanne'],
  ['@Martin Jeanne', 'jeanne'],
  ['@martin.jeanne', 'jeanne'],
  ['@jeanne_martin', 'jeanne'],
  ['@jeanne-martin', 'jeanne'],
  ['@jmartin', 'jeanne'],
  ['@JeanneMartin', 'jeanne'],
  ['@j.martin@plassans.fr', 'jeanne'],
  ['@J.Martin@Plassans.fr', 'jeanne'],
  ['@Jean-Pierre', 'jp'],
  ['@jean_pierre', 'jp'],
  ['@jean-pierre.le-goff', 'jp'],
  ['@jp.legoff', 'jp'],
  ['@jplegoff', 'jp'],
  ['@Le Goff', 'jp'],
  ['@legoff', 'jp'],
  ['@Goff', 'jp'],
  ['@LE GOFF Jean-Pierre', 'jp'],
  ['@elise', 'elise'],
  ['@Élise', 'elise'],
  ['@ÉLISE', 'elise'],
  ['@E\u0301lise', 'elise'],
  ['@erougon', 'elise'],
  ['@Rougon', 'elise'],
  ['@ben.said', 'ali'],
  ['@Ali', 'ali'],
  ['@voirie', 'voirie'],
  ['@Voirie', 'voirie'],
  ['@service-voirie', 'voirie'],
  ['@service voirie', 'voirie'],
  ['@le service de la voirie', 'voirie'],
  ['@Voirie et réseaux', 'voirie'],
  ['@réseaux', 'voirie'],
  ['@st', 'voirie'],
  ['@état-civil', 'civil'],
  ['@etat-civil', 'civil'],
  ['@etat_civil', 'civil'],
  ['@Etat civil', 'civil'],
  ['@ÉTAT CIVIL', 'civil'],
  ['@etatcivil', 'civil'],
  ['@service de l’état civil', 'civil'],
  ['@ccas', 'ccas'],
  ['@CCAS', 'ccas'],
  ['@action-sociale', 'ccas'],
  ['@accueil', 'desk'],
  ['@Accueil', 'desk'],
  ['@l’accueil', 'desk'],
  ['@desk', 'desk'],
  ['@dgs', 'dgs'],
  ['@DGS', 'dgs'],
  ['@direction', 'dgs'],
  ['@direction-generale', 'dgs'],
  ['@Direction générale des services', 'dgs'],
  ['@maire', 'paul'],
  ['@p.macquart', 'paul'],
];

describe('a colleague is found', () => {
  test.each(FOUND)('%s', (text, who) => {
    expect(namesIn(text)).toEqual([NAMES[who]]);
  });

  test.each([
    '@Jeanne, peux-tu regarder ?',
    'Peux-tu regarder, @Jeanne ?',
    'Vu avec @Jeanne.',
    'Vu avec @jeanne.martin...',
    'Vu avec @Jeanne…',
    'Vu (@Jeanne) ce matin',
    'À voir «\u00a0@Jeanne\u00a0»',
    'Pour @Jeanne: à voir',
    'Pour @Jeanne\u00a0: à voir',
    'Pour @Jeanne-',
    "Pour @Jeanne'",
    '@Jeanne est venue voir le chantier de la place',
    '@Jeanne\nMartin dit que non',
    'Bonjour.@Jeanne',
    'pour:@Jeanne',
    'et/ou/@Jeanne',
    '"@Jeanne"',
    '*@Jeanne*',
    '👉@Jeanne',
    '- @Jeanne',
  ])('whatever stands around: %j', (text) => {
    expect(readMentions(text, TOWN)).toMatchObject({ found: [{ name: 'Jeanne Martin' }], unknown: [] });
  });

  test('as the person they are in the town hall', () => {
    expect(readMentions('@Jeanne @dgs @accueil', TOWN).found).toEqual([
      { role: 'department', department: 'voirie', name: 'Jeanne Martin', address: 'j.martin@plassans.fr' },
      { role: 'supervisor', department: null, name: NAMES.dgs, address: 'direction@plassans.fr' },
      { role: 'desk', department: null, name: 'Accueil', address: 'accueil@plassans.fr' },
    ]);
  });

  test('once, however often they are called', () => {
    expect(namesIn('@voirie @Jeanne @martin et @j.martin, @Voirie !')).toEqual([NAMES.voirie, NAMES.jeanne]);
  });

  test('each of several, in the order of the text', () => {
    expect(namesIn('@Élise et @ccas/@Jeanne, voir aussi @dgs')).toEqual([
      NAMES.elise,
      NAMES.ccas,
      NAMES.jeanne,
      NAMES.dgs,
    ]);
  });

  test('a department called like an agent comes first: its whole name was written', () => {
    const town = aTown({ agents: [{ name: 'Paul Voirie', address: 'p.voirie@plassans.fr', office: 'desk' }] });
    expect(readMentions('@voirie', town).found.map(({ address }) => address)).toEqual(['voirie@plassans.fr']);
  });

  test('somebody who is both an agent and a supervisor is one person', () => {
    const jeanne = { name: 'Jeanne Martin', address: 'j.martin@plassans.fr' };
    const town = aTown({ agents: [{ ...jeanne, office: 'voirie' }], supervisors: [jeanne] });
    expect(readMentions('@Martin', town).found).toHaveLength(1);
  });
});

describe('nobody is called', () => {
  test.each([
    '',
    '@',
    '@ Jeanne',
    '@@Jeanne',
    'Écrire à jeanne@martin.fr',
    'j.martin@plassans.fr',
    'mailto:j.martin@plassans.fr',
    'nora+@voirie.fr',
    'Rendez-vous @ 14h',
    'https://www.instagram.com/@voirie',
    'www.medium.com/@voirie/article',
    'a@Jeanne',
    '9@voirie',
    '@!Jeanne',
    '@-Jeanne',
    'Jeanne Martin',
  ])('by %j', (text) => {
    expect(readMentions(text, TOWN)).toEqual({ found: [], unknown: [] });
  });
});

describe('whoever is not found is told to the author, with the names that come near', () => {
  test.each([
    ['@jeane', 'jeane', ['Jeanne Martin', 'Jean-Pierre Le Goff']],
    ['@jeanne.martn !', 'jeanne.martn', ['Jeanne Martin']],
    ['@matrin', 'matrin', ['Jeanne Martin']],
    ['@vorie', 'vorie', ['Voirie et réseaux']],
    ['@Rougeon.', 'Rougeon', ['Élise ROUGON']],
    ['@jeanne.dupont', 'jeanne.dupont', ['Jeanne Martin']],
    ['@media', 'media', []],
    ['@service', 'service', []],
    ['@tous', 'tous', []],
    ['@prefecture_13', 'prefecture_13', []],
    ['@foo@mastodon.social', 'foo@mastodon.social', []],
    ['@x', 'x', []],
    ['@2026', '2026', []],
    ['@constructor', 'constructor', []],
  ])('%s', (text, word, near) => {
    expect(readMentions(text, TOWN)).toEqual({ found: [], unknown: [{ word, near }] });
  });

  const TWO_MARTINS: Town = aTown({
    agents: [
      { name: 'Jeanne Martin', address: 'j.martin@plassans.fr', office: 'voirie' },
      { name: 'Paul Martin', address: 'martin@plassans.fr', office: 'desk' },
    ],
  });

  test('two agents of one name: neither is called, both are named', () => {
    expect(readMentions('Vu par @Martin', TWO_MARTINS)).toEqual({
      found: [],
      unknown: [{ word: 'Martin', near: ['Jeanne Martin', 'Paul Martin'] }],
    });
  });

  test('a first name settles it', () => {
    expect(readMentions('@Paul Martin et @jmartin', TWO_MARTINS).found.map(({ name }) => name)).toEqual([
      'Paul Martin',
      'Jeanne Martin',
    ]);
  });

  test('an initial is no article: « @l.martin » is Luc, and never another Martin', () => {
    const luc = { name: 'Luc Martin', address: 'l.martin@plassans.fr', office: 'desk' };
    const town = { ...TWO_MARTINS, agents: [...TWO_MARTINS.agents, luc] };
    expect(readMentions('@l.martin', town).found.map(({ name }) => name)).toEqual(['Luc Martin']);
    expect(readMentions('@Martin', town).found).toEqual([]);
    expect(readMentions('@d.martin', TOWN).found).toEqual([]);
  });

  test('two colleagues of the very same name: neither is called by it, each is by their address', () => {
    const [one, other] = ['a.martin@plassans.fr', 'b.martin@plassans.fr'];
    const town = aTown({
      agents: [one, other].map((address) => ({ name: 'Jeanne Martin', address, office: 'voirie' })),
    });
    expect(readMentions('@jeanne.martin', town)).toEqual({
      found: [],
      unknown: [{ word: 'jeanne.martin', near: ['Jeanne Martin'] }],
    });
    expect(readMentions(`@b.martin`, town).found.map(({ address }) => address)).toEqual([other]);
  });

  test('at most three names, the nearest first', () => {
    const names = ['Anne Marchal', 'Bob Marchan', 'Zoé Marchand', 'Cyr Marchant', 'Dan Marchat'];
    const town = aTown({
      agents: names.map((name, at) => ({ name, address: `a${at}@plassans.fr`, office: 'desk' })),
    });
    const [unknown] = readMentions('@marchande', town).unknown;
    expect(unknown?.near).toHaveLength(3);
    expect(unknown?.near[0]).toBe('Zoé Marchand');
  });

  test('once, however often it is written', () => {
    expect(readMentions('@media, @Media. @MEDIA', TOWN).unknown).toEqual([{ word: 'media', near: [] }]);
  });
});

describe('properties', () => {
  test('whatever is written, each person is found once and is of the town hall', () => {
    const piece = fc.constantFrom(
      '@',
      'jeanne',
      'Martin',
      '.',
      '-',
      ' ',
      '\n',
      'voirie',
      'é',
      '@dgs',
      '@ccas',
      'a',
      '_',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { found, unknown } = readMentions(pieces.join(''), TOWN);
        const addresses = found.map(({ address }) => address);
        expect(new Set(addresses).size).toBe(addresses.length);
        for (const { name } of found) expect(Object.values(NAMES)).toContain(name);
        for (const { word, near } of unknown) {
          expect(word).not.toBe('');
          expect(near.length).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  test('every agent is found by their name and by their address', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TOWN.agents), fc.constantFrom('.', '-', '_', ' '), ({ name, address }, mark) => {
        expect(namesIn(`Vu, @${name.replaceAll(' ', mark)} !`)).toEqual([name]);
        expect(namesIn(`Vu, @${address} !`)).toEqual([name]);
      }),
    );
  });

  test('slips are counted the same both ways, and never beyond the most', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (one, other) => {
        const slips = slipsBetween(one, other, 2);
        expect(slips).toBe(slipsBetween(other, one, 2));
        expect(slips === 0).toBe(one === other);
        expect(slips).toBeLessThanOrEqual(3);
      }),
    );
    expect([
      slipsBetween('martin', 'matrin', 2),
      slipsBetween('voirie', 'vorie', 2),
      slipsBetween('a', 'bcd', 2),
    ]).toEqual([1, 1, 3]);
  });
});

test.each(['@', '@a ', '@a.', '@a@', 'a@', '@Jeanne ', '@voirie/', '@é-', ' @', 'www.@a ', '//@a', '@a\n', "@a'"])(
  'a megabyte of %j costs no more than its length',
  (pattern) => {
    for (const start of ['', '@', 'https://']) {
      const text = start + pattern.repeat(Math.ceil(1_000_000 / pattern.length));
      const before = performance.now();
      readMentions(text, TOWN);
      expect(performance.now() - before).toBeLessThan(HANG_MS);
    }
  },
);

function namesIn(text: string): string[] {
  return readMentions(text, TOWN).found.map(({ name }) => name);
}

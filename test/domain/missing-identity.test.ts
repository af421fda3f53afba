import { describe, expect, test } from 'vitest';
import { missingIdentity } from '../../src/domain/missing-identity.ts';
import { HANG_MS } from '../support/hang.ts';

const HOME = '12 rue Banne, 13100 Plassans';

describe('the names the law asks for', () => {
  test.each([
    ['Nora Lemaire'],
    ['LEMAIRE Nora'],
    ['Mme Nora Lemaire'],
    ['Jean-Pierre Le Goff'],
    ['Élise de La Tour'],
    ['O’Brien Sean'],
    ['M. et Mme Paul Rougon'],
    ['Nguyễn Văn An'],
  ])('%s has both', (name) => {
    expect(missingIdentity({ name, postalAddress: HOME, address: 'x@orange.fr' })).toEqual([]);
  });

  test.each([
    ['Mme Lemaire', 'a title and a surname'],
    ['Monsieur Le Goff', 'a title and a surname'],
    ['M. et Mme Rougon', 'two titles'],
    ['Famille Rougon', 'a family'],
    ['N. Lemaire', 'an initial'],
    ['Lemaire N.', 'an initial'],
    ['LEMAIRE', 'surnames are written in capitals'],
    ['de Marsan', 'a particle'],
  ])('%s: the first name is missing (%s)', (name) => {
    expect(missingIdentity({ name, postalAddress: HOME, address: 'x@orange.fr' })).toEqual(['firstName']);
  });

  test.each([
    ['Nora', 'nora.lemaire@orange.fr', ['name']],
    ['Lemaire', 'nora.lemaire@orange.fr', ['firstName']],
    ['Élise', 'elise-rougon@free.fr', ['name']],
    ['Nora', 'noral@orange.fr', ['name', 'firstName']],
    ['Nora', 'nora@lemaire.fr', ['name', 'firstName']],
    ['Jean-Pierre', 'jp@free.fr', ['name', 'firstName']],
    ['Nora', '', ['name', 'firstName']],
  ] as const)('of one word alone, %s, the address %j may tell which it is', (name, address, missing) => {
    expect(missingIdentity({ name, postalAddress: HOME, address })).toEqual(missing);
  });

  test.each(['', ' ', '.', 'nora.lemaire@orange.fr', 'nora.lemaire', 'nora_lemaire', 'Nora13', 'Mme', 'N L', '🌻'])(
    '%j is no name',
    (name) => {
      const missing = missingIdentity({ name, postalAddress: HOME, address: 'nora.lemaire@orange.fr' });
      expect(missing).toEqual(['name', 'firstName']);
    },
  );
});

describe('the postal address the law asks for', () => {
  test.each([
    HOME,
    '12, rue Banne',
    '12 bis rue Banne\n13100 Plassans',
    'Résidence Les Lilas, bât. B',
    'Le Bourg, 13100 Plassans',
    'Lieu-dit Les Aires 13100 Plassans',
    'BP 12, 13100 Plassans',
    '3 hameau du Four',
  ])('%j is one', (postalAddress) => {
    expect(missingIdentity({ name: 'Nora Lemaire', postalAddress, address: 'n@o.fr' })).toEqual([]);
  });

  test.each([null, '', '  ', '-', 'Plassans', '13100', '13100 Plassans', '13100 Aix-en-Provence', 'rue', 'néant'])(
    '%j is not enough',
    (postalAddress) => {
      expect(missingIdentity({ name: 'Nora Lemaire', postalAddress, address: 'n@o.fr' })).toEqual(['postalAddress']);
    },
  );
});

test('of a citizen who told nothing, everything is missing', () => {
  expect(missingIdentity({ name: '', postalAddress: '', address: '' })).toEqual(['name', 'firstName', 'postalAddress']);
});

test.each(['a', 'a-', 'A ', '1', '-', ' ', 'é', '.'])('a megabyte of %j costs no more than its length', (pattern) => {
  const long = pattern.repeat(1_000_000 / pattern.length);
  const before = performance.now();
  missingIdentity({ name: long, postalAddress: long, address: long });
  expect(performance.now() - before).toBeLessThan(HANG_MS);
});

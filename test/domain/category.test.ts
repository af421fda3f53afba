import { describe, expect, test } from 'vitest';
import { guessCategory, type Category } from '../../src/domain/category.ts';

const NOTHING_ELSE = {
  fields: [],
  pieces: [],
  procedure: { regime: 'information', silenceMonths: 2, legalBasis: '' },
} as const;
const CATEGORIES: Category[] = [
  {
    id: 'chaussee',
    name: 'Chaussée',
    department: 'voirie',
    keywords: ['nid-de-poule', 'trou', 'trottoir'],
    ...NOTHING_ELSE,
  },
  { id: 'eclairage', name: 'Éclairage', department: 'voirie', keywords: ['lampadaire', 'éclairage'], ...NOTHING_ELSE },
  {
    id: 'actes',
    name: 'Actes',
    department: 'etat-civil',
    keywords: ['acte de naissance', 'état civil'],
    ...NOTHING_ELSE,
  },
];

describe('what a mail is about', () => {
  test.each([
    ['Il y a un nid-de-poule rue des Lilas', 'chaussee'],
    ['UN NID DE POULE !', 'chaussee'],
    ['Eclairage en panne', 'eclairage'],
    ['Un lampadaire tombé, un trou dans le trottoir', 'chaussee'],
    ['Je voudrais un acte\nde naissance', 'actes'],
  ])('%s: %s', (text, id) => {
    expect(guessCategory(text, CATEGORIES)?.id).toBe(id);
  });

  test('is not guessed from nothing', () => {
    expect(guessCategory('Bonjour', CATEGORIES)).toBeNull();
    expect(guessCategory('', CATEGORIES)).toBeNull();
    expect(guessCategory('un trou', [])).toBeNull();
  });

  test('is the first of two that fit alike, so that the order of the file decides', () => {
    expect(guessCategory('un trou sous le lampadaire', CATEGORIES)?.id).toBe('chaussee');
  });

  test('is looked for in the beginning of a very long mail only', () => {
    expect(guessCategory(`${'x '.repeat(20_000)} trou`, CATEGORIES)).toBeNull();
  });
});

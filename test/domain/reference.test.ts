import { describe, expect, test } from 'vitest';
import { bareSubject, formatReference, referencesIn, subjectTag, wordsInSubject } from '../../src/domain/reference.ts';

test('a reference is the year of receipt and six digits, so that references sort', () => {
  expect(formatReference(2026, 21)).toBe('2026-000021');
  expect(formatReference(2026, 999_999)).toBe('2026-999999');
});

test('the tag of a subject is read back', () => {
  expect(subjectTag('2026-000021')).toMatch(/^\[n°\s2026-000021\]$/u);
  expect(referencesIn(`Re: ${subjectTag('2026-000021')} Nid-de-poule`)).toEqual(['2026-000021']);
});

describe('a reference is recognised however people and programs write it', () => {
  test.each([
    '[n° 2026-000021] Nid-de-poule',
    'Re: [n°\u00a02026-000021] Nid-de-poule',
    'RE: [N°2026-000021]',
    'Ma demande nº 2026-000021',
    'demande n° 2026-000021, suite',
    'N 2026-000021',
    'No 2026-000021',
    'ma demande no. 2026-000021',
    'Numéro 2026-000021',
    'RE:[n°2026-000021]',
    'TR: Fwd: RE : [n°  2026-000021]'.replace('  ', '\t'),
  ])('%s', (subject) => {
    expect(referencesIn(subject)).toEqual(['2026-000021']);
  });

  test.each([
    '2026-000021',
    'n° 2026-0000215',
    'n° 1926-000021',
    'n° 2026-21',
    'Facture 12026-000021',
    'plan2026-000021',
    'Bon 2026-000021',
    '',
  ])('%s is none', (subject) => {
    expect(referencesIn(subject)).toEqual([]);
  });

  test('once, however often it is said; two are two', () => {
    expect(referencesIn('[n° 2026-000021] [n° 2026-000021]')).toEqual(['2026-000021']);
    expect(referencesIn('n° 2026-000021 et n° 2026-000022')).toEqual(['2026-000021', '2026-000022']);
  });
});

describe('the subject, without what programs piled on it', () => {
  test.each([
    ['Re: [n° 2026-000021] Nid-de-poule', 'Nid-de-poule'],
    ['RE : Tr : Re: Fwd: FW: Nid-de-poule', 'Nid-de-poule'],
    ['Re[2]: AW: RV: Nid-de-poule', 'Nid-de-poule'],
    ['[n°\u00a02026-000021] Re: [n° 2026-000021] Nid-de-poule', 'Nid-de-poule'],
    ['Ré: Réponse attendue', 'Réponse attendue'],
    ['  Nid-de-poule \r\n rue des Lilas ', 'Nid-de-poule rue des Lilas'],
    ['Réparation : rue des Lilas', 'Réparation : rue des Lilas'],
    ['Trottoir: dangereux', 'Trottoir: dangereux'],
    ['[urgent] Nid-de-poule', '[urgent] Nid-de-poule'],
    ['Re:', ''],
    ['', ''],
  ])('%j is %j', (subject, bare) => {
    expect(bareSubject(subject)).toBe(bare);
  });

  test('of a hundred thousand « Re: » is found at once', () => {
    const started = performance.now();
    expect(bareSubject(`${'Re: '.repeat(100_000)}Bonjour`)).toBe('Bonjour');
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

test('a whole letter written in the subject is read whole, a title is not said twice', () => {
  const letter = 'Bonjour, mon voisin fait des travaux tous les dimanches matin depuis le mois de janvier. '
    .repeat(2)
    .trim();
  expect(wordsInSubject(letter)).toBe(letter);
  expect(wordsInSubject('Nid-de-poule rue des Lilas')).toBe('');
});

import { describe, expect, test } from 'vitest';
import { addMonths, procedureOf, silenceDecidesOn, type Procedure } from '../../src/domain/silence.ts';
import { someRules } from './plassans.ts';

/** What the law makes of the town hall's silence: the worked values are those of CRPA L231-1 and L231-4. */

const REJECTION: Procedure = { regime: 'rejection', silenceMonths: 2, legalBasis: '' };

describe('the day on which silence decides', () => {
  test.each([
    ['2026-04-23T09:00:00+02:00', 2, '2026-06-23'],
    ['2025-12-31T10:00:00+01:00', 2, '2026-02-28'],
    ['2026-06-30T10:00:00+02:00', 2, '2026-08-30'],
    ['2027-12-31T10:00:00+01:00', 2, '2028-02-29'],
    ['2026-01-31T10:00:00+01:00', 1, '2026-02-28'],
    ['2026-11-15T10:00:00+01:00', 3, '2027-02-15'],
  ])('received %s, after %i months: %s', (receivedAt, silenceMonths, day) => {
    expect(silenceDecidesOn(new Date(receivedAt), { ...REJECTION, silenceMonths }, 'Europe/Paris')).toBe(day);
  });

  test('is counted from the day of the town, not of London', () => {
    const late = new Date('2026-04-22T22:30:00Z');
    expect(silenceDecidesOn(late, REJECTION, 'Europe/Paris')).toBe('2026-06-23');
    expect(silenceDecidesOn(late, REJECTION, 'Indian/Reunion')).toBe('2026-06-23');
    expect(silenceDecidesOn(late, REJECTION, 'America/Martinique')).toBe('2026-06-22');
  });

  test('never comes where no decision is awaited', () => {
    const procedure = { ...REJECTION, regime: 'information' } as const;
    expect(silenceDecidesOn(new Date('2026-04-23T09:00:00Z'), procedure, 'Europe/Paris')).toBeNull();
  });

  test('a month keeps its last day', () => {
    expect(addMonths('2026-10-31', 1)).toBe('2026-11-30');
    expect(addMonths('2026-10-31', 14)).toBe('2027-12-31');
  });
});

describe('the procedure', () => {
  test('is the category’s', () => {
    expect(procedureOf('chaussee', someRules()).regime).toBe('information');
  });

  test('is the ordinary one where nothing, or nothing known, classifies the request', () => {
    expect(procedureOf(null, someRules())).toEqual(REJECTION);
    expect(procedureOf('gone', someRules())).toEqual(REJECTION);
  });
});

import { describe, expect, test } from 'vitest';
import { citizenMailIs, isPiece, isYes } from '../../src/domain/citizen-mail.ts';
import type { RequestState } from '../../src/domain/request.ts';
import { OUTCOMES } from '../../src/domain/workflow.ts';
import { aClosing, aRequest, NOW, someRules, VOIRIE } from './plassans.ts';

const DAY_MS = 86_400_000;
const closed = aRequest({ status: 'closed', outcome: 'answered', holder: 'voirie', closedAt: NOW });

describe('G14: a citizen who writes after the end', () => {
  test('reopens the request', () => {
    expect(mailIs(closed, 'Le trou est toujours là.')).toBe('reopen');
    expect(mailIs(closed, 'Merci, mais le trou est toujours là.')).toBe('reopen');
  });

  test('« Merci » reopens nothing', () => {
    for (const thanks of ['Merci !', 'Bien reçu, merci beaucoup.\nNora Lemaire', '👍']) {
      expect([thanks, mailIs(closed, thanks)]).toEqual([thanks, 'citizen_reply']);
    }
  });

  test('« Merci » with a photo of the same hole does', () => {
    expect(mailIs(closed, 'Merci !', { hasPieces: true })).toBe('reopen');
    expect(mailIs(closed, '', { hasPieces: true })).toBe('reopen');
  });

  test('the logo of a signature is no such photo: an association that thanks reopens nothing', () => {
    expect([isPiece(true, 6_000), isPiece(true, 20_000)]).toEqual([false, false]);
    expect([isPiece(true, 20_001), isPiece(false, 1)]).toEqual([true, true]);
  });

  test('when it was closed seconds ago, crossed the decision: nobody had told them yet', () => {
    expect(mailIs({ ...closed, closing: aClosing(VOIRIE) }, 'Le trou est toujours là.')).toBe('citizen_reply');
    expect(mailIs({ ...closed, closing: aClosing(VOIRIE) }, 'Merci', { hasPieces: true })).toBe('citizen_reply');
  });

  test('begins another request once the window is over, at midnight; thanks still do not', () => {
    const over = new Date('2026-05-10T00:00:00+02:00');
    expect(mailIs(closed, 'Le trou est revenu.', { now: new Date(over.getTime() - 1) })).toBe('reopen');
    expect(mailIs(closed, 'Le trou est revenu.', { now: over })).toBe('new_request');
    expect(mailIs(closed, 'Merci !', { now: over })).toBe('citizen_reply');
  });

  test('never reopens what the desk discarded: it is shown there, whatever it says and whenever', () => {
    const discarded = { ...closed, outcome: 'discarded' } as const;
    for (const days of [0, 29, 31]) {
      const now = new Date(NOW.getTime() + days * DAY_MS);
      expect(mailIs(discarded, 'GAGNEZ 10 000 €', { now, hasPieces: true })).toBe('citizen_reply');
    }
  });

  test.each(OUTCOMES.filter((outcome) => outcome !== 'discarded'))('reopens what was closed as %s', (outcome) => {
    expect(mailIs({ ...closed, outcome }, 'Le trou est toujours là.')).toBe('reopen');
  });
});

test.each(['new', 'in_progress', 'awaiting_citizen', 'on_hold'] as const)(
  'while it is %s, whatever a citizen writes goes on with it',
  (status) => {
    for (const text of ['Merci', 'Le trou est toujours là.']) {
      expect(mailIs(aRequest({ status }), text, { hasPieces: true })).toBe('citizen_reply');
    }
  },
);

describe('an address is confirmed by answering', () => {
  test.each([
    'Oui',
    'oui merci',
    'OUI !',
    'Je confirme',
    'je le confirme\n\nNora',
    'D’accord',
    'ok',
    'C’est bien moi.',
    'Confirmé',
    'Confirme\u0301 !',
    'Oui, c’est bien ma nouvelle adresse.',
    'Yes',
    'yes, please',
    'I confirm.',
  ])('« %s »', (text) => {
    expect(isYes(text)).toBe(true);
  });

  test.each([
    '',
    'Non',
    'Ouistreham',
    'Je ne confirme pas',
    'Ce n’est pas moi',
    'Bonjour,\noui',
    'Ok mais je ne suis pas Nora',
    'Oui ? Qui êtes-vous ?',
    'D’accord, c’est une erreur',
    'No',
    'Ok but no',
    'Yes? Who are you',
    'I do not confirm',
    'Yesterday',
  ])('not by « %s »', (text) => {
    expect(isYes(text)).toBe(false);
  });
});

function mailIs(request: RequestState, text: string, { hasPieces = false, now = NOW } = {}) {
  return citizenMailIs(request, { text, hasPieces }, someRules(), now);
}

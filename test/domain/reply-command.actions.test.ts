import { describe, expect, test } from 'vitest';
import type { CommandAction } from '../../src/domain/reply-command-words.ts';
import { PHRASINGS, type Phrasings } from './command-phrasings.ts';
import { otherwiseWritten, outcomeOf, read } from './command-town.ts';

describe.each(Object.entries(PHRASINGS) as [CommandAction, Phrasings][])('%s', (action, { does, asks, says }) => {
  test('has ten phrasings, and ten lookalikes of each kind', () => {
    for (const list of [does, asks, says]) expect(new Set<unknown>(list.map(String)).size).toBeGreaterThanOrEqual(10);
  });

  test.each(does)('%j does it', (text, comment) => {
    expect(read(text)).toMatchObject({ kind: 'act', action, comment, choices: {} });
  });

  test.each(asks)('%j is asked about', (text) => {
    expect(read(text)).toMatchObject({ kind: 'unclear' });
  });

  test.each(says)('%j is an ordinary message', (text) => {
    expect(read(text)).toEqual({ kind: 'none' });
  });

  test('case, accents and kinds of spaces change nothing', () => {
    for (const text of [...does.map(([line]) => line), ...asks, ...says]) {
      for (const other of otherwiseWritten(text)) expect(outcomeOf(read(other)), other).toEqual(outcomeOf(read(text)));
    }
  });
});

describe('the history', () => {
  test.each(['historique', 'Historique.', "L'historique", 'HISTORIQUE', 'historique, merci', 'historique complet'])(
    '%j is asked for',
    (text) => expect(read(text)).toEqual({ kind: 'history' }),
  );

  test.each(['Historique : voir la délibération', 'Historique de la rue Banne', 'Monument historique', 'historiques'])(
    '%j is an ordinary message',
    (text) => expect(read(text)).toEqual({ kind: 'none' }),
  );
});

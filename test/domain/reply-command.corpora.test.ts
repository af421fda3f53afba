import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { splitReply } from '../../src/domain/reply-text.ts';
import { findCorpus } from '../support/corpora.ts';
import { read } from './command-town.ts';

/** Whoever writes an ordinary reply commands nothing, whatever words it holds. */

const FRENCH = 'test/fixtures/emails/french';
/** People say « Réponse : … » and « Note : … » above what is meant so, and « Message : … » stands in web forms. */
const SAID_PLAINLY = ['message', 'note'];

interface Letter {
  name: string;
  kind: string;
  text: string;
}

const LETTERS: readonly Letter[] = readdirSync(FRENCH)
  .filter((file) => file.endsWith('.json'))
  .map((name) => {
    const { kind = '', text = '' } = JSON.parse(readFileSync(join(FRENCH, name), 'utf8')) as Partial<Letter>;
    return { name, kind, text };
  });

describe('the French corpus', () => {
  const replies = LETTERS.filter(({ kind }) => kind === 'reply');

  test('holds replies', () => expect(replies.length).toBeGreaterThan(50));

  test('commands nothing by its replies, and one line alone is asked about', () => {
    const heard = replies.map(({ text }) => read(text)).filter(({ kind }) => kind !== 'none');
    expect(heard).toEqual([{ kind: 'unclear', near: 'Réponse', suggestions: ['message\u00a0: …'] }]);
  });

  test('nor does any line of any letter, were it the first', () => {
    const lines = [...new Set(LETTERS.flatMap(({ text }) => text.split('\n')))];
    const acts = lines.map((line) => ({ line, command: read(line) })).filter(({ command }) => command.kind === 'act');
    const others = acts.filter(({ command }) => command.kind === 'act' && !SAID_PLAINLY.includes(command.action));
    expect(lines.length).toBeGreaterThan(250);
    expect(others).toEqual([]);
  });
});

describe('mail that other projects collected', () => {
  for (const [set, folder] of [
    ['email_reply_trimmer', 'emails'],
    ['github_email_reply_parser', 'emails'],
    ['crisp_email_reply_parser', 'fixtures'],
  ] as const) {
    const corpus = findCorpus(set);
    test.skipIf(corpus === undefined)(`${set}: not one reply is a command`, () => {
      const emails = join(corpus ?? '', folder);
      const texts = readdirSync(emails).map((name) => splitReply(readFileSync(join(emails, name), 'utf8')).text);
      expect(texts.length).toBeGreaterThan(20);
      expect(texts.map((text) => read(text)).filter(({ kind }) => kind !== 'none')).toEqual([]);
    });
  }
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { findForward } from '../../src/domain/forward.ts';
import { findCorpus } from '../support/corpora.ts';

type Expected = Record<string, { embedded: string; before: string }>;

describe('forwards are found in mail other projects collected', () => {
  const trimmer = findCorpus('email_reply_trimmer');
  test.skipIf(trimmer === undefined)('10 of 10 in email_reply_trimmer', () => {
    const folder = trimmer ?? '';
    const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;
    const forwards = Object.entries(expected).filter(([, { embedded }]) => embedded !== '' && embedded !== null);
    const wrong = forwards.filter(([name, { embedded, before }]) => {
      const found = findForward(readFileSync(join(folder, 'emails', name), 'utf8'));
      return !isSame(`${found?.headers}\n${found?.text}`, embedded) || !isSame(found?.before ?? '', before);
    });
    say(
      `email_reply_trimmer: ${forwards.length - wrong.length}/${forwards.length} forwards; not: ${wrong.map(([name]) => name).join(' ')}`,
    );
    expect(forwards).toHaveLength(10);
    expect(wrong).toEqual([]);
  });

  const imio = findCorpus('imio');
  test.skipIf(imio === undefined)(
    'a message forwarded as an attachment is not taken for an inline one: imio',
    async () => {
      const folder = imio ?? '';
      const mails = readdirSync(folder).filter((name) => name.endsWith('.eml'));
      const fooled: string[] = [];
      for (const name of mails) {
        const { text } = await simpleParser(readFileSync(join(folder, name)));
        if (findForward(text ?? '') !== null) fooled.push(name);
      }
      say(`imio: ${mails.length - fooled.length}/${mails.length} without an inline forward; seen: ${fooled.join(' ')}`);
      expect(fooled).toEqual([]);
    },
  );
});

function isSame(found: string, expected: string): boolean {
  return collapse(found) === collapse(expected);
}

function collapse(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

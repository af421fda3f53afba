import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findForward } from '../../src/domain/forward.ts';
import { htmlToWords } from '../../src/intake/html-words.ts';
import { findCorpus } from '../support/corpora.ts';

/** The words above the quotation, as the set's own checks name them. */
const REPLIES = [
  ['gmail_reply.html', 'foo bar'],
  ['apple_reply.html', 'Foo Bar'],
  ['ios_mail_reply_unescaped_address.html', "Sounds good, I'll be there at 2."],
  [
    'yahoo_reply_unescaped_address.html',
    'Thanks Jane, that looks great. One question on item 2 - can we ship it before Friday? Dan',
  ],
] as const;

/** The words above, who wrote, and the file with the message itself where the set has it. */
const FORWARDS = [
  ['gmail_forward.html', 'test blah', 'foo@bar.example', 'The Subject', undefined],
  ['apple_forward.html', 'test blah', 'foo@bar.example', 'The Subject', undefined],
  ['outlook_forward.html', 'Original message More text', '', 'The subject!', 'outlook_forward_unwrapped.html'],
  ['thunderbird_forward.html', '', 'johndoe@example.com', 'Re: Example subject', 'thunderbird_forward_unwrapped.html'],
  ['mailru_forward.html', '', 'ivanivanov@example.com', 'Тестовая тема', 'mailru_forward_unwrapped.html'],
] as const;

describe('the words of HTML mail another project collected', () => {
  const folder = findCorpus('quotequail');

  test.skipIf(folder === undefined)('every reply of quotequail', () => {
    const wrong = REPLIES.filter(([name, words]) => collapse(htmlToWords(read(name)).reply.text) !== words);
    say(`quotequail: ${REPLIES.length - wrong.length}/${REPLIES.length} replies`);
    expect(wrong).toEqual([]);
  });

  test.skipIf(folder === undefined)('every forward of quotequail', () => {
    const wrong = FORWARDS.filter(([name, before, address, subject, message]) => {
      const found = findForward(htmlToWords(read(name)).text);
      return !(
        found !== null &&
        collapse(found.before) === before &&
        found.from?.address === address &&
        found.subject === subject &&
        (message === undefined || collapse(found.text) === collapse(htmlToWords(read(message)).text))
      );
    });
    say(`quotequail: ${FORWARDS.length - wrong.length}/${FORWARDS.length} forwards`);
    expect(wrong).toEqual([]);
  });

  function read(name: string): string {
    return readFileSync(join(folder ?? '', 'files', name), 'utf8');
  }
});

function collapse(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { splitReply } from '../../src/domain/reply-text.ts';
import { findCorpus } from '../support/corpora.ts';

type Expected = Record<string, Record<string, unknown>>;

// Why not all: the sets contradict one another on quotations kept between answers, on « Regards, », on « -Name », and
// none keeps a mail that is nothing but a quotation, which we show whole. Lower a number only with a reason beside it.
const SETS = [
  { set: 'email_reply_trimmer', emails: 'emails', value: 'trimmed', atLeast: 62, of: 64 },
  { set: 'github_email_reply_parser', emails: 'emails', value: 'reply', atLeast: 18, of: 22 },
  { set: 'crisp_email_reply_parser', emails: 'fixtures', value: 'reply', atLeast: 72, of: 90 },
] as const;

describe('the words of a reply are found in mail other projects collected', () => {
  for (const { set, emails, value, atLeast, of } of SETS) {
    const folder = findCorpus(set);
    test.skipIf(folder === undefined)(`at least ${atLeast} of ${of} in ${set}`, () => {
      const cases = readCases(folder ?? '', emails);
      const wrong = cases.filter(({ body, expected }) => !isSame(splitReply(body).text, expected[value]));
      say(
        `${set}: ${cases.length - wrong.length}/${cases.length} replies; not: ${wrong.map(({ name }) => name).join(' ')}`,
      );
      expect(cases).toHaveLength(of);
      expect(cases.length - wrong.length).toBeGreaterThanOrEqual(atLeast);
    });
  }

  const trimmer = findCorpus('email_reply_trimmer');
  test.skipIf(trimmer === undefined)('what was cut is told too', () => {
    const cases = readCases(trimmer ?? '', 'emails').filter(({ expected }) => expected['elided'] !== '');
    const same = cases.filter(({ body, expected }) => isSame(splitReply(body).elided, expected['elided']));
    say(`email_reply_trimmer: ${same.length}/${cases.length} cut parts`);
  });
});

function readCases(folder: string, emails: string) {
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;
  return Object.entries(expected).map(([name, values]) => ({
    name,
    expected: values,
    body: readFileSync(join(folder, emails, name), 'utf8'),
  }));
}

function isSame(found: string, expected: unknown): boolean {
  return typeof expected === 'string' && collapse(found) === collapse(expected);
}

function collapse(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

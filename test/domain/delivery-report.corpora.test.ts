import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDeliveryReport } from '../../src/domain/delivery-report.ts';
import { findCorpus } from '../support/corpora.ts';
import { readReportMail } from '../support/report-mail.ts';

type Expected = Record<string, { recipients: string[]; temporary: boolean }>;

// Why not all: yale_01 names a mailbox without its domain, and no rule guesses the two that its campus has.
const AT_LEAST = 99;

describe('bounces of the world are read', () => {
  const folder = findCorpus('flufl_bounce');
  test.skipIf(folder === undefined)(`at least ${AT_LEAST} of 101 in flufl_bounce`, async () => {
    const expected = JSON.parse(readFileSync(join(folder ?? '', 'expected.json'), 'utf8')) as Expected;
    const wrong: string[] = [];
    let asTemporary = 0;
    let withId = 0;
    for (const [name, { recipients, temporary }] of Object.entries(expected)) {
      const report = readDeliveryReport(await readReportMail(join(folder ?? '', name)));
      const bounces = report?.bounces ?? [];
      if (sorted(bounces.map(({ recipient }) => recipient)) !== sorted(recipients)) wrong.push(name);
      if (bounces.every(({ isDelayed }) => isDelayed === temporary)) asTemporary += 1;
      if (report?.originalMessageId) withId += 1;
    }
    const count = Object.keys(expected).length;
    say(
      `flufl_bounce: ${count - wrong.length}/${count} recipients, ${asTemporary}/${count} temporary, ${withId} with the returned Message-ID; not: ${wrong.join(' ')}`,
    );
    expect(count - wrong.length).toBeGreaterThanOrEqual(AT_LEAST);
    expect(asTemporary).toBeGreaterThanOrEqual(AT_LEAST);
  });
});

const ORDINARY = [
  'mikel_mail',
  'email_reply_trimmer',
  'crisp_email_reply_parser',
  'github_email_reply_parser',
  'imio',
  'quotequail',
];

/** Real reports, in the folder of that name and elsewhere. */
const REPORTS = /multipart_report_emails|raw_email_with_mimepart_without_content_type/;

describe('ordinary mail is no bounce', () => {
  for (const set of ORDINARY) {
    const folder = findCorpus(set);
    test.skipIf(folder === undefined)(`none in ${set}`, async () => {
      const files = readdirSync(folder ?? '', { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.json'))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => !REPORTS.test(file));
      const called: string[] = [];
      for (const file of files) {
        const body = {
          headers: new Map(),
          from: [],
          subject: 'Ma demande',
          text: readFileSync(file, 'utf8'),
          parts: [],
        };
        const mail = await readReportMail(file).catch(() => body);
        if (readDeliveryReport(mail) !== null || readDeliveryReport(body) !== null) called.push(file);
      }
      say(`${set}: ${called.length} of ${files.length} ordinary mails called a bounce`);
      expect(called).toEqual([]);
    });
  }
});

function sorted(addresses: readonly string[]): string {
  return [...new Set(addresses.map((address) => address.toLowerCase()))].sort().join(' ');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

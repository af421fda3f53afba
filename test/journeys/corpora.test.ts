import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findCorpus } from '../support/corpora.ts';
import { startTown, type TestTown } from './town.ts';

/** Real mails of other projects, through a real mailbox: each was looked at before it was said here what it is. */

interface Expected {
  what: string;
  corpus: string;
  file: string;
  state: 'done' | 'archived';
  /** Whom the acknowledgement goes to; none when nobody may be answered. */
  acknowledged: string | null;
  /** How what they wrote begins. */
  begins: string;
  files: string[];
}

const MAILS: Expected[] = [
  {
    what: 'an agent’s answer, from Outlook, whose two logos have no name',
    corpus: 'imio',
    file: '05_email_with_unamed_attachments.eml',
    state: 'done',
    acknowledged: 'philippe.poiuy@province.eb',
    begins: 'Bonjour Monsieur tnega,',
    files: ['piece-1.gif', 'piece-2.png'],
  },
  {
    what: 'a mail forwarded as an attachment: it is one piece, with its accents',
    corpus: 'imio',
    file: '01_email_with_inline_and_annexes.eml',
    state: 'done',
    acknowledged: 'stephan.mio@mail.be',
    begins: 'voici',
    files: ['Test avec images intégrées et annexes.eml'],
  },
  {
    what: 'a PDF from Gmail',
    corpus: 'imio',
    file: '04_email_with_pdf_attachment.eml',
    state: 'done',
    acknowledged: 'john.doe@imlo.be',
    begins: 'Ceci est un beau fichier pdf d’exemple',
    files: ['pdf-example-bookmarks-1-2.pdf'],
  },
  {
    what: 'a forward whose attached mail is in base64',
    corpus: 'imio',
    file: '06_email_with_base64_rfc822_attachment.eml',
    state: 'done',
    acknowledged: 'j.doe@belle-ville.eb',
    begins: 'Cordialement,',
    files: ['x-disclaimer-1783303566-1747033635222.png', 'test2-ia.docs.eml'],
  },
  {
    what: 'pictures, a calendar and a text, with names in Unicode',
    corpus: 'nodemailer_mailparser',
    file: 'nodemailer.eml',
    state: 'done',
    acknowledged: 'andris@kreata.ee',
    begins: 'Hello to myself!',
    files: ['piece-1', 'image.png', 'nyan cat ✔.gif', 'notes.txt'],
  },
  {
    what: 'a delivery report of Amazon',
    corpus: 'nodemailer_mailparser',
    file: 'delivery-status.eml',
    state: 'archived',
    acknowledged: null,
    begins: '',
    files: [],
  },
  {
    what: 'a megabyte of logs from a mailing list',
    corpus: 'nodemailer_mailparser',
    file: 'large_text.eml',
    state: 'done',
    acknowledged: null,
    begins: 'Exception during installation:',
    files: [],
  },
  {
    what: 'half a megabyte of HTML made to overflow a parser’s stack',
    corpus: 'nodemailer_mailparser',
    file: 'htmllargecallstack.eml',
    state: 'done',
    acknowledged: 'test@example.com',
    // A title that never ends: no browser shows a word of it either.
    begins: '',
    files: [],
  },
  {
    what: 'spam from an address that nobody reads',
    corpus: 'nodemailer_mailparser',
    file: 'spam.eml',
    state: 'done',
    acknowledged: null,
    begins: 'Im Jahre 2007 wurde er als',
    files: [],
  },
  {
    what: 'Japanese in ISO-2022-JP',
    corpus: 'mikel_mail/emails/multi_charset',
    file: 'japanese_iso_2022.eml',
    state: 'done',
    acknowledged: 'raasdnil@gmail.com',
    begins: 'すみません。',
    files: [],
  },
  {
    what: 'a sender whose address is in UTF-8: nobody we can answer',
    corpus: 'mikel_mail/emails/rfc6532',
    file: 'utf8_headers.eml',
    state: 'done',
    acknowledged: null,
    begins: 'body',
    files: [],
  },
  {
    what: 'a signed mail with a program and a PDF inside its text',
    corpus: 'mikel_mail/emails/mime_emails',
    file: 'raw_email7.eml',
    state: 'done',
    acknowledged: 'foo@example.com',
    begins: 'This is the first part.',
    files: ['test.rb', 'test.pdf', 'smime.p7s'],
  },
  {
    what: 'a warning that a mail is late',
    corpus: 'mikel_mail/emails/multipart_report_emails',
    file: 'report_422.eml',
    state: 'archived',
    acknowledged: null,
    begins: '',
    files: [],
  },
  {
    what: 'a bounce of qmail, which has no standard form at all',
    corpus: 'flufl_bounce',
    file: 'qmail_01.txt',
    state: 'archived',
    acknowledged: null,
    begins: '',
    files: [],
  },
  {
    what: 'a bounce of an antivirus, under a person’s kind of address',
    corpus: 'flufl_bounce',
    file: 'simple_15.txt',
    state: 'archived',
    acknowledged: null,
    begins: '',
    files: [],
  },
];

let town: TestTown;
beforeAll(async () => {
  town = await startTown({ at: '2026-04-13T08:00:00Z' });
});
afterAll(() => town?.stop());
beforeEach(() => town.smtp.clear());

describe.each(MAILS)('$what', ({ corpus, file, state, acknowledged, begins, files }) => {
  const folder = findCorpus(corpus);

  test.skipIf(folder === undefined)(`is ${state}${state === 'archived' ? '' : ', as a request'}`, async () => {
    await town.write(readFileSync(join(folder ?? '', file)));
    await town.quiet();
    const inbound = await town.db.inboundEmail.findFirstOrThrow({ orderBy: { arrivalNo: 'desc' } });
    expect(inbound.state, JSON.stringify(inbound.reasons)).toBe(state);
    const told = state === 'archived' ? [] : ['accueil@plassans.fr'];
    const recipients = [...told, ...(acknowledged === null ? [] : [acknowledged])].toSorted();
    expect(town.smtp.mails.map(({ envelope }) => envelope.to.join()).toSorted()).toEqual(recipients);
    if (state === 'archived') return;
    const message = await town.db.message.findFirstOrThrow({
      where: { inboundEmailId: inbound.id },
      include: { attachments: { orderBy: { position: 'asc' } } },
    });
    expect(message.text.replaceAll("'", '’').slice(0, begins.length)).toBe(begins);
    expect(message.attachments.map(({ fileName }) => fileName)).toEqual(files);
  });
});

describe('every other mail of the corpora', () => {
  const folders = ['imio', 'nodemailer_mailparser', 'mikel_mail', 'flufl_bounce'].flatMap(
    (name) => findCorpus(name) ?? [],
  );

  test.skipIf(folders.length === 0)('becomes something too: none is lost, fails, or holds up the others', async () => {
    const raws = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(eml|txt)$/.test(name))
        .map((name) => readFileSync(join(folder, name))),
    );
    expect(raws.length).toBeGreaterThan(200);
    for (const raw of raws) await town.write(raw);
    await town.quiet(60_000);
    // Some differ by their line ends only, which a mail server makes the same.
    const different = new Set(raws.map((raw) => raw.toString('latin1').replaceAll('\r\n', '\n')));
    expect(await town.db.inboundEmail.count()).toBe(different.size);
    const states = await town.db.inboundEmail.groupBy({ by: ['state'], _count: true });
    expect(states.map((row) => row.state).toSorted()).toEqual(['archived', 'done', 'ignored']);
    expect(await town.db.inboundEmail.count({ where: { error: { not: null } } })).toBe(0);
  });
});

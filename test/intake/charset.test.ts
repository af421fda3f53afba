import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseEmail } from '../../src/intake/parse.ts';

/** Letters, whatever the mail says or does not say of them. RELIABILITY M12. */

const FRENCH = join(import.meta.dirname, '../fixtures/emails/french');
/** « brûlé, ça œ € ’ » as western programs write it. */
const WESTERN = Buffer.from('brûlé, ça ', 'latin1');
const CP1252 = Buffer.concat([WESTERN, Buffer.from([0x9c, 0x20, 0x80, 0x20, 0x92])]);
const SAID = 'brûlé, ça œ € ’';

describe('a body of 8-bit letters', () => {
  test.each([
    ['without a label', 'text/plain'],
    ['with a label that nobody knows', 'text/plain; charset=x-inconnu'],
    ['with an empty label', 'text/plain; charset=""'],
    ['said to be UTF-8', 'text/plain; charset=utf-8'],
    ['said to be ASCII', 'text/plain; charset=us-ascii'],
    ['said to be ISO 8859-1', 'text/plain; charset=iso-8859-1'],
    ['flowed', 'text/plain; format=flowed'],
  ])('%s is western', async (_what, type) => {
    expect(await textOf(type, CP1252)).toBe(SAID);
  });

  test.each(['quoted-printable', 'base64'])('in %s, without a label, is western', async (encoding) => {
    const coded =
      encoding === 'base64'
        ? CP1252.toString('base64')
        : Array.from(CP1252, (byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
    expect(await textOf('text/plain', Buffer.from(coded), `Content-Transfer-Encoding: ${encoding}\r\n`)).toBe(SAID);
  });

  test('that is valid UTF-8 is UTF-8, whether it is said or not', async () => {
    for (const type of ['text/plain', 'text/plain; charset=us-ascii', 'text/plain; charset=utf-8']) {
      expect(await textOf(type, Buffer.from('Bœuf 😀 été'))).toBe('Bœuf 😀 été');
    }
  });

  test('in which Dovecot put 0x80 for every NUL is still UTF-8, and a lone euro still a euro', async () => {
    const mark = Buffer.from([0x80]);
    const body = Buffer.concat([Buffer.from('Bon'), mark, Buffer.from('jour, le banc est cassé.'), mark, mark]);
    expect(await textOf('text/plain; charset=utf-8', body)).toBe('Bonjour, le banc est cassé.');
    expect(await textOf('text/plain', Buffer.concat([Buffer.from('10 '), mark]))).toBe('10 €');
  });

  test('a gateway’s footer in another charset spoils no other line', async () => {
    const body = Buffer.concat([Buffer.from('Été au Bœuf\r\n'), Buffer.from('Sans virus détecté', 'latin1')]);
    expect(await textOf('text/plain; charset=utf-8', body)).toBe('Été au Bœuf\nSans virus détecté');
  });

  test('a megabyte costs no more than a moment', async () => {
    const startedAt = performance.now();
    await textOf('text/plain', Buffer.from('é'.repeat(1_000_000), 'latin1'));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('an HTML body', () => {
  const html = (meta: string, bytes: number[]) =>
    Buffer.concat([Buffer.from(`<html><head>${meta}</head><body><p>`), Buffer.from(bytes), Buffer.from('</p>')]);

  test.each<[string, string, number[], string]>([
    ['names its charset', '<meta charset="iso-8859-15">', [0xa4], '€'],
    ['names it the old way', '<meta http-equiv=Content-Type content="text/html; charset=koi8-r">', [0xc1], 'а'],
    ['names one that nobody knows', '<meta charset=x-foo>', [0xe9], 'é'],
    ['names UTF-8 wrongly', '<meta charset=utf-8>', [0xe9], 'é'],
    ['names another and is UTF-8', '<meta charset=iso-8859-1>', [0xc3, 0xa9], 'é'],
    ['names nothing', '', [0xe9], 'é'],
  ])('%s', async (_what, meta, bytes, expected) => {
    expect(await textOf('text/html', html(meta, bytes))).toBe(expected);
  });

  test('the label of the mail stands before the page’s', async () => {
    const page = html('<meta charset="koi8-r">', [0xe9]);
    expect(await textOf('text/html; charset=windows-1252', page)).toBe('é');
  });
});

describe('a header', () => {
  const parse = async (head: Buffer | string) =>
    (await parseEmail(Buffer.concat([Buffer.from(head as string), Buffer.from('\r\n\r\nx')]))).email;

  test('in raw western letters is read, name and subject', async () => {
    const { subject, from } = await parse(
      Buffer.from('From: Ren\xe9 B\x9cuf <rene@example.org>\r\nSubject: \xe9t\xe9', 'latin1'),
    );
    expect(subject).toBe('été');
    expect(from).toEqual([{ name: 'René Bœuf', address: 'rene@example.org' }]);
  });

  test.each([
    ['=?x-inconnu?Q?=E9t=E9?=', 'été'],
    ['=?utf-8?Q?=E9t=E9?=', 'été'],
    ['=?unknown-8bit?B?6XTp?=', 'été'],
    ['=?us-ascii?Q?=E9t=E9?=', 'été'],
    ['=?utf-8?Q?=C3=A9t=C3=A9?=', 'été'],
    ['=?utf-8?B?w6l0w6k=?=', 'été'],
    ['=?iso-8859-15?Q?=A4?=', '€'],
    ['=?utf-8?Q?=C3?=\r\n =?utf-8?Q?=A9t=C3=A9?=', 'été'],
    ['=?utf-8*fr?Q?=C3=A9?=', 'é'],
    ['a =?b? c', 'a =?b? c'],
  ])('%j is %s', async (written, read) => {
    expect((await parse(`Subject: ${written}`)).subject).toBe(read);
  });

  test('NUL stands in no value', async () => {
    const raw = 'From: Nor\0a <nora@example.org>\r\nSubject: a\0b =?utf-8?Q?c=00d?=\r\nMessage-ID: <a\0b@x.fr>\r\n';
    const parsed = await parseEmail(Buffer.from(`${raw}Content-Type: text/html\r\n\r\n<p>e\0f&#0;</p>`));
    const values = [...parsed.email.headers.values()].flat();
    expect(JSON.stringify([parsed.email, values, parsed.reply])).not.toContain(String.raw`\u0000`);
    expect(parsed.email.subject).toBe('ab cd');
  });

  test('a file’s name in raw western letters is read', async () => {
    const head = 'From: a@x.fr\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n';
    const part = 'Content-Type: application/pdf; name="\xe9t\xe9.pdf"\r\nContent-Disposition: attachment;\r\n';
    const raw = Buffer.from(`${head}${part} filename="\xe9t\xe9.pdf"\r\n\r\nx\r\n--b--\r\n`, 'latin1');
    expect((await parseEmail(raw)).files.map(({ fileName }) => fileName)).toEqual(['été.pdf']);
  });
});

describe('of the French corpus', () => {
  test.each([
    'eight-bit-headers-without-encoding',
    'latin1-bytes-labelled-utf8',
    'unknown-charset-name',
    'reply-unlabelled-eight-bit-latin1',
    'new-windows-1252-oe-and-euro',
    'new-utf8-base64-with-byte-order-mark',
    'new-french-and-arabic-right-to-left',
    'nul-bytes-in-subject-and-body',
    'new-attachment-name-rfc2047',
    'new-attachment-name-rfc2231-in-three-pieces',
  ])('%s', async (name) => {
    const { email, reply, files } = await parseEmail(readFileSync(join(FRENCH, `${name}.eml`)));
    const expected = JSON.parse(readFileSync(join(FRENCH, `${name}.json`), 'utf8')) as {
      subject: string;
      text: string;
      attachments: { name?: string }[];
    };
    expect(email.subject).toBe(expected.subject);
    expect(spaced(reply.text)).toBe(spaced(expected.text));
    expect(files.map(({ fileName }) => fileName)).toEqual(
      expected.attachments.map((file) => file.name ?? expect.anything()),
    );
  });
});

async function textOf(type: string, body: Buffer, more = ''): Promise<string> {
  const head = Buffer.from(`From: a@x.fr\r\nContent-Type: ${type}\r\n${more}\r\n`);
  return (await parseEmail(Buffer.concat([head, body]))).email.text.trim();
}

const spaced = (text: string) => text.replace(/\s+/g, ' ').trim();

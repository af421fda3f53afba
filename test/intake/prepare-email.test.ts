import { afterAll, describe, expect, test } from 'vitest';
import { ParseFailure, Parser } from '../../src/intake/parser.ts';
import { prepareEmail } from '../../src/intake/prepare-email.ts';

const PUBLIC_URL = 'https://guichet.plassans.fr';
const parser = new Parser();
afterAll(() => parser.stop());

function prepare(raw: string, verdict: string | null = null) {
  const stored = {
    id: 'id',
    arrivalNo: 1n,
    raw: Buffer.from(raw),
    receivedAt: new Date(0),
    attempts: 0,
    verdict,
    ruling: null,
  };
  return prepareEmail(stored, parser, { publicUrl: PUBLIC_URL }, 'mairie@plassans.fr');
}

describe('a kept mail, before the database is asked', () => {
  test('what the person wrote stands apart from what they quote', async () => {
    const { text, elided } = await prepare(
      'From: a@x.fr\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAu 12 bis.\r\n\r\nLe lun. 13 avr. 2026, Mairie <mairie@plassans.fr> a écrit :\r\n> Quel numéro ?\r\n',
    );
    expect(text).toBe('Au 12 bis.');
    expect(elided).toContain('Quel numéro ?');
  });

  test('a picture instead of a mail is shown to a human as it is', async () => {
    const { unreadable } = await prepare(`\xff\xd8\xff\xe0\0\x10JFIF${'\0\x01\x02\xfe'.repeat(50)}`);
    expect(unreadable).toBe('unreadable');
  });

  test('neither part keeps a live link or a reply address', async () => {
    const link = `${PUBLIC_URL}/a/eyJ0.abc.def`;
    const address = 'mairie+2026-000001.0123456789abcdef@plassans.fr';
    const { text, elided } = await prepare(
      `From: a@x.fr\r\n\r\nVoir ${link} et ${address}.\r\n\r\n> ${link}\r\n> ${address}\r\n`,
    );
    for (const part of [text, elided]) {
      expect(part).not.toContain('/a/');
      expect(part).not.toContain('0123456789abcdef');
    }
  });

  test('the same mail by two ways has one content, other words another', async () => {
    const mail = 'From: a@x.fr\r\nMessage-ID: <1@x.fr>\r\n\r\nUn.';
    const one = await prepare(mail);
    expect((await prepare(`Delivered-To: b@x.fr\r\nReceived: from y\r\n${mail}\r\n`)).contentSha).toBe(one.contentSha);
    expect((await prepare(mail.replace('Un.', 'Deux.'))).contentSha).not.toBe(one.contentSha);
    expect((await prepare(mail.replace('a@x.fr', 'b@x.fr'))).contentSha).not.toBe(one.contentSha);
  });

  test('what a web site sends is whoever’s who filled in the form, and the site is remembered', async () => {
    const { email, form } = await prepare('From: site@plassans.fr\r\nReply-To: Nora <nora@x.fr>\r\n\r\nUn trou.');
    expect(email?.from).toEqual([{ name: 'Nora', address: 'nora@x.fr' }]);
    expect(form).toBe('site@plassans.fr');
  });

  test('a mail without a Message-ID is no other’s duplicate', async () => {
    expect(await prepare('From: a@x.fr\r\n\r\nUn.')).toMatchObject({ messageIdSha: null, contentSha: null });
  });

  test('one that cannot be read says so, and keeps its place', async () => {
    const head = 'From: a@x.fr\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n';
    const raw = head + '--b\r\n\r\nx\r\n'.repeat(1_200);
    expect(await prepare(raw)).toMatchObject({ email: null, unreadable: 'unreadable', text: '', files: [] });
    expect(await prepare('From: a@x.fr\r\n\r\nUn.')).toMatchObject({ unreadable: null, text: 'Un.' });
  });

  test('one of which only the beginning was fetched is for a human', async () => {
    expect(await prepare('From: a@x.fr\r\n\r\nUn.', 'too_large')).toMatchObject({ unreadable: 'too_large' });
  });
});

describe('the parser', () => {
  test('gives up on what takes too long, and reads the next mail', async () => {
    const hasty = new Parser(1);
    const slow = Buffer.from(`From: a@x.fr\r\nContent-Type: text/html\r\n\r\n${'<p>x</p>'.repeat(200_000)}`);
    await expect(hasty.parse(slow)).rejects.toBeInstanceOf(ParseFailure);
    await hasty.stop();
    expect((await parser.parse(Buffer.from('From: a@x.fr\r\n\r\nUn.'))).email.text.trim()).toBe('Un.');
  });

  test('fails what was waiting when it is stopped', async () => {
    const stopped = new Parser();
    const waiting = Promise.allSettled([1, 2].map(() => stopped.parse(Buffer.from('From: a@x.fr\r\n\r\nUn.'))));
    await stopped.stop();
    for (const { status } of await waiting) expect(status).toBe('rejected');
  });
});

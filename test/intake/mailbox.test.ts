import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Mailbox } from '../../src/intake/mailbox.ts';
import { startImap } from '../support/imap.ts';
import type { ImapServer } from '../support/imap-server.ts';

/** The mailbox as a queue, on a real server. */

const USER = 'mairie@plassans.fr';
const MAIL = 'From: a@x.fr\r\nSubject: Un trou\r\n\r\nBonjour\r\n';
let imap: ImapServer;
beforeAll(async () => {
  imap = await startImap([USER]);
});
afterAll(() => imap?.stop());

async function openMailbox(folder = 'Traités'): Promise<Mailbox> {
  const account = { host: imap.host, port: imap.port, secure: false, user: USER, password: imap.password };
  const mailbox = new Mailbox(account, folder, () => undefined);
  await mailbox.open();
  return mailbox;
}

async function anotherClient(): Promise<ImapFlow> {
  const auth = { user: USER, pass: imap.password };
  const client = new ImapFlow({
    host: imap.host,
    port: imap.port,
    secure: false,
    auth,
    logger: false,
    doSTARTTLS: false,
  });
  await client.connect();
  await client.mailboxOpen('INBOX');
  return client;
}

describe('a mailbox', () => {
  test('gives the bytes as they came, with the server’s date, and leaves the mail unread', async () => {
    const at = new Date('2026-04-13T08:00:00Z');
    await imap.deliver(USER, MAIL, at);
    const mailbox = await openMailbox();
    const [batch = []] = await mailbox.list();
    const [mail] = await mailbox.fetch(batch);
    expect(mail).toMatchObject({ raw: Buffer.from(MAIL), receivedAt: at, isTruncated: false });
    const client = await anotherClient();
    expect(await client.search({ seen: true })).toEqual([]);
    await mailbox.moveAway(batch.map(({ uid }) => uid));
    expect(await imap.list(USER, 'INBOX')).toEqual([]);
    expect(await imap.list(USER, 'Traités').then((mails) => mails.length)).toBe(1);
    await client.logout();
    await mailbox.close();
  });

  test('a mail deleted under us makes nothing: it is left out, never returned empty', async () => {
    for (const n of [1, 2, 3]) await imap.deliver(USER, MAIL.replace('Un trou', `Trou ${n}`));
    const mailbox = await openMailbox();
    const [batch = []] = await mailbox.list();
    expect(batch).toHaveLength(3);
    const client = await anotherClient();
    await client.messageDelete([batch[1]?.uid ?? 0], { uid: true });
    const mails = await mailbox.fetch(batch);
    expect(mails.map(({ raw }) => /Trou \d/.exec(raw.toString())?.[0])).toEqual(['Trou 1', 'Trou 3']);
    await client.messageDelete('1:*');
    expect(await mailbox.fetch(batch)).toEqual([]);
    expect(await mailbox.list()).toEqual([]);
    await client.logout();
    await mailbox.close();
  });

  test('a move that the server refuses is a failure, not a silence', async () => {
    await imap.deliver(USER, MAIL);
    const mailbox = await openMailbox();
    const client = await anotherClient();
    await client.mailboxDelete('Traités');
    const [batch = []] = await mailbox.list();
    await expect(mailbox.moveAway(batch.map(({ uid }) => uid))).rejects.toThrow(/refused/);
    expect(await imap.list(USER, 'INBOX')).toHaveLength(1);
    await client.logout();
    await mailbox.close();
  });

  test('many mails come in batches that fit in memory, oldest first', async () => {
    const mailbox = await openMailbox();
    const client = await anotherClient();
    await client.messageDelete('1:*');
    for (let n = 0; n < 60; n++) await imap.deliver(USER, MAIL);
    await imap.deliver(USER, MAIL + 'x'.repeat(21_000_000));
    await imap.deliver(USER, MAIL);
    expect((await mailbox.list()).map((batch) => batch.length)).toEqual([50, 10, 1, 1]);
    await client.logout();
    await mailbox.close();
  });
});

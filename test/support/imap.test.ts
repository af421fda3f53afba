import { ImapFlow } from 'imapflow';
import { afterEach, describe, expect, it } from 'vitest';
import { startHoodiecrow } from './hoodiecrow.ts';
import { startImap } from './imap.ts';
import type { ImapServer } from './imap-server.ts';
import { until } from './until.ts';

const MAIRIE = 'mairie@plassans.fr';
const ACCUEIL = 'accueil@plassans.fr';
const MAIL = Buffer.from(
  'From: jeanne@example.org\r\nTo: mairie@plassans.fr\r\nSubject: =?utf-8?q?d=C3=A9chets?=\r\n\r\nBonjour, voil\xe0.\r\n',
  'latin1',
);
const TIMEOUT_MS = 10_000;

const clients: ImapFlow[] = [];
const servers: ImapServer[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) await server.stop();
});

describe.each([
  { software: 'the server startImap picks', start: startImap },
  { software: 'hoodiecrow', start: startHoodiecrow },
])('$software', ({ start }) => {
  it('shows a delivered mail to a client that waits in IDLE, byte for byte', async () => {
    const server = await open(start);
    const client = await logIn(server, MAIRIE);
    await client.mailboxOpen('INBOX');
    const noticed = new Promise<number>((resolve) => client.once('exists', ({ count }) => resolve(count)));
    const idling = client.idle();
    await server.deliver(MAIRIE, MAIL, new Date('2026-03-02T08:30:00Z'));
    expect(await noticed).toBe(1);
    await client.noop();
    await idling;
    const mail = await client.fetchOne('1', { source: true, internalDate: true });
    if (!mail) throw new Error('no mail');
    expect(mail.source?.toString('latin1')).toBe(MAIL.toString('latin1'));
    expect(new Date(mail.internalDate ?? 0).toISOString()).toBe('2026-03-02T08:30:00.000Z');
  });

  it('moves a mail to a folder with an accent and keeps it through a kill and a restart', async () => {
    const server = await open(start);
    const client = await logIn(server, MAIRIE);
    await client.mailboxCreate('Traités');
    await server.deliver(MAIRIE, MAIL);
    await client.mailboxOpen('INBOX');
    const moved = await client.messageMove('1:*', 'Traités', { uid: true });
    expect(moved).toMatchObject({ destination: 'Traités' });
    expect([client.capabilities.has('MOVE'), client.capabilities.has('UIDPLUS')]).toEqual([true, true]);

    const cut = new Promise((resolve) => client.once('close', () => resolve('cut')));
    await server.kill();
    expect(await cut).toBe('cut');
    await expect(logIn(server, MAIRIE)).rejects.toThrow();
    await server.restart();

    const again = await logIn(server, MAIRIE);
    expect(await again.status('Traités', { messages: true })).toMatchObject({ messages: 1 });
    expect((await server.list(MAIRIE, 'Traités')).map(String)).toEqual([String(MAIL)]);
    expect(await server.list(MAIRIE, 'INBOX')).toEqual([]);
  });

  it('gives each user a mailbox of their own, behind a password', async () => {
    const server = await open(start);
    await server.deliver(ACCUEIL, MAIL);
    expect((await (await logIn(server, ACCUEIL)).mailboxOpen('INBOX')).exists).toBe(1);
    expect((await (await logIn(server, MAIRIE)).mailboxOpen('INBOX')).exists).toBe(0);
    await expect(logIn({ ...server, password: 'wrong' }, MAIRIE)).rejects.toThrow();
  });

  it('can forget its UIDs', async () => {
    const server = await open(start);
    await server.deliver(MAIRIE, MAIL);
    const before = await (await logIn(server, MAIRIE)).mailboxOpen('INBOX');
    clients[0]?.close();
    const after = await until('another UIDVALIDITY', TIMEOUT_MS, async () => {
      await server.forgetUids(MAIRIE, 'INBOX');
      const mailbox = await (await logIn(server, MAIRIE)).mailboxOpen('INBOX');
      return mailbox.uidValidity !== before.uidValidity && mailbox;
    });
    expect(after.exists).toBe(1);
  });
});

async function open(start: (users: string[]) => Promise<ImapServer>): Promise<ImapServer> {
  const server = await start([MAIRIE, ACCUEIL]);
  servers.push(server);
  return server;
}

async function logIn({ host, port, password }: ImapServer, user: string): Promise<ImapFlow> {
  const client = new ImapFlow({ host, port, secure: false, auth: { user, pass: password }, logger: false });
  client.on('error', () => undefined);
  clients.push(client);
  await client.connect();
  return client;
}

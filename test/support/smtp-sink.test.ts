import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startImap } from './imap.ts';
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts';
import { until } from './until.ts';

const JEANNE = 'jeanne@example.org';
const PAUL = 'paul@example.org';

let sink: SmtpSink;

beforeEach(async () => {
  sink = await startSmtpSink();
});

afterEach(async () => {
  await sink.stop();
});

describe('the SMTP sink', () => {
  it('keeps the envelope, the raw bytes and the parsed mail', async () => {
    await send(JEANNE, 'Votre demande n° 2026-000021');
    const { envelope, raw, mail } = await sink.requireMail({ to: 'JEANNE@example.org', subject: /n° 2026-000021$/ });
    expect(envelope).toEqual({ from: 'mairie@plassans.fr', to: [JEANNE] });
    expect(raw.toString()).toContain('Subject: =?UTF-8?');
    expect([mail.text?.trim(), mail.html]).toEqual(['Bonjour', false]);
    expect(sink.mailsTo(PAUL)).toEqual([]);
  });

  it('waits for a mail that is on its way, and not for an older one', async () => {
    await send(JEANNE, 'first');
    const since = performance.now();
    const waiting = sink.requireMail({ to: JEANNE, since });
    await send(JEANNE, 'second');
    expect((await waiting).mail.subject).toBe('second');
  });

  it('says what came instead of the mail that is missing', async () => {
    await send(PAUL, 'accusé');
    await expect(sink.requireMail({ to: JEANNE }, 50)).rejects.toThrow(
      /no mail to jeanne.*\n {2}paul@example.org: accusé/,
    );
  });

  it('refuses an address as told, until it is accepted again', async () => {
    sink.refuse(JEANNE, 550, 'no such user');
    await expect(send(JEANNE, 'refused')).rejects.toMatchObject({ responseCode: 550 });
    sink.refuse('*', 451, 'try later');
    await expect(send(PAUL, 'delayed')).rejects.toMatchObject({ responseCode: 451 });
    sink.accept('*');
    sink.accept(JEANNE);
    await send(JEANNE, 'taken');
    expect(sink.mails.map(({ mail }) => mail.subject)).toEqual(['taken']);
  });

  it('can keep a mail and never say so', async () => {
    sink.dropAfterData(1);
    await expect(send(JEANNE, 'ambiguous')).rejects.toMatchObject({ code: 'ECONNECTION' });
    await send(JEANNE, 'again');
    expect(sink.mailsTo(JEANNE).map(({ mail }) => mail.subject)).toEqual(['ambiguous', 'again']);
  });

  it('can go down and come back on the same port with its mails', async () => {
    await send(JEANNE, 'before');
    await sink.down();
    await expect(send(JEANNE, 'lost')).rejects.toMatchObject({ code: 'ESOCKET' });
    await sink.up();
    await send(JEANNE, 'after');
    expect(sink.mails.map(({ mail }) => mail.subject)).toEqual(['before', 'after']);
    sink.clear();
    expect(sink.mailsTo(JEANNE)).toEqual([]);
  });

  it('can put what it is given into a mailbox', async () => {
    const imap = await startImap([JEANNE]);
    sink.onMail(({ raw }) => imap.deliver(JEANNE, raw));
    await send(JEANNE, 'round trip');
    const [delivered] = await until('the mail in the mailbox', 5000, async () => {
      const mails = await imap.list(JEANNE, 'INBOX');
      return mails.length > 0 && mails;
    });
    expect(String(delivered)).toContain('Subject: round trip');
    await imap.stop();
  });
});

async function send(to: string, subject: string): Promise<unknown> {
  const transport = createTransport({
    host: sink.host,
    port: sink.port,
    secure: false,
    auth: { user: 'a', pass: 'b' },
  });
  return transport.sendMail({ from: 'mairie@plassans.fr', to, subject, text: 'Bonjour' });
}

import { execFile } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readReplyAddress } from '../../src/reply-address.ts';
import { MAIL_KINDS } from '../../src/domain/workflow.ts';
import { PLAUSIBLE } from '../../src/outbound/sample-views.ts';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';

/** The real command line, as whoever runs Guichet types it. */

const TO = 'secretaire.generale@plassans.fr';

let sink: SmtpSink;

beforeAll(async () => {
  sink = await startSmtpSink();
});
afterEach(() => sink.clear());
afterAll(() => sink.stop());

describe('« send-sample » sends a mail as a real one is written', () => {
  test('with both parts, its headers and its pictures, and a subject that nobody takes for real', async () => {
    const { output, status } = await guichet('send-sample', 'new_request', '--to', TO);
    expect([status, output]).toEqual([0, expect.stringContaining(`Envoyé à ${TO} : [Essai] `)]);
    const { envelope, mail } = await sink.requireMail({ to: TO });
    expect(envelope).toEqual({ from: 'mairie@plassans.fr', to: [TO] });
    expect(mail.subject).toMatch(/^\[Essai\] \[n°\s2000-000021\] Lampadaire éteint/u);
    expect(mail.text).toContain('NOUVELLE DEMANDE');
    expect(mail.html).toContain('<h1');
    expect(mail.attachments.map(({ related, contentType }) => [related, contentType])).toEqual([[true, 'image/jpeg']]);
    expect(mail.html).toContain(`cid:${mail.attachments[0]?.cid}`);
    expect(mail.headerLines.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['auto-submitted', 'content-language', 'reply-to', 'message-id']),
    );
  });

  test('nothing in it leads to a request: neither a link, nor its number, nor the address for answers', async () => {
    await guichet('send-sample', 'transferred', '--to', TO, '--case', 'pieces');
    const { mail } = await sink.requireMail({ to: TO });
    const html = String(mail.html);
    const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, url]) => url ?? '');
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((url) => !url.startsWith('https://guichet.exemple.fr/'))).toEqual([]);
    for (const part of [html, mail.text ?? '', mail.subject ?? '']) expect(part).not.toMatch(/\b20[1-9]\d-\d{6}\b/);
    const [address = ''] = mail.replyTo?.value.map(({ address }) => address ?? '') ?? [];
    expect(readReplyAddress(address, 'mairie@plassans.fr')?.reference).toBe('2000-000021');
  });

  test('to the reader and in the case that are asked for', async () => {
    await guichet('send-sample', 'reminder', '--to', TO, '--role', 'department', '--case', 'rtl');
    const { mail } = await sink.requireMail({ to: TO });
    expect(mail.subject).toContain('مصباح');
    expect(mail.to).toMatchObject({ value: [{ name: 'Voirie' }] });
  });

  test('all that one reader may receive, one after the other', async () => {
    const { status } = await guichet('send-sample', '--all', '--role', 'supervisor', '--to', TO);
    expect(status).toBe(0);
    expect(sink.mailsTo(TO)).toHaveLength(PLAUSIBLE.filter(({ role }) => role === 'supervisor').length);
  });
});

describe('it says in plain words', () => {
  test('which mails there are, when it is asked for nothing', async () => {
    const { output, status } = await guichet('send-sample');
    expect(status).toBe(0);
    for (const kind of MAIL_KINDS) expect(output).toMatch(new RegExp(`^  ${kind} \\(.+\\) : \\w+`, 'm'));
  });

  test.each([
    [['acknowlegement', '--to', TO], 'Vouliez-vous dire acknowledgement ?'],
    [['relance', '--to', TO], 'Vouliez-vous dire citizen_reminder, reminder ?'],
    [['zzz', '--to', TO], 'Aucun message ne s’appelle « zzz ».'],
    [['reminder', '--to', TO, '--role', 'citizen'], 'il en a : desk, department, supervisor.'],
    [['reminder', '--to', TO, '--case', 'huge'], 'il y a : ordinary, long'],
    [['reminder'], '--to ADRESSE.'],
    [['reminder', '--to', 'personne'], '« personne » n’en est pas une'],
    [['reminder', '--to', 'mairie@plassans.fr'], 'est la boîte que Guichet relève'],
    [['reminder', 'decision', '--to', TO], 'n’est pas comprise'],
    [['reminder', '--all', '--to', TO], 'n’est pas comprise'],
    [['--to', TO], 'n’est pas comprise'],
    [['reminder', '--too', TO], 'n’est pas comprise'],
  ])('what is wrong with %j, and sends nothing', async (args, words) => {
    const { output, status } = await guichet('send-sample', ...args);
    expect([status, output]).toEqual([2, expect.stringContaining(words)]);
    expect(sink.mails).toHaveLength(0);
  });

  test.each([
    [550, '5.1.1 no such user', 'refuse l’adresse'],
    [450, '4.2.1 mailbox busy', 'pour le moment'],
  ])('that the server answered %i', async (code, words, told) => {
    sink.refuse(TO, code, words);
    const { output, status } = await guichet('send-sample', 'reminder', '--to', TO);
    sink.accept(TO);
    expect([status, output]).toEqual([1, expect.stringContaining(told)]);
    expect(output).toContain(words);
  });

  test('that the server is away, and which settings say where it is', async () => {
    await sink.down();
    const { output, status } = await guichet('send-sample', 'reminder', '--to', TO);
    await sink.up();
    expect([status, output]).toEqual([1, expect.stringContaining('ne répond pas (SMTP_HOST')]);
  });

  test('that the settings are incomplete', async () => {
    const { output, status } = await guichetIn({ SMTP_HOST: '' }, 'send-sample', 'reminder', '--to', TO);
    expect([status, output]).toEqual([1, expect.stringContaining('SMTP_HOST')]);
  });
});

async function guichet(...args: string[]): Promise<{ output: string; status: number | null }> {
  return guichetIn({}, ...args);
}

/** What is printed, with ordinary spaces. */
async function guichetIn(changes: Record<string, string>, ...args: string[]) {
  const env = {
    PATH: process.env['PATH'],
    IMAP_HOST: '127.0.0.1',
    IMAP_USER: 'mairie',
    IMAP_PASSWORD: 'password',
    SMTP_HOST: sink.host,
    SMTP_PORT: String(sink.port),
    LINK_SECRET: 'mQ2vX8rT5kLw9zBnY4sJd7hGc1fPa6eU',
    PUBLIC_URL: 'https://guichet.exemple.fr',
    ...changes,
  };
  return new Promise<{ output: string; status: number | null }>((resolve) => {
    const child = execFile(process.execPath, ['src/main.ts', ...args], { env }, (_error, stdout, stderr) =>
      resolve({ output: `${stdout}${stderr}`.replaceAll('\u00a0', ' '), status: child.exitCode }),
    );
  });
}

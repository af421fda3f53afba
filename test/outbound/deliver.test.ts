import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MailAccount } from '../../src/config.ts';
import { supervisorsOf, type Person } from '../../src/domain/people.ts';
import { MAIL_KINDS, type MailKind } from '../../src/domain/workflow.ts';
import { createComposer } from '../../src/outbound/compose.ts';
import { startDelivering } from '../../src/outbound/deliver.ts';
import { createRenderer } from '../../src/outbound/render.ts';
import { classifyFailure, openTransport, type Transport } from '../../src/outbound/transport.ts';
import { queueMails } from '../../src/store/store.ts';
import { writeMail } from '../../src/store/write-decisions.ts';
import {
  act,
  actionsOf,
  aGround,
  DESK_PERSON,
  mailsOf,
  NORA,
  openOne,
  VOIRIE,
  type TestGround,
} from '../store/ground.ts';
import { freePort } from '../support/free-port.ts';
import { freshDatabase } from '../support/postgres.ts';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';
import { until } from '../support/until.ts';

let ground: TestGround;
let smtp: SmtpSink;
let transport: Transport;

async function openTown(): Promise<void> {
  smtp = await startSmtpSink();
  ground = await aGround((await freshDatabase()).url);
  ground.set(new Date().toISOString());
}

async function closeTown(): Promise<void> {
  await ground.close();
  transport.close();
  await smtp.stop();
}

describe('the post', () => {
  beforeEach(openTown);
  afterEach(closeTown);

  test('a mail leaves at once, from the town hall, to one person, and the row says what the server answered', async () => {
    await deliverThroughSink();
    const id = await openOne(ground);
    const { envelope, mail } = await smtp.requireMail({ to: NORA.address });
    expect(envelope).toEqual({ from: 'mairie@plassans.fr', to: [NORA.address] });
    expect(mail.subject).toMatch(/^\[n°\s\d{4}-000001\] /u);
    const row = await rowOf(id, 'acknowledgement', 'sent');
    expect(row).toMatchObject({ attempts: 1, lastError: null, messageId: mail.messageId });
    expect(row.response).toMatch(/^250 /);
  });

  describe('a server that says « not now »', () => {
    test('is asked again later; meanwhile nothing is lost, nobody is alarmed', async () => {
      smtp.refuse(NORA.address, 450, '4.2.1 mailbox busy');
      await deliverThroughSink();
      const id = await openOne(ground);
      const row = await rowOf(id, 'acknowledgement', 'queued', 1);
      expect(row.lastError).toContain('450');
      expect(await actionsOf(ground, id)).toEqual(['receive']);

      smtp.accept(NORA.address);
      await letTimePass();
      await rowOf(id, 'acknowledgement', 'sent', 2);
      expect(smtp.mailsTo(NORA.address)).toHaveLength(1);
    });

    test('for as long as the town hall waits: then the request says so, and the desk is told', async () => {
      smtp.refuse(NORA.address, 450, '4.2.1 mailbox busy');
      await deliverThroughSink();
      const id = await openOne(ground);
      await rowOf(id, 'acknowledgement', 'queued', 1);
      await letTimePass({ toTheLast: true });
      await rowOf(id, 'acknowledgement', 'failed', 2);
      expect(await actionsOf(ground, id)).toEqual(['receive', 'delivery_failed']);
      expect(await mailsOf(ground, id)).toContain('undelivered → accueil@plassans.fr');
    });
  });

  test('a server that says « never » is believed: the request shows it, the desk is told, the citizen is marked', async () => {
    smtp.refuse(NORA.address, 550, '5.1.1 no such user');
    await deliverThroughSink();
    const id = await openOne(ground);
    const row = await rowOf(id, 'acknowledgement', 'failed', 1);
    expect(row.lastError).toContain('550');
    await rowOf(id, 'undelivered', 'sent');
    expect(await actionsOf(ground, id)).toEqual(['receive', 'delivery_failed']);
    expect(await mailsOf(ground, id)).toContain('undelivered → accueil@plassans.fr');
    const request = await ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } });
    expect(request).toMatchObject({ undeliverable: true, status: 'new' });
    const event = await ground.store.db.event.findFirstOrThrow({ where: { requestId: id, action: 'delivery_failed' } });
    expect(event.details).toMatchObject({ kind: 'acknowledgement', role: 'citizen' });
    expect(smtp.mailsTo(NORA.address)).toEqual([]);
  });

  test('when the desk itself cannot be reached, its failure is shown once and does not breed mails', async () => {
    smtp.refuse('*', 550, '5.7.1 not here');
    await deliverThroughSink();
    const id = await openOne(ground);
    await rowOf(id, 'undelivered', 'failed');
    await rowOf(id, 'new_request', 'failed');
    await until('all three failures', 10_000, async () => (await actionsOf(ground, id)).length === 4);
    expect(await mailsOf(ground, id)).toHaveLength(3);
  });

  test('a wrong password of ours is no fault of the mail: it waits until somebody mends it', async () => {
    const server = new SMTPServer({
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onAuth: (_auth, _session, answer) =>
        answer(Object.assign(new Error('5.7.8 authentication failed'), { responseCode: 535 })),
    });
    server.on('error', () => undefined);
    const port = await freePort();
    server.listen(port, '127.0.0.1');
    await once(server.server, 'listening');
    await deliverThrough({ ...accountOf(smtp), port, user: 'mairie', password: 'wrong' });
    const id = await openOne(ground);
    const row = await rowOf(id, 'acknowledgement', 'queued', 1);
    expect(row.lastError).toContain('535');
    expect(await actionsOf(ground, id)).toEqual(['receive']);
    await new Promise<void>((closed) => server.close(closed));
  });

  test('a server that is away is waited for', async () => {
    await smtp.down();
    await deliverThroughSink();
    const id = await openOne(ground);
    await rowOf(id, 'acknowledgement', 'queued', 1);
    await smtp.up();
    await letTimePass();
    await rowOf(id, 'acknowledgement', 'sent', 2);
    expect(await actionsOf(ground, id)).toEqual(['receive']);
  });

  test('a mail that was sent is not sent again, whoever asks', async () => {
    await deliverThroughSink();
    const id = await openOne(ground);
    const mail = await rowOf(id, 'acknowledgement', 'sent');
    await ground.store.db.$transaction((tx) => queueMails(ground.store, tx, [mail, mail], ground.clock.now()));
    await until('the jobs to end', 15_000, async () => (await pendingJobs()) === 0);
    expect(smtp.mailsTo(NORA.address)).toHaveLength(1);
    expect((await rowOf(id, 'acknowledgement', 'sent')).attempts).toBe(1);
  });

  test('when the server’s answer is lost, the second copy has the same Message-ID, so that programs show one', async () => {
    const id = await openOne(ground);
    smtp.dropAfterData(2);
    await deliverThroughSink();
    await rowOf(id, 'acknowledgement', 'queued', 1);
    await rowOf(id, 'new_request', 'queued', 1);
    await letTimePass();
    await rowOf(id, 'acknowledgement', 'sent', 2);
    const copies = smtp.mailsTo(NORA.address).map(({ mail }) => mail.messageId);
    expect(copies).toHaveLength(2);
    expect(new Set(copies).size).toBe(1);
  });

  test('a person’s mails about a request make one thread', async () => {
    await deliverThroughSink();
    const id = await openOne(ground);
    await rowOf(id, 'acknowledgement', 'sent');
    await act(ground, id, 'message', DESK_PERSON, { comment: 'Où exactement ?' });
    const first = await smtp.requireMail({ to: NORA.address });
    await rowOf(id, 'message', 'sent');
    const [, second] = smtp.mailsTo(NORA.address);
    expect(second?.mail.inReplyTo).toBe(first.mail.messageId);
    expect(second?.mail.text).toContain('Où exactement ?');
  });

  describe('what robots read', () => {
    const PERSONS_WORDS: readonly MailKind[] = ['message', 'internal_message', 'answer'];
    const ANSWERS: readonly MailKind[] = [
      'acknowledgement',
      'not_done',
      'confirm_email',
      'forward_help',
      'command_done',
      'command_help',
      'mention_unknown',
      'reopened_citizen',
    ];

    test('every mail of the system says that it is one; a person’s words to a person say nothing', async () => {
      await deliverThroughSink();
      const requestId = await openOne(ground);
      await rowOf(requestId, 'new_request', 'sent');
      smtp.clear();
      const { db } = ground.store;
      for (const kind of MAIL_KINDS) {
        const mail = { kind, to: recipientOf(kind), facts: factsOf(), showsMessage: false, requestId };
        await db.$transaction((tx) =>
          writeMail(ground, tx, { ...mail, linksTo: [{ id: requestId, holdingNo: 1 }] }, `test:${kind}`),
        );
      }
      await until('all to leave', 20_000, () => smtp.mails.length >= MAIL_KINDS.length);
      const rows = await db.outboundEmail.findMany({ where: { requestId } });
      const kinds = new Map(rows.map(({ messageId, kind }) => [messageId, kind as MailKind]));
      const found = smtp.mails.map(({ mail }) => {
        const value = (name: string) => headerOf(mail.headerLines, name);
        const kind = kinds.get(mail.messageId ?? '');
        return `${kind}: ${value('auto-submitted')}, ${value('x-auto-response-suppress')}, ${value('content-language')}`;
      });
      const wanted = MAIL_KINDS.map((kind) => {
        if (PERSONS_WORDS.includes(kind)) return `${kind}: nothing, nothing, fr`;
        return `${kind}: ${ANSWERS.includes(kind) ? 'auto-replied' : 'auto-generated'}, All, fr`;
      });
      expect(found.toSorted()).toEqual(wanted.toSorted());
    });
  });
});

test.each<[string, object, boolean]>([
  ['550 to the recipient', { code: 'EENVELOPE', command: 'RCPT TO', permanent: true, response: '550 no' }, true],
  ['554 to the text', { code: 'EMESSAGE', command: 'DATA', permanent: true, response: '554 spam' }, true],
  ['450 to the recipient', { code: 'EENVELOPE', command: 'RCPT TO', permanent: false, response: '450' }, false],
  ['a wrong password', { code: 'EAUTH', command: 'AUTH PLAIN', permanent: true, response: '535 no' }, false],
  ['a server that greets with 554', { code: 'EPROTOCOL', command: 'CONN', permanent: true, response: '554' }, false],
  ['no TLS', { code: 'ETLS', command: 'STARTTLS', permanent: true }, false],
  ['no such host', { code: 'EDNS', message: 'ENOTFOUND' }, false],
  ['a fault of our own', new TypeError('x is not a function'), false],
])('%s: final is %o', (_what, error, isPermanent) => {
  expect(classifyFailure(error).isPermanent).toBe(isPermanent);
});

async function deliverThroughSink(): Promise<void> {
  await deliverThrough(accountOf(smtp));
}

async function deliverThrough(account: MailAccount): Promise<void> {
  transport = openTransport(account);
  const renderer = await createRenderer(ground.config.town);
  const links = { secrets: ['mQ2vX8rT5kLw9zBnY4sJd7hGc1fPa6eU'], publicUrl: 'http://127.0.0.1:8080' };
  await startDelivering(ground, createComposer(ground, renderer, links), transport);
}

function accountOf({ host, port }: SmtpSink): MailAccount {
  return { host, port, secure: false, user: '', password: '' };
}

/** The mail of a request, once it is in this state (and was tried so often). */
async function rowOf(requestId: string, kind: MailKind, state: string, attempts?: number) {
  return until(`${kind} to be ${state}`, 20_000, async () => {
    const row = await ground.store.db.outboundEmail.findFirst({ where: { requestId, kind } });
    const fits = row?.state === state && (attempts === undefined || row.attempts === attempts);
    return fits ? row : undefined;
  });
}

/** The queue waits a minute before it tries again, and gives up after days: not in a test. */
async function letTimePass({ toTheLast = false } = {}): Promise<void> {
  const { db } = ground.store;
  await until('the queue to plan the next try', 10_000, async () => {
    const rows = await db.$queryRaw<{ state: string }[]>`
      SELECT state::text FROM pgboss.job WHERE name = 'deliver' AND state IN ('created', 'active', 'retry')`;
    return rows.length > 0 && rows.every(({ state }) => state === 'retry');
  });
  if (toTheLast) await db.$executeRaw`UPDATE pgboss.job SET retry_limit = retry_count + 1 WHERE state = 'retry'`;
  await db.$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'`;
}

function headerOf(lines: readonly { key: string; line: string }[], name: string): string {
  return lines.find(({ key }) => key === name)?.line.replace(/^[^:]*:\s*/, '') ?? 'nothing';
}

async function pendingJobs(): Promise<number> {
  const rows = await ground.store.db.$queryRaw<unknown[]>`
    SELECT 1 FROM pgboss.job WHERE name = 'deliver' AND state NOT IN ('completed', 'failed')`;
  return rows.length;
}

const TO_CITIZEN: readonly MailKind[] = [
  'acknowledgement',
  'taken_in_charge',
  'transferred_citizen',
  'correction',
  'decision',
  'message',
];

function recipientOf(kind: MailKind): Person {
  if (TO_CITIZEN.includes(kind)) return NORA;
  const [supervisor = DESK_PERSON] = supervisorsOf(ground.config.town);
  return kind === 'status_report' || kind === 'arbitration' ? supervisor : VOIRIE;
}

function factsOf() {
  return {
    action: 'accept',
    comment: 'Parce que.',
    actorName: 'Accueil',
    actorRole: 'desk',
    holder: 'voirie',
    outcome: 'accepted',
    receivedAt: '2026-04-07T07:30:00.000Z',
    undoUntil: '2026-04-07T07:31:00.000Z',
    decidesOn: '2026-06-07',
    daysLeft: 10,
  };
}

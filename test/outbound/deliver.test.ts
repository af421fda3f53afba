import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { supervisorsOf, type Person } from '../../src/domain/people.ts';
import { MAIL_KINDS, type MailKind } from '../../src/domain/workflow.ts';
import { openTransport } from '../../src/outbound/transport.ts';
import { recoverMails, releaseMails } from '../../src/store/release-mails.ts';
import { insertJobs } from '../../src/store/store.ts';
import { newId } from '../../src/store/ids.ts';
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
import type { SmtpSink } from '../support/smtp-sink.ts';
import { queryOnce } from '../support/query-once.ts';
import { until } from '../support/until.ts';
import { accountOf, deliverBy, openPost, type TestPost } from './post.ts';

let post: TestPost;
let ground: TestGround;
let smtp: SmtpSink;

describe('the post', () => {
  beforeEach(async () => {
    post = await openPost();
    ({ ground, smtp } = post);
  });
  afterEach(() => post.close());

  test('a mail leaves at once, from the town hall, to one person, and the row says what the server answered', async () => {
    const id = await openOne(ground);
    const { envelope, mail } = await smtp.requireMail({ to: NORA.address });
    expect(envelope).toEqual({ from: 'mairie@plassans.fr', to: [NORA.address] });
    expect(mail.subject).toMatch(/^\[n°\s\d{4}-000001\] /u);
    const row = await post.rowOf(id, 'acknowledgement', 'sent');
    expect(row).toMatchObject({ attempts: 1, lastError: null, messageId: mail.messageId });
    expect(row.response).toMatch(/^250 /);
  });

  test('a server that says « never » is believed: the request shows it, the desk is told, the citizen is marked', async () => {
    smtp.refuse(NORA.address, 550, '5.1.1 no such user');
    const id = await openOne(ground);
    const row = await post.rowOf(id, 'acknowledgement', 'failed');
    expect(row.lastError).toContain('550');
    await post.rowOf(id, 'undelivered', 'sent');
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
    const id = await openOne(ground);
    await post.rowOf(id, 'undelivered', 'failed');
    await post.rowOf(id, 'new_request', 'failed');
    await until('all three failures', 10_000, async () => (await actionsOf(ground, id)).length === 4);
    expect(await mailsOf(ground, id)).toHaveLength(3);
  });

  test('a mail that was sent is not sent again, whoever asks', async () => {
    const id = await openOne(ground);
    const mail = await post.rowOf(id, 'acknowledgement', 'sent');
    const others = [mail, { ...mail, jobId: newId() }, { ...mail, jobId: newId() }];
    await ground.store.db.$transaction((tx) => insertJobs(ground.store, tx, others));
    await until('the jobs to end', 15_000, async () => (await pendingJobs()) === 0);
    expect(smtp.mailsTo(NORA.address)).toHaveLength(1);
    expect((await post.rowOf(id, 'acknowledgement', 'sent')).attempts).toBe(1);
  });

  describe('a job that is gone', () => {
    test('takes its mail with it for a minute at most: the mail gets another', async () => {
      await post.delivery.stop();
      const id = await openOne(ground);
      await ground.store.db.$executeRaw`DELETE FROM pgboss.job`;
      await recoverMails(ground);
      const rows = await ground.store.db.outboundEmail.findMany({ where: { requestId: id } });
      expect(rows.map(({ state, jobId, tryAfter }) => ({ state, jobId, tryAfter }))).toEqual(
        rows.map(() => ({ state: 'queued', jobId: null, tryAfter: null })),
      );
    });

    test('of a mail that was being sent: it may have left, and is tried again later', async () => {
      await post.delivery.stop();
      const id = await openOne(ground);
      await ground.store.db.outboundEmail.updateMany({ data: { state: 'sending' } });
      await ground.store.db.$executeRaw`UPDATE pgboss.job SET state = 'failed'`;
      await recoverMails(ground);
      const row = await ground.store.db.outboundEmail.findFirstOrThrow({ where: { requestId: id } });
      const inTenMinutes = new Date(ground.clock.now().getTime() + 10 * 60_000);
      expect(row).toMatchObject({ state: 'queued', jobId: null, tryAfter: inTenMinutes });
    });

    test('is not taken for gone while it waits or runs', async () => {
      await post.delivery.stop();
      await openOne(ground);
      await ground.store.db.outboundEmail.updateMany({ data: { state: 'sending' } });
      await recoverMails(ground);
      expect(await ground.store.db.outboundEmail.count({ where: { state: 'sending', jobId: { not: null } } })).toBe(2);
    });
  });

  test('a database that cannot be told that a mail left does not have it sent twice', async () => {
    await queryOnce(
      post.url,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.state = 'sent' THEN RAISE EXCEPTION 'bad luck'; END IF; RETURN NEW; END $$`,
    );
    const on = 'ON "OutboundEmail"';
    await queryOnce(post.url, `CREATE TRIGGER refuse BEFORE UPDATE ${on} FOR EACH ROW EXECUTE FUNCTION refuse()`);
    const id = await openOne(ground);
    await until('another try', 20_000, async () => {
      return (await ground.store.db.outboundEmail.count({ where: { requestId: id, attempts: { gt: 1 } } })) === 2;
    });
    await queryOnce(post.url, `DROP TRIGGER refuse ${on}`);
    await post.rowOf(id, 'acknowledgement', 'sent');
    await post.rowOf(id, 'new_request', 'sent');
    expect(smtp.mails).toHaveLength(2);
  });

  describe('what was decided first', () => {
    test('is read first: a later mail to the same person about the same request waits for it', async () => {
      smtp.refuse(NORA.address, 450, '4.7.1 greylisted');
      const id = await openOne(ground);
      await post.settled();
      smtp.accept(NORA.address);
      const other = await openOne(ground);
      await act(ground, id, 'message', DESK_PERSON, { comment: 'Où exactement ?' });
      await post.settled();
      await post.rowOf(other, 'acknowledgement', 'sent');
      expect(await post.rowOf(id, 'message', 'queued')).toMatchObject({ attempts: 0, jobId: null });
      expect(await releaseMails(ground, 100)).toBe(0);
      await post.pass(1);
      await post.rowOf(id, 'message', 'sent');
      const arrived = smtp.mailsTo(NORA.address).map(({ mail }) => mail.messageId);
      const [first, last] = [await post.rowOf(id, 'acknowledgement', 'sent'), await post.rowOf(id, 'message', 'sent')];
      expect(arrived.slice(1)).toEqual([first.messageId, last.messageId]);
    });

    test('does not hold back what somebody waits for before a page', async () => {
      smtp.refuse(DESK_PERSON.address, 450, '4.7.1 greylisted');
      const requestId = await openOne(ground);
      await post.settled();
      smtp.accept(DESK_PERSON.address);
      const facts = { action: 'refuse', code: '123456' };
      const mail = { kind: 'code' as const, to: DESK_PERSON, facts, showsMessage: false, requestId, linksTo: [] };
      await ground.store.db.$transaction((tx) => writeMail(ground, tx, mail, 'test:code'));
      await post.rowOf(requestId, 'code', 'sent');
      expect(smtp.mailsTo(DESK_PERSON.address)).toHaveLength(1);
    });
  });

  test('mails of before the rows were what waits leave once, whatever jobs they have', async () => {
    await post.delivery.stop();
    const id = await openOne(ground);
    await act(ground, id, 'accept', DESK_PERSON);
    const { db } = ground.store;
    const rows = await db.outboundEmail.findMany({ orderBy: { id: 'asc' } });
    const jobs = rows.map((row) => ({ ...row, jobId: newId() }));
    await db.$transaction((tx) => insertJobs(ground.store, tx, jobs));
    await toBeforeDeliveryRows();
    await queryOnce(post.url, `UPDATE "OutboundEmail" SET state = 'sending' WHERE kind = 'acknowledgement'`);

    const later = await aGround(post.url);
    const road = openTransport(accountOf(smtp));
    const delivery = await deliverBy(later, road);
    await post.rowOf(id, 'acknowledgement', 'sent');
    await post.rowOf(id, 'new_request', 'sent');
    expect(await post.rowOf(id, 'decision', 'queued')).toMatchObject({ jobId: null, attempts: 0 });
    later.set('2026-09-07T10:01:00+02:00');
    await delivery.release();
    await post.rowOf(id, 'decision', 'sent');
    await until('the jobs to end', 15_000, async () => (await pendingJobs()) === 0);
    expect(smtp.mails).toHaveLength(rows.length);
    await delivery.stop();
    road.close();
    await later.close();
  });

  test('a person’s mails about a request make one thread', async () => {
    const id = await openOne(ground);
    await post.rowOf(id, 'acknowledgement', 'sent');
    await act(ground, id, 'message', DESK_PERSON, { comment: 'Où exactement ?' });
    const first = await smtp.requireMail({ to: NORA.address });
    await post.rowOf(id, 'message', 'sent');
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
      const requestId = await openOne(ground);
      await post.settled();
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

function headerOf(lines: readonly { key: string; line: string }[], name: string): string {
  return lines.find(({ key }) => key === name)?.line.replace(/^[^:]*:\s*/, '') ?? 'nothing';
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
    from: '2026-04-07T07:30:00.000Z',
    until: '2026-05-07T07:30:00.000Z',
    changedAt: '2026-04-07T07:30:00.000Z',
    refusedAt: '2026-04-07T07:30:00.000Z',
    month: '2026-03',
    undoUntil: '2026-04-07T07:31:00.000Z',
    decidesOn: '2026-06-07',
    daysLeft: 10,
  };
}

async function pendingJobs(): Promise<number> {
  const rows = await ground.store.db.$queryRaw<unknown[]>`
    SELECT 1 FROM pgboss.job WHERE name = 'deliver' AND state NOT IN ('completed', 'failed')`;
  return rows.length;
}

/** The database as it was before that migration, which the next start applies. */
async function toBeforeDeliveryRows(): Promise<void> {
  const columns = ['tryAfter', 'jobId', 'triedAt', 'deferredAt', 'deferrals', 'delayedAt', 'cause', 'bouncedAt'];
  await queryOnce(post.url, `ALTER TABLE "OutboundEmail" ${columns.map((name) => `DROP "${name}"`).join(', ')}`);
  await queryOnce(post.url, 'DROP TABLE "OutgoingPause"');
  await queryOnce(post.url, `DELETE FROM _prisma_migrations WHERE migration_name LIKE '%_delivery_rows'`);
}

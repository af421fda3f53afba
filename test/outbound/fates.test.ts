import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTransport } from '../../src/outbound/transport.ts';
import { tellDelays } from '../../src/jobs/tell-delays.ts';
import { actionsOf, mailsOf, openOne } from '../store/ground.ts';
import type { SinkStep, SmtpSink } from '../support/smtp-sink.ts';
import { accountOf, deliverBy, openPost, type TestPost } from './post.ts';

/** What a mail server may say, and what becomes of the mail: real conversations, by a clock that is set. */

let post: TestPost;
let citizens = 0;
beforeAll(async () => {
  post = await openPost();
});
afterAll(() => post?.close());
beforeEach(async () => {
  for (const step of ['greeting', 'auth', 'from', 'text'] as const) post.smtp.acceptAt(step);
  post.smtp.accept('*');
  await post.smtp.up();
  // Whatever the last test left has left, and the breaker is closed.
  await post.pass(15);
  await post.pass(15);
  post.smtp.clear();
});

interface Letter {
  id: string;
  address: string;
}

/** The desk can be reached, unless a test says otherwise: what is told of the citizen's mail is about that one. */
async function aLetter(): Promise<Letter> {
  const address = `citizen-${(citizens += 1)}@example.org`;
  return { id: '', address };
}

async function write(letter: Letter): Promise<void> {
  const citizen = { role: 'citizen' as const, department: null, name: 'Nora Lemaire', address: letter.address };
  letter.id = await openOne(post.ground, { citizen });
  await post.settled();
}

async function ackOf({ id }: Letter) {
  return post.ground.store.db.outboundEmail.findFirstOrThrow({ where: { requestId: id, kind: 'acknowledgement' } });
}

async function isMarkedDead({ id }: Letter): Promise<boolean> {
  return (await post.ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id } })).undeliverable;
}

describe('a server that refuses for good: the mail failed, the request says so, the desk is told why', () => {
  test.each<[string, SinkStep | 'to', number, string, string, boolean]>([
    ['an unknown address', 'to', 550, '5.1.1 no such user', 'unknown_address', true],
    ['an address that is none', 'to', 553, '5.1.3 bad recipient address syntax', 'unknown_address', true],
    ['a domain that is none', 'to', 550, '5.1.2 domain not found', 'unknown_address', true],
    ['a full mailbox, which has an owner', 'to', 552, '5.2.2 mailbox full', 'mailbox_full', false],
    ['a policy', 'to', 550, '5.7.1 message refused by policy', 'refused', false],
    ['a mail that is too big, after its text', 'text', 552, '5.3.4 message too big', 'refused', false],
    ['a mail that is too big, before its text', 'from', 552, '5.3.4 message size exceeds limit', 'refused', false],
    ['a mail taken for spam', 'text', 554, '5.7.1 spam detected', 'refused', false],
  ])('%s', async (_what, step, code, words, cause, isDead) => {
    const letter = await aLetter();
    if (step === 'to') post.smtp.refuse(letter.address, code, words);
    else post.smtp.refuseAt(step, code, words);
    await write(letter);
    const mail = await ackOf(letter);
    expect(mail).toMatchObject({ state: 'failed', attempts: 1, cause, deferredAt: null });
    expect(mail.lastError).toContain(`${code} ${words}`);
    expect(await isMarkedDead(letter)).toBe(isDead);
    const where = { requestId: letter.id, action: 'delivery_failed' };
    const events = await post.ground.store.db.event.findMany({ where });
    expect(events.find(({ details }) => JSON.stringify(details).includes('"acknowledgement"'))?.details).toMatchObject({
      cause,
    });
    const told = await post.ground.store.db.outboundEmail.findFirst({
      where: { requestId: letter.id, kind: 'undelivered' },
    });
    expect(told?.facts).toMatchObject({ cause, failedAddress: letter.address });
  });
});

describe('a server that refuses for now: the mail waits, nobody is alarmed', () => {
  test.each<[string, SinkStep | 'to', number, string]>([
    ['a mailbox that is busy', 'to', 450, '4.2.1 mailbox busy'],
    ['greylisting', 'to', 451, '4.7.1 greylisted, come again'],
    ['a full mailbox that may be emptied', 'to', 452, '4.2.2 mailbox full'],
    ['a scanner that is away', 'text', 451, '4.3.0 try again later'],
  ])('%s', async (_what, step, code, words) => {
    const letter = await aLetter();
    if (step === 'to') post.smtp.refuse(letter.address, code, words);
    else post.smtp.refuseAt(step, code, words);
    await write(letter);
    const now = post.ground.clock.now();
    expect(await ackOf(letter)).toMatchObject({
      state: 'queued',
      jobId: null,
      deferrals: 1,
      deferredAt: now,
      tryAfter: new Date(now.getTime() + 60_000),
    });
    expect(await actionsOf(post.ground, letter.id)).toEqual(['receive']);
    expect(await isMarkedDead(letter)).toBe(false);
    post.smtp.accept(letter.address);
    post.smtp.acceptAt('text');
    await post.pass(1);
    expect(await ackOf(letter)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(post.smtp.mailsTo(letter.address)).toHaveLength(1);
  });

  test('greylisting that lasts five minutes costs six, and three tries', async () => {
    const letter = await aLetter();
    post.smtp.refuse(letter.address, 450, '4.7.1 greylisted for 300 seconds');
    await write(letter);
    await post.pass(1);
    await post.pass(4);
    expect(await ackOf(letter)).toMatchObject({ state: 'queued', attempts: 2 });
    post.smtp.accept(letter.address);
    await post.pass(1);
    expect(await ackOf(letter)).toMatchObject({ state: 'sent', attempts: 3 });
  });

  test('for four hours: the history says once that the mail is late; for five days: it failed, the desk is told', async () => {
    const letter = await aLetter();
    post.smtp.refuse(letter.address, 452, '4.2.2 mailbox full');
    await write(letter);
    const start = post.ground.clock.now().getTime();
    const tries: number[] = [];
    for (let mail = await ackOf(letter); mail.state === 'queued'; mail = await ackOf(letter)) {
      tries.push(((mail.tryAfter?.getTime() ?? 0) - start) / 60_000);
      post.ground.set((mail.tryAfter ?? post.ground.clock.now()).toISOString());
      await tellDelays(post.ground);
      await post.settled();
    }
    expect(tries.slice(0, 9)).toEqual([1, 6, 21, 51, 111, 231, 471, 711, 951]);
    expect(tries.at(-1)).toBe(5 * 24 * 60);
    expect(await actionsOf(post.ground, letter.id)).toEqual(['receive', 'delivery_delayed', 'delivery_failed']);
    expect(await ackOf(letter)).toMatchObject({ state: 'failed', cause: 'mailbox_full', attempts: tries.length + 1 });
    expect(await mailsOf(post.ground, letter.id)).toContain('undelivered → accueil@plassans.fr');
    expect(await isMarkedDead(letter)).toBe(false);
  });
});

describe('a trouble of ours costs a mail nothing: it leaves as soon as it is over', () => {
  const AUTH = { user: 'mairie', password: 'wrong' };
  const refuseAt = (step: SinkStep, code: number, words: string) => (smtp: SmtpSink) =>
    smtp.refuseAt(step, code, words);

  test.each<[string, (smtp: SmtpSink) => unknown, { mayHaveLeft?: true }?]>([
    ['nobody listens', (smtp) => smtp.down()],
    ['a greeting of 554', refuseAt('greeting', 554, '5.7.1 no service for you')],
    ['a greeting of 421', refuseAt('greeting', 421, '4.3.2 too busy')],
    ['our own address is refused', refuseAt('from', 550, '5.7.1 sender not owned')],
    ['our own address must log in', refuseAt('from', 530, '5.7.0 authentication required')],
    ['its disk is full', refuseAt('from', 452, '4.3.1 insufficient system storage')],
    ['it closes for everybody', refuseAt('text', 421, '4.3.2 shutting down'), { mayHaveLeft: true }],
    ['it relays nothing for us', (smtp) => smtp.refuse('*', 554, '5.7.1 relay access denied'), { mayHaveLeft: true }],
  ])('%s', async (_what, breakIt, { mayHaveLeft = false } = {}) => {
    const letter = await aLetter();
    await breakIt(post.smtp);
    // A connection that stands has its greeting behind it.
    if (!mayHaveLeft && post.smtp.isUp()) await post.smtp.restart();
    await write(letter);
    await post.pass(1);
    const mail = await ackOf(letter);
    expect(mail).toMatchObject({ state: 'queued', jobId: null, deferrals: 0, deferredAt: null, lastError: null });
    post.smtp.accept('*');
    for (const step of ['greeting', 'from', 'text'] as const) post.smtp.acceptAt(step);
    await post.smtp.up();
    await post.pass(mayHaveLeft ? 10 : 1);
    await post.pass(1);
    expect(await ackOf(letter)).toMatchObject({ state: 'sent', deferredAt: null });
    expect(post.smtp.mailsTo(letter.address)).toHaveLength(1);
    expect(await actionsOf(post.ground, letter.id)).toEqual(['receive']);
  });

  test.each<[string, object]>([
    ['a wrong password', AUTH],
    ['no TLS where there should be', { secure: true }],
    ['a host that does not exist', { host: 'nowhere.invalid' }],
  ])('%s', { timeout: 60_000 }, async (_what, account) => {
    const other = await openPost({ account });
    if ('user' in account) other.smtp.refuseAt('auth', 535, '5.7.8 authentication failed');
    const id = await openOne(other.ground);
    await other.settled();
    for (let days = 0; days < 6; days += 2) await other.pass(2 * 24 * 60);
    const where = { requestId: id, kind: 'acknowledgement' };
    expect(await other.ground.store.db.outboundEmail.findFirst({ where })).toMatchObject({
      state: 'queued',
      deferredAt: null,
    });
    expect(other.delivery.isHealthy()).toBe(false);
    expect(await actionsOf(other.ground, id)).toEqual(['receive']);
    await other.delivery.stop();

    // A connection that breaks while TLS is set up may look like one that stood.
    other.ground.set(new Date(other.ground.clock.now().getTime() + 15 * 60_000).toISOString());
    const road = openTransport(accountOf(other.smtp));
    const mended = await deliverBy(other.ground, road);
    other.smtp.acceptAt('auth');
    await mended.release();
    await other.rowOf(id, 'acknowledgement', 'sent');
    await mended.stop();
    road.close();
    await other.close();
  });

  test('an answer that was lost is no reason to hurry: the same mail, under the same Message-ID, ten minutes later', async () => {
    const letter = await aLetter();
    post.smtp.dropAfterData(2);
    await write(letter);
    await post.pass(9);
    expect(post.smtp.mailsTo(letter.address)).toHaveLength(1);
    await post.pass(1);
    await post.pass(1);
    expect(await ackOf(letter)).toMatchObject({ state: 'sent' });
    const copies = post.smtp.mailsTo(letter.address).map(({ mail }) => mail.messageId);
    expect(copies).toHaveLength(2);
    expect(new Set(copies).size).toBe(1);
  });

  test('one mail that breaks every connection does not hold the others back', async () => {
    const [poison, letter] = [await aLetter(), await aLetter()];
    post.smtp.refuse(poison.address, 421, '4.7.0 I cannot bear this one');
    await write(poison);
    await write(letter);
    for (let minute = 0; minute < 5; minute++) await post.pass(1);
    expect(await ackOf(letter)).toMatchObject({ state: 'sent' });
    expect(await ackOf(poison)).toMatchObject({ state: 'queued' });
    post.smtp.accept(poison.address);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterEach, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import type { OutgoingRules } from '../../src/domain/dispatch.ts';
import { openFolder } from '../../src/outbound/folder.ts';
import { openTransport, type Transport } from '../../src/outbound/transport.ts';
import { openRequests } from '../../src/store/decide-on.ts';
import { countOutgoing, pauseOutgoing, resumeOutgoing } from '../../src/store/outgoing-pause.ts';
import { releaseMails } from '../../src/store/release-mails.ts';
import { writeMail } from '../../src/store/write-decisions.ts';
import { act, actionsOf, aGround, aNewRequest, DESK_PERSON, MONDAY, NORA, openOne } from '../store/ground.ts';
import { until } from '../support/until.ts';
import { accountOf, deliverBy, openPost, type TestPost } from './post.ts';

/** What a town hall may say of all its mails at once. */

let post: TestPost | undefined;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await post?.close();
  post = undefined;
});

const AN_AGENT = { at: new Date(MONDAY), by: 'admin', reason: 'Le prestataire nous bloque' };

describe('the pause', () => {
  test('stops every instance within a second or so, costs no mail anything, and ends as it began', async () => {
    post = await openPost();
    const { ground, smtp } = post;
    const { db } = ground.store;
    expect(await pauseOutgoing(db, AN_AGENT)).toBe(true);
    expect(await pauseOutgoing(db, { ...AN_AGENT, by: 'other' })).toBe(false);
    const id = await openOne(ground);
    await post.settled();
    await until('the pause to be seen', 3_000, () => post?.delivery.isPaused());
    const rows = await db.outboundEmail.findMany({ where: { requestId: id } });
    expect(rows.map(({ state, attempts, jobId, deferredAt }) => [state, attempts, jobId, deferredAt])).toEqual([
      ['queued', 0, null, null],
      ['queued', 0, null, null],
    ]);
    await post.pass(6 * 24 * 60);
    expect(smtp.mails).toEqual([]);
    expect(await countOutgoing(db, ground.clock.now())).toMatchObject({ due: 2, failed: 0 });
    expect(await resumeOutgoing(db, { at: ground.clock.now(), by: 'admin' })).toBe(true);
    expect(await resumeOutgoing(db, { at: ground.clock.now(), by: 'admin' })).toBe(false);
    // Nobody but the releaser does anything about it.
    await until('both mails to leave', 5_000, () => smtp.mails.length === 2);
    expect(await actionsOf(ground, id)).toEqual(['receive']);
    expect(await db.outgoingPause.findMany()).toMatchObject([{ by: 'admin', endedBy: 'admin' }]);
  });

  test('keeps a decision from leaving, not from being undone', async () => {
    post = await openPost();
    const { ground, smtp } = post;
    const id = await openOne(ground);
    await post.settled();
    await pauseOutgoing(ground.store.db, AN_AGENT);
    await act(ground, id, 'accept', DESK_PERSON);
    await post.settled();
    expect((await act(ground, id, 'undo', DESK_PERSON)).decision.done).toBe(true);
    await resumeOutgoing(ground.store.db, { at: new Date(MONDAY), by: 'admin' });
    await post.pass(5);
    expect(smtp.mailsTo(NORA.address)).toHaveLength(1);
  });
});

describe('a rate', () => {
  const PER_MINUTE = 200;
  const REQUESTS = 500;

  test(`of ${PER_MINUTE} a minute: a burst of a thousand, two instances, and no minute has more`, {
    timeout: 120_000,
  }, async () => {
    const arrivals: number[] = [];
    // A server that takes a mail and reads nothing: a thousand are many for one that does.
    const road: Transport = {
      send: async () => {
        arrivals.push(ground.clock.now().getTime());
        return { state: 'sent', response: '250 ok' };
      },
      close: () => undefined,
    };
    post = await openPost({ change: withOutgoing({ atMostPerMinute: PER_MINUTE }), transport: road });
    const { ground } = post;
    const other = await aGround(post.url, withOutgoing({ atMostPerMinute: PER_MINUTE }));
    other.clock = ground.clock;
    const second = await deliverBy(other, road);
    closers.push(
      () => other.close(),
      () => second.stop(),
    );
    const requests = Array.from({ length: REQUESTS }, (_, i) =>
      aNewRequest(ground, { citizen: { ...NORA, address: `c${i}@example.org` } }),
    );
    await ground.store.db.$transaction((tx) => openRequests(ground, tx, requests));
    for (let step = 0; arrivals.length < 2 * REQUESTS && step < 100; step++) await post.pass(1 / 4);
    expect(arrivals).toHaveLength(2 * REQUESTS);
    const busiest = Math.max(
      ...arrivals.map((start) => arrivals.filter((at) => at >= start && at < start + 60_000).length),
    );
    expect(busiest).toBeLessThanOrEqual(PER_MINUTE);
    expect(busiest).toBeGreaterThan(PER_MINUTE / 2);
    const minutes = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 60_000;
    expect(minutes).toBeLessThan(6);
  });

  test('makes nobody wait before a page: a code goes before what was decided earlier', async () => {
    post = await openPost({ change: withOutgoing({ atMostPerMinute: 1 }) });
    const { ground, smtp } = post;
    await post.delivery.stop();
    const requestId = await openOne(ground);
    const facts = { action: 'refuse', code: '123456' };
    const mail = { kind: 'code' as const, to: DESK_PERSON, facts, showsMessage: false, requestId, linksTo: [] };
    await ground.store.db.$transaction((tx) => writeMail(ground, tx, mail, 'test:code'));
    expect(await releaseMails(ground, 100)).toBe(1);
    const released = await ground.store.db.outboundEmail.findMany({ where: { jobId: { not: null } } });
    expect(released.map(({ kind }) => kind)).toEqual(['code']);
    expect(smtp.mails).toEqual([]);
  });

  test('is counted by one instance at a time', async () => {
    post = await openPost({ change: withOutgoing({ atMostPerMinute: 3 }) });
    const { ground } = post;
    await post.delivery.stop();
    for (let i = 0; i < 10; i++) await openOne(ground);
    const released = await Promise.all(Array.from({ length: 8 }, () => releaseMails(ground, 2)));
    expect(released.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  test('that comes with a restart holds for what was waiting too', async () => {
    post = await openPost();
    const { ground, smtp } = post;
    await post.delivery.stop();
    for (let i = 0; i < 5; i++) await openOne(ground, { citizen: { ...NORA, address: `c${i}@example.org` } });
    ground.config = withOutgoing({ atMostPerMinute: 3 })(ground.config);
    const again = await deliverBy(ground, openTransport(accountOf(smtp)));
    closers.push(() => again.stop());
    await again.release();
    await until('three to leave', 10_000, () => smtp.mails.length >= 3);
    await post.settled();
    expect(smtp.mails).toHaveLength(3);
  });
});

describe('a dry run', () => {
  test('writes each mail as a file that a mail program reads, and sends nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guichet-dry-run-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const clock = { now: () => new Date(MONDAY) };
    post = await openPost({ transport: openFolder(join(folder, 'essai'), clock) });
    const { ground, smtp } = post;
    const id = await openOne(ground);
    const row = await post.rowOf(id, 'acknowledgement', 'written');
    await post.rowOf(id, 'new_request', 'written');
    expect(row.response).toBe(`20260907080000-acknowledgement-${row.id}.eml`);
    expect(readdirSync(join(folder, 'essai'))).toHaveLength(2);
    const raw = readFileSync(join(folder, 'essai', row.response ?? ''));
    const mail = await simpleParser(raw);
    expect(mail).toMatchObject({ messageId: row.messageId, to: { text: expect.stringContaining(NORA.address) } });
    expect(mail.text).toContain('Nid-de-poule rue des Lilas');
    expect(smtp.mails).toEqual([]);
  });

  test('whose folder cannot be written waits, like a server that is away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guichet-dry-run-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'essai'), 'a file where the folder should be');
    post = await openPost({ transport: openFolder(join(folder, 'essai'), { now: () => new Date(MONDAY) }) });
    const id = await openOne(post.ground);
    await post.pass(60);
    await post.pass(60);
    expect(post.delivery.isHealthy()).toBe(false);
    expect(await actionsOf(post.ground, id)).toEqual(['receive']);
    rmSync(join(folder, 'essai'));
    await post.pass(2);
    await post.rowOf(id, 'acknowledgement', 'written');
    expect(statSync(join(folder, 'essai')).isDirectory()).toBe(true);
  });
});

describe('a pilot', () => {
  test('writes to nobody off its list: their mails are withheld, which is no failure', async () => {
    post = await openPost({ change: withOutgoing({ onlyTo: ['@plassans.fr', 'zoe@example.org'] }) });
    const { ground, smtp } = post;
    const id = await openOne(ground);
    const zoes = await openOne(ground, { citizen: { ...NORA, address: 'zoe@example.org' } });
    expect(await post.rowOf(id, 'acknowledgement', 'withheld')).toMatchObject({ cause: 'pilot', lastError: null });
    await post.rowOf(id, 'new_request', 'sent');
    await post.rowOf(zoes, 'acknowledgement', 'sent');
    expect(smtp.mailsTo(NORA.address)).toEqual([]);
    expect(await actionsOf(ground, id)).toEqual(['receive']);
    await act(ground, id, 'message', DESK_PERSON, { comment: 'Où exactement ?' });
    expect(await post.rowOf(id, 'message', 'withheld')).toMatchObject({ attempts: 1 });
  });
});

test('the town hall’s own mailbox is never written to, under any of its names', async () => {
  post = await openPost();
  const { ground, smtp } = post;
  const requestId = await openOne(ground);
  const { mailbox } = ground.config.town;
  for (const address of [mailbox, mailbox.toUpperCase(), mailbox.replace('@', '+2026-000001.k3f@')]) {
    const mail = { kind: 'message' as const, to: { ...NORA, address }, facts: {}, showsMessage: false, requestId };
    await ground.store.db.$transaction((tx) => writeMail(ground, tx, { ...mail, linksTo: [] }, `test:${address}`));
  }
  await post.settled();
  const rows = await ground.store.db.outboundEmail.findMany({ where: { kind: 'message' } });
  expect(rows.map(({ state, cause }) => [state, cause])).toEqual(rows.map(() => ['withheld', 'own_mailbox']));
  expect(smtp.mails).toHaveLength(2);
});

function withOutgoing(rules: Partial<OutgoingRules>) {
  return (config: Config): Config => ({ ...config, outgoing: { ...config.outgoing, ...rules } });
}

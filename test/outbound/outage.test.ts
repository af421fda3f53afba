import { afterEach, beforeEach, expect, test } from 'vitest';
import { tellDelays } from '../../src/jobs/tell-delays.ts';
import type { Delivery } from '../../src/outbound/deliver.ts';
import { openTransport, type Transport } from '../../src/outbound/transport.ts';
import { recoverMails } from '../../src/store/release-mails.ts';
import { act, aGround, DESK_PERSON, openOne, VOIRIE, type TestGround } from '../store/ground.ts';
import { until } from '../support/until.ts';
import { accountOf, deliverBy, openPost, type TestPost } from './post.ts';

/** Two instances on one database and one clock, before one mail server. */

let post: TestPost;
let secondGround: TestGround;
let second: Delivery;
let road: Transport;

beforeEach(async () => {
  post = await openPost();
  secondGround = await aGround(post.url);
  secondGround.clock = post.ground.clock;
  road = openTransport(accountOf(post.smtp));
  second = await deliverBy(secondGround, road);
});
afterEach(async () => {
  await second.stop();
  road.close();
  await secondGround.close();
  await post.close();
});

const HALF_DAY = 12 * 60;
const DAYS = 5;

test('five days without a mail server: then every mail leaves once, in order per request, and none was given up', {
  timeout: 120_000,
}, async () => {
  const { ground, smtp } = post;
  await smtp.down();
  const ids = await Promise.all(['nora', 'zoe', 'paul'].map((name) => openOne(ground, { citizen: citizen(name) })));
  for (const id of ids) await act(ground, id, 'transfer', DESK_PERSON);
  for (let half = 0; half < DAYS * 2; half++) {
    await halfDayPasses();
    for (const id of ids) await act(ground, id, 'message', VOIRIE, { comment: `Message ${half}.` });
  }
  for (const id of ids) await act(ground, id, 'accept', VOIRIE);
  await halfDayPasses();
  expect([post.delivery.isHealthy(), second.isHealthy()]).toContain(false);
  const rows = await ground.store.db.outboundEmail.findMany({ orderBy: { id: 'asc' } });
  expect(rows.length).toBeGreaterThan(40);
  const untouched = { state: 'queued', deferredAt: null, lastError: null };
  for (const row of rows) expect(row).toMatchObject(untouched);

  await smtp.up();
  await until('every mail to leave', 60_000, async () => {
    await post.pass(2);
    return smtp.mails.length >= rows.length;
  });
  await post.pass(HALF_DAY);
  expect(smtp.mails).toHaveLength(rows.length);
  expect(new Set(smtp.mails.map(({ mail }) => mail.messageId))).toEqual(new Set(rows.map((row) => row.messageId)));
  const arrivals = new Map(smtp.mails.map(({ mail }, i) => [mail.messageId, i]));
  const threads = Map.groupBy(
    rows.filter(({ kind }) => kind !== 'receipt'),
    ({ requestId, toAddress }) => `${requestId} ${toAddress}`,
  );
  for (const [thread, mails] of threads) {
    const order = mails.map(({ messageId }) => arrivals.get(messageId) ?? -1);
    expect(order, thread).toEqual(order.toSorted((one, other) => one - other));
  }
  expect(await ground.store.db.outboundEmail.count({ where: { state: { not: 'sent' } } })).toBe(0);
  const told = { action: { in: ['delivery_failed', 'delivery_delayed'] } };
  expect(await ground.store.db.event.count({ where: told })).toBe(0);
  expect([post.delivery.isHealthy(), second.isHealthy()]).toEqual([true, true]);
});

test('two instances send a hundred mails at once: each leaves once', async () => {
  const { ground, smtp } = post;
  await Promise.all(Array.from({ length: 50 }, (_, i) => openOne(ground, { citizen: citizen(`c${i}`) })));
  await post.settled();
  await until('every mail to be sent', 20_000, async () => smtp.mails.length >= 100);
  await post.settled();
  expect(new Set(smtp.mails.map(({ mail }) => mail.messageId)).size).toBe(100);
  expect(smtp.mails).toHaveLength(100);
});

function citizen(name: string) {
  return { role: 'citizen' as const, department: null, name, address: `${name}@example.org` };
}

async function halfDayPasses(): Promise<void> {
  await post.pass(HALF_DAY);
  await tellDelays(post.ground);
  await recoverMails(post.ground);
}

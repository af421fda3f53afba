import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanText } from '../../src/store/clean-text.ts';
import { newId } from '../../src/store/ids.ts';
import { countFailure, keepEmails, lockStored, storedEmails } from '../../src/store/inbound-emails.ts';
import { holdLease, LEASE_SECONDS, releaseLease } from '../../src/store/lease.ts';
import { freshDatabase } from '../support/postgres.ts';
import { aGround, openOne, type TestGround } from './ground.ts';

let ground: TestGround;
beforeAll(async () => {
  ground = await aGround((await freshDatabase()).url);
});
afterAll(() => ground?.close());

describe('any text at all', () => {
  const anyText = fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
    // Single UTF-16 units: half of a pair, and halves the wrong way round.
    { weight: 2, arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map(fromUnits) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '\0',
        '\ud800',
        '\udc00\ud800',
        'e\u0301',
        'a\r\nb\tc',
        '\u0085',
        '\ufffe',
        '\u{10ffff}',
        '',
      ),
    },
  );

  test('goes into the database and comes back as cleaned, in a column and in JSON', async () => {
    const texts = fc.sample(anyText, 3_000);
    const { lease, jobRun } = ground.store.db;
    const until = ground.clock.now();
    await lease.createMany({ data: texts.map((owner, i) => ({ name: `text-${i}`, owner, until })) });
    const rows = new Map((await lease.findMany()).map(({ name, owner }) => [name, owner]));
    expect(texts.filter((text, i) => rows.get(`text-${i}`) !== cleanText(text))).toEqual([]);
    const id = newId();
    await jobRun.create({
      data: { id, job: 'text', dueAt: until, startedAt: until, outcome: { texts, deep: [{ texts }] } },
    });
    const cleaned = texts.map(cleanText);
    expect((await jobRun.findUniqueOrThrow({ where: { id } })).outcome).toEqual({
      texts: cleaned,
      deep: [{ texts: cleaned }],
    });
  });

  test('is cleaned within a transaction too, and found again by the text it was given as', async () => {
    const dirty = 'zoe\u0301\0@example.org\ud800';
    const found = await ground.store.db.$transaction(async (tx) => {
      await tx.lease.create({ data: { name: dirty, owner: dirty, until: ground.clock.now() } });
      return tx.lease.findUnique({ where: { name: dirty } });
    });
    expect(found?.owner).toBe('zoé@example.org\ufffd');
  });

  test('cleaned twice is cleaned once; French and line breaks stay', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(cleanText(cleanText(text))).toBe(cleanText(text));
        expect(cleanText(text).isWellFormed()).toBe(true);
      }),
    );
    const french = 'Cœur, été, « Noël » — 10 €\n\tl’œuvre';
    expect(cleanText(french)).toBe(french);
  });

  test('of a citizen becomes a request', async () => {
    const id = await openOne(ground, { subject: 'Trou\0 rue\ud83d des Lilas', text: 'a\r\nb\0' });
    const row = await ground.store.db.serviceRequest.findUniqueOrThrow({ where: { id }, include: { messages: true } });
    expect(row.subject).toBe('Trou rue\ufffd des Lilas');
    expect(row.messages[0]?.text).toBe('a\nb');
  });
});

describe('a mailbox has one owner', () => {
  test('who keeps it by renewing, while ten others are refused', async () => {
    const name = randomUUID();
    const owners = Array.from({ length: 10 }, (_, i) => `instance-${i}`);
    const taken = await Promise.all(owners.map((owner) => holdLease(ground, name, owner)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    const winner = owners[taken.indexOf(true)] ?? '';
    expect(await holdLease(ground, name, winner)).toBe(true);
    expect(await holdLease(ground, name, 'somebody-else')).toBe(false);
  });

  test('until its time is over: whoever was killed is succeeded', async () => {
    const name = randomUUID();
    await holdLease(ground, name, 'killed');
    const { until } = await ground.store.db.lease.findUniqueOrThrow({ where: { name } });
    expect(Math.abs(until.getTime() - Date.now() - LEASE_SECONDS * 1_000)).toBeLessThan(3_000);
    await ground.store.db.lease.update({ where: { name }, data: { until: new Date(Date.now() - 1_000) } });
    expect(await holdLease(ground, name, 'next')).toBe(true);
    expect(await holdLease(ground, name, 'killed')).toBe(false);
  });

  test('or until it lets go; nobody lets go for another', async () => {
    const name = randomUUID();
    await holdLease(ground, name, 'first');
    await releaseLease(ground, name, 'second');
    expect(await holdLease(ground, name, 'second')).toBe(false);
    await releaseLease(ground, name, 'first');
    expect(await holdLease(ground, name, 'second')).toBe(true);
  });
});

describe('a mail that comes in', () => {
  test('is kept once, however often and from wherever it comes', async () => {
    expect(await keepEmails(ground, [mail('a'), mail('b'), mail('a')])).toBe(2);
    expect(await keepEmails(ground, [mail('b'), mail('c')])).toBe(1);
    const counts = await Promise.all(Array.from({ length: 10 }, () => keepEmails(ground, [mail('d')])));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1);
    const stored = await storedEmails(ground, 0n, 10);
    expect(stored.map(({ raw }) => Buffer.from(raw).toString())).toEqual(['a', 'b', 'c', 'd']);
  });

  test('keeps its very bytes, those that are no text too', async () => {
    const raw = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
    await keepEmails(ground, [{ raw, receivedAt: ground.clock.now(), isTruncated: false }]);
    const stored = (await storedEmails(ground, 0n, 100)).at(-1);
    expect(Buffer.from(stored?.raw ?? []).equals(raw)).toBe(true);
  });

  test('from a server with a mad clock came now', async () => {
    const dates = ['2199-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '2026-09-07T07:30:00Z'];
    await keepEmails(
      ground,
      dates.map((date) => ({ ...mail(`of ${date}`), receivedAt: new Date(date) })),
    );
    const stored = (await storedEmails(ground, 0n, 100)).slice(-3);
    const now = ground.clock.now();
    expect(stored.map(({ receivedAt }) => receivedAt)).toEqual([now, now, new Date(dates[2] ?? '')]);
  });

  test('of which we have the beginning only is marked as too large', async () => {
    await keepEmails(ground, [{ ...mail('the beginning'), isTruncated: true }]);
    expect((await storedEmails(ground, 0n, 100)).at(-1)?.verdict).toBe('too_large');
  });

  test('counts its failures, whoever they befell', async () => {
    await keepEmails(ground, [mail('poison')]);
    const { id = '' } = (await storedEmails(ground, 0n, 100)).at(-1) ?? {};
    const counts = await Promise.all([1, 2, 3].map((i) => countFailure(ground, id, `failure ${i}`)));
    expect(new Set(counts)).toEqual(new Set([1, 2, 3]));
  });

  test('is settled by one instance: the other finds it locked, then settled', async () => {
    await keepEmails(ground, [mail('wanted')]);
    const { id = '' } = (await storedEmails(ground, 0n, 100)).at(-1) ?? {};
    const settle = () =>
      ground.store.db.$transaction(async (tx) => {
        if (!(await lockStored(tx, [id]))) return false;
        await tx.inboundEmail.update({ where: { id }, data: { state: 'done' } });
        return true;
      });
    const settled = await Promise.all([settle(), settle(), settle()]);
    expect(settled.filter(Boolean)).toHaveLength(1);
  });
});

function mail(text: string) {
  return { raw: Buffer.from(text), receivedAt: ground.clock.now(), isTruncated: false };
}

function fromUnits(units: number[]): string {
  return String.fromCharCode(...units);
}

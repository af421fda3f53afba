import { expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { aGround } from '../store/ground.ts';
import { freshDatabase } from '../support/postgres.ts';
import { isClosedDay, playYear } from '../support/a-year.ts';

const WITHOUT_REPORTS = (config: Config): Config => ({
  ...config,
  reports: { desk: 'never', departments: 'never', weekly: '0 0 29 2 *', monthly: 'never' },
});

/** The whole year of ten thousand requests: npm run bench -- year. */
test('five schedulers over a spring: each reminder leaves once, on its day, none on a closed one', {
  timeout: 120_000,
}, async () => {
  const { url } = await freshDatabase();
  const grounds = await Promise.all([1, 2, 3, 4, 5].map(() => aGround(url, WITHOUT_REPORTS)));
  const { sent, expected } = await playYear(grounds, { firstDay: '2026-04-01', days: 61, requests: 160 });
  expect(sent.length).toBeGreaterThan(120);
  expect(sent).toEqual(expected);
  expect(sent.filter((line) => isClosedDay(line.split(' ')[2] ?? ''))).toEqual([]);
  const mails = await grounds[0]?.store.db.outboundEmail.count({ where: { kind: 'reminder' } });
  expect(mails).toBe(sent.length);
  await Promise.all(grounds.map((each) => each.close()));
});

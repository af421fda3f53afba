import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Scheduler } from '../../src/jobs/scheduler.ts';
import { createComposer } from '../../src/outbound/compose.ts';
import { createRenderer } from '../../src/outbound/render.ts';
import { monthlyFigures } from '../../src/store/monthly-figures.ts';
import { freshDatabase } from '../support/postgres.ts';
import { act, aGround, claim, DESK_PERSON, NORA, openOne, VOIRIE, type TestGround } from './ground.ts';

/**
 * September 2026, counted by hand.
 *
 * | request | received | category  | holder | closed                     | days | late |
 * | A       | 31/08    | chaussee  | voirie | 01/09 accepted             |    1 | no   |
 * | B       | 01/09    | chaussee  | voirie | 03/09 accepted             |    2 | no   |
 * | C       | 01/09    | –         | desk   | 05/09 answered             |    4 | no   |
 * | D       | 07/09    | –         | desk   | 15/09 dropped, reminded    |    8 | yes  |
 * | E       | 10/09    | actes     | desk   | 10/09 discarded            |    – | –    |
 * | F       | 20/09    | –         | desk   | 21/09, reopened the 22nd   |    – | –    |
 * | G       | 30/09 at 23:30 | –   | desk   | 01/10 at 00:30 accepted    |    – | –    |
 * | H       | 01/10    | –         | desk   | open                       |    – | –    |
 *
 * Received: B, C, D, E, F, G. Closed: A, B, C, D, E. Days but for E: 1, 2, 4, 8.
 */
let ground: TestGround;

beforeAll(async () => {
  const { url } = await freshDatabase();
  ground = await aGround(url);
  const { schedule } = ground.config;
  ground.config = { ...ground.config, schedule: { ...schedule, undoSeconds: 0 } };
  await aStory('2026-08-31T12:00:00+02:00', 'chaussee', true, '2026-09-01T12:00:00+02:00', 'accept');
  await aStory('2026-09-01T12:00:00+02:00', 'chaussee', true, '2026-09-03T12:00:00+02:00', 'accept');
  await aStory('2026-09-01T12:00:00+02:00', null, false, '2026-09-05T12:00:00+02:00', 'answer');
  const late = await aStory('2026-09-07T12:00:00+02:00', null, false);
  ground.set('2026-09-10T09:00:00+02:00');
  await new Scheduler(ground).tick();
  await actAt('2026-09-15T12:00:00+02:00', late, 'drop');
  await aStory('2026-09-10T12:00:00+02:00', 'actes', false, '2026-09-10T12:00:00+02:00', 'discard');
  const again = await aStory('2026-09-20T12:00:00+02:00', null, false, '2026-09-21T12:00:00+02:00', 'accept');
  ground.set('2026-09-22T12:00:00+02:00');
  await act(ground, again, 'reopen', NORA);
  await aStory('2026-09-30T23:30:00+02:00', null, false, '2026-10-01T00:30:00+02:00', 'accept');
  await aStory('2026-10-01T07:00:00+02:00', null, false);
});

afterAll(() => ground.close());

test('the figures of a month are those counted by hand', async () => {
  const { oldest, ...figures } = await monthlyFigures(ground, '2026-09');
  expect(figures).toEqual({
    received: 6,
    closed: 5,
    reopened: 1,
    byOutcome: [
      { outcome: 'accepted', count: 2 },
      { outcome: 'answered', count: 1 },
      { outcome: 'discarded', count: 1 },
      { outcome: 'dropped', count: 1 },
    ],
    byCategory: [
      { id: null, received: 4, closed: 2 },
      { id: 'chaussee', received: 1, closed: 2 },
      { id: 'actes', received: 1, closed: 1 },
    ],
    byHolder: [
      { id: 'desk', received: 5, closed: 3 },
      { id: 'voirie', received: 1, closed: 2 },
    ],
    medianDays: 3,
    // Between 4 and 8, seven tenths of the way.
    ninthDecileDays: expect.closeTo(6.8, 6),
    onTimeShare: 0.75,
    open: 2,
    late: 1,
  });
  expect(oldest.map(({ receivedAt }) => receivedAt.toISOString().slice(0, 10))).toEqual(['2026-09-20', '2026-10-01']);
});

test('a month in which nothing ended has no delays', async () => {
  const { received, closed, medianDays, onTimeShare } = await monthlyFigures(ground, '2026-07');
  expect([received, closed, medianDays, onTimeShare]).toEqual([0, 0, null, null]);
});

test('are looked up by the indexes of when requests came in and ended', async () => {
  const plans: string[] = [];
  await ground.store.db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
    for (const column of ['receivedAt', 'closedAt']) {
      const rows = await tx.$queryRawUnsafe<Record<string, string>[]>(
        `EXPLAIN SELECT 1 FROM "ServiceRequest" WHERE "${column}" >= '2026-09-01' AND "${column}" < '2026-10-01'`,
      );
      plans.push(rows.map((row) => Object.values(row)[0]).join('\n'));
    }
    const reopened = await tx.$queryRawUnsafe<Record<string, string>[]>(
      `EXPLAIN SELECT 1 FROM "Event" WHERE "action" = 'reopen' AND "at" >= '2026-09-01' AND "at" < '2026-10-01'`,
    );
    plans.push(reopened.map((row) => Object.values(row)[0]).join('\n'));
  });
  expect(plans[0]).toContain('ServiceRequest_receivedAt_idx');
  expect(plans[1]).toContain('ServiceRequest_closedAt_idx');
  expect(plans[2]).toContain('Event_reopened_idx');
});

describe('S09: the monthly report', () => {
  test('leaves on the first worked day of the month, once, with the oldest requests', async () => {
    ground.set('2026-09-30T12:00:00+02:00');
    await new Scheduler(ground).tick();
    for (const at of ['2026-10-01T08:00:00+02:00', '2026-10-01T08:01:00+02:00', '2026-10-02T08:00:00+02:00']) {
      ground.set(at);
      await new Scheduler(ground).tick();
    }
    const [report, ...others] = await reports();
    expect(others).toEqual([]);
    const mail = await claim(ground, report?.id ?? '');
    if (mail === null) throw new Error('it may not leave');
    const links = { secrets: ['mQ2vX8rT5kLw9zBnY4sJd7hGc1fPa6eU'], publicUrl: 'https://guichet.example' };
    const { subject, text } = await createComposer(ground, await createRenderer(ground.config.town), links).compose(
      mail,
    );
    expect(flat(String(subject))).toBe('Bilan du mois, septembre 2026');
    expect(flat(text as string)).toContain('Reçues : 6 Terminées : 5 Rouvertes : 1 Délai médian, en jours : 3');
    expect(flat(text as string)).toContain(
      'Sans catégorie, reçues : 4, terminées : 2 Chaussée et trottoirs, reçues : 1, terminées : 2',
    );
    expect((text as string).match(/https:\/\/guichet\.example\/a\//g)).toHaveLength(2);
  });

  test('of a month that ends on a closed day waits for the next that is worked, at its hour', async () => {
    ground.set('2026-10-31T12:00:00+01:00');
    await new Scheduler(ground).tick();
    const seen: number[] = [];
    // All Saints' is a Sunday.
    for (const at of [
      '2026-11-01T08:00:00+01:00',
      '2026-11-01T08:30:00+01:00',
      '2026-11-02T07:59:00+01:00',
      '2026-11-02T08:05:00+01:00',
      '2026-11-02T08:12:00+01:00',
    ]) {
      ground.set(at);
      await new Scheduler(ground).tick();
      seen.push((await reports()).length);
    }
    expect(seen).toEqual([1, 1, 1, 2, 2]);
    expect((await reports()).map(({ facts }) => facts)).toEqual([{ month: '2026-09' }, { month: '2026-10' }]);
  });
});

test('of a town hall where nothing ever happened, no report is sent', async () => {
  const empty = await aGround((await freshDatabase()).url);
  empty.set('2026-10-01T08:00:00+02:00');
  await new Scheduler(empty).tick();
  expect(await empty.store.db.outboundEmail.count({ where: { kind: 'monthly_report' } })).toBe(0);
  await empty.close();
});

async function reports() {
  return ground.store.db.outboundEmail.findMany({ where: { kind: 'monthly_report' }, orderBy: { id: 'asc' } });
}

type Ending = 'accept' | 'answer' | 'drop' | 'discard';

async function aStory(
  receivedAt: string,
  category: string | null,
  isAway: boolean,
  endsAt?: string,
  ending: Ending = 'accept',
) {
  ground.set(receivedAt);
  const id = await openOne(ground, { category });
  if (isAway) await act(ground, id, 'transfer', DESK_PERSON);
  if (endsAt !== undefined) await actAt(endsAt, id, ending, isAway ? VOIRIE : DESK_PERSON);
  return id;
}

async function actAt(instant: string, id: string, action: Ending, by = DESK_PERSON): Promise<void> {
  ground.set(instant);
  const { decision } = await act(ground, id, action, by);
  if (!decision.done) throw new Error(decision.refusal);
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

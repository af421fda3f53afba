import pg from 'pg';
import { loadConfig, type Config } from '../../../src/config.ts';
import { Scheduler } from '../../../src/jobs/scheduler.ts';
import { createLog } from '../../../src/log.ts';
import { openStore, type Ground } from '../../../src/store/store.ts';
import type { Site } from '../../../src/web/site.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { follow, Violation, type EventRow, type Told } from './history.ts';

/** One database in which sequences run one after the other, each from the same Monday, over its own requests. */
export interface Lane {
  ground: Ground;
  scheduler: Scheduler;
  clock: { now(): Date; advance(ms: number): void };
  sql: pg.Client;
  close(): Promise<void>;
}

export const SECRETS = ['a-model-secret-that-is-long-enough-0123456789'];
const MONDAY = Date.parse('2026-09-07T10:00:00+02:00');

export async function openLane(): Promise<Lane> {
  const { url } = await freshDatabase();
  const store = await openStore({ databaseUrl: url, onError: () => undefined });
  const sql = new pg.Client({ connectionString: url });
  await sql.connect();
  await sql.query(`CREATE INDEX ON pgboss.job ((data->>'outboundEmailId'))`);
  let now = MONDAY;
  const clock = {
    now: () => new Date(now),
    advance: (ms: number) => {
      now += ms;
    },
  };
  const ground: Ground = { store, config: aConfig(), clock, log: createLog('silent'), scansPieces: false };
  return {
    ground,
    scheduler: new Scheduler(ground),
    clock: { ...clock, advance: (ms) => (ms === 0 ? (now = MONDAY) : clock.advance(ms)) },
    sql,
    close: async () => {
      await sql.end();
      await store.close();
    },
  };
}

/** The sample town, with an agent in most offices. */
function aConfig(): Config {
  const loaded = loadConfig('config', {});
  if (!loaded.ok) throw new Error('the sample config is wrong');
  const { town } = loaded.value;
  const agents = [
    ...town.agents,
    { name: 'Paul Faure', address: 'p.faure@plassans.fr', office: 'desk' },
    { name: 'Luce Roux', address: 'l.roux@plassans.fr', office: 'urbanisme' },
    { name: 'Ali Blanc', address: 'a.blanc@plassans.fr', office: 'urbanisme' },
  ];
  return { ...loaded.value, town: { ...town, agents } };
}

export function siteOn(ground: Ground): Site {
  return { ground, secrets: SECRETS, publicUrl: 'https://guichet.example' };
}

/** A sequence's own requests: every number given since it began. */
export interface World {
  lane: Lane;
  site: Site;
  /** The last number before it. */
  start: string;
  lastEvent: string;
  /** By their number. */
  requests: Map<string, Told>;
  /** Every event, in order. */
  history: EventRow[];
  /** What was done, in words: printed when an invariant breaks. */
  story: string[];
}

export async function openWorld(lane: Lane): Promise<World> {
  lane.clock.advance(0);
  const { rows } = await lane.sql.query<{ last: number }>('SELECT last FROM "ReferenceCounter" WHERE year = 2026');
  const start = `2026-${String(rows[0]?.last ?? 0).padStart(6, '0')}`;
  const lastEvent = '00000000-0000-0000-0000-000000000000';
  return { lane, site: siteOn(lane.ground), start, lastEvent, requests: new Map(), history: [], story: [] };
}

const EVENTS = `
  SELECT e.*, r.reference, r."relatedReference",
    (SELECT coalesce(json_agg(json_build_object('kind', m.kind)), '[]') FROM "Message" m WHERE m."eventId" = e.id) AS messages,
    (SELECT coalesce(json_agg(json_build_object(
       'kind', o.kind, 'toRole', o."toRole", 'toAddress', o."toAddress", 'state', o.state, 'sendAfter', o."sendAfter",
       'links', (SELECT count(*) FROM "ActionLink" l WHERE l."outboundEmailId" = o.id),
       'linkHoldingNo', (SELECT max(l."holdingNo") FROM "ActionLink" l WHERE l."outboundEmailId" = o.id),
       'messageKind', (SELECT m.kind FROM "Message" m WHERE m.id = o."messageRef"),
       'jobs', (SELECT count(*) FROM pgboss.job j WHERE j.data->>'outboundEmailId' = o.id::text)
     )), '[]') FROM "OutboundEmail" o WHERE o."eventId" = e.id) AS mails
  FROM "Event" e JOIN "ServiceRequest" r ON r.id = e."requestId"
  WHERE r.reference > $1 AND e.id > $2 ORDER BY e.id`;

/** Reads what happened since the last look and judges it; answers the new events. @throws Violation */
export async function readOn(world: World): Promise<EventRow[]> {
  const { rows } = await world.lane.sql.query<EventRow>(EVENTS, [world.start, world.lastEvent]);
  for (const event of rows) {
    event.mails = event.mails.map((mail) => ({ ...mail, sendAfter: mail.sendAfter && new Date(mail.sendAfter) }));
    const after = follow(world.requests.get(event.reference), event, world.lane.ground.config.town);
    world.requests.set(event.reference, after);
    world.history.push(event);
    world.lastEvent = event.id;
  }
  return rows;
}

/** Mails that belong to no decision. */
const LOOSE = [
  'command_done',
  'command_help',
  'not_done',
  'status_report',
  'held_email',
  'confirm_email',
  'fresh_link',
];

/** What must hold when all is quiet: the rows say what their history says, and nothing is left over. @throws Violation */
export async function judgeAll(world: World): Promise<void> {
  const { sql } = world.lane;
  const { rows } = await sql.query<Record<string, unknown>>(
    'SELECT * FROM "ServiceRequest" WHERE reference > $1 ORDER BY reference',
    [world.start],
  );
  const first = Number(world.start.slice(5)) + 1;
  for (const [i, row] of rows.entries()) {
    expectSame('references without gap', row['reference'], `2026-${String(first + i).padStart(6, '0')}`);
    judgeRow(row, world.requests.get(String(row['reference'])));
  }
  const leftOver = await sql.query<{ what: string }>(LEFT_OVER, [world.start, LOOSE]);
  expectSame('left over', leftOver.rows.map(({ what }) => what).join(' '), '');
  const { rows: counted } = await sql.query<{ last: number }>('SELECT last FROM "ReferenceCounter" WHERE year = 2026');
  expectSame('numbers given', counted[0]?.last ?? 0, first - 1 + rows.length);
  await judgeUndone(world);
}

const LEFT_OVER = `
  SELECT 'mail of no event: ' || o.kind AS what FROM "OutboundEmail" o JOIN "ServiceRequest" r ON r.id = o."requestId"
    LEFT JOIN "Event" e ON e.id = o."eventId"
    WHERE r.reference > $1 AND e.id IS NULL AND NOT (o."eventId" IS NULL AND o.kind = ANY($2))
  UNION ALL SELECT 'message of no event: ' || m.kind FROM "Message" m JOIN "ServiceRequest" r ON r.id = m."requestId"
    LEFT JOIN "Event" e ON e.id = m."eventId" WHERE r.reference > $1 AND e.id IS NULL
  UNION ALL SELECT 'request of no event: ' || r.reference FROM "ServiceRequest" r
    WHERE r.reference > $1 AND NOT EXISTS (SELECT 1 FROM "Event" e WHERE e."requestId" = r.id)
  UNION ALL SELECT 'mail not settled' FROM "InboundEmail" WHERE state = 'stored'`;

function judgeRow(row: Record<string, unknown>, told: Told | undefined): void {
  if (told === undefined) throw new Violation(`${String(row['reference'])} has no history`);
  const { guests, citizen, pending, closing: _closing, labels: _labels, closedAt, related, frozen, ...same } = told;
  for (const [name, expected] of Object.entries(same)) expectSame(`${told.reference} ${name}`, row[name], expected);
  expectSame(`${told.reference} citizenAddress`, row['citizenAddress'], citizen);
  expectSame(`${told.reference} pendingAddress`, row['pendingAddress'], pending);
  expectSame(`${told.reference} sharedWith`, String(row['sharedWith']), guests.join(','));
  expectSame(`${told.reference} frozen`, row['frozenAt'] !== null, frozen);
  expectSame(`${told.reference} relatedReference`, row['relatedReference'], related);
  expectSame(`${told.reference} closedAt`, (row['closedAt'] as Date | null)?.getTime(), closedAt?.getTime());
  const isWatched = told.status === 'new' || told.status === 'in_progress';
  if (!isWatched) expectSame(`${told.reference} remindAt`, row['remindAt'], null);
}

/** A mail is cancelled with its decision, and never otherwise. */
async function judgeUndone(world: World): Promise<void> {
  const undone = world.history
    .filter(({ action }) => action === 'undo')
    .map(({ details }) => String(details['undoes']));
  const { rows } = await world.lane.sql.query<{ eventId: string; kind: string; state: string }>(
    `SELECT "eventId", o.kind, state FROM "OutboundEmail" o JOIN "ServiceRequest" r ON r.id = o."requestId"
     WHERE r.reference > $1`,
    [world.start],
  );
  for (const { eventId, kind, state } of rows) {
    const isUndone = undone.includes(eventId);
    if (isUndone && kind !== 'receipt') expectSame(`${kind} of what was undone`, state, 'cancelled');
    if (!isUndone && state === 'cancelled') throw new Violation(`${kind} was cancelled, and nothing undone`);
  }
}

function expectSame(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Violation(`${what} is ${String(found)}, not ${String(expected)}`);
}

/** The clock looks at none of its requests any more: the next sequence starts on an earlier day. */
export async function closeWorld({ lane, start }: World): Promise<void> {
  await lane.sql.query(
    'UPDATE "ServiceRequest" SET "remindAt" = NULL, "dueAt" = NULL, "waitUntil" = NULL, "alarmAt" = NULL WHERE reference > $1',
    [start],
  );
  await lane.sql.query(`UPDATE "OutboundEmail" SET state = 'sent' WHERE state = 'queued'`);
  await lane.sql.query(`DELETE FROM "JobRun" WHERE job <> 'reschedule'`);
  await lane.sql.query('DELETE FROM pgboss.job');
}

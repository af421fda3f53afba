import { rm } from 'node:fs/promises';
import pg from 'pg';
import { loadConfig } from '../src/config.ts';
import { Scheduler } from '../src/jobs/scheduler.ts';
import { DESK, personOfOffice } from '../src/domain/people.ts';
import { createLog } from '../src/log.ts';
import { loadBasket } from '../src/store/baskets.ts';
import { monthlyFigures } from '../src/store/monthly-figures.ts';
import { openStore, type Ground } from '../src/store/store.ts';
import { startEmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { temporaryFolder } from '../test/support/ordinary-user.ts';

/** The minute's sweep over a full archive: what the clock looks at must not grow with what is over. */

/** A Tuesday, in office hours, with nothing due in the next hours. */
const NOW = '2026-09-08T10:00:00+02:00';
const MINUTE_MS = 60_000;

export async function benchSweep(open: number, closedSteps: readonly number[], ticks: number): Promise<void> {
  const config = loadConfig('config', {});
  if (!config.ok) throw new Error('the sample config does not load');
  const folder = await temporaryFolder('bench-sweep');
  const postgres = await startEmbeddedPostgres(folder);
  let now = new Date(NOW);
  const ground: Ground = {
    store: await openStore({ databaseUrl: postgres.url, onError: console.error }),
    config: config.value,
    clock: { now: () => now },
    log: createLog('error'),
    scansPieces: false,
  };
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    console.log(`sweep: one tick of the clock, ${open} open requests, nothing due; median and slowest of ${ticks}`);
    // What it does once after the config changed is over before there is anything.
    await new Scheduler(ground).tick();
    await client.query(fill(1, open, false));
    let last = 0;
    for (const closed of closedSteps) {
      if (closed > last) await client.query(fill(open + last + 1, open + closed, true));
      last = closed;
      await client.query('VACUUM ANALYZE "ServiceRequest"');
      const times: number[] = [];
      for (let i = 0; i < ticks; i++) {
        now = new Date(now.getTime() + MINUTE_MS);
        times.push(await timeOf(() => new Scheduler(ground).tick()));
      }
      const sorted = times.toSorted((one, other) => one - other);
      const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
      console.log(
        `  ${String(open + closed).padStart(9)} stored: ${median.toFixed(0)} ms, at most ${(sorted.at(-1) ?? 0).toFixed(0)} ms`,
      );
    }
    const basketMs = await timeOf(() => loadBasket(ground, personOfOffice(config.value.town, DESK)));
    const monthMs = await timeOf(() => monthlyFigures(ground, '2026-08'));
    console.log(
      `  then the desk's basket: ${basketMs.toFixed(0)} ms; the figures of a month: ${monthMs.toFixed(0)} ms`,
    );
  } finally {
    await client.end();
    await ground.store.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Open ones came in yesterday, so that none is late; closed ones over the last three years. */
function fill(from: number, to: number, isClosed: boolean): string {
  const at = isClosed
    ? `timestamptz '${NOW}' - (r % 1000) * interval '1 day' - interval '1 day'`
    : `timestamptz '${NOW}' - interval '1 day'`;
  return `
    INSERT INTO "ServiceRequest" (id, reference, status, outcome, holder, "citizenName", "citizenAddress", subject,
      category, origin, "receivedAt", "statusSince", "dueAt", "remindAt", "closedAt")
    SELECT ('10000000-0000-7000-8000-' || lpad(to_hex(r), 12, '0'))::uuid, 'S-' || lpad(r::text, 9, '0'),
      ${isClosed ? `'closed', 'answered'` : `(ARRAY['new', 'in_progress', 'on_hold'])[1 + r % 3]::"Status", NULL`},
      (ARRAY['desk', 'voirie', 'urbanisme', 'etat-civil'])[1 + r % 4], 'Usager ' || r, 'usager' || r || '@example.org',
      'Nid-de-poule devant le ' || r || ' rue des Lilas', 'chaussee', 'email', ${at}, ${at},
      ${isClosed ? 'NULL, NULL' : `timestamptz '2026-09-10T09:00:00+02:00', timestamptz '2026-09-10T09:00:00+02:00'`},
      ${isClosed ? `${at} + interval '5 hours'` : 'NULL'}
    FROM generate_series(${from}, ${to}) r`;
}

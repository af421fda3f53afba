import { rm } from 'node:fs/promises';
import { startEmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { aGround } from '../test/store/ground.ts';
import { isClosedDay, playYear } from '../test/support/a-year.ts';
import { temporaryFolder } from '../test/support/ordinary-user.ts';

const SCHEDULERS = 5;

/** A town hall's year with five schedulers at once: each reminder once, on its day, none on a closed one. */
export async function benchYear(requests: number, days: number): Promise<void> {
  const folder = await temporaryFolder('bench-year');
  const postgres = await startEmbeddedPostgres(folder);
  const reports = { desk: 'never', departments: 'never', weekly: '0 0 29 2 *', monthly: 'never' };
  const grounds = await Promise.all(
    Array.from({ length: SCHEDULERS }, () => aGround(postgres.url, (config) => ({ ...config, reports }))),
  );
  try {
    const started = performance.now();
    const { sent, expected } = await playYear(grounds, { firstDay: '2026-01-01', days, requests });
    const seconds = (performance.now() - started) / 1_000;
    const once = new Set(sent);
    const missing = expected.filter((line) => !once.has(line)).length;
    const twice = sent.length - once.size;
    const onClosedDays = sent.filter((line) => isClosedDay(line.split(' ')[2] ?? '')).length;
    console.log(
      `year: ${requests} requests over ${days} days, ${SCHEDULERS} schedulers at once, ${seconds.toFixed(0)} s`,
    );
    console.log(
      `  reminders: ${expected.length} expected, ${sent.length} sent, ${missing} missing, ${twice} twice, ${onClosedDays} on a closed day`,
    );
  } finally {
    await Promise.all(grounds.map((each) => each.close()));
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

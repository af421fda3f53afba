import { createHash } from 'node:crypto';
import { latestOutcome, runOnce } from '../store/job-runs.ts';
import type { Ground } from '../store/store.ts';
import { rescheduleAll, rescheduleForgetting } from '../store/sweep.ts';

/** An admin changed a delay: the requests that are there follow it too. */
export async function rescheduleWhenChanged(ground: Ground): Promise<void> {
  const { schedule, town, ordinary, categories, retention } = ground.config;
  const procedures = categories.map(({ id, procedure }) => ({ id, procedure }));
  const { closures, territory, timeZone } = town;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify({ schedule, closures, territory, timeZone, ordinary, procedures, retention }))
    .digest('hex');
  const latest = await latestOutcome(ground, 'reschedule');
  if (latest?.['fingerprint'] === fingerprint) return;
  await runOnce(ground, 'reschedule', ground.clock.now(), async () => {
    const count = (await rescheduleAll(ground)) + (await rescheduleForgetting(ground));
    ground.log.info({ event: 'schedule.changed', requests: count });
    return { fingerprint, count };
  });
}

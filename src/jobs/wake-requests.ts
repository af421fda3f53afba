import { wake } from '../domain/occurrences.ts';
import { decideOn } from '../store/decide-on.ts';
import { dueToWake } from '../store/sweep.ts';
import type { Ground } from '../store/store.ts';

/** Rather woken some minutes late than a flood of mails when everything restarts. */
const WOKEN_PER_MINUTE = 60;

/**
 * What was on hold until now goes on, and whoever holds it is told. At the hour of reminders of the very day that was
 * chosen, whichever day that is; each candidate is judged again under its lock, and its event happens once.
 */
export async function wakeRequests(ground: Ground): Promise<void> {
  const { town } = ground.config;
  for (const { id, waitUntil } of await dueToWake(ground, WOKEN_PER_MINUTE)) {
    const cause = { id: `wake:${id}:${waitUntil.toISOString()}` };
    const { decision, repeated } = await decideOn(ground, id, (request, now) => wake(request, town, now), cause);
    if (decision.done && !repeated) ground.log.info({ event: 'request.woken', requestId: id });
  }
}

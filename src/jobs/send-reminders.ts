import { chase } from '../domain/chase.ts';
import { isOfficeTime, nextLookAt } from '../domain/schedule.ts';
import { decideOn } from '../store/decide-on.ts';
import { dueForReminder } from '../store/sweep.ts';
import type { Ground } from '../store/store.ts';

/** Rather a late reminder than a flood of them when everything restarts. */
const REMINDERS_PER_MINUTE = 60;

/** Reminds whoever is late: each candidate is judged again under its lock, and its event happens once. */
export async function sendReminders(ground: Ground): Promise<void> {
  const { schedule, town } = ground.config;
  if (!isOfficeTime(ground.clock.now(), schedule, town)) return;
  for (const { id, remindedCount, statusSince } of await dueForReminder(ground, REMINDERS_PER_MINUTE)) {
    const cause = { id: `reminder:${id}:${statusSince.toISOString()}:${remindedCount + 1}` };
    const { decision } = await decideOn(
      ground,
      id,
      (request, now) => chase(request, ground.config, now),
      cause,
      async (tx, decided) => {
        const now = ground.clock.now();
        if ((decided.decision.done && !decided.repeated) || !isOfficeTime(now, schedule, town)) return;
        // What a changed schedule made due no longer is looked at again when it will be; what is over, no more.
        const next = nextLookAt(decided.request, schedule, town);
        const remindAt = next !== null && next > now ? next : null;
        await tx.serviceRequest.update({ where: { id }, data: { remindAt } });
      },
    );
    if (decision.done) ground.log.info({ event: 'reminder.sent', requestId: id, number: remindedCount + 1 });
  }
}

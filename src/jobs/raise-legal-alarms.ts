import { nextAlarmAt, raiseAlarm } from '../domain/legal-alarm.ts';
import { decideOn } from '../store/decide-on.ts';
import type { Ground } from '../store/store.ts';
import { dueForAlarm } from '../store/sweep.ts';

/** Rather told some minutes late than a flood of mails when everything restarts. */
const ALARMS_PER_MINUTE = 60;

/** Tells whoever holds a request that silence is about to decide: judged again under its lock, each alarm once. */
export async function raiseLegalAlarms(ground: Ground): Promise<void> {
  const { config } = ground;
  for (const { id, alarmAt } of await dueForAlarm(ground, ALARMS_PER_MINUTE)) {
    const cause = { id: `legal_alarm:${id}:${alarmAt.toISOString()}` };
    const { decision, repeated } = await decideOn(
      ground,
      id,
      (request, now) => raiseAlarm(request, config, now),
      cause,
      async (tx, decided) => {
        // What moved away since is looked at again when it comes.
        if (decided.decision.done && !decided.repeated) return;
        await tx.serviceRequest.update({ where: { id }, data: { alarmAt: nextAlarmAt(decided.request, config) } });
      },
    );
    if (decision.done && !repeated) ground.log.info({ event: 'legal_alarm.raised', requestId: id });
  }
}

import { supervisorsOf } from '../domain/people.ts';
import { TRANSACTION } from '../store/decide-on.ts';
import { lateRequests } from '../store/reports.ts';
import type { Ground } from '../store/store.ts';
import { writeMail } from '../store/write-decisions.ts';

/** A mail must stay readable: beyond this, the figure says how many there are. */
const LATE_AT_MOST = 100;

/** The supervisors' status report: what is late, oldest first, each line with its link. */
export async function sendStatusReport(ground: Ground, dueAt: Date): Promise<object> {
  const linksTo = await lateRequests(ground, LATE_AT_MOST);
  const supervisors = supervisorsOf(ground.config.town);
  await ground.store.db.$transaction(async (tx) => {
    for (const to of supervisors) {
      const mail = { kind: 'status_report' as const, to, facts: {}, showsMessage: false, requestId: null, linksTo };
      await writeMail(ground, tx, mail, `status_report:${dueAt.toISOString()}`);
    }
  }, TRANSACTION);
  return { late: linksTo.length, recipients: supervisors.length };
}

import { monthBefore } from '../domain/month.ts';
import { supervisorsOf } from '../domain/people.ts';
import { TRANSACTION } from '../store/decide-on.ts';
import { monthlyFigures } from '../store/monthly-figures.ts';
import type { Ground } from '../store/store.ts';
import { writeMail } from '../store/write-decisions.ts';

/** The supervisors' figures of the month that is over. A month of which there is nothing to say is not mailed. */
export async function sendMonthlyReport(ground: Ground, dueAt: Date): Promise<object> {
  const { town } = ground.config;
  const month = monthBefore(dueAt, town.timeZone);
  const { received, closed, reopened, open, oldest: linksTo } = await monthlyFigures(ground, month);
  if (received + closed + reopened + open === 0) return { recipients: 0 };
  const supervisors = supervisorsOf(town);
  await ground.store.db.$transaction(async (tx) => {
    for (const to of supervisors) {
      const mail = {
        kind: 'monthly_report' as const,
        to,
        facts: { month },
        showsMessage: false,
        requestId: null,
        linksTo,
      };
      await writeMail(ground, tx, mail, `monthly_report:${dueAt.toISOString()}`);
    }
  }, TRANSACTION);
  return { recipients: supervisors.length };
}

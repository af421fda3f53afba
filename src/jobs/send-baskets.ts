import { isWorkingDay } from '../domain/calendar.ts';
import { localParts } from '../domain/local-time.ts';
import { DESK, personOfOffice, prefersDigest, type HolderId, type Person } from '../domain/people.ts';
import { loadBasket } from '../store/baskets.ts';
import { TRANSACTION } from '../store/decide-on.ts';
import type { Ground } from '../store/store.ts';
import { writeMail } from '../store/write-decisions.ts';

/** The morning's baskets of some offices, and of their agents who prefer one to single reminders. Nothing to do, nothing sent. */
export async function sendBaskets(ground: Ground, offices: readonly HolderId[], dueAt: Date): Promise<object> {
  if (!isOfThisMorning(ground, dueAt)) return { skipped: true };
  const { town } = ground.config;
  let recipients = 0;
  for (const to of offices.flatMap((holder) => readersOf(ground, holder))) {
    if (to.address === town.mailbox) continue;
    const { isWorthSending, shelves } = await loadBasket(ground, to);
    if (!isWorthSending) continue;
    const linksTo = shelves.flatMap(({ rows }) => rows);
    const mail = { kind: 'basket' as const, to, facts: {}, showsMessage: false, requestId: null, linksTo };
    const key = `basket:${to.department ?? DESK}:${dueAt.toISOString()}`;
    await ground.store.db.$transaction((tx) => writeMail(ground, tx, mail, key), TRANSACTION);
    recipients += 1;
  }
  return { recipients };
}

/** Not on a day when the town hall is closed; and what was missed yesterday is not made up for at night. */
function isOfThisMorning({ config: { town, schedule }, clock }: Ground, dueAt: Date): boolean {
  const { day, time } = localParts(clock.now(), town.timeZone);
  const isToday = localParts(dueAt, town.timeZone).day === day;
  return isToday && isWorkingDay(day, town) && time < schedule.officeHours.to;
}

function readersOf({ config: { town } }: Ground, holder: HolderId): Person[] {
  const office = personOfOffice(town, holder);
  const agents = town.agents
    .filter((agent) => agent.office === holder && agent.address !== office.address && prefersDigest(town, agent))
    .map(({ name, address }) => ({ ...office, name, address }));
  return [office, ...agents];
}

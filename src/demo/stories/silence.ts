import type { Config } from '../../config.ts';
import { addWorkingDays, isWorkingDay } from '../../domain/calendar.ts';
import { instantAt, localParts } from '../../domain/local-time.ts';
import { lettersWords, referenceIn } from './reading.ts';
import type { Stage } from './stage.ts';
import { sentence } from './voices.ts';

/** Nobody moves: the clock reminds the front desk, then tells the supervisor, then stays silent. */
export async function aSilence(stage: Stage): Promise<void> {
  const { paul, desk, supervisor, config, check } = stage;
  const { timeZone } = config.town;
  await paul.writes('street-lamp');
  const { subject } = lettersWords('street-lamp');
  const reference = referenceIn(await paul.receives('acknowledgement', subject));
  await desk.receives('new_request', reference);
  const expected = remindersExpected(config, stage.now());

  await stage.clockJumps(WEEKS * 7 * 24);
  const baskets = desk.hasReceived(BASKET);
  const mornings = baskets.map(({ at }) => momentOf(at, timeZone));
  const worked = morningsExpected(config, stage.now());
  check(
    mornings.join(', ') === worked.join(', '),
    'checkBaskets',
    { count: String(worked.length) },
    mornings.join(', '),
  );
  const listsIt = baskets.every(({ mail }) => (mail.text ?? '').includes(reference));
  check(listsIt, 'checkBasketLists', { reference }, baskets.at(-1)?.mail.text ?? '');
  stage.voirie.hasReceived(BASKET);

  const reminders = desk.hasReceived(reference);
  const seen = reminders.map(({ at }) => momentOf(at, timeZone));
  check(seen.join(', ') === expected.join(', '), 'checkReminders', { list: expected.join(', ') }, seen.join(', '));
  const night = reminders.filter(({ at }) => !isWorkingDay(localParts(at, timeZone).day, config.town));
  check(night.length === 0, 'checkNoWeekend', {}, night.map(({ at }) => momentOf(at, timeZone)).join(', '));

  supervisor.hasReceived(MONTH);
  const reports = supervisor.hasReceived();
  const mondays = reports.map(({ at }) => localParts(at, timeZone));
  const areOnTime = mondays.every(({ weekday, time }) => weekday === 1 && time === '08:00');
  check(reports.length === WEEKS && areOnTime, 'checkReports', { count: String(WEEKS) }, JSON.stringify(mondays));
  const lists = reports.at(-1)?.mail.text ?? '';
  check(lists.includes(reference) && lists.includes(subject), 'checkReportLists', { reference }, lists);
  await stage.nothingElseArrives();
}

/** What the mails are called that only the clock writes. */
const BASKET = 'Corbeille du matin';
const MONTH = 'Bilan du mois';

/** Long enough for every reminder, and for silence after the last. */
const WEEKS = 4;

/** Read from config/schedule.yaml, as an admin would count on a calendar. */
function remindersExpected({ schedule, town }: Config, from: Date): string[] {
  const { after, every, atMost } = schedule.notTakenUp;
  if (after.unit !== 'working_days' || every.unit !== 'working_days') throw new Error(sentence('sampleTown'));
  const { day } = localParts(from, town.timeZone);
  return Array.from({ length: atMost }, (_each, number) => {
    const due = addWorkingDays(day, after.amount + number * every.amount, town);
    return momentOf(instantAt(due, schedule.remindersAt, town.timeZone), town.timeZone);
  });
}

/** Each worked day that the jump went over, at eight. */
function morningsExpected({ town }: Config, until: Date): string[] {
  const { timeZone } = town;
  const days = Array.from({ length: WEEKS * 7 }, (_each, i) => new Date(until.getTime() - (WEEKS * 7 - i) * DAY_MS));
  const eights = [...days, until].map((day) => instantAt(localParts(day, timeZone).day, '08:00', timeZone));
  const passed = eights.filter((at) => at > (days[0] ?? until) && at <= until);
  return passed.filter((at) => isWorkingDay(localParts(at, timeZone).day, town)).map((at) => momentOf(at, timeZone));
}

const DAY_MS = 86_400_000;

function momentOf(instant: Date, timeZone: string): string {
  const { day, time } = localParts(instant, timeZone);
  return `${day.split('-').toReversed().join('/')} ${time}`;
}

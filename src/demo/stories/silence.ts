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
  const reminders = desk.hasReceived(reference);
  const seen = reminders.map(({ at }) => momentOf(at, timeZone));
  check(seen.join(', ') === expected.join(', '), 'checkReminders', { list: expected.join(', ') }, seen.join(', '));
  const night = reminders.filter(({ at }) => !isWorkingDay(localParts(at, timeZone).day, config.town));
  check(night.length === 0, 'checkNoWeekend', {}, night.map(({ at }) => momentOf(at, timeZone)).join(', '));

  const reports = supervisor.hasReceived();
  const mondays = reports.map(({ at }) => localParts(at, timeZone));
  const areOnTime = mondays.every(({ weekday, time }) => weekday === 1 && time === '08:00');
  check(reports.length === WEEKS && areOnTime, 'checkReports', { count: String(WEEKS) }, JSON.stringify(mondays));
  const lists = reports.at(-1)?.mail.text ?? '';
  check(lists.includes(reference) && lists.includes(subject), 'checkReportLists', { reference }, lists);
  await stage.nothingElseArrives();
}

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

function momentOf(instant: Date, timeZone: string): string {
  const { day, time } = localParts(instant, timeZone);
  return `${day.split('-').toReversed().join('/')} ${time}`;
}

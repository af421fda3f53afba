import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { readConfigFiles } from '../../src/config-files.ts';
import { createDemoClock } from '../../src/demo/clock.ts';
import { jump } from '../../src/demo/jump.ts';
import type { Letter, Mailbox } from '../../src/demo/mailboxes.ts';
import { startDemoTown, type DemoTown } from '../../src/demo/town.ts';
import { addDays, instantAt, localParts, weekdayOf } from '../../src/domain/local-time.ts';
import { isWorkingDay } from '../../src/domain/calendar.ts';
import { aConfigFolder, edit, guichet, HALVED, spaced } from '../admin/command.ts';
import { until } from '../support/until.ts';

/** The walk of the guide, « Changer un réglage sans redémarrer », step by step, on the demo's town. */

const folder = aConfigFolder();
let town: DemoTown;
let tuesday: string;

beforeAll(async () => {
  const loaded = loadConfig(folder);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const clock = createDemoClock();
  tuesday = aQuietTuesday(loaded.value.town);
  clock.moveTo(instantAt(tuesday, '10:00', 'Europe/Paris'));
  town = await startDemoTown(loaded.value, clock, 'silent', readConfigFiles(folder));
});
afterAll(() => town.stop());

test('an admin shortens a delay, sees what it will do, applies it, sees it happen, and undoes it', async () => {
  // A citizen writes; nobody takes the request up.
  await write('Un lampadaire clignote');
  expect(remindersAt()).toEqual([]);

  // A copy of the folder is edited and compared: nothing has changed yet.
  const trial = aConfigFolder();
  edit(trial, ...HALVED);
  const ran = await guichet(['preview', '--config', trial], { DATA_DIR: town.dataDir, CONFIG_DIR: folder });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toContain('1 demande ouverte.');
  const [wednesday, friday] = [addDays(tuesday, 1), addDays(tuesday, 3)];
  expect(rowUnder(ran.stdout, wednesday)).toMatch(/09:00 Accueil, relance +0 +1$/);
  expect(rowUnder(ran.stdout, friday)).toMatch(/09:00 Accueil, relance +1 +1$/);
  expect(town.config.schedule.notTakenUp.after.amount).toBe(3);

  // The file in use is edited; within seconds a mail says so, and what it changes.
  edit(folder, ...HALVED);
  const told = await nextLetter('dgs@plassans.fr', 'La configuration de Guichet a changé', 1);
  expect(told).toContain('reminders.notTakenUp.after : 1 jour ouvré au lieu de 3 jours ouvrés');

  expect(told).toMatch(/Accueil, relance : 5, le premier mercredi .* au lieu de vendredi/);

  // The clock jumps a day: the reminder came on the new day.
  await jump(town, 24);
  expect(remindersAt()).toEqual([`${wednesday} 09:00`]);

  // A slip of the hand changes nothing, and is told with its line.
  edit(folder, 'schedule.yaml', 'after: 1 jour ouvré', 'after: 1 jour ouvert');
  const refused = await nextLetter('dgs@plassans.fr', "La configuration de Guichet n'est pas prise en compte", 1);
  expect(refused).toMatch(/schedule\.yaml:\d+, reminders\.notTakenUp\.after/);
  expect(refused).toContain('Trouvé : 1 jour ouvert');
  expect(town.config.schedule.notTakenUp.after.amount).toBe(1);

  // The old file is put back: a request of now waits three working days again.
  edit(folder, 'schedule.yaml', 'after: 1 jour ouvert', 'after: 3 jours ouvrés');
  await nextLetter('dgs@plassans.fr', 'La configuration de Guichet a changé', 2);
  const before = remindersAt().length;
  const reference = await write('Une barrière est couchée');
  await jump(town, 24);
  expect(remindersOf(reference)).toEqual([]);
  await jump(town, 24 * 5);
  expect(remindersOf(reference)[0]).toBe(`${workingDaysOn(wednesday, 3)} 09:00`);
  expect(remindersAt().length).toBeGreaterThan(before);
});

async function write(subject: string): Promise<string> {
  const nora = boxOf('nora@example.org');
  const draft = {
    to: 'mairie@plassans.fr',
    subject,
    text: 'Bonjour, merci de votre aide.',
    files: [],
    answering: null,
  };
  await town.send(nora, draft);
  await until('the acknowledgement', 30_000, () =>
    received(nora).some(({ mail }) => mail.subject?.includes(subject) === true),
  );
  await town.settle(10_000);
  const mail = received(nora).findLast((each) => each.mail.subject?.includes(subject) === true);
  return /\d{4}-\d{6}/.exec(mail?.mail.subject ?? '')?.[0] ?? '';
}

/** The text of the nth letter with this subject, waiting for it. */
async function nextLetter(address: string, subject: string, count: number): Promise<string> {
  const found = () => received(boxOf(address)).filter(({ mail }) => mail.subject === subject);
  await until(`« ${subject} » (${count})`, 15_000, () => found().length >= count);
  return spaced(found().at(-1)?.mail.text ?? '').replaceAll(/\s+/g, ' ');
}

function remindersAt(): string[] {
  return received(boxOf('accueil@plassans.fr')).filter(isReminder).map(momentOf);
}

function remindersOf(reference: string): string[] {
  const own = received(boxOf('accueil@plassans.fr')).filter(({ mail }) => mail.subject?.includes(reference) === true);
  return own.filter(isReminder).map(momentOf);
}

function isReminder({ mail }: Letter): boolean {
  return spaced(mail.text ?? '').includes('Relance n° ');
}

function momentOf({ at }: Letter): string {
  const { day, time } = localParts(at, 'Europe/Paris');
  return `${day} ${time}`;
}

function received({ letters }: Mailbox): Letter[] {
  return letters.filter(({ direction }) => direction === 'received');
}

function boxOf(address: string): Mailbox {
  const found = town.mailboxes.find((mailbox) => mailbox.address === address);
  if (found === undefined) throw new Error(`nobody has ${address}`);
  return found;
}

/** The line that follows a day in the table. */
function rowUnder(table: string, day: string): string {
  const [year, , date] = day.split('-');
  const lines = table.split('\n');
  const at = lines.findIndex((line) => new RegExp(`^\\w+ ${Number(date)}(er)? \\S+ ${year}$`, 'u').test(line));
  return lines[at + 1]?.trimEnd() ?? '';
}

/** The coming Tuesday with nothing but working days around it. */
function aQuietTuesday(calendar: Parameters<typeof isWorkingDay>[1]): string {
  let day = addDays(new Date().toISOString().slice(0, 10), 1);
  const isQuiet = () => [0, 1, 2, 3, 6, 7].every((days) => isWorkingDay(addDays(day, days), calendar));
  while (weekdayOf(day) !== 2 || !isQuiet()) day = addDays(day, 1);
  return day;
}

function workingDaysOn(day: string, count: number): string {
  let on = day;
  for (let left = count; left > 0; left--) {
    on = addDays(on, 1);
    while (!isWorkingDay(on, town.config.town)) on = addDays(on, 1);
  }
  return on;
}

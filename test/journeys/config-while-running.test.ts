import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAILBOX, startTown, type TestTown } from './town.ts';

/** What a running town hall does with a config that is replaced whole under it. */

let town: TestTown;
beforeAll(async () => {
  town = await startTown();
});
afterAll(() => town.stop());

test('a mail that comes after the folder of processed mails was renamed goes to the new one', async () => {
  await town.write(aMail('premier'));
  await town.quiet();
  town.guichet.ground.config = { ...town.guichet.ground.config, processedFolder: 'Archives' };
  await town.write(aMail('second'));
  await town.quiet();
  const subjects = async (folder: string) =>
    (await town.imap.list(MAILBOX, folder)).map((raw) => /Subject: (.*)/.exec(raw.toString())?.[1]);
  expect(await subjects('Traités')).toEqual(['premier']);
  expect(await subjects('Archives')).toEqual(['second']);
});

test('a desk that is renamed signs its next mail by its new name', async () => {
  const { config } = town.guichet.ground;
  const desk = { ...config.town.desk, name: 'Accueil du public' };
  town.guichet.ground.config = { ...config, town: { ...config.town, desk } };
  await town.write(aMail('dernier'));
  await town.quiet();
  const [sent] = town.smtp.mailsTo('nora@example.org').slice(-1);
  expect(sent?.mail.text).toContain('Accueil du public');
  const css = await fetch(`${town.url}/style.css`);
  expect(css.status).toBe(200);
});

function aMail(subject: string): string {
  return [
    'From: Nora Lemaire <nora@example.org>',
    `To: ${MAILBOX}`,
    `Subject: ${subject}`,
    `Message-ID: <${Math.random()}@example.org>`,
    'Date: Thu, 26 Nov 2026 10:00:00 +0100',
    '',
    'Bonjour, un lampadaire clignote.',
    '',
  ].join('\r\n');
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTown, type TestTown } from './town.ts';

let town: TestTown;
beforeAll(async () => {
  town = await startTown();
});
afterAll(() => town?.stop());

test('a citizen who writes receives a number within a second', async () => {
  await town.write(
    'From: Nora Lemaire <nora@example.org>\r\nTo: mairie@plassans.fr\r\nSubject: Nid-de-poule rue des Lilas\r\nMessage-ID: <a1@example.org>\r\nDate: Mon, 06 Apr 2026 10:00:00 +0200\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBonjour,\r\n\r\nIl y a un trou énorme devant le 12.\r\n\r\nNora\r\n',
  );
  const started = performance.now();
  const ack = await town.smtp.requireMail({ to: 'nora@example.org' }, 10_000);
  process.stdout.write(
    `ack after ${Math.round(performance.now() - started)} ms: ${ack.mail.subject}\n${ack.mail.text}\n`,
  );
  const desk = await town.smtp.requireMail({ to: 'accueil@plassans.fr' }, 10_000);
  process.stdout.write(`${desk.mail.subject}\n${desk.mail.text}\n${String(desk.raw).slice(0, 1500)}`);
  expect(ack.mail.subject).toContain('2026-000001');
});

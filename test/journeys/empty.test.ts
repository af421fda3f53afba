import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTown, type TestTown } from './town.ts';

let town: TestTown;
beforeAll(async () => {
  town = await startTown();
});
afterAll(() => town?.stop());

test('a mail of no bytes leaves the mailbox, opens no request, and the desk is told', async () => {
  await town.write('');
  const told = await town.smtp.requireMail({ to: 'accueil@plassans.fr', subject: 'Message à examiner' }, 15_000);
  expect(told.mail.subject).toContain('Message à examiner');
  await town.quiet();
  expect(await town.db.serviceRequest.count()).toBe(0);
  expect(await town.db.inboundEmail.findFirstOrThrow()).toMatchObject({
    state: 'held',
    verdict: 'unreadable',
    size: 0,
  });
});

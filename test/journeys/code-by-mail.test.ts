import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import type { SunkMail } from '../support/smtp-sink.ts';
import { aMail, aReply, DESK, NORA, plain } from './mails.ts';
import { startTown, type TestTown } from './town.ts';

/** An action that asks for six digits is not done by a first line either: a reply proves less than the code does. */

const DESKS = 'accueil@plassans.fr';

let town: TestTown;
beforeAll(async () => {
  town = await startTown({ change: (config: Config) => ({ ...config, codeFor: ['refuse'] }) });
});
afterAll(() => town?.stop());

async function reply(told: SunkMail, text: string): Promise<readonly SunkMail[]> {
  town.smtp.clear();
  await town.write(await aReply(told, DESK, text));
  await town.quiet();
  return [...town.smtp.mails];
}

test('« refusé : … » is not followed, its author is told to open the link; « accepté » still is', async () => {
  await town.write(await aMail({ from: NORA }));
  const told = await town.smtp.requireMail({ to: DESKS });
  await town.quiet();

  const left = await reply(told, 'refusé : hors délai');
  expect(left.map(({ envelope }) => envelope.to)).toEqual([[DESKS]]);
  const text = plain(left[0]?.mail.text);
  expect(text).toContain('Cette action se confirme par un code : ouvrez le lien.');
  expect(text).toContain('hors délai');
  expect(text).toContain('/a/');
  expect(await town.db.serviceRequest.findFirst()).toMatchObject({ status: 'new', outcome: null });
  expect(await town.db.event.count({ where: { action: 'refuse' } })).toBe(0);

  await reply(told, 'accepté');
  expect(await town.db.serviceRequest.findFirst()).toMatchObject({ status: 'closed', outcome: 'accepted' });
});

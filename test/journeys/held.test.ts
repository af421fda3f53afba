import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SunkMail } from '../support/smtp-sink.ts';
import { until } from '../support/until.ts';
import { aMail, aReply, NORA, VOIRIE } from './mails.ts';
import { startTown, type TestTown } from './town.ts';

/** A mail that waits for a human, from the mailbox to the decision and what becomes of it. */

let town: TestTown;

beforeAll(async () => {
  town = await startTown({ change: (config) => ({ ...config, pollSeconds: 1 }) });
});
afterAll(async () => town.stop());

test('a stranger’s mail about a known request waits for the desk, and joins it when the desk says so', async () => {
  const reference = await openedBy(NORA, 'Un trou rue des Lilas');
  const stranger = 'Paul Voisin <paul@example.com>';
  await town.write(
    await aMail({ from: stranger, subject: `Re: [n° ${reference}]`, text: 'Moi aussi, je suis tombé.' }),
  );
  const told = await town.smtp.requireMail({ to: 'accueil@plassans.fr', subject: /Message à examiner/ });
  expect(told.mail.text).toContain('Moi aussi, je suis tombé.');
  const request = await town.db.serviceRequest.findUniqueOrThrow({ where: { reference } });
  expect(await town.db.message.count({ where: { requestId: request.id } })).toBe(1);

  const page = await decide(told, { choice: reference });
  expect(page).toContain(reference);
  await until('the mail to join the request', 20_000, async () => {
    return (await town.db.message.count({ where: { requestId: request.id } })) === 2;
  });
  const last = await town.db.message.findFirstOrThrow({ where: { requestId: request.id }, orderBy: { at: 'desc' } });
  expect(last).toMatchObject({ authorAddress: 'paul@example.com', text: 'Moi aussi, je suis tombé.' });
});

test('an agent whose mail proves nothing confirms it; until then nothing happens', async () => {
  const reference = await openedBy('Zoé Dupont <zoe@example.org>', 'Un arbre penché');
  const news = await town.smtp.requireMail({ to: 'accueil@plassans.fr', subject: new RegExp(`${reference}.*arbre`) });
  // The desk's own mail, answered from the department's address.
  await town.write(await aReply(news, VOIRIE, 'Nous passons jeudi.'));
  const asked = await town.smtp.requireMail({ to: 'voirie@plassans.fr', subject: /attend votre confirmation/ });
  const request = await town.db.serviceRequest.findUniqueOrThrow({ where: { reference } });
  expect(await town.db.message.count({ where: { requestId: request.id } })).toBe(1);

  await decide(asked, { choice: 'mine' });
  await until('the mail to be settled', 20_000, async () => {
    return (await town.db.inboundEmail.count({ where: { state: { in: ['stored', 'held'] } } })) === 0;
  });
  const settled = await town.db.inboundEmail.findFirstOrThrow({ orderBy: { arrivalNo: 'desc' } });
  expect(settled).toMatchObject({ state: 'done', ruling: { as: 'mine', requestId: request.id } });
});

async function openedBy(from: string, subject: string): Promise<string> {
  await town.write(await aMail({ from, subject }));
  await town.quiet();
  const { reference } = await town.db.serviceRequest.findFirstOrThrow({ orderBy: { id: 'desc' } });
  return reference;
}

/** Opens the link of the mail, takes the time a person takes, sends the form; answers the page in the end. */
async function decide(told: SunkMail, fields: Record<string, string>): Promise<string> {
  const url = /http:\S+\/h\/\S+/.exec(told.mail.text ?? '')?.[0] ?? '';
  const shown = await (await fetch(url)).text();
  const nonce = /name="nonce" value="([^"]+)"/.exec(shown)?.[1] ?? '';
  town.clock.set(new Date(town.clock.now().getTime() + 2_000).toISOString());
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ nonce, ...fields }) });
  expect(answer.status).toBe(200);
  expect(answer.redirected).toBe(true);
  return answer.text();
}

import { afterEach, beforeEach, expect, test } from 'vitest';
import { createComposer } from '../../src/outbound/compose.ts';
import { startDelivering, type Delivery } from '../../src/outbound/deliver.ts';
import { createRenderer } from '../../src/outbound/render.ts';
import { openTransport, type Transport } from '../../src/outbound/transport.ts';
import { act, aGround, DESK_PERSON, NORA, openOne, VOIRIE, type TestGround } from '../store/ground.ts';
import { freshDatabase } from '../support/postgres.ts';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';
import { until } from '../support/until.ts';

/** The window in real time, and nobody ticks. */
const WINDOW_S = 2;
/** The queue looks again every five seconds. */
const LOOKS_AGAIN_MS = 5_000;

let ground: TestGround;
let smtp: SmtpSink;
let transport: Transport;
let delivery: Delivery;
beforeEach(async () => {
  smtp = await startSmtpSink();
  ground = await aGround((await freshDatabase()).url, (config) => ({
    ...config,
    schedule: { ...config.schedule, undoSeconds: WINDOW_S },
  }));
  ground.clock = { now: () => new Date() };
  transport = openTransport({ host: smtp.host, port: smtp.port, secure: false, user: '', password: '' });
  const links = { secrets: ['mQ2vX8rT5kLw9zBnY4sJd7hGc1fPa6eU'], publicUrl: 'http://127.0.0.1:8080' };
  const renderer = await createRenderer(ground.config.town);
  delivery = await startDelivering(ground, createComposer(ground, renderer, links), transport);
});
afterEach(async () => {
  await delivery.stop();
  await ground.close();
  transport.close();
  await smtp.stop();
});

test('the agent hears at once, with the way back; the citizen when the window is over, and nothing of it', async () => {
  const id = await openOne(ground);
  await act(ground, id, 'transfer', DESK_PERSON);
  const decidedAt = Date.now();
  await act(ground, id, 'accept', VOIRIE, { comment: 'Jeudi.' });
  const receipt = await mailSaying(VOIRIE.address, 'VOTRE DÉCISION EST ENREGISTRÉE');
  expect(Date.now() - decidedAt).toBeLessThan(WINDOW_S * 1_000);
  expect(receipt.text).toContain('Annuler ma décision');
  expect(receipt.text).toMatch(/partira le/);
  const told = await mailSaying(NORA.address, 'ACCEPTÉE');
  expect(Date.now() - decidedAt).toBeGreaterThanOrEqual(WINDOW_S * 1_000);
  expect(`${told.subject}${told.text}${String(told.html)}`).not.toMatch(/annul/i);
  await mailSaying(DESK_PERSON.address, 'ACCEPTÉE');
});

test('a decision that was undone never leaves', async () => {
  const id = await openOne(ground);
  await act(ground, id, 'transfer', DESK_PERSON);
  await act(ground, id, 'accept', VOIRIE);
  await act(ground, id, 'undo', VOIRIE);
  await act(ground, id, 'refuse', VOIRIE, { comment: 'Hors de la commune.' });
  await mailSaying(NORA.address, 'REFUSÉE');
  await mailSaying(DESK_PERSON.address, 'REFUSÉE');
  await new Promise((resolve) => setTimeout(resolve, LOOKS_AGAIN_MS));
  const texts = smtp.mails.map(({ mail }) => mail.text ?? '');
  expect(texts.filter((text) => text.includes('EST ACCEPTÉE'))).toEqual([]);
});

async function mailSaying(to: string, words: string) {
  const found = await until(`a mail to ${to}: ${words}`, 20_000, () =>
    smtp.mailsTo(to).find(({ mail }) => mail.text?.includes(words)),
  );
  return found.mail;
}

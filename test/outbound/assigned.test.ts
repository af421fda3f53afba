import { afterAll, beforeAll, expect, test } from 'vitest';
import { createComposer } from '../../src/outbound/compose.ts';
import { startDelivering, type Delivery } from '../../src/outbound/deliver.ts';
import { createRenderer } from '../../src/outbound/render.ts';
import { openTransport, type Transport } from '../../src/outbound/transport.ts';
import { act, aGround, DESK_PERSON, openOne, VOIRIE, type TestGround } from '../store/ground.ts';
import { HANG_MS } from '../support/hang.ts';
import { freshDatabase } from '../support/postgres.ts';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';

/** The mail that gives a request to one agent. */

const JEANNES = 'j.martin@plassans.fr';

let ground: TestGround;
let smtp: SmtpSink;
let transport: Transport;
let delivery: Delivery;
beforeAll(async () => {
  smtp = await startSmtpSink();
  ground = await aGround((await freshDatabase()).url);
  transport = openTransport({ host: smtp.host, port: smtp.port, secure: false, user: '', password: '' });
  const links = { secrets: ['mQ2vX8rT5kLw9zBnY4sJd7hGc1fPa6eU'], publicUrl: 'http://127.0.0.1:8080' };
  const renderer = await createRenderer(ground.config.town);
  delivery = await startDelivering(ground, createComposer(ground, renderer, links), transport);
});
afterAll(async () => {
  await delivery.stop();
  await ground.close();
  transport.close();
  await smtp.stop();
});

test('N08: says at whose name the request is, and that the links are theirs alone', async () => {
  const id = await openOne(ground);
  await act(ground, id, 'transfer', DESK_PERSON);
  await act(ground, id, 'assign', VOIRIE, { agent: JEANNES });
  const { mail } = await smtp.requireMail({ to: JEANNES }, HANG_MS);
  const text = (mail.text ?? '').replaceAll(/\s+/g, ' ');
  expect(text).toContain('En charge : Voirie, Jeanne Martin');
  expect(text).toContain('réservés à Jeanne Martin');
  const office = await smtp.requireMail({ to: VOIRIE.address }, HANG_MS);
  expect((office.mail.text ?? '').replaceAll(/\s+/g, ' ')).toContain('réservés à Voirie');
});

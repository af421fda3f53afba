import { describe, expect, test } from 'vitest';
import { machineReason, silenceReason } from '../../src/domain/automatic.ts';
import { aReceivedEmail, withHeaders } from './received.ts';

/** RELIABILITY M6: two verdicts. A machine's mail changes nothing; a mail that is owed no answer still makes a request. */

type Row = [name: string, email: Parameters<typeof aReceivedEmail>[0], isMachine: boolean, isSilent: boolean];

const from = (address: string) => ({ from: [{ name: '', address }] });

const ROWS: Row[] = [
  ['a person’s mail', {}, false, false],
  ['Auto-Submitted: no', withHeaders({ 'auto-submitted': 'no' }), false, false],
  ['Auto-Submitted: No', withHeaders({ 'auto-submitted': 'No' }), false, false],
  ['Auto-Submitted: no (comment)', withHeaders({ 'auto-submitted': 'no (really, I typed this)' }), false, false],
  ['Auto-Submitted: (comment) no', withHeaders({ 'auto-submitted': '(typed) no' }), false, false],
  ['Auto-Submitted: no; parameter', withHeaders({ 'auto-submitted': 'no; owner-email="a@b.fr"' }), false, false],
  ['Auto-Submitted: auto-replied', withHeaders({ 'auto-submitted': 'auto-replied' }), true, true],
  ['Auto-Submitted: AUTO-GENERATED', withHeaders({ 'auto-submitted': 'AUTO-GENERATED' }), true, true],
  [
    'Auto-Submitted: auto-notified; parameter',
    withHeaders({ 'auto-submitted': 'auto-notified; owner-email="a@b.fr"' }),
    true,
    true,
  ],
  ['an empty Auto-Submitted', withHeaders({ 'auto-submitted': '' }), false, false],
  ['a null return path', withHeaders({ 'return-path': '<>' }), true, true],
  ['a null return path with a space', withHeaders({ 'return-path': '< >' }), true, true],
  ['an ordinary return path', withHeaders({ 'return-path': '<nora@example.org>' }), false, false],
  ['a delivery report', withHeaders({ 'content-type': 'Multipart/Report; report-type=delivery-status' }), true, true],
  [
    'a read receipt',
    withHeaders({ 'content-type': 'multipart/report; report-type=disposition-notification' }),
    true,
    true,
  ],
  ['Precedence: bulk', withHeaders({ precedence: 'Bulk' }), true, true],
  ['Precedence: junk', withHeaders({ precedence: 'junk' }), true, true],
  ['Precedence: auto_reply', withHeaders({ precedence: 'auto_reply' }), true, true],
  ['Precedence: list', withHeaders({ precedence: 'list' }), false, true],
  ['Precedence: bulk, on a list', withHeaders({ precedence: 'bulk', 'list-id': '<a.example.org>' }), false, true],
  ['List-Id', withHeaders({ 'list-id': '<a.example.org>' }), false, true],
  ['List-Unsubscribe', withHeaders({ 'list-unsubscribe': '<mailto:a@example.org>' }), false, true],
  ['X-Auto-Response-Suppress: All', withHeaders({ 'x-auto-response-suppress': 'All' }), false, true],
  ['X-Auto-Response-Suppress: DR, OOF', withHeaders({ 'x-auto-response-suppress': 'DR, OOF, AutoReply' }), false, true],
  ['X-Auto-Response-Suppress: None', withHeaders({ 'x-auto-response-suppress': 'None' }), false, false],
  ['X-Autoreply', withHeaders({ 'x-autoreply': 'yes' }), true, true],
  ['X-Autorespond', withHeaders({ 'x-autorespond': '' }), true, true],
  ['X-POST-MessageClass: 9', withHeaders({ 'x-post-messageclass': '9; Autoresponder' }), true, true],
  ['X-FC-MachineGenerated', withHeaders({ 'x-fc-machinegenerated': 'true' }), true, true],
  ['from mailer-daemon', from('mailer-daemon@example.org'), true, true],
  ['from postmaster', from('postmaster@example.org'), true, true],
  ['from somebody named like one', from('postmaster.dupont@example.org'), false, false],
  ['from no-reply', from('no-reply@example.org'), false, true],
  ['from gmail-noreply', from('gmail-noreply@example.org'), false, true],
  ['from noreply+tag', from('noreply+abc@example.org'), false, true],
  ['from ne-pas-repondre', from('ne-pas-repondre@example.org'), false, true],
  ['from do_not_reply… at a person’s own domain', from('anna@noreply.example.org'), false, false],
  ['Réponse automatique', { subject: 'Réponse automatique : votre demande' }, true, true],
  ['Réponse d’absence', { subject: 'Réponse d’absence : congés' }, true, true],
  ['Absence du bureau', { subject: 'Absence du bureau' }, true, true],
  ['Automatic reply', { subject: 'Automatic reply: Your request' }, true, true],
  ['Out of the office', { subject: 'Out of the Office' }, true, true],
  ['Automatische Antwort', { subject: 'Automatische Antwort: Anfrage' }, true, true],
  ['Respuesta automática', { subject: 'Respuesta automática: solicitud' }, true, true],
  ['Risposta automatica', { subject: 'Risposta automatica: richiesta' }, true, true],
  ['Resposta automática', { subject: 'Resposta automática: pedido' }, true, true],
  ['somebody who complains about automatic answers', { subject: 'Votre réponse automatique' }, false, false],
  ['a bounce with a subject and nothing else', { subject: 'Undeliverable: your message' }, false, true],
  ['somebody who forwards a bounce', { subject: 'Tr: Undeliverable: your message' }, false, false],
  ['a citizen whose letter came back', { subject: 'Mon courrier m’est revenu' }, false, false],
];

describe('is it a machine, and is silence owed', () => {
  test.each(ROWS)('%s', (_name, email, isMachine, isSilent) => {
    const received = aReceivedEmail(email);
    expect([machineReason(received) !== null, silenceReason(received) !== null]).toEqual([isMachine, isSilent]);
  });

  test('the reason names what was seen', () => {
    expect(machineReason(aReceivedEmail(withHeaders({ 'auto-submitted': 'auto-replied (x)' })))).toBe(
      'Auto-Submitted: auto-replied',
    );
  });

  test('headers named like properties of objects are only headers', () => {
    const received = aReceivedEmail(withHeaders({ __proto__: 'x', constructor: 'y' }));
    expect([machineReason(received), silenceReason(received)]).toEqual([null, null]);
  });
});

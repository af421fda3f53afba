import { describe, expect, test } from 'vitest';
import { machineReason, robotKind, silenceReason, type RobotKind, type RobotMail } from '../../src/domain/automatic.ts';

/** `machine`: recorded, no request. `silent`: a request without acknowledgement. `person`: acknowledged. */
type Verdict = 'machine' | 'silent' | 'person';
type Row = readonly [name: string, verdict: Verdict, kind: RobotKind | null, mail: Written];

interface Written {
  headers?: Record<string, string>;
  from?: string;
  subject?: string;
  parts?: NonNullable<RobotMail['parts']>;
}

const TABLE: readonly Row[] = [
  ['a citizen', 'person', null, {}],
  // RFC 3834 §5
  ['Auto-Submitted: no', 'person', null, { headers: { 'auto-submitted': 'no' } }],
  ['Auto-Submitted: no with a comment', 'person', null, { headers: { 'auto-submitted': 'no (really, a person)' } }],
  ['a comment first', 'person', null, { headers: { 'auto-submitted': '(a person) No' } }],
  ['no with a parameter', 'person', null, { headers: { 'auto-submitted': 'no; owner-email="a@b.fr"' } }],
  ['an empty Auto-Submitted', 'person', null, { headers: { 'auto-submitted': ' ' } }],
  ['auto-replied', 'machine', 'automatic_reply', { headers: { 'auto-submitted': 'auto-replied' } }],
  [
    'Auto-Replied in capitals',
    'machine',
    'automatic_reply',
    { headers: { 'auto-submitted': 'AUTO-REPLIED (vacation)' } },
  ],
  ['auto-generated', 'machine', 'other_robot', { headers: { 'auto-submitted': 'auto-generated' } }],
  [
    'auto-notified with a parameter',
    'machine',
    'other_robot',
    { headers: { 'auto-submitted': 'auto-notified; owner-email="a@b.fr"' } },
  ],
  ['a value of tomorrow', 'machine', 'other_robot', { headers: { 'auto-submitted': 'auto-dreamt' } }],
  // Return path
  ['an empty return path', 'machine', 'other_robot', { headers: { 'return-path': '<>' } }],
  ['an empty return path with blanks', 'machine', 'other_robot', { headers: { 'return-path': ' < > ' } }],
  ['a return path of the mail system', 'machine', 'other_robot', { headers: { 'return-path': '<MAILER-DAEMON>' } }],
  ["a person's return path", 'person', null, { headers: { 'return-path': '<jean@orange.fr>' } }],
  [
    'an absence with an empty return path',
    'machine',
    'automatic_reply',
    { headers: { 'return-path': '<>' }, subject: 'Réponse automatique : Votre demande' },
  ],
  // Reports
  [
    'a delivery report',
    'machine',
    'delivery_report',
    { headers: { 'content-type': 'multipart/report; report-type=delivery-status; boundary=x' } },
  ],
  [
    'a report without its type',
    'machine',
    'delivery_report',
    { headers: { 'content-type': 'Multipart/Report; boundary=x' } },
  ],
  [
    'a report that is auto-replied',
    'machine',
    'delivery_report',
    { headers: { 'content-type': 'multipart/report; boundary=x', 'auto-submitted': 'auto-replied' } },
  ],
  [
    'a read receipt',
    'machine',
    'read_receipt',
    { headers: { 'content-type': 'multipart/report; boundary=x; report-type="disposition-notification"' } },
  ],
  [
    'a read receipt in a part',
    'machine',
    'read_receipt',
    {
      parts: [
        {
          contentType: 'message/disposition-notification',
          text: 'Disposition: manual-action/MDN-sent-manually; displayed',
        },
      ],
    },
  ],
  ['somebody who asks for a receipt', 'person', null, { headers: { 'disposition-notification-to': 'jean@orange.fr' } }],
  [
    'an abuse report',
    'machine',
    'other_robot',
    { headers: { 'content-type': 'multipart/report; report-type=feedback-report' } },
  ],
  ['mailer-daemon', 'machine', 'delivery_report', { from: 'mailer-daemon@smtp.fr' }],
  ['postmaster', 'machine', 'delivery_report', { from: 'postmaster@ville.fr' }],
  ['Exchange', 'machine', 'delivery_report', { from: 'microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@ville.fr' }],
  ['somebody called Postmaster', 'person', null, { from: 'jean.postmaster@orange.fr' }],
  ['a failure of an unknown system', 'silent', null, { subject: 'Undelivered Mail Returned to Sender' }],
  [
    'a generated failure',
    'machine',
    'delivery_report',
    { headers: { 'auto-submitted': 'auto-replied' }, subject: 'Mail delivery failed: returning message to sender' },
  ],
  ['a reply to a failure', 'person', null, { subject: 'Re: Undelivered Mail Returned to Sender' }],
  ['a passport not handed over', 'person', null, { subject: 'Passeport non remis' }],
  // Answers
  ['Precedence: auto_reply', 'machine', 'automatic_reply', { headers: { precedence: 'auto_reply' } }],
  ['X-Autoreply', 'machine', 'automatic_reply', { headers: { 'x-autoreply': 'yes' } }],
  ['X-Autoreply: no', 'person', null, { headers: { 'x-autoreply': 'no' } }],
  ['X-Autorespond', 'machine', 'automatic_reply', { headers: { 'x-autorespond': 'Votre demande' } }],
  ['X-POST-MessageClass', 'machine', 'automatic_reply', { headers: { 'x-post-messageclass': '9; Autoresponder' } }],
  ['X-FC-MachineGenerated', 'machine', 'automatic_reply', { headers: { 'x-fc-machinegenerated': 'true' } }],
  ['Outlook', 'machine', 'automatic_reply', { subject: 'Réponse automatique : Votre demande' }],
  ['Outlook with a narrow space', 'machine', 'automatic_reply', { subject: 'Réponse automatique : Votre demande' }],
  ['without accents', 'machine', 'automatic_reply', { subject: 'Reponse automatique: acte de naissance' }],
  ['Outlook of before', 'machine', 'automatic_reply', { subject: 'Absence du bureau : Votre demande' }],
  ['Orange', 'machine', 'automatic_reply', { subject: "Message d'absence" }],
  ['in brackets', 'machine', 'automatic_reply', { subject: '[Réponse automatique] Re: Votre demande' }],
  ['Notes', 'machine', 'automatic_reply', { subject: 'Marie Durand est absent(e).' }],
  ['in English', 'machine', 'automatic_reply', { subject: 'Automatic reply: Votre demande' }],
  ['Out of Office', 'machine', 'automatic_reply', { subject: 'Out of Office AutoReply: Votre demande' }],
  ['in German', 'machine', 'automatic_reply', { subject: 'Automatische Antwort: Votre demande' }],
  ['in Dutch', 'machine', 'automatic_reply', { subject: 'Automatisch antwoord: Votre demande' }],
  ['in Spanish', 'machine', 'automatic_reply', { subject: 'Respuesta automática: Votre demande' }],
  ['a person who answers a robot', 'person', null, { subject: 'Re: Réponse automatique : Votre demande' }],
  ['a person who complains of a robot', 'person', null, { subject: 'Réponse automatique reçue hier' }],
  ['the polling station', 'person', null, { subject: 'Absence du bureau de vote rue Nationale' }],
  ["a parent's note", 'person', null, { subject: "Message d'absence : Léa Martin, CM2" }],
  ['an absence at the canteen', 'person', null, { subject: 'Absence de mon fils mardi' }],
  ['an acknowledgement that is missing', 'person', null, { subject: 'Accusé de réception non reçu' }],
  ['automatic gates', 'person', null, { subject: 'Automatic gate broken' }],
  ['out of office hours', 'person', null, { subject: 'Out of office hours noise' }],
  // Lists and bulk
  [
    'a mailing list',
    'silent',
    'list',
    { headers: { 'list-id': '<elus.plassans.fr>', 'list-post': '<mailto:elus@plassans.fr>' } },
  ],
  ['Precedence: list', 'silent', 'list', { headers: { precedence: 'list' } }],
  ['a newsletter', 'silent', 'bulk', { headers: { 'list-unsubscribe': '<https://x.fr/u>', 'list-id': '<news.x.fr>' } }],
  [
    'a newsletter that says bulk',
    'silent',
    'bulk',
    { headers: { 'list-unsubscribe': '<https://x.fr/u>', precedence: 'bulk' } },
  ],
  ['bulk', 'machine', 'bulk', { headers: { precedence: 'bulk' } }],
  ['junk', 'machine', 'bulk', { headers: { precedence: 'Junk' } }],
  ['first-class', 'person', null, { headers: { precedence: 'first-class' } }],
  [
    'an absence through a list',
    'machine',
    'automatic_reply',
    { headers: { 'list-id': '<elus.plassans.fr>' }, subject: 'Automatic reply: x' },
  ],
  [
    'a bounce through a list',
    'machine',
    'delivery_report',
    { headers: { 'list-id': '<elus.plassans.fr>', precedence: 'bulk' }, from: 'mailer-daemon@x.fr' },
  ],
  // Forms and robots
  ['X-Auto-Response-Suppress: All', 'silent', null, { headers: { 'x-auto-response-suppress': 'All' } }],
  [
    'X-Auto-Response-Suppress: DR, OOF, AutoReply',
    'silent',
    null,
    { headers: { 'x-auto-response-suppress': 'DR, OOF, AutoReply' } },
  ],
  ['X-Auto-Response-Suppress: None', 'person', null, { headers: { 'x-auto-response-suppress': 'None' } }],
  ['a web form', 'silent', null, { from: 'no-reply@service-public.fr' }],
  ['a web form in French', 'silent', null, { from: 'ne.pas.repondre@plassans.fr' }],
  ['a web form with a tag', 'silent', null, { from: 'formulaire-noreply+12@plassans.fr' }],
  ['Noreply as a name of a place', 'person', null, { from: 'jean@noreply.fr' }],
  [
    'a calendar that says yes',
    'machine',
    'other_robot',
    { headers: { 'content-type': 'text/calendar; charset=utf-8; method=REPLY' } },
  ],
  [
    'a calendar that says yes, in a part',
    'machine',
    'other_robot',
    {
      subject: 'Accepté : Rendez-vous',
      parts: [{ contentType: 'text/calendar', text: 'BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n' }],
    },
  ],
  [
    'an invitation',
    'person',
    null,
    { parts: [{ contentType: 'text/calendar', text: 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n' }] },
  ],
  ['an agent who accepts', 'person', null, { subject: 'Accepté : hors délai mais justifié' }],
  ['a moderator', 'machine', 'other_robot', { subject: 'Your message to elus awaits moderator approval' }],
  ['an anti-spam that wants proof', 'machine', 'other_robot', { from: 'notification@mailinblack.com' }],
  ['cron', 'machine', 'other_robot', { headers: { 'x-cron-env': '<SHELL=/bin/sh>' } }],
  ['a header named like an object', 'person', null, { headers: { constructor: 'x', __proto__: 'y' } }],
];

describe('a machine is told from a person', () => {
  test.each(TABLE)('%s: %s', (_name, verdict, kind, written) => {
    const mail = aMail(written);
    const found = machineReason(mail) !== null ? 'machine' : silenceReason(mail) !== null ? 'silent' : 'person';
    expect({ verdict: found, kind: robotKind(mail) }).toEqual({ verdict, kind });
  });

  test('the table is long enough to trust', () => {
    process.stdout.write(`automatic: ${TABLE.length} rows\n`);
    expect(TABLE.length).toBeGreaterThanOrEqual(40);
  });
});

function aMail({ headers = {}, from = 'jean@orange.fr', subject = 'Acte de naissance', parts }: Written): RobotMail {
  const view = new Map(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return { headers: view, from: [{ name: '', address: from }], subject, ...(parts === undefined ? {} : { parts }) };
}

import { describe, expect, test } from 'vitest';
import { readDeliveryReport } from '../../src/domain/delivery-report.ts';

/** Written after the forms of systems that send no RFC 3464: who failed, whether it is over, and why. */
type Row = readonly [system: string, subject: string, text: string, expected: string];

const DIALECTS: readonly Row[] = [
  [
    'Courier',
    'NOTICE: mail delivery status.',
    'This is a delivery status notification from mx.x.fr,\nrunning the Courier mail server, version 0.65.2.\n\nThe original message was received on Sat, 11 Dec 2010 12:19:57 +0900\n\n---------------------------------------------------------------------------\n\n                           UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<jean@x.fr>:\n    mx.x.fr [74.207.247.95]:\n>>> RCPT TO:<jean@x.fr>\n<<< 550 5.1.1 <jean@x.fr>... User Unknown',
    'jean@x.fr hard unknown_address',
  ],
  [
    'OpenSMTPD',
    'Delivery status notification: error',
    '    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\njean@x.fr: 550 5.2.2 <jean@x.fr>... Mailbox Full',
    'jean@x.fr soft mailbox_full',
  ],
  [
    'James',
    'Returned mail',
    "Hi. This is the James mail server at x.fr.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out. Below\nI include the list of recipients and the reason why I was unable to deliver\nyour message.\n\nFailed recipient(s):\njean@x.fr\n\nError message:\n550 - Requested action not taken: no such user here",
    'jean@x.fr hard unknown_address',
  ],
  [
    '1&1',
    'Mail delivery failed: returning message to sender',
    'This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\nits recipients. The following addresses failed:\n\n    <jean@x.fr>\n\nhost: mx.x.fr\nReason: 550 5.1.1 User unknown',
    'jean@x.fr hard unknown_address',
  ],
  [
    'au',
    'Mail System Error - Returned Mail',
    'Each of the following recipients was rejected by a remote mail server.\n\n    Recipient: <jean@x.fr>\n    >>> RCPT TO:<jean@x.fr>\n    <<< 550 <jean@x.fr>: User unknown',
    'jean@x.fr hard unknown_address',
  ],
  [
    'KDDI',
    'Undeliverable',
    'Your mail sent on: Thu, 29 Apr 2010 11:04:47 +0900\n      As their mailbox is full.\nCould not be delivered to: <jean@x.fr>',
    'jean@x.fr soft mailbox_full',
  ],
  [
    'MailFoundry',
    'Message delivery has failed',
    'This is a MIME encapsulated message\n\nUnable to deliver message to: <jean@x.fr>\nDelivery failed for the following reason:\nServer mx22.x.fr[192.0.2.222] failed with: 550 <jean@x.fr> No such user here',
    'jean@x.fr hard unknown_address',
  ],
  [
    'MailMarshal',
    'Undeliverable: Votre demande',
    'Your message:\n   From:    mairie@plassans.fr\n   Subject: Votre demande\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected:\n    jean@x.fr',
    'jean@x.fr hard unknown_address',
  ],
  [
    'McAfee',
    'Delivery Failure',
    'Your message could not be delivered.\n\n--- The following addresses had delivery problems ---\n\n<jean@x.fr>   (User unknown jean@x.fr)',
    'jean@x.fr hard unknown_address',
  ],
  [
    'Oracle',
    'Delivery Notification: Delivery has failed',
    'This report relates to a message you sent with the following header fields:\n\n  Return-path: <mairie@plassans.fr>\n  Message-id: <guichet.1@plassans.fr>\n  From: mairie@plassans.fr\n  To: alias@x.fr\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: jean@x.fr\n  Reason: Remote SMTP server has rejected address\n  Diagnostic code: smtp;550 5.1.1 User Unknown',
    'jean@x.fr hard unknown_address',
  ],
  [
    'Notes',
    'DELIVERY FAILURE',
    '------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\njean@x.fr\n\n------- Returned Message --------',
    'jean@x.fr hard unknown_address',
  ],
  [
    'PowerMTA',
    'Delivery report',
    'Hello, this is the mail server on mx.x.fr.\n\nI am sending you this message to inform you on the delivery status of a\nmessage you previously sent.  Immediately below you will find a list of\nthe affected recipients;  also attached is a Delivery Status Notification\n(DSN) report in standard format, as well as the headers of the original\nmessage.\n\n  <jean@x.fr>  delivery failed; will not continue trying; 5.1.1 (bad destination mailbox address)',
    'jean@x.fr hard unknown_address',
  ],
  [
    'SurfControl',
    'Returned Mail',
    'Your message could not be sent.\nA transcript of the attempts to send the message follows.\nThe number of attempts made: 1\nAddressed To: jean@x.fr\n\nThu 29 Jun 2006 03:00:40 +0900\nFailed to send to identified host,\nmx.x.fr: [192.0.2.10], 550 5.1.1 jean@x.fr... User unknown',
    'jean@x.fr hard unknown_address',
  ],
  [
    'sendmail of the eighties',
    'Returned mail: User unknown',
    '   ----- Transcript of session follows -----\nWhile talking to mx.x.fr:\n>>> RCPT To:<jean@x.fr>\n<<< 550 5.1.1 <jean@x.fr>... User Unknown\n550 <jean@x.fr>... User unknown\n\n   ----- Unsent message follows -----',
    'jean@x.fr hard unknown_address',
  ],
  [
    'delivery errors',
    'Returned Mail: User unknown',
    'The original message was received at Thu, 29 Apr 2010 23:34:45 +0900\nfrom mairie@plassans.fr\n\n---The following addresses had delivery errors---\n\njean@x.fr [User unknown]',
    'jean@x.fr hard unknown_address',
  ],
  [
    'trouble',
    'There was an error sending your mail',
    "We had trouble delivering your message. Full details follow:\n\nSubject: 'Votre demande'\nDate: 'Thu, 29 Apr 2012 23:34:45 +0000'\n\n1 error(s):\n\nSMTP Server <mx.x.fr> rejected recipient <jean@x.fr>\n  (Error following RCPT command). It responded as follows: [550 5.1.1 <jean@x.fr>... User Unknown]",
    'jean@x.fr hard unknown_address',
  ],
  [
    'Zoho',
    'Undelivered Mail Returned to Sender',
    'This message was created automatically by mail delivery software.\n A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\n\njean@x.fr Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <jean@x.fr>... User Unknown',
    'jean@x.fr hard unknown_address',
  ],
  [
    'SES',
    'Delivery Status Notification (Failure)',
    'An error occurred while trying to deliver the mail to the following recipients:\njean@x.fr',
    'jean@x.fr hard other',
  ],
  [
    'Gmail, incomplete',
    'Delivery Status Notification (Delay)',
    '** Delivery incomplete **\n\nThere was a temporary problem delivering your message to jean@x.fr. Gmail will retry for 46 more hours. You will be notified if the delivery fails permanently.\n\nThe response was:\n\nThe recipient server did not accept our requests to connect.',
    'jean@x.fr delayed unreachable',
  ],
  [
    'Gmail, blocked',
    'Delivery Status Notification (Failure)',
    '** Message bloqué **\n\nVotre message à jean@x.fr a été bloqué. Consultez les détails techniques ci-dessous.\n\nLa réponse est la suivante :\n554 5.7.1 Message rejected',
    'jean@x.fr soft refused',
  ],
  [
    'amavis',
    'Undeliverable mail, invalid characters in header',
    'A message from <mairie@plassans.fr> to:\n-> jean@x.fr\n\ncould not be delivered: 554 5.6.0 Message rejected because of its header',
    'jean@x.fr soft refused',
  ],
  [
    'Exchange in French, delayed',
    'La remise est différée : Votre demande',
    "Ceci est une notification d'état de remise générée automatiquement.\n\nCE MESSAGE N'EST QU'UN AVERTISSEMENT.\n\nVOUS N'AVEZ PAS BESOIN DE RENVOYER VOTRE MESSAGE.\n\nLa remise aux destinataires suivants a été retardée.\n\n       jean@x.fr",
    'jean@x.fr delayed other',
  ],
  [
    'Exchange in French, failed',
    "Notification d'état de remise (échec)",
    "Ceci est une notification d'état de remise générée automatiquement.\n\nÉchec de la remise aux destinataires suivants.\n\n       jean@x.fr",
    'jean@x.fr hard other',
  ],
  [
    'Exchange in French, of before',
    'Non remis : Votre demande',
    "Votre message\n\n  À :      Jean\n  Objet :  Votre demande\n  Date :   lundi 2 mars 2026\n\nn'a pas pu être remis au(x) destinataire(s) suivant(s) :\n\njean@x.fr le 02/03/2026 10:12\n    Le compte de messagerie n'existe pas dans l'organisation à laquelle ce message a été envoyé.",
    'jean@x.fr hard unknown_address',
  ],
  [
    'Orange',
    'Message non distribué',
    "Bonjour,\nNous sommes désolés de vous informer que votre message n'a pas pu être délivré à :\n<jean@x.fr>\nmotif : boîte aux lettres saturée\n",
    'jean@x.fr soft mailbox_full',
  ],
  [
    'a Zimbra in French',
    'Échec de la livraison du message',
    "Le message n'a pu être livré aux adresses suivantes :\n\n- jean@x.fr : cette adresse e-mail est inconnue\n- marie@x.fr : quota dépassé",
    'jean@x.fr hard unknown_address, marie@x.fr soft mailbox_full',
  ],
  [
    'Spanish',
    'Correo no entregado',
    'No se pudo entregar el mensaje a:\n\n<jean@x.fr>: usuario desconocido',
    'jean@x.fr hard unknown_address',
  ],
  [
    'Italian',
    'Mancato recapito',
    'Non è stato possibile recapitare il messaggio a:\n\n<jean@x.fr>: casella piena',
    'jean@x.fr soft mailbox_full',
  ],
  [
    'Japanese',
    'Undelivered Mail',
    '次の宛先にメールを配信できませんでした。\n\n<jean@x.fr>\n550 5.1.1 User unknown',
    'jean@x.fr hard unknown_address',
  ],
];

describe('systems without the standard are read', () => {
  test.each(DIALECTS)('%s', (_system, subject, text, expected) => {
    const report = readDeliveryReport({
      headers: new Map([['to', ['mairie@plassans.fr']]]),
      from: [{ name: 'Mail Delivery Subsystem', address: 'mailer-daemon@mx.x.fr' }],
      subject,
      text,
      parts: [
        { contentType: 'message/rfc822', text: 'Message-ID: <guichet.1@plassans.fr>\nTo: alias@x.fr\n\nBonjour' },
      ],
    });
    const said = report?.bounces.map(
      ({ recipient, isDelayed, hard, cause }) =>
        `${recipient} ${isDelayed ? 'delayed' : hard ? 'hard' : 'soft'} ${cause}`,
    );
    expect(said?.join(', ')).toBe(expected);
    expect(report?.originalMessageId).toBe('<guichet.1@plassans.fr>');
  });
});

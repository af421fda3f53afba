import { describe, expect, test } from 'vitest';
import { readDeliveryReport } from '../../src/domain/delivery-report.ts';
import type { ReportMail } from '../../src/domain/report-mail.ts';
import { HANG_MS } from '../support/hang.ts';

const OURS = '<guichet.42.accuse@mairie-plassans.fr>';
const RETURNED = `Return-Path: <mairie@mairie-plassans.fr>\nMessage-ID: ${OURS}\nTo: jean.dupont@orange.fr\nSubject: Votre demande\n\nBonjour`;

interface Row {
  name: string;
  from: string;
  subject: string;
  text: string;
  recipients?: readonly string[];
  status?: string;
  hard?: boolean;
  isDelayed?: boolean;
  cause?: string;
}

const DAEMON = 'mailer-daemon@smtp.mairie-plassans.fr';

/** Written after the forms of each system; without `recipients`, the one that we had written to. */
const DIALECTS: readonly Row[] = [
  {
    name: 'Postfix, an address that Orange does not know',
    from: DAEMON,
    subject: 'Undelivered Mail Returned to Sender',
    text: `This is the mail system at host smtp.mairie-plassans.fr.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\nFor further assistance, please send mail to postmaster.\n\n                   The mail system\n\n<jean.dupont@orange.fr>: host smtp-in.orange.fr[80.12.26.32] said: 550 5.1.1\n    Adresse d au moins un destinataire invalide. Invalid recipient.\n    OFR_416 [416] (in reply to RCPT TO command)`,
    status: '5.1.1',
    hard: true,
    cause: 'unknown_address',
  },
  {
    name: 'Postfix, a domain mistyped',
    from: DAEMON,
    subject: 'Undelivered Mail Returned to Sender',
    text: 'This is the mail system at host smtp.mairie-plassans.fr.\n\n<jean.dupont@orange.f>: Host or domain name not found. Name service error for\n    name=orange.fx type=A: Host not found\n<marie@gmial.fr>: Host or domain name not found. Name service error for name=gmial.fr type=AAAA: Host not found\n<a.b@wanado.fr>: mail could not be delivered: Domain wanado.fr does not exist',
    recipients: ['jean.dupont@orange.f', 'marie@gmial.fr', 'a.b@wanado.fr'],
    hard: true,
    cause: 'unknown_address',
  },
  {
    name: 'Free, a full mailbox',
    from: DAEMON,
    subject: 'Undelivered Mail Returned to Sender',
    text: 'This is the mail system at host smtp.mairie-plassans.fr.\n\n<jean.dupont@orange.fr>: host mx1.free.fr[212.27.48.6] said: 552 5.2.2\n    <jean.dupont@orange.fr>: La boîte aux lettres de ce destinataire est pleine (in reply to RCPT TO command)',
    status: '5.2.2',
    hard: false,
    cause: 'mailbox_full',
  },
  {
    name: 'SFR in French',
    from: 'mailer-daemon@sfr.fr',
    subject: 'Échec de la remise de votre message',
    text: "Ceci est un message automatique du serveur de messagerie SFR.\n\nVotre message n'a pas pu être remis au(x) destinataire(s) suivant(s) :\n\n  jean.dupont@orange.fr\n\nRaison : l'utilisateur est inconnu",
    hard: true,
    cause: 'unknown_address',
  },
  {
    name: 'La Poste in French, quota',
    from: 'postmaster@laposte.net',
    subject: "Votre message n'a pu être distribué",
    text: "Bonjour,\n\nVotre message adressé à jean.dupont@orange.fr n'a pu être distribué : la boîte aux lettres du destinataire est pleine.\n\nCordialement,\nLe service postmaster",
    hard: false,
    cause: 'mailbox_full',
  },
  {
    name: 'OVH, delayed',
    from: 'mailer-daemon@mo5.mail-out.ovh.net',
    subject: 'Delayed Mail (still being retried)',
    text: '####\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n####\n\nYour message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 day(s) old.\n\n<jean.dupont@orange.fr>: connect to smtp-in.orange.fr[80.12.26.32]:25: Connection timed out',
    hard: false,
    isDelayed: true,
    cause: 'unreachable',
  },
  {
    name: 'Exchange in French, without its parts',
    from: 'microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@ville.fr',
    subject: 'Non remis : Votre demande n° 2026-000021',
    text: "Échec de la remise pour les destinataires ou groupes suivants :\n\nDupont Jean (jean.dupont@orange.fr)<mailto:jean.dupont@orange.fr>\nL'adresse de messagerie que vous avez entrée est introuvable. Vérifiez l'adresse de messagerie du destinataire.\n\nInformations de diagnostic pour les administrateurs :\nServeur de génération : SRV01.ville.local\n\njean.dupont@orange.fr\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##",
    hard: true,
    cause: 'unknown_address',
  },
  {
    name: 'Microsoft 365',
    from: 'postmaster@ville.onmicrosoft.com',
    subject: 'Undeliverable: Votre demande',
    text: "Your message to jean.dupont@orange.fr couldn't be delivered.\n\njean.dupont wasn't found at orange.fr.\n\nReported error: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient jean.dupont@orange.fr not found by SMTP address lookup",
    status: '5.1.10',
    hard: true,
    cause: 'unknown_address',
  },
  {
    name: 'Gmail, the address is not found',
    from: 'mailer-daemon@googlemail.com',
    subject: 'Delivery Status Notification (Failure)',
    text: "** Adresse introuvable **\n\nVotre message n'est pas parvenu à l'adresse jean.dupont@orange.fr car celle-ci est introuvable ou ne peut pas recevoir de messages.\n\nLa réponse du serveur distant était :\n550 5.1.1 The email account that you tried to reach does not exist.",
    status: '5.1.1',
    hard: true,
    cause: 'unknown_address',
  },
  {
    name: 'Gmail, over quota',
    from: 'mailer-daemon@googlemail.com',
    subject: 'Delivery Status Notification (Failure)',
    text: 'Delivery to the following recipient failed permanently:\n\n     jean.dupont@orange.fr\n\nTechnical details of permanent failure:\nThe email account that you tried to reach is over quota. 552-5.2.2',
    hard: false,
    cause: 'mailbox_full',
  },
  {
    name: 'Exim of today',
    from: DAEMON,
    subject: 'Mail delivery failed: returning message to sender',
    text: 'This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  jean.dupont@orange.fr\n    host smtp-in.orange.fr [80.12.26.32]\n    SMTP error from remote mail server after RCPT TO:<jean.dupont@orange.fr>:\n    550 5.2.0 Mail rejected. ofr_506',
    status: '5.2.0',
    hard: false,
    cause: 'refused',
  },
  {
    name: 'qmail',
    from: DAEMON,
    subject: 'failure notice',
    text: "Hi. This is the qmail-send program at mairie-plassans.fr.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<jean.dupont@orange.fr>:\nSorry, I couldn't find any host named orange.fr. (#5.1.2)",
    status: '5.1.2',
    hard: true,
    cause: 'unknown_address',
  },
  {
    name: 'Lotus Domino in French',
    from: 'postmaster@prefecture.fr',
    subject: "ECHEC DE DISTRIBUTION : L'utilisateur jean.dupont ne figure pas dans l'annuaire",
    text: "Votre message\n\n  Objet : Votre demande\n\nn'a pas été distribué à :\n\n  jean.dupont@orange.fr\n\ncar :\n\n  User jean.dupont (jean.dupont@orange.fr) not listed in Domino Directory",
    hard: true,
    cause: 'unknown_address',
  },
  {
    name: 'sendmail',
    from: DAEMON,
    subject: 'Returned mail: see transcript for details',
    text: 'The original message was received at Mon, 3 Mar 2026 10:00:00 +0100\nfrom localhost [127.0.0.1]\n\n   ----- The following addresses had permanent fatal errors -----\n<jean.dupont@orange.fr>\n    (reason: 550 5.7.1 Message rejected as spam)\n\n   ----- Transcript of session follows -----\n... while talking to smtp-in.orange.fr.:',
    status: '5.7.1',
    hard: false,
    cause: 'refused',
  },
  {
    name: 'Groupwise',
    from: 'system.administrator@plassans.fr',
    subject: 'Message status - undeliverable',
    text: 'The message that you sent was undeliverable to the following:\n\tjean.dupont@orange.fr (user not found)',
    hard: true,
    cause: 'unknown_address',
  },
  {
    name: 'a German provider',
    from: 'mailer-daemon@gmx.net',
    subject: 'Mail delivery failed: returning message to sender',
    text: 'Diese Nachricht wurde automatisch erzeugt.\n\nIhre E-Mail konnte nicht zugestellt werden:\n\njean.dupont@orange.fr:\nEmpfänger unbekannt',
    hard: true,
    cause: 'unknown_address',
  },
  {
    name: 'a system without a name that writes like one',
    from: 'passerelle@securite-mail.fr',
    subject: 'Message non remis',
    text: "Votre message n'a pas pu être remis à :\n\njean.dupont@orange.fr\n\nadresse inconnue",
    hard: true,
    cause: 'unknown_address',
  },
];

describe('a delivery report is understood in every dialect', () => {
  test.each(DIALECTS)('$name', ({ name: _name, from, subject, text, recipients, ...expected }) => {
    const report = readDeliveryReport(
      aMail({ from, subject, text: `${text}\n\n--- Below this line is a copy of the message.\n\n${RETURNED}` }),
    );
    expect(report?.bounces.map(({ recipient }) => recipient)).toEqual(recipients ?? ['jean.dupont@orange.fr']);
    expect(report?.bounces[0]).toMatchObject(expected);
    expect(report?.originalMessageId).toBe(OURS);
  });
});

describe('a standard report (RFC 3464)', () => {
  test('tells each recipient by itself', () => {
    const found = standardReport(
      'Original-Recipient: rfc822;Jean.Dupont@orange.fr\r\nFinal-Recipient: rfc822; interne42@orange.fr\r\nAction: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n User unknown\r\n\r\nFinal-Recipient: rfc822; <marie@free.fr>\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\nFinal-Recipient: rfc822; paul@sfr.fr\r\nAction: relayed\r\nStatus: 2.0.0',
    );
    expect(found?.bounces).toMatchObject([
      {
        recipient: 'jean.dupont@orange.fr',
        status: '5.1.1',
        hard: true,
        isDelayed: false,
        cause: 'unknown_address',
        originalMessageId: OURS,
      },
      { recipient: 'marie@free.fr', status: '4.4.1', hard: false, isDelayed: true, cause: 'unreachable' },
    ]);
  });

  test('of a success bounces nobody', () => {
    expect(standardReport('Final-Recipient: rfc822; paul@sfr.fr\r\nAction: delivered\r\nStatus: 2.0.0')).toEqual({
      bounces: [],
      originalMessageId: OURS,
    });
  });

  test('with class 4 is soft even when the server gave up', () => {
    expect(
      standardReport('Final-Recipient: rfc822; paul@sfr.fr\r\nAction: failed\r\nStatus: 4.4.7')?.bounces,
    ).toMatchObject([{ hard: false, isDelayed: false }]);
  });

  test('names the address that we wrote to when a server encodes it (RFC 3461)', () => {
    expect(
      standardReport('Original-Recipient: rfc822;jean+2Bmairie@free.fr\r\nAction: failed\r\nStatus: 5.1.1')?.bounces,
    ).toMatchObject([{ recipient: 'jean+mairie@free.fr' }]);
  });
});

/** People who write about reports: never a bounce. */
const TRAPS: readonly Row[] = [
  {
    name: 'a citizen whose letter came back',
    from: 'jean@orange.fr',
    subject: 'Mon courrier m’est revenu',
    text: "Bonjour,\n\nMon courrier m'est revenu : adresse inconnue. Il n'a pas pu être distribué.\n\nCordialement,\nJean",
  },
  {
    name: 'a reply to a bounce',
    from: 'jean@ville.fr',
    subject: 'Re: Undelivered Mail Returned to Sender',
    text: 'Que dois-je faire ?\n\n> <marie@free.fr>: host mx1.free.fr said: 550 5.1.1 User unknown',
  },
  {
    name: 'a bounce forwarded with its subject untouched',
    from: 'jean@ville.fr',
    subject: 'Undelivered Mail Returned to Sender',
    text: "Bonjour, j'ai reçu ceci, pouvez-vous m'aider ?\n\n-------- Message transféré --------\nDe : Mail Delivery System <mailer-daemon@ville.fr>\n\n<marie@free.fr>: host said: 550 5.1.1",
  },
  {
    name: 'a bounce pasted into a new mail',
    from: 'jean@gmail.com',
    subject: 'Undelivered Mail Returned to Sender',
    text: "This is the mail system at host smtp.ville.fr. I'm sorry to have to inform you that your message could not be delivered to one or more recipients.\n\n<mairie@plassans.fr>: 550 5.1.1 User unknown",
  },
  {
    name: 'a passport that was not handed over',
    from: 'jean@ville.fr',
    subject: 'Passeport non remis',
    text: "Mon passeport ne m'a pas été remis. Le colis n'a pas pu être livré.",
  },
  {
    name: 'the waste collection that failed',
    from: 'jean@ville.fr',
    subject: 'Échec de la livraison du bac',
    text: 'Le bac jaune n’a pas été livré, votre message disait mardi. jean@ville.fr',
  },
  {
    name: 'an absence from a robot without a return path',
    from: 'secretariat@prefecture.fr',
    subject: 'Absence du bureau : Votre demande',
    text: "Je suis absente jusqu'au 12 mars. Contactez marie@prefecture.fr.",
  },
  {
    name: 'a parcel service',
    from: 'delivery@chronopost.fr',
    subject: "Votre colis n'a pas pu être livré",
    text: "Bonjour,\n\nVotre colis n'a pas pu être livré : adresse inconnue. Écrivez à client@chronopost.fr.",
  },
  {
    name: 'a postmaster who is a person',
    from: 'paul@postmaster-services.fr',
    subject: 'Devis',
    text: 'Bonjour, voici le devis. Cordialement.',
  },
];

describe('a person writing about a report is no report', () => {
  test.each(TRAPS)('$name', ({ from, subject, text }) => {
    expect(readDeliveryReport(aMail({ from, subject, text, returnPath: from }))).toBeNull();
  });

  test('an absence with an empty return path is no report', () => {
    expect(
      readDeliveryReport(
        aMail({
          from: 'marie@prefecture.fr',
          subject: 'Réponse automatique : Votre demande',
          text: 'Absente. Votre message sera traité au retour.',
          returnPath: '',
        }),
      ),
    ).toBeNull();
  });
});

test('somebody who left and says that the address is dead is a robot, no report', () => {
  expect(
    readDeliveryReport(
      aMail({
        from: 'marie@prefecture.fr',
        subject: 'Votre demande',
        text: "Je ne travaille plus ici et cette adresse n'existe plus : paul@prefecture.fr me remplace.",
        returnPath: '',
      }),
    ),
  ).toBeNull();
});

test('a receipt in a report that hides its type is no delivery report', () => {
  expect(
    readDeliveryReport(
      aMail({
        from: 'jean@orange.fr',
        subject: 'Non lu : Votre demande',
        text: "Votre message n'a pas pu être lu, il a été supprimé.",
        contentType: 'multipart/report; boundary=x',
        parts: [{ contentType: 'message/disposition-notification', text: 'Final-Recipient: rfc822;jean@orange.fr' }],
      }),
    ),
  ).toBeNull();
});

test('hostile text costs no time', () => {
  const hostile = [
    'a@',
    ' '.repeat(50),
    '<a@b',
    'original ',
    'not be ',
    'adresse ',
    "n'a pas ",
    '> ',
    'x-a: ',
    '=\n',
    'a@b.c\n',
    'bonjour\n',
  ];
  for (const piece of hostile) {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const mail = aMail({
      from: DAEMON,
      subject: text.slice(0, 500),
      text,
      parts: [{ contentType: 'message/delivery-status', text: text.slice(0, 65_536) }],
    });
    const start = performance.now();
    readDeliveryReport(mail);
    expect(performance.now() - start, JSON.stringify(piece)).toBeLessThan(HANG_MS);
  }
});

function standardReport(status: string) {
  return readDeliveryReport(
    aMail({
      from: DAEMON,
      subject: 'x',
      text: '',
      contentType: 'multipart/report; report-type=delivery-status; boundary=x',
      parts: [
        {
          contentType: 'message/delivery-status',
          text: `Reporting-MTA: dns; smtp.mairie-plassans.fr\r\n\r\n${status}\r\n`,
        },
        { contentType: 'text/rfc822-headers', text: RETURNED },
      ],
    }),
  );
}

interface Written {
  from: string;
  subject: string;
  text: string;
  contentType?: string;
  returnPath?: string;
  parts?: ReportMail['parts'];
}

function aMail({ from, subject, text, contentType = 'text/plain', returnPath, parts = [] }: Written): ReportMail {
  const headers = new Map([['content-type', [contentType]]]);
  if (returnPath !== undefined) headers.set('return-path', [`<${returnPath}>`]);
  return { headers, from: [{ name: '', address: from }], subject, text, parts };
}

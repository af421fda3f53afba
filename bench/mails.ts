/** Mails of about 5 kB, as a person's client writes them: text and HTML, another sender each. */
export function benchMail(number: number): Buffer {
  const street = STREETS[number % STREETS.length] ?? '';
  const words = `Bonjour,\r\n\r\nJe vous signale un trou dans la chaussée devant le ${number} ${street}.\r\n`;
  const more = Array.from(
    { length: 24 },
    (_, line) => `Ligne ${line} : il faudrait que quelqu’un passe voir, merci de votre aide.\r\n`,
  ).join('');
  const html = `<div><p>${words}</p>${more
    .split('\r\n')
    .map((each) => `<p style="margin:0 0 4px 0">${each}</p>`)
    .join('\r\n')}</div>`;
  const boundary = `b-${number}-0123456789`;
  return Buffer.from(
    [
      `Return-Path: <citizen${number}@example.org>`,
      'Received: from mx.example.org (mx.example.org [192.0.2.1]) by mail.plassans.fr with ESMTPS; Mon, 06 Apr 2026 08:00:00 +0200',
      `From: =?utf-8?Q?Am=C3=A9lie_Durand?= <citizen${number}@example.org>`,
      'To: Mairie de Plassans <mairie@plassans.fr>',
      `Subject: =?utf-8?Q?Trou_dans_la_chauss=C3=A9e_${number}?=`,
      `Message-ID: <bench-${number}-${process.pid}@example.org>`,
      'Date: Mon, 06 Apr 2026 08:00:00 +0200',
      'MIME-Version: 1.0',
      `Content-Type: multipart/alternative; boundary="${boundary}"`,
      '',
      `--${boundary}`,
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      words + more,
      `--${boundary}`,
      'Content-Type: text/html; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      html,
      `--${boundary}--`,
      '',
    ].join('\r\n'),
  );
}

const STREETS = ['rue des Lilas', 'avenue de la République', 'place de l’Église', 'chemin du Moulin'];

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlToWords } from '../../src/intake/html-words.ts';
import { HANG_MS } from '../support/hang.ts';

const ANSWER = `Bonjour,

Oui, le lampadaire est toujours en panne.

Jeanne Rougon`;

/** The same words as programs write them: lines in div, lines in p, lines ended by br. */
const DIVS =
  '<div>Bonjour,</div><div><br></div><div>Oui, le lampadaire est toujours en&nbsp;panne.</div><div><br></div><div>Jeanne Rougon</div>';
const PARAGRAPHS = '<p>Bonjour,</p><p>Oui, le lampadaire est\n toujours en panne.</p>\n<p>Jeanne <b>Rougon</b></p>';
const BREAKS = 'Bonjour,<br><br>Oui, le lampadaire est toujours en panne.<br/><br/>Jeanne Rougon';
const WORD =
  '<p class=MsoNormal><span style="font-size:11.0pt">Bonjour,<o:p></o:p></span></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Oui, le lampadaire est toujours en panne.<o:p/></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Jeanne Rougon</p>';

const QUESTION =
  '<div>Bonjour Madame,</div><div>Le lampadaire est-il toujours en panne ?</div><p>La mairie de Plassans</p>';
const WROTE =
  'Le lun. 6 avr. 2026 à 14:05, Mairie &lt;<a href="mailto:m@plassans.fr">m@plassans.fr</a>&gt; a écrit&nbsp;:';
const HEADERS =
  '<b>De :</b> Mairie de Plassans &lt;m@plassans.fr&gt;<br><b>Envoyé :</b> lundi 6 avril 2026 14:05<br><b>À :</b> Jeanne Rougon<br><b>Objet :</b> Votre demande';

type Case = readonly [client: string, html: string];

/** Each reads ANSWER, and folds the words of the town hall. */
const ANSWERS: readonly Case[] = [
  [
    'Gmail',
    `<div dir="ltr">${DIVS}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">${WROTE}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">${QUESTION}</blockquote></div>`,
  ],
  [
    'Gmail of an older year',
    `<div dir="ltr">${DIVS}</div><div class="gmail_extra"><br><div class="gmail_quote">${WROTE}<br><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">${QUESTION}</blockquote></div><br></div>`,
  ],
  [
    'Gmail with a signature above the quotation',
    `<div dir="ltr">${DIVS}<div><br clear="all"></div><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">Jeanne Rougon<br>12, rue Banne<br>Plassans</div></div><br><div class="gmail_quote"><div class="gmail_attr">${WROTE}</div><blockquote class="gmail_quote">${QUESTION}</blockquote></div>`,
  ],
  [
    'Gmail on Android in a language not known',
    `<div dir="auto">${DIVS}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">D'al Lun, 6 Ebr 2026, 14:05 e skrivas Mairie:<br></div><blockquote class="gmail_quote">${QUESTION}</blockquote></div>`,
  ],
  [
    'Gmail below the quotation',
    `<div class="gmail_quote"><div class="gmail_attr">${WROTE}</div><blockquote class="gmail_quote">${QUESTION}</blockquote></div><div>${DIVS}</div>`,
  ],
  [
    'Outlook',
    `<div class="WordSection1">${WORD}<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">${HEADERS}</p></div></div>${QUESTION}</div>`,
  ],
  [
    'Outlook of an older year',
    `<div class=WordSection1>${WORD}<div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>${HEADERS}</p></div>${QUESTION}</div>`,
  ],
  [
    'Outlook without « À »',
    `<div class=WordSection1>${WORD}<div style='border:none;border-top:solid #B5C4DF 1.0pt'><p class=MsoNormal><b>De :</b> Mairie<br><b>Envoyé :</b> lundi</p></div>${QUESTION}</div>`,
  ],
  [
    'Outlook in a language not known',
    `<div class=WordSection1>${WORD}<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>Digant :</b> Mairie<br><b>Kaset :</b> lundi<br><b>Da :</b> Jeanne</p></div>${QUESTION}</div>`,
  ],
  [
    'Outlook on the web',
    `<div class="elementToProof">${DIVS}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">${HEADERS}</font><div>&nbsp;</div></div><div>${QUESTION}</div>`,
  ],
  [
    'Outlook on the web with a signature',
    `<div class="elementToProof">${DIVS}</div><div class="elementToProof" id="Signature"><p>Jeanne Rougon</p><p>06 12 34 56 78</p></div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">${HEADERS}</div>${QUESTION}`,
  ],
  [
    'Outlook on a telephone',
    `<div dir="auto">${DIVS}</div><div id="ms-outlook-mobile-body-separator-line" dir="auto"><br></div><div id="ms-outlook-mobile-signature" dir="auto">Obtenez <a href="https://aka.ms/o0ukef">Outlook pour iOS</a></div><div id="mail-editor-reference-message-container" dir="auto"><br><hr style="width:98%"><div id="divRplyFwdMsg" dir="auto">${HEADERS}</div>${QUESTION}</div>`,
  ],
  [
    'Outlook on a telephone of an older year',
    `<div>${DIVS}</div><div class="ms-outlook-mobile-signature">Télécharger Outlook pour Android</div><hr id="stopSpelling"><div>${HEADERS}</div>${QUESTION}`,
  ],
  [
    'Outlook for Mac',
    `<div>${DIVS}</div><span id="OLK_SRC_BODY_SECTION"><div style="border-bottom:medium none;border-top:#b5c4df 1pt solid">${HEADERS}</div>${QUESTION}</span>`,
  ],
  [
    'Outlook Express',
    `<div>${DIVS}</div><blockquote style="border-left:#000000 2px solid"><div>----- Original Message -----</div><div>${HEADERS}</div>${QUESTION}</blockquote>`,
  ],
  ['Hotmail', `${BREAKS}<br><br><hr id="stopSpelling">Date: Mon, 6 Apr 2026<br>From: m@plassans.fr<br>${QUESTION}`],
  [
    'Apple Mail',
    `<body style="overflow-wrap: break-word;">${DIVS}<div><br><blockquote type="cite"><div>${WROTE}</div><br class="Apple-interchange-newline"><div>${QUESTION}</div></blockquote></div><br></body>`,
  ],
  [
    'iPhone',
    `<body dir="auto">${DIVS}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Envoyé de mon iPhone</div><div dir="ltr"><br><blockquote type="cite">${WROTE}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">${QUESTION}</div></blockquote></body>`,
  ],
  [
    'iPhone of an older year',
    `${DIVS}<div id="AppleMailSignature"><br>Envoyé de mon iPhone</div><div><br>Le 6 avr. 2026 à 14:05, Mairie <m@plassans.fr> a écrit&nbsp;:<br><br></div><blockquote type="cite"><div>${QUESTION}</div></blockquote>`,
  ],
  [
    'Thunderbird',
    `<p>Bonjour,</p><p>Oui, le lampadaire est toujours en panne.</p><p>Jeanne Rougon<br></p><div class="moz-cite-prefix">Le 06/04/2026 à 14:05, Mairie a écrit&nbsp;:<br></div><blockquote type="cite" cite="mid:1@plassans.fr">${QUESTION}</blockquote>`,
  ],
  [
    'Thunderbird below the quotation',
    `<div class="moz-cite-prefix">Le 06/04/2026 à 14:05, Mairie a écrit&nbsp;:<br></div><blockquote type="cite" cite="mid:1@plassans.fr">${QUESTION}</blockquote>${PARAGRAPHS}`,
  ],
  [
    'Thunderbird with a signature',
    `${PARAGRAPHS}<pre class="moz-signature" cols="72">-- \nJeanne Rougon\n12, rue Banne</pre><div class="moz-cite-prefix">Le 06/04/2026 à 14:05, Mairie a écrit :</div><blockquote type="cite">${QUESTION}</blockquote>`,
  ],
  [
    'Thunderbird, written inside its own mark',
    `<div class="moz-cite-prefix">${BREAKS}<br><br>Le 06/04/2026 à 14:05, Mairie a écrit :<br></div><blockquote type="cite">${QUESTION}</blockquote>`,
  ],
  [
    'Yahoo',
    `<div class="ydp1a2b3c4dyahoo-style-wrap"><div dir="ltr">${DIVS}</div><div><br></div></div><div id="yahoo_quoted_5894033310" class="yahoo_quoted"><div style="font-size:13px"><div>Le lundi 6 avril 2026 à 14:05:12 UTC+2, Mairie &lt;m@plassans.fr&gt; a écrit :</div><div><br></div><div>${QUESTION}</div></div></div>`,
  ],
  [
    'Yahoo, renamed',
    `<div>${DIVS}</div><div class="ydp9b1f0a55signature">Jeanne Rougon<br>Vice-présidente</div><div class="ydp9b1f0a55yahoo_quoted" id="ydp9b1f0a55yahoo_quoted_58">Le lundi 6 avril, Mairie a écrit :${QUESTION}</div>`,
  ],
  [
    'Yahoo on Android',
    `${BREAKS}<br><br><div id="ymail_android_signature"><a href="https://x.fr">Envoyé depuis Yahoo Mail pour Android</a></div> <br> <blockquote style="margin: 0 0 20px 0;"> <div>Le lun., avr. 6, 2026 à 14:05, Mairie</div><div>&lt;m@plassans.fr&gt; a écrit :</div> <div>${QUESTION}</div></blockquote>`,
  ],
  [
    'Zimbra (Free, SFR)',
    `<div style="font-family: arial">${DIVS}<div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>De: </b>"Mairie" &lt;m@plassans.fr&gt;<br><b>À: </b>"Jeanne"<br><b>Envoyé: </b>Lundi 6 Avril 2026 14:05:12<br><b>Objet: </b>Votre demande<br></div><br><div data-marker="__QUOTED_TEXT__">${QUESTION}</div></div>`,
  ],
  [
    'Zimbra with bars',
    `<div>${DIVS}<div data-marker="__SIG_PRE__">Jeanne Rougon, Plassans</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote style="border-left:2px solid #1010FF"><b>De: </b>m@plassans.fr<br><b>À: </b>j<br></blockquote></div><div data-marker="__QUOTED_TEXT__"><blockquote style="border-left:2px solid #1010FF">${QUESTION}</blockquote></div></div>`,
  ],
  [
    'La Poste',
    `<div>${DIVS}</div><br><hr><div><b>De :</b> "Mairie" &lt;m@plassans.fr&gt;<br><b>A :</b> j@laposte.net<br><b>Envoyé:</b> lundi 6 Avril 2026 14:05<br><b>Objet :</b> Votre demande</div><div>${QUESTION}</div>`,
  ],
  [
    'Orange',
    `<p>Bonjour,</p><p>Oui, le lampadaire est toujours en panne.</p><p>Jeanne Rougon</p><br><blockquote style="padding-left:5px;border-left:2px solid #ff6600">&gt; Message du 06/04/26 14:05<br>&gt; De : "Mairie" &lt;m@plassans.fr&gt;<br>&gt; A : j@orange.fr<br>&gt; Objet : Votre demande<br>&gt;<br>${QUESTION}</blockquote>`,
  ],
  [
    'Orange, the newer webmail',
    `${DIVS}<div><br></div><div>envoyé : 6 avril 2026 à 14:05<br>de : Mairie &lt;m@plassans.fr&gt;<br>à : j@orange.fr<br>objet : Votre demande</div><br>${QUESTION}`,
  ],
  [
    'Proton',
    `<div style="font-family: Arial">${DIVS}</div><div class="protonmail_signature_block" style="font-family: Arial"><div class="protonmail_signature_block-user protonmail_signature_block-empty"></div><div class="protonmail_signature_block-proton">Envoyé avec la messagerie sécurisée <a href="https://proton.me">Proton Mail.</a></div></div><div class="protonmail_quote">Le lundi 6 avril 2026 à 14:05, Mairie &lt;m@plassans.fr&gt; a écrit :<br><blockquote class="protonmail_quote" type="cite">${QUESTION}</blockquote><br></div>`,
  ],
  [
    'Roundcube',
    `${PARAGRAPHS}<p id="reply-intro">Le 2026-04-06 14:05, Mairie a écrit&nbsp;:</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid; margin: 0"><div id="replybody1">${QUESTION}</div></blockquote><div id="_rc_sig"></div>`,
  ],
  [
    'BlueMind',
    `<div>${DIVS}</div><div data-bm-signature="a9cbedd6"><div>-- <br></div>Jeanne Rougon</div><div>Le lun. 6 avr. 2026 à 14:05, Mairie &lt;m@plassans.fr&gt; a écrit :<blockquote type="cite">${QUESTION}</blockquote></div>`,
  ],
  [
    'Zoho',
    `<div>${DIVS}</div><div id="Zm-_Id_-Sgn">Jeanne Rougon</div><div class="zmail_extra"><br>---- Le lun., 06 avr. 2026 14:05:12 +0200 Mairie &lt;m@plassans.fr&gt; a écrit ----<br><blockquote id="blockquote_zmail">${QUESTION}</blockquote></div>`,
  ],
  [
    'Tutanota',
    `<div>${DIVS}</div><div><br></div><div>6 avr. 2026, 14:05 par m@plassans.fr :<br></div><blockquote class="tutanota_quote" style="border-left: 1px solid #93A3B8">${QUESTION}</blockquote>`,
  ],
  [
    'Mail.ru',
    `<div>${DIVS}</div><div data-signature-widget="container"><div data-signature-widget="content">--<br>Jeanne</div></div><blockquote style="border-left:1px solid #0857A6" type="cite">Lundi 6 avril 2026, 14:05 +02:00 de Mairie &lt;m@plassans.fr&gt;:<br>${QUESTION}</blockquote>`,
  ],
  [
    'Yandex',
    `<div>${DIVS}</div><div>&nbsp;</div><div>06.04.2026, 14:05, "Mairie" &lt;m@plassans.fr&gt;:</div><blockquote>${QUESTION}</blockquote>`,
  ],
  [
    'Samsung',
    `${DIVS}<div><br></div><div id="composer_signature"><div dir="auto">Envoyé depuis mon appareil Galaxy</div></div><div><br></div><div dir="ltr"><!-- originalMessage --><div>-------- Message d'origine --------</div><div>De : Mairie &lt;m@plassans.fr&gt; </div><div>Date : 06/04/2026 14:05 (GMT+01:00) </div><div>À : j@rougon.fr </div><div>Objet : Votre demande </div><div><br></div></div>${QUESTION}`,
  ],
  [
    'K-9 Mail',
    `<!DOCTYPE html><html><body dir="auto">${DIVS}<br><br><div class="k9mail-signature">-- <br>Envoyé depuis mon Android avec K-9 Mail.</div><div class="gmail_quote">Le 6 avril 2026 14:05:12 GMT+02:00, Mairie &lt;m@plassans.fr&gt; a écrit&nbsp;:<blockquote class="gmail_quote">${QUESTION}</blockquote></div></body></html>`,
  ],
  [
    'FairEmail',
    `<div>${DIVS}</div><div fairemail="signature">Jeanne</div><div fairemail="reference"><p>6 avr. 2026 14:05:12 Mairie &lt;m@plassans.fr&gt;:</p><blockquote style="border-left:3px solid #ccc">${QUESTION}</blockquote></div>`,
  ],
  [
    'our own mail, answered by a program that marks nothing',
    `${DIVS}<p>— Merci de répondre au-dessus de cette ligne —</p>${QUESTION}`,
  ],
];

describe('what the town hall sees of an answer in HTML', () => {
  const scores = { right: 0 };
  test.each(ANSWERS)('the quotation is folded: %s', (_, html) => {
    const { text, reply } = htmlToWords(html);
    expect(reply.text).toBe(ANSWER);
    expect(reply.elided).toContain('La mairie de Plassans');
    expect(text).toContain('La mairie de Plassans');
    scores.right += 1;
  });

  test('their score', () => {
    process.stdout.write(`own French HTML: ${scores.right}/${ANSWERS.length} replies\n`);
    expect(ANSWERS.length).toBeGreaterThanOrEqual(40);
  });

  test.each([
    [
      'Gmail',
      '<div dir="ltr">Voici :</div><div class="gmail_quote"><div class="gmail_attr">Le lun. 6 avr. 2026 à 14:05, M &lt;m@x.fr&gt; a écrit :</div><blockquote class="gmail_quote">Quelle rue ?</blockquote><div>Rue Banne.</div><blockquote class="gmail_quote">Quel numéro ?</blockquote><div>Le 12.</div></div>',
    ],
    [
      'Thunderbird',
      '<p>Voici :</p><div class="moz-cite-prefix">Le 06/04/2026 à 14:05, M a écrit :</div><blockquote type="cite">Quelle rue ?</blockquote><p>Rue Banne.</p><blockquote type="cite">Quel numéro ?</blockquote><p>Le 12.</p>',
    ],
    [
      'Zimbra',
      '<div>Voici :</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__QUOTED_TEXT__"><blockquote>Quelle rue ?</blockquote>Rue Banne.<blockquote>Quel numéro ?</blockquote>Le 12.</div>',
    ],
  ])('answers between quotations are kept, with what they answer: %s', (_, html) => {
    const { text } = htmlToWords(html).reply;
    expect(text.replaceAll(/\n(?:-----\n)?(?:>?\n)*/g, '\n')).toBe(
      'Voici :\n> Quelle rue ?\nRue Banne.\n> Quel numéro ?\nLe 12.',
    );
  });

  test.each([
    ['a quotation alone', '<blockquote type="cite">Bonjour Madame</blockquote>', '> Bonjour Madame'],
    ['a signature alone', '<div class="gmail_signature">Jeanne<br>Rougon</div>', 'Jeanne\nRougon'],
    [
      'words written inside the signature of a telephone',
      `<div dir="auto"><br></div><div id="ms-outlook-mobile-signature">Oui, merci.</div><hr><div id="divRplyFwdMsg">${HEADERS}</div>Allô ?`,
      'Oui, merci.',
    ],
  ])('somebody’s only words are shown: %s', (_, html, shown) => {
    expect(htmlToWords(html).reply.text).toBe(shown);
  });

  test('a forward without a word above it is shown whole', () => {
    const { reply } = htmlToWords(
      `<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">${HEADERS}</div><div>Allô ?</div>`,
    );
    expect(reply.text).toContain('Allô ?');
    expect(reply.text).toContain('Mairie de Plassans <m@plassans.fr>');
  });

  test('Gmail forwards below some words: they alone are the person’s', () => {
    const html = `<div dir="ltr">${DIVS}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>De : <strong class="gmail_sendername" dir="auto">Mairie</strong> <span dir="auto">&lt;<a href="mailto:m@x.fr">m@x.fr</a>&gt;</span><br>Date: lun. 6 avr. 2026 à 14:05<br>Subject: Panne<br>To: J &lt;j@x.fr&gt;<br></div><br><br>${QUESTION}</div>`;
    expect(htmlToWords(html).reply.text).toBe(ANSWER);
  });

  test('a web form is not a quotation', () => {
    const fields = '<b>Nom :</b> Rougon<br><b>Adresse :</b> 12, rue Banne<br><b>Message :</b> une panne';
    const html = `<p>Nouvelle demande</p><div style="border-top: 1px solid #cccccc">${fields}</div>`;
    expect(htmlToWords(html).reply.text).toBe(
      'Nouvelle demande\n\nNom : Rougon\nAdresse : 12, rue Banne\nMessage : une panne',
    );
  });

  test('lines drawn in a letter are not a quotation', () => {
    const letter =
      '<p>Premier point.</p><hr><p>Deuxième point, qui est plus long.</p><div style="border-top:solid #E1E1E1 1.0pt"><p>Troisième point.</p></div><p>Merci.</p>';
    expect(htmlToWords(letter).reply.text).toBe(
      'Premier point.\n\n-----\n\nDeuxième point, qui est plus long.\n\nTroisième point.\n\nMerci.',
    );
  });
});

describe('HTML to plain text', () => {
  test.each([
    ['divs', DIVS, ANSWER],
    ['paragraphs', PARAGRAPHS, ANSWER],
    ['line breaks', BREAKS, ANSWER],
    ['Word', WORD, ANSWER],
    ['headings', '<h1>Titre</h1><p>Mot</p>', 'Titre\n\nMot'],
    [
      'a list',
      '<p>Il manque :</p><ul><li>un acte</li><li><p>une photo</p></li></ul>',
      'Il manque :\n\n- un acte\n- une photo',
    ],
    ['a numbered list', '<ol><li>un<li>deux<ul><li>encore</ul></ol>', '1. un\n2. deux\n  - encore'],
    [
      'a table',
      '<table><tr><th>Rue</th><th>N°</th></tr><tr><td>Banne</td><td>12</td></tr></table>',
      'Rue\tN°\nBanne\t12',
    ],
    [
      'a table of Word',
      '<table><tr><td><p>Sujet : </p></td><td><p>Panne</p></td></tr><tr><td><p>De : </p></td><td><p>J</p></td></tr></table>',
      'Sujet : Panne\nDe : J',
    ],
    ['a layout table', '<table><tr><td><div>a</div><div>b</div></td><td><div>c</div></td></tr></table>', 'a\nb\nc'],
    ['preformatted words', '<pre>a\n  b\n\nc</pre>', 'a\n  b\n\nc'],
    ['a link', '<a href="https://plassans.fr">Le site</a>', 'Le site'],
    ['an image', 'a<img src="x" alt="logo">b', 'ab'],
    ['what is not words', '<head><title>t</title><style>p{}</style></head><script>x()</script><!-- c -->mot', 'mot'],
    ['conditional comments', '<!--[if mso]><p>non</p><![endif]--><![if !mso]>oui<![endif]>', 'oui'],
    [
      'a preview text',
      '<div style="display:none !important">non</div><span style="font-size:0px">non</span>oui',
      'oui',
    ],
    [
      'a layout that takes its size back',
      '<div style="font-size:0">non<div style="font-size:14px">oui</div></div>',
      'oui',
    ],
    ['hidden words', '<p hidden>non</p><p style="MSO-HIDE: all">non</p><p style="visibility:hidden">non</p>oui', 'oui'],
    [
      'entities',
      'l&rsquo;&eacute;t&eacute; &#233; &#x20AC; &lt;b&gt; &amp;amp; &unknown;',
      'l’été é € <b> &amp; &unknown;',
    ],
    ['white space', '  a \n\t b<b> c</b>&nbsp;&nbsp;d  ', 'a b c  d'],
    ['an address that was not escaped', 'De : Jeanne <jeanne@rougon.fr> hier', 'De : Jeanne <jeanne@rougon.fr> hier'],
    ['nested quotations', 'a<blockquote>b<blockquote>c</blockquote></blockquote>d', 'a\n\n> b\n>\n> > c\n\nd'],
    ['indented words', '<blockquote style="margin:0 0 0 40px;border:none">a</blockquote>', 'a'],
    ['stray ends', '</td></p></div>a</b></html>b', 'ab'],
    ['names of the language', '<constructor>a</constructor><tostring>b</tostring>', 'ab'],
    [
      'plain text that claims to be HTML',
      'Bonjour,\n\nle <jeanne@rougon.fr>\nMerci',
      'Bonjour,\n\nle <jeanne@rougon.fr>\nMerci',
    ],
    ['nothing', '', ''],
  ])('%s', (_, html, text) => {
    expect(htmlToWords(html).text).toBe(text);
  });
});

const PIECES = [
  '<div>',
  '</div>',
  '<p>',
  '<br>',
  '<blockquote type=cite>',
  '</blockquote>',
  '<table><tr><td>',
  '<td>',
  '</table>',
  '<li>',
  '</ul>',
  '<hr id=zwchr>',
  '<div id=appendonsend>',
  '<div class=gmail_quote>',
  '<div class=gmail_attr>',
  '<i class=gmail_signature>',
  '<div class=yahoo_quoted>',
  '<pre>',
  'Bonjour ',
  'De : x@y.fr<br>Envoyé : lundi<br>À : z<br>Objet : o<br>',
  '&nbsp;',
  '-- ',
  '\n',
  'Le 6 avr. 2026 à 14:05, X a écrit :',
  '<x@y.fr>',
  '— Merci de répondre au-dessus de cette ligne —',
  '<b hidden>',
  '</b>',
  '\0',
  '\ud800',
];

test('whatever the marks, no word is lost and somebody’s only words are shown', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }), (pieces) => {
      const { text, reply } = htmlToWords(pieces.join(''));
      expect(sortedLines(`${reply.text}\n${reply.elided}`)).toEqual(sortedLines(text));
      expect(reply.text.trim() === '').toBe(text.trim() === '');
    }),
    { numRuns: 2_000 },
  );
});

function sortedLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '>')
    .toSorted();
}

describe('hostile HTML of one megabyte', () => {
  test.each([
    '<div>',
    '<b>',
    '<table>',
    '<table><tr><td>',
    '<td>x',
    '<ul><li>a',
    '<blockquote>a<br>',
    '<blockquote type=cite>a:</blockquote>',
    '<div>a@b.c 12:30:<blockquote type=cite>',
    '<div class=gmail_attr>a:b<br>',
    '<div style="border-top:solid #E1E1E1 1.0pt">De : x<br>',
    '<hr id=zwchr>',
    '<b></i>',
    '</td><td><p></div>x<br>',
    'a<br>',
    '<br>',
    '&nbsp;',
    '&amp;',
    '&',
    '<',
    '<!--',
    '<a x=1 ',
    ' ',
    'é\u200b<br>',
    '<script>',
    '<p class id style>',
    '<pre>\n\n',
  ])('costs no more than its length: %j', (pattern) => {
    const html = pattern.repeat(Math.ceil(1_000_000 / pattern.length));
    const begin = performance.now();
    htmlToWords(html);
    expect(performance.now() - begin).toBeLessThan(HANG_MS);
  });

  test.each([
    ['attributes', `<p ${'x=1 '.repeat(250_000)}>a`],
    ['a style', `<p style="${' '.repeat(999_000)}">a`],
    ['classes', `<p class="${'a '.repeat(499_000)}">a`],
    ['different names', Array.from({ length: 120_000 }, (_, at) => `<x${at}>`).join('')],
    ['unmatched ends', '<b>'.repeat(150_000) + '</i>'.repeat(100_000)],
  ])('costs no more than its length: %s', (_, html) => {
    const begin = performance.now();
    htmlToWords(html);
    expect(performance.now() - begin).toBeLessThan(HANG_MS);
  });
});

test('of more lines than anybody writes, every word is still there', () => {
  const { text } = htmlToWords(`${'mot<br>'.repeat(60_000)}<p>fin</p>`);
  expect(text.match(/mot/g)).toHaveLength(60_000);
  expect(text.endsWith('fin')).toBe(true);
  expect(text.split('\n').length).toBeLessThan(60_000);
});

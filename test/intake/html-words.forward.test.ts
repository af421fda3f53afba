import { describe, expect, test } from 'vitest';
import { parseForwardDate } from '../../src/domain/forward-date.ts';
import { findForward } from '../../src/domain/forward.ts';
import { htmlToWords } from '../../src/intake/html-words.ts';

const NOTE = '<div>Pour vous, je pense.</div><div><br></div><div>Marc Pascal</div>';
const WORDS = '<div>Bonjour,</div><div><br></div><div>Le lampadaire est en panne.</div>';
const ADDRESS = '&lt;<a href="mailto:jeanne@rougon.fr">jeanne@rougon.fr</a>&gt;';

type Case = readonly [client: string, html: string];

const FORWARDS: readonly Case[] = [
  [
    'Gmail',
    `<div dir="ltr">${NOTE}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>De : <strong class="gmail_sendername">Jeanne Rougon</strong> <span dir="auto">${ADDRESS}</span><br>Date: lun. 6 avr. 2026 à 14:05<br>Subject: Panne<br>To: &lt;marc@plassans.fr&gt;<br></div><br><br>${WORDS}</div>`,
  ],
  [
    'Outlook',
    `<div class="WordSection1">${NOTE}<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>De&nbsp;:</b> Jeanne Rougon ${ADDRESS} <br><b>Envoyé&nbsp;:</b> lundi 6 avril 2026 14:05<br><b>À&nbsp;:</b> Marc Pascal &lt;marc@plassans.fr&gt;<br><b>Objet&nbsp;:</b> Panne<o:p></o:p></p></div></div><p class="MsoNormal"><o:p>&nbsp;</o:p></p>${WORDS}</div>`,
  ],
  [
    'Outlook on the web',
    `<div class="elementToProof">${NOTE}</div><div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>De :</b> Jeanne Rougon <jeanne@rougon.fr><br><b>Envoyé :</b> lundi 6 avril 2026 14:05<br><b>À :</b> Marc Pascal<br><b>Objet :</b> Panne</font><div>&nbsp;</div></div>${WORDS}`,
  ],
  [
    'Apple Mail',
    `${NOTE}<div><br><blockquote type="cite"><div>Début du message réexpédié :</div><br class="Apple-interchange-newline"><div><span><b>De: </b></span><span>Jeanne Rougon ${ADDRESS}<br></span></div><div><b>Objet: </b><b>Panne</b><br></div><div><b>Date: </b>6 avril 2026 à 14:05:00 UTC+2<br></div><div><b>À: </b>marc@plassans.fr<br></div><br>${WORDS}</blockquote></div>`,
  ],
  [
    'iPhone',
    `${NOTE}<div dir="ltr"><br>Début du message transféré :<br><br></div><blockquote type="cite"><div dir="ltr"><b>De:</b> Jeanne Rougon ${ADDRESS}<br><b>Date:</b> 6 avril 2026 à 14:05:00 UTC+2<br><b>À:</b> marc@plassans.fr<br><b>Objet:</b> <b>Panne</b><br><br></div></blockquote><blockquote type="cite">${WORDS}</blockquote>`,
  ],
  [
    'Thunderbird',
    `${NOTE}<div class="moz-forward-container"><br><br>-------- Message transféré --------<table class="moz-email-headers-table" cellspacing="0"><tbody><tr><th nowrap valign="BASELINE" align="RIGHT">Sujet : </th><td>Panne</td></tr><tr><th>Date : </th><td>Mon, 6 Apr 2026 14:05:00 +0200</td></tr><tr><th>De : </th><td>Jeanne Rougon <a href="mailto:jeanne@rougon.fr">&lt;jeanne@rougon.fr&gt;</a></td></tr><tr><th>Pour : </th><td>marc@plassans.fr</td></tr></tbody></table><br><br>${WORDS}</div>`,
  ],
  [
    'Zimbra',
    `<div>${NOTE}<div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>De: </b>"Jeanne Rougon" ${ADDRESS}<br><b>À: </b>marc@plassans.fr<br><b>Envoyé: </b>Lundi 6 Avril 2026 14:05:00<br><b>Objet: </b>Panne<br></div><br><div data-marker="__QUOTED_TEXT__">${WORDS}</div></div>`,
  ],
  [
    'Yahoo',
    `<div>${NOTE}</div><div id="ydp1yahoo_quoted_1" class="yahoo_quoted"><div>----- Message transféré -----</div><div><b>De :</b> Jeanne Rougon ${ADDRESS}</div><div><b>À :</b> marc@plassans.fr</div><div><b>Envoyé :</b> lundi 6 avril 2026 à 14:05:00 UTC+2</div><div><b>Objet :</b> Panne</div><div><br></div>${WORDS}</div>`,
  ],
  [
    'Proton',
    `<div>${NOTE}</div><div class="protonmail_quote">------- Message transféré -------<br>De : Jeanne Rougon ${ADDRESS}<br>Date : Le lundi 6 avril 2026 à 14:05<br>Objet : Panne<br>À : marc@plassans.fr<br><br><blockquote class="protonmail_quote" type="cite">${WORDS}</blockquote></div>`,
  ],
  [
    'Orange',
    `${NOTE}<br><blockquote style="border-left:2px solid #ff6600">&gt; Message du 06/04/26 14:05<br>&gt; De : "Jeanne Rougon" ${ADDRESS}<br>&gt; A : marc@plassans.fr<br>&gt; Objet : Panne<br>&gt;<br>&gt; Bonjour,<br>&gt;<br>&gt; Le lampadaire est en panne.</blockquote>`,
  ],
];

describe('a mail forwarded in HTML', () => {
  test.each(FORWARDS)('gives back the original and the note: %s', (_, html) => {
    const words = htmlToWords(html);
    const found = findForward(words.text);
    expect(found).toMatchObject({
      before: 'Pour vous, je pense.\n\nMarc Pascal',
      from: { name: 'Jeanne Rougon', address: 'jeanne@rougon.fr' },
      subject: 'Panne',
      text: 'Bonjour,\n\nLe lampadaire est en panne.',
    });
    expect(parseForwardDate(found?.date ?? '')?.toISOString()).toBe('2026-04-06T12:05:00.000Z');
    expect(words.reply.text).toBe('Pour vous, je pense.\n\nMarc Pascal');
  });
});

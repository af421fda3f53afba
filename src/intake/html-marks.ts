import type { Attributes } from './html-tags.ts';

/** How mail programs mark, in HTML, what the person did not write; names as they are found in mail. */

export type Mark =
  /** A signature, with what separates it. */
  | 'signature'
  /** An earlier message: nothing in it is the person's. */
  | 'quoted'
  /** From here on, unless a blockquote follows, everything is an earlier message. */
  | 'stop'
  /** « Le … a écrit : », or the copied headers of a forward. */
  | 'attribution'
  /** A line drawn above what may be copied headers. */
  | 'ruled';

export function markOf(name: string, attributes: Attributes): Mark | undefined {
  if (name === 'signature') return 'signature';
  if (attributes.size === 0) return undefined;
  return (
    markOfId(attributes.get('id')) ??
    markOfClass(attributes.get('class')) ??
    markOfOther(attributes) ??
    (RULED.test(attributes.get('style') ?? '') ? 'ruled' : undefined)
  );
}

// Outlook desktop writes « border-top:solid #E1E1E1 1.0pt »; on the web « 1pt solid rgb(225, 225, 225) ». Other lines are
// those of letters and of web forms.
const RULED =
  /border-top\s*:\s*(?:solid\s+#?\w{3,12}\s+1\.0pt|[^;]{0,20}(?:#e1e1e1|#b5c4df|225, ?225, ?225|181, ?196, ?223))/i;

const IDS: ReadonlyMap<string, Mark> = new Map([
  // Outlook on the web and on telephones. Its « body-separator-line » is no mark: people write in it and below it.
  ['divRplyFwdMsg', 'stop'],
  ['appendonsend', 'stop'],
  ['mail-editor-reference-message-container', 'quoted'],
  ['ms-outlook-mobile-signature', 'signature'],
  ['Signature', 'signature'],
  // Hotmail, and Outlook for Mac.
  ['stopSpelling', 'stop'],
  ['OLK_SRC_BODY_SECTION', 'quoted'],
  ['MAC_OUTLOOK_SIGNATURE', 'signature'],
  ['AppleMailSignature', 'signature'],
  ['ymail_android_signature', 'signature'],
  // Zimbra: Free, La Poste, Orange and SFR of some years.
  ['zwchr', 'stop'],
  // Roundcube, BlueMind, Samsung, Zoho, Mail.ru.
  ['reply-intro', 'attribution'],
  ['_rc_sig', 'signature'],
  ['composer_signature', 'signature'],
  ['Zm-_Id_-Sgn', 'signature'],
  ['mail-app-auto-default-signature', 'signature'],
]);

const CLASSES: ReadonlyMap<string, Mark> = new Map([
  ['gmail_attr', 'attribution'],
  ['gmail_quote_attribution', 'attribution'],
  ['gmail_signature', 'signature'],
  ['gmail_signature_prefix', 'signature'],
  ['moz-cite-prefix', 'attribution'],
  ['moz-forward-container', 'stop'],
  ['moz-signature', 'signature'],
  ['moz-txt-sig', 'signature'],
  ['yahoo_quoted', 'quoted'],
  ['yahoo-signature', 'signature'],
  ['protonmail_signature_block', 'signature'],
  ['tutanota_signature', 'signature'],
  ['zmail_extra', 'quoted'],
  ['zmail_signature_below', 'signature'],
  ['ms-outlook-mobile-reference-message', 'quoted'],
  ['ms-outlook-mobile-signature', 'signature'],
  ['OutlookMessageHeader', 'stop'],
  ['alimail-quote', 'quoted'],
  ['freshdesk_quote', 'quoted'],
  ['quotedReply', 'quoted'],
  ['js-compose-signature', 'signature'],
  ['io-ox-signature', 'signature'],
  ['k9mail-signature', 'signature'],
  ['edo-signature', 'signature'],
  ['front-signature', 'signature'],
]);

const OTHERS: ReadonlyMap<string, ReadonlyMap<string, Mark>> = new Map([
  [
    'data-marker',
    new Map<string, Mark>([
      ['__DIVIDER__', 'stop'],
      ['__HEADERS__', 'stop'],
      ['__QUOTED_TEXT__', 'stop'],
      ['__SIG_PRE__', 'signature'],
      ['__SIG_POST__', 'signature'],
    ]),
  ],
  ['data-signature-widget', new Map<string, Mark>([['container', 'signature']])],
  [
    'name',
    new Map<string, Mark>([
      ['messageSignatureSection', 'signature'],
      // GMX.
      ['quote', 'quoted'],
    ]),
  ],
  ['title', new Map<string, Mark>([['beforequote:::', 'stop']])],
  ['fairemail', new Map<string, Mark>([['signature', 'signature']])],
]);

function markOfId(id: string | undefined): Mark | undefined {
  if (id === undefined) return undefined;
  const mark = IDS.get(id);
  if (mark !== undefined) return mark;
  // Yahoo renames its own marks: « ydp9b1f0a55yahoo_quoted_5894033310 ».
  if (/^(?:ydp[0-9a-f]*)?yahoo_quoted/.test(id)) return 'quoted';
  if (/^(?:ydp[0-9a-f]*)?(?:yahoo[-_])?signature$/.test(id) || id.startsWith('bloop_sign')) return 'signature';
  return undefined;
}

function markOfClass(classes: string | undefined): Mark | undefined {
  if (classes === undefined || classes === '') return undefined;
  for (const one of classes.slice(0, 500).split(/\s+/)) {
    const mark = CLASSES.get(one.startsWith('ydp') ? one.replace(/^ydp[0-9a-f]{6,12}/, '') : one);
    if (mark !== undefined) return mark;
    if (/^ydp.*signature$/.test(one)) return 'signature';
  }
  return undefined;
}

function markOfOther(attributes: Attributes): Mark | undefined {
  if (attributes.has('data-bm-signature')) return 'signature';
  for (const [attribute, marks] of OTHERS) {
    const value = attributes.get(attribute);
    const mark = value === undefined ? undefined : marks.get(value);
    if (mark !== undefined) return mark;
  }
  return undefined;
}

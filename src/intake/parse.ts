import { createHash } from 'node:crypto';
import { compile } from 'html-to-text';
import { simpleParser, type AddressObject, type Attachment, type ParsedMail } from 'mailparser';
import { splitReply, type SplitReply } from '../domain/reply-text.ts';
import { isPlausibleAddress, type MailAddress, type ReceivedEmail } from '../domain/received-email.ts';

/** A file of an email. */
export interface ReceivedFile {
  fileName: string;
  contentType: string;
  sha256: string;
  inline: boolean;
  content: Uint8Array;
}

export interface ParsedEmail {
  email: ReceivedEmail;
  /** What the person wrote, and what was cut from it. */
  reply: SplitReply;
  files: ReceivedFile[];
}

/** mailparser's own conversions cost a factor of four and overflow the stack on deep HTML (html-to-text without limits). */
const OPTIONS = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipImageLinks: true,
  skipTextLinks: true,
  keepDeliveryStatus: true,
} as const;

const MAX_HTML_CHARS = 1_000_000;
const MAX_TEXT_CHARS = 1_000_000;
const MAX_HEADER_VALUES = 50;
const MAX_HEADER_CHARS = 8_000;

const htmlToText = compile({
  wordwrap: false,
  limits: { maxDepth: 100, maxChildNodes: 20_000, maxInputLength: MAX_HTML_CHARS, ellipsis: '' },
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'skip' },
    { selector: 'blockquote', options: { trimEmptyLines: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});

/**
 * Raw bytes of an RFC 5322 message to plain values.
 * @throws when the parser gives up; the caller keeps the raw mail for a human
 */
export async function parseEmail(raw: Buffer): Promise<ParsedEmail> {
  const mail = await simpleParser(raw, OPTIONS);
  const headers = headersOf(mail);
  const text = textOf(mail).slice(0, MAX_TEXT_CHARS);
  return {
    reply: splitReply(text),
    email: {
      messageId: mail.messageId ?? '',
      inReplyTo: messageIds(headers.get('in-reply-to')),
      references: messageIds(headers.get('references')).slice(-50),
      from: addresses(mail.from),
      recipients: recipientsOf(mail, headers),
      subject: (mail.subject ?? '').replace(/\s+/g, ' ').trim().slice(0, 500),
      text,
      headers,
    },
    files: mail.attachments.map(fileOf),
  };
}

function textOf(mail: ParsedMail): string {
  if (mail.text !== undefined && mail.text.trim() !== '') return mail.text;
  if (typeof mail.html !== 'string') return '';
  return htmlToText(mail.html.slice(0, MAX_HTML_CHARS));
}

function fileOf(attachment: Attachment, index: number): ReceivedFile {
  const content = attachment.content;
  return {
    fileName: safeFileName(attachment.filename, attachment.contentType, index),
    contentType: attachment.contentType.slice(0, 100),
    sha256: createHash('sha256').update(content).digest('hex'),
    inline: attachment.related || attachment.contentDisposition === 'inline',
    content,
  };
}

/** The name is only ever shown and offered again: no path, no control or direction character, at most 150 bytes. */
export function safeFileName(name: string | undefined, contentType: string, index: number): string {
  const base = (name ?? '')
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .split(/[/\\]/)
    .at(-1)
    ?.replace(/[<>:"|?*]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  if (!base || /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i.test(base)) {
    const extension = /^[a-z]+\/([a-z0-9]{2,5})$/.exec(contentType)?.[1];
    return `piece-${index + 1}${extension ? `.${extension.replace('jpeg', 'jpg')}` : ''}`;
  }
  const extension = /\.[^.]{1,10}$/.exec(base)?.[0] ?? '';
  let stem = base.slice(0, base.length - extension.length);
  while (Buffer.byteLength(stem + extension) > 150) stem = Array.from(stem).slice(0, -1).join('');
  return stem + extension;
}

/** Those that some rule reads. */
const KEPT_HEADERS = new Set(
  [
    'auto-submitted return-path content-type precedence x-autoreply x-autorespond x-autoresponse',
    'x-fc-machinegenerated x-post-messageclass x-auto-response-suppress authentication-results',
    'list-id list-unsubscribe list-post list-help in-reply-to references',
    'delivered-to x-original-to envelope-to x-envelope-to x-forwarded-to',
  ].flatMap((names) => names.split(' ')),
);

function headersOf(mail: ParsedMail): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const { key, line } of mail.headerLines) {
    if (!KEPT_HEADERS.has(key)) continue;
    const values = headers.get(key) ?? [];
    if (values.length === 0) headers.set(key, values);
    if (values.length < MAX_HEADER_VALUES) values.push(unfolded(line).slice(0, MAX_HEADER_CHARS));
  }
  return headers;
}

function unfolded(line: string): string {
  return line
    .slice(line.indexOf(':') + 1)
    .replace(/\r?\n/g, '')
    .trim();
}

function addresses(field: AddressObject | AddressObject[] | undefined): MailAddress[] {
  const objects = field === undefined ? [] : Array.isArray(field) ? field : [field];
  return objects
    .flatMap(({ value }) => value.flatMap((entry) => entry.group ?? [entry]))
    .slice(0, 200)
    .map((entry) => {
      const address = (entry.address ?? '').trim().toLowerCase();
      const name = entry.name
        .replace(/[\p{Cc}\p{Cf}]/gu, '')
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, 200);
      return { name, address: isPlausibleAddress(address) ? address : '' };
    });
}

/** A signed address may stand in any of them: servers move it around when they expand aliases. */
function recipientsOf(mail: ParsedMail, headers: ReadonlyMap<string, string[]>): string[] {
  const envelope = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-forwarded-to'];
  const fromEnvelope = envelope.flatMap((name) => headers.get(name) ?? []).map((value) => value.replace(/[<>\s]/g, ''));
  const fromFields = [...addresses(mail.to), ...addresses(mail.cc)].map(({ address }) => address);
  return [...new Set([...fromFields, ...fromEnvelope.map((address) => address.toLowerCase())])].filter(Boolean);
}

function messageIds(values: readonly string[] | undefined): string[] {
  return (values ?? []).flatMap((value) => value.match(/<[^<>\s]{1,500}>/g) ?? []);
}

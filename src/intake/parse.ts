import { createHash } from 'node:crypto';
import { ROBOT_HEADERS, robotKind, type RobotKind } from '../domain/automatic.ts';
import { readDeliveryReport, type DeliveryReport } from '../domain/delivery-report.ts';
import { safeFileName } from '../domain/file-name.ts';
import { parseForwardDate } from '../domain/forward-date.ts';
import { findForward, isForwardSubject } from '../domain/forward.ts';
import type { HeaderView, ReceivedEmail } from '../domain/received-email.ts';
import { splitReply, type SplitReply } from '../domain/reply-text.ts';
import { isThumbnail } from '../domain/thumbnail.ts';
import { decodeGuessed } from './charset.ts';
import { doubledFields, headerMap, mailAddresses, messageIds, recipientsOf, senders } from './email-fields.ts';
import { htmlToWords } from './html-words.ts';
import { readMime, type MimeFile, type MimeMail } from './read-mime.ts';

/** From raw bytes to what a mail is and says. Runs in a thread that may be ended. */

export interface ParsedEmail {
  email: ReceivedEmail;
  /** What the person wrote, and what was cut from it. */
  reply: SplitReply;
  files: ReceivedFile[];
  report: DeliveryReport | null;
  robot: RobotKind | null;
  /** The mail that it forwards, if its subject or its parts say that it does. */
  forward: ForwardedEmail | null;
  /** It says that it forwards, whether or not anything could be recovered. */
  isForward: boolean;
  /** It has no field that a mail has: an empty file, a picture. */
  isEmpty: boolean;
}

export interface ReceivedFile {
  fileName: string;
  contentType: string;
  sha256: string;
  inline: boolean;
  content: Uint8Array;
}

export interface ForwardedEmail {
  from: { name: string; address: string } | null;
  /** As it was written; `sentAt` when it could be understood. */
  date: string;
  sentAt: Date | null;
  subject: string;
  text: string;
  /** The forwarder's own words. */
  before: string;
  files: ReceivedFile[];
}

/** Written by machines for machines; what they say is read, and is no piece of a request. */
const MACHINE_PARTS = new Set(['message/disposition-notification', 'message/delivery-status']);

export const MAX_HTML_CHARS = 1_000_000;
const MAX_TEXT_CHARS = 1_000_000;
const MAX_REPORT_PART_BYTES = 65_536;
/** A mail in a mail in a mail: as deep as anybody forwards. */
const MAX_DEPTH = 3;

/** @throws when the parser gives up; the caller keeps the raw mail for a human */
export async function parseEmail(raw: Buffer, depth = 0): Promise<ParsedEmail> {
  const mail = await readMime(raw);
  const { text, reply } = wordsOf(mail, raw);
  const email = emailOf(mail, text);
  const files = mail.attachments.filter(isFile).map(fileOf);
  const parts = reportParts(mail);
  const report = readDeliveryReport({ ...email, parts });
  const robot = robotKind({ ...email, parts });
  const attached = report === null && depth < MAX_DEPTH ? attachedMail(mail) : null;
  const isForward = report === null && (attached !== null || isForwardSubject(email.subject));
  const forward = isForward ? await forwardOf(email, reply, files, attached, depth) : null;
  return {
    email: { ...email, headers: keptHeaders(email.headers) },
    reply,
    files,
    report,
    robot,
    forward,
    isForward,
    isEmpty: isNoMail(mail, text),
  };
}

/** A photo of our own mail, which an answer quotes with the words around it, is no piece: it could be of an internal note. */
function isFile({ contentType, content }: MimeFile): boolean {
  return !MACHINE_PARTS.has(contentType) && !isThumbnail(content);
}

/** Every mail has a sender, a date or a subject (RFC 5322 §3.6); without any, only plain words are still read as one. */
function isNoMail(mail: MimeMail, text: string): boolean {
  return !mail.headerLines.some(({ key }) => ORDINARY_FIELDS.has(key)) && !isWords(text);
}

const ORDINARY_FIELDS = new Set(['from', 'date', 'subject', 'to', 'received', 'message-id', 'content-type']);

function isWords(text: string): boolean {
  const start = text.slice(0, 1_000);
  return start.trim() !== '' && (start.match(/[\p{L}\p{N}\p{P}\s]/gu)?.length ?? 0) > start.length * 0.95;
}

function emailOf(mail: MimeMail, text: string): ReceivedEmail {
  const headers = headerMap(mail.headerLines);
  return {
    messageId: withoutNul(mail.messageId ?? ''),
    inReplyTo: messageIds(headers.get('in-reply-to')),
    references: messageIds(headers.get('references')).slice(-50),
    from: senders(mail.from, headers.get('from')),
    replyTo: mailAddresses(mail.replyTo),
    recipients: recipientsOf(headers),
    subject: oneLine(mail.subject ?? ''),
    text,
    doubledFields: doubledFields(headers),
    headers,
  };
}

/** A subject, however it was folded. */
export function oneLine(text: string): string {
  return withoutNul(text).replace(/\s+/g, ' ').trim().slice(0, 500);
}

/** Those that the rules of routing read: the rest need not travel between threads. */
function keptHeaders(headers: HeaderView): HeaderView {
  return new Map([...headers].filter(([name]) => KEPT_HEADERS.has(name)));
}

const KEPT_HEADERS = new Set([...ROBOT_HEADERS, 'authentication-results', 'date']);

/** The text part says what the HTML says; a mail of HTML alone is read by its structure. */
export function wordsOf(mail: MimeMail, raw: Buffer): { text: string; reply: SplitReply } {
  const isUseless = typeof mail.html === 'string' && mail.text !== undefined && isExcuse(mail.text);
  if (mail.text !== undefined && mail.text.trim() !== '' && !isUseless) {
    const text = withoutNul(mail.text.slice(0, MAX_TEXT_CHARS));
    return { text, reply: splitReply(text) };
  }
  if (typeof mail.html === 'string') return htmlToWords(withoutNul(mail.html.slice(0, MAX_HTML_CHARS)));
  const text = mail.attachments.length === 0 ? strayWords(raw) : '';
  return { text, reply: text === '' ? { text, elided: '' } : splitReply(text) };
}

/** The words of a mail that says it has parts and has none: its boundary never appears. */
function strayWords(raw: Buffer): string {
  const whole = raw.toString('latin1', 0, MAX_TEXT_CHARS);
  const end = /\r?\n\r?\n/.exec(whole);
  const boundary = BOUNDARY.exec(whole.slice(0, end?.index))?.[1];
  if (end === null || boundary === undefined || whole.includes(`--${boundary}`)) return '';
  const text = decodeGuessed(raw.subarray(end.index + end[0].length, MAX_TEXT_CHARS));
  return isWords(text) ? withoutNul(text).trim() : '';
}

const BOUNDARY = /^content-type:\s*multipart\/[^;]{1,40};[^]{0,200}?boundary="?([^"\s;]{1,70})/im;

/** « Votre messagerie ne peut pas afficher ce message au format HTML »: a text part that only says so. */
function isExcuse(text: string): boolean {
  return text.trim().length < 400 && EXCUSE.test(text);
}

const EXCUSE =
  /(?:ne (?:peut|permet|prend|supporte|sait).{0,80}html|html.{0,80}(?:compatible|not supported|capable|enabled)|(?:view|read|voir|lire|afficher) .{0,60}(?:in (?:a|your) browser|dans (?:un|votre) navigateur))/is;

/** No database, page or mail can carry one. */
export function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}

export function fileOf(attachment: MimeFile, index: number): ReceivedFile {
  const { content, contentType } = attachment;
  const extension = EXTENSIONS[contentType] ?? /^[a-z]+\/([a-z0-9]{2,5})$/.exec(contentType)?.[1];
  return {
    fileName: safeFileName(attachment.filename ?? '', `piece-${index + 1}${extension ? `.${extension}` : ''}`),
    contentType: contentType.slice(0, 100),
    sha256: createHash('sha256').update(content).digest('hex'),
    inline: attachment.related || attachment.contentDisposition === 'inline',
    content,
  };
}

const EXTENSIONS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'message/rfc822': 'eml',
  'text/plain': 'txt',
  'text/calendar': 'ics',
  'application/pgp-encrypted': 'asc',
  'application/pgp-signature': 'asc',
  'application/pkcs7-mime': 'p7m',
  'application/pkcs7-signature': 'p7s',
};

function reportParts(mail: MimeMail): { contentType: string; text: string }[] {
  return mail.attachments
    .filter(({ contentType }) => /^(?:message\/|text\/rfc822-headers|text\/calendar)/.test(contentType))
    .map(({ contentType, content }) => ({
      contentType,
      text: content.subarray(0, MAX_REPORT_PART_BYTES).toString('utf8'),
    }));
}

function attachedMail(mail: MimeMail): MimeFile | null {
  return mail.attachments.find(({ contentType }) => contentType === 'message/rfc822') ?? null;
}

/** An attached mail tells more than a quoted one: its own sender, date and pieces. */
async function forwardOf(
  email: ReceivedEmail,
  reply: SplitReply,
  files: ReceivedFile[],
  attached: MimeFile | null,
  depth: number,
): Promise<ForwardedEmail | null> {
  if (attached !== null) {
    const inner = await parseEmail(attached.content, depth + 1);
    const date = inner.email.headers.get('date')?.[0] ?? '';
    const { from, subject } = inner.email;
    const sentAt = parseForwardDate(date);
    return {
      from: from[0] ?? null,
      date,
      sentAt,
      subject,
      text: inner.email.text,
      before: ownWords(reply.text),
      files: inner.files,
    };
  }
  const inline = findForward(email.text);
  if (inline === null) return null;
  const { from, date, subject, text, before } = inline;
  return { from, date, sentAt: parseForwardDate(date), subject, text: unquoted(text), before: ownWords(before), files };
}

/** The forwarder's words without their signature: it may be all that stands there. */
function ownWords(before: string): string {
  const { text } = splitReply(`${STANDS_FIRST}\n\n${before}`);
  return text.slice(STANDS_FIRST.length).trim();
}

/** A word above, so that the scanner need not leave a lone signature for want of anything else. */
const STANDS_FIRST = 'Bonjour,';

/** Some programs quote what they forward. */
function unquoted(text: string): string {
  const lines = text.split('\n');
  const isQuote = lines.every((line) => line.trim() === '' || line.startsWith('>'));
  return isQuote
    ? lines
        .map((line) => line.replace(/^> ?/, ''))
        .join('\n')
        .trim()
    : text;
}

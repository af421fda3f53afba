import { createHash } from 'node:crypto';
import { simpleParser, type Attachment, type ParsedMail } from 'mailparser';
import { ROBOT_HEADERS, robotKind, type RobotKind } from '../domain/automatic.ts';
import { readDeliveryReport, type DeliveryReport } from '../domain/delivery-report.ts';
import { safeFileName } from '../domain/file-name.ts';
import { parseForwardDate } from '../domain/forward-date.ts';
import { findForward, isForwardSubject } from '../domain/forward.ts';
import type { HeaderView, ReceivedEmail } from '../domain/received-email.ts';
import { splitReply, type SplitReply } from '../domain/reply-text.ts';
import { doubledFields, headerMap, mailAddresses, messageIds, recipientsOf } from './email-fields.ts';
import { htmlToWords } from './html-words.ts';

/** The only door to mailparser: from raw bytes to what a mail is and says. Runs in a thread that may be ended. */

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

/** mailparser's own conversions cost a factor of four and overflow the stack on deep HTML. */
const OPTIONS = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipImageLinks: true,
  skipTextLinks: true,
  keepDeliveryStatus: true,
} as const;

const MAX_HTML_CHARS = 1_000_000;
const MAX_TEXT_CHARS = 1_000_000;
const MAX_REPORT_PART_BYTES = 65_536;
/** A mail in a mail in a mail: as deep as anybody forwards. */
const MAX_DEPTH = 3;

/** @throws when the parser gives up; the caller keeps the raw mail for a human */
export async function parseEmail(raw: Buffer, depth = 0): Promise<ParsedEmail> {
  const mail = await simpleParser(raw, OPTIONS);
  const { text, reply } = wordsOf(mail);
  const email = emailOf(mail, text);
  const files = mail.attachments.map(fileOf);
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
    isEmpty: isNoMail(mail),
  };
}

/** Every mail has a sender, a date or a subject (RFC 5322 §3.6). */
function isNoMail(mail: ParsedMail): boolean {
  return !mail.headerLines.some(({ key }) =>
    ['from', 'date', 'subject', 'to', 'received', 'message-id', 'content-type'].includes(key),
  );
}

function emailOf(mail: ParsedMail, text: string): ReceivedEmail {
  const headers = headerMap(mail.headerLines);
  return {
    messageId: mail.messageId ?? '',
    inReplyTo: messageIds(headers.get('in-reply-to')),
    references: messageIds(headers.get('references')).slice(-50),
    from: mailAddresses(mail.from),
    recipients: recipientsOf(headers),
    subject: (mail.subject ?? '').replace(/\s+/g, ' ').trim().slice(0, 500),
    text,
    doubledFields: doubledFields(headers),
    headers,
  };
}

/** Those that the rules of routing read: the rest need not travel between threads. */
function keptHeaders(headers: HeaderView): HeaderView {
  return new Map([...headers].filter(([name]) => KEPT_HEADERS.has(name)));
}

const KEPT_HEADERS = new Set([...ROBOT_HEADERS, 'authentication-results', 'date']);

/** The text part says what the HTML says; a mail of HTML alone is read by its structure. */
function wordsOf(mail: ParsedMail): { text: string; reply: SplitReply } {
  if (mail.text !== undefined && mail.text.trim() !== '') {
    const text = mail.text.slice(0, MAX_TEXT_CHARS);
    return { text, reply: splitReply(text) };
  }
  return typeof mail.html === 'string'
    ? htmlToWords(mail.html.slice(0, MAX_HTML_CHARS))
    : { text: '', reply: { text: '', elided: '' } };
}

function fileOf(attachment: Attachment, index: number): ReceivedFile {
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

const EXTENSIONS: Record<string, string> = { 'image/jpeg': 'jpg', 'message/rfc822': 'eml', 'text/plain': 'txt' };

function reportParts(mail: ParsedMail): { contentType: string; text: string }[] {
  return mail.attachments
    .filter(({ contentType }) => /^(?:message\/|text\/rfc822-headers|text\/calendar)/.test(contentType))
    .map(({ contentType, content }) => ({
      contentType,
      text: content.subarray(0, MAX_REPORT_PART_BYTES).toString('utf8'),
    }));
}

function attachedMail(mail: ParsedMail): Attachment | null {
  return mail.attachments.find(({ contentType }) => contentType === 'message/rfc822') ?? null;
}

/** An attached mail tells more than a quoted one: its own sender, date and pieces. */
async function forwardOf(
  email: ReceivedEmail,
  reply: SplitReply,
  files: ReceivedFile[],
  attached: Attachment | null,
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
      before: reply.text,
      files: inner.files,
    };
  }
  const inline = findForward(email.text);
  if (inline === null) return null;
  const { from, date, subject, text, before } = inline;
  return { from, date, sentAt: parseForwardDate(date), subject, text, before, files };
}

import type { RobotKind } from '../domain/automatic.ts';
import type { DeliveryReport } from '../domain/delivery-report.ts';
import { senderOf, type ReceivedEmail } from '../domain/received-email.ts';
import { withoutLiveLinks } from '../domain/relay.ts';
import { writerThroughForm } from '../domain/web-form.ts';
import type { HeldReason } from '../domain/routing.ts';
import { sha256, type StoredEmail } from '../store/inbound-emails.ts';
import type { NewAttachment } from '../store/write-decisions.ts';
import type { ForwardedEmail, ReceivedFile } from './parse.ts';
import { ParseFailure, type Parser } from './parser.ts';

/** A kept mail, read as far as it can be without the database. */
export interface PreparedEmail {
  stored: StoredEmail;
  /** Null when it cannot be read. */
  email: ReceivedEmail | null;
  /** Why a human must look at it, whatever it says. */
  unreadable: HeldReason | null;
  error: string;
  /** A web site sent what its sender wrote: its address; '' for every other mail. */
  form: string;
  /** What the person wrote, and what was cut. */
  text: string;
  elided: string;
  files: NewAttachment[];
  report: DeliveryReport | null;
  robot: RobotKind | null;
  isForward: boolean;
  /** The mail that it forwards, with its own files. */
  forward: (Omit<ForwardedEmail, 'files'> & { files: NewAttachment[] }) | null;
  messageIdSha: string | null;
  contentSha: string | null;
}

export async function prepareEmail(
  stored: StoredEmail,
  parser: Parser,
  { publicUrl }: { publicUrl: string },
  mailbox: string,
): Promise<PreparedEmail> {
  const blank = {
    stored,
    email: null,
    form: '',
    text: '',
    elided: '',
    files: [],
    report: null,
    robot: null,
    isForward: false,
    forward: null,
  };
  try {
    const { email: written, reply, files, report, robot, forward, isForward, isEmpty } = await parser.parse(stored.raw);
    const writer = writerThroughForm(written);
    // A person who saw it may still say that it is a request.
    const isNoMail = isEmpty && stored.ruling === null;
    const email = writer === null ? written : { ...written, from: [writer] };
    return {
      stored,
      email,
      form: writer === null ? '' : senderOf(written),
      unreadable: stored.verdict === 'too_large' ? 'too_large' : isNoMail ? 'unreadable' : null,
      error: isNoMail ? 'no field of a mail in it' : '',
      text: withoutLiveLinks(reply.text, publicUrl, mailbox),
      elided: withoutLiveLinks(reply.elided, publicUrl, mailbox),
      files: files.map(attachmentOf),
      report,
      robot,
      isForward,
      forward: forward && { ...forward, files: forward.files.map(attachmentOf) },
      messageIdSha: email.messageId === '' ? null : sha256(email.messageId),
      contentSha: email.messageId === '' ? null : sha256(`${email.messageId}|${senderOf(email)}|${email.text.trim()}`),
    };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    return { ...blank, unreadable: 'unreadable', error: error.message, messageIdSha: null, contentSha: null };
  }
}

function attachmentOf({ content, ...file }: ReceivedFile): NewAttachment {
  return { ...file, content: Buffer.from(content.buffer, content.byteOffset, content.byteLength) };
}

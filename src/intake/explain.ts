import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { machineReason } from '../domain/automatic.ts';
import { emailKind, type EmailKind } from '../domain/mail-kind.ts';
import { readReplyAddress } from '../reply-address.ts';
import type { ParsedEmail } from './parse.ts';
import { ParseFailure, type Parser } from './parser.ts';

/** « Pourquoi ? »: what an email is taken for, and every reason, without a database. */
export interface Explanation {
  file: string;
  kind: EmailKind;
  from: string;
  to: readonly string[];
  subject: string;
  /** What the person wrote. */
  text: string;
  /** What was cut from it. */
  elided: string;
  attachments: { name: string; size: number; sha256: string; type: string; inline: boolean }[];
  bounces: { recipient: string; status: string; hard: boolean; originalMessageId: string }[];
  forwarded: { from: string; date: string; subject: string; text: string } | null;
  automatic: boolean;
  reasons: string[];
}

/** A Maildir's files have no ending at all, so what is left out is what is certainly no mail. */
const NO_MAIL = /^\.|^(?:LICEN[CS]E|README|dovecot)|\.(?:json|md|ya?ml|png|jpe?g|gif|pdf|zip|ts|js)$/i;

/** The mails of files and folders (deep), in order of name. `-` is the standard input. */
export async function findMails(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      if (path === '-' || !(await stat(path)).isDirectory()) return [path];
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && !NO_MAIL.test(entry.name));
      return files.map(({ parentPath, name }) => join(parentPath, name)).toSorted();
    }),
  );
  return found.flat();
}

export async function explainFile(file: string, parser: Parser, mailbox: string): Promise<Explanation> {
  return explainRaw(file, file === '-' ? await standardInput() : await readFile(file), parser, mailbox);
}

export async function explainRaw(file: string, raw: Buffer, parser: Parser, mailbox: string): Promise<Explanation> {
  try {
    return explain(file, await parser.parse(raw), mailbox);
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    return { ...UNREADABLE, file, reasons: [`the parser gave up (${error.how}): ${error.message}`] };
  }
}

const UNREADABLE: Omit<Explanation, 'file' | 'reasons'> = {
  kind: 'unreadable',
  from: '',
  to: [],
  subject: '',
  text: '',
  elided: '',
  attachments: [],
  bounces: [],
  forwarded: null,
  automatic: false,
};

function explain(file: string, parsed: ParsedEmail, mailbox: string): Explanation {
  const { email, reply, files, report, robot, forward, isForward, isEmpty } = parsed;
  const signed = email.recipients.find((address) => readReplyAddress(address, mailbox) !== null);
  const { kind, reason } = emailKind({
    isEmpty,
    isReport: report !== null,
    robot,
    hasForward: isForward,
    answersSomething: email.inReplyTo.length > 0 || email.references.length > 0,
    isToSignedAddress: signed !== undefined,
  });
  const machine = machineReason(email);
  return {
    file,
    kind,
    from: email.from[0]?.address ?? '',
    to: email.recipients,
    subject: email.subject,
    text: kind === 'forward' ? (forward?.before ?? reply.text) : reply.text,
    elided: reply.elided,
    attachments: files.map(({ fileName, content, sha256, contentType, inline }) => ({
      name: fileName,
      size: content.length,
      sha256,
      type: contentType,
      inline,
    })),
    bounces: (report?.bounces ?? []).map(({ recipient, status, hard, originalMessageId }) => ({
      recipient,
      status,
      hard,
      originalMessageId,
    })),
    forwarded: forward && {
      from: forward.from?.address ?? '',
      date: forward.sentAt?.toISOString() ?? forward.date,
      subject: forward.subject,
      text: forward.text,
    },
    automatic: kind === 'automatic' || kind === 'bounce',
    reasons: [
      reason,
      ...(machine === null ? [] : [`machine: ${machine}`]),
      ...(email.doubledFields.length > 0 ? [`doubled fields: ${email.doubledFields.join(', ')}`] : []),
      ...(email.from.length === 1 ? [] : [`${email.from.length} senders`]),
      ...(reply.elided === '' ? [] : [`${reply.elided.split('\n').length} lines cut as quotes or signature`]),
      ...(isForward && forward === null ? ['says that it forwards, and nothing could be recovered'] : []),
    ],
  };
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

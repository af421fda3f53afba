import { createTransport, type SendMailOptions } from 'nodemailer';
import { label } from '../template.ts';
import type { Letter, Mailbox } from './mailboxes.ts';
import type { Photo } from './photos.ts';

/** What somebody's mail program makes of what they type. */
export interface Draft {
  to: string;
  subject: string;
  text: string;
  files: readonly Photo[];
  /** The letter it answers: its thread is followed, its text is quoted under the answer. */
  answering: Letter | null;
}

export async function writeLetter(from: Mailbox, draft: Draft, now: Date, timeZone: string): Promise<Buffer> {
  const { answering } = draft;
  const message: SendMailOptions = {
    from: { name: from.name, address: from.address },
    to: draft.to,
    subject: draft.subject,
    date: now,
    text: answering === null ? draft.text : `${draft.text}\n\n${quoted(answering, timeZone)}\n`,
    attachments: draft.files.map(({ fileName, contentType, content }) => ({
      filename: fileName,
      contentType,
      content,
    })),
    ...(answering === null ? {} : threading(answering)),
  };
  const writer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const written = (await writer.sendMail(message)) as { message: Buffer | NodeJS.ReadableStream };
  if (!Buffer.isBuffer(written.message)) throw new Error('the letter was not written into memory');
  return written.message;
}

/** Where an answer goes: Reply-To, else From (RFC 5322 section 3.6.2). */
export function replyToOf({ mail }: Letter): string {
  return (mail.replyTo ?? mail.from)?.value[0]?.address ?? '';
}

export function replySubject({ mail }: Letter): string {
  const subject = mail.subject ?? '';
  return /^re\s*:/i.test(subject) ? subject : `Re: ${subject}`;
}

/** RFC 5322 section 3.6.4. */
function threading({ mail }: Letter): Pick<SendMailOptions, 'inReplyTo' | 'references'> {
  if (mail.messageId === undefined) return {};
  return { inReplyTo: mail.messageId, references: [...[mail.references ?? []].flat(), mail.messageId] };
}

function quoted({ mail, at }: Letter, timeZone: string): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('fr-FR', { timeZone, ...options }).format(mail.date ?? at);
  const intro = label('demo', 'quoteIntro')
    .replace('{day}', format({ dateStyle: 'short' }))
    .replace('{time}', format({ timeStyle: 'short' }))
    .replace('{from}', mail.from?.value[0]?.name || (mail.from?.value[0]?.address ?? ''));
  const lines = (mail.text ?? '').trimEnd().split(/\r?\n/);
  return [intro, ...lines.map((line) => `> ${line}`.trimEnd())].join('\n');
}

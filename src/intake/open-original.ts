import type { OriginalMail } from '../domain/original-mail.ts';
import type { MailAddress } from '../domain/received-email.ts';
import { headerMap, mailAddresses } from './email-fields.ts';
import { choosePictures } from './inline-pictures.ts';
import { fileOf, oneLine, withoutNul, wordsOf, MAX_HTML_CHARS } from './parse.ts';
import { readMime, type MimeMail } from './read-mime.ts';
import { sanitizeMail, type CleanHtml } from './sanitize.ts';

/** Each field is shown on a page: a mail to fifty thousand people names the first ones. */
const MAX_FIELD_CHARS = 2_000;

/**
 * From raw bytes to what may be shown of them. Runs in a thread that may be ended.
 * @throws when the parser gives up
 */
export async function openOriginal(raw: Buffer): Promise<OriginalMail> {
  const mail = await readMime(raw);
  const clean = sanitized(mail);
  const files = mail.attachments.map(fileOf);
  return {
    from: shownAddresses(mail.from),
    to: shownAddresses(mail.to),
    cc: shownAddresses(mail.cc),
    date: dateOf(mail),
    subject: oneLine(mail.subject ?? ''),
    html: clean?.html ?? null,
    text: wordsOf(mail, raw).text,
    files: files.map(({ fileName, content }) => ({ fileName, size: content.length })),
    blockedImages: clean?.blockedImages ?? 0,
  };
}

/** Null when there is nothing to see in it: then the plain words are shown. */
function sanitized(mail: MimeMail): CleanHtml | null {
  if (typeof mail.html !== 'string') return null;
  const clean = sanitizeMail(withoutNul(mail.html.slice(0, MAX_HTML_CHARS)), choosePictures(mail.attachments));
  const isBlank = clean?.html.includes('<img ') !== true && clean?.html.replaceAll(/<[^>]*>/g, '').trim() === '';
  return isBlank ? null : clean;
}

function shownAddresses(field: Parameters<typeof mailAddresses>[0]): string {
  const shown = mailAddresses(field)
    .map(shownAddress)
    .filter((each) => each !== '');
  return shown.join(', ').slice(0, MAX_FIELD_CHARS);
}

function shownAddress({ name, address }: MailAddress): string {
  if (address === '') return name;
  return name === '' ? address : `${name} <${address}>`;
}

/** Not the parser's own reading, which answers « now » for a date that it cannot read. */
function dateOf(mail: MimeMail): Date | null {
  const date = new Date(headerMap(mail.headerLines).get('date')?.[0] ?? '');
  return Number.isNaN(date.getTime()) ? null : date;
}

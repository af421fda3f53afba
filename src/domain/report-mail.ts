import type { HeaderView, MailAddress } from './received-email.ts';

/** An email as the reader of delivery reports needs it. */
export interface ReportMail {
  headers: HeaderView;
  from: readonly MailAddress[];
  subject: string;
  text: string;
  /** Those that are no text, in order: delivery-status, rfc822-headers, message/rfc822, …; at most 64 kB each. */
  parts: readonly { contentType: string; text: string }[];
}

/** The parts of a type, in order. */
export function partsLike(mail: ReportMail, type: RegExp): string[] {
  return mail.parts
    .filter(({ contentType }) => type.test(contentType.toLowerCase()))
    .map(({ text }) => text.slice(0, 65_536));
}

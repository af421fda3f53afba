/** An email as the parser leaves it: plain values, no bytes. */
export interface ReceivedEmail {
  /** With its angle brackets, or ''. */
  messageId: string;
  inReplyTo: readonly string[];
  references: readonly string[];
  from: readonly MailAddress[];
  replyTo: readonly MailAddress[];
  /** Every address it was sent to, by any header: To, Cc, Delivered-To, X-Original-To, Envelope-To. */
  recipients: readonly string[];
  subject: string;
  /** The whole text, quotes and signature included; made from the HTML when there is no text part. */
  text: string;
  /** Fields that stand twice and must not: somebody may have added one. */
  doubledFields: readonly string[];
  headers: HeaderView;
}

export interface MailAddress {
  name: string;
  /** Lower case; '' when it is no valid address. */
  address: string;
}

/** Lower-case header names, each with its unfolded values in order. */
export type HeaderView = ReadonlyMap<string, readonly string[]>;

export function header(headers: HeaderView, name: string): string {
  return headers.get(name)?.[0] ?? '';
}

/** The sender's address; '' when there are several, or none that is valid. */
export function senderOf(email: ReceivedEmail): string {
  return email.from.length === 1 ? (email.from[0]?.address ?? '') : '';
}

/** One '@', a plausible local part, a domain of letters, digits and hyphens: anything stranger is no sender (RFC 5321 §4.1.2). */
export function isPlausibleAddress(address: string): boolean {
  return address.length <= 254 && /^[^\s@<>"(),:;[\]\\]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/.test(address);
}

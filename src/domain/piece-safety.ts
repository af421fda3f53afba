import type { MailKind } from './workflow.ts';

/** What the antivirus says of a piece, and what may then be done with it. */

export type PieceScan = 'off' | 'pending' | 'clean' | 'infected' | 'unscannable';

/** Only these leave, on a page or in a mail: whatever else is written of a piece holds it back. */
export function isServable(scan: string): boolean {
  return scan === 'clean' || scan === 'off';
}

/** Which mails bring the pieces of their message to an office that wants them attached, or to the citizen. */
export function carriesPieces(kind: MailKind): boolean {
  return CARRIERS.has(kind);
}

const CARRIERS: ReadonlySet<MailKind> = new Set<MailKind>([
  'new_request',
  'transferred',
  'reply_received',
  'internal_message',
  'mention',
  'message',
  'answer',
]);

/**
 * How long such a mail stays for the sake of its pieces. An office finds them behind its link, so that an antivirus out of
 * order holds up no work; a citizen has nothing but the mail. Shorter than the shortest series of tries.
 */
export function scanPatienceMs(toRole: string): number {
  return toRole === 'citizen' ? 4 * 3_600_000 : 2 * 60_000;
}

import type { MailKind } from './workflow.ts';

/** Which mails may leave at all, and which need not wait for their turn. */

/** What the town hall says of all its mails. */
export interface OutgoingRules {
  /** How long a recipient's server may say « not now ». */
  giveUpAfterSeconds: number;
  /** Addresses and `@domains`, in lower case; empty: anybody. */
  onlyTo: readonly string[];
  /** None: as fast as the server takes them. */
  atMostPerMinute?: number | undefined;
  /** A folder instead of a server. */
  writeTo?: string | undefined;
}

export type Withholding = 'own_mailbox' | 'pilot';

/** The town hall never writes to its own mailbox, whatever was decided (a loop); in a pilot, to nobody off the list. */
export function withheldBecause(toAddress: string, onlyTo: readonly string[], mailbox: string): Withholding | null {
  const address = toAddress.toLowerCase();
  if (withoutTag(address) === mailbox.toLowerCase()) return 'own_mailbox';
  const isListed = onlyTo.some((entry) => (entry.startsWith('@') ? address.endsWith(entry) : address === entry));
  return onlyTo.length === 0 || isListed ? null : 'pilot';
}

/** mairie+2026-000021.k3f@plassans.fr reaches the mailbox too (RFC 5233). */
function withoutTag(address: string): string {
  return address.replace(/\+[^@]*(?=@)/, '');
}

/**
 * Mails of one request leave to one address in the order in which they were decided. Not these: somebody waits for them
 * before a page, and what they say does not depend on what was said before.
 */
export const OUT_OF_TURN: readonly MailKind[] = ['code', 'receipt', 'fresh_link', 'follow_link', 'my_requests'];

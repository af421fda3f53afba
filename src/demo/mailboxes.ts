import { type ParsedMail, simpleParser } from 'mailparser';
import type { Town } from '../domain/people.ts';

/** What everybody but the town hall has received and sent, in memory. */

export type Side = 'citizen' | 'desk' | 'department' | 'agent' | 'supervisor';

export interface Mailbox {
  id: string;
  side: Side;
  name: string;
  address: string;
  /** In order of arrival. */
  letters: Letter[];
}

export interface Letter {
  id: number;
  direction: 'received' | 'sent';
  /** By the demo's clock. */
  at: Date;
  raw: Buffer;
  mail: ParsedMail;
  isRead: boolean;
}

/** The two citizens of the stories, then everybody the config names. */
export function openMailboxes(town: Town): Mailbox[] {
  const owners: Omit<Mailbox, 'letters'>[] = [
    { id: 'nora', side: 'citizen', name: 'Nora Lemaire', address: 'nora@example.org' },
    { id: 'paul', side: 'citizen', name: 'Paul Girard', address: 'paul@example.org' },
    { id: 'desk', side: 'desk', name: town.desk.name, address: town.desk.address },
    ...town.departments.map(({ id, name, address }) => ({ id, side: 'department' as const, name, address })),
    ...town.agents.map(({ name, address }) => ({ id: idFor(address), side: 'agent' as const, name, address })),
    ...[...town.supervisors, ...(town.administrator ? [town.administrator] : [])].map(({ name, address }) => ({
      id: idFor(address),
      side: 'supervisor' as const,
      name,
      address,
    })),
  ];
  const seen = new Set<string>();
  const distinct = owners.filter(({ address }) => !seen.has(address) && seen.add(address));
  return distinct.map((owner) => ({ ...owner, letters: [] }));
}

/** Whoever is written to has a mailbox: an address that nobody expected gets one. */
export function mailboxOf(mailboxes: Mailbox[], address: string): Mailbox {
  const found = mailboxes.find((mailbox) => mailbox.address === address);
  if (found !== undefined) return found;
  const opened: Mailbox = { id: idFor(address), side: 'citizen', name: address, address, letters: [] };
  mailboxes.push(opened);
  return opened;
}

export async function putLetter(
  mailbox: Mailbox,
  direction: Letter['direction'],
  raw: Buffer,
  at: Date,
): Promise<Letter> {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipTextLinks: true });
  const letter = { id: mailbox.letters.length + 1, direction, at, raw, mail, isRead: direction === 'sent' };
  mailbox.letters.push(letter);
  return letter;
}

export function unreadCount({ letters }: Mailbox): number {
  return letters.filter(({ isRead }) => !isRead).length;
}

function idFor(address: string): string {
  return address.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

import { accountFailure, within, type AccountFailure } from '../account-failure.ts';
import type { MailAccount } from '../config.ts';
import { connectionTo } from './mailbox.ts';

/** The mailbox as `check` finds it: looked at, nothing is created, read or moved. */
export interface MailboxReport {
  /** Mails are taken when they arrive. */
  hasIdle: boolean;
  hasMove: boolean;
  isEncrypted: boolean;
  hasFolder: boolean;
  /** In INBOX now: the next start makes requests of them. */
  waiting: number;
}

export async function tryMailbox(
  account: MailAccount,
  folder: string,
  deadlineMs: number,
): Promise<MailboxReport | AccountFailure> {
  const client = connectionTo(account);
  client.on('error', () => undefined);
  try {
    return await within(deadlineMs, look());
  } catch (error) {
    return accountFailure(error);
  } finally {
    client.close();
  }

  async function look(): Promise<MailboxReport> {
    await client.connect();
    const folders = await client.list();
    const inbox = await client.status('INBOX', { messages: true });
    return {
      hasIdle: client.capabilities.has('IDLE'),
      hasMove: client.capabilities.has('MOVE'),
      isEncrypted: client.secureConnection,
      hasFolder: folders.some(({ path, name }) => path === folder || name === folder),
      waiting: inbox === false ? 0 : (inbox.messages ?? 0),
    };
  }
}

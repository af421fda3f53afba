import { createTransport, type SendMailOptions } from 'nodemailer';
import { isLoopback, type MailAccount } from '../config.ts';
import { accountFailure, within, type AccountFailure } from '../account-failure.ts';
import type { Sent } from '../store/delivery-marks.ts';

/** Where mails go: a server, or a folder. */
export interface Transport {
  send(message: SendMailOptions, mail: { id: string; kind: string }): Promise<Sent>;
  close(): void;
}

/** The SMTP server. One recipient per message: with several, some refused, nodemailer resolves as if nothing was wrong. */
export function openTransport(account: MailAccount): Transport {
  const transporter = createTransport({ pool: true, maxConnections: 4, maxMessages: 200, ...serverOf(account) });
  return {
    send: async (message) => ({ state: 'sent', response: (await transporter.sendMail(message)).response }),
    close: () => transporter.close(),
  };
}

function serverOf(account: MailAccount) {
  return {
    host: account.host,
    port: account.port,
    secure: account.secure,
    ...(account.secure ? {} : isLoopback(account) ? { ignoreTLS: true } : { requireTLS: true }),
    ...(account.user === '' ? {} : { auth: { user: account.user, pass: account.password } }),
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    socketTimeout: 100_000,
    ...CLOSED,
  };
}

/** Connects, encrypts and logs in as for a mail, and sends none; null when all of it works. */
export async function trySending(account: MailAccount, deadlineMs: number): Promise<AccountFailure | null> {
  const transporter = createTransport(serverOf(account));
  try {
    await within(deadlineMs, transporter.verify());
    return null;
  } catch (error) {
    return accountFailure(error);
  } finally {
    transporter.close();
  }
}

/** The mail as it would travel. */
export async function toBytes(message: SendMailOptions): Promise<Buffer> {
  const transporter = createTransport({ streamTransport: true, buffer: true, newline: 'windows', ...CLOSED });
  return (await transporter.sendMail(message)).message as Buffer;
}

/** A value of a mail is never a path or an address to fetch. */
const CLOSED = { disableFileAccess: true, disableUrlAccess: true } as const;

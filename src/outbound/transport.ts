import { createTransport, type SendMailOptions } from 'nodemailer';
import { isLoopback, type MailAccount } from '../config.ts';

/** The SMTP server. One recipient per message: with several, some refused, nodemailer resolves as if nothing was wrong. */
export interface Transport {
  /** Answers the server's last line. */
  send(message: SendMailOptions): Promise<string>;
  close(): void;
}

/** Why a mail did not leave, and whether it ever will. */
export interface SendFailure {
  isPermanent: boolean;
  /** The server's words, or ours; it may hold an address. */
  answer: string;
}

export function openTransport(account: MailAccount): Transport {
  const transporter = createTransport({
    pool: true,
    maxConnections: 4,
    maxMessages: 200,
    host: account.host,
    port: account.port,
    secure: account.secure,
    ...(account.secure ? {} : isLoopback(account) ? { ignoreTLS: true } : { requireTLS: true }),
    ...(account.user === '' ? {} : { auth: { user: account.user, pass: account.password } }),
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    socketTimeout: 100_000,
    // A value of a mail is never a path or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (message) => (await transporter.sendMail(message)).response,
    close: () => transporter.close(),
  };
}

/** By meaning (RFC 5321 §4.2.1): 5xx on the mail is final; a wrong password or a broken connection is ours to mend. */
export function classifyFailure(error: unknown): SendFailure {
  const { code, command, permanent, response, message } = error as SmtpError;
  const isOurs = command === 'CONN' || OUR_TROUBLE.has(code ?? '');
  return { isPermanent: permanent === true && !isOurs, answer: (response ?? message ?? 'no answer').slice(0, 500) };
}

const OUR_TROUBLE = new Set([
  'EAUTH',
  'ENOAUTH',
  'EOAUTH2',
  'ETLS',
  'EREQUIRETLS',
  'ECONNECTION',
  'ETIMEDOUT',
  'ESOCKET',
  'EDNS',
]);

interface SmtpError {
  code?: string;
  command?: string;
  /** nodemailer ≥ 10.2: undefined when the network failed. */
  permanent?: boolean;
  response?: string;
  message?: string;
}

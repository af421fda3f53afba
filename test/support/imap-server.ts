export type ImapServer = {
  software: 'dovecot' | 'hoodiecrow';
  host: string;
  port: number;
  /** The users are the addresses given at the start; they share this password. */
  password: string;
  /** Into INBOX, as a mail server does it; `at` becomes the internal date. */
  deliver(user: string, raw: Buffer | string, at?: Date): Promise<void>;
  /** The raw mails of a folder, oldest first; none when there is no such folder. */
  list(user: string, folder: string): Promise<Buffer[]>;
  /** What a migrated or restored server does: the folder gets a new UIDVALIDITY. */
  forgetUids(user: string, folder: string): Promise<void>;
  /** SIGKILL, nothing said to the clients. The mail stays; `restart` brings it back. */
  kill(): Promise<void>;
  /** Same port, same mail. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { MailAccount } from '../config.ts';
import { HOST } from './ports.ts';

/** The town hall's mailbox: a real IMAP server in memory, which tells a waiting client what arrives (IDLE). */
export interface TownMailbox {
  account: MailAccount;
  deliver(raw: Buffer, at: Date): void;
  /** How many mails nobody has taken yet. */
  waiting(): number;
  stop(): Promise<void>;
}

interface Hoodiecrow {
  server: Server;
  getMailbox(path: string): { messages: unknown[] } | undefined;
  appendMessage(folder: string, flags: string[], internalDate: Date, raw: string): void;
}

const PLUGINS = ['ID', 'IDLE', 'MOVE', 'UIDPLUS', 'UNSELECT', 'SPECIAL-USE', 'NAMESPACE', 'LITERALPLUS', 'ENABLE'];
const PASSWORD = 'open-sesame';

export async function startTownMailbox(user: string): Promise<TownMailbox> {
  const hoodiecrow = createRequire(import.meta.url)('hoodiecrow-imap') as (options: object) => Hoodiecrow;
  const imap = hoodiecrow({
    plugins: PLUGINS,
    users: { [user]: { password: PASSWORD } },
    storage: { INBOX: {}, '': { separator: '/', folders: {} } },
  });
  const sockets = new Set<Socket>();
  imap.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  imap.server.listen(0, HOST);
  await once(imap.server, 'listening');
  const { port } = imap.server.address() as AddressInfo;
  return {
    account: { host: HOST, port, secure: false, user, password: PASSWORD },
    deliver: (raw, at) => imap.appendMessage('INBOX', [], at, raw.toString('latin1')),
    waiting: () => imap.getMailbox('INBOX')?.messages.length ?? 0,
    stop: async () => {
      const closed = once(imap.server, 'close');
      imap.server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

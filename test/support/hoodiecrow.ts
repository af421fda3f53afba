import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Server, Socket } from 'node:net';
import { freePort } from './free-port.ts';
import type { ImapServer } from './imap-server.ts';

const require = createRequire(import.meta.url);
const hoodiecrow = require('hoodiecrow-imap') as (options: object) => Hoodiecrow;
const login = require('hoodiecrow-imap/lib/commands/login.js') as CommandHandler;

const HOST = '127.0.0.1';
const PASSWORD = 'open-sesame';
const PLUGINS = ['ID', 'IDLE', 'MOVE', 'UIDPLUS', 'UNSELECT', 'SPECIAL-USE', 'NAMESPACE', 'LITERALPLUS', 'ENABLE'];

type Message = { uid: number; raw: string };
type Folder = { messages: Message[]; uidvalidity: number; uidnext: number };
type NotifyListener = (notice: unknown) => void;
type Connection = { server: Hoodiecrow; _notificationCallback: NotifyListener };
type CommandHandler = (connection: Connection, parsed: LoginCommand, line: string, done: () => void) => void;
type LoginCommand = { attributes?: { value: string }[] };
type Hoodiecrow = {
  server: Server;
  getMailbox(path: string): Folder | undefined;
  appendMessage(folder: string, flags: string[], internalDate: Date, raw: string): void;
  setCommandHandler(command: string, handler: CommandHandler): void;
  on(event: 'notify', listener: NotifyListener): void;
  removeListener(event: 'notify', listener: NotifyListener): void;
};

/** The same in process and in memory, for machines without Dovecot. */
export async function startHoodiecrow(users: string[]): Promise<ImapServer> {
  const boxes = new Map(users.map((user) => [user, openBox(user)]));
  let front = openFront(boxes);
  const sockets = new Set<Socket>();
  const port = await freePort();
  await listen(front, sockets, port);
  const folderOf = (user: string, name: string) => boxes.get(user)?.getMailbox(wireName(name));

  async function close(): Promise<void> {
    if (!front.server.listening) return;
    front.server.close();
    for (const socket of sockets) socket.destroy();
    await once(front.server, 'close');
  }

  return {
    software: 'hoodiecrow',
    host: HOST,
    port,
    password: PASSWORD,
    async deliver(user, raw, at = new Date()) {
      boxes.get(user)?.appendMessage('INBOX', [], at, Buffer.from(raw).toString('latin1'));
    },
    async list(user, name) {
      return (folderOf(user, name)?.messages ?? []).map(({ raw }) => Buffer.from(raw, 'latin1'));
    },
    async forgetUids(user, name) {
      const folder = folderOf(user, name);
      if (folder === undefined) return;
      folder.uidvalidity += 1;
      for (const [index, message] of folder.messages.entries()) message.uid = index + 1;
      folder.uidnext = folder.messages.length + 1;
    },
    kill: close,
    async restart() {
      await close();
      front = openFront(boxes);
      await listen(front, sockets, port);
    },
    stop: close,
  };
}

function openBox(user: string): Hoodiecrow {
  return hoodiecrow({
    plugins: PLUGINS,
    users: { [user]: { password: PASSWORD } },
    storage: { INBOX: {}, '': { separator: '/', folders: {} } },
  });
}

// RFC 3501 section 5.1.3: on the wire, a folder name is in a UTF-7 of its own. hoodiecrow keeps it as it came.
function wireName(name: string): string {
  return name.replaceAll('&', '&-').replaceAll(/[^\x20-\x7e]+/g, (accented) => {
    const base64 = Buffer.from(accented, 'utf16le').swap16().toString('base64');
    return `&${base64.replaceAll('=', '').replaceAll('/', ',')}-`;
  });
}

// hoodiecrow shows one and the same storage to everybody. Each user has a server of their own, which never listens; the one
// that does hands a connection over at LOGIN.
function openFront(boxes: Map<string, Hoodiecrow>): Hoodiecrow {
  const front = hoodiecrow({ plugins: PLUGINS, users: {} });
  front.setCommandHandler('LOGIN', (connection, parsed, line, done) => {
    const box = boxes.get(parsed.attributes?.[0]?.value ?? '');
    if (box !== undefined) {
      connection.server.removeListener('notify', connection._notificationCallback);
      connection.server = box;
      box.on('notify', connection._notificationCallback);
    }
    login(connection, parsed, line, done);
  });
  return front;
}

async function listen(front: Hoodiecrow, sockets: Set<Socket>, port: number): Promise<void> {
  front.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  front.server.listen(port, HOST);
  await once(front.server, 'listening');
}

import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import type { ImapServer } from './imap-server.ts';
import { type OrdinaryUser, ordinaryUser, temporaryFolder } from './ordinary-user.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { until } from './until.ts';

const BINARY = '/usr/sbin/dovecot';
const HOST = '127.0.0.1';
const PASSWORD = 'open-sesame';
const START_TIMEOUT_MS = 15_000;

/** A real Dovecot on the loopback, with a Maildir per user in a temporary folder. Null when it is not installed. */
export async function startDovecot(users: string[]): Promise<ImapServer | null> {
  if (!existsSync(BINARY)) return null;
  const folder = await temporaryFolder('dovecot');
  const port = await freePort();
  const account = ordinaryUser();
  const config = join(folder, 'dovecot.conf');
  await writeFile(config, configuration(folder, port, account));
  await writeFile(join(folder, 'passwd'), users.map((user) => `${user}:{PLAIN}${PASSWORD}\n`).join(''));
  for (const user of users) await makeMaildir(folder, user, account);
  let dovecot = await run(config, folder, port);

  return {
    software: 'dovecot',
    host: HOST,
    port,
    password: PASSWORD,
    deliver: (user, raw, at) => deliver(maildir(folder, user, 'INBOX'), raw, at, account),
    list: (user, name) => readMaildir(maildir(folder, user, name)),
    forgetUids: (user, name) => removeIndexes(maildir(folder, user, name)),
    kill: () => dovecot.kill(),
    async restart() {
      if (!dovecot.hasExited()) await dovecot.stop('SIGTERM');
      dovecot = await run(config, folder, port);
    },
    // Nothing is kept, and a polite stop takes Dovecot a second.
    async stop() {
      await dovecot.kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

// Everything Dovecot writes is under the folder, and every process is the same ordinary user: no chroot, no system account.
function configuration(folder: string, port: number, { uid, gid, name, group }: OrdinaryUser): string {
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
protocols = imap
listen = ${HOST}
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = ${name}
default_internal_group = ${group}
default_login_user = ${name}
first_valid_uid = 1
mail_location = maildir:~/Maildir:UTF-8
mail_fsync = never
mail_max_userip_connections = 1000
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/passwd
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
`;
}

async function run(config: string, folder: string, port: number): Promise<ServerProcess> {
  const dovecot = startServer(BINARY, ['-F', '-c', config], join(folder, 'stderr.log'));
  await until(`Dovecot to listen (see ${folder}/*.log)`, START_TIMEOUT_MS, async () => {
    if (dovecot.hasExited()) throw new Error(`Dovecot ended at once:\n${await logsOf(folder)}`);
    return greets(port);
  });
  return dovecot;
}

async function logsOf(folder: string): Promise<string> {
  const logs = ['dovecot.log', 'stderr.log'].map((name) => readFile(join(folder, name), 'utf8').catch(() => ''));
  return (await Promise.all(logs)).join('');
}

async function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.once('data', (greeting) => {
      socket.destroy();
      resolve(greeting.toString().startsWith('* OK'));
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

function maildir(folder: string, user: string, name: string): string {
  const inbox = join(folder, 'mail', user, 'Maildir');
  return name.toUpperCase() === 'INBOX' ? inbox : join(inbox, `.${name}`);
}

async function makeMaildir(folder: string, user: string, { uid, gid }: OrdinaryUser): Promise<void> {
  const inbox = maildir(folder, user, 'INBOX');
  await mkdir(inbox, { recursive: true });
  for (const part of ['', 'tmp', 'new', 'cur']) {
    await mkdir(join(inbox, part), { recursive: true });
    await chown(join(inbox, part), uid, gid);
  }
  await chown(join(folder, 'mail'), uid, gid);
  await chown(join(folder, 'mail', user), uid, gid);
}

let delivered = 0;

// The Maildir protocol: written under tmp, then renamed, so that a reader never sees half a mail. The file's time is the internal date.
async function deliver(inbox: string, raw: Buffer | string, at: Date | undefined, user: OrdinaryUser): Promise<void> {
  delivered += 1;
  const name = `${Date.now()}.${process.pid}_${String(delivered).padStart(8, '0')}.test`;
  const draft = join(inbox, 'tmp', name);
  await writeFile(draft, raw);
  await chown(draft, user.uid, user.gid);
  if (at !== undefined) await utimes(draft, at, at);
  await rename(draft, join(inbox, 'new', name));
}

async function readMaildir(folder: string): Promise<Buffer[]> {
  const found: { name: string; at: number; raw: Buffer }[] = [];
  for (const path of await mailFiles(folder)) {
    try {
      found.push({ name: path, at: (await stat(path)).mtimeMs, raw: await readFile(path) });
    } catch (failure) {
      // Renamed by Dovecot (flags, or new to cur) while we were reading: what we saw is no longer true, look again.
      if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return readMaildir(folder);
      throw failure;
    }
  }
  return found.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1)).map(({ raw }) => raw);
}

async function mailFiles(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const part of ['new', 'cur']) {
    if (!existsSync(join(folder, part))) continue;
    for (const name of await readdir(join(folder, part))) paths.push(join(folder, part, name));
  }
  return paths;
}

async function removeIndexes(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('dovecot')) await rm(join(folder, name), { force: true });
  }
}

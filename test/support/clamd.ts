import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAtWork, type ClamdAccount } from '../../src/clamd.ts';
import { freePort } from './free-port.ts';
import { missing } from './missing.ts';
import { temporaryFolder } from './ordinary-user.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { until } from './until.ts';

const BINARY = '/usr/sbin/clamd';
const START_TIMEOUT_MS = 15_000;

/** What every antivirus must find (eicar.org). In two halves, so that none finds it in this file. */
export const EICAR = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD', '-ANTIVIRUS-TEST-FILE!$H+H*'].join(''),
);

/** Its only signature: MD5, size, name. */
const SIGNATURES = '44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-File\n';

/** More than this in one stream is refused. */
export const STREAM_MAX_BYTES = 1_048_576;

export interface Clamd {
  account: ClamdAccount;
  /** SIGKILL. `start` brings it back, on the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Suspended: it accepts connections (the kernel does) and answers nothing until it is resumed. */
  suspend(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** Whether tests can start one; says so aloud when not. */
export function hasClamd(): boolean {
  if (existsSync(BINARY)) return true;
  missing('clamd', 'no piece is scanned (apt-get install clamav-daemon)');
  return false;
}

/** A real clamd on the loopback that knows EICAR; it looks as closely as the guide asks, unless it is lenient. */
export async function startClamd({ isLenient = false } = {}): Promise<Clamd> {
  const folder = await temporaryFolder('clamd');
  const account = { host: '127.0.0.1', port: await freePort() };
  const config = join(folder, 'clamd.conf');
  await mkdir(join(folder, 'signatures'));
  await writeFile(join(folder, 'signatures', 'local.hdb'), SIGNATURES);
  await writeFile(config, configuration(folder, account, isLenient ? 'no' : 'yes'));
  let clamd = await run(config, folder, account);
  return {
    account,
    kill: () => clamd.kill(),
    async start() {
      clamd = await run(config, folder, account);
    },
    suspend: () => void process.kill(clamd.pid, 'SIGSTOP'),
    resume: () => void process.kill(clamd.pid, 'SIGCONT'),
    async stop() {
      if (!clamd.hasExited()) await clamd.kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function configuration(folder: string, { host, port }: ClamdAccount, alert: 'yes' | 'no'): string {
  return `
Foreground yes
TCPAddr ${host}
TCPSocket ${port}
DatabaseDirectory ${folder}/signatures
TemporaryDirectory ${folder}
StreamMaxLength ${STREAM_MAX_BYTES}
AlertEncrypted ${alert}
AlertExceedsMax ${alert}
`;
}

async function run(config: string, folder: string, account: ClamdAccount): Promise<ServerProcess> {
  const log = join(folder, 'clamd.log');
  const clamd = startServer(BINARY, ['-c', config], log);
  await until(`clamd to listen (see ${log})`, START_TIMEOUT_MS, async () => {
    if (clamd.hasExited()) throw new Error(`clamd ended at once:\n${await readFile(log, 'utf8')}`);
    return isAtWork(account, AbortSignal.timeout(START_TIMEOUT_MS));
  });
  return clamd;
}

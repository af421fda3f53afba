import { connect } from 'node:net';

/** Asks ClamAV's daemon about bytes, over TCP (clamd(8), « INSTREAM »). It is the only antivirus spoken to. */

export interface ClamdAccount {
  host: string;
  port: number;
}

export interface Finding {
  scan: 'clean' | 'infected' | 'unscannable';
  /** What clamd calls it, or why it could not look inside; null when it is clean. */
  threat: string | null;
}

/** The whole stream is one chunk; one of no bytes ends it. */
const COMMAND = Buffer.from('zINSTREAM\0');
const END = Buffer.alloc(4);

/** @throws when clamd cannot be reached, breaks off, answers with a fault of its own, or not before the deadline */
export async function scan(bytes: Uint8Array, account: ClamdAccount, deadline: AbortSignal): Promise<Finding> {
  try {
    const stream = bytes.length === 0 ? [] : [lengthOf(bytes), bytes];
    return findingOf(await converse([COMMAND, ...stream, END], account, deadline));
  } catch (error) {
    // Beyond its limit clamd says so and hangs up on what we still send: the reset may overtake the words.
    if (await isTooLong(bytes, account, deadline).catch(() => false)) return TOO_LONG;
    throw error;
  }
}

/** Whether it is there and scans: one whose disk is full or whose signatures are damaged still answers a PING. */
export async function isAtWork(account: ClamdAccount, deadline: AbortSignal): Promise<boolean> {
  return scan(Buffer.from('Bonjour'), account, deadline).then(
    (finding) => finding.scan === 'clean',
    () => false,
  );
}

/** Whether it takes what it cannot open for clean, as it does until its settings say otherwise (AlertEncrypted). */
export async function isLenient(account: ClamdAccount, deadline: AbortSignal): Promise<boolean> {
  return (await scan(LOCKED_ZIP, account, deadline)).scan === 'clean';
}

/** A file of 13 bytes under a password. */
const LOCKED_ZIP = Buffer.from(
  'UEsDBBQAAQAAAAAAAAABPOOADQAAAA0AAAABAAAAYQcHBwcHBwcHBwcHBwdQSwECFAAUAAEAAAAAAAAAATzjgA0AAAANAAAAAQAAAAAAAAAAAAAAAAAAAAAAYVBLBQYAAAAAAQABAC8AAAAsAAAAAAA=',
  'base64',
);

const TOO_LONG = { scan: 'unscannable', threat: 'StreamMaxLength' } as const satisfies Finding;

/** Announces the length and sends nothing, so that nothing can be reset. */
async function isTooLong(bytes: Uint8Array, account: ClamdAccount, deadline: AbortSignal): Promise<boolean> {
  return isSizeRefusal(await converse([COMMAND, lengthOf(bytes)], account, deadline));
}

function findingOf(reply: string): Finding {
  if (isSizeRefusal(reply)) return TOO_LONG;
  if (reply === 'stream: OK') return { scan: 'clean', threat: null };
  const [, threat] = /^stream: (.+) FOUND$/.exec(reply) ?? [];
  if (threat === undefined) throw new Error(`clamd answered « ${reply.slice(0, 200)} »`);
  return { scan: isUnopened(threat) ? 'unscannable' : 'infected', threat };
}

function isSizeRefusal(reply: string): boolean {
  return reply.startsWith('INSTREAM size limit exceeded');
}

/** Not a threat: what is under a password, or deeper or larger than clamd looks (AlertEncrypted, AlertExceedsMax). */
function isUnopened(threat: string): boolean {
  return /^Heuristics\.(Encrypted|Limits)\./.test(threat);
}

function lengthOf({ length }: Uint8Array): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(length);
  return prefix;
}

/** Says all of it, then listens until clamd hangs up. An answer ends with a NUL, as the question did. */
async function converse(words: Uint8Array[], { host, port }: ClamdAccount, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect({ host, port, signal });
    const settle = (error: Error) => (reply.endsWith('\0') ? resolve(reply.slice(0, -1)) : reject(error));
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      reply += text;
    });
    socket.on('error', settle);
    socket.on('close', () => settle(new Error('clamd hung up without an answer')));
    for (const word of words) socket.write(word);
    socket.end();
  });
}

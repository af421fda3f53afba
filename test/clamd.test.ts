import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAtWork, isLenient, scan, type ClamdAccount } from '../src/clamd.ts';
import { loadSettings } from '../src/config.ts';
import { EICAR, hasClamd, startClamd, STREAM_MAX_BYTES, type Clamd } from './support/clamd.ts';
import { HANG_MS } from './support/hang.ts';
import { zipOf } from './support/zip.ts';

const soon = () => AbortSignal.timeout(HANG_MS);

describe.skipIf(!hasClamd())('a piece shown to clamd', () => {
  let clamd: Clamd;
  beforeAll(async () => {
    clamd = await startClamd();
  });
  afterAll(() => clamd.stop());

  const CLEAN = { scan: 'clean', threat: null };
  const EICAR_FOUND = { scan: 'infected', threat: 'Eicar-Test-File.UNOFFICIAL' };

  test.each([
    ['words', Buffer.from('Bonjour'), CLEAN],
    ['nothing', Buffer.alloc(0), CLEAN],
    ['just what a stream may hold', randomBytes(STREAM_MAX_BYTES), CLEAN],
    ['a threat', EICAR, EICAR_FOUND],
    ['a threat in a zip in a zip', zipOf('a.zip', zipOf('b.com', EICAR)), EICAR_FOUND],
    [
      'a zip under a password',
      zipOf('salaires.pdf', randomBytes(200), { isEncrypted: true }),
      { scan: 'unscannable', threat: 'Heuristics.Encrypted.Zip' },
    ],
    [
      'a bomb',
      gzipSync(Buffer.alloc(200_000_000)),
      { scan: 'unscannable', threat: expect.stringMatching(/^Heuristics\.Limits\.Exceeded/) as string },
    ],
  ])('%s', async (_what, bytes, finding) => {
    expect(await scan(bytes, clamd.account, AbortSignal.timeout(30_000))).toEqual(finding);
  });

  test('more than a stream may hold, however much more: it could not look inside, every time', async () => {
    for (let more = 1; more < 20_000_000; more += 1_000_000) {
      const finding = await scan(Buffer.alloc(STREAM_MAX_BYTES + more), clamd.account, soon());
      expect(finding).toEqual({ scan: 'unscannable', threat: 'StreamMaxLength' });
    }
  });

  test('a clamd that lets through what it cannot open is known by it', async () => {
    expect(await isLenient(clamd.account, soon())).toBe(false);
    const lenient = await startClamd({ isLenient: true });
    try {
      expect(await isLenient(lenient.account, soon())).toBe(true);
    } finally {
      await lenient.stop();
    }
  });

  test('a clamd that hangs is given up on at the deadline', async () => {
    clamd.suspend();
    try {
      await expect(scan(Buffer.from('Bonjour'), clamd.account, AbortSignal.timeout(200))).rejects.toThrow();
      expect(await isAtWork(clamd.account, AbortSignal.timeout(200))).toBe(false);
    } finally {
      clamd.resume();
    }
    expect(await isAtWork(clamd.account, soon())).toBe(true);
  });

  test('one that is killed with a stream in hand has not said that it is clean', async () => {
    clamd.suspend();
    const scanning = expect(scan(randomBytes(500_000), clamd.account, soon())).rejects.toThrow();
    await clamd.kill();
    await scanning;
    expect(await isAtWork(clamd.account, soon())).toBe(false);
    await expect(scan(Buffer.from('Bonjour'), clamd.account, soon())).rejects.toThrow('ECONNREFUSED');
    await clamd.start();
    expect(await scan(Buffer.from('Bonjour'), clamd.account, soon())).toEqual(CLEAN);
  });
});

describe('only the whole answer « OK » is a yes', () => {
  test.each([
    '',
    'stream: OK',
    'stream: O\0',
    'OK\0',
    'stream: OK FOUN\0',
    'COMMAND READ TIMED OUT ERROR\0',
    'stream: \0',
  ])('%j is none', async (words) => {
    const { account, close } = await listenSaying(words);
    await expect(scan(Buffer.from('Bonjour'), account, soon())).rejects.toThrow(/clamd (hung up|answered)/);
    await close();
  });

  test('and it may come a byte at a time', async () => {
    const { account, close } = await listenSaying('stream: OK\0', 5);
    expect(await scan(Buffer.from('Bonjour'), account, soon())).toEqual({ scan: 'clean', threat: null });
    await close();
  });

  test('but not after the deadline', async () => {
    const { account, close } = await listenSaying('stream: OK\0', 1_000);
    await expect(scan(Buffer.from('Bonjour'), account, AbortSignal.timeout(300))).rejects.toThrow('abort');
    await close();
  });
});

test('which clamd is asked, if any, is said by the environment', () => {
  const clamdOf = (env: Record<string, string>) => {
    const loaded = loadSettings({ ...ENVIRONMENT, ...env });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    return loaded.value.clamd;
  };
  expect(clamdOf({})).toBeNull();
  expect(clamdOf({ CLAMD_HOST: '' })).toBeNull();
  expect(clamdOf({ CLAMD_HOST: 'clamav' })).toEqual({ host: 'clamav', port: 3310 });
  expect(clamdOf({ CLAMD_HOST: 'clamav', CLAMD_PORT: '3311' })).toEqual({ host: 'clamav', port: 3311 });
});

const ENVIRONMENT = {
  IMAP_HOST: 'imap.plassans.fr',
  IMAP_USER: 'mairie@plassans.fr',
  IMAP_PASSWORD: 'the imap password',
  SMTP_HOST: 'smtp.plassans.fr',
  LINK_SECRET: 'mQ2vX8rT5kLw9zBnY4sJd7hGc1fPa6eU',
  PUBLIC_URL: 'https://guichet.plassans.fr/',
};

/** Says the same to whoever has finished speaking, at once or byte by byte. */
async function listenSaying(words: string, everyMs = 0): Promise<{ account: ClamdAccount; close(): Promise<void> }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.resume().on('error', () => undefined);
    socket.on('end', () => {
      if (everyMs === 0) return void socket.end(words);
      const rest = words.split('');
      const drip = setInterval(() => {
        socket.write(rest.shift() ?? '');
        if (rest.length === 0) socket.end();
      }, everyMs);
      socket.on('close', () => clearInterval(drip));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    await once(server, 'close');
  };
  return { account: { host: '127.0.0.1', port }, close };
}

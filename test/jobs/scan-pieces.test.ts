import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signLink } from '../../src/action-link.ts';
import type { ClamdAccount } from '../../src/clamd.ts';
import { PieceScanner } from '../../src/jobs/scan-pieces.ts';
import { filesOf } from '../../src/store/outbound-emails.ts';
import { claim } from '../store/ground.ts';
import { EICAR, hasClamd, startClamd, STREAM_MAX_BYTES, type Clamd } from '../support/clamd.ts';
import { startFakeClamd } from '../support/fake-clamd.ts';
import { freePort } from '../support/free-port.ts';
import { slowRoadTo } from '../support/slow-road.ts';
import { until } from '../support/until.ts';
import { zipOf } from '../support/zip.ts';
import { claimsOf, get, openRequest, startTown, textOf, type TestTown } from '../web/town.ts';

const WAIT_MS = 30_000;
const MINUTE_MS = 60_000;
/** A mail that waits for its pieces is looked at again. */
const LOOKS_AGAIN_MS = 5_000;
/** After this a piece that was tried may be tried again. */
const NEXT_TRY_MS = 3 * MINUTE_MS;

let town: TestTown;
let closers: (() => Promise<unknown>)[];

beforeEach(async () => {
  town = await startTown();
  town.ground.scansPieces = true;
  closers = [() => town.stop()];
});
afterEach(async () => {
  for (const close of closers.toReversed()) await close();
});

describe.skipIf(!hasClamd())('with a real clamd', () => {
  let clamd: Clamd;
  beforeEach(async () => {
    clamd = await startClamd();
    closers.push(() => clamd.stop());
  });

  test('only a piece that was found clean is downloaded, or joined to a mail', async () => {
    const requestId = await openRequest(town, {
      files: [
        file('plan.txt', Buffer.from('Le trou est ici.')),
        file('facture.com', EICAR),
        file('photos.zip', zipOf('photos.zip', zipOf('photo.com', EICAR))),
        file('salaires.zip', zipOf('salaires.pdf', randomBytes(300), { isEncrypted: true })),
        file('film.mov', randomBytes(STREAM_MAX_BYTES + 1)),
      ],
    });
    expect(await scansOf(requestId)).toEqual(Array.from({ length: 5 }, () => 'pending'));
    expect(await downloads(requestId)).toEqual(Array.from({ length: 5 }, () => 503));
    expect(await joined(requestId)).toEqual([]);
    const [waiting] = await opened(requestId);
    expect(textOf(waiting?.html ?? '')).toContain("Cette pièce est en cours d'analyse");
    expect(waiting?.headers.get('retry-after')).toBe('60');

    scanWith(clamd.account);
    await settled(requestId);

    expect(await scansOf(requestId)).toEqual(['clean', 'infected', 'infected', 'unscannable', 'unscannable']);
    expect(await downloads(requestId)).toEqual([200, 403, 403, 403, 403]);
    expect(await joined(requestId)).toEqual(['plan.txt']);
    const pages = (await opened(requestId)).map(({ html }) => textOf(html));
    expect(pages[0]).toBe('Le trou est ici.');
    expect(pages[2]).toContain('Cette pièce est retenue : elle contient un virus');
    expect(pages[3]).toContain("Cette pièce est retenue : l'antivirus n'a pas pu l'analyser");
    expect(logged('piece.held').map(({ threat }) => threat)).toEqual([
      'Eicar-Test-File.UNOFFICIAL',
      'Eicar-Test-File.UNOFFICIAL',
      'Heuristics.Encrypted.Zip',
      'StreamMaxLength',
    ]);
  });

  test('clamd is away: pieces wait; it is said once, then once more after a quarter of an hour', async () => {
    await clamd.kill();
    const requestId = await openRequest(town, { files: [file('plan.txt', Buffer.from('Le trou est ici.'))] });
    scanWith(clamd.account);
    await until('the trouble to be told', WAIT_MS, () => logged('scan.trouble').length === 1);
    town.advance(14 * MINUTE_MS);
    await aRound();
    expect(logged('scan.trouble')).toEqual([{ event: 'scan.trouble', minutes: 0 }]);
    town.advance(2 * MINUTE_MS);
    await until('the alert', WAIT_MS, () => logged('scan.trouble').length === 2);
    await aRound();
    expect(logged('scan.trouble')).toMatchObject([{ minutes: 0 }, { minutes: 16 }]);
    expect(await downloads(requestId)).toEqual([503]);

    await clamd.start();
    await settled(requestId);
    expect(await downloads(requestId)).toEqual([200]);
    expect(logged('scan.resumed')).toHaveLength(1);

    await clamd.kill();
    const later = await openRequest(town, { files: [file('devis.txt', Buffer.from('Le trou se bouche.'))] });
    await until('the trouble to be told again', WAIT_MS, () => logged('scan.trouble').length === 3);
    expect(logged('scan.failed')).toEqual([]);
    expect(await downloads(later)).toEqual([503]);
  });

  test('clamd is killed with a piece in hand: the piece waits, and is scanned when clamd is back', async () => {
    const requestId = await openRequest(town, { files: [file('photo.jpg', randomBytes(900_000))] });
    const road = await slowRoadTo(clamd.account.port, 100_000);
    closers.push(() => road.stop());
    const scanner = scanWith({ host: '127.0.0.1', port: road.port });
    await until('half of it to be with clamd', WAIT_MS, () => road.stuckCount() === 1);
    await clamd.kill();
    await until('the loss to be told', WAIT_MS, () => logged('scan.failed').length === 1);
    await until('the trouble to be told', WAIT_MS, () => logged('scan.trouble').length === 1);
    expect(await downloads(requestId)).toEqual([503]);
    await scanner.stop();

    await clamd.start();
    town.advance(NEXT_TRY_MS);
    scanWith(clamd.account);
    await settled(requestId);
    expect(await downloads(requestId)).toEqual([200]);
  });

  test('a clamd that takes what it cannot open for clean is told of', async () => {
    const lenient = await startClamd({ isLenient: true });
    closers.push(() => lenient.stop());
    scanWith(lenient.account);
    await until('the warning', WAIT_MS, () => logged('antivirus.lenient').length === 1);
  });
});

describe('a clamd that is slow', () => {
  test('about one piece holds up no other; after five tries it is said that it cannot be scanned', async () => {
    const fake = await startFakeClamd((stream) => stream.includes('labyrinthe'));
    closers.push(() => fake.stop());
    const slow = await openRequest(town, { files: [file('labyrinthe.pdf', Buffer.from('labyrinthe'))] });
    const quick = await openRequest(town, { files: [file('plan.txt', Buffer.from('plan'))] });
    scanWith(fake.account, 200);
    await settled(quick);
    for (let tries = 1; tries <= 5; tries += 1) {
      await until(
        `try ${tries}`,
        WAIT_MS,
        () => fake.streams.filter((stream) => stream === 'labyrinthe').length === tries,
      );
      if (tries < 5) expect(await downloads(slow)).toEqual([503]);
      town.advance(NEXT_TRY_MS);
    }
    await settled(slow);
    expect(await scansOf(slow)).toEqual(['unscannable']);
    expect(await downloads([slow, quick])).toEqual([403, 200]);
  });

  test('does not keep Guichet from stopping, and the piece is free for whoever is next', async () => {
    const fake = await startFakeClamd((stream) => stream === 'plan');
    closers.push(() => fake.stop());
    const requestId = await openRequest(town, { files: [file('plan.txt', Buffer.from('plan'))] });
    const scanner = scanWith(fake.account);
    await until('the piece to be in hand', WAIT_MS, () => fake.streams.includes('plan'));
    await scanner.stop();
    const blob = await town.ground.store.db.blob.findFirstOrThrow({ select: { scan: true, scannedAt: true } });
    expect(blob).toEqual({ scan: 'pending', scannedAt: null });
    expect(await downloads(requestId)).toEqual([503]);
  });
});

test('two instances scan each piece once', async () => {
  const fake = await startFakeClamd();
  closers.push(() => fake.stop());
  const names = Array.from({ length: 40 }, (_, i) => `plan ${String(i).padStart(2, '0')}`);
  const requestId = await openRequest(town, { files: names.map((name) => file(name, Buffer.from(name))) });
  scanWith(fake.account);
  scanWith(fake.account);
  await settled(requestId);
  expect(await scansOf(requestId)).toEqual(names.map(() => 'clean'));
  expect(fake.streams.filter((stream) => stream.startsWith('plan')).toSorted()).toEqual(names);
});

test('an antivirus that is switched on looks at the pieces that came before it; switched off, it holds back what it found', async () => {
  town.ground.scansPieces = false;
  const before = await openRequest(town, { files: [file('plan.txt', Buffer.from('plan'))] });
  expect(await scansOf(before)).toEqual(['off']);
  expect(await downloads(before)).toEqual([200]);

  const away = scanWith({ host: '127.0.0.1', port: await freePort() });
  await until('the piece to wait', WAIT_MS, async () => (await scansOf(before))[0] === 'pending');
  expect(await downloads(before)).toEqual([503]);
  await away.stop();

  const found = await openRequest(town, { files: [file('facture.com', EICAR)] });
  await town.ground.store.db.blob.updateMany({ where: { scan: 'off' }, data: { scan: 'infected' } });
  const none = scanWith(null);
  await until('the piece to be let go', WAIT_MS, async () => (await scansOf(before))[0] === 'off');
  expect(await downloads([before, found])).toEqual([200, 403]);
  expect(logged('antivirus.off')).toEqual([{ event: 'antivirus.off' }]);
  await none.stop();
});

describe('a mail that brings pieces', () => {
  test('stays until they are scanned', async () => {
    const requestId = await openRequest(town, { files: [file('plan.txt', Buffer.from('plan'))] });
    const mail = await newRequestMail(requestId);
    expect(await claim(town.ground, mail)).toBeNull();
    const fake = await startFakeClamd();
    closers.push(() => fake.stop());
    scanWith(fake.account);
    await settled(requestId);
    town.advance(LOOKS_AGAIN_MS);
    expect(await claim(town.ground, mail)).toMatchObject({ id: mail, attempts: 1 });
  });

  test('leaves without them when the antivirus is away for long: they are behind its link', async () => {
    const requestId = await openRequest(town, { files: [file('plan.txt', Buffer.from('plan'))] });
    const mail = await newRequestMail(requestId);
    expect(await claim(town.ground, mail)).toBeNull();
    town.advance(2 * MINUTE_MS);
    expect(await claim(town.ground, mail)).toMatchObject({ id: mail });
    expect(await joined(requestId)).toEqual([]);
  });

  test('and another does not wait', async () => {
    const requestId = await openRequest(town, { files: [file('plan.txt', Buffer.from('plan'))] });
    const { id } = await town.ground.store.db.outboundEmail.findFirstOrThrow({
      where: { requestId, kind: 'acknowledgement' },
    });
    expect(await claim(town.ground, id)).toMatchObject({ id });
  });
});

function scanWith(account: ClamdAccount | null, scanMs = WAIT_MS): PieceScanner {
  const scanner = new PieceScanner(town.ground, account, { scanMs, longestPauseMs: 1_000 });
  scanner.start();
  closers.push(() => scanner.stop());
  return scanner;
}

/** Each begins by making the pieces wait that came without an antivirus. */
async function aRound(): Promise<void> {
  const { blob } = town.ground.store.db;
  for (const beginning of ['this round', 'the next']) {
    await blob.updateMany({ data: { scan: 'off' } });
    await until(`${beginning} to begin`, WAIT_MS, async () => (await blob.count({ where: { scan: 'off' } })) === 0);
  }
}

function file(fileName: string, content: Buffer) {
  return { fileName, contentType: 'text/plain', content };
}

async function piecesOf(requestId: string) {
  return town.ground.store.db.attachment.findMany({
    where: { message: { requestId } },
    orderBy: { position: 'asc' },
    select: { id: true, messageId: true, blob: { select: { scan: true } } },
  });
}

async function scansOf(requestId: string): Promise<string[]> {
  return (await piecesOf(requestId)).map(({ blob }) => blob.scan);
}

async function settled(requestId: string): Promise<void> {
  await until('the pieces to be scanned', WAIT_MS, async () => !(await scansOf(requestId)).includes('pending'));
}

/** What the desk sees when it opens each piece. */
async function opened(requestId: string) {
  const claims = await claimsOf(town, requestId, 'desk');
  const pieces = await piecesOf(requestId);
  return Promise.all(pieces.map(({ id }) => get(town, `/f/${signLink('file', { ...claims, act: id }, town.secrets)}`)));
}

async function downloads(requestIds: string | string[]): Promise<number[]> {
  const pages = await Promise.all([requestIds].flat().map(opened));
  return pages.flat().map(({ status }) => status);
}

/** The pieces that a mail with the first message would bring. */
async function joined(requestId: string): Promise<string[]> {
  const [piece] = await piecesOf(requestId);
  return (await filesOf(town.ground, piece?.messageId ?? '', 10_000_000)).map(({ fileName }) => fileName);
}

async function newRequestMail(requestId: string): Promise<string> {
  const where = { requestId, kind: 'new_request' };
  return (await town.ground.store.db.outboundEmail.findFirstOrThrow({ where })).id;
}

function logged(event: string): Record<string, unknown>[] {
  return (town.logged as Record<string, unknown>[]).filter((line) => line['event'] === event);
}

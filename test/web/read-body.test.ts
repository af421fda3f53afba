import { once } from 'node:events';
import { request, type ClientRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HANG_MS } from '../support/hang.ts';
import { until } from '../support/until.ts';
import { actWithFiles, eventsOf, linkOf, openRequest, readForm, startTown, type TestTown } from './town.ts';

/** RELIABILITY S12: what a form may weigh, for whoever holds a link, were it a scanner or a citizen in a rage. */

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());
beforeEach(() => town.advance(11 * 60_000));

const TYPE = 'multipart/form-data; boundary=b';

async function sent(path: string, body: string, type = TYPE): Promise<number> {
  const answer = await fetch(town.url + path, { method: 'POST', body, headers: { 'Content-Type': type } });
  return answer.status;
}

function part(name: string, rest: string): string {
  return `--b\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\nx\r\n`;
}

describe('a form of many parts', () => {
  it.each([
    ['a hundred thousand empty files', part('files', '; filename=""').replace('x\r\n', '\r\n').repeat(100_000)],
    ['a million headers', `--b\r\n${'X: y\r\n'.repeat(1_000_000)}\r\n`],
    ['a name without an end', `--b\r\nContent-Disposition: form-data; name="${'a'.repeat(1_000_000)}`],
  ])('%s: refused before it is parsed', async (_what, body) => {
    const path = await linkOf(town, await openRequest(town), 'desk', 'attach');
    expect(await sent(path, `${body}--b--\r\n`)).toBe(413);
  });

  it('says its boundary as programs do, or is not read', async () => {
    const path = await linkOf(town, await openRequest(town), 'desk', 'attach');
    for (const type of [
      'multipart/form-data',
      `${TYPE}; boundary=c`,
      `multipart/form-data; x="boundary=c"; boundary=b`,
    ]) {
      expect(await sent(path, `${part('nonce', '')}--b--\r\n`, type), type).toBe(400);
    }
  });

  it('more pieces than it takes are refused all together: none is lost unseen', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'attach');
    const pieces = Array.from({ length: 21 }, (_, i) => ({ name: `${i}.txt`, content: 'x' }));
    expect((await actWithFiles(town, path, {}, pieces)).status).toBe(413);
    expect(await eventsOf(town, id)).toEqual(['receive']);
    expect((await actWithFiles(town, path, {}, pieces.slice(1))).status).toBe(303);
  });
});

describe('many large forms at once', () => {
  it('beyond what the memory holds, whoever comes tries again later; then it is taken', async () => {
    const id = await openRequest(town);
    const path = await linkOf(town, id, 'desk', 'attach');
    const stalled = await Promise.all([1, 2, 3].map(async () => stall(path)));
    const pieces = [{ name: 'photo.jpg', content: new Uint8Array(5_000_000) }];
    const send = async () => {
      town.advance(11 * 60_000);
      return (await actWithFiles(town, path, {}, pieces)).status;
    };
    await until('the memory to be full', HANG_MS, async () => (await send()) === 503);
    for (const each of stalled) each.destroy();
    await until('the memory to be free', HANG_MS, async () => (await send()) === 303);
  });
});

/** Twenty of twenty-five megabytes, and then nothing. */
async function stall(path: string): Promise<ClientRequest> {
  await readForm(town, path);
  const headers = { 'Content-Type': TYPE, 'Content-Length': 24_000_000 };
  const stalled = request(`${town.url}${path}`, { method: 'POST', headers });
  stalled.on('error', () => undefined);
  if (!stalled.write(Buffer.alloc(20_000_000))) await once(stalled, 'drain');
  return stalled;
}

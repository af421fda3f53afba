import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_FILES_BYTES } from '../../src/web/read-body.ts';
import {
  act,
  actWithFiles,
  eventsOf,
  get,
  linkOf,
  openRequest,
  PNG,
  startTown,
  textOf,
  type TestTown,
} from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());

const attach = (id: string) => linkOf(town, id, 'desk', 'attach');

async function namesOf(id: string): Promise<string[]> {
  const files = await town.ground.store.db.attachment.findMany({
    where: { message: { requestId: id, kind: 'note' } },
    orderBy: [{ messageId: 'asc' }, { position: 'asc' }],
  });
  return files.map(({ fileName }) => fileName);
}

describe('J24: pieces added by agents', () => {
  it('several at once, each under its own name, opened from the request and given back byte for byte', async () => {
    const id = await openRequest(town);
    const files = [
      { name: 'photo.png', content: new Uint8Array(PNG), type: 'image/png' },
      { name: 'Devis « été ».pdf', content: '%PDF-1.4 x', type: 'application/pdf' },
      { name: 'vide.txt', content: '' },
    ];
    expect((await actWithFiles(town, await attach(id), { comment: 'Deux pièces.' }, files)).status).toBe(303);
    expect(await namesOf(id)).toEqual(['photo.png', 'Devis « été ».pdf']);
    const { html } = await get(town, await linkOf(town, id, 'desk'));
    expect(textOf(html)).toContain('Devis « été ».pdf 10 o');
    const [photo = ''] = [...html.matchAll(/href="(\/f\/[^"]+)"/g)].map(([, path]) => path ?? '');
    const response = await fetch(town.url + photo);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PNG);
  });

  it('the citizen is not told of them', async () => {
    const id = await openRequest(town);
    await actWithFiles(town, await attach(id), {}, [{ name: 'a.txt', content: 'a' }]);
    const mails = await town.ground.store.db.outboundEmail.findMany({ where: { requestId: id, toRole: 'citizen' } });
    expect(mails.map(({ kind }) => kind)).toEqual(['acknowledgement']);
  });

  it('without a piece: 422, and the words are kept', async () => {
    const id = await openRequest(town);
    for (const send of [act(town, await attach(id), { comment: 'Où est-elle ?' })]) {
      const wrong = await send;
      expect(wrong.status).toBe(422);
      expect(wrong.html).toContain('id="fichiers-erreur"');
      expect(wrong.html).toContain('Où est-elle ?</textarea>');
    }
    expect((await actWithFiles(town, await attach(id), {}, [])).status).toBe(422);
    expect(await eventsOf(town, id)).toEqual(['receive']);
  });

  it('25 MB in all: a byte more and nothing is kept, on a page that says so', async () => {
    const id = await openRequest(town);
    const whole = new Uint8Array(MAX_FILES_BYTES);
    const wrong = await actWithFiles(town, await attach(id), {}, [{ name: 'lourd.bin', content: whole }]);
    expect(wrong.status).toBe(413);
    expect(textOf(wrong.html)).toContain('25 Mo');
    const fits = new Uint8Array(MAX_FILES_BYTES - 20_000);
    const good = await actWithFiles(town, await attach(id), {}, [{ name: 'lourd.bin', content: fits }]);
    expect(good.status).toBe(303);
    expect(await eventsOf(town, id)).toEqual(['receive', 'attach']);
  });

  it.each([
    ['C:\\Users\\jeanne\\plan.pdf', 'plan.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['<img src=x onerror=alert(1)>.png', '<img src=x onerror=alert(1)>.png'],
  ])('named %s is kept as %s, and shown harmless', async (name, kept) => {
    const id = await openRequest(town);
    await actWithFiles(town, await attach(id), {}, [{ name, content: 'x' }]);
    expect(await namesOf(id)).toEqual([kept]);
    expect((await get(town, await linkOf(town, id, 'desk'))).html).not.toContain('<img src=x');
  });

  it('a note takes a piece as well, and a piece without a word says enough', async () => {
    const id = await openRequest(town);
    const note = await linkOf(town, id, 'desk', 'note');
    expect((await actWithFiles(town, note, {}, [{ name: 'vu.txt', content: 'vu' }])).status).toBe(303);
    expect(
      (await actWithFiles(town, note, { comment: 'Et encore.' }, [{ name: 'vu2.txt', content: 'vu' }])).status,
    ).toBe(303);
    expect(await namesOf(id)).toEqual(['vu.txt', 'vu2.txt']);
  });

  it('sent where none is asked for: they are left aside', async () => {
    const id = await openRequest(town);
    const hold = await linkOf(town, id, 'desk', 'discard');
    expect((await actWithFiles(town, hold, { confirm: 'yes' }, [{ name: 'a.txt', content: 'a' }])).status).toBe(303);
    expect(await namesOf(id)).toEqual([]);
  });
});

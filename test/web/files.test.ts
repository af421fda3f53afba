import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signLink } from '../../src/action-link.ts';
import { safeFileName } from '../../src/domain/file-name.ts';
import { act, claimsOf, get, linkOf, openRequest, PNG, startTown, type TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());
// A new window for every limit.
beforeEach(() => town.advance(11 * 60_000));

describe('files', () => {
  it('are served to their own request only', async () => {
    const file = { fileName: 'photo.png', contentType: 'image/png', content: PNG };
    const [mine, other] = [await openRequest(town, { files: [file] }), await openRequest(town, { files: [file] })];
    const theirs = await town.ground.store.db.attachment.findFirstOrThrow({ where: { message: { requestId: other } } });
    expect((await get(town, await filePath(mine, theirs.id))).status).toBe(404);
    expect((await get(town, await filePath(mine, 'view'))).status).toBe(404);
    expect((await get(town, await filePath(other, theirs.id))).status).toBe(200);
    const action = (await linkOf(town, other, 'desk')).replace('/a/', '/f/');
    expect((await get(town, action)).status).toBe(404);
  });

  it.each([
    ['photo.png', 'image/png', PNG, 'image/png'],
    ['constat.pdf', 'application/pdf', Buffer.from('%PDF-1.4 x'), 'application/pdf'],
    ['page.pdf', 'application/pdf', Buffer.from('<html><script>1</script>'), 'application/octet-stream'],
    ['logo.svg', 'image/svg+xml', Buffer.from('<svg onload="1"/>'), 'application/octet-stream'],
    ['mot.txt', 'text/plain', Buffer.from('Été'), 'text/plain; charset=utf-8'],
    ['latin.txt', 'text/plain', Buffer.from('Été', 'latin1'), 'application/octet-stream'],
  ])('%s, said to be %s, is downloaded as what it is', async (fileName, contentType, content, type) => {
    const id = await openRequest(town, { files: [{ fileName, contentType, content }] });
    const { id: file } = await town.ground.store.db.attachment.findFirstOrThrow({
      where: { message: { requestId: id } },
    });
    const response = await fetch(town.url + (await filePath(id, file)));
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename=${fileName}`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
  });

  it('die with the holding of a department', async () => {
    const file = { fileName: 'photo.png', contentType: 'image/png', content: PNG };
    const id = await openRequest(town, { files: [file] });
    await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment: 'Pour vous' });
    const { id: attachment } = await town.ground.store.db.attachment.findFirstOrThrow({
      where: { message: { requestId: id } },
    });
    const path = await filePath(id, attachment, 'department:voirie');
    expect((await get(town, path)).status).toBe(200);
    await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'urbanisme', comment: 'Non' });
    expect((await get(town, path)).status).toBe(410);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['a/../b\r\n.svg', 'b.svg'],
    ['\u202efdp.exe', 'fdp.exe'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['C:\\temp\\plan.pdf', 'plan.pdf'],
    ['fin. . ', 'fin'],
    ['', 'piece'],
    ['..', 'piece'],
    [`${'é'.repeat(300)}.pdf`, `${'é'.repeat(73)}.pdf`],
  ])('named %j are saved as %j', (given, safe) => {
    expect(safeFileName(given)).toBe(safe);
  });

  it('keep a name with accents (RFC 6266 §4.3)', async () => {
    const id = await openRequest(town, {
      files: [{ fileName: 'Été « rue ».png', contentType: 'image/png', content: PNG }],
    });
    const { id: file } = await town.ground.store.db.attachment.findFirstOrThrow({
      where: { message: { requestId: id } },
    });
    const { headers } = await get(town, await filePath(id, file));
    expect(headers.get('content-disposition')).toContain("filename*=UTF-8''%C3%89t%C3%A9%20%C2%AB%20rue%20%C2%BB.png");
  });
});

async function filePath(requestId: string, attachment: string, who = 'desk'): Promise<string> {
  return `/f/${signLink('file', await claimsOf(town, requestId, who, attachment), town.secrets)}`;
}

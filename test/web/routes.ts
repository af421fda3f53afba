import { signLink } from '../../src/action-link.ts';
import { longRequest } from './scenes.ts';
import { claimsOf, linkOf, readForm, type TestTown } from './town.ts';
import { expiredLink } from './visits.ts';

/** One address of each route, with what it should answer. */
export async function everyRoute(
  town: TestTown,
): Promise<{ method: string; path: string; body?: string; status: number }[]> {
  const id = await longRequest(town);
  const path = await linkOf(town, id, 'department:voirie', 'accept');
  const file = await town.ground.store.db.attachment.findFirstOrThrow({ where: { message: { requestId: id } } });
  const fileToken = signLink('file', await claimsOf(town, id, 'department:voirie', file.id), town.secrets);
  const nonce = await readForm(town, path);
  const expired = await expiredLink(town);
  return [
    { method: 'GET', path: '/health', status: 200 },
    { method: 'GET', path: '/robots.txt', status: 200 },
    { method: 'GET', path: '/style.css', status: 200 },
    { method: 'GET', path, status: 200 },
    { method: 'HEAD', path, status: 200 },
    { method: 'GET', path: `${path}/dossier.pdf`, status: 200 },
    { method: 'GET', path: `${path}/letter.pdf?event=x`, status: 404 },
    { method: 'GET', path: `/f/${fileToken}`, status: 200 },
    { method: 'GET', path: '/a/damaged', status: 404 },
    { method: 'GET', path: '/f/damaged', status: 404 },
    { method: 'GET', path: '/nulle-part', status: 404 },
    { method: 'GET', path: '/a/%E0%A4%A', status: 400 },
    { method: 'PUT', path, status: 404 },
    { method: 'GET', path: expired, status: 410 },
    { method: 'POST', path: `${expired}/fresh`, body: '', status: 200 },
    { method: 'POST', path, body: 'comment=x', status: 403 },
    { method: 'POST', path, body: `nonce=${nonce}`, status: 422 },
    { method: 'POST', path, body: `comment=${'x'.repeat(70_000)}`, status: 413 },
    { method: 'POST', path, body: `nonce=${nonce}&told=yes`, status: 303 },
  ];
}

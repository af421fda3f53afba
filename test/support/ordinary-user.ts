import { execFileSync } from 'node:child_process';
import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

export type OrdinaryUser = { uid: number; gid: number; name: string; group: string };

/**
 * Whom test servers run as. PostgreSQL and Dovecot's mail processes refuse to be root, and a bare machine has no
 * account made for them: root lends them the one that exists everywhere.
 */
export function ordinaryUser(): OrdinaryUser {
  const { uid, gid, username } = userInfo();
  if (uid !== 0) return { uid, gid, name: username, group: idOf('-gn') };
  return {
    uid: Number(idOf('-u', 'nobody')),
    gid: Number(idOf('-g', 'nobody')),
    name: 'nobody',
    group: idOf('-gn', 'nobody'),
  };
}

export async function temporaryFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `guichet-${prefix}-`));
  const { uid, gid } = ordinaryUser();
  await chown(folder, uid, gid);
  return folder;
}

function idOf(...flags: string[]): string {
  return execFileSync('id', flags, { encoding: 'utf8' }).trim();
}

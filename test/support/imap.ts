import { startDovecot } from './dovecot.ts';
import { startHoodiecrow } from './hoodiecrow.ts';
import type { ImapServer } from './imap-server.ts';
import { missing } from './missing.ts';

export async function startImap(users: string[]): Promise<ImapServer> {
  const dovecot = await startDovecot(users);
  if (dovecot !== null) return dovecot;
  missing('Dovecot', 'hoodiecrow stands in for it, which proves less (apt-get install dovecot-imapd)');
  return startHoodiecrow(users);
}

import { createHash } from 'node:crypto';
import { signLink, type LinkClaims } from '../../src/action-link.ts';
import { newId } from '../../src/store/ids.ts';
import type { HeldContent } from '../../src/store/held-emails.ts';
import type { TestTown } from './town.ts';

/** Held mails as intake leaves them, with the mail that told of each. */

export interface Held {
  id: string;
  notice: string;
  claims: LinkClaims;
  path: string;
}

export interface HeldOptions {
  kind?: 'held_email' | 'confirm_email';
  /** Role, department, name and address of whom it was told. */
  to?: { role: string; department: string | null; name: string; address: string };
  subject?: string;
  text?: string;
  raw?: string;
  verdict?: string;
  suggestion?: string | null;
  requestId?: string | null;
  receivedAt?: Date;
  content?: Partial<HeldContent> | null;
}

export const TO_DESK = { role: 'desk', department: null, name: 'Accueil', address: 'accueil@plassans.fr' };
export const TO_VOIRIE = { role: 'department', department: 'voirie', name: 'Voirie', address: 'voirie@plassans.fr' };

export async function holdOne(town: TestTown, options: HeldOptions = {}): Promise<Held> {
  const { db } = town.ground.store;
  const now = town.ground.clock.now();
  const { kind = 'held_email', to = TO_DESK, subject = 'Suite de mon courrier', verdict = 'ambiguous' } = options;
  const text = options.text ?? 'Bonjour,\n\nVoici la suite : https://exemple.fr/photos\n\nZoé Dupont';
  const raw = Buffer.from(options.raw ?? `Subject: ${subject}\r\nMessage-ID: <${newId()}@example.org>\r\n\r\n${text}`);
  const files = [{ fileName: 'photo du trou.jpg', size: 240_000 }];
  const content = options.content === null ? {} : { held: contentOf(text, files, options) };
  const receivedAt = options.receivedAt ?? now;
  const { id } = await db.inboundEmail.create({
    data: {
      id: newId(),
      mailbox: 'mairie@plassans.fr',
      rawSha256: createHash('sha256').update(raw).digest('hex'),
      raw: new Uint8Array(raw),
      size: raw.length,
      receivedAt,
      state: 'held',
      attempts: 1,
      verdict,
      reasons: ['signed address: 2 requests'],
      settledAt: now,
      fromAddress: 'zoe@example.org',
      subject,
      requestId: options.requestId ?? null,
      ...content,
    },
  });
  const notice = newId();
  await db.outboundEmail.create({
    data: {
      id: notice,
      kind,
      toRole: to.role,
      toName: to.name,
      toAddress: to.address,
      facts: { reason: verdict, from: 'Zoé Dupont <zoe@example.org>', subject, inboundId: id },
      messageId: `<${notice}@plassans.fr>`,
      dedupeKey: notice,
      createdAt: now,
    },
  });
  const sub = to.department === null ? to.role : `${to.role}:${to.department}`;
  const iat = Math.floor(now.getTime() / 1_000);
  const claims = { jti: notice, rid: id, sub, act: 'view', iat, exp: iat + 14 * 86_400 };
  return { id, notice, claims, path: `/h/${signLink('held', claims, town.secrets)}` };
}

function contentOf(text: string, files: HeldContent['files'], { suggestion, content }: HeldOptions) {
  return { text, files, suggestion: suggestion ?? null, ...content } as object;
}

export async function rowOf(town: TestTown, id: string) {
  return town.ground.store.db.inboundEmail.findUniqueOrThrow({ where: { id } });
}

import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/**
 * Six digits as the database may hold them: hashed, to judge what is typed, and sealed, until the mail that brings them
 * leaves. Both need the secret of the links: a copy of the database tells nothing. In clear they are in that mail alone.
 */

export interface CodeOwner {
  /** The code's own row. */
  codeId: string;
  linkId: string;
  action: string;
}

/** Bound to its row, its link and its action: the same digits asked for elsewhere have another hash. */
export function hashOfCode(code: string, { codeId, linkId, action }: CodeOwner, secret: string): string {
  return createHmac('sha256', secret).update(`code|${codeId}|${linkId}|${action}|${code}`).digest('base64url');
}

export function sealCode(code: string, codeId: string, secret: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, sealingKey(secret), iv).setAAD(Buffer.from(codeId));
  const sealed = Buffer.concat([cipher.update(code, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** '' when no secret opens it: it was sealed under one that is no longer known. */
export function openCode(sealed: string, codeId: string, secrets: readonly string[]): string {
  return secrets.map((secret) => tryToOpen(Buffer.from(sealed, 'base64url'), codeId, secret)).find(Boolean) ?? '';
}

const CIPHER = 'aes-256-gcm';
/** What GCM is made for (NIST SP 800-38D §5.2.1.1), and its whole tag. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

function tryToOpen(bytes: Buffer, codeId: string, secret: string): string {
  try {
    const decipher = createDecipheriv(CIPHER, sealingKey(secret), bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(codeId)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return '';
  }
}

/** A key for this use only: what signs links never encrypts. */
function sealingKey(secret: string): Buffer {
  return createHmac('sha256', secret).update('seal|code').digest();
}

import express, { type RequestHandler } from 'express';
import { sha256 } from '../store/inbound-emails.ts';
import type { NewAttachment } from '../store/write-decisions.ts';

/** What a form sent, whatever its encoding: every field as a list, and the files. */
export interface SentForm {
  fields: Readonly<Record<string, readonly string[]>>;
  files: readonly NewAttachment[];
}

const MAX_TEXT_BYTES = 64 * 1_024;
/** A phone's photographs: several of them. */
export const MAX_FILES_BYTES = 25_000_000;
const MAX_FIELDS = 100;
const MAX_FILES = 20;
/** Of all who send at once. Until it is kept a form takes several times its size: twenty of them took 2 GB. */
const MAX_IN_HAND_BYTES = 60_000_000;
/** A browser says a name, a file's name and a type. */
const MAX_PART_HEAD_BYTES = 8_192;

/**
 * Answers 413, 400, or 503 when too much is in hand, through the error page; `request.body` is a SentForm afterwards.
 * One for the whole server: what it holds in memory is counted here.
 */
export function readBody(): RequestHandler[] {
  const urlencoded = express.urlencoded({ extended: false, limit: MAX_TEXT_BYTES, parameterLimit: MAX_FIELDS });
  let bytesInHand = 0;
  return [
    urlencoded,
    async (request, response, next) => {
      if (request.is('multipart/form-data')) {
        let own = 0;
        response.once('close', () => {
          bytesInHand -= own;
          own = 0;
        });
        const count = (bytes: number) => {
          if (bytesInHand + bytes > MAX_IN_HAND_BYTES) throw new FormError(503);
          own += bytes;
          bytesInHand += bytes;
        };
        request.body = await readMultipart(request, String(request.headers['content-type']), count);
      } else {
        request.body = { fields: listed((request.body ?? {}) as Record<string, unknown>), files: [] };
      }
      next();
    },
  ];
}

/** Node's own parser (RFC 7578), behind limits that it does not have. */
async function readMultipart(
  body: AsyncIterable<Uint8Array>,
  type: string,
  count: (bytes: number) => void,
): Promise<SentForm> {
  const boundary = BOUNDARY.exec(type)?.[1];
  if (boundary === undefined) throw new FormError(400);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_FILES_BYTES) throw new FormError(413);
    count(chunk.length);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks.splice(0));
  if (!isOfFewParts(bytes, boundary)) throw new FormError(413);
  const form = await new Response(bytes, { headers: { 'Content-Type': type } })
    .formData()
    .catch(() => Promise.reject(new FormError(400)));
  const fields: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  const files: NewAttachment[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') (fields[name] ??= []).push(value);
    // A field left empty arrives as a file without a name and without a byte.
    else if (value.size > 0) files.push(await fileOf(value));
  }
  if (files.length > MAX_FILES) throw new FormError(413);
  const words = Object.values(fields).flat();
  if (words.length > MAX_FIELDS || words.join('').length > MAX_TEXT_BYTES) throw new FormError(413);
  return { fields, files };
}

/** Written as programs write it and no other way: what is counted is what is parsed. */
const BOUNDARY = /^multipart\/form-data; ?boundary="?([\w'()+,./:=?-]{1,70})"?$/i;
/** The end is one more delimiter. */
const MAX_PARTS = MAX_FIELDS + MAX_FILES + 1;

/** Looked at before it is parsed, which takes a second for a hundred thousand parts, or for one of a million headers. */
function isOfFewParts(bytes: Buffer, boundary: string): boolean {
  const delimiter = Buffer.from(`--${boundary}`);
  let parts = 0;
  for (let at = bytes.indexOf(delimiter); at !== -1; at = bytes.indexOf(delimiter, at + delimiter.length)) {
    parts++;
    const head = bytes.subarray(at, at + MAX_PART_HEAD_BYTES);
    const isWhole = head.length < MAX_PART_HEAD_BYTES || head.includes('\r\n\r\n');
    if (!isWhole || parts > MAX_PARTS) return false;
  }
  return true;
}

async function fileOf(file: File): Promise<NewAttachment> {
  const content = Buffer.from(await file.arrayBuffer());
  const contentType = file.type || 'application/octet-stream';
  return { fileName: file.name, contentType, sha256: sha256(content), inline: false, content };
}

function listed(body: Record<string, unknown>): Record<string, string[]> {
  const lists = Object.entries(body).map(([name, value]) => {
    const values = Array.isArray(value) ? value : [value];
    return [name, values.filter((each) => typeof each === 'string')] as const;
  });
  return Object.assign(Object.create(null), Object.fromEntries(lists)) as Record<string, string[]>;
}

/** Express answers with its `status`. */
class FormError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`form refused: ${status}`);
    this.status = status;
  }
}

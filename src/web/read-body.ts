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

/** Answers 413 or 400 through the error page; `request.body` is a SentForm afterwards. */
export function readBody(): RequestHandler[] {
  const urlencoded = express.urlencoded({ extended: false, limit: MAX_TEXT_BYTES, parameterLimit: MAX_FIELDS });
  return [
    urlencoded,
    async (request, _response, next) => {
      if (request.is('multipart/form-data')) {
        request.body = await readMultipart(request, String(request.headers['content-type']));
      } else {
        request.body = { fields: listed((request.body ?? {}) as Record<string, unknown>), files: [] };
      }
      next();
    },
  ];
}

/** Node's own parser (RFC 7578), behind a limit that it does not have. */
async function readMultipart(body: AsyncIterable<Uint8Array>, type: string): Promise<SentForm> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_FILES_BYTES) throw new FormError(413);
    chunks.push(chunk);
  }
  const form = await new Response(Buffer.concat(chunks), { headers: { 'Content-Type': type } })
    .formData()
    .catch(() => Promise.reject(new FormError(400)));
  const fields: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  const files: NewAttachment[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') (fields[name] ??= []).push(value);
    // A field left empty arrives as a file without a name and without a byte.
    else if (value.size > 0 && files.length < MAX_FILES) files.push(await fileOf(value));
  }
  const words = Object.values(fields).flat();
  if (words.length > MAX_FIELDS || words.join('').length > MAX_TEXT_BYTES) throw new FormError(413);
  return { fields, files };
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

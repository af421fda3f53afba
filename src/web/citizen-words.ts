import express, { type RequestHandler } from 'express';

/** The short forms that are open to everybody: two lines of text, and nothing else is read. */

const MAX_BYTES = 4_096;
const MAX_LINE = 200;

export function readLines(): RequestHandler {
  return express.urlencoded({ extended: false, limit: MAX_BYTES, parameterLimit: 10 });
}

/** One field, as one line, without what no database takes (NUL); '' when it was not sent. */
export function lineIn(body: unknown, name: string): string {
  const value = ((body ?? {}) as Record<string, unknown>)[name];
  return typeof value === 'string'
    ? value
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim()
        .slice(0, MAX_LINE)
    : '';
}

export function addressIn(body: unknown): string {
  return lineIn(body, 'address').toLowerCase();
}

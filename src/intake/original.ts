import type { OriginalMail } from '../domain/original-mail.ts';
import { ParseFailure, type Parser } from './parser.ts';

/** A mail as it came, for the eyes of an agent. Null when it cannot be read, or takes too long or too much memory. */
export async function readOriginal(raw: Uint8Array, parser: Parser): Promise<OriginalMail | null> {
  try {
    return await parser.readOriginal(raw);
  } catch (error) {
    if (error instanceof ParseFailure && error.how !== 'stopped') return null;
    throw error;
  }
}

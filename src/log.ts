import { pino, type Logger } from 'pino';

/** Events, not prose: `log.info({ event: 'email.stored', inboundId })`. Never a body, an address, a subject or a token. */

export type Log = Logger;

export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}

/** What may be logged of an error: its class and message, cut short, with anything like a token or an address masked. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}${serverWords(error)}` : String(error);
  return text
    .replace(/[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g, '[token]')
    .replace(/[^\s<>"']+@[^\s<>"']+/g, '[address]')
    .slice(0, 500);
}

/** A mail server says more than « Command failed »: a wrong password, a full folder. */
function serverWords(error: Error): string {
  return 'responseText' in error && typeof error.responseText === 'string' ? ` (${error.responseText})` : '';
}

/** The database cannot be reached, is starting or stopping, or has no connection left: worth another try, not a bug. */

/** Prisma: unreachable, timed out, closed, no connection free, transaction not started. */
const PRISMA_CODES = /^P(1000|1001|1002|1008|1011|1017|2024|2028|2037)$/;
/** Connection lost, none left, shutting down, crashed, starting, read-only after a failover. */
const POSTGRES_CODES = /^(08\w{3}|53300|57P0[123]|25006)$/;
const SOCKET_CODES = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** What the driver says without a code. */
const WORDS =
  /timeout exceeded when trying to connect|connection terminated|connection timeout|server has closed the connection|can't reach database/i;
const KINDS = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections|TlsConnectionError)$/;

export function isOutage(error: unknown): boolean {
  let cause: unknown = error;
  for (let depth = 0; depth < 5 && cause !== null && typeof cause === 'object'; depth++) {
    const { code, kind, originalCode, message, meta } = cause as Record<string, unknown>;
    if (isOutageCode(code) || isOutageCode(originalCode)) return true;
    if (typeof kind === 'string' && KINDS.test(kind)) return true;
    if (typeof message === 'string' && WORDS.test(message)) return true;
    cause =
      (cause as { cause?: unknown }).cause ??
      (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError;
  }
  return false;
}

function isOutageCode(code: unknown): boolean {
  return typeof code === 'string' && [PRISMA_CODES, POSTGRES_CODES, SOCKET_CODES].some((known) => known.test(code));
}

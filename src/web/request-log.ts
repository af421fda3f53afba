import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';

/** One line per answer: the route's template, never its token; no body, no name, no address. */
export function logAnswers(log: Log): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.on('close', () => {
      const path: unknown = (request.route as { path?: unknown } | undefined)?.path;
      log.info({
        event: 'web.answered',
        method: request.method,
        route: typeof path === 'string' ? path : 'none',
        status: response.writableFinished ? response.statusCode : 'aborted',
        ms: Math.round(performance.now() - startedAt),
        jti: response.locals['jti'] as string | undefined,
      });
    });
    next();
  };
}

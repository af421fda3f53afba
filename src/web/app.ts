import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import { verifyLink, type Surface } from '../action-link.ts';
import { reasonOf } from '../log.ts';
import { findTemplate } from '../template-files.ts';
import { addCitizenPages } from './citizen-routes.ts';
import { FILE_CSP, isFromOurPage, strictHeaders } from './headers.ts';
import { decideHeld } from './held-decide.ts';
import { sendFreshHeldLink } from './held-fresh.ts';
import { showHeld } from './held-page.ts';
import { sendRaw } from './held-raw.ts';
import { isOutage } from './outage.ts';
import { readBody } from './read-body.ts';
import { clientKey, createRateLimit, type RateLimit } from './rate-limit.ts';
import { renderPage } from './render.ts';
import { logAnswers } from './request-log.ts';
import { sendFile } from './send-file.ts';
import { sendFreshLink } from './send-fresh-link.ts';
import type { WebServerOptions } from './server.ts';
import { printDossier, printLetter } from './print.ts';
import { showDossier, type PageQuery } from './show-dossier.ts';
import { originalHeaders, showOriginal, showOriginalBody } from './show-original.ts';
import { messagePage, type Answer, type Site } from './site.ts';
import { takeAction } from './take-action.ts';

/** Which address leads where, and what stands in front of every page. */

type AppOptions = Omit<WebServerOptions, 'port'>;

const MAX_BODY_BYTES = 64 * 1_024;
const MINUTE_MS = 60_000;
/** Seconds after which a database that was down is worth another try. */
const OUTAGE_RETRY_S = 30;

export function createApp(options: AppOptions): Express {
  const { ground, secrets, publicUrl, trustedProxies, isHealthy, isOutgoingPaused, readOriginal } = options;
  const site: Site = { ground, secrets, publicUrl, isOutgoingPaused, readOriginal };
  const limits = createLimits();
  const readWords = express.urlencoded({ extended: false, limit: MAX_BODY_BYTES, parameterLimit: 20 });

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', trustedProxies);
  app.set('query parser', 'simple');
  app.use(strictHeaders(publicUrl));
  app.use(logAnswers(ground.log));
  app.get('/health', async (_request, response) => {
    const isUp = await isHealthy().catch(() => false);
    const paused = isOutgoingPaused?.() === true ? { outgoing: 'paused' } : {};
    response.status(isUp ? 200 : 503).json({ ok: isUp, ...paused });
  });
  // A whole town hall sits behind one address.
  app.use(limited(site, limits.address));
  app.get('/style.css', (_request, response) => {
    response.type('css').send(findTemplate('pages/style.css', 'fr', ground.config.ownTemplates)?.source);
  });
  app.get('/robots.txt', (_request, response) => void response.type('text').send('User-agent: *\nDisallow: /\n'));
  app.get('/a/:token', checkedToken(site, limits, 'action'), async (request, response) => {
    send(site, response, await showDossier(site, String(request.params['token']), pageQuery(request.query)));
  });
  const beforePrinting = [checkedToken(site, limits, 'action'), limitedLink(site, limits.prints)];
  app.get('/a/:token/dossier.pdf', ...beforePrinting, async (request, response) => {
    send(site, response, await printDossier(site, String(request.params['token'])));
  });
  app.get('/a/:token/letter.pdf', ...beforePrinting, async (request, response) => {
    const event = wordIn(request.query, 'event');
    send(site, response, await printLetter(site, String(request.params['token']), event));
  });
  for (const [path, show] of Object.entries({ '': showOriginal, '/body': showOriginalBody })) {
    const route = `/a/:token/message/:messageId${path}`;
    app.get(route, checkedToken(site, limits, 'action'), async (request, response) => {
      const answer = await show(site, String(request.params['token']), String(request.params['messageId']));
      response.set(originalHeaders(answer, response.get('Content-Security-Policy') ?? ''));
      send(site, response, answer);
    });
  }
  app.get('/f/:token', checkedToken(site, limits, 'file'), async (request, response) => {
    send(site, response, await sendFile(site, String(request.params['token'])));
  });
  const readForm = readBody();
  const fromHere = [limitedLink(site, limits.posts), fromOurPage(site)];
  const beforeSending = [...fromHere, readWords];
  const beforePost = [checkedToken(site, limits, 'action'), ...fromHere, ...readForm];
  app.post('/a/:token', ...beforePost, async (request, response) => {
    send(site, response, await takeAction(site, String(request.params['token']), request.body));
  });
  app.post('/a/:token/fresh', ...beforePost, async (request, response) => {
    send(site, response, await sendFreshLink(site, String(request.params['token'])));
  });
  const heldToken = checkedToken(site, limits, 'held');
  app.get('/h/:token', heldToken, async (request, response) => {
    const isJustDone = request.query['done'] !== undefined;
    send(site, response, await showHeld(site, String(request.params['token']), isJustDone));
  });
  app.get('/h/:token/raw', heldToken, async (request, response) => {
    send(site, response, await sendRaw(site, String(request.params['token'])));
  });
  app.post('/h/:token', heldToken, ...beforeSending, async (request, response) => {
    send(site, response, await decideHeld(site, String(request.params['token']), request.body));
  });
  app.post('/h/:token/fresh', heldToken, ...beforeSending, async (request, response) => {
    send(site, response, await sendFreshHeldLink(site, String(request.params['token'])));
  });
  addCitizenPages(app, {
    site,
    checkedToken: (surface) => checkedToken(site, limits, surface),
    limitedPost: limitedLink(site, limits.posts),
    fromOurPage: fromOurPage(site),
    readForm,
    send: (response, answer) => send(site, response, answer),
  });
  app.use((_request, response) => send(site, response, messagePage(404, 'unknown')));
  app.use(onError(site));
  return app;
}

/** What a dossier's page reads of its address, in the words that people see there. */
function pageQuery(query: Record<string, unknown>): PageQuery {
  return {
    done: wordIn(query, 'done'),
    order: wordIn(query, 'ordre') === 'ancien' ? 'oldest' : '',
    template: wordIn(query, 'modele'),
  };
}

function wordIn(query: Record<string, unknown>, name: string): string {
  const value = query[name];
  return typeof value === 'string' ? value : '';
}

interface Limits {
  address: RateLimit;
  invalid: RateLimit;
  posts: RateLimit;
  prints: RateLimit;
}

function createLimits(): Limits {
  return {
    address: createRateLimit(300, MINUTE_MS),
    invalid: createRateLimit(60, MINUTE_MS),
    posts: createRateLimit(20, 10 * MINUTE_MS),
    // A long dossier keeps the processor for a second or two.
    prints: createRateLimit(20, 10 * MINUTE_MS),
  };
}

function limited(site: Site, limit: RateLimit): RequestHandler {
  return (request, response, next) => {
    const wait = limit.take(clientKey(request.ip ?? ''), nowOf(site));
    if (wait > 0) send(site, response, messagePage(429, 'too_many', wait));
    else next();
  };
}

/** Refuses a token that is not ours before anything is looked up; tells the log whose it is. */
function checkedToken(site: Site, { invalid }: Limits, surface: Exclude<Surface, 'form'>): RequestHandler {
  return (request, response, next) => {
    const now = site.ground.clock.now();
    const { claims } = verifyLink(surface, String(request.params['token']), site.secrets, now);
    if (claims !== null) {
      response.locals['jti'] = claims.jti;
      next();
      return;
    }
    const wait = invalid.take(clientKey(request.ip ?? ''), now.getTime());
    send(site, response, wait > 0 ? messagePage(429, 'too_many', wait) : messagePage(404, 'damaged'));
  };
}

function limitedLink(site: Site, limit: RateLimit): RequestHandler {
  return (_request, response, next) => {
    const wait = limit.take(String(response.locals['jti']), nowOf(site));
    if (wait > 0) send(site, response, messagePage(429, 'too_many', wait));
    else next();
  };
}

function fromOurPage(site: Site): RequestHandler {
  return (request, response, next) => {
    if (isFromOurPage(request.headers, site.publicUrl)) next();
    else send(site, response, messagePage(403, 'not_our_form'));
  };
}

/** The edge of the flow: what is thrown is recorded, and answered with a calm page. */
function onError(site: Site): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    if (status >= 500) site.ground.log.error({ event: 'web.failed', status, reason: reasonOf(error) });
    send(site, response, ERROR_PAGES[status] ?? messagePage(status, 'failed'));
  };
}

const ERROR_PAGES: Record<number, Answer> = {
  400: messagePage(400, 'unknown'),
  413: messagePage(413, 'too_long'),
  415: messagePage(415, 'not_our_form'),
  503: messagePage(503, 'outage', OUTAGE_RETRY_S),
};

function statusOf(error: unknown): number {
  if (isOutage(error)) return 503;
  const status = error !== null && typeof error === 'object' && 'status' in error ? Number(error.status) : 500;
  return status in ERROR_PAGES ? status : status >= 400 && status < 500 ? 400 : 500;
}

function send(site: Site, response: Response, answer: Answer): void {
  switch (answer.kind) {
    case 'redirect':
      response.redirect(303, answer.location);
      return;
    case 'file':
      response
        .attachment(answer.fileName)
        .set({ 'Content-Type': answer.contentType, 'Content-Security-Policy': FILE_CSP });
      response.send(Buffer.from(answer.bytes));
      return;
    case 'page':
      if (answer.retryAfterSeconds !== undefined) response.set('Retry-After', String(answer.retryAfterSeconds));
      response
        .status(answer.status)
        .type('html')
        .send(renderPage(answer.page, answer.view, site.ground.config));
  }
}

function nowOf({ ground }: Site): number {
  return ground.clock.now().getTime();
}

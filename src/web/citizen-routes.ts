import type { Express, RequestHandler, Response } from 'express';
import { actForCitizen } from './citizen-act.ts';
import { sendFreshCitizenLink } from './citizen-fresh.ts';
import { mailMine, showAsking, showMine } from './citizen-mine.ts';
import { showToCitizen } from './citizen-page.ts';
import { sendTrackedLink, showTracking, track } from './citizen-track.ts';
import { readLines } from './citizen-words.ts';
import { clientKey, createRateLimit, type RateLimit } from './rate-limit.ts';
import { messagePage, page, type Answer, type Site } from './site.ts';

/** The addresses of the citizens' pages. Those without a token are for everybody, and are counted the more closely. */

/** What stands in front of every page, as the app has it. */
export interface Front {
  site: Site;
  checkedToken(surface: 'citizen' | 'mine'): RequestHandler;
  limitedPost: RequestHandler;
  fromOurPage: RequestHandler;
  readForm: RequestHandler[];
  send(response: Response, answer: Answer): void;
}

const TEN_MINUTES_MS = 10 * 60_000;
/** Enough for a person who mistypes, and for nobody who tries numbers or addresses one after the other. */
const TRIES = 10;

export function addCitizenPages(
  app: Express,
  { site, checkedToken, limitedPost, fromOurPage, readForm, send }: Front,
): void {
  const perReference = createRateLimit(TRIES, TEN_MINUTES_MS);
  const trackers = limited(site, createRateLimit(TRIES, TEN_MINUTES_MS), send);
  const askers = limited(site, createRateLimit(TRIES, TEN_MINUTES_MS), send);

  app.get('/', (_request, response) => send(response, page(200, 'citizen-home', { isPublic: true })));
  app.get('/suivi', (_request, response) => send(response, showTracking()));
  app.post('/suivi', trackers, fromOurPage, readLines(), async (request, response) => {
    send(response, await track(site, request.body, perReference));
  });
  app.post('/suivi/lien', trackers, fromOurPage, readLines(), async (request, response) => {
    send(response, await sendTrackedLink(site, request.body, perReference));
  });
  app.get('/mes-demandes', (_request, response) => send(response, showAsking()));
  app.post('/mes-demandes', askers, fromOurPage, readLines(), async (request, response) => {
    send(response, await mailMine(site, request.body));
  });
  app.get('/m/:token', checkedToken('mine'), async (request, response) => {
    send(response, await showMine(site, String(request.params['token'])));
  });

  const citizen = checkedToken('citizen');
  app.get('/d/:token', citizen, async (request, response) => {
    const { done, again } = request.query;
    const eventId = typeof done === 'string' ? done : '';
    send(response, await showToCitizen(site, String(request.params['token']), eventId, again !== undefined));
  });
  app.post('/d/:token', citizen, limitedPost, fromOurPage, ...readForm, async (request, response) => {
    send(response, await actForCitizen(site, String(request.params['token']), request.body));
  });
  app.post('/d/:token/fresh', citizen, limitedPost, fromOurPage, async (request, response) => {
    send(response, await sendFreshCitizenLink(site, String(request.params['token'])));
  });
}

function limited(site: Site, limit: RateLimit, send: Front['send']): RequestHandler {
  return (request, response, next) => {
    const wait = limit.take(clientKey(request.ip ?? ''), site.ground.clock.now().getTime());
    if (wait > 0) send(response, messagePage(429, 'too_many', wait));
    else next();
  };
}

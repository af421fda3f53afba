import { createHash, timingSafeEqual } from 'node:crypto';
import { readReference } from '../domain/reference.ts';
import { findTracked, mailFollowLink, type OwnRequest } from '../store/citizens.ts';
import { standingView } from './citizen-view.ts';
import { addressIn, lineIn } from './citizen-words.ts';
import { inEvenTime } from './even-time.ts';
import type { RateLimit } from './rate-limit.ts';
import { messagePage, page, type Answer, type Site } from './site.ts';

/** `/suivi`: where a request stands, for whoever gives its number and its address. Never the number alone: numbers follow each other. */

interface Tracking {
  typed: { reference: string; address: string };
  /** Null when what was typed is no number. */
  reference: string | null;
}

export function showTracking(): Answer {
  return trackPage(200, { reference: '', address: '' }, {});
}

/** The same answer, after the same time, whether the number or the address is wrong. */
export async function track(site: Site, body: unknown, perReference: RateLimit): Promise<Answer> {
  const { typed, reference } = readTracking(body);
  const errors = trackingErrors({ typed, reference });
  if (reference === null || Object.keys(errors).length > 0) return trackPage(422, typed, errors);
  const wait = perReference.take(reference, site.ground.clock.now().getTime());
  if (wait > 0) return messagePage(429, 'too_many', wait);
  const found = await inEvenTime(findOwn(site, reference, typed.address));
  return found === null
    ? trackPage(200, typed, { both: 'not_found' })
    : page(200, 'citizen-tracked', { isPublic: true, request: standingView(site, found.told), typed });
}

/** The link to all of it, to the address on file. The answer is the same whatever is true. */
export async function sendTrackedLink(site: Site, body: unknown, perReference: RateLimit): Promise<Answer> {
  const { typed, reference } = readTracking(body);
  if (reference === null) return trackPage(422, typed, trackingErrors({ typed, reference }));
  const wait = perReference.take(reference, site.ground.clock.now().getTime());
  if (wait > 0) return messagePage(429, 'too_many', wait);
  return inEvenTime(mailLink(site, reference, typed.address));
}

async function mailLink(site: Site, reference: string, address: string): Promise<Answer> {
  const found = await findOwn(site, reference, address);
  if (found !== null) await mailFollowLink(site.ground, found.id, found.told.citizenAddress);
  return page(200, 'citizen-notice', { isPublic: true, key: 'tracked_link_sent' });
}

async function findOwn(site: Site, reference: string, address: string): Promise<OwnRequest | null> {
  const found = await findTracked(site.ground, reference);
  const isSame = sameWords(found?.told.citizenAddress ?? '', address);
  return found !== null && isSame && address !== '' ? found : null;
}

function readTracking(body: unknown): Tracking {
  const typed = { reference: lineIn(body, 'reference'), address: addressIn(body) };
  return { typed, reference: readReference(typed.reference) };
}

/** Field → key of the section `citizenErrors`. */
type TrackingErrors = Partial<Record<'reference' | 'address' | 'both', string>>;

function trackingErrors({ typed, reference }: Tracking): TrackingErrors {
  const errors: TrackingErrors = {};
  if (reference === null) errors.reference = typed.reference === '' ? 'reference_required' : 'reference_malformed';
  if (!typed.address.includes('@')) errors.address = 'address_required';
  return errors;
}

function trackPage(status: number, typed: Tracking['typed'], errors: TrackingErrors): Answer {
  return page(status, 'citizen-track', { isPublic: true, typed, errors, hasErrors: Object.keys(errors).length > 0 });
}

/** Compared as hashes of one length, so that nothing is learnt from how long it takes. */
function sameWords(one: string, other: string): boolean {
  return timingSafeEqual(hash(one), hash(other));
}

function hash(words: string): Buffer {
  return createHash('sha256').update(words).digest();
}

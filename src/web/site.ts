import { signedPath, type LinkClaims, type LinkSurface } from '../action-link.ts';
import type { OriginalMail } from '../domain/original-mail.ts';
import { withoutLiveLinks } from '../domain/relay.ts';
import type { Ground } from '../store/store.ts';

/** What every page stands on. */
export interface Site {
  ground: Ground;
  /** Newest first: the first signs, all verify. */
  secrets: readonly string[];
  /** Without a slash at its end. */
  publicUrl: string;
  /** Somebody stopped the sending of mails. */
  isOutgoingPaused?: (() => boolean) | undefined;
  /** A mail as it came; null when it cannot be read. */
  readOriginal?: ((raw: Uint8Array) => Promise<OriginalMail | null>) | undefined;
}

export type PageName =
  | 'dossier'
  | 'result'
  | 'confirm'
  | 'code'
  | 'moved'
  | 'tombstone'
  | 'expired'
  | 'message'
  | 'original'
  | 'original-body'
  | 'held'
  | 'held-mine'
  | 'held-confirm'
  | 'held-result'
  | 'held-expired'
  | 'citizen-home'
  | 'citizen-request'
  | 'citizen-confirm'
  | 'citizen-result'
  | 'citizen-expired'
  | 'citizen-track'
  | 'citizen-tracked'
  | 'citizen-ask'
  | 'citizen-mine'
  | 'citizen-notice';

/** What a click is answered with: a value, so that a page can be judged without a server. */
export type Answer =
  | { kind: 'page'; status: number; page: PageName; view: Record<string, unknown>; retryAfterSeconds?: number }
  | { kind: 'redirect'; location: string }
  | { kind: 'file'; fileName: string; contentType: string; bytes: Uint8Array };

export function page(status: number, name: PageName, view: Record<string, unknown> = {}): Answer {
  return { kind: 'page', status, page: name, view };
}

/** A calm page that says one thing; its words are in the section `pageMessage` of the locale file. */
export function messagePage(status: number, key: string, retryAfterSeconds?: number): Answer {
  const view = { key, title: key };
  return { kind: 'page', status, page: 'message', view, ...(retryAfterSeconds ? { retryAfterSeconds } : {}) };
}

/** Words on their way to others, without the links that people paste among them: whoever reads one could act with it. */
export function relayed(words: string, { publicUrl, ground }: Site): string {
  return withoutLiveLinks(words, publicUrl, ground.config.town.mailbox);
}

/** A page names its pieces anew each time it is shown: what was copied from it soon leads nowhere. */
const PIECE_VALID_FOR_S = 12 * 3_600;

/** Another page of the same person and request: the same row, the same end; a piece's comes sooner. */
export function linkPath(surface: LinkSurface, claims: LinkClaims, act: string, site: Site): string {
  const { jti, rid, sub, iat } = claims;
  const soon = Math.floor(site.ground.clock.now().getTime() / 1_000) + PIECE_VALID_FOR_S;
  const exp = surface === 'file' ? Math.min(claims.exp, soon) : claims.exp;
  return signedPath(surface, { jti, rid, sub, iat, exp, act }, site.secrets);
}

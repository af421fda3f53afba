import type { RequestState } from './request.ts';
import type { Rulebook } from './rulebook.ts';
import { reopenableUntil } from './standing.ts';
import { isOnlyThanks } from './thanks.ts';

/** What a citizen's mail about their request is: more words, or the request opened again, or another request. */
export function citizenMailIs(
  request: RequestState,
  mail: { text: string; hasPieces: boolean },
  rules: Pick<Rulebook, 'town' | 'schedule'>,
  now: Date,
): 'citizen_reply' | 'reopen' | 'new_request' {
  // While it can be undone nobody was told: the mail crossed the decision, and does not answer it.
  if (request.status !== 'closed' || request.closing !== null) return 'citizen_reply';
  // « Merci » with a photo of the same hole says more than thanks.
  if (!mail.hasPieces && isOnlyThanks(mail.text)) return 'citizen_reply';
  const until = reopenableUntil(request, rules);
  if (until === null) return 'citizen_reply';
  return now <= until ? 'reopen' : 'new_request';
}

/** The logo of a signature is shown inside the text, as the photos of a telephone are; it is far smaller. */
const LARGEST_LOGO_BYTES = 20_000;

/** Whether a file of a citizen's mail says something, or only decorates it. */
export function isPiece(isInline: boolean, bytes: number): boolean {
  return !isInline || bytes > LARGEST_LOGO_BYTES;
}

/** « Oui », « je confirme »: people answer a mail rather than press its button. A yes with a but is none. */
export function isYes(text: string): boolean {
  const first =
    text
      .trim()
      .normalize('NFC')
      .split(/[\n\r]/, 1)[0] ?? '';
  return first.length <= LONGEST_YES && YES.test(first) && !DOUBT.test(first);
}

const LONGEST_YES = 120;
const YES =
  /^(oui|yes|ok|okay|i (?:do )?confirm|confirmed|d['’]accord|je (le )?confirme|c['’]est (bien )?(moi|la mienne)|confirm[ée]e?)(?![\p{L}\p{M}\p{N}])/iu;
const DOUBT =
  /\?|(?<!\p{L})(non|pas|mais|qui|quoi|pourquoi|erreur|trompée?s?|no|not|but|who|what|why|wrong|mistaken?|never)(?!\p{L})/iu;

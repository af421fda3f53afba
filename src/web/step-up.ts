import { randomInt } from 'node:crypto';
import { readCode } from '../domain/six-digits.ts';
import { askCode, tryCode, type Asked, type CodePlace, type Tried } from '../store/step-up-codes.ts';
import { dossierView } from './dossier-view.ts';
import { commentIn, valueOf } from './form-input.ts';
import { causeOfForm, issueNonce } from './form-nonce.ts';
import { hiddenFields, recapOf } from './hidden-fields.ts';
import { page, type Answer } from './site.ts';
import type { Sent } from './take-action.ts';

/** Some actions ask for six digits besides the link: whoever only found the link cannot read the mail that brings them. */

export type Confirmed =
  /** `codeId`: what is used up by the decision; null when the action asks for none. */
  { ok: true; codeId: string | null } | { ok: false; answer: Answer };

/** `objection`: why the action cannot be taken anyway, looked at before a code is mailed. */
export async function confirmByCode(
  sent: Sent,
  nonce: string,
  objection: () => Promise<Answer | null>,
): Promise<Confirmed> {
  const { ground, secrets } = sent.site;
  if (!ground.config.codeFor.includes(sent.action)) return { ok: true, codeId: null };
  if (sent.input.fields['code'] === undefined) {
    const answer = (await objection()) ?? (await sendCode(sent));
    return { ok: false, answer };
  }
  const tried = await tryCode(
    ground,
    placeOf(sent),
    readCode(valueOf(sent.input, 'code')),
    causeOfForm(nonce),
    secrets,
  );
  if (tried.state === 'right') return { ok: true, codeId: tried.codeId };
  // Its event answers, and nothing is decided twice.
  if (tried.state === 'done') return { ok: true, codeId: null };
  return { ok: false, answer: codePage(sent, tried) };
}

/** Two forms with one code, at once: the second one's answer. */
export function usedCodePage(sent: Sent): Answer {
  return codePage(sent, { state: 'used' });
}

async function sendCode(sent: Sent): Promise<Answer> {
  const { site, bearer } = sent;
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  return codePage(sent, await askCode(site.ground, placeOf(sent), bearer.person, code, site.secrets));
}

function placeOf({ claims, action }: Sent): CodePlace {
  return { requestId: claims.rid, linkId: claims.jti, action };
}

type Shown = Asked | Exclude<Tried, { state: 'right' | 'done' }>;

const STATUS: Record<Shown['state'], number> = {
  sent: 200,
  already_sent: 200,
  wrong: 422,
  malformed: 422,
  expired: 422,
  used: 422,
  none: 422,
  locked: 429,
  too_often: 429,
};

/** All that was typed goes on from page to page, but for the digits themselves. */
function codePage(sent: Sent, shown: Shown): Answer {
  const { site, claims, action, bearer, dossier } = sent;
  const { code: _code, ...fields } = sent.input.fields;
  const input = { ...sent.input, fields };
  const now = site.ground.clock.now();
  const answer = page(STATUS[shown.state], 'code', {
    ...dossierView(site, claims, bearer.person, dossier),
    action,
    comment: commentIn(input),
    hidden: hiddenFields(input),
    recap: recapOf({ ...sent, input }),
    nonce: issueNonce(claims, claims.act, site, now),
    state: shown.state,
    asksCode: ['sent', 'already_sent', 'wrong', 'malformed'].includes(shown.state),
    isWrong: shown.state === 'wrong' || shown.state === 'malformed',
    triesLeft: 'triesLeft' in shown ? shown.triesLeft : null,
    until: 'until' in shown ? wholeMinute(shown.until) : null,
  });
  if (!('until' in shown) || answer.kind !== 'page') return answer;
  return { ...answer, retryAfterSeconds: Math.ceil((shown.until.getTime() - now.getTime()) / 1_000) };
}

/** Pages say no seconds: at the minute they say, it is over. */
function wholeMinute(at: Date): Date {
  return new Date(Math.ceil(at.getTime() / 60_000) * 60_000);
}

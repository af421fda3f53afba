import { verifyLink, type LinkClaims } from '../action-link.ts';
import type { Original } from '../domain/choices.ts';
import { decide, type Act } from '../domain/decide.ts';
import { refused, type Refusal } from '../domain/decision.ts';
import { joinDuplicate } from '../domain/occurrences.ts';
import type { Person } from '../domain/people.ts';
import { readReference } from '../domain/reference.ts';
import { asks, isAction, type Action } from '../domain/workflow.ts';
import { decideLocked, decideOn, type Decided, type Rule } from '../store/decide-on.ts';
import { findByReference, loadDossier, stateOfDossier, type Dossier } from '../store/dossiers.ts';
import { CodeIsUsed, useCode } from '../store/step-up-codes.ts';
import type { Tx } from '../store/store.ts';
import { findBearer, isActor, isSharedMailbox, mayOpen, type Bearer } from './access.ts';
import { formView } from './action-form.ts';
import { dossierView } from './dossier-view.ts';
import { errorsOf, formErrors, hasErrors, type FormErrors } from './form-errors.ts';
import { agentIn, choicesIn, commentIn, readForm, usualSubject, valueOf, type FormInput } from './form-input.ts';
import { causeOfForm, checkNonce } from './form-nonce.ts';
import { hiddenFields, recapOf } from './hidden-fields.ts';
import {
  deadLink,
  dossierPage,
  deadToken,
  movedPage,
  notOpened,
  pageAction,
  settlingEvent,
  type Showing,
} from './show-dossier.ts';
import { showResult } from './show-result.ts';
import { linkPath, messagePage, page, relayed, type Answer, type Site } from './site.ts';
import { confirmByCode, usedCodePage } from './step-up.ts';

/** POST of a form: one decision, then a redirect to its result. Never says « done » before the commit. */
export async function takeAction(site: Site, token: string, body: unknown): Promise<Answer> {
  const now = site.ground.clock.now();
  const verified = verifyLink('action', token, site.secrets, now);
  if (!verified.ok) return deadToken(site, verified);
  const { claims } = verified;
  const shown = pageAction(claims.act);
  if (shown === null) return messagePage(404, 'unknown');
  const input = readForm(body, (words) => relayed(words, site));
  const check = checkNonce(input.nonce, claims, site, now);
  if (check.state === 'invalid') return messagePage(403, 'not_our_form');

  const opened = await openSent(site, claims, input, shown);
  if (!opened.ok) return opened.answer;
  const { sent } = opened;
  if (check.state === 'expired') return showAgain(sent, { status: 403, notice: 'form_expired' }, {});
  // Pressed again because the first answer was lost: even when the request has left whoever pressed.
  const earlier = sent.dossier.events.find(({ cause }) => cause === causeOfForm(check.nonce));
  if (earlier !== undefined) return doneAnswer(site, claims, earlier.id);
  if (!mayOpen(sent.dossier.request, sent.bearer)) {
    return movedPage(site, claims, sent.bearer, sent.dossier, commentIn(input));
  }
  const errors = formErrors(sent.action, input, stateOfDossier(site.ground, sent.dossier), site.ground.config);
  if (hasErrors(errors)) return showAgain(sent, { status: 422, notice: null }, errors);
  return check.isHasty ? askAgain(sent) : confirmThenDecide(sent, check.nonce);
}

export interface Sent {
  site: Site;
  claims: LinkClaims;
  /** The action whose form was shown. */
  shown: Action;
  /** What its button does: the words may only be kept for later. */
  action: Action;
  input: FormInput;
  bearer: Bearer;
  dossier: Dossier;
}

async function openSent(
  site: Site,
  claims: LinkClaims,
  input: FormInput,
  shown: Action,
): Promise<{ ok: true; sent: Sent } | { ok: false; answer: Answer }> {
  const { ground } = site;
  const [found, dossier] = await Promise.all([findBearer(ground, claims), loadDossier(ground.store.db, claims.rid)]);
  if (!found.ok) return { ok: false, answer: notOpened(site, claims, found, dossier, commentIn(input)) };
  if (dossier === null) return { ok: false, answer: deadLink('unknown') };
  const action = valueOf(input, 'save') === 'draft' ? 'draft' : shown;
  return { ok: true, sent: { site, claims, shown, action, input, bearer: found.bearer, dossier } };
}

async function confirmThenDecide(sent: Sent, nonce: string): Promise<Answer> {
  const confirmed = await confirmByCode(sent, nonce, () => objectionTo(sent));
  if (!confirmed.ok) return confirmed.answer;
  try {
    return await decideNow(sent, nonce, confirmed.codeId);
  } catch (error) {
    if (error instanceof CodeIsUsed) return usedCodePage(sent);
    throw error;
  }
}

async function decideNow(sent: Sent, nonce: string, codeId: string | null): Promise<Answer> {
  const { site, claims, input, action } = sent;
  const { ground } = site;
  const original = await originalIn(sent);
  const attachments = asks(action, 'files') ? input.files : [];
  const { decision, eventId } = await decideOn(
    ground,
    claims.rid,
    ruleOf(sent, original),
    { id: causeOfForm(nonce), attachments },
    async (tx, decided) => {
      if (codeId !== null) await useCode(tx, codeId, decided, ground.clock.now());
      await joinOriginal(sent, tx, decided, original);
    },
    original === null ? [] : [original.id],
  );
  if (eventId !== null) return doneAnswer(site, claims, eventId);
  if (decision.done) throw new Error('a decision without its event');
  const dossier = await loadDossier(ground.store.db, claims.rid);
  if (dossier === null) return deadLink('unknown');
  return showRefused({ ...sent, dossier }, decision.refusal);
}

function doneAnswer(site: Site, claims: LinkClaims, eventId: string): Answer {
  return { kind: 'redirect', location: `${linkPath('action', claims, claims.act, site)}?done=${eventId}` };
}

/** Why it could not be done as things stand; null when it could. */
async function objectionTo(sent: Sent): Promise<Answer | null> {
  const { ground } = sent.site;
  const rule = ruleOf(sent, await originalIn(sent));
  const decision = rule(stateOfDossier(ground, sent.dossier), ground.clock.now());
  return decision.done ? null : showRefused(sent, decision.refusal);
}

function showRefused(sent: Sent, refusal: Refusal): Answer {
  const { site, claims, bearer, dossier, action } = sent;
  const errors = errorsOf(refusal, action);
  if (errors !== undefined) return showAgain(sent, { status: 422, notice: null }, errors);
  const settled = settlingEvent(dossier);
  if (settled?.action === action && isActor(bearer.person, settled)) {
    return showResult(site, claims, bearer, dossier, settled, true);
  }
  return showAgain(sent, { status: 409, notice: refusal === 'undo_too_late' ? 'undo_too_late' : 'already' }, {});
}

/** The rule of the workflow, and a department's link is dead once the request left it: judged under the lock. */
function ruleOf({ site, action, input, bearer, dossier }: Sent, original: Original | null): Rule {
  const { config } = site.ground;
  const mail = { subject: usualSubject(dossier.request), replacesBody: action === 'take_charge' };
  const choices = choicesIn(input, original, mail);
  const isSilent = action === 'take_charge' && choices.told?.isTold === false;
  const act: Act = {
    ...choices,
    hasAttachments: choices.hasAttachments === true && asks(action, 'files'),
    action,
    actor: actorOf(bearer.person, input, site),
    comment: isSilent ? '' : commentIn(input),
  };
  return (request, now) => (mayOpen(request, bearer) ? decide(request, act, config, now) : refused('not_yours'));
}

/** Behind a shared mailbox, the agent's name as they gave it; their address stays the mailbox's, which is what is known. */
function actorOf(person: Person, input: FormInput, { ground }: Site): Person {
  const name = agentIn(input);
  return name !== '' && isSharedMailbox(person, ground.config.town) ? { ...person, name } : person;
}

/** The request that this one repeats, by the number that was typed. */
async function originalIn({ site, action, input }: Sent): Promise<Original | null> {
  if (!asks(action, 'request')) return null;
  const reference = readReference(valueOf(input, 'original'));
  return reference === null ? null : findByReference(site.ground.store.db, reference);
}

async function joinOriginal(
  { site, bearer, input, dossier }: Sent,
  tx: Tx,
  { decision, request, eventId, repeated }: Decided,
  original: Original | null,
): Promise<void> {
  if (original === null || !decision.done || repeated) return;
  const text = dossier.messages.find(({ kind }) => kind === 'inbound')?.text ?? '';
  const rule = () => joinDuplicate(actorOf(bearer.person, input, site), { reference: request.reference, text });
  await decideLocked(site.ground, tx, original.id, rule, { id: `merge:${eventId}` });
}

/** The same form with what was typed; or, when the action cannot be taken any more, why. */
function showAgain(
  { site, claims, bearer, dossier, input, shown }: Sent,
  showing: Pick<Showing, 'status' | 'notice'>,
  errors: FormErrors,
): Answer {
  return dossierPage(site, { ...claims, act: shown }, bearer, dossier, { ...showing, form: { input, errors } });
}

/** Scanners press buttons at once. What was typed is shown, to be sent once more; files have to be chosen again. */
function askAgain(sent: Sent): Answer {
  const { site, claims, action, input, bearer, dossier } = sent;
  const state = stateOfDossier(site.ground, dossier);
  if (!isAction(claims.act)) return messagePage(404, 'unknown');
  const context = { person: bearer.person, state, templateId: '' };
  return page(200, 'confirm', {
    ...dossierView(site, claims, bearer.person, dossier),
    action,
    comment: commentIn(input),
    form: formView(site, claims, claims.act, context, input, {}),
    hidden: hiddenFields(input),
    recap: recapOf(sent),
    hadFiles: input.files.length > 0,
  });
}

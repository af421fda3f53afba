import { verifyLink, type LinkClaims } from '../action-link.ts';
import { decide } from '../domain/decide.ts';
import { refused, type Refusal } from '../domain/decision.ts';
import type { Person } from '../domain/people.ts';
import type { Action } from '../domain/workflow.ts';
import { decideOn, type Rule } from '../store/decide-on.ts';
import { loadDossier } from '../store/dossiers.ts';
import { findBearer, isActor, isSharedMailbox, mayOpen, type Bearer } from './access.ts';
import { formErrors, formView, hasErrors, readForm, type FormErrors, type FormInput } from './action-form.ts';
import { dossierView } from './dossier-view.ts';
import { checkNonce } from './form-nonce.ts';
import {
  deadLink,
  dossierPage,
  deadToken,
  movedPage,
  pageAction,
  settlingEvent,
  type Showing,
} from './show-dossier.ts';
import { showResult } from './show-result.ts';
import { linkPath, messagePage, page, type Answer, type Site } from './site.ts';

/** POST of a form: one decision, then a redirect to its result. Never says « done » before the commit. */
export async function takeAction(site: Site, token: string, body: unknown): Promise<Answer> {
  const now = site.ground.clock.now();
  const verified = verifyLink('action', token, site.secrets, now);
  if (!verified.ok) return deadToken(site, verified);
  const { claims } = verified;
  const action = pageAction(claims.act);
  if (action === null) return messagePage(404, 'unknown');
  const input = readForm(body);
  const check = checkNonce(input.nonce, claims, site, now);
  if (check.state === 'invalid') return messagePage(403, 'not_our_form');

  const found = await findBearer(site.ground, claims);
  if (!found.ok) return deadLink(found.reason);
  const sent: Sent = { site, claims, action, input, bearer: found.bearer };
  if (check.state === 'expired') return showAgain(sent, { status: 403, notice: 'form_expired' }, {});
  const errors = formErrors(action, input, site.ground.config.town);
  if (hasErrors(errors)) return showAgain(sent, { status: 422, notice: null }, errors);
  return check.isHasty ? askAgain(sent) : decideNow(sent, check.nonce);
}

interface Sent {
  site: Site;
  claims: LinkClaims;
  action: Action;
  input: FormInput;
  bearer: Bearer;
}

async function decideNow(sent: Sent, nonce: string): Promise<Answer> {
  const { site, claims, bearer } = sent;
  const cause = { id: `form:${nonce}` };
  const { decision, eventId } = await decideOn(site.ground, claims.rid, ruleOf(sent), cause);
  if (eventId !== null) {
    return { kind: 'redirect', location: `${linkPath('action', claims, claims.act, site)}?done=${eventId}` };
  }
  if (decision.done) throw new Error('a decision without its event');
  const error = FIELD_ERRORS[decision.refusal];
  if (error !== undefined) return showAgain(sent, { status: 422, notice: null }, error);

  const dossier = await loadDossier(site.ground.store.db, claims.rid);
  if (dossier === null) return deadLink('unknown');
  const settled = settlingEvent(dossier);
  if (settled?.action === sent.action && isActor(bearer.person, settled)) {
    return showResult(site, claims, bearer, dossier, settled, true);
  }
  return dossierPage(site, claims, bearer, dossier, {
    status: 409,
    form: { input: sent.input, errors: {} },
    notice: decision.refusal === 'undo_too_late' ? 'undo_too_late' : 'already',
  });
}

/** The rule of the workflow, and a department's link is dead once the request left it: judged under the lock. */
function ruleOf({ site, action, input, bearer }: Sent): Rule {
  const { town } = site.ground.config;
  const act = {
    action,
    actor: actorOf(bearer.person, input, site),
    comment: input.comment.trim(),
    department: input.department,
  };
  return (request, now) => (mayOpen(request, bearer) ? decide(request, act, town, now) : refused('not_yours'));
}

/** Behind a shared mailbox, the agent's name as they gave it; their address stays the mailbox's, which is what is known. */
function actorOf(person: Person, input: FormInput, { ground }: Site): Person {
  return input.agent !== '' && isSharedMailbox(person, ground.config.town) ? { ...person, name: input.agent } : person;
}

const FIELD_ERRORS: Partial<Record<Refusal, FormErrors>> = {
  comment_required: { comment: 'comment_required' },
  department_unknown: { department: 'department_unknown' },
  held_there_already: { department: 'held_there_already' },
};

/** The same form with what was typed; or, when the action cannot be taken any more, why. */
async function showAgain(sent: Sent, showing: Omit<Showing, 'form'>, errors: FormErrors): Promise<Answer> {
  const { site, claims, bearer, input } = sent;
  const dossier = await loadDossier(site.ground.store.db, claims.rid);
  if (dossier === null) return deadLink('unknown');
  return dossierPage(site, claims, bearer, dossier, { ...showing, form: { input, errors } });
}

/** Scanners press buttons at once. What was typed is shown, to be sent once more. */
async function askAgain({ site, claims, action, input, bearer }: Sent): Promise<Answer> {
  const dossier = await loadDossier(site.ground.store.db, claims.rid);
  if (dossier === null) return deadLink('unknown');
  if (!mayOpen(dossier.request, bearer)) return movedPage(site, claims, bearer, dossier, input.comment);
  return page(200, 'confirm', {
    ...dossierView(site, claims, bearer.person, dossier),
    form: formView(site, claims, action, { person: bearer.person, dossier }, input, {}),
  });
}

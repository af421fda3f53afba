import { objectionToCitizen } from '../domain/citizen-sight.ts';
import { decide } from '../domain/decide.ts';
import { refused } from '../domain/decision.ts';
import type { Action } from '../domain/workflow.ts';
import { decideOn, type Rule } from '../store/decide-on.ts';
import { citizenVisit, openCitizenLink, type CitizenVisit } from './citizen-access.ts';
import { asksFiles, citizenErrors, citizenFormView } from './citizen-form.ts';
import { citizenAction, citizenPage } from './citizen-page.ts';
import { citizenResult, doneBefore } from './citizen-result.ts';
import { requestView } from './citizen-view.ts';
import { readForm, valueOf, type FormInput } from './form-input.ts';
import { causeOfForm, checkNonce } from './form-nonce.ts';
import { linkPath, messagePage, page, relayed, type Answer, type Site } from './site.ts';

/** POST of a citizen's form: one decision, then a redirect to its result. Never says « done » before the commit. */
export async function actForCitizen(site: Site, token: string, body: unknown): Promise<Answer> {
  const opened = await openCitizenLink(site, token);
  if (!opened.ok) return opened.answer;
  const { visit } = opened;
  const action = citizenAction(visit.claims.act);
  if (action === null) return messagePage(404, 'unknown');
  const input = readForm(body, (words) => relayed(words, site));
  const check = checkNonce(input.nonce, visit.claims, site, site.ground.clock.now());
  if (check.state === 'invalid') return messagePage(403, 'not_our_form');
  if (check.state === 'expired') {
    return citizenPage(visit, { status: 403, input, errors: {}, notice: 'form_expired' });
  }
  const errors = citizenErrors(action, input);
  if (Object.keys(errors).length > 0) return citizenPage(visit, { status: 422, input, errors, notice: null });
  return check.isHasty ? askAgain(visit, action, input) : decideNow(visit, action, input, check.nonce);
}

async function decideNow(visit: CitizenVisit, action: Action, input: FormInput, nonce: string): Promise<Answer> {
  const { site, claims } = visit;
  const attachments = asksFiles(action) ? input.files : [];
  const cause = { id: causeOfForm(nonce), attachments };
  const { eventId, repeated } = await decideOn(site.ground, claims.rid, ruleOf(visit, action, input), cause);
  if (eventId !== null) {
    const again = repeated ? '&again=1' : '';
    return { kind: 'redirect', location: `${linkPath('citizen', claims, 'follow', site)}?done=${eventId}${again}` };
  }
  const now = await citizenVisit(site, claims);
  if (!now.ok) return now.answer;
  const before = doneBefore(now.visit, action);
  return before === undefined
    ? citizenPage(now.visit, { status: 409, input, errors: {}, notice: 'already' })
    : citizenResult(now.visit, before, true);
}

/** The workflow's rule, for whoever still has the request's address: judged under the lock. */
function ruleOf({ site, person }: CitizenVisit, action: Action, input: FormInput): Rule {
  const { config } = site.ground;
  return (request, now) => {
    const actor = { ...person, name: request.citizenName };
    const objection = objectionToCitizen(request, actor, action, config, now);
    if (objection !== null) return refused(objection);
    const hasAttachments = asksFiles(action) && input.files.length > 0;
    const comment = valueOf(input, 'comment').trim();
    return decide(request, { action, actor, comment, hasAttachments }, config, now);
  };
}

/** Scanners press buttons at once. What was typed is shown, to be sent once more; pieces have to be chosen again. */
function askAgain(visit: CitizenVisit, action: Action, input: FormInput): Answer {
  const isOpen = requestView(visit).actions.some((each) => each.action === action);
  if (!isOpen) return citizenPage(visit, { status: 409, input, errors: {}, notice: 'already' });
  return page(200, 'citizen-confirm', {
    ...requestView(visit),
    form: citizenFormView(visit, action, input, {}),
  });
}

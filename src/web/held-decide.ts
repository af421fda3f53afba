import { subjectOf } from '../action-link.ts';
import type { Ruling } from '../domain/routing.ts';
import { denyHeld, findRequestByReference, ignoreHeld, ruleOn } from '../store/held-emails.ts';
import { isSharedMailbox } from './access.ts';
import { checkNonce } from './form-nonce.ts';
import { openHeld, visitOf, type HeldVisit } from './held-access.ts';
import { chosenIn, readHeldForm, type HeldChoice, type HeldErrors, type HeldInput } from './held-form.ts';
import { heldPage, heldResult, isWaiting } from './held-page.ts';
import { emailView, heldFormView, personView } from './held-view.ts';
import { linkPath, messagePage, page, type Answer, type Site } from './site.ts';

/** POST of a held mail's form: one decision, written for the receiver to obey, then a redirect to its result. */
export async function decideHeld(site: Site, token: string, body: unknown): Promise<Answer> {
  const opened = await openHeld(site, token);
  if (!opened.ok) return opened.answer;
  const { visit } = opened;
  const input = readHeldForm(body);
  const check = checkNonce(input.nonce, visit.claims, site, site.ground.clock.now());
  if (check.state === 'invalid') return messagePage(403, 'not_our_form');
  const chosen = chosenIn(input, visit.isAuthor);
  if (!isWaiting(visit)) return alreadySettled(visit, chosen.ok ? chosen.choice : null);
  if (check.state === 'expired') return heldPage(visit, { status: 403, input, errors: {}, notice: 'form_expired' });
  if (!chosen.ok) return showAgain(visit, input, chosen.errors);
  return check.isHasty ? askAgain(visit, input, chosen.choice) : decideNow(visit, input, chosen.choice);
}

async function decideNow(visit: HeldVisit, input: HeldInput, choice: HeldChoice): Promise<Answer> {
  const { site, claims, person } = visit;
  const judge = { by: subjectOf(person), name: judgeOf(visit, input) };
  const ruling = await rulingOf(visit, choice);
  if (ruling === null) return showAgain(visit, input, { reference: 'reference_unknown' });
  const isDone =
    ruling === 'ignore'
      ? await ignoreHeld(site.ground, claims.rid, judge)
      : ruling === 'deny'
        ? await denyHeld(site.ground, claims.rid)
        : await ruleOn(site.ground, claims.rid, ruling, judge);
  if (isDone) return { kind: 'redirect', location: `${linkPath('held', claims, 'view', site)}?done=1` };
  const now = await visitOf(site, claims);
  return now.ok ? alreadySettled(now.visit, choice) : now.answer;
}

/** Null when no request has that number. */
async function rulingOf({ site, email }: HeldVisit, choice: HeldChoice): Promise<Ruling | 'ignore' | 'deny' | null> {
  switch (choice.as) {
    case 'new':
      return { as: 'new' };
    case 'ignore':
      return 'ignore';
    case 'not_mine':
      return 'deny';
    case 'mine':
      // An agent's own mail that concerns no request opens one.
      return email.request === null ? { as: 'new' } : { as: 'mine', requestId: email.request.id };
    case 'attach': {
      const request = await findRequestByReference(site.ground.store.db, choice.reference);
      return request && { as: 'attach', requestId: request.id };
    }
  }
}

/** Behind a shared mailbox, the agent's name as they gave it. */
function judgeOf({ site, person }: HeldVisit, { agent }: HeldInput): string {
  return isSharedMailbox(person, site.ground.config.town) ? agent : person.name;
}

/** Who comes second reads what was decided; only another choice than theirs is a conflict. */
async function alreadySettled(visit: HeldVisit, choice: HeldChoice | null): Promise<Answer> {
  const { held, state } = visit.email;
  const decided = state === 'held' ? 'not_mine' : held.ruled?.as;
  return heldResult(visit, choice?.as === decided ? 200 : 409, true);
}

function showAgain(visit: HeldVisit, input: HeldInput, errors: HeldErrors): Promise<Answer> {
  return heldPage(visit, { status: 422, input, errors, notice: null });
}

/** Scanners press buttons at once. What was chosen is shown, to be sent once more. */
function askAgain(visit: HeldVisit, input: HeldInput, choice: HeldChoice): Answer {
  return page(200, 'held-confirm', {
    person: personView(visit.person, visit.site.ground.config.town),
    email: emailView(visit),
    form: heldFormView(visit, input, {}),
    chosen: choice.as,
    reference: choice.as === 'attach' ? choice.reference : '',
  });
}

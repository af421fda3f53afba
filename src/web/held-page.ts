import { openHeld, type HeldVisit } from './held-access.ts';
import { EMPTY_HELD_INPUT, type HeldErrors, type HeldInput } from './held-form.ts';
import { emailView, heldFormView, judgeName, othersView, personView } from './held-view.ts';
import { page, type Answer, type Site } from './site.ts';

/** GET of a held mail's link: shows the mail and asks what it is, or says what was decided. Reads only. */
export async function showHeld(site: Site, token: string, isJustDone: boolean): Promise<Answer> {
  const opened = await openHeld(site, token);
  if (!opened.ok) return opened.answer;
  return isWaiting(opened.visit) ? heldPage(opened.visit) : heldResult(opened.visit, 200, !isJustDone);
}

/** Whether this person still has something to say of it. */
export function isWaiting({ email, isAuthor }: HeldVisit): boolean {
  return email.state === 'held' && !(isAuthor && email.held.deniedAt !== undefined);
}

/** Why a held mail is shown otherwise than with a fresh form. */
export interface HeldShowing {
  status: number;
  input: HeldInput;
  errors: HeldErrors;
  /** Key of the section `pageNotices`. */
  notice: string | null;
}

const FRESH: HeldShowing = { status: 200, input: EMPTY_HELD_INPUT, errors: {}, notice: null };

export async function heldPage(visit: HeldVisit, showing: HeldShowing = FRESH): Promise<Answer> {
  const { status, input, errors, notice } = showing;
  return page(status, visit.isAuthor ? 'held-mine' : 'held', {
    person: personView(visit.person, visit.site.ground.config.town),
    email: emailView(visit),
    form: heldFormView(visit, input, errors),
    others: await othersView(visit),
    notice,
  });
}

/** What became of it, who said so and when. */
export async function heldResult(visit: HeldVisit, status: number, isAgain: boolean): Promise<Answer> {
  const { town } = visit.site.ground.config;
  const { email } = visit;
  const { ruled, deniedAt } = email.held;
  const isDenied = email.state === 'held';
  return page(status, 'held-result', {
    person: personView(visit.person, town),
    email: emailView(visit),
    result: isDenied ? 'not_mine' : (ruled?.as ?? email.state),
    reference: ruled?.reference ?? null,
    by: isDenied ? visit.person.name : ruled ? judgeName(ruled, town) : null,
    at: isDenied ? deniedAt : (ruled?.at ?? null),
    became: email.state === 'done' ? (email.request?.reference ?? null) : null,
    isAgain,
    others: await othersView(visit),
  });
}

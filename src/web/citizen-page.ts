import { isAction, type Action } from '../domain/workflow.ts';
import { openCitizenLink, type CitizenVisit } from './citizen-access.ts';
import { citizenFormView, type CitizenErrors } from './citizen-form.ts';
import { citizenResult, ownEvent } from './citizen-result.ts';
import { followView, requestView } from './citizen-view.ts';
import { EMPTY_INPUT, valueOf, type FormInput } from './form-input.ts';
import { page, type Answer, type Site } from './site.ts';

/** GET of a citizen's link: where the request stands, the thread, and what they may do now. Reads only. */
export async function showToCitizen(site: Site, token: string, done: string, isAgain: boolean): Promise<Answer> {
  const opened = await openCitizenLink(site, token);
  if (!opened.ok) return opened.answer;
  const { visit } = opened;
  const event = ownEvent(visit, done);
  return event === undefined ? citizenPage(visit) : citizenResult(visit, event, isAgain);
}

/** Why the page is shown otherwise than with a fresh form. */
export interface CitizenShowing {
  status: number;
  input: FormInput;
  errors: CitizenErrors;
  /** Key of the section `citizenNotices`. */
  notice: string | null;
}

const FRESH: CitizenShowing = { status: 200, input: EMPTY_INPUT, errors: {}, notice: null };

export function citizenPage(visit: CitizenVisit, showing: CitizenShowing = FRESH): Answer {
  const { status, input, errors, notice } = showing;
  const wanted = citizenAction(visit.claims.act);
  const view = visit.isNewcomer ? requestView(visit) : followView(visit);
  const isOpen = wanted !== null && view.actions.some(({ action }) => action === wanted);
  return page(status, 'citizen-request', {
    ...view,
    isNewcomer: visit.isNewcomer,
    form: isOpen ? citizenFormView(visit, wanted, input, errors) : null,
    notice: notice ?? (wanted !== null && !isOpen ? 'not_possible_now' : null),
    lostText: isOpen ? '' : valueOf(input, 'comment'),
  });
}

/** What a link leads to; null for following alone. */
export function citizenAction(act: string): Action | null {
  return isAction(act) ? act : null;
}

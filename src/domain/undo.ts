import { refused, type Decision, type Done, type MailFacts, type PlannedMail, type Refusal } from './decision.ts';
import { isStaff, type Person, type Town } from './people.ts';
import type { Draft, RequestState, Was } from './request.ts';

/** A decision that closes a request waits a little before anybody is told: until then, whoever took it can undo it. */

/**
 * Holds back the mails of a decision that closes, and adds the receipt with the way back for whoever took it. Any other
 * decision, and any in a town whose window is zero, comes out as it went in.
 */
export function withUndoWindow(
  decision: Decision,
  request: RequestState,
  town: Town,
  undoSeconds: number,
  now: Date,
): Decision {
  const closes = decision.done && decision.changes.status === 'closed' && request.status !== 'closed';
  if (!closes || !isStaff(decision.event.actor.role) || undoSeconds <= 0) return decision;
  const until = new Date(now.getTime() + undoSeconds * 1_000);
  const mails = decision.mails.map((mail) => ({ ...mail, sendAfter: until }));
  return {
    ...decision,
    event: { ...decision.event, details: { ...decision.event.details, ...detailsOf(request) } },
    mails: [...mails, ...receiptFor(decision, request, town, until)],
  };
}

/** What a person who wants to undo is told; null when they may. */
export function objectionToUndo({ status, closing }: RequestState, actor: Person): Refusal | null {
  if (status !== 'closed') return 'status_forbids';
  if (closing === null) return 'undo_too_late';
  const { role, department, address } = closing.by;
  const isOwn = role === actor.role && department === actor.department && address === actor.address;
  return isOwn ? null : 'not_allowed';
}

/** The request is what it was, its waiting included; nobody had been told, so nobody is told. */
export function undo(request: RequestState, actor: Person, comment: string): Decision {
  const { closing } = request;
  if (closing === null) return refused('undo_too_late');
  return {
    done: true,
    changes: { ...closing.was, outcome: null, closing: null },
    event: { action: 'undo', actor, comment, details: { undoes: closing.eventId } },
    message: null,
    mails: [],
    cancelsMailsOf: closing.eventId,
  };
}

/** What the event of a closing keeps for an undo, as JSON: no reader of the history needs it. */
function detailsOf(request: RequestState): Done['event']['details'] {
  const { status, holder, holdingNo, assignee, statusSince, waitUntil, waitReason, lapsesAt } = request;
  const { remindedCount, remindedAt, draft, relatedReference } = request;
  const stood = { status, holder, holdingNo, assignee, statusSince, waitUntil, waitReason, lapsesAt };
  const was: Was = { ...stood, remindedCount, remindedAt, draft, relatedReference };
  return { was: JSON.stringify(was) };
}

/** The same, read back; null for a closing that could not be undone. */
export function wasBefore(details: Readonly<Record<string, unknown>>): Was | null {
  if (typeof details['was'] !== 'string') return null;
  const was = JSON.parse(details['was']) as Written;
  return {
    ...was,
    draft: was.draft && { ...was.draft, at: new Date(was.draft.at) },
    statusSince: new Date(was.statusSince ?? ''),
    waitUntil: instant(was.waitUntil),
    // Closings of before it was kept have none.
    lapsesAt: instant(was.lapsesAt ?? null),
    remindedAt: instant(was.remindedAt),
  };
}

function instant(at: string | null): Date | null {
  return at === null ? null : new Date(at);
}

/** JSON knows no instants. */
type InstantKey = 'statusSince' | 'waitUntil' | 'lapsesAt' | 'remindedAt';
type Written = Omit<Was, InstantKey | 'draft'> &
  Record<InstantKey, string | null> & { draft: (Omit<Draft, 'at'> & { at: string }) | null };

function receiptFor({ changes, event, mails }: Done, request: RequestState, town: Town, until: Date): PlannedMail[] {
  const { actor, action, comment } = event;
  if (actor.address === '' || actor.address === town.mailbox) return [];
  const facts: MailFacts = {
    action,
    comment,
    actorName: actor.name,
    actorRole: actor.role,
    ...(actor.department === null ? {} : { actorDepartment: actor.department }),
    holder: changes.holder ?? request.holder,
    undoUntil: until.toISOString(),
    ...(typeof changes.outcome === 'string' ? { outcome: changes.outcome } : {}),
    ...(mails.some(({ to }) => to.role === 'citizen') ? { citizenToldAt: until.toISOString() } : {}),
  };
  return [{ kind: 'receipt', to: actor, facts, showsMessage: false }];
}

import { refused, type Decision, type Done, type PlannedMail, type PlannedMessage } from './decision.ts';
import { holdersOf, isWorthMailing } from './mails.ts';
import { DESK, personOfOffice, SYSTEM, type Person, type Town } from './people.ts';
import { citizenOf, type Origin, type RequestState } from './request.ts';

/** The rules of what nobody chooses: a request opens, a robot answers, a wait is over. */

export interface Opening {
  citizen: Person;
  subject: string;
  text: string;
  elided: string;
  receivedAt: Date;
  /** False for lists and robots: they are never answered. */
  acknowledge: boolean;
  category: string | null;
  origin: Origin;
  /** The category's own fields, as they were read in the words. */
  details: Readonly<Record<string, string>>;
  /** The closed request that it goes on with. */
  relatedReference: string | null;
}

/** A request opens at the desk. */
export function open(reference: string, opening: Opening, town: Town): { request: RequestState; decision: Decision } {
  const request: RequestState = {
    reference,
    status: 'new',
    outcome: null,
    holder: DESK,
    holdingNo: 1,
    assignee: null,
    citizenName: opening.citizen.name,
    citizenAddress: opening.citizen.address,
    citizenPhone: '',
    citizenPostalAddress: '',
    citizenOrganisation: '',
    citizenLanguage: '',
    pendingAddress: '',
    subject: opening.subject,
    category: opening.category,
    origin: opening.origin,
    details: opening.details,
    pieces: [],
    labels: [],
    sharedWith: [],
    receivedAt: opening.receivedAt,
    statusSince: opening.receivedAt,
    clockSince: null,
    suspensions: [],
    alarmedAt: null,
    closedAt: null,
    waitUntil: null,
    waitReason: '',
    lapsesAt: null,
    remindedCount: 0,
    remindedAt: null,
    reroutedCount: 0,
    reopenedCount: 0,
    undeliverable: false,
    draft: null,
    relatedReference: opening.relatedReference,
    frozenAt: null,
    frozenReason: '',
    deletionNoticeAt: null,
    anonymisedAt: null,
    closing: null,
  };
  const rows = [
    ...(opening.acknowledge ? [{ kind: 'acknowledgement' as const, to: citizenOf(request) }] : []),
    { kind: 'new_request' as const, to: personOfOffice(town, DESK) },
  ];
  const decision: Decision = {
    done: true,
    changes: {},
    event: { action: 'receive', actor: opening.citizen, comment: '', details: {} },
    message: { kind: 'inbound', author: opening.citizen, text: opening.text, elided: opening.elided },
    mails: rows
      .filter(({ to }) => isWorthMailing(to, SYSTEM, town))
      .map((row) => ({ ...row, facts: { action: 'receive', holder: DESK }, showsMessage: true })),
  };
  return { request, decision };
}

/** A robot's mail is shown on the request; it never changes a status and is never answered. */
export function recordAutomatic(author: Person, text: string, elided: string): Decision {
  const message: PlannedMessage = { kind: 'automatic', author, text, elided };
  return {
    done: true,
    changes: {},
    event: { action: 'automatic_mail', actor: author, comment: '', details: {} },
    message,
    mails: [],
  };
}

/** What the agent who forwards says of it, whatever their office: the request is the desk's, and its first mail shows it. */
export function recordForwarderWords(author: Person, text: string): Done {
  const event = { action: 'note' as const, actor: author, comment: text, details: {} };
  return { done: true, changes: {}, event, message: { kind: 'note', author, text, elided: '' }, mails: [] };
}

/** Its date has come: the treatment goes on by itself, and whoever holds it is told. */
export function wake(request: RequestState, town: Town, now: Date): Decision {
  const isDue = request.status === 'on_hold' && request.waitUntil !== null && request.waitUntil <= now;
  if (!isDue) return refused('nothing_due');
  const facts = { action: 'resume', holder: request.holder, reason: request.waitReason };
  const mails: PlannedMail[] = holdersOf(request, town).map((to) => ({
    kind: 'resumed',
    to,
    facts,
    showsMessage: false,
  }));
  return {
    done: true,
    changes: {
      status: 'in_progress',
      statusSince: now,
      waitUntil: null,
      waitReason: '',
      remindedCount: 0,
      remindedAt: null,
    },
    event: { action: 'resume', actor: SYSTEM, comment: '', details: {} },
    message: null,
    mails: mails.filter(({ to }) => isWorthMailing(to, SYSTEM, town)),
  };
}

/** The desk found that another request repeats this one: what it said is not lost with it. */
export function joinDuplicate(author: Person, duplicate: { reference: string; text: string }): Decision {
  return {
    done: true,
    changes: {},
    event: {
      action: 'duplicate_joined',
      actor: author,
      comment: duplicate.text,
      details: { reference: duplicate.reference },
    },
    message: null,
    mails: [],
  };
}

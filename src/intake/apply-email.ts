import { guessCategory } from '../domain/category.ts';
import { decide, type Act } from '../domain/decide.ts';
import { recordAutomatic } from '../domain/occurrences.ts';
import { DESK, personOfOffice, type Person } from '../domain/people.ts';
import { bareSubject } from '../domain/reference.ts';
import type { HeldReason, Route } from '../domain/routing.ts';
import type { Action } from '../domain/workflow.ts';
import { decideOn, openRequests, TRANSACTION, type Decided, type NewRequest } from '../store/decide-on.ts';
import { lockStored, settleEmails, type Settlement } from '../store/inbound-emails.ts';
import type { Ground, Tx } from '../store/store.ts';
import { writeMail, type Cause, type LooseMail } from '../store/write-decisions.ts';
import { senderOf } from './clues.ts';
import type { PreparedEmail } from './prepare-email.ts';

/** What becomes of an email once it is known what it is: each in one transaction with its row of the journal. */

export type NewRoute = Extract<Route, { verdict: 'new' }>;

export interface NewEmail {
  prepared: PreparedEmail;
  route: NewRoute;
}

/** A mail that another instance settled meanwhile: nothing is left to do. */
export class SettledElsewhere extends Error {}

export async function openAll(ground: Ground, news: readonly NewEmail[]): Promise<void> {
  const ids = news.map(({ prepared }) => prepared.stored.id);
  const opened = await inOneTransaction(ground, ids, async (tx) => {
    const requests = await openRequests(
      ground,
      tx,
      news.map(({ prepared, route }) => newRequest(ground, prepared, route)),
    );
    const settled = news.map(({ prepared, route }, i) =>
      settlement(prepared, 'done', 'new', route.reasons, requests[i]?.requestId ?? null),
    );
    await settleEmails(ground, tx, settled);
    return requests;
  });
  for (const { reference } of opened) ground.log.info({ event: 'request.opened', reference });
}

function newRequest(ground: Ground, prepared: PreparedEmail, route: NewRoute): NewRequest {
  const { stored, email, text, elided } = prepared;
  const subject = bareSubject(email?.subject ?? '');
  const citizen: Person = {
    role: 'citizen',
    department: null,
    name: email?.from[0]?.name ?? '',
    address: email === null ? '' : senderOf(email),
  };
  return {
    opening: { citizen, subject, text, elided, receivedAt: stored.receivedAt, acknowledge: route.acknowledge },
    category: guessCategory(`${subject} ${text}`, ground.config.categories)?.id ?? null,
    origin: 'email',
    cause: causeOf(prepared),
  };
}

export async function settleOne(
  ground: Ground,
  prepared: PreparedEmail,
  route: Exclude<Route, NewRoute>,
): Promise<void> {
  switch (route.verdict) {
    case 'ignore':
    case 'archive': {
      const state = route.verdict === 'ignore' ? 'ignored' : 'archived';
      await inOneTransaction(ground, [prepared.stored.id], (tx) =>
        settleEmails(ground, tx, [settlement(prepared, state, route.verdict, route.reasons, null)]),
      );
      break;
    }
    case 'hold':
      await holdEmail(ground, prepared, route);
      break;
    case 'automatic': {
      const author: Person = {
        role: 'third_party',
        department: null,
        name: prepared.email?.from[0]?.name ?? '',
        address: '',
      };
      await decideOn(
        ground,
        route.requestId,
        () => recordAutomatic(author, prepared.text, prepared.elided),
        causeOf(prepared),
        (tx) => settleLocked(ground, tx, prepared, route.verdict, route.reasons, route.requestId),
      );
      break;
    }
    case 'reply':
      await applyReply(ground, prepared, route);
      break;
  }
  ground.log.info({ event: 'email.settled', inboundId: prepared.stored.id, verdict: route.verdict });
}

const ACTION_BY_MAIL = {
  citizen: 'citizen_reply',
  third_party: 'third_party_message',
  desk: 'message',
  department: 'note',
  supervisor: 'note',
} as const satisfies Partial<Record<Person['role'], Action>>;

async function applyReply(
  ground: Ground,
  prepared: PreparedEmail,
  route: Extract<Route, { verdict: 'reply' }>,
): Promise<void> {
  const { requestId, author, reasons, isToColleagues } = route;
  if (author.role === 'system') throw new Error('the system writes no mail');
  const act: Act = {
    action: author.role === 'desk' && isToColleagues ? 'note' : ACTION_BY_MAIL[author.role],
    actor: author,
    comment: prepared.text,
    elided: prepared.elided,
    hasAttachments: prepared.files.length > 0,
  };
  await decideOn(
    ground,
    requestId,
    (request, now) => decide(request, act, ground.config.town, now),
    causeOf(prepared),
    async (tx, decided) => {
      await settleLocked(ground, tx, prepared, act.action, reasons, requestId);
      await explainRefusal(ground, tx, decided, act, prepared, requestId);
    },
  );
}

/** Whoever wrote learns that it was not acted on, with their words: nothing disappears. */
async function explainRefusal(
  ground: Ground,
  tx: Tx,
  decided: Decided,
  act: Act,
  prepared: PreparedEmail,
  requestId: string,
): Promise<void> {
  if (decided.decision.done) return;
  const facts = {
    action: act.action,
    refusal: decided.decision.refusal,
    comment: act.comment,
    holder: decided.request.holder,
  };
  const linksTo = [{ id: requestId, holdingNo: decided.request.holdingNo }];
  const mail: LooseMail = { kind: 'not_done', to: act.actor, facts, showsMessage: false, requestId, linksTo };
  await writeMail(ground, tx, mail, `not_done:${prepared.stored.id}`);
}

async function settleLocked(
  ground: Ground,
  tx: Tx,
  prepared: PreparedEmail,
  verdict: string,
  reasons: readonly string[],
  requestId: string,
): Promise<void> {
  if (!(await lockStored(tx, [prepared.stored.id]))) throw new SettledElsewhere();
  await settleEmails(ground, tx, [settlement(prepared, 'done', verdict, reasons, requestId)]);
}

async function inOneTransaction<T>(ground: Ground, ids: readonly string[], work: (tx: Tx) => Promise<T>): Promise<T> {
  return ground.store.db.$transaction(async (tx) => {
    if (!(await lockStored(tx, ids))) throw new SettledElsewhere();
    return work(tx);
  }, TRANSACTION);
}

export async function holdEmail(
  ground: Ground,
  prepared: PreparedEmail,
  held: { why: HeldReason; reasons: readonly string[]; requestId: string | null },
): Promise<void> {
  const { stored, email } = prepared;
  const desk = personOfOffice(ground.config.town, DESK);
  const from = email?.from[0];
  const mail: LooseMail = {
    kind: 'held_email',
    to: desk,
    requestId: held.requestId,
    linksTo: [],
    facts: {
      reason: held.why,
      from: from === undefined ? '' : `${from.name} <${from.address}>`.trim(),
      subject: email?.subject ?? '',
      receivedAt: stored.receivedAt.toISOString(),
      inboundId: stored.id,
    },
    showsMessage: false,
  };
  await inOneTransaction(ground, [stored.id], async (tx) => {
    await settleEmails(ground, tx, [settlement(prepared, 'held', held.why, held.reasons, held.requestId)]);
    await writeMail(ground, tx, mail, `held:${stored.id}`);
  });
}

function causeOf({ stored, files }: PreparedEmail): Cause {
  return { id: `email:${stored.id}`, inboundEmailId: stored.id, attachments: files };
}

function settlement(
  prepared: PreparedEmail,
  state: Settlement['state'],
  verdict: string,
  reasons: readonly string[],
  requestId: string | null,
): Settlement {
  const { stored, email, messageIdSha, contentSha, error } = prepared;
  return {
    id: stored.id,
    state,
    verdict,
    reasons,
    requestId,
    fromAddress: email === null ? '' : senderOf(email),
    subject: email?.subject ?? '',
    messageId: answerableId(email?.messageId),
    messageIdSha,
    contentSha,
    error: error || null,
  };
}

/** A header line is at most 998 characters (RFC 5322 §2.1.1); a longer id is not worth answering. */
function answerableId(messageId = ''): string | null {
  return /^<[\x21-\x7e]{3,900}>$/.test(messageId) ? messageId : null;
}

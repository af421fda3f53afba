import { citizenMailIs, isPiece, isYes } from '../domain/citizen-mail.ts';
import { decide, type Act } from '../domain/decide.ts';
import { refused, type Decision, type Refusal } from '../domain/decision.ts';
import { localParts } from '../domain/local-time.ts';
import { isStaff, type Person } from '../domain/people.ts';
import { readCommand, type Command } from '../domain/reply-command.ts';
import type { Reply, Route } from '../domain/routing.ts';
import { maySee, type RequestState } from '../domain/request.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import type { Action } from '../domain/workflow.ts';
import { decideOn, openRequests, type Decided } from '../store/decide-on.ts';
import { findOriginal } from '../store/dossiers.ts';
import { sha256 } from '../store/inbound-emails.ts';
import type { Ground, Tx } from '../store/store.ts';
import { writeMail, type LooseMail } from '../store/write-decisions.ts';
import { newRequest } from './new-request.ts';
import type { PreparedEmail } from './prepare-email.ts';
import { settleLocked, takeStored } from './settlement.ts';

/** What an answer of each role is, when it commands nothing. */
const ACTION_BY_MAIL = {
  citizen: 'citizen_reply',
  third_party: 'third_party_message',
  desk: 'message',
  department: 'note',
  supervisor: 'note',
} as const satisfies Partial<Record<Person['role'], Action>>;

/** One mail may answer several requests: each gets it once, and the last one settles it. */
export async function applyReply(
  ground: Ground,
  prepared: PreparedEmail,
  { replies, reasons }: Extract<Route, { verdict: 'reply' }>,
): Promise<void> {
  for (const [i, reply] of replies.entries()) {
    await applyOne(ground, prepared, await inOriginal(ground, reply), reasons, i === replies.length - 1);
  }
}

/** What a citizen answers about a duplicate is read where the matter is treated. */
async function inOriginal({ store }: Ground, reply: Reply): Promise<Reply> {
  if (reply.author.role !== 'citizen') return reply;
  const original = await findOriginal(store.db, reply.requestId);
  if (original === null) return reply;
  const isTheirs = original.citizenAddress === reply.author.address;
  return { ...reply, requestId: original.id, author: { ...reply.author, role: isTheirs ? 'citizen' : 'third_party' } };
}

async function applyOne(
  ground: Ground,
  prepared: PreparedEmail,
  reply: Reply,
  reasons: readonly string[],
  isLast: boolean,
): Promise<void> {
  const { requestId, author } = reply;
  const { config } = ground;
  const today = localParts(ground.clock.now(), config.town.timeZone).day;
  const command = readCommand(prepared.text, author.role, config, today);
  const act = actOf(prepared, reply, command);
  const asksCode = ({ action }: Act) => config.codeFor.includes(action);
  const settle = async (tx: Tx, { decision, request, repeated }: Decided) => {
    const isAnother = !decision.done && !repeated && beginsAnother(decision.refusal, author);
    const opened = isAnother ? await openAnother(ground, tx, prepared, reply, request) : null;
    const done = decision.done ? decision.event.action : act?.action;
    const verdict = opened ? 'new' : (done ?? `command_${command.kind}`);
    const outcome = { state: 'done', verdict, reasons, requestId: opened ?? requestId } as const;
    if (isLast) await settleLocked(ground, tx, prepared, outcome);
  };
  const cause = {
    id: `email:${prepared.stored.id}:${requestId}`,
    inboundEmailId: prepared.stored.id,
    attachments: prepared.files,
  };
  await decideOn(
    ground,
    requestId,
    (request, now) => {
      if (act === null)
        return refused(command.kind === 'history' && !maySee(request, author) ? 'not_yours' : 'not_understood');
      const hasPieces = prepared.files.some(({ inline, content }) => isPiece(inline, content.length));
      const inState = inStateOf(request, act, { hasPieces, isReceived: reply.isReceived }, config, now);
      if (inState === null) return refused('window_over');
      const decision = decide(request, inState, config, now);
      return decision.done && command.kind === 'act' && asksCode(inState) ? refused('code_needed') : decision;
    },
    cause,
    async (tx, decided) => {
      await settle(tx, decided);
      if (!decided.repeated) await tellAuthor(ground, tx, decided, { prepared, reply, command, act });
    },
  );
}

/** What the same words are on an open request and on a closed one; null when they begin another request. */
function inStateOf(
  request: RequestState,
  act: Act,
  { hasPieces, isReceived }: { hasPieces: boolean; isReceived: boolean },
  rules: Rulebook,
  now: Date,
): Act | null {
  if (act.action === 'citizen_reply') {
    const action = citizenMailIs(request, { text: act.comment, hasPieces }, rules, now);
    return action === 'new_request' ? null : { ...act, action };
  }
  const isNewcomer = act.action === 'third_party_message' && act.actor.address === request.pendingAddress;
  // A From alone proves nothing: they answer what they received.
  if (!isNewcomer || !isReceived || act.actor.address === '' || !isYes(act.comment)) return act;
  return { ...act, action: 'confirm_address', actor: { ...act.actor, role: 'citizen' } };
}

/** It ended too long ago to go on with it; what was forgotten, while the mail was on its way, has nobody to go on. */
function beginsAnother(refusal: Refusal, { role }: Person): boolean {
  return refusal === 'window_over' || (refusal === 'forgotten' && !isStaff(role));
}

/** It ended too long ago to be opened again: a new one, which recalls it. */
async function openAnother(
  ground: Ground,
  tx: Tx,
  prepared: PreparedEmail,
  { author }: Reply,
  { reference }: RequestState,
): Promise<string | null> {
  // No decision was written that another instance would run into.
  await takeStored(tx, prepared);
  const route = { verdict: 'new', acknowledge: author.address !== '', reasons: [] } as const;
  const [opened] = await openRequests(ground, tx, [newRequest(ground, { prepared, route }, reference)]);
  return opened?.requestId ?? null;
}

/** Null when the first line looks like a command and is not clear: nothing is done, nothing is passed on. */
function actOf(prepared: PreparedEmail, { author, isToColleagues }: Reply, command: Command): Act | null {
  if (author.role === 'system') throw new Error('the system writes no mail');
  const hasAttachments = prepared.files.length > 0;
  const { receivedAt } = prepared.stored;
  switch (command.kind) {
    case 'act': {
      const { action, choices } = command;
      // « transmettre voirie » says enough by itself.
      const comment = command.comment || (action === 'transfer' ? command.echo : '');
      return { action, actor: author, comment, hasAttachments, ...choices };
    }
    case 'none': {
      const action = author.role === 'desk' && isToColleagues ? 'note' : ACTION_BY_MAIL[author.role];
      return { action, actor: author, comment: prepared.text, elided: prepared.elided, hasAttachments, receivedAt };
    }
    case 'unclear':
    case 'history':
    case 'help':
      return null;
  }
}

interface Told {
  prepared: PreparedEmail;
  reply: Reply;
  command: Command;
  act: Act | null;
}

/** A command is echoed with what can be done next; what was not done comes back with its words and the reason. */
async function tellAuthor(ground: Ground, tx: Tx, { decision, request }: Decided, told: Told): Promise<void> {
  const { prepared, reply, command, act } = told;
  const kind = tellingKind(decision, command, reply.author);
  if (kind === null) return;
  const facts = {
    action: act?.action ?? (command.kind === 'history' ? command.kind : ''),
    comment: prepared.text,
    holder: request.holder,
    ...(command.kind === 'act' ? { echo: command.echo, named: command.named } : {}),
    ...(command.kind === 'unclear' ? { near: command.near, suggestions: command.suggestions.join('\n') } : {}),
    ...(decision.done ? {} : { refusal: decision.refusal }),
  };
  const { requestId, author } = reply;
  const linksTo = [{ id: requestId, holdingNo: request.holdingNo }];
  const mail: LooseMail = { kind, to: author, facts, showsMessage: false, requestId, linksTo };
  if (kind === 'command_done') {
    await writeMail(ground, tx, mail, `${kind}:${prepared.stored.id}:${requestId}`);
    return;
  }
  // A robot says the same again and again: it is told twice a day.
  const words = `${kind}:${requestId}:${sha256(prepared.text)}:${ground.clock.now().toISOString().slice(0, 10)}`;
  if (!(await writeMail(ground, tx, mail, `${words}:1`))) await writeMail(ground, tx, mail, `${words}:2`);
}

/** A closing already sends its author a receipt, from which it can be undone. */
function tellingKind(
  decision: Decision,
  command: Command,
  author: Person,
): 'command_done' | 'command_help' | 'not_done' | null {
  if (!decision.done) {
    if (beginsAnother(decision.refusal, author)) return null;
    if (decision.refusal !== 'not_understood') return 'not_done';
    return command.kind === 'history' ? 'command_done' : 'command_help';
  }
  const hasReceipt = decision.mails.some(({ kind }) => kind === 'receipt');
  return command.kind === 'act' && !hasReceipt ? 'command_done' : null;
}

import { decide, type Act } from '../domain/decide.ts';
import type { Decision } from '../domain/decision.ts';
import type { Person } from '../domain/people.ts';
import { readCommand, type Command } from '../domain/reply-command.ts';
import type { Reply, Route } from '../domain/routing.ts';
import type { Action } from '../domain/workflow.ts';
import { decideOn, type Decided } from '../store/decide-on.ts';
import { sha256 } from '../store/inbound-emails.ts';
import type { Ground, Tx } from '../store/store.ts';
import { writeMail, type LooseMail } from '../store/write-decisions.ts';
import type { PreparedEmail } from './prepare-email.ts';
import { settleLocked } from './settlement.ts';

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
    await applyOne(ground, prepared, reply, reasons, i === replies.length - 1);
  }
}

async function applyOne(
  ground: Ground,
  prepared: PreparedEmail,
  reply: Reply,
  reasons: readonly string[],
  isLast: boolean,
): Promise<void> {
  const { requestId, author } = reply;
  const { town } = ground.config;
  const command = readCommand(prepared.text, town.departments, author.role);
  const act = actOf(prepared, reply, command);
  const settle = async (tx: Tx) => {
    const verdict = act?.action ?? `command_${command.kind}`;
    if (isLast) await settleLocked(ground, tx, prepared, { state: 'done', verdict, reasons, requestId });
  };
  const cause = {
    id: `email:${prepared.stored.id}:${requestId}`,
    inboundEmailId: prepared.stored.id,
    attachments: prepared.files,
  };
  await decideOn(
    ground,
    requestId,
    (request, now) => (act === null ? { done: false, refusal: 'not_understood' } : decide(request, act, town, now)),
    cause,
    async (tx, decided) => {
      await settle(tx);
      if (!decided.repeated) await tellAuthor(ground, tx, decided, { prepared, reply, command, act });
    },
  );
}

/** Null when the first line looks like a command and is not clear: nothing is done, nothing is passed on. */
function actOf(prepared: PreparedEmail, { author, isToColleagues }: Reply, command: Command): Act | null {
  if (author.role === 'system') throw new Error('the system writes no mail');
  const hasAttachments = prepared.files.length > 0;
  switch (command.kind) {
    case 'act': {
      const { action, department } = command;
      // « transmettre voirie » says enough by itself.
      const comment = command.comment || (action === 'transfer' ? command.echo : '');
      return { action, actor: author, comment, hasAttachments, ...(department === undefined ? {} : { department }) };
    }
    case 'none': {
      const action = author.role === 'desk' && isToColleagues ? 'note' : ACTION_BY_MAIL[author.role];
      return { action, actor: author, comment: prepared.text, elided: prepared.elided, hasAttachments };
    }
    case 'unclear':
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
  const kind = tellingKind(decision, command, act);
  if (kind === null) return;
  const facts = {
    action: act?.action ?? '',
    comment: prepared.text,
    holder: request.holder,
    ...(command.kind === 'act' ? { echo: command.echo } : {}),
    ...(command.kind === 'unclear' ? { near: command.near, suggestions: command.suggestions.join('\n') } : {}),
    ...(decision.done ? {} : { refusal: decision.refusal }),
  };
  const { requestId, author } = reply;
  const linksTo = [{ id: requestId, holdingNo: request.holdingNo }];
  const mail: LooseMail = { kind, to: author, facts, showsMessage: false, requestId, linksTo };
  if (decision.done) {
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
  act: Act | null,
): 'command_done' | 'command_help' | 'not_done' | null {
  if (!decision.done) return act === null ? 'command_help' : 'not_done';
  const hasReceipt = decision.mails.some(({ kind }) => kind === 'receipt');
  return command.kind === 'act' && !hasReceipt ? 'command_done' : null;
}

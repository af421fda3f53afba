import { senderOf } from '../domain/received-email.ts';
import { DESK, personOfOffice, type Person } from '../domain/people.ts';
import type { HeldReason, Trace } from '../domain/routing.ts';
import { settleEmails } from '../store/inbound-emails.ts';
import type { Ground } from '../store/store.ts';
import { writeMail, type LooseMail } from '../store/write-decisions.ts';
import type { PreparedEmail } from './prepare-email.ts';
import { inOneTransaction, settlement } from './settlement.ts';

export interface Hold {
  why: HeldReason;
  reasons: readonly string[];
  /** The request that it seems to be about. */
  suggestion: Trace | null;
  /** Whose address it came from, without proof: they are asked. */
  agent: Person | null;
}

const EXCERPT_CHARS = 500;
const HELD_TEXT_CHARS = 20_000;

/** Kept for a human: the desk is told, with a proposal; an agent whose address was used is asked whether they wrote it. */
export async function holdEmail(ground: Ground, prepared: PreparedEmail, hold: Hold): Promise<void> {
  const { stored, email, text, files } = prepared;
  const from = email?.from[0];
  const facts = {
    reason: hold.why,
    from: from === undefined ? '' : `${from.name} <${from.address}>`.trim(),
    subject: email?.subject ?? '',
    receivedAt: stored.receivedAt.toISOString(),
    inboundId: stored.id,
    excerpt: text.slice(0, EXCERPT_CHARS),
    suggestedReference: hold.suggestion?.reference ?? '',
  };
  const held = {
    text: text.slice(0, HELD_TEXT_CHARS),
    files: files.map(({ fileName, content }) => ({ fileName, size: content.length })),
    suggestion: hold.suggestion?.requestId ?? null,
  };
  const desk = personOfOffice(ground.config.town, DESK);
  const tells: LooseMail[] = [loose('held_email', desk, facts)];
  if (hold.agent !== null && hold.suggestion !== null) tells.push(loose('confirm_email', hold.agent, facts));
  await inOneTransaction(ground, [prepared], async (tx) => {
    const outcome = { state: 'held', verdict: hold.why, reasons: hold.reasons, requestId: null, held } as const;
    await settleEmails(ground, tx, [settlement(prepared, outcome)]);
    for (const mail of tells) await writeMail(ground, tx, mail, noticeKey(ground, prepared, hold));
  });
}

/**
 * Once per holding: a mail that was requeued and is held again is told again. But what a robot of the desk's own may have
 * written, in answer to such a notice, is told once a day.
 */
function noticeKey({ clock }: Ground, { stored, email }: PreparedEmail, { why, suggestion }: Hold): string {
  const now = clock.now().toISOString();
  if (why !== 'too_many' && why !== 'ambiguous') return `held:${stored.id}:${now}`;
  return `held:${why}:${suggestion?.requestId ?? ''}:${email === null ? '' : senderOf(email)}:${now.slice(0, 10)}`;
}

function loose(kind: LooseMail['kind'], to: Person, facts: LooseMail['facts']): LooseMail {
  return { kind, to, facts, showsMessage: false, requestId: null, linksTo: [] };
}

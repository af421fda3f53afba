import type { Person } from '../domain/people.ts';
import { refused, type Decision } from '../domain/decision.ts';
import { open, recordForwarderWords, type Opening } from '../domain/occurrences.ts';
import { endedLinks } from '../domain/revocation.ts';
import { localParts } from '../domain/local-time.ts';
import { formatReference } from '../domain/reference.ts';
import type { RequestState } from '../domain/request.ts';
import { withUndoWindow } from '../domain/undo.ts';
import type { ServiceRequest } from './client/client.ts';
import { findClosing } from './closings.ts';
import { newId } from './ids.ts';
import { cancelMails } from './outbound-emails.ts';
import { stateOf } from './request-state.ts';
import type { Ground, Tx } from './store.ts';
import { requestColumns, writeDecisions, type Cause, type Write } from './write-decisions.ts';

/** A rule judges a request under its lock. */
export type Rule = (request: RequestState, now: Date) => Decision;

export interface Decided {
  decision: Decision;
  request: RequestState;
  /** The event written, or the one that this very cause had written before. */
  eventId: string | null;
  repeated: boolean;
}

/** Parallel clicks wait for one row: the last of two hundred waits for all the others. */
export const TRANSACTION = { maxWait: 30_000, timeout: 30_000 };

/**
 * The only way a request changes: locks its row, asks the rule, writes changes, event, message and mails in one
 * transaction. A cause that was written before changes nothing. `also` runs inside, whatever was decided; another
 * request that it decides on is named in `alongside`, so that all lock theirs in one order.
 * @throws when the request does not exist, or the database fails: nothing is written then
 */
export async function decideOn(
  ground: Ground,
  requestId: string,
  rule: Rule,
  cause: Cause,
  also?: (tx: Tx, decided: Decided) => Promise<void>,
  alongside: readonly string[] = [],
): Promise<Decided> {
  return ground.store.db.$transaction(async (tx) => {
    for (const id of [requestId, ...alongside].toSorted()) await lockRequest(tx, id);
    const decided = await decideLocked(ground, tx, requestId, rule, cause);
    await also?.(tx, decided);
    return decided;
  }, TRANSACTION);
}

/** Whoever else would change it, or mail about it, waits for the end of the transaction. */
export async function lockRequest(tx: Tx, requestId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "ServiceRequest" WHERE id = ${requestId}::uuid FOR UPDATE`;
}

/** For a request that is locked already: the second of two that one decision concerns. */
export async function decideLocked(
  ground: Ground,
  tx: Tx,
  requestId: string,
  rule: Rule,
  cause: Cause,
): Promise<Decided> {
  const row = await tx.serviceRequest.findUniqueOrThrow({ where: { id: requestId } });
  const now = ground.clock.now();
  const { town, schedule } = ground.config;
  const before = stateOf(row, await findClosing(tx, row, schedule.undoSeconds, now));
  const ruled = before.anonymisedAt === null ? rule(before, now) : refused('forgotten');
  const decision = withUndoWindow(ruled, before, town, schedule.undoSeconds, now);
  const earlier = await tx.event.findUnique({ where: { cause: cause.id }, select: { id: true } });
  if (earlier !== null) return { decision, request: before, eventId: earlier.id, repeated: true };
  if (!decision.done) return { decision, request: before, eventId: null, repeated: false };
  if (await repeatsDuplicate(tx, decision.changes)) {
    return { decision: refused('request_is_duplicate'), request: before, eventId: null, repeated: false };
  }
  if (decision.cancelsMailsOf !== undefined && !(await cancelMails(tx, decision.cancelsMailsOf))) {
    return { decision: refused('undo_too_late'), request: before, eventId: null, repeated: false };
  }

  const after = { ...before, ...decision.changes };
  const write: Write = { requestId, before, after, decision, cause, eventId: newId() };
  const columns = requestColumns(after, ground.config, now);
  const data = { ...columns, ...withdrawnNotice(row, after, columns.forgetOn) };
  await tx.serviceRequest.update({ where: { id: requestId }, data });
  const ended = endedLinks(before, after, town);
  if (ended.length > 0) await revokeLinks(tx, requestId, ended, now);
  await writeDecisions(ground, tx, [write], now);
  return { decision, request: after, eventId: write.eventId, repeated: false };
}

/** What is kept longer than was announced is announced again, and is on no list of what may be destroyed. */
export function withdrawnNotice(
  before: Pick<ServiceRequest, 'forgetOn'>,
  { anonymisedAt }: Pick<RequestState, 'anonymisedAt'>,
  forgetOn: Date | null,
): { deletionNoticeAt?: null; eliminationId?: null } {
  const isPutOff = forgetOn === null || (before.forgetOn !== null && forgetOn > before.forgetOn);
  return isPutOff && anonymisedAt === null ? { deletionNoticeAt: null, eliminationId: null } : {};
}

/** Of two desks that each join one request to the other, the second would leave both without anybody who treats them. */
async function repeatsDuplicate(tx: Tx, { outcome, relatedReference }: Partial<RequestState>): Promise<boolean> {
  if (outcome !== 'duplicate' || !relatedReference) return false;
  const where = { reference: relatedReference, outcome: 'duplicate' };
  return (await tx.serviceRequest.findFirst({ where, select: { id: true } })) !== null;
}

async function revokeLinks(tx: Tx, requestId: string, addresses: readonly string[], now: Date): Promise<void> {
  const where = { requestId, address: { in: [...addresses] }, revokedAt: null };
  await tx.actionLink.updateMany({ where, data: { revokedAt: now } });
}

export interface NewRequest {
  opening: Opening;
  /** What the agent who forwarded it said to colleagues. */
  note: { author: Person; text: string } | null;
  cause: Cause;
}

/** Opens requests, in order, in one transaction: their references follow each other without a gap. */
export async function openRequests(
  ground: Ground,
  tx: Tx,
  requests: readonly NewRequest[],
): Promise<{ requestId: string; reference: string }[]> {
  const now = ground.clock.now();
  const references = await nextReferences(tx, requests, ground.config.town.timeZone);
  const opened = requests.map(({ opening, note, cause }, i) => {
    const { request, decision } = open(references[i] ?? '', opening, ground.config.town);
    if (!decision.done) throw new Error('an opening is never refused');
    const requestId = newId();
    const row = { ...requestColumns(request, ground.config, now), id: requestId };
    const write: Write = { requestId, before: null, after: request, decision, cause, eventId: newId() };
    return { row, writes: note === null ? [write] : [write, noteWrite(write, note)] };
  });
  await tx.serviceRequest.createMany({ data: opened.map(({ row }) => row) });
  await writeDecisions(
    ground,
    tx,
    opened.flatMap(({ writes }) => writes),
    now,
  );
  return opened.map(({ row }) => ({ requestId: row.id, reference: row.reference }));
}

function noteWrite(opening: Write, { author, text }: { author: Person; text: string }): Write {
  const decision = recordForwarderWords(author, text);
  const cause = { id: `${opening.cause.id}:note` };
  return { ...opening, before: opening.after, decision, cause, eventId: newId() };
}

/** Numbers are per year of receipt. The counter's row is locked until the commit: a rollback gives its numbers back. */
async function nextReferences(tx: Tx, requests: readonly NewRequest[], timeZone: string): Promise<string[]> {
  const years = requests.map(({ opening }) => Number(localParts(opening.receivedAt, timeZone).day.slice(0, 4)));
  const next = new Map<number, number>();
  for (const year of new Set(years)) {
    const count = years.filter((candidate) => candidate === year).length;
    const { last } = await tx.referenceCounter.upsert({
      where: { year },
      create: { year, last: count },
      update: { last: { increment: count } },
    });
    next.set(year, last - count + 1);
  }
  return years.map((year) => {
    const number = next.get(year) ?? 0;
    next.set(year, number + 1);
    return formatReference(year, number);
  });
}

import type { Person } from '../domain/people.ts';
import { afterWrongCode, judgeCode, LOCK_MINUTES, MOST_TRIES } from '../domain/six-digits.ts';
import { hashOfCode, sealCode } from '../sealed-code.ts';
import type { StepUpCode } from './client/client.ts';
import { lockRequest, TRANSACTION, type Decided } from './decide-on.ts';
import { newId } from './ids.ts';
import type { Ground, Tx } from './store.ts';
import { writeMail } from './write-decisions.ts';

/**
 * The six digits asked of whoever holds a link. A code is for one link and one action; wrong tries and their lock are the
 * person's for that request, kept on their newest row, so that no other code, action or link of theirs gives more of them.
 */

export interface CodePlace {
  requestId: string;
  linkId: string;
  action: string;
}

export type Asked =
  | { state: 'sent' | 'already_sent' }
  /** None is mailed before then. */
  | { state: 'locked' | 'too_often'; until: Date };

export type Tried =
  | { state: 'right'; codeId: string }
  | { state: 'wrong'; triesLeft: number }
  | { state: 'locked'; until: Date }
  | { state: 'malformed' | 'expired' | 'used' | 'none' }
  /** What this form asked for was decided: it was sent twice. */
  | { state: 'done' };

const VALID_FOR_MS = 10 * 60_000;
/** A person who did not get it asks again; a robot does not fill a mailbox. */
const ONE_PER_MS = 60_000;
const MOST_PER_HOUR = 6;
const HOUR_MS = 3_600_000;

/** Mails `code` to the person of the link, unless one was just mailed that still holds. */
export async function askCode(
  ground: Ground,
  place: CodePlace,
  to: Person,
  code: string,
  secrets: readonly string[],
): Promise<Asked> {
  return ground.store.db.$transaction(async (tx): Promise<Asked> => {
    // Parallel presses, by whichever of their links, wait for each other.
    await lockRequest(tx, place.requestId);
    const now = ground.clock.now();
    const { newest, forAction } = await findCodes(tx, place);
    if (newest?.lockedUntil && newest.lockedUntil > now) return { state: 'locked', until: newest.lockedUntil };
    const until = await nextAllowedAt(tx, place, now);
    if (until !== null) return isLive(forAction, now) ? { state: 'already_sent' } : { state: 'too_often', until };

    const owner = { codeId: newId(), linkId: place.linkId, action: place.action };
    const secret = secrets[0] ?? '';
    await tx.stepUpCode.create({
      data: {
        id: owner.codeId,
        linkId: owner.linkId,
        action: owner.action,
        hash: hashOfCode(code, owner, secret),
        ...(newest === null || newest.usedAt !== null ? {} : countOf(newest)),
        createdAt: now,
        expiresAt: new Date(now.getTime() + VALID_FOR_MS),
      },
    });
    const facts = { action: place.action, codeId: owner.codeId, sealed: sealCode(code, owner.codeId, secret) };
    const mail = { kind: 'code' as const, to, facts, showsMessage: false, requestId: place.requestId, linksTo: [] };
    await writeMail(ground, tx, mail, `code:${owner.codeId}`);
    return { state: 'sent' };
  }, TRANSACTION);
}

/** Judges what was typed (null: not six digits) and counts it if it is wrong. A right one is not used up: `useCode` does. */
export async function tryCode(
  ground: Ground,
  place: CodePlace,
  code: string | null,
  causeId: string,
  secrets: readonly string[],
): Promise<Tried> {
  return ground.store.db.$transaction(async (tx): Promise<Tried> => {
    // Parallel guesses wait for each other: none is judged on a count that another is about to raise.
    await lockRequest(tx, place.requestId);
    const now = ground.clock.now();
    const { newest, forAction } = await findCodes(tx, place);
    // After the codes: whoever reads that one is used also reads what it decided.
    const decided = await tx.event.findUnique({ where: { cause: causeId }, select: { id: true } });
    if (decided !== null) return { state: 'done' };
    if (newest?.lockedUntil && newest.lockedUntil > now) return { state: 'locked', until: newest.lockedUntil };
    if (newest === null || forAction === null) return { state: 'none' };
    if (forAction.usedAt !== null) return { state: 'used' };
    if (!isLive(forAction, now)) return { state: 'expired' };
    if (code === null) return { state: 'malformed' };

    const verdict = judge(code, forAction, newest, secrets, now);
    if (verdict === 'right') return { state: 'right', codeId: forAction.id };
    if (verdict === 'expired') return { state: 'expired' };
    const counted = verdict === 'wrong' ? afterWrongCode(newest, now) : countOf(newest);
    if (verdict === 'wrong') await tx.stepUpCode.update({ where: { id: newest.id }, data: counted });
    if (verdict === 'wrong' && counted.lockedUntil === null) {
      return { state: 'wrong', triesLeft: MOST_TRIES - counted.tries };
    }
    return { state: 'locked', until: counted.lockedUntil ?? new Date(now.getTime() + LOCK_MINUTES * 60_000) };
  }, TRANSACTION);
}

/** The code had decided something else meanwhile: thrown, so that this decision is not written. */
export class CodeIsUsed extends Error {}

/** In the transaction that decides: one code, one decision. @throws CodeIsUsed */
export async function useCode(tx: Tx, codeId: string, { decision, repeated }: Decided, now: Date): Promise<void> {
  if (!decision.done || repeated) return;
  const { count } = await tx.stepUpCode.updateMany({ where: { id: codeId, usedAt: null }, data: { usedAt: now } });
  if (count === 0) throw new CodeIsUsed('a code that is used decides nothing');
}

/** Whoever it was mailed to may hold several links to the same request. */
async function ofSamePerson(tx: Tx, { requestId, linkId }: CodePlace) {
  const { address } = await tx.actionLink.findUniqueOrThrow({ where: { id: linkId }, select: { address: true } });
  return { link: { requestId, address } };
}

async function findCodes(tx: Tx, place: CodePlace) {
  const { linkId, action } = place;
  const newest = await tx.stepUpCode.findFirst({ where: await ofSamePerson(tx, place), orderBy: NEWEST_FIRST });
  const forAction = await tx.stepUpCode.findFirst({ where: { linkId, action }, orderBy: NEWEST_FIRST });
  return { newest, forAction };
}

const NEWEST_FIRST = [{ createdAt: 'desc' }, { id: 'desc' }] as const satisfies object[];

/** Null: now. */
async function nextAllowedAt(tx: Tx, place: CodePlace, now: Date): Promise<Date | null> {
  const since = new Date(now.getTime() - HOUR_MS);
  const recent = await tx.stepUpCode.findMany({
    where: { ...(await ofSamePerson(tx, place)), createdAt: { gt: since } },
    orderBy: [...NEWEST_FIRST],
    take: MOST_PER_HOUR,
    select: { createdAt: true },
  });
  const waits = [
    (recent[0]?.createdAt.getTime() ?? 0) + ONE_PER_MS,
    (recent[MOST_PER_HOUR - 1]?.createdAt.getTime() ?? 0) + HOUR_MS,
  ];
  const until = Math.max(...waits);
  return until > now.getTime() ? new Date(until) : null;
}

/** Under any of the secrets: a new one may have come with a restart, minutes after the code. */
function judge(code: string, asked: StepUpCode, counter: StepUpCode, secrets: readonly string[], now: Date) {
  const owner = { codeId: asked.id, linkId: asked.linkId, action: asked.action };
  const given = { hash: asked.hash, expiresAt: asked.expiresAt, ...countOf(counter) };
  const verdicts = secrets.map((secret) => judgeCode({ givenHash: hashOfCode(code, owner, secret), code: given }, now));
  return verdicts.includes('right') ? 'right' : (verdicts[0] ?? 'wrong');
}

function countOf({ tries, lockedUntil }: StepUpCode): Pick<StepUpCode, 'tries' | 'lockedUntil'> {
  return { tries, lockedUntil };
}

function isLive(code: StepUpCode | null, now: Date): boolean {
  return code !== null && code.usedAt === null && code.expiresAt > now;
}

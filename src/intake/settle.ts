import { senderOf } from '../domain/received-email.ts';
import { routeEmail, type Reply, type Route } from '../domain/routing.ts';
import { sha256 } from '../store/inbound-emails.ts';
import type { Ground } from '../store/store.ts';
import { findTraces, type RecentMail, type Traces } from '../store/traces.ts';
import { openAll, settleOne } from './apply-email.ts';
import { answeredIds, cluesOf, traceQuery } from './clues.ts';
import type { NewEmail } from './new-request.ts';
import type { PreparedEmail } from './prepare-email.ts';
import { SettledElsewhere } from './settlement.ts';

export interface Failure {
  prepared: PreparedEmail;
  error: unknown;
}

/**
 * Settles mails in their order. Runs of new requests are opened together, in one transaction; a mail that depends on
 * one of the same batch (it answers it, or is its twin) is looked at again after that one is written.
 */
export async function settleInOrder(
  ground: Ground,
  batch: readonly PreparedEmail[],
  { secrets }: { secrets: readonly string[] },
): Promise<Failure[]> {
  const { town } = ground.config;
  const failures: Failure[] = [];
  let rest = batch;
  while (rest.length > 0) {
    const traces = await findTraces(ground, traceQuery(rest, town.mailbox));
    const openedToday = new Map(traces.openedToday);
    const recent = [...traces.recent];
    const pending: NewEmail[] = [];
    const seen = new Set<string>();
    let taken = 0;
    for (const prepared of rest) {
      if (dependsOn(prepared, seen)) break;
      taken += 1;
      for (const key of ownKeys(prepared)) seen.add(key);
      const route = routeOf(prepared, { ...traces, openedToday, recent }, ground, secrets);
      if (route.verdict === 'new' || route.verdict === 'forward') {
        const sender = prepared.email === null ? '' : senderOf(prepared.email);
        openedToday.set(sender, (openedToday.get(sender) ?? 0) + 1);
        pending.push({ prepared, route });
        continue;
      }
      if (route.verdict === 'reply') recent.push(...recentMails(prepared, route.replies));
      failures.push(...(await openTogether(ground, pending.splice(0))));
      failures.push(...(await attempt(prepared, () => settleOne(ground, prepared, route))));
    }
    failures.push(...(await openTogether(ground, pending)));
    rest = rest.slice(taken);
  }
  return failures;
}

function recentMails({ email, stored }: PreparedEmail, replies: readonly Reply[]): RecentMail[] {
  const sender = email === null ? '' : senderOf(email);
  return replies.map(({ requestId }) => ({ requestId, sender, receivedAt: stored.receivedAt }));
}

function routeOf(prepared: PreparedEmail, traces: Traces, ground: Ground, secrets: readonly string[]): Route {
  const { email, unreadable, error } = prepared;
  if (email === null || unreadable !== null) {
    const why = unreadable ?? 'unreadable';
    return { verdict: 'hold', why, suggestion: null, agent: null, reasons: [error || 'too large'] };
  }
  return routeEmail(email, cluesOf(prepared, email, traces, ground.config, secrets));
}

/** All together; when that fails, each alone, so that the one at fault is known and the others go on. */
async function openTogether(ground: Ground, news: readonly NewEmail[]): Promise<Failure[]> {
  if (news.length === 0) return [];
  if (news.length > 1) {
    try {
      await openAll(ground, news);
      return [];
    } catch (error) {
      if (!(error instanceof SettledElsewhere)) ground.log.warn({ event: 'emails.one_by_one', count: news.length });
    }
  }
  const failures: Failure[] = [];
  for (const one of news) failures.push(...(await attempt(one.prepared, () => openAll(ground, [one]))));
  return failures;
}

async function attempt(prepared: PreparedEmail, work: () => Promise<void>): Promise<Failure[]> {
  try {
    await work();
    return [];
  } catch (error) {
    return error instanceof SettledElsewhere ? [] : [{ prepared, error }];
  }
}

function ownKeys({ messageIdSha, contentSha }: PreparedEmail): string[] {
  return [messageIdSha, contentSha].filter((key) => key !== null);
}

function dependsOn({ email, contentSha }: PreparedEmail, seen: ReadonlySet<string>): boolean {
  if (email === null || seen.size === 0) return false;
  return (contentSha !== null && seen.has(contentSha)) || answeredIds(email).some((id) => seen.has(sha256(id)));
}

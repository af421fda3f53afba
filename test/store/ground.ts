import { loadConfig, type Config } from '../../src/config.ts';
import type { Choices } from '../../src/domain/choices.ts';
import { decide, type Act } from '../../src/domain/decide.ts';
import type { Person } from '../../src/domain/people.ts';
import { createLog } from '../../src/log.ts';
import { claimMail } from '../../src/store/claim-mail.ts';
import { decideOn, openRequests, TRANSACTION, type Decided, type NewRequest } from '../../src/store/decide-on.ts';
import { newId } from '../../src/store/ids.ts';
import { openStore, type Ground } from '../../src/store/store.ts';

/** What flows stand on, over a real database: the sample town, and a clock that stands still until it is set. */
export interface TestGround extends Ground {
  config: Config;
  set(instant: string): void;
  close(): Promise<void>;
}

export const MONDAY = '2026-09-07T10:00:00+02:00';

export const DESK_PERSON = person('desk', null, 'Accueil', 'accueil@plassans.fr');
export const VOIRIE = person('department', 'voirie', 'Voirie', 'voirie@plassans.fr');
export const NORA = person('citizen', null, 'Nora Lemaire', 'nora@example.org');

export async function aGround(databaseUrl: string, change = (config: Config) => config): Promise<TestGround> {
  const loaded = loadConfig('config', {});
  if (!loaded.ok) throw new Error('the sample config is wrong');
  const store = await openStore({ databaseUrl, onError: () => undefined });
  let now = new Date(MONDAY);
  return {
    store,
    config: change(loaded.value),
    clock: { now: () => now },
    log: createLog('silent'),
    scansPieces: false,
    set: (instant) => {
      now = new Date(instant);
    },
    close: () => store.close(),
  };
}

export function aNewRequest(ground: Ground, changes: Partial<NewRequest['opening']> = {}): NewRequest {
  const opening = {
    citizen: NORA,
    subject: 'Nid-de-poule rue des Lilas',
    text: 'Bonjour, il y a un trou devant le 12.',
    elided: '',
    receivedAt: ground.clock.now(),
    acknowledge: true,
    category: null,
    origin: 'email' as const,
    details: {},
    relatedReference: null,
    ...changes,
  };
  return { opening, note: null, cause: { id: `test:${newId()}` } };
}

/** A citizen's request, at the desk since now. */
export async function openOne(ground: Ground, changes: Partial<NewRequest['opening']> = {}): Promise<string> {
  const request = aNewRequest(ground, changes);
  const [opened] = await ground.store.db.$transaction((tx) => openRequests(ground, tx, [request]), TRANSACTION);
  if (opened === undefined) throw new Error('nothing was opened');
  return opened.requestId;
}

/** Somebody acts; the cause is a new one unless it is given. */
export function act(
  ground: Ground,
  requestId: string,
  action: Act['action'],
  actor: Person,
  { cause = `test:${newId()}`, ...chosen }: Choices & { comment?: string; cause?: string; receivedAt?: Date } = {},
): Promise<Decided> {
  const wanted = { comment: 'Parce que.', department: 'voirie', ...chosen, action, actor };
  return decideOn(ground, requestId, (request, now) => decide(request, wanted, ground.config, now), { id: cause });
}

export async function actionsOf(ground: Ground, requestId: string): Promise<string[]> {
  const events = await ground.store.db.event.findMany({ where: { requestId }, orderBy: { id: 'asc' } });
  return events.map(({ action }) => action);
}

/** A try begins, as when a worker gets the job that is named on the mail; null when it may not. */
export async function claim(ground: Ground, outboundEmailId: string) {
  const jobId = newId();
  const where = { id: outboundEmailId, state: { in: ['queued', 'sending'] } };
  await ground.store.db.outboundEmail.updateMany({ where, data: { jobId } });
  return claimMail(ground, { jobId, outboundEmailId });
}

/** What may leave has left: what comes next waits for nothing. */
export async function allHasLeft(ground: Ground): Promise<void> {
  await ground.store.db.outboundEmail.updateMany({
    where: { state: 'queued', tryAfter: null },
    data: { state: 'sent' },
  });
}

/** Who was mailed what about a request, in alphabetical order: mails of one decision are of one moment. */
export async function mailsOf(ground: Ground, requestId: string): Promise<string[]> {
  const mails = await ground.store.db.outboundEmail.findMany({ where: { requestId } });
  return mails.map(({ kind, toAddress }) => `${kind} → ${toAddress}`).toSorted();
}

/** The jobs in the queue, sent or not. */
export async function jobCount(ground: Ground): Promise<number> {
  const rows = await ground.store.db.$queryRaw<
    { count: bigint }[]
  >`SELECT count(*) FROM pgboss.job WHERE name = 'deliver'`;
  return Number(rows[0]?.count);
}

function person(role: Person['role'], department: string | null, name: string, address: string): Person {
  return { role, department, name, address };
}

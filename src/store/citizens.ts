import { asTold } from '../domain/citizen-sight.ts';
import { citizenOf, type RequestState } from '../domain/request.ts';
import { closingIn, findClosing } from './closings.ts';
import type { ActionLink, Event, ServiceRequest } from './client/client.ts';
import { lockRequest, TRANSACTION } from './decide-on.ts';
import { stateOf } from './request-state.ts';
import type { Ground, Tx } from './store.ts';
import { writeMail } from './write-decisions.ts';

/** What citizens ask without an account: their own requests, by a link mailed to their own address and to no other. */

/** However often the button is pressed. */
const ONE_PER_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
/** Anybody can ask for them who knows an address: a mailbox must not be filled so. */
const MAILS_A_DAY = 5;
const MAX_LISTED = 100;

const CLOSES = { statusAfter: 'closed', statusBefore: { not: 'closed' } } as const;
const NEWEST = [{ at: 'desc' as const }, { id: 'desc' as const }];

export interface OwnRequest {
  id: string;
  /** As its citizen has been told. */
  told: RequestState;
}

/** The same queries whether there is such a request or not: time does not tell which numbers exist. */
export async function findTracked({ store: { db }, config, clock }: Ground, reference: string) {
  const [row, closing] = await Promise.all([
    db.serviceRequest.findUnique({ where: { reference } }),
    db.event.findFirst({
      where: { request: { reference }, ...CLOSES },
      orderBy: NEWEST,
    }),
  ]);
  return row && ownRequest(row, closing, config.schedule.undoSeconds, clock.now());
}

/** A fresh link to a request, to the address on file: true when one was written. The address must be that of the request. */
export async function mailFollowLink(ground: Ground, requestId: string, address: string): Promise<boolean> {
  const { store, config, clock } = ground;
  return store.db.$transaction(async (tx: Tx) => {
    // One after the other: of two presses at once the second sees the mail of the first.
    await lockRequest(tx, requestId);
    const row = await tx.serviceRequest.findUnique({ where: { id: requestId } });
    if (row === null || address === '' || row.citizenAddress !== address) return false;
    const now = clock.now();
    if (await wasMailedEnough(tx, { requestId, kind: 'follow_link', toAddress: address }, now)) return false;
    const { holder } = asTold(stateOf(row, await findClosing(tx, row, config.schedule.undoSeconds, now)));
    const mail = { kind: 'follow_link' as const, to: citizenOf(row), facts: { holder }, showsMessage: false };
    const linksTo = [{ id: requestId, holdingNo: row.holdingNo }];
    return writeMail(ground, tx, { ...mail, requestId, linksTo }, `follow:${requestId}:${now.toISOString()}`);
  }, TRANSACTION);
}

/** The links to all the requests of an address, newest first, mailed to that address: true when a mail was written. */
export async function mailOwnRequests(ground: Ground, address: string): Promise<boolean> {
  return ground.store.db.$transaction(async (tx: Tx) => {
    // The oldest request stands for the address: of two presses at once the second sees the mail of the first.
    await tx.$queryRaw`
      SELECT 1 FROM "ServiceRequest" WHERE "citizenAddress" = ${address} ORDER BY id LIMIT 1 FOR UPDATE`;
    const [newest, ...others] = await tx.serviceRequest.findMany({
      where: { citizenAddress: address },
      orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }],
      take: MAX_LISTED,
    });
    if (newest === undefined || address === '') return false;
    const now = ground.clock.now();
    const asked = { requestId: null, kind: 'my_requests', toAddress: address };
    if (await wasMailedEnough(tx, asked, now)) return false;
    const mail = { kind: 'my_requests' as const, to: citizenOf(newest), facts: {}, showsMessage: false };
    const linksTo = [newest, ...others].map(({ id, holdingNo }) => ({ id, holdingNo }));
    return writeMail(ground, tx, { ...mail, requestId: null, linksTo }, `mine:${address}:${now.toISOString()}`);
  }, TRANSACTION);
}

async function wasMailedEnough(
  tx: Tx,
  asked: { requestId: string | null; kind: string; toAddress: string },
  now: Date,
): Promise<boolean> {
  const mails = await tx.outboundEmail.findMany({
    where: { ...asked, createdAt: { gt: new Date(now.getTime() - DAY_MS) } },
    select: { createdAt: true },
  });
  const isRecent = mails.some(({ createdAt }) => createdAt.getTime() > now.getTime() - ONE_PER_MS);
  return isRecent || mails.length >= MAILS_A_DAY;
}

export interface OwnList {
  address: string;
  requests: (OwnRequest & { link: ActionLink })[];
}

/** What a mail of kind `my_requests` leads to, as things stand now: only what still is its reader's. Newest first. */
export async function findOwnList(ground: Ground, outboundEmailId: string): Promise<OwnList | null> {
  const { store, config, clock } = ground;
  const mail = await store.db.outboundEmail.findFirst({
    where: { id: outboundEmailId, kind: 'my_requests' },
    select: {
      toAddress: true,
      links: { include: { request: { include: { events: { where: CLOSES, orderBy: NEWEST } } } } },
    },
  });
  if (mail === null) return null;
  const requests = mail.links
    .filter(({ revokedAt, address, request }) => revokedAt === null && address === request.citizenAddress)
    .map(({ request: { events, ...row }, ...link }) => ({
      ...ownRequest(row, events[0] ?? null, config.schedule.undoSeconds, clock.now()),
      link,
    }))
    .toSorted((one, other) => other.told.receivedAt.getTime() - one.told.receivedAt.getTime());
  return { address: mail.toAddress, requests };
}

function ownRequest(row: ServiceRequest, closing: Event | null, undoSeconds: number, now: Date): OwnRequest {
  const events = closing === null ? [] : [closing];
  return { id: row.id, told: asTold(stateOf(row, closingIn({ request: row, events }, undoSeconds, now))) };
}

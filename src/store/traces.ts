import type { Person } from '../domain/people.ts';
import type { MailKind } from '../domain/workflow.ts';
import type { Db, Ground } from './store.ts';

/** What the database knows of a batch of mails: eight queries at most, however many they are. */

export interface TraceQuery {
  /** Message-IDs that the mails answer, and their own. */
  messageIds: readonly string[];
  messageIdShas: readonly string[];
  contentShas: readonly string[];
  references: readonly string[];
  senders: readonly string[];
  /** Mails that came for the same requests since then are counted. */
  recentSince: Date;
  /** Addresses of delivery reports that name no mail. */
  bouncedAddresses: readonly string[];
  /** Requests that a person named for a held mail. */
  ruledRequestIds: readonly string[];
}

export interface KnownRequest {
  id: string;
  reference: string;
  citizenName: string;
  citizenAddress: string;
  /** Not confirmed yet. */
  pendingAddress: string;
}

export interface Traces {
  /** Our own mails by Message-ID: the request, and whom it was mailed to. */
  outbound: ReadonlyMap<string, KnownMail>;
  /** Requests by the SHA-256 of the Message-ID of a mail received for them. */
  inbound: ReadonlyMap<string, KnownRequest>;
  settledContent: ReadonlySet<string>;
  requests: ReadonlyMap<string, KnownRequest>;
  /** By id. */
  ruled: ReadonlyMap<string, KnownRequest>;
  /** The last request about which we wrote to an address, this week. */
  lastWrittenTo: ReadonlyMap<string, KnownRequest>;
  /** How many requests each sender opened in the last 24 hours. */
  openedToday: ReadonlyMap<string, number>;
  /** What those who opened few of them said in each. */
  saidToday: ReadonlyMap<string, readonly { subject: string; text: string }[]>;
  /** What came lately for the requests found. */
  recent: readonly RecentMail[];
}

export interface KnownMail {
  id: string;
  kind: MailKind;
  request: KnownRequest | null;
  /** Its request was forgotten. */
  isForgotten: boolean;
  recipient: Person;
}

export interface RecentMail {
  requestId: string;
  sender: string;
  receivedAt: Date;
}

/** Who opened more is not acknowledged anyway. */
const FEW = 10;

const REQUEST = {
  select: {
    id: true,
    reference: true,
    citizenName: true,
    citizenAddress: true,
    pendingAddress: true,
    anonymisedAt: true,
  },
} as const;

/** What was forgotten is no trace: whoever answers an old mail about it begins another request. */
function isKnown<T extends { anonymisedAt: Date | null }>(request: T | null): request is T {
  return request !== null && request.anonymisedAt === null;
}

export async function findTraces({ store: { db }, clock }: Ground, query: TraceQuery): Promise<Traces> {
  const yesterday = new Date(clock.now().getTime() - 86_400_000);
  const lastWeek = new Date(clock.now().getTime() - 7 * 86_400_000);
  const [outbound, inbound, content, requests, opened, written, ruled] = await Promise.all([
    query.messageIds.length === 0
      ? []
      : db.outboundEmail.findMany({
          where: { messageId: { in: [...query.messageIds] } },
          select: {
            messageId: true,
            id: true,
            kind: true,
            toRole: true,
            toName: true,
            toAddress: true,
            request: REQUEST,
            links: { select: { department: true }, take: 1 },
          },
        }),
    query.messageIdShas.length === 0
      ? []
      : db.inboundEmail.findMany({
          where: { messageIdSha: { in: [...query.messageIdShas] }, requestId: { not: null } },
          select: { messageIdSha: true, request: REQUEST },
          orderBy: { arrivalNo: 'asc' },
        }),
    query.contentShas.length === 0
      ? []
      : db.inboundEmail.findMany({
          where: { contentSha: { in: [...query.contentShas] }, state: { not: 'stored' } },
          select: { contentSha: true },
        }),
    query.references.length === 0
      ? []
      : db.serviceRequest.findMany({ where: { reference: { in: [...query.references] } }, ...REQUEST }),
    db.serviceRequest.groupBy({
      by: ['citizenAddress'],
      where: { citizenAddress: { in: [...query.senders] }, receivedAt: { gt: yesterday } },
      _count: true,
    }),
    query.bouncedAddresses.length === 0
      ? []
      : db.outboundEmail.findMany({
          where: {
            toAddress: { in: [...query.bouncedAddresses] },
            requestId: { not: null },
            createdAt: { gt: lastWeek },
          },
          select: { toAddress: true, request: REQUEST },
          orderBy: { createdAt: 'asc' },
        }),
    query.ruledRequestIds.length === 0
      ? []
      : db.serviceRequest.findMany({ where: { id: { in: [...query.ruledRequestIds] } }, ...REQUEST }),
  ]);
  const ids = [
    ...outbound.flatMap(({ request }) => request?.id ?? []),
    ...inbound.flatMap(({ request }) => request?.id ?? []),
    ...requests.map(({ id }) => id),
  ];
  const few = opened.filter(({ _count }) => _count <= FEW).map(({ citizenAddress }) => citizenAddress);
  const [recent, said] = await Promise.all([recentMails(db, ids, query.recentSince), wordsOf(db, few, yesterday)]);
  return {
    outbound: new Map(
      outbound.map(({ messageId, request, links, ...mail }) => {
        const role = mail.toRole as Person['role'];
        const department = links[0]?.department ?? null;
        return [
          messageId,
          {
            id: mail.id,
            kind: mail.kind as MailKind,
            request: isKnown(request) ? request : null,
            isForgotten: request !== null && !isKnown(request),
            recipient: { role, department, name: mail.toName, address: mail.toAddress },
          },
        ];
      }),
    ),
    inbound: new Map(
      inbound.flatMap(({ messageIdSha, request }) =>
        messageIdSha && isKnown(request) ? [[messageIdSha, request]] : [],
      ),
    ),
    settledContent: new Set(content.flatMap(({ contentSha }) => contentSha ?? [])),
    requests: new Map(requests.filter(isKnown).map((request) => [request.reference, request])),
    ruled: new Map(ruled.map((request) => [request.id, request])),
    lastWrittenTo: new Map(
      written.flatMap(({ toAddress, request }) => (isKnown(request) ? [[toAddress, request]] : [])),
    ),
    openedToday: new Map(opened.map(({ citizenAddress, _count }) => [citizenAddress, _count])),
    saidToday: Map.groupBy(said, ({ address }) => address),
    recent,
  };
}

async function recentMails(db: Db, requestIds: readonly string[], since: Date): Promise<RecentMail[]> {
  if (requestIds.length === 0) return [];
  const mails = await db.inboundEmail.findMany({
    where: { requestId: { in: [...new Set(requestIds)] }, receivedAt: { gt: since } },
    select: { requestId: true, fromAddress: true, receivedAt: true },
  });
  return mails.map(({ requestId, fromAddress, receivedAt }) => ({
    requestId: requestId ?? '',
    sender: fromAddress,
    receivedAt,
  }));
}

async function wordsOf(db: Db, addresses: readonly string[], since: Date) {
  if (addresses.length === 0) return [];
  const requests = await db.serviceRequest.findMany({
    where: { citizenAddress: { in: [...addresses] }, receivedAt: { gt: since } },
    select: {
      citizenAddress: true,
      subject: true,
      messages: { select: { text: true }, orderBy: [{ at: 'asc' }, { id: 'asc' }], take: 1 },
    },
  });
  return requests.map(({ citizenAddress, subject, messages }) => ({
    address: citizenAddress,
    subject,
    text: messages[0]?.text ?? '',
  }));
}

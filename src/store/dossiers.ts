import type { ActionLink, Attachment, Event, Message, OutboundEmail, ServiceRequest } from './client/client.ts';
import type { DeliveryRow } from '../domain/delivery.ts';
import type { RequestState } from '../domain/request.ts';
import { closingIn } from './closings.ts';
import { stateOf } from './request-state.ts';
import type { Db, Ground, Tx } from './store.ts';

/** Everything that a page or a mail shows of one request. Nothing here locks or writes. */
export interface Dossier {
  request: ServiceRequest;
  /** Oldest first. */
  messages: DossierMessage[];
  /** Oldest first. */
  events: Event[];
  /** Oldest first. */
  mails: DossierMail[];
}

/** Its attachments in the order they came in, without their bytes, and what the antivirus says of each. */
export type DossierMessage = Message & { attachments: (Attachment & { scan: string })[] };

export type DossierMail = Pick<
  OutboundEmail,
  'id' | 'kind' | 'toRole' | 'toName' | 'toAddress' | 'facts' | 'eventId' | 'state' | 'createdAt' | keyof DeliveryRow
>;

export type { ActionLink };

/** What the rules see of it now. */
export function stateOfDossier({ config, clock }: Ground, dossier: Dossier): RequestState {
  return stateOf(dossier.request, closingIn(dossier, config.schedule.undoSeconds, clock.now()));
}

/**
 * Null when there is no such request. Seven queries, however long the thread is. Not inside a transaction: Prisma asks
 * for the relations in parallel, which one connection cannot do.
 */
export async function loadDossier(db: Db, requestId: string): Promise<Dossier | null> {
  const row = await db.serviceRequest.findUnique({
    where: { id: requestId },
    include: {
      messages: {
        orderBy: [{ at: 'asc' }, { id: 'asc' }],
        include: {
          attachments: {
            orderBy: [{ position: 'asc' }, { id: 'asc' }],
            include: { blob: { select: { scan: true } } },
          },
        },
      },
      events: { orderBy: [{ at: 'asc' }, { id: 'asc' }] },
      outboundEmails: { select: MAIL_COLUMNS, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
    },
  });
  if (row === null) return null;
  const { messages, events, outboundEmails: mails, ...request } = row;
  return { request, messages: messages.map(withScans), events, mails };
}

function withScans(message: Message & { attachments: (Attachment & { blob: { scan: string } })[] }): DossierMessage {
  return { ...message, attachments: message.attachments.map(({ blob, ...file }) => ({ ...file, scan: blob.scan })) };
}

const MAIL_COLUMNS = {
  id: true,
  kind: true,
  toRole: true,
  toName: true,
  toAddress: true,
  facts: true,
  eventId: true,
  state: true,
  lastError: true,
  createdAt: true,
  sentAt: true,
  tryAfter: true,
  triedAt: true,
  deferredAt: true,
  delayedAt: true,
  bouncedAt: true,
  response: true,
  cause: true,
} as const;

/** What the same citizen wrote about since then, besides this request. */
export async function citizensOthers(
  db: Db,
  { id, citizenAddress }: Pick<ServiceRequest, 'id' | 'citizenAddress'>,
  since: Date,
) {
  return db.serviceRequest.findMany({
    where: { citizenAddress, receivedAt: { gte: since }, NOT: { id } },
    orderBy: { receivedAt: 'desc' },
    take: 20,
    include: { messages: { select: { kind: true, text: true }, orderBy: { id: 'asc' }, take: 1 } },
  });
}

/** The person a link was mailed to; null when nobody was. `id` is the token's `jti`. */
export async function findActionLink(db: Db | Tx, id: string): Promise<ActionLink | null> {
  return db.actionLink.findUnique({ where: { id } });
}

export interface Holding {
  holder: string;
  holdingNo: number;
  sharedWith: readonly string[];
}

const HOLDING = { holder: true, holdingNo: true, sharedWith: true } as const;

export async function findHolding(db: Db | Tx, requestId: string): Promise<Holding | null> {
  return db.serviceRequest.findUnique({ where: { id: requestId }, select: HOLDING });
}

/** Somebody joined the original to another request later, and so on. */
const MOST_JOINS = 10;

/** The request that this one repeats, when it was closed as a duplicate; that one's, when it was too. */
export async function findOriginal(
  db: Db | Tx,
  requestId: string,
  atMost = MOST_JOINS,
): Promise<{ id: string; citizenAddress: string } | null> {
  const where = { id: requestId, outcome: 'duplicate', relatedReference: { not: null } };
  const duplicate = await db.serviceRequest.findFirst({ where, select: { relatedReference: true } });
  if (!duplicate?.relatedReference || atMost === 0) return null;
  const original = await findByReference(db, duplicate.relatedReference);
  return original && ((await findOriginal(db, original.id, atMost - 1)) ?? original);
}

export async function findByReference(db: Db | Tx, reference: string) {
  const select = { id: true, reference: true, citizenAddress: true } as const;
  return db.serviceRequest.findUnique({ where: { reference }, select });
}

export interface RequestFile {
  fileName: string;
  contentType: string;
  blobSha256: string;
  /** What the antivirus says of it. */
  scan: string;
  request: Holding;
}

/** A file of this request; null when the id is another request's. */
export async function findFile(db: Db, requestId: string, attachmentId: string): Promise<RequestFile | null> {
  const found = await db.attachment.findFirst({
    where: { id: attachmentId, message: { requestId } },
    select: {
      fileName: true,
      contentType: true,
      blobSha256: true,
      blob: { select: { scan: true } },
      message: { select: { request: { select: HOLDING } } },
    },
  });
  if (found === null) return null;
  const { message, blob, ...file } = found;
  return { ...file, scan: blob.scan, request: message.request };
}

export async function loadBytes(db: Db, sha256: string): Promise<Uint8Array | null> {
  const blob = await db.blob.findUnique({ where: { sha256 }, select: { bytes: true } });
  return blob?.bytes ?? null;
}

/** Whether a mail of this kind was written to this person about this request since then. */
export async function wasMailedSince(
  db: Db | Tx,
  mail: { requestId: string; kind: string; toAddress: string },
  since: Date,
): Promise<boolean> {
  const found = await db.outboundEmail.findFirst({
    where: { ...mail, createdAt: { gt: since } },
    select: { id: true },
  });
  return found !== null;
}

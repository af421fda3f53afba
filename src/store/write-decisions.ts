import { createHash, randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import type { Done, PlannedMail } from '../domain/decision.ts';
import type { Day } from '../domain/local-time.ts';
import { isStaff, type Person } from '../domain/people.ts';
import type { RequestState } from '../domain/request.ts';
import { forgetOn } from '../domain/retention.ts';
import type { Prisma } from './client/client.ts';
import { clockColumns } from './clock-columns.ts';
import { newId } from './ids.ts';
import { columnsOf } from './request-state.ts';
import { insertJobs, type Ground, type Tx } from './store.ts';

/** A file that came with a mail or a form. */
export interface NewAttachment {
  fileName: string;
  contentType: string;
  /** SHA-256 of the content, in hexadecimal. */
  sha256: string;
  inline: boolean;
  content: Buffer;
}

/** What brought a decision about: its id happens once (a unique column), whatever is retried. */
export interface Cause {
  id: string;
  inboundEmailId?: string;
  attachments?: readonly NewAttachment[];
}

export interface Write {
  requestId: string;
  before: RequestState | null;
  after: RequestState;
  decision: Done;
  cause: Cause;
  eventId: string;
}

/** Writes the events, messages, files, mails and links of decisions, with few statements however many there are. */
export async function writeDecisions(ground: Ground, tx: Tx, writes: readonly Write[], now: Date): Promise<void> {
  const rows = writes.map((write) => rowsOf(write, ground, now));
  const blobs = rows.flatMap((row) => row.blobs);
  const messages = rows.flatMap((row) => row.messages);
  const attachments = rows.flatMap((row) => row.attachments);
  const mails = rows.flatMap((row) => row.mails);
  const links = rows.flatMap((row) => row.links);
  await tx.event.createMany({ data: rows.map((row) => row.event) });
  if (blobs.length > 0) await tx.blob.createMany({ data: blobs, skipDuplicates: true });
  if (messages.length > 0) await tx.message.createMany({ data: messages });
  if (attachments.length > 0) await tx.attachment.createMany({ data: attachments });
  if (mails.length > 0) await tx.outboundEmail.createMany({ data: mails });
  if (links.length > 0) await tx.actionLink.createMany({ data: links });
  await insertJobs(ground.store, tx, mails);
}

export interface LooseMail extends PlannedMail {
  /** The request it is about, if it is about one. */
  requestId: string | null;
  /** The requests that it carries a link to. */
  linksTo: readonly { id: string; holdingNo: number }[];
}

/** A mail that belongs to no decision: a report, a fresh link, a held mail told to the desk. False when it exists already. */
export async function writeMail(ground: Ground, tx: Tx, mail: LooseMail, dedupeKey: string): Promise<boolean> {
  const now = ground.clock.now();
  const row = mailRow(mail, mail.requestId, null, dedupeKey, ground.config, now);
  const known = await tx.outboundEmail.findUnique({ where: { dedupeKey: row.dedupeKey }, select: { id: true } });
  if (known !== null) return false;
  await tx.outboundEmail.create({ data: row });
  const links = mail.linksTo.flatMap(({ id, holdingNo }) =>
    linkRows(mail.to, id, holdingNo, row.id, ground.config, now),
  );
  if (links.length > 0) await tx.actionLink.createMany({ data: links });
  await insertJobs(ground.store, tx, [row]);
  return true;
}

/** The columns of a request's state, with what the clock reads. */
export function requestColumns(state: RequestState, config: Config, now: Date) {
  const closedAt = state.status === 'closed' ? (state.closedAt ?? now) : null;
  const on = forgetOn({ ...state, closedAt }, config);
  return {
    ...columnsOf(state),
    ...clockColumns(state, config),
    closedAt,
    forgetOn: on === null ? null : dateOf(on),
  };
}

/** A day as its column holds it. */
export function dateOf(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}

function rowsOf(write: Write, { config, scansPieces }: Ground, now: Date) {
  const { requestId, before, after, decision, cause, eventId } = write;
  const { actor, ...planned } = decision.event;
  const event = {
    ...planned,
    id: eventId,
    requestId,
    at: now,
    actorRole: actor.role,
    actorDepartment: actor.department,
    actorName: actor.name,
    actorAddress: actor.address,
    statusBefore: before?.status ?? null,
    statusAfter: after.status,
    holderBefore: before?.holder ?? null,
    holderAfter: after.holder,
    outcome: after.outcome,
    cause: cause.id,
  } satisfies Prisma.EventCreateManyInput;

  const message = decision.message && messageRow(write, decision.message, now);
  const files = message === null ? [] : (cause.attachments ?? []);
  const scan = scansPieces ? 'pending' : 'off';
  const mails = decision.mails.map((mail, i) => ({
    to: mail.to,
    row: { ...mailRow(mail, requestId, message?.id ?? null, `${eventId}:${i}`, config, now), eventId },
  }));
  return {
    event,
    messages: message === null ? [] : [message],
    blobs: files.map(({ sha256, content }) => ({ sha256, bytes: new Uint8Array(content), scan })),
    attachments: files.map(({ content, sha256, ...file }, position) => ({
      ...file,
      id: newId(),
      messageId: message?.id ?? '',
      blobSha256: sha256,
      size: content.length,
      position,
    })),
    mails: mails.map(({ row }) => row),
    links: mails
      .filter(({ to }) => isTheirs(after, to))
      .flatMap(({ to, row }) => linkRows(to, requestId, after.holdingNo, row.id, config, now)),
  };
}

/** The address that a citizen has no more is told so, and gets no way in. */
function isTheirs({ citizenAddress, pendingAddress }: RequestState, { role, address }: Person): boolean {
  return role !== 'citizen' || address === citizenAddress || address === pendingAddress;
}

function messageRow({ requestId, cause, eventId }: Write, message: NonNullable<Done['message']>, now: Date) {
  return {
    id: newId(),
    requestId,
    kind: message.kind,
    authorRole: message.author.role,
    authorName: message.author.name,
    authorAddress: message.author.address,
    text: message.text,
    elided: message.elided,
    at: now,
    inboundEmailId: cause.inboundEmailId ?? null,
    eventId,
  } satisfies Prisma.MessageCreateManyInput;
}

function mailRow(
  { kind, to, facts, showsMessage, sendAfter }: PlannedMail,
  requestId: string | null,
  messageRef: string | null,
  dedupeKey: string,
  { town, outgoing }: Config,
  now: Date,
) {
  // Where a rate is kept, the releaser alone writes jobs.
  const leavesAtOnce = sendAfter === undefined && outgoing.atMostPerMinute === undefined;
  return {
    id: newId(),
    requestId,
    kind,
    toRole: to.role,
    toName: to.name,
    toAddress: to.address,
    facts: facts as Prisma.InputJsonObject,
    messageRef: showsMessage ? messageRef : null,
    messageId: newMessageId(town.mailbox),
    dedupeKey: createHash('sha256').update(`${dedupeKey}|${kind}|${to.address}`).digest('hex'),
    sendAfter: sendAfter ?? null,
    tryAfter: sendAfter ?? null,
    jobId: leavesAtOnce ? newId() : null,
    createdAt: now,
  } satisfies Prisma.OutboundEmailCreateManyInput;
}

/** A citizen's link lives as long as they may want to know; an agent's as short as their work. */
function linkRows(
  to: Person,
  requestId: string,
  holdingNo: number,
  outboundEmailId: string,
  config: Config,
  now: Date,
) {
  if (!isStaff(to.role) && to.role !== 'citizen') return [];
  const { linkDays, citizenLinkDays } = config.schedule;
  const days = to.role === 'citizen' ? citizenLinkDays : linkDays;
  const expiresAt = new Date(now.getTime() + days * 86_400_000);
  return [{ ...to, id: newId(), requestId, outboundEmailId, holdingNo, createdAt: now, expiresAt }];
}

/** 128 random bits: nobody can guess the id of a mail they never received. */
function newMessageId(mailbox: string): string {
  return `<${randomBytes(16).toString('hex')}@${mailbox.split('@')[1]}>`;
}

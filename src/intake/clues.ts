import type { Config } from '../config.ts';
import { senderProof } from '../domain/authentication.ts';
import type { Bounce, DeliveryReport } from '../domain/delivery-report.ts';
import {
  departmentOf,
  DESK,
  personOfOffice,
  staffAt,
  supervisorsOf,
  type Person,
  type Town,
} from '../domain/people.ts';
import { senderOf, type ReceivedEmail } from '../domain/received-email.ts';
import { bareSubject, referencesIn } from '../domain/reference.ts';
import { THREAD_WINDOW_MS, type BouncedMail, type Clues, type Ruling, type Trace } from '../domain/routing.ts';
import { COLLEAGUES_MAILS } from '../domain/workflow.ts';
import { isKeyOf, ownerKey, readReplyAddress, type AddressKey, type Purpose } from '../reply-address.ts';
import { sha256 } from '../store/inbound-emails.ts';
import type { KnownMail, KnownRequest, TraceQuery, Traces } from '../store/traces.ts';
import type { PreparedEmail } from './prepare-email.ts';

/** From an email to what must be looked up, and from what was found to the clues that the rule reads. */

export function traceQuery(emails: readonly PreparedEmail[], mailbox: string): TraceQuery {
  const readable = emails.flatMap(({ email, report }) => (email === null ? [] : [{ email, report }]));
  const answered = readable.flatMap(({ email }) => answeredIds(email));
  const reported = readable.flatMap(({ report }) => (report === null ? [] : reportedIds(report)));
  return {
    messageIds: unique([...answered, ...reported, ...readable.map(({ email }) => email.messageId)]),
    messageIdShas: unique(answered.map(sha256)),
    contentShas: unique(emails.map(({ contentSha }) => contentSha ?? '')),
    references: unique(
      readable.flatMap(({ email }) => [
        ...signedAddresses(email, mailbox).map(({ reference }) => reference),
        ...referencesIn(email.subject),
      ]),
    ),
    recentSince: new Date(Math.min(...emails.map(({ stored }) => stored.receivedAt.getTime())) - THREAD_WINDOW_MS),
    senders: unique(readable.map(({ email }) => senderOf(email))),
    ruledRequestIds: unique(emails.flatMap(({ stored }) => ruledRequestId(stored.ruling as Ruling | null))),
    bouncedAddresses: unique(readable.flatMap(({ report }) => report?.bounces.map(({ recipient }) => recipient) ?? [])),
  };
}

export function cluesOf(
  prepared: PreparedEmail,
  email: ReceivedEmail,
  traces: Traces,
  { town, authenticationServers }: Config,
  secrets: readonly string[],
): Clues {
  const { contentSha, report, robot, forward, isForward, form } = prepared;
  const ruling = prepared.stored.ruling as Ruling | null;
  const ruledRequest = traces.ruled.get(ruledRequestId(ruling));
  const sender = senderOf(email);
  const staff = sender === '' || form !== '' ? [] : staffAt(town, sender);
  const signed = signedAddresses(email, town.mailbox).flatMap((key) => {
    const request = traces.requests.get(key.reference);
    return request ? [{ request, keyed: keyTraces(key, request, town, staff, secrets) }] : [];
  });
  return {
    ruling,
    ruledTrace: ruledRequest === undefined ? null : traceOf(ruledRequest, [], false),
    throughForm: form !== '',
    isOurs: sender === town.mailbox || traces.outbound.has(email.messageId),
    isDuplicate: contentSha !== null && traces.settledContent.has(contentSha),
    robot,
    bounced: report && report.bounces.flatMap((bounce) => bouncedMail(bounce, report, traces)),
    bouncedFor: report && lastRequestOf(report, traces),
    byAddress: signed.flatMap(({ keyed }) => keyed),
    byDamagedAddress: signed.flatMap(({ request, keyed }) => (keyed.length > 0 ? [] : [traceOf(request, [], false)])),
    byMessageId: answeredIds(email).flatMap((id) => {
      const ours = traces.outbound.get(id);
      if (ours?.request) return [traceOf(ours.request, [ours.recipient], COLLEAGUES_MAILS.includes(ours.kind))];
      const theirs = traces.inbound.get(sha256(id));
      return theirs ? [traceOf(theirs, [], false)] : [];
    }),
    bySubject: referencesIn(email.subject).flatMap((reference) => {
      const request = traces.requests.get(reference);
      return request ? [traceOf(request, [], false)] : [];
    }),
    answersUnplaced: answeredIds(email).some((id) => isUnplaced(traces.outbound.get(id), staff)),
    staff,
    proof: senderProof(email.headers, authenticationServers, sender.split('@')[1] ?? ''),
    needsProof: authenticationServers.length > 0,
    isForward,
    hasForwarded: (forward?.from?.address ?? '') !== '',
    openedToday: traces.openedToday.get(sender) ?? 0,
    isRepeated: (traces.saidToday.get(sender) ?? []).some(
      ({ subject, text }) => subject === bareSubject(email.subject) && text.trim() === prepared.text.trim(),
    ),
    recently: recentCounts(prepared, sender, traces),
  };
}

/** What an agent answers about a request that was forgotten is no request of theirs. */
function isUnplaced(mail: KnownMail | undefined, staff: readonly Person[]): boolean {
  return mail !== undefined && mail.request === null && (!mail.isForgotten || staff.length > 0);
}

/** Of this sender's mails just before, how many went to each request. */
function recentCounts({ stored }: PreparedEmail, sender: string, { recent }: Traces): Map<string, number> {
  const until = stored.receivedAt.getTime();
  const counts = new Map<string, number>();
  for (const { requestId, sender: from, receivedAt } of recent) {
    const age = until - receivedAt.getTime();
    if (from === sender && age >= 0 && age <= THREAD_WINDOW_MS) counts.set(requestId, (counts.get(requestId) ?? 0) + 1);
  }
  return counts;
}

function ruledRequestId(ruling: Ruling | null): string {
  return ruling === null || ruling.as === 'new' ? '' : ruling.requestId;
}

function reportedIds(report: DeliveryReport): string[] {
  return [report.originalMessageId, ...report.bounces.map(({ originalMessageId }) => originalMessageId)];
}

function bouncedMail(bounce: Bounce, report: DeliveryReport, traces: Traces): BouncedMail[] {
  const ours = traces.outbound.get(bounce.originalMessageId || report.originalMessageId);
  return ours?.request ? [{ outboundId: ours.id, requestId: ours.request.id, bounce }] : [];
}

function lastRequestOf(report: DeliveryReport, traces: Traces): Trace | null {
  const requests = report.bounces.flatMap(({ recipient }) => traces.lastWrittenTo.get(recipient) ?? []);
  return requests[0] === undefined ? null : traceOf(requests[0], [], false);
}

/** Nearest first: what it answers, then the thread backwards. */
export function answeredIds(email: ReceivedEmail): string[] {
  return unique([...email.inReplyTo, ...email.references.toReversed()]);
}

function signedAddresses(email: ReceivedEmail, mailbox: string): AddressKey[] {
  return email.recipients.flatMap((address) => readReplyAddress(address, mailbox) ?? []);
}

/** Whose key it is, and for which kind of answer; none when it was made for nobody here. */
function keyTraces(
  key: AddressKey,
  request: KnownRequest,
  town: Town,
  staff: readonly Person[],
  secrets: readonly string[],
): Trace[] {
  return PURPOSES.flatMap((purpose) => {
    const owners = candidates(request, town, staff).filter((person) =>
      isKeyOf(key, ownerKey(person, purpose), secrets),
    );
    return owners.length > 0 ? [traceOf(request, owners, purpose === 'note')] : [];
  });
}

const PURPOSES: readonly Purpose[] = ['thread', 'note'];

/** Whoever may have been mailed about a request. */
function candidates(request: KnownRequest, town: Town, staff: readonly Person[]): Person[] {
  const citizen: Person = {
    role: 'citizen',
    department: null,
    name: request.citizenName,
    address: request.citizenAddress,
  };
  const newcomer = { ...citizen, address: request.pendingAddress };
  const offices = [DESK, ...town.departments.map(({ id }) => id)].map((holder) => personOfOffice(town, holder));
  return [
    citizen,
    ...(newcomer.address === '' ? [] : [newcomer]),
    ...offices,
    ...supervisorsOf(town),
    ...staff.filter(({ department }) => departmentOf(town, department)),
  ];
}

function traceOf(
  { id, reference, citizenAddress }: KnownRequest,
  owners: readonly Person[],
  isToColleagues: boolean,
): Trace {
  return { requestId: id, reference, citizenAddress, owners, isToColleagues };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '');
}

import type { Clues, Trace } from '../domain/routing.ts';
import {
  departmentOf,
  personOfOffice,
  staffAt,
  supervisorsOf,
  DESK,
  type Person,
  type Town,
} from '../domain/people.ts';
import { COLLEAGUES_MAILS } from '../domain/workflow.ts';
import type { ReceivedEmail } from '../domain/received-email.ts';
import { referencesIn } from '../domain/reference.ts';
import { isKeyOf, ownerKey, readReplyAddress, type AddressKey, type Purpose } from '../reply-address.ts';
import { sha256 } from '../store/inbound-emails.ts';
import type { KnownRequest, TraceQuery, Traces } from '../store/traces.ts';

/** From an email to what must be looked up, and from what was found to the clues that the rule reads. */

export function traceQuery(
  emails: readonly ReceivedEmail[],
  contentShas: readonly (string | null)[],
  mailbox: string,
): TraceQuery {
  const answered = emails.flatMap(answeredIds);
  return {
    messageIds: unique([...answered, ...emails.map(({ messageId }) => messageId)]),
    messageIdShas: unique(answered.map(sha256)),
    contentShas: unique(contentShas.map((sha) => sha ?? '')),
    references: unique(
      emails.flatMap((email) => [
        ...addressKeys(email, mailbox).map(({ reference }) => reference),
        ...referencesIn(email.subject),
      ]),
    ),
    senders: unique(emails.map(senderOf)),
  };
}

export function cluesOf(
  email: ReceivedEmail,
  contentSha: string | null,
  traces: Traces,
  town: Town,
  secrets: readonly string[],
): Clues {
  const sender = senderOf(email);
  const staff = sender === '' ? [] : staffAt(town, sender);
  return {
    isOurs: sender === town.mailbox || traces.outbound.has(email.messageId),
    isDuplicate: contentSha !== null && traces.settledContent.has(contentSha),
    byAddress: addressKeys(email, town.mailbox).flatMap((key) => {
      const request = traces.requests.get(key.reference);
      return request ? keyTraces(key, request, town, staff, secrets) : [];
    }),
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
    staff,
    openedToday: traces.openedToday.get(sender) ?? 0,
  };
}

/** The sender's address; '' when there are several, or none that is valid. */
export function senderOf(email: ReceivedEmail): string {
  return email.from.length === 1 ? (email.from[0]?.address ?? '') : '';
}

/** Nearest first: what it answers, then the thread backwards. */
export function answeredIds(email: ReceivedEmail): string[] {
  return unique([...email.inReplyTo, ...email.references.toReversed()]);
}

function addressKeys(email: ReceivedEmail, mailbox: string): AddressKey[] {
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
  const offices = [DESK, ...town.departments.map(({ id }) => id)].map((holder) => personOfOffice(town, holder));
  return [
    citizen,
    ...offices,
    ...supervisorsOf(town),
    ...staff.filter(({ department }) => departmentOf(town, department)),
  ];
}

function traceOf({ id, citizenAddress }: KnownRequest, owners: readonly Person[], isToColleagues: boolean): Trace {
  return { requestId: id, citizenAddress, owners, isToColleagues };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '');
}

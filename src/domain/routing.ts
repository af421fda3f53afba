import { machineReason, silenceReason } from './automatic.ts';
import type { Person } from './people.ts';
import type { ReceivedEmail } from './received-email.ts';

/** What an email is. First match wins; each step leaves its reason. */
export type Route = { reasons: readonly string[] } & (
  | { verdict: 'ignore' }
  | { verdict: 'archive' }
  | { verdict: 'automatic'; requestId: string }
  | { verdict: 'reply'; requestId: string; author: Person; isToColleagues: boolean }
  | { verdict: 'new'; acknowledge: boolean }
  | { verdict: 'hold'; why: HeldReason; requestId: string | null }
);

export const HELD_REASONS = [
  'unreadable',
  'too_large',
  'failed_thrice',
  'unauthenticated',
  'ambiguous',
  'empty',
] as const;
export type HeldReason = (typeof HELD_REASONS)[number];

/** What the flow found about an email, before the rule is asked. */
export interface Clues {
  /** Sent by the town hall itself. */
  isOurs: boolean;
  /** The same mail came before, by another way. */
  isDuplicate: boolean;
  /** Requests whose signed address it was sent to, with the persons that the key may belong to. */
  byAddress: readonly Trace[];
  /** Requests whose mails it answers; the person is whom we had mailed, none when it answers the citizen's own mail. */
  byMessageId: readonly Trace[];
  /** Requests whose number is in its subject. */
  bySubject: readonly Trace[];
  /** Who of the town hall writes from this address. */
  staff: readonly Person[];
  /** Requests that this sender opened in the last 24 hours. */
  openedToday: number;
}

/** A robot that answers everything, without a sign of being one, must not keep us answering (RFC 3834 §2). */
export const ACKNOWLEDGEMENTS_PER_SENDER_A_DAY = 5;

export interface Trace {
  requestId: string;
  citizenAddress: string;
  owners: readonly Person[];
  /** The mail answered was a colleague's. */
  isToColleagues: boolean;
}

export function routeEmail(email: ReceivedEmail, clues: Clues): Route {
  if (clues.isOurs) return { verdict: 'ignore', reasons: ['sent by the town hall itself'] };
  if (clues.isDuplicate) return { verdict: 'ignore', reasons: ['same Message-ID, sender and text as an earlier mail'] };

  const sender = email.from.length === 1 ? (email.from[0]?.address ?? '') : '';
  const found = findRequest(clues, sender);
  const machine = machineReason(email);
  if (machine !== null) {
    const reasons = [`automatic (${machine})`, found.reason];
    return found.trace === null
      ? { verdict: 'archive', reasons }
      : { verdict: 'automatic', requestId: found.trace.requestId, reasons };
  }
  if (found.isAmbiguous) return { verdict: 'hold', why: 'ambiguous', requestId: null, reasons: [found.reason] };
  if (found.trace === null) {
    const isFlood = clues.openedToday >= ACKNOWLEDGEMENTS_PER_SENDER_A_DAY;
    const silence = silenceReason(email) ?? (isFlood ? `${clues.openedToday} requests from this sender today` : null);
    const reasons = [found.reason, ...(silence === null ? [] : [`not acknowledged (${silence})`])];
    return { verdict: 'new', acknowledge: silence === null && sender !== '', reasons };
  }
  return routeReply(found.trace, found.reason, sender, email, clues);
}

interface Found {
  trace: Trace | null;
  isAmbiguous: boolean;
  reason: string;
}

function findRequest(clues: Clues, sender: string): Found {
  const steps: [string, readonly Trace[]][] = [
    ['signed address', clues.byAddress],
    ['answers a mail of ours', clues.byMessageId],
    ['number in the subject, from who takes part', clues.bySubject.filter((trace) => takesPart(trace, sender, clues))],
  ];
  for (const [reason, traces] of steps) {
    const ids = new Set(traces.map(({ requestId }) => requestId));
    const [first] = traces;
    if (first === undefined) continue;
    if (ids.size > 1) return { trace: null, isAmbiguous: true, reason: `${reason}: ${ids.size} requests` };
    const owners = traces.flatMap((trace) => trace.owners);
    const isToColleagues = traces.some((trace) => trace.isToColleagues);
    return { trace: { ...first, owners, isToColleagues }, isAmbiguous: false, reason };
  }
  const stranger = clues.bySubject.length > 0 ? ', and the sender of a numbered subject takes no part in it' : '';
  return { trace: null, isAmbiguous: false, reason: `no trace of a request${stranger}` };
}

function takesPart(trace: Trace, sender: string, clues: Clues): boolean {
  return sender !== '' && (sender === trace.citizenAddress || clues.staff.length > 0);
}

function routeReply(trace: Trace, reason: string, sender: string, email: ReceivedEmail, clues: Clues): Route {
  const { requestId, isToColleagues } = trace;
  const agent = clues.staff.find((person) => trace.owners.some((owner) => isSameOffice(owner, person)));
  if (agent !== undefined)
    return {
      verdict: 'reply',
      requestId,
      isToColleagues,
      author: agent,
      reasons: [reason, `${agent.role}, by a mail of theirs`],
    };
  const name = email.from[0]?.name ?? '';
  if (sender !== '' && sender === trace.citizenAddress) {
    const author: Person = { role: 'citizen', department: null, name, address: sender };
    return { verdict: 'reply', requestId, isToColleagues, author, reasons: [reason, 'citizen, by address'] };
  }
  if (clues.staff.length > 0) {
    return {
      verdict: 'hold',
      why: 'unauthenticated',
      requestId,
      reasons: [reason, 'an agent’s address without that agent’s own mail'],
    };
  }
  const author: Person = { role: 'third_party', department: null, name, address: sender };
  return { verdict: 'reply', requestId, isToColleagues, author, reasons: [reason, 'third party'] };
}

/** An agent may answer from their own address a mail sent to their office's. */
function isSameOffice(owner: Person, person: Person): boolean {
  return owner.role === person.role && owner.department === person.department;
}

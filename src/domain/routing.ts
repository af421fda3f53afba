import { machineReason, silenceReason, type RobotKind } from './automatic.ts';
import type { SenderProof } from './authentication.ts';
import type { Bounce } from './delivery-report.ts';
import type { Person } from './people.ts';
import type { ReceivedEmail } from './received-email.ts';

/** What an email is. First match wins; each step leaves its reason. */
export type Route = { reasons: readonly string[] } & (
  | { verdict: 'ignore' }
  | { verdict: 'archive' }
  | { verdict: 'bounce'; bounces: readonly BouncedMail[] }
  | { verdict: 'automatic'; requestId: string }
  | { verdict: 'reply'; replies: readonly Reply[] }
  | { verdict: 'forward'; forwarder: Person }
  | { verdict: 'forward_help'; forwarder: Person }
  | { verdict: 'new'; acknowledge: boolean }
  | { verdict: 'hold'; why: HeldReason; suggestion: Trace | null; agent: Person | null }
);

export interface Reply {
  requestId: string;
  author: Person;
  /** It answers a colleague's words. */
  isToColleagues: boolean;
  /** It shows that its sender received a mail of ours at this very address. */
  isReceived: boolean;
}

/** One of our mails came back. */
export interface BouncedMail {
  outboundId: string;
  requestId: string;
  bounce: Bounce;
}

export const HELD_REASONS = [
  'unreadable',
  'too_large',
  'failed_thrice',
  'unauthenticated',
  'stranger',
  'damaged_address',
  'ambiguous',
  'too_many',
] as const;
export type HeldReason = (typeof HELD_REASONS)[number];

/** What a person said a held mail is. */
export type Ruling = { as: 'new' } | { as: 'attach'; requestId: string } | { as: 'mine'; requestId: string };

/** What the flow found about an email, before the rule is asked. */
export interface Clues {
  ruling: Ruling | null;
  /** The request that they named. */
  ruledTrace: Trace | null;
  /** Sent by the town hall itself. */
  isOurs: boolean;
  /** A web site sent it; its sender is whoever filled in the form. */
  throughForm: boolean;
  /** The same mail came before, by another way. */
  isDuplicate: boolean;
  /** Written by a machine. */
  robot: RobotKind | null;
  /** Delivery report: our mails that it tells of; null when it is none. */
  bounced: readonly BouncedMail[] | null;
  /** Delivery report without an id: the last request about which we wrote to that address. */
  bouncedFor: Trace | null;
  /** Requests whose signed address it was sent to, with the persons that the key may belong to. */
  byAddress: readonly Trace[];
  /** Requests whose address it was sent to, damaged: the key is nobody's. */
  byDamagedAddress: readonly Trace[];
  /** Requests whose mails it answers; the person is whom we had mailed, none when it answers the citizen's own mail. */
  byMessageId: readonly Trace[];
  /** Requests whose number is in its subject. */
  bySubject: readonly Trace[];
  /** It answers a mail of ours about no request: a report. */
  answersUnplaced: boolean;
  /** Who of the town hall writes from this address. */
  staff: readonly Person[];
  /** What our own mail server says of the sender, and whether agents need its word. */
  proof: SenderProof;
  needsProof: boolean;
  /** It says that it forwards; its first sender was found. */
  isForward: boolean;
  hasForwarded: boolean;
  /** Requests that this sender opened in the last 24 hours. */
  openedToday: number;
  /** One of them has the same subject and the same words. */
  isRepeated: boolean;
  /** Mails of this sender about each request within the ten minutes before. */
  recently: ReadonlyMap<string, number>;
}

/** Two robots that answer each other without a sign of being any: beyond this, a human looks (RELIABILITY M6). */
export const MAILS_PER_THREAD = 10;
export const THREAD_WINDOW_MS = 10 * 60_000;

/** A robot that answers everything, without a sign of being one, must not keep us answering (RFC 3834 §2). */
export const ACKNOWLEDGEMENTS_PER_SENDER_A_DAY = 5;

export interface Trace {
  requestId: string;
  reference: string;
  citizenAddress: string;
  owners: readonly Person[];
  /** The mail answered was a colleague's. */
  isToColleagues: boolean;
}

export function routeEmail(email: ReceivedEmail, clues: Clues): Route {
  const sender = email.from.length === 1 ? (email.from[0]?.address ?? '') : '';
  if (clues.ruling !== null) return ruled(clues.ruling, sender, email, clues);
  if (clues.isOurs) return { verdict: 'ignore', reasons: ['sent by the town hall itself'] };
  if (clues.isDuplicate) return { verdict: 'ignore', reasons: ['same Message-ID, sender and text as an earlier mail'] };

  const found = findRequests(clues, sender);
  if (clues.bounced !== null) return bounce(clues.bounced, clues.bouncedFor ?? found.traces[0] ?? null);
  if (isMachine(clues.robot, found)) {
    const reasons = [`automatic (${machineReason(email) ?? clues.robot})`, found.reason];
    const [trace] = found.traces;
    return trace === undefined
      ? { verdict: 'archive', reasons }
      : { verdict: 'automatic', requestId: trace.requestId, reasons };
  }
  if (found.traces.length > 0) return reply(found.traces, found.reason, sender, email, clues);
  return withoutRequest(email, sender, found.reason, clues);
}

/** A person may stand behind a list, and behind mass mail that opens a request; what answers us in bulk is a robot. */
function isMachine(robot: RobotKind | null, { traces }: Found): boolean {
  return robot !== null && robot !== 'list' && (robot !== 'bulk' || traces.length > 0);
}

function bounce(bounced: readonly BouncedMail[], fallback: Trace | null): Route {
  if (bounced.length > 0)
    return { verdict: 'bounce', bounces: bounced, reasons: ['a delivery report on a mail of ours'] };
  if (fallback === null) return { verdict: 'archive', reasons: ['a delivery report on nothing of ours'] };
  const reasons = ['a delivery report that names no mail, about this request'];
  return { verdict: 'automatic', requestId: fallback.requestId, reasons };
}

interface Found {
  traces: readonly Trace[];
  reason: string;
}

/** One mail may be sent to several requests, each by its own address; any other trace leads to one. */
function findRequests(clues: Clues, sender: string): Found {
  const numbered = [...clues.byDamagedAddress, ...clues.bySubject].filter((trace) => takesPart(trace, sender, clues));
  const steps: [string, readonly Trace[]][] = [
    ['signed address', merged(clues.byAddress)],
    ['answers a mail of ours', merged(clues.byMessageId).slice(0, 1)],
    ['its number, from who takes part', merged(numbered).slice(0, 1)],
  ];
  for (const [reason, traces] of steps) if (traces.length > 0) return { traces, reason };
  return { traces: [], reason: 'no trace of a request' };
}

/** Several traces of one request are one, with everybody whom they may belong to. */
function merged(traces: readonly Trace[]): Trace[] {
  const byRequest = new Map<string, Trace>();
  for (const trace of traces) {
    const known = byRequest.get(trace.requestId);
    const owners = [...(known?.owners ?? []), ...trace.owners];
    byRequest.set(trace.requestId, {
      ...trace,
      owners,
      isToColleagues: (known?.isToColleagues ?? false) || trace.isToColleagues,
    });
  }
  return [...byRequest.values()];
}

function takesPart(trace: Trace, sender: string, clues: Clues): boolean {
  return sender !== '' && (sender === trace.citizenAddress || clues.staff.length > 0);
}

function reply(traces: readonly Trace[], reason: string, sender: string, email: ReceivedEmail, clues: Clues): Route {
  const replies: Reply[] = [];
  for (const trace of traces) {
    if ((clues.recently.get(trace.requestId) ?? 0) >= MAILS_PER_THREAD) {
      const reasons = [reason, `more than ${MAILS_PER_THREAD} mails about one request in ten minutes`];
      return { verdict: 'hold', why: 'too_many', suggestion: trace, agent: null, reasons };
    }
    const author = authorOf(trace, sender, email, clues);
    if (author === null) {
      const why = 'an agent’s address without that agent’s own mail, or without our server’s word';
      return {
        verdict: 'hold',
        why: 'unauthenticated',
        suggestion: trace,
        agent: clues.staff[0] ?? null,
        reasons: [reason, why],
      };
    }
    const { requestId, isToColleagues } = trace;
    const isReceived = trace.owners.some(({ address }) => address === sender);
    replies.push({ requestId, author, isToColleagues, isReceived });
  }
  return { verdict: 'reply', replies, reasons: [reason, ...new Set(replies.map(({ author }) => author.role))] };
}

/** Null when somebody writes from an agent's address and does not prove to be that agent. */
function authorOf(trace: Trace, sender: string, email: ReceivedEmail, clues: Clues): Person | null {
  const agent = clues.staff.find((person) => trace.owners.some((owner) => isSameOffice(owner, person)));
  if (agent !== undefined && isProven(email, clues)) return agent;
  if (sender !== '' && sender === trace.citizenAddress) return personFrom('citizen', sender, email);
  return clues.staff.length > 0 ? null : personFrom('third_party', sender, email);
}

/** Two From or two Subject headers mean that somebody added one: never an agent (RFC 6376 §8.15). */
function isProven(email: ReceivedEmail, { proof, needsProof }: Clues): boolean {
  if (email.doubledFields.length > 0 || proof === 'fail') return false;
  return !needsProof || proof === 'pass';
}

/** An agent may answer from their own address a mail sent to their office's. */
function isSameOffice(owner: Person, person: Person): boolean {
  return owner.role === person.role && owner.department === person.department;
}

function withoutRequest(email: ReceivedEmail, sender: string, reason: string, clues: Clues): Route {
  const [agent] = clues.staff;
  if (agent !== undefined && clues.isForward) {
    return clues.hasForwarded
      ? { verdict: 'forward', forwarder: agent, reasons: [reason, 'an agent forwards a citizen’s mail'] }
      : {
          verdict: 'forward_help',
          forwarder: agent,
          reasons: [reason, 'an agent forwards a mail, and its sender cannot be found'],
        };
  }
  const [suggestion] = [...clues.byDamagedAddress, ...clues.bySubject];
  if (suggestion !== undefined) {
    const why = clues.byDamagedAddress.length > 0 ? 'damaged_address' : 'stranger';
    return {
      verdict: 'hold',
      why,
      suggestion,
      agent: null,
      reasons: [reason, 'names a request that its sender takes no part in'],
    };
  }
  if (clues.answersUnplaced) {
    return {
      verdict: 'hold',
      why: 'ambiguous',
      suggestion: null,
      agent: null,
      reasons: ['answers a mail of ours about no request'],
    };
  }
  return opened(email, sender, reason, clues);
}

function opened(email: ReceivedEmail, sender: string, reason: string, clues: Clues): Route {
  const { openedToday, isRepeated, proof, throughForm } = clues;
  const isFlood = openedToday >= ACKNOWLEDGEMENTS_PER_SENDER_A_DAY;
  const silence =
    silenceReason(email) ??
    (isFlood ? `${openedToday} requests from this sender today` : null) ??
    (isRepeated ? 'the same words from this sender today' : null) ??
    (proof === 'fail' ? 'our server says that the sender is forged' : null);
  const form = throughForm ? ['a web form: its Reply-To wrote it'] : [];
  const reasons = [...form, reason, ...(silence === null ? [] : [`not acknowledged (${silence})`])];
  return { verdict: 'new', acknowledge: silence === null && sender !== '', reasons };
}

/** A person decided: their word stands for what the mail does not prove. */
function ruled(ruling: Ruling, sender: string, email: ReceivedEmail, clues: Clues): Route {
  if (ruling.as === 'new') return opened(email, sender, 'a person said: a new request', clues);
  const [agent] = clues.staff;
  const isCitizen = sender !== '' && sender === clues.ruledTrace?.citizenAddress;
  const author =
    ruling.as === 'mine' && agent !== undefined
      ? agent
      : personFrom(isCitizen ? 'citizen' : 'third_party', sender, email);
  const isToColleagues = clues.byAddress.some((trace) => trace.isToColleagues);
  const replies = [{ requestId: ruling.requestId, author, isToColleagues, isReceived: false }];
  return { verdict: 'reply', replies, reasons: [`a person said: ${ruling.as}`] };
}

function personFrom(role: 'citizen' | 'third_party', address: string, email: ReceivedEmail): Person {
  return { role, department: null, name: email.from[0]?.name ?? '', address };
}

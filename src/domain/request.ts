import type { Suspension } from './legal-clock.ts';
import type { HolderId, Language, Person } from './people.ts';
import type { Outcome, Status } from './workflow.ts';

/** A request as the rules see it: its row, under its lock. */
export interface RequestState {
  reference: string;
  status: Status;
  outcome: Outcome | null;
  holder: HolderId;
  /** Grows at each change of holder. */
  holdingNo: number;
  /** The address of the agent in charge. */
  assignee: string | null;
  citizenName: string;
  /** '' when no valid address is known: nothing can be mailed. */
  citizenAddress: string;
  citizenPhone: string;
  citizenPostalAddress: string;
  citizenOrganisation: string;
  /** In which they are written to; '' for the town's own choice. */
  citizenLanguage: Language | '';
  /** An address that its owner has not confirmed yet; '' when there is none. */
  pendingAddress: string;
  subject: string;
  /** A category's id. */
  category: string | null;
  origin: Origin;
  /** The category's own fields, by their id. */
  details: Readonly<Record<string, string>>;
  /** What was asked of the citizen. */
  pieces: readonly AskedPiece[];
  labels: readonly string[];
  /** The addresses of colleagues who may read it and write notes. */
  sharedWith: readonly string[];
  receivedAt: Date;
  statusSince: Date;
  /** When the legal delay began anew; null: at the receipt. */
  clockSince: Date | null;
  /** Of the legal delay, oldest first. */
  suspensions: readonly Suspension[];
  /** When the last legal alarm was raised. */
  alarmedAt: Date | null;
  closedAt: Date | null;
  /** On hold, or awaiting the citizen: until when (null: no date), and for what. */
  waitUntil: Date | null;
  waitReason: string;
  /** The last reminder told the citizen that it closes then if they stay silent; null while none did. */
  lapsesAt: Date | null;
  remindedCount: number;
  remindedAt: Date | null;
  reroutedCount: number;
  reopenedCount: number;
  undeliverable: boolean;
  draft: Draft | null;
  /** The request that this one repeats, or follows. */
  relatedReference: string | null;
  /** Never forgotten since then: a dispute. The reason is '' when it is not frozen. */
  frozenAt: Date | null;
  frozenReason: string;
  /** When the supervisors were told that it will be forgotten. */
  deletionNoticeAt: Date | null;
  /** Forgotten: nothing is left but figures, milestones and agents. */
  anonymisedAt: Date | null;
  /** Null when it is open, and when its closing can no longer be undone. */
  closing: Closing | null;
}

export const ORIGINS = ['email', 'phone', 'post', 'counter', 'form', 'api'] as const;
export type Origin = (typeof ORIGINS)[number];

export interface AskedPiece {
  name: string;
  isReceived: boolean;
}

/** An answer in preparation: it never leaves the house. */
export interface Draft {
  text: string;
  name: string;
  address: string;
  at: Date;
}

/** Who closed a request by which event, and what it was before. */
export interface Closing {
  eventId: string;
  by: Pick<Person, 'role' | 'department' | 'address'>;
  was: Was;
}

export type Was = Pick<
  RequestState,
  | 'status'
  | 'holder'
  | 'holdingNo'
  | 'assignee'
  | 'statusSince'
  | 'waitUntil'
  | 'waitReason'
  | 'lapsesAt'
  | 'remindedCount'
  | 'remindedAt'
  | 'draft'
  | 'relatedReference'
>;

export function citizenOf(request: Pick<RequestState, 'citizenName' | 'citizenAddress'>): Person {
  return { role: 'citizen', department: null, name: request.citizenName, address: request.citizenAddress };
}

export function isHeldBy(request: Pick<RequestState, 'holder'>, person: Person): boolean {
  return person.role === 'desk' ? request.holder === 'desk' : person.department === request.holder;
}

/** A colleague with whom it is shared. */
export function isGuest(request: Pick<RequestState, 'sharedWith'>, person: Pick<Person, 'address'>): boolean {
  return person.address !== '' && request.sharedWith.includes(person.address);
}

/** The desk and supervisors see every request; a department what it holds, and what it closed; a guest what is shared. */
export function maySee(request: Pick<RequestState, 'holder' | 'sharedWith'>, person: Person): boolean {
  return (
    person.role === 'desk' || person.role === 'supervisor' || isHeldBy(request, person) || isGuest(request, person)
  );
}

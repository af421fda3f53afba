import type { HolderId, Person } from './people.ts';
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
  subject: string;
  receivedAt: Date;
  statusSince: Date;
  remindedCount: number;
  remindedAt: Date | null;
  reroutedCount: number;
  undeliverable: boolean;
  /** Null when it is open, and when its closing can no longer be undone. */
  closing: Closing | null;
}

/** Who closed a request by which event, and what it was before. */
export interface Closing {
  eventId: string;
  by: Pick<Person, 'role' | 'department' | 'address'>;
  was: Was;
}

export type Was = Pick<RequestState, 'status' | 'assignee' | 'statusSince' | 'remindedCount' | 'remindedAt'>;

export function citizenOf(request: Pick<RequestState, 'citizenName' | 'citizenAddress'>): Person {
  return { role: 'citizen', department: null, name: request.citizenName, address: request.citizenAddress };
}

export function isHeldBy(request: Pick<RequestState, 'holder'>, person: Person): boolean {
  return person.role === 'desk' ? request.holder === 'desk' : person.department === request.holder;
}

/** The desk and supervisors see every request; a department what it holds, and what it closed. */
export function maySee(request: Pick<RequestState, 'holder'>, person: Person): boolean {
  return person.role === 'desk' || person.role === 'supervisor' || isHeldBy(request, person);
}

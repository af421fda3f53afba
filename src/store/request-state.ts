import type { Suspension } from '../domain/legal-clock.ts';
import type { AskedPiece, Closing, Draft, Origin, RequestState } from '../domain/request.ts';
import type { Outcome } from '../domain/workflow.ts';
import { Prisma, type ServiceRequest } from './client/client.ts';

/** The state a rule reads. */
export function stateOf(row: ServiceRequest, closing: Closing | null): RequestState {
  const { id: _id, dueAt: _dueAt, remindAt: _remindAt, createdAt: _createdAt, ...known } = row;
  const { silenceOn: _silenceOn, alarmAt: _alarmAt, ...columns } = known;
  const { forgetOn: _forgetOn, eliminationId: _eliminationId, ...state } = columns;
  return {
    ...state,
    outcome: row.outcome as Outcome | null,
    origin: row.origin as Origin,
    citizenLanguage: row.citizenLanguage as RequestState['citizenLanguage'],
    details: row.details as Record<string, string>,
    pieces: row.pieces as unknown as AskedPiece[],
    suspensions: suspensionsOf(row.suspensions),
    draft: draftOf(row.draft),
    closing,
  };
}

/** The same, as its columns. */
export function columnsOf({ closing: _inHistory, ...state }: RequestState) {
  return {
    ...state,
    details: { ...state.details },
    pieces: state.pieces.map((piece) => ({ ...piece })),
    suspensions: state.suspensions.map((each) => ({
      ...each,
      askedAt: each.askedAt.toISOString(),
      endedAt: each.endedAt?.toISOString() ?? null,
    })),
    labels: [...state.labels],
    sharedWith: [...state.sharedWith],
    draft: state.draft === null ? Prisma.DbNull : { ...state.draft, at: state.draft.at.toISOString() },
  };
}

function suspensionsOf(value: ServiceRequest['suspensions']): Suspension[] {
  type Written = Omit<Suspension, 'askedAt' | 'endedAt'> & { askedAt: string; endedAt: string | null };
  return (value as unknown as Written[]).map(({ askedAt, endedAt, ...each }) => ({
    ...each,
    askedAt: new Date(askedAt),
    endedAt: endedAt === null ? null : new Date(endedAt),
  }));
}

function draftOf(value: ServiceRequest['draft']): Draft | null {
  if (value === null) return null;
  const { at, ...draft } = value as unknown as Omit<Draft, 'at'> & { at: string };
  return { ...draft, at: new Date(at) };
}

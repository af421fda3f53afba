import type { AskedPiece, Closing, Draft, Origin, RequestState } from '../domain/request.ts';
import type { Outcome } from '../domain/workflow.ts';
import { Prisma, type ServiceRequest } from './client/client.ts';

/** The state a rule reads. */
export function stateOf(row: ServiceRequest, closing: Closing | null): RequestState {
  const { id: _id, dueAt: _dueAt, remindAt: _remindAt, createdAt: _createdAt, ...columns } = row;
  const { forgetOn: _forgetOn, eliminationId: _eliminationId, ...state } = columns;
  return {
    ...state,
    outcome: row.outcome as Outcome | null,
    origin: row.origin as Origin,
    citizenLanguage: row.citizenLanguage as RequestState['citizenLanguage'],
    details: row.details as Record<string, string>,
    pieces: row.pieces as unknown as AskedPiece[],
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
    labels: [...state.labels],
    sharedWith: [...state.sharedWith],
    draft: state.draft === null ? Prisma.DbNull : { ...state.draft, at: state.draft.at.toISOString() },
  };
}

function draftOf(value: ServiceRequest['draft']): Draft | null {
  if (value === null) return null;
  const { at, ...draft } = value as unknown as Omit<Draft, 'at'> & { at: string };
  return { ...draft, at: new Date(at) };
}

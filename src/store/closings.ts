import type { Closing } from '../domain/request.ts';
import { wasBefore } from '../domain/undo.ts';
import type { Event, ServiceRequest } from './client/client.ts';
import type { Tx } from './store.ts';

/** How a request was closed is in its history: the event says who, and what it was before. */

/** Null when the request is open, and when it can no longer be undone. */
export async function findClosing(
  tx: Tx,
  { id, status }: Pick<ServiceRequest, 'id' | 'status'>,
  undoSeconds: number,
  now: Date,
): Promise<Closing | null> {
  if (status !== 'closed') return null;
  const where = { requestId: id, statusAfter: 'closed', statusBefore: { not: 'closed' } } as const;
  const event = await tx.event.findFirst({ where, orderBy: [{ at: 'desc' }, { id: 'desc' }] });
  return event === null ? null : closingOf(event, undoSeconds, now);
}

/** The same, of a history that was read already: oldest first. */
export function closingIn(
  { request, events }: { request: Pick<ServiceRequest, 'status'>; events: readonly Event[] },
  undoSeconds: number,
  now: Date,
): Closing | null {
  if (request.status !== 'closed') return null;
  const event = events.findLast(
    ({ statusBefore, statusAfter }) => statusAfter === 'closed' && statusBefore !== 'closed',
  );
  return event === undefined ? null : closingOf(event, undoSeconds, now);
}

function closingOf(event: Event, undoSeconds: number, now: Date): Closing | null {
  const was = wasBefore(event.details as Record<string, unknown>);
  if (was === null || now.getTime() >= event.at.getTime() + undoSeconds * 1_000) return null;
  const { id, actorRole, actorDepartment, actorAddress } = event;
  const by = { role: actorRole as Closing['by']['role'], department: actorDepartment, address: actorAddress };
  return { eventId: id, by, was };
}

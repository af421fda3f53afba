import type { Audience, MailKind, Status } from './workflow.ts';

/** What several rows of the workflow have in common. */

/** From every open status to this one. */
export function toEvery(status: Status): Record<Exclude<Status, 'closed'>, Status> {
  return { new: status, in_progress: status, awaiting_citizen: status, on_hold: status };
}

export const openStays = {
  new: 'new',
  in_progress: 'in_progress',
  awaiting_citizen: 'awaiting_citizen',
  on_hold: 'on_hold',
} as const;
export const stays = { ...openStays, closed: 'closed' } as const;

export const STAFF = ['desk', 'department', 'supervisor'] as const;

export function to(kind: MailKind, audience: Audience): { kind: MailKind; to: Audience } {
  return { kind, to: audience };
}

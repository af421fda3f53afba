import type { Closing, RequestState } from '../domain/request.ts';
import type { Outcome } from '../domain/workflow.ts';
import type { ServiceRequest } from './client/client.ts';

/** The state a rule reads. */
export function stateOf(row: ServiceRequest, closing: Closing | null): RequestState {
  return {
    reference: row.reference,
    status: row.status,
    outcome: row.outcome as Outcome | null,
    holder: row.holder,
    holdingNo: row.holdingNo,
    assignee: row.assignee,
    citizenName: row.citizenName,
    citizenAddress: row.citizenAddress,
    subject: row.subject,
    receivedAt: row.receivedAt,
    statusSince: row.statusSince,
    remindedCount: row.remindedCount,
    remindedAt: row.remindedAt,
    reroutedCount: row.reroutedCount,
    undeliverable: row.undeliverable,
    closing,
  };
}

import { suggestAddress } from './address-typos.ts';
import { bounceCause, bounceStatus, isDeadAddress, type BounceCause } from './bounce-cause.ts';
import type { Decision } from './decision.ts';
import type { Bounce } from './delivery-report.ts';
import { isWorthMailing } from './mails.ts';
import { DESK, personOfOffice, SYSTEM, type Person, type Town } from './people.ts';
import type { RequestState } from './request.ts';
import { withoutSuspension } from './suspension.ts';

/** The rules of a mail that does not arrive: a server refused it, or it came back, or it is late. */

/** A mail of ours that did not arrive: what it was, to whom, and why, in a server's words. */
export interface Undelivered {
  kind: string;
  to: Person;
  answer: string;
}

/** A server refused it for good, or for too long: judged as a report of it would be. */
export function recordDeliveryFailure(failed: Undelivered, request: RequestState, town: Town): Decision {
  const status = bounceStatus('', failed.answer);
  const cause = causeOf(failed.answer);
  // Without a code it is a fault of ours, unless the words name the address.
  const isDead = isDeadAddress(status, cause) && (status !== '' || cause === 'unknown_address');
  const suggestedAddress = isDead ? (suggestAddress(failed.to.address) ?? '') : '';
  return recordUndelivered({ ...failed, cause, isDead, suggestedAddress }, request, town);
}

/** Why, by the words of a server. */
export function causeOf(answer: string): BounceCause {
  return bounceCause(bounceStatus('', answer), answer);
}

/** One of our mails came back. */
export function recordBounce(
  failed: { kind: string; to: Person; bounce: Bounce; suggestedAddress: string },
  request: RequestState,
  town: Town,
): Decision {
  const { kind, to, bounce, suggestedAddress } = failed;
  const answer = answerOf(bounce);
  if (bounce.isDelayed) return recordDelay({ kind, to, answer });
  const { cause, hard: isDead } = bounce;
  return recordUndelivered({ kind, to, answer, cause, isDead, suggestedAddress }, request, town);
}

/** What a report says of one mail, on one line. */
export function answerOf({ status, diagnostic }: Bounce): string {
  return `${status} ${diagnostic}`.trim().slice(0, 500);
}

/** It has not arrived yet; whoever has it goes on trying. */
export function recordDelay({ kind, to, answer }: Undelivered): Decision {
  const details = { kind, role: to.role, answer };
  const event = { action: 'delivery_delayed' as const, actor: SYSTEM, comment: '', details };
  return { done: true, changes: {}, event, message: null, mails: [] };
}

/**
 * Shown on the request, told to the desk (unless it was the desk's own). A dead address of the citizen's is flagged; a full
 * mailbox or a refused mail is not.
 */
function recordUndelivered(
  failed: Undelivered & { cause: BounceCause; isDead: boolean; suggestedAddress: string },
  request: RequestState,
  town: Town,
): Decision {
  const { kind, to, answer, cause, isDead, suggestedAddress } = failed;
  const facts = {
    action: 'delivery_failed',
    holder: request.holder,
    failedKind: kind,
    failedName: to.name,
    failedAddress: to.address,
    failedRole: to.role,
    answer,
    cause,
    suggestedAddress,
  };
  const desk = personOfOffice(town, DESK);
  return {
    done: true,
    changes: to.role === 'citizen' ? { ...(isDead ? { undeliverable: true } : {}), ...unsuspended(kind, request) } : {},
    event: {
      action: 'delivery_failed',
      actor: SYSTEM,
      comment: '',
      details: { kind, role: to.role, answer, cause },
    },
    message: null,
    mails:
      to.address === desk.address || !isWorthMailing(desk, SYSTEM, town)
        ? []
        : [{ kind: 'undelivered', to: desk, facts, showsMessage: false }],
  };
}

/** Whoever was not asked for pieces does not owe them. */
function unsuspended(kind: string, request: RequestState): Partial<RequestState> {
  return kind === 'correction' ? withoutSuspension(request) : {};
}

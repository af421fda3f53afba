import { suggestAddress } from '../domain/address-typos.ts';
import type { BouncedMail, Route } from '../domain/routing.ts';
import { answerOf, recordBounce } from '../domain/undelivered.ts';
import { decideOn } from '../store/decide-on.ts';
import type { Ground } from '../store/store.ts';
import { findOutbound } from '../store/outbound-emails.ts';
import { markBounced, markLate } from '../store/delivery-marks.ts';
import type { PreparedEmail } from './prepare-email.ts';
import { settleLocked } from './settlement.ts';

/** Each mail of ours that came back is shown on its request; the last one settles the report. */
export async function applyBounce(
  ground: Ground,
  prepared: PreparedEmail,
  { bounces, reasons }: Extract<Route, { verdict: 'bounce' }>,
): Promise<void> {
  for (const [i, bounced] of bounces.entries()) {
    await applyOne(ground, prepared, bounced, reasons, i === bounces.length - 1);
  }
}

async function applyOne(
  ground: Ground,
  prepared: PreparedEmail,
  { outboundId, requestId, bounce }: BouncedMail,
  reasons: readonly string[],
  isLast: boolean,
): Promise<void> {
  const mail = await findOutbound(ground, outboundId);
  const failed = { kind: mail.kind, to: mail.to, bounce, suggestedAddress: suggestAddress(bounce.recipient) ?? '' };
  await decideOn(
    ground,
    requestId,
    (request) => recordBounce(failed, request, ground.config.town),
    { id: `bounce:${prepared.stored.id}:${outboundId}:${bounce.recipient}` },
    async (tx) => {
      const answer = answerOf(bounce);
      if (bounce.isDelayed) await markLate(tx, outboundId, answer, ground.clock.now());
      else await markBounced(tx, outboundId, { answer, cause: bounce.cause }, ground.clock.now());
      if (isLast) await settleLocked(ground, tx, prepared, { state: 'done', verdict: 'bounce', reasons, requestId });
    },
  );
}

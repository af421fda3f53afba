import { reasonOf } from '../log.ts';
import { recordDeliveryFailure } from '../domain/occurrences.ts';
import type { Person } from '../domain/people.ts';
import { decideOn } from '../store/decide-on.ts';
import {
  claimMail,
  markFailed,
  markRetrying,
  markSent,
  mustWait,
  workMails,
  type ClaimedMail,
  type DeliveryTry,
} from '../store/outbound-emails.ts';
import type { Ground } from '../store/store.ts';
import type { Composer } from './compose.ts';
import { classifyFailure, type SendFailure, type Transport } from './transport.ts';

/**
 * Sends what is queued: at least once, and twice only when the server's answer was lost (RFC 1047), then with the same
 * Message-ID. A refusal for now is tried again ever more rarely; a refusal for good is shown on the request.
 */
export async function startDelivering(ground: Ground, composer: Composer, transport: Transport): Promise<void> {
  await workMails(ground.store, (delivery) => deliver(ground, composer, transport, delivery));
}

async function deliver(
  ground: Ground,
  composer: Composer,
  transport: Transport,
  delivery: DeliveryTry,
): Promise<boolean> {
  const mail = await claimMail(ground, delivery.outboundEmailId);
  if (mail === null) return !(await mustWait(ground, delivery.outboundEmailId));
  const ids = { outboundId: mail.id, kind: mail.kind };
  try {
    const message = await composer.compose(mail);
    const response = await transport.send(message);
    await markSent(ground, mail.id, response);
    ground.log.info({ event: 'mail.sent', ...ids });
    return true;
  } catch (error) {
    const failure = classifyFailure(error);
    ground.log.warn({ event: 'mail.not_sent', ...ids, permanent: failure.isPermanent, reason: reasonOf(error) });
    if (failure.isPermanent || delivery.isLast) {
      await giveUp(ground, mail, failure);
      return true;
    }
    await markRetrying(ground, mail.id, failure.answer);
    return false;
  }
}

async function giveUp(ground: Ground, mail: ClaimedMail, failure: SendFailure): Promise<void> {
  if (mail.requestId === null) {
    await ground.store.db.$transaction((tx) => markFailed(tx, mail.id, failure.answer));
    return;
  }
  const to: Person = {
    role: mail.toRole as Person['role'],
    department: null,
    name: mail.toName,
    address: mail.toAddress,
  };
  await decideOn(
    ground,
    mail.requestId,
    (request) => recordDeliveryFailure({ kind: mail.kind, to, answer: failure.answer }, request, ground.config.town),
    { id: `delivery:${mail.id}` },
    (tx) => markFailed(tx, mail.id, failure.answer),
  );
}

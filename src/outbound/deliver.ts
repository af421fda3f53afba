import { setTimeout as sleep } from 'node:timers/promises';
import { withheldBecause } from '../domain/dispatch.ts';
import type { Person } from '../domain/people.ts';
import { deferral } from '../domain/retry.ts';
import { causeOf, recordDeliveryFailure } from '../domain/undelivered.ts';
import { reasonOf } from '../log.ts';
import { claimMail, putBack, type ClaimedMail, type DeliveryJob } from '../store/claim-mail.ts';
import { decideOn } from '../store/decide-on.ts';
import { markDeferred, markFailed, markSent, markUntried, markWithheld, type Sent } from '../store/delivery-marks.ts';
import { stopWorking, workMails } from '../store/outbound-emails.ts';
import type { Ground } from '../store/store.ts';
import { createBreaker, type Breaker, type Verdict } from './breaker.ts';
import type { Composer } from './compose.ts';
import { Releaser } from './releaser.ts';
import { classifyFailure, type SendFailure } from './send-failure.ts';
import type { Transport } from './transport.ts';

/** What sends mails, while it lives. */
export interface Delivery {
  /** Mails that have become due: at once, for a clock that jumps. Otherwise within a second. */
  release(): Promise<void>;
  isPaused(): boolean;
  /** False when nothing could be sent for long, because of us. */
  isHealthy(): boolean;
  stop(): Promise<void>;
}

interface Post {
  ground: Ground;
  composer: Composer;
  transport: Transport;
  breaker: Breaker;
  releaser: Releaser;
  /** Accepted by the server, while the database could not be told: not to be sent again. */
  unnoted: Map<string, Sent>;
}

const STOP_PATIENCE_MS = 10_000;
/** A trouble that lasted this long is a fault somebody must hear of. */
const TROUBLE_ALERT_MS = 10 * 60_000;

/**
 * Sends what is queued: at least once, and twice only when the server's answer was lost (RFC 1047), then with the same
 * Message-ID. A recipient's refusal for now is tried again ever more rarely, one for good is shown on the request; a
 * trouble of ours costs no mail anything.
 */
export async function startDelivering(ground: Ground, composer: Composer, transport: Transport): Promise<Delivery> {
  const breaker = createBreaker(ground.clock, {
    onTrouble: (retryMs) => ground.log.warn({ event: 'outgoing.trouble', retryMs }),
    onRestored: () => ground.log.info({ event: 'outgoing.restored' }),
  });
  const releaser = new Releaser(ground, breaker);
  const post: Post = { ground, composer, transport, breaker, releaser, unnoted: new Map() };
  await workMails(ground.store, (job) => deliver(post, job));
  releaser.start();
  return {
    release: () => releaser.release(),
    isPaused: () => releaser.isPaused,
    isHealthy: () => breaker.troubleMs() < TROUBLE_ALERT_MS,
    stop: async () => {
      await releaser.stop();
      // A server that answers no more is not waited for: whoever comes next takes over.
      await Promise.race([stopWorking(ground.store), sleep(STOP_PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}

/** Answers whether the job is done. */
async function deliver(post: Post, job: DeliveryJob): Promise<boolean> {
  const { ground, breaker } = post;
  const pass = breaker.enter();
  let verdict: Verdict = 'none';
  try {
    if (pass === null) await putBack(ground, job);
    else verdict = await tryMail(post, job);
    return true;
  } catch (error) {
    ground.log.error({ event: 'delivery.failed', outboundId: job.outboundEmailId, reason: reasonOf(error) });
    return false;
  } finally {
    pass?.leave(verdict);
  }
}

async function tryMail(post: Post, job: DeliveryJob): Promise<Verdict> {
  const { ground, releaser } = post;
  const mail = await claimMail(ground, job);
  if (mail === null) return 'none';
  const ids = { outboundId: mail.id, kind: mail.kind };
  const because = withheldBecause(mail.toAddress, ground.config.outgoing.onlyTo, ground.config.town.mailbox);
  if (because !== null) {
    await markWithheld(ground, mail.id, because);
    ground.log.info({ event: 'mail.withheld', ...ids, because });
    return 'none';
  }
  const outcome = post.unnoted.get(mail.id) ?? (await send(post, mail));
  if ('fate' in outcome) {
    ground.log.warn({ event: 'mail.not_sent', ...ids, fate: outcome.fate, reason: reasonOf(outcome.answer) });
    await suffer(ground, mail, outcome);
    if (outcome.fate === 'ours') return 'trouble';
    return outcome.isAnswered ? 'works' : 'none';
  }
  post.unnoted.set(mail.id, outcome);
  if (await markSent(ground, mail.id, outcome)) void releaser.release();
  post.unnoted.delete(mail.id);
  if (outcome.state === 'sent') ground.log.info({ event: 'mail.sent', ...ids });
  else ground.log.info({ event: 'mail.written', ...ids });
  return 'works';
}

async function send({ composer, transport }: Post, mail: ClaimedMail): Promise<Sent | SendFailure> {
  try {
    return await transport.send(await composer.compose(mail), mail);
  } catch (error) {
    return classifyFailure(error);
  }
}

async function suffer(ground: Ground, mail: ClaimedMail, failure: SendFailure): Promise<void> {
  if (failure.fate === 'ours') return markUntried(ground, mail, failure.isDoubtful);
  if (failure.fate === 'never') return giveUp(ground, mail, failure.answer);
  const next = deferral(mail, ground.clock.now(), ground.config.outgoing.giveUpAfterSeconds);
  if (next.tryAfter === null) return giveUp(ground, mail, failure.answer);
  await markDeferred(ground, mail, { ...next, lastError: failure.answer });
}

/** On the row, on the request, and to the desk: all or nothing. */
async function giveUp(ground: Ground, mail: ClaimedMail, answer: string): Promise<void> {
  const now = ground.clock.now();
  const why = { answer, cause: causeOf(answer) };
  if (mail.requestId === null) {
    await ground.store.db.$transaction((tx) => markFailed(tx, mail.id, why, now));
    return;
  }
  const { toRole, toName: name, toAddress: address } = mail;
  const to: Person = { role: toRole as Person['role'], department: null, name, address };
  await decideOn(
    ground,
    mail.requestId,
    (request) => recordDeliveryFailure({ kind: mail.kind, to, answer }, request, ground.config.town),
    { id: `delivery:${mail.id}` },
    (tx) => markFailed(tx, mail.id, why, now),
  );
}

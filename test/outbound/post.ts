import type { Config, MailAccount } from '../../src/config.ts';
import { createComposer } from '../../src/outbound/compose.ts';
import { startDelivering, type Delivery } from '../../src/outbound/deliver.ts';
import { createRenderer } from '../../src/outbound/render.ts';
import { openTransport, type Transport } from '../../src/outbound/transport.ts';
import type { Ground } from '../../src/store/store.ts';
import type { MailKind } from '../../src/domain/workflow.ts';
import { aGround, type TestGround } from '../store/ground.ts';
import { freshDatabase } from '../support/postgres.ts';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.ts';
import { until } from '../support/until.ts';

/** Mails that really leave, to a server that does as it is told, by a clock that stands still until it is set. */
export interface TestPost {
  ground: TestGround;
  smtp: SmtpSink;
  delivery: Delivery;
  url: string;
  /** Time goes by, and whatever then may be tried is tried. */
  pass(minutes: number): Promise<void>;
  /** Until no mail is in hand, and none that may be tried is left. */
  settled(): Promise<void>;
  /** The mail of a request, once it is in this state. */
  rowOf(requestId: string, kind: MailKind, state: string): ReturnType<typeof rowOf>;
  close(): Promise<void>;
}

const LINKS = { secrets: ['mQ2vX8rT5kLw9zBnY4sJd7hGc1fPa6eU'], publicUrl: 'http://127.0.0.1:8080' };

export interface PostOptions {
  change?: (config: Config) => Config;
  account?: Partial<MailAccount>;
  /** Instead of the server. */
  transport?: Transport;
}

export async function openPost({ change, account, transport }: PostOptions = {}): Promise<TestPost> {
  const smtp = await startSmtpSink();
  const { url } = await freshDatabase();
  const ground = await aGround(url, change);
  const road = transport ?? openTransport({ ...accountOf(smtp), ...account });
  const delivery = await deliverBy(ground, road);
  const settled = async () => {
    for (let waiting = -1; ; ) {
      await delivery.release();
      await until('the mails in hand', 60_000, async () => (await countOf(ground, { jobId: { not: null } })) === 0);
      const left = await countOf(ground, { OR: [{ tryAfter: null }, { tryAfter: { lte: ground.clock.now() } }] });
      if (left === 0 || left === waiting) return;
      waiting = left;
    }
  };
  return {
    ground,
    smtp,
    delivery,
    url,
    settled,
    pass: async (minutes) => {
      ground.set(new Date(ground.clock.now().getTime() + minutes * 60_000).toISOString());
      await settled();
    },
    rowOf: (requestId, kind, state) => rowOf(ground, requestId, kind, state),
    close: async () => {
      await delivery.stop();
      road.close();
      await ground.close();
      await smtp.stop();
    },
  };
}

export async function deliverBy(ground: Ground, transport: Transport): Promise<Delivery> {
  const renderer = await createRenderer(ground.config.town);
  return startDelivering(ground, createComposer(ground, renderer, LINKS), transport);
}

export function accountOf({ host, port }: SmtpSink): MailAccount {
  return { host, port, secure: false, user: '', password: '' };
}

async function rowOf(ground: Ground, requestId: string, kind: MailKind, state: string) {
  return until(`${kind} to be ${state}`, 20_000, async () => {
    const row = await ground.store.db.outboundEmail.findFirst({ where: { requestId, kind } });
    return row?.state === state ? row : undefined;
  });
}

async function countOf({ store }: Ground, where: object): Promise<number> {
  return store.db.outboundEmail.count({ where: { ...where, state: { in: ['queued', 'sending'] } } });
}

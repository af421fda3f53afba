import { TRANSACTION } from './decide-on.ts';
import { emptyInbound, emptyOutbound } from './forgetting.ts';
import { queueErasures } from './mailbox-erasures.ts';
import type { Ground } from './store.ts';

/** What an address wrote that belongs to no request of its own. */

export interface LooseMails {
  /** Of no request: robots' mails, copies, what was set aside. */
  ids: string[];
  /** Still waiting for a human. */
  held: number;
  /** What they wrote into requests of others, which stay whole. */
  elsewhere: number;
}

export async function looseMails({ store: { db } }: Ground, address: string): Promise<LooseMails> {
  const [settled, held, elsewhere] = await Promise.all([
    db.inboundEmail.findMany({
      where: { fromAddress: address, requestId: null, state: { in: ['ignored', 'archived'] } },
      select: { id: true },
    }),
    db.inboundEmail.count({ where: { fromAddress: address, state: { in: ['held', 'stored'] } } }),
    db.message.count({ where: { authorAddress: address, NOT: { request: { citizenAddress: address } } } }),
  ]);
  return { ids: settled.map(({ id }) => id), held, elsewhere };
}

export async function eraseLooseMails(ground: Ground, ids: readonly string[]): Promise<void> {
  await ground.store.db.$transaction(async (tx) => {
    const told = await tx.$queryRaw<{ id: string }[]>`
      SELECT id::text FROM "OutboundEmail"
      WHERE "requestId" IS NULL AND facts->>'inboundId' = ANY(${[...ids]}::text[])`;
    const outbound = told.map(({ id }) => id);
    await queueErasures(ground, tx, ids, outbound);
    await emptyInbound(tx, ids);
    await emptyOutbound(tx, outbound);
  }, TRANSACTION);
}

import type { Db } from './store.ts';

/** Everything that is held about an address, for whoever has a right to it (GDPR art. 15, 20). */

const NOT_RAW = { omit: { raw: true } } as const;

export async function holdingsOf(db: Db, address: string) {
  const requests = await db.serviceRequest.findMany({
    where: { OR: [{ citizenAddress: address }, { pendingAddress: address }] },
    orderBy: { receivedAt: 'asc' },
    include: {
      messages: { orderBy: [{ at: 'asc' }, { id: 'asc' }], include: { attachments: { orderBy: { position: 'asc' } } } },
      events: { orderBy: [{ at: 'asc' }, { id: 'asc' }] },
      outboundEmails: { orderBy: { createdAt: 'asc' } },
      inboundEmails: { ...NOT_RAW, orderBy: { arrivalNo: 'asc' } },
    },
  });
  const own = requests.map(({ id }) => id);
  const [elsewhere, mails, written] = await Promise.all([
    // What they wrote into requests of others.
    db.message.findMany({
      where: { authorAddress: address, requestId: { notIn: own } },
      orderBy: { at: 'asc' },
      include: { attachments: true, request: { select: { reference: true } } },
    }),
    db.inboundEmail.findMany({
      where: { fromAddress: address, OR: [{ requestId: null }, { requestId: { notIn: own } }] },
      orderBy: { arrivalNo: 'asc' },
      ...NOT_RAW,
    }),
    db.outboundEmail.findMany({
      where: { toAddress: address, OR: [{ requestId: null }, { requestId: { notIn: own } }] },
      orderBy: { createdAt: 'asc' },
    }),
  ]);
  return { requests, elsewhere, mails, written };
}

export type Holdings = Awaited<ReturnType<typeof holdingsOf>>;

export async function rawOf(db: Db, id: string): Promise<Uint8Array> {
  const mail = await db.inboundEmail.findUniqueOrThrow({ where: { id }, select: { raw: true } });
  return mail.raw;
}

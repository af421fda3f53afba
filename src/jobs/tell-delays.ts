import type { Person } from '../domain/people.ts';
import { recordDelay } from '../domain/undelivered.ts';
import { decideOn } from '../store/decide-on.ts';
import { markLate } from '../store/delivery-marks.ts';
import { findLateMails } from '../store/late-mails.ts';
import type { Ground } from '../store/store.ts';

const AT_MOST = 200;

/** A mail that does not get through is told in the history of its request, once. */
export async function tellDelays(ground: Ground): Promise<void> {
  for (const mail of await findLateMails(ground, AT_MOST)) {
    const { id, kind, toRole, toName: name, toAddress: address } = mail;
    const to: Person = { role: toRole as Person['role'], department: null, name, address };
    const answer = mail.lastError ?? '';
    await decideOn(
      ground,
      mail.requestId ?? '',
      () => recordDelay({ kind, to, answer }),
      { id: `delayed:${id}` },
      (tx) => markLate(tx, id, answer, ground.clock.now()),
    );
  }
}

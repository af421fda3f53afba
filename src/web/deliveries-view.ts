import { deliveryOf, isInTrouble } from '../domain/delivery.ts';
import type { DossierMail } from '../store/dossiers.ts';

/** What became of each mail about a request, as its page shows it to agents: failures first, then the newest. */

/** More than this are folded. */
const SHOWN = 3;

export function deliveriesView(mails: readonly DossierMail[], isPaused: boolean, now: Date) {
  const all = mails.toReversed().map((mail) => {
    const { kind, toName, toAddress, toRole, createdAt } = mail;
    const delivery = deliveryOf(mail, now);
    return { kind, toName, toAddress, toRole, createdAt, ...delivery, isInTrouble: isInTrouble(delivery) };
  });
  const others = all.filter((mail) => !mail.isInTrouble);
  return {
    count: all.length,
    isPaused,
    failed: all.filter((mail) => mail.isInTrouble),
    recent: others.slice(0, SHOWN),
    older: others.slice(SHOWN),
  };
}

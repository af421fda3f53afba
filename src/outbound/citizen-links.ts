import { claimsOfLink, type LinkClaims } from '../action-link.ts';
import { asTold, actionsOpenToCitizen, isNewcomer, mayFollow } from '../domain/citizen-sight.ts';
import type { Person } from '../domain/people.ts';
import type { Action, MailKind } from '../domain/workflow.ts';
import { stateOfDossier, type Dossier } from '../store/dossiers.ts';
import { findOwnList } from '../store/citizens.ts';
import type { ClaimedMail } from '../store/outbound-emails.ts';
import type { Ground } from '../store/store.ts';
import type { LinkSettings } from './compose.ts';
import { linkUrl } from './link-url.ts';
import type { MailView, OwnRequestView } from './mail-view.ts';

/** The links of a citizen's mails. Everything in a token comes from its row: the same mail, sent again, carries the same. */

/** What a mail leads to besides following the request, where the citizen still may. */
const ALSO: Partial<Record<MailKind, readonly Action[]>> = {
  acknowledgement: ['citizen_reply', 'withdraw'],
  transferred_citizen: ['citizen_reply', 'withdraw'],
  taken_in_charge: ['citizen_reply', 'withdraw'],
  follow_link: ['citizen_reply', 'withdraw', 'reopen'],
  correction: ['citizen_reply', 'withdraw'],
  citizen_reminder: ['citizen_reply', 'withdraw'],
  message: ['citizen_reply'],
  reopened_citizen: ['citizen_reply'],
  decision: ['reopen'],
  answer: ['reopen'],
  dropped: ['reopen'],
  lapsed_citizen: ['reopen'],
  duplicate: ['reopen'],
  reoriented: ['reopen'],
  withdrawn_citizen: ['reopen'],
};

export function citizenLinks(
  ground: Ground,
  kind: MailKind,
  dossier: Dossier,
  to: Person,
  claims: LinkClaims,
  links: LinkSettings,
): MailView['links'] {
  const state = stateOfDossier(ground, dossier);
  const linkTo = (action: string) => ({ action, url: linkUrl('citizen', { ...claims, act: action }, links) });
  if (kind === 'confirm_address') return isNewcomer(state, to) ? [linkTo('confirm_address')] : [];
  // A mail to the address that the request had before leads nowhere.
  if (!mayFollow(state, to)) return [];
  const open = actionsOpenToCitizen(state, to, ground.config, ground.clock.now());
  const also = (ALSO[kind] ?? []).filter((action) => open.includes(action));
  return ['follow', ...also].map((action) => linkTo(action));
}

/** The request as the citizen has been told of it. */
export function toldRequest(ground: Ground, dossier: Dossier): Dossier['request'] {
  const { status, outcome, holder, statusSince } = asTold(stateOfDossier(ground, dossier));
  return { ...dossier.request, status, outcome, holder, statusSince };
}

/** The list of a citizen's requests, and the page that shows it. */
export async function ownRequests(
  ground: Ground,
  mail: ClaimedMail,
  links: LinkSettings,
): Promise<{ requests: OwnRequestView[]; links: MailView['links'] }> {
  const list = await findOwnList(ground, mail.id);
  const requests = (list?.requests ?? []).map(({ told, link }) => ({
    reference: told.reference,
    subject: told.subject,
    status: told.status,
    outcome: told.outcome === 'discarded' ? null : told.outcome,
    receivedAt: told.receivedAt,
    url: linkUrl('citizen', claimsOfLink(link, 'follow'), links),
  }));
  const [first] = list?.requests ?? [];
  if (first === undefined) return { requests, links: [] };
  const claims = { ...claimsOfLink(first.link, 'mine'), jti: mail.id };
  return { requests, links: [{ action: 'mine', url: linkUrl('mine', claims, links) }] };
}

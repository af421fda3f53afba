import { DESK, officeOf, type Person, type Town } from '../domain/people.ts';
import { listHeldEmails, type HeldEmail } from '../store/held-emails.ts';
import { isSharedMailbox } from './access.ts';
import { issueNonce } from './form-nonce.ts';
import type { HeldVisit } from './held-access.ts';
import { MAX_AGENT, MAX_REFERENCE, type HeldErrors, type HeldInput } from './held-form.ts';
import { linkPath } from './site.ts';

/** What the templates of the held mails' pages read: own properties, no bytes. */

/** Intake keeps as much; the rest is in the message itself, which can be downloaded. */
const MAX_TEXT = 20_000;
const MAX_OTHERS = 50;

export function emailView({ site, claims, notice, isAuthor, email }: HeldVisit) {
  const { text, files, deniedAt } = email.held;
  return {
    isAuthor,
    reason: email.verdict,
    from: senderIn(notice.facts, email) || email.fromAddress,
    subject: email.subject,
    receivedAt: email.receivedAt,
    size: email.size,
    text: text.slice(0, MAX_TEXT).toWellFormed(),
    isCut: text.length >= MAX_TEXT,
    files: files.map(({ fileName, size }) => ({ fileName, size })),
    deniedAt: deniedAt ?? null,
    suggestion: email.request && { reference: email.request.reference, subject: email.request.subject },
    rawPath: isAuthor ? null : `${linkPath('held', claims, 'view', site)}/raw`,
  };
}

/** The name beside the address is in the mail that told of it; a link to another held mail has only the address. */
function senderIn(facts: unknown, { id }: HeldEmail): string {
  const { from, inboundId } = facts as { from?: unknown; inboundId?: unknown };
  return inboundId === id && typeof from === 'string' ? from : '';
}

/** A new nonce each time it is shown. */
export function heldFormView({ site, claims, person }: HeldVisit, input: HeldInput, errors: HeldErrors) {
  const { town } = site.ground.config;
  const office = person.department ?? DESK;
  return {
    path: linkPath('held', claims, 'view', site),
    nonce: issueNonce(claims, claims.act, site, site.ground.clock.now()),
    input: { ...input, nonce: '' },
    errors,
    hasErrors: Object.keys(errors).length > 0,
    maxReference: MAX_REFERENCE,
    maxAgent: MAX_AGENT,
    asksAgent: isSharedMailbox(person, town),
    agents: town.agents.filter((agent) => agent.office === office).map(({ name }) => name),
  };
}

/** The other mails that wait, oldest first, each with its link for the same person. Only for whoever decides. */
export async function othersView({ site, claims, isAuthor, email }: HeldVisit) {
  if (isAuthor) return { count: 0, mails: [] };
  const { count, mails } = await listHeldEmails(site.ground.store.db, MAX_OTHERS + 1);
  const others = mails.filter(({ id }) => id !== email.id).slice(0, MAX_OTHERS);
  return {
    count: count - (email.state === 'held' ? 1 : 0),
    mails: others.map(({ id, subject, fromAddress, receivedAt, verdict }) => ({
      path: linkPath('held', { ...claims, rid: id }, 'view', site),
      subject,
      from: fromAddress,
      receivedAt,
      reason: verdict,
    })),
  };
}

export function personView(person: Person, town: Town) {
  return { name: person.name, address: person.address, role: person.role, office: officeName(person, town) };
}

/** Who decided, as people know them: an agent's name, else the office's. */
export function judgeName({ by, name }: { by: string; name: string }, town: Town): string {
  return name || officeOf(town, by.startsWith('department:') ? by.slice('department:'.length) : DESK).name;
}

function officeName(person: Person, town: Town): string {
  return person.role === 'supervisor' ? '' : officeOf(town, person.department ?? DESK).name;
}

import type { Act } from './decide.ts';
import type { MailFacts, PlannedMail } from './decision.ts';
import { localParts } from './local-time.ts';
import { maskAddress } from './mask-address.ts';
import { readMentions } from './mentions.ts';
import { DESK, personOfOffice, staffAt, supervisorsOf, type Person, type Town } from './people.ts';
import { citizenOf, isHeldBy, type RequestState } from './request.ts';
import type { Rulebook } from './rulebook.ts';
import { reopenableUntil } from './standing.ts';
import {
  REOPENINGS_BEFORE_ARBITRATION,
  SEND_BACKS_BEFORE_ARBITRATION,
  WORKFLOW,
  type Audience,
  type MailKind,
} from './workflow.ts';

/** Who is told of a decision, and what the mails know of it that the request does not. */

export function mailsOf(request: RequestState, act: Act, after: RequestState, rules: Rulebook): PlannedMail[] {
  const { town } = rules;
  const facts = factsOf(request, act, after, rules);
  const showsMessage = act.hasAttachments === true || SHOWS_MESSAGE.has(act.action);
  const rows: { kind: MailKind; to: Audience }[] = [...WORKFLOW[act.action].mails];
  if (needsArbitration(act, after)) rows.push({ kind: 'arbitration', to: 'supervisors' });
  const planned = rows
    .filter(({ to }) => to !== 'citizen' || act.told?.isTold !== false)
    .flatMap(({ kind, to }) =>
      audience(to, request, act, after, town)
        .filter((person) => isTold(person, kind, act.actor, town))
        .map((person) => ({ kind, to: person, facts, showsMessage: showsMessage && !TELLS_OF_ADDRESS.has(kind) })),
    );
  const named = mentionMails(act, facts, town);
  const others = planned.filter(({ kind, to }) => kind !== 'internal_message' || !isAmong(named, to));
  const all = [...others, ...named];
  return all.filter((mail, i) => all.findIndex((other) => isSameMail(mail, other)) === i);
}

/** Nobody is mailed what their own office did, and the town hall never writes to its own mailbox (a loop). */
export function isWorthMailing(person: Person, actor: Person, town: Town): boolean {
  const isOwnDoing = person.role === actor.role && person.department === actor.department;
  return isMailable(person, town) && !isOwnDoing;
}

const SHOWS_MESSAGE = new Set<Act['action']>([
  'message',
  'answer',
  'note',
  'citizen_reply',
  'third_party_message',
  'reopen',
]);

/** Read by whoever has an address, which may not be the citizen's any more, or not yet. */
const TELLS_OF_ADDRESS = new Set<MailKind>(['confirm_address', 'address_changed']);

/** Sent to whoever acted, on purpose: what they did by a link is echoed by mail. */
const ECHOES = new Set<MailKind>([
  'withdrawn_citizen',
  'reopened_citizen',
  'draft_saved',
  'confirm_address',
  'address_changed',
]);
/** Told to one person, whatever their office. */
const PERSONAL = new Set<MailKind>(['assignment', 'invitation', 'mention']);

function isTold(person: Person, kind: MailKind, actor: Person, town: Town): boolean {
  if (ECHOES.has(kind)) return isMailable(person, town);
  if (PERSONAL.has(kind)) return isMailable(person, town) && person.address !== actor.address;
  return isWorthMailing(person, actor, town);
}

function isMailable({ address }: Person, town: Town): boolean {
  return address !== '' && address !== town.mailbox;
}

/** Whoever is named reads the note there. */
function isAmong(mails: readonly PlannedMail[], { address }: Person): boolean {
  return mails.some(({ kind, to }) => kind === 'mention' && to.address === address);
}

function isSameMail(one: PlannedMail, other: PlannedMail): boolean {
  return one.kind === other.kind && one.to.address === other.to.address;
}

function needsArbitration({ action }: Act, after: RequestState): boolean {
  if (action === 'send_back') return after.reroutedCount >= SEND_BACKS_BEFORE_ARBITRATION;
  return action === 'reopen' && after.reopenedCount >= REOPENINGS_BEFORE_ARBITRATION;
}

function factsOf(request: RequestState, act: Act, after: RequestState, { town, schedule }: Rulebook): MailFacts {
  const { actor, told, original } = act;
  const until = reopenableUntil({ ...after, closedAt: after.statusSince }, { town, schedule });
  const facts = {
    action: act.action,
    comment: told?.replacesBody ? '' : act.comment,
    actorName: actor.name,
    actorRole: actor.role,
    actorDepartment: actor.department,
    holder: after.holder,
    previousHolder: request.holder,
    outcome: after.outcome,
    pieces: act.pieces?.join('\n'),
    dueOn: act.dueOn,
    indispensable: act.indispensable ? 'yes' : undefined,
    administration: act.administration,
    // Somebody else's number is not this citizen's to know.
    originalReference: original?.citizenAddress === request.citizenAddress ? original.reference : undefined,
    mailSubject: told?.subject,
    mailBody: told?.replacesBody ? act.comment : undefined,
    maskedAddress: act.action === 'confirm_address' ? maskAddress(after.citizenAddress) : undefined,
    reopenUntil: until === null ? undefined : localParts(until, town.timeZone).day,
  };
  const known = Object.entries(facts).filter(([key, value]) => key === 'comment' || (value ?? '') !== '');
  return Object.fromEntries(known) as MailFacts;
}

function audience(to: Audience, request: RequestState, act: Act, after: RequestState, town: Town): Person[] {
  switch (to) {
    case 'citizen':
      return [citizenOf(request)];
    case 'citizen_before':
      return request.citizenAddress === after.citizenAddress ? [] : [citizenOf(request)];
    case 'newcomer':
      return after.pendingAddress === '' || after.pendingAddress === request.pendingAddress
        ? []
        : [{ ...citizenOf(after), address: after.pendingAddress }];
    case 'desk':
      return [personOfOffice(town, DESK)];
    case 'holder':
      return holdersOf(after, town);
    case 'leaver':
      return request.holder === after.holder || request.holder === DESK ? [] : [personOfOffice(town, request.holder)];
    case 'colleague':
      return [personOfOffice(town, isHeldBy(after, act.actor) ? DESK : after.holder)];
    case 'chosen':
      return staffAt(town, (act.action === 'assign' ? act.agent : act.colleague) ?? '').slice(0, 1);
    case 'actor':
      return [act.actor];
    case 'supervisors':
      return supervisorsOf(town);
  }
}

/** The office that holds it, and the agent in charge at their own address. */
export function holdersOf({ holder, assignee }: Pick<RequestState, 'holder' | 'assignee'>, town: Town): Person[] {
  const office = personOfOffice(town, holder);
  const agent = staffAt(town, assignee ?? '').find(
    ({ role, department }) => role === office.role && department === office.department,
  );
  return agent === undefined || agent.address === office.address ? [office] : [office, agent];
}

/** Names that nobody bears are told to whoever wrote them, with those that come near. */
function mentionMails(act: Act, facts: MailFacts, town: Town): PlannedMail[] {
  if (act.action !== 'note') return [];
  const { found, unknown } = readMentions(act.comment, town);
  const named = found
    .filter((person) => isTold(person, 'mention', act.actor, town))
    .map((to) => ({ kind: 'mention' as const, to, facts, showsMessage: true }));
  if (unknown.length === 0 || !isMailable(act.actor, town)) return named;
  const near = [...new Set(unknown.flatMap((each) => each.near))].join('\n');
  const words = unknown.map(({ word }) => word).join('\n');
  const told = { ...facts, unknown: words, near };
  return [...named, { kind: 'mention_unknown', to: act.actor, facts: told, showsMessage: false }];
}

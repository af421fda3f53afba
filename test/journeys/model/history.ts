import type { Town } from '../../../src/domain/people.ts';
import { ECHOES, HAPPENINGS, mailsOfRow, moveOf, PERSONAL, TABLE, UNDO_MS, type Row, type Status } from './table.ts';

/** What the design says a request is after each event of its history, and whom each event must have told. */

export interface EventRow {
  id: string;
  requestId: string;
  reference: string;
  at: Date;
  action: string;
  actorRole: string;
  actorDepartment: string | null;
  actorName: string;
  actorAddress: string;
  statusBefore: Status | null;
  statusAfter: Status;
  holderBefore: string | null;
  holderAfter: string;
  outcome: string | null;
  comment: string;
  details: Record<string, string | number>;
  cause: string;
  /** Of its request, when it was read. */
  relatedReference: string | null;
  mails: MailRow[];
  messages: { kind: string }[];
}

export interface MailRow {
  kind: string;
  toRole: string;
  toAddress: string;
  state: string;
  sendAfter: Date | null;
  links: number;
  linkHoldingNo: number | null;
  messageKind: string | null;
  jobs: number;
}

/** A request as the design has it. */
export interface Told {
  id: string;
  reference: string;
  status: Status;
  outcome: string | null;
  holder: string;
  holdingNo: number;
  assignee: string | null;
  citizen: string;
  pending: string;
  guests: string[];
  frozen: boolean;
  labels: string;
  reroutedCount: number;
  reopenedCount: number;
  remindedCount: number;
  related: string | null;
  closedAt: Date | null;
  /** Who closed it, and what it was. */
  closing: { event: EventRow; was: Told } | null;
}

interface Person {
  role: string;
  department: string | null;
  address: string;
}

export class Violation extends Error {}

/** The request after this event. @throws Violation when the design has no such event here, or other mails for it */
export function follow(before: Told | undefined, event: EventRow, town: Town): Told {
  const row = rowOf(event);
  expectTrue(event, before === undefined ? event.action === 'receive' : event.action !== 'receive', 'opens once');
  const was = before ?? opened(event);
  if (before !== undefined) {
    expectEqual(event, 'status before', event.statusBefore, before.status);
    expectEqual(event, 'holder before', event.holderBefore, before.holder);
    checkActor(event, row, before);
  }
  const after = before === undefined ? was : stateAfter(event, row, before, town);
  expectEqual(event, 'status after', event.statusAfter, after.status);
  expectEqual(event, 'holder after', event.holderAfter, after.holder);
  expectEqual(event, 'outcome', event.outcome, after.outcome);
  expectTrue(event, (after.status === 'closed') === (after.outcome !== null), 'an outcome exactly when closed');
  expectTrue(event, after.holder === 'desk' || isDepartment(after.holder, town), 'the desk or one department holds it');
  expectTrue(
    event,
    /^(form|email|reminder|legal_alarm|wake|merge|delivery|bounce):./.test(event.cause),
    `cause ${event.cause}`,
  );
  checkMails(event, row, was, after, town);
  checkMessages(event, row);
  return after;
}

function rowOf(event: EventRow): Row {
  const isSystems =
    event.actorRole === 'system' || ['receive', 'duplicate_joined', 'automatic_mail'].includes(event.action);
  const row = (isSystems ? HAPPENINGS : TABLE)[event.action];
  if (row === undefined) throw new Violation(`${where(event)}: the design knows no such action of ${event.actorRole}`);
  return row;
}

function opened(event: EventRow): Told {
  return {
    id: event.requestId,
    reference: event.reference,
    status: 'new',
    outcome: null,
    holder: 'desk',
    holdingNo: 1,
    assignee: null,
    citizen: event.actorAddress,
    pending: '',
    guests: [],
    frozen: false,
    labels: '',
    reroutedCount: 0,
    reopenedCount: 0,
    remindedCount: 0,
    related: event.relatedReference,
    closedAt: null,
    closing: null,
  };
}

function checkActor(event: EventRow, row: Row, before: Told): void {
  const { actorRole, actorAddress } = event;
  const isStaff = ['desk', 'department', 'supervisor'].includes(actorRole);
  if (isStaff) expectTrue(event, actorAddress.endsWith('@plassans.fr'), 'an agent with an address');
  if (actorRole === 'citizen') {
    const expected = event.action === 'confirm_address' ? before.pending : before.citizen;
    expectEqual(event, 'citizen', actorAddress, expected);
  }
  expectTrue(event, mayAct(row, before, personOf(event)), `${actorRole} ${event.actorDepartment ?? ''} may`);
}

/** The column « who » of the table. */
export function mayAct(row: Row, request: Told, person: Person): boolean {
  const by = row.by.split(' ');
  const holds = isOffice(person, request.holder);
  if (by.includes('guest') && request.guests.includes(person.address)) return true;
  if (by.includes('holder') && holds) return true;
  return by.includes(person.role) && (person.role !== 'department' || holds);
}

function isOffice({ role, department }: Person, holder: string): boolean {
  return role === 'desk' ? holder === 'desk' : department === holder;
}

function stateAfter(event: EventRow, row: Row, before: Told, town: Town): Told {
  if (event.action === 'undo') return undone(event, before);
  const unassignedReply = event.action === 'citizen_reply' && before.assignee === null;
  const move = moveOf(row, before.status);
  if (move === null) throw new Violation(`${where(event)}: not from ${before.status}`);
  // What the desk writes to a citizen takes nothing up for the department that holds it.
  const isForAnother = event.action === 'message' && !isOffice(personOf(event), before.holder);
  const reached = unassignedReply && before.status === 'awaiting_citizen' ? 'new' : move;
  const status = isForAnother ? before.status : reached;
  const holder = row.holder === 'desk' ? 'desk' : row.holder === 'chosen' ? event.holderAfter : before.holder;
  const moved = holder !== before.holder;
  if (event.action === 'transfer') expectTrue(event, moved && isDepartment(holder, town), 'goes to another department');
  if (event.action === 'recall') expectTrue(event, before.holder !== 'desk', 'is recalled from a department');
  const closes = status === 'closed' && before.status !== 'closed';
  const changed = status !== before.status || moved;
  const after: Told = {
    ...before,
    status,
    holder,
    holdingNo: before.holdingNo + (moved ? 1 : 0),
    outcome: row.outcome ?? (status === 'closed' ? before.outcome : null),
    assignee: assigneeAfter(event, before, moved, town),
    reroutedCount: before.reroutedCount + (event.action === 'send_back' ? 1 : 0),
    reopenedCount: before.reopenedCount + (event.action === 'reopen' ? 1 : 0),
    remindedCount: event.action === 'reminder' ? before.remindedCount + 1 : changed ? 0 : before.remindedCount,
    closedAt: status !== 'closed' ? null : closes ? event.at : before.closedAt,
    closing:
      closes && STAFF.includes(event.actorRole) ? { event, was: before } : status === 'closed' ? before.closing : null,
  };
  return { ...after, ...kept(event, before, town) };
}

const STAFF = ['desk', 'department', 'supervisor'];

function undone(event: EventRow, before: Told): Told {
  const { closing } = before;
  if (closing === null || before.status !== 'closed') throw new Violation(`${where(event)}: nothing to undo`);
  const by = closing.event;
  expectEqual(event, 'undone by', keyOf(personOf(event)), keyOf(personOf(by)));
  expectTrue(event, event.at.getTime() < by.at.getTime() + UNDO_MS, 'within the window');
  expectEqual(event, 'undoes', event.details['undoes'], by.id);
  const { status, holder, holdingNo, assignee, remindedCount, related } = closing.was;
  const stood = { status, holder, holdingNo, assignee, remindedCount, related };
  return { ...before, ...stood, outcome: null, closedAt: null, closing: null };
}

function assigneeAfter(event: EventRow, before: Told, moved: boolean, town: Town): string | null {
  if (event.action === 'assign') return String(event.details['agent']);
  if (event.action === 'take_charge' || (event.action === 'draft' && before.assignee === null)) {
    const office = event.actorDepartment ?? 'desk';
    const agent = town.agents.find((each) => each.office === office && each.name === event.actorName);
    return agent?.address ?? event.actorAddress;
  }
  return moved ? null : before.assignee;
}

function kept(event: EventRow, before: Told, town: Town): Partial<Told> {
  const { action, details } = event;
  switch (action) {
    case 'share':
      return { guests: [...before.guests, String(details['colleague'])] };
    case 'unshare':
      return { guests: before.guests.filter((guest) => guest !== details['guest']) };
    case 'freeze':
    case 'unfreeze':
      return { frozen: action === 'freeze' };
    case 'note': {
      const called = calledIn(event.comment, town).filter((agent) => !sees(before, agent));
      return { guests: [...before.guests, ...called.map(({ address }) => address)] };
    }
    case 'merge':
      return { related: String(details['original']) };
    case 'label':
      return { labels: String(details['labels'] ?? '') };
    case 'confirm_address':
      return { citizen: before.pending, pending: '' };
    case 'edit':
      return edited(event, before);
    default:
      return {};
  }
}

function edited(event: EventRow, before: Told): Partial<Told> {
  const edits = JSON.parse(String(event.details['edits'] ?? '[]')) as { field: string; after: string }[];
  const address = edits.find(({ field }) => field === 'citizenAddress')?.after;
  if (address === undefined) return {};
  return address === '' ? { citizen: '', pending: '' } : { citizen: before.citizen, pending: address };
}

/** « @Prénom Nom », as the sequences write it. */
function calledIn(text: string, town: Town): (Person & { address: string })[] {
  return town.agents
    .filter(({ name }) => text.includes(`@${name}`))
    .map(({ office, address }) => ({
      role: office === 'desk' ? 'desk' : 'department',
      department: office === 'desk' ? null : office,
      address,
    }));
}

export function sees(request: Told, person: Person): boolean {
  const holds = person.role === 'department' && person.department === request.holder;
  return person.role === 'desk' || person.role === 'supervisor' || holds || request.guests.includes(person.address);
}

/** None missing, none twice, none besides; each with one link of this holding, one job, and the wait of its decision. */
function checkMails(event: EventRow, row: Row, before: Told, after: Told, town: Town): void {
  const expected = [...new Set(expectedMails(event, row, before, after, town))].toSorted();
  const written = event.mails.map(({ kind, toAddress }) => `${kind}>${toAddress}`).toSorted();
  expectEqual(event, 'mails', written.join(' '), expected.join(' '));
  const waits = before.status !== 'closed' && after.status === 'closed' && STAFF.includes(event.actorRole);
  for (const mail of event.mails) {
    const until = waits && mail.kind !== 'receipt' ? event.at.getTime() + UNDO_MS : null;
    expectEqual(event, `${mail.kind} waits until`, mail.sendAfter?.getTime() ?? null, until);
    // The address that a citizen has no more gets no way in.
    const isTheirs = mail.toRole !== 'citizen' || [after.citizen, after.pending].includes(mail.toAddress);
    expectEqual(event, `links of ${mail.kind}`, mail.links, isTheirs ? 1 : 0);
    if (isTheirs) expectEqual(event, `holding of ${mail.kind}`, mail.linkHoldingNo, after.holdingNo);
    expectEqual(event, `jobs of ${mail.kind}`, mail.jobs, mail.sendAfter === null ? 1 : 0);
    expectTrue(event, mail.toRole !== 'citizen' || mail.messageKind !== 'note', `${mail.kind} carries no note`);
  }
}

function expectedMails(event: EventRow, row: Row, before: Told, after: Told, town: Town): string[] {
  if (event.cause.endsWith(':note')) return [];
  const actor = personOf(event);
  const rows = mailsOfRow(row).filter(({ to }) => to !== 'citizen' || event.details['told'] !== 'no');
  if (event.action === 'send_back' && after.reroutedCount >= 2) rows.push({ kind: 'arbitration', to: 'supervisors' });
  if (event.action === 'reopen' && after.reopenedCount >= 2) rows.push({ kind: 'arbitration', to: 'supervisors' });
  if (event.action === 'legal_alarm' && Number(event.details['daysLeft']) <= 2) {
    rows.push({ kind: 'legal_alarm', to: 'supervisors' });
  }
  const called = event.action === 'note' ? calledIn(event.comment, town) : [];
  const mails = rows.flatMap(({ kind, to }) =>
    recipients(to, event, before, after, town)
      .filter((person) => isTold(person, kind, actor))
      .filter((person) => kind !== 'internal_message' || !called.some(({ address }) => address === person.address))
      .map(({ address }) => `${kind}>${address}`),
  );
  for (const person of called) if (isTold(person, 'mention', actor)) mails.push(`mention>${person.address}`);
  if (event.action === 'note' && event.comment.includes(NOBODY)) mails.push(`mention_unknown>${actor.address}`);
  const closes = before.status !== 'closed' && after.status === 'closed';
  if (closes && STAFF.includes(actor.role)) mails.push(`receipt>${actor.address}`);
  return mails;
}

/** A name that nobody bears. */
export const NOBODY = '@Zéphyrin';

function isTold(person: Person, kind: string, actor: Person): boolean {
  if (person.address === '' || person.address === 'mairie@plassans.fr') return false;
  if (ECHOES.includes(kind)) return true;
  if (PERSONAL.includes(kind)) return person.address !== actor.address;
  // What a citizen opens is acknowledged; otherwise nobody is told what their own office did.
  if (kind === 'acknowledgement') return true;
  return person.role !== actor.role || person.department !== actor.department;
}

function recipients(to: string, event: EventRow, before: Told, after: Told, town: Town): Person[] {
  const citizen = { role: 'citizen', department: null, address: before.citizen };
  switch (to) {
    case 'citizen':
      return [citizen];
    case 'citizen_gone':
      return before.citizen !== '' && after.citizen === '' ? [citizen] : [];
    case 'newcomer':
      return after.pending === '' || after.pending === before.pending ? [] : [{ ...citizen, address: after.pending }];
    case 'desk':
      return [office('desk', town)];
    case 'holder':
      return holders(after, town);
    case 'leaver':
      return before.holder === 'desk' || before.holder === after.holder ? [] : [office(before.holder, town)];
    case 'colleague':
      return [office(isOffice(personOf(event), after.holder) ? 'desk' : after.holder, town)];
    case 'chosen':
      return [whose(String(event.details[event.action === 'assign' ? 'agent' : 'colleague']), town)];
    case 'actor':
      return [personOf(event)];
    case 'supervisors':
      return town.supervisors.map(({ address }) => ({ role: 'supervisor', department: null, address }));
    default:
      throw new Violation(`no audience ${to}`);
  }
}

/** The agent in charge reads it at their own address too. */
function holders({ holder, assignee }: Told, town: Town): Person[] {
  const own = town.agents.some((agent) => agent.address === assignee && agent.office === holder);
  return own ? [office(holder, town), whose(String(assignee), town)] : [office(holder, town)];
}

function office(holder: string, town: Town): Person {
  const department = town.departments.find(({ id }) => id === holder);
  return department === undefined
    ? { role: 'desk', department: null, address: town.desk.address }
    : { role: 'department', department: department.id, address: department.address };
}

function whose(address: string, town: Town): Person {
  const agent = town.agents.find((each) => each.address === address);
  const department = agent?.office ?? town.departments.find((each) => each.address === address)?.id ?? 'desk';
  return { ...office(department, town), address };
}

function checkMessages(event: EventRow, row: Row): void {
  const kinds = event.messages.map(({ kind }) => kind);
  expectTrue(event, kinds.length <= 1, 'one message at most');
  if (event.action === 'automatic_mail') expectEqual(event, 'message', kinds.join(), 'automatic');
  else if (row.message !== undefined) expectEqual(event, 'message', kinds.join(), row.message);
  else if (event.action === 'reopen')
    expectEqual(event, 'message', kinds.join(), event.actorRole === 'citizen' ? 'inbound' : '');
  // The pieces that come with a citizen's « oui » are theirs.
  else expectEqual(event, 'message', kinds.join(), event.actorRole === 'citizen' && kinds.length > 0 ? 'inbound' : '');
}

function personOf({ actorRole, actorDepartment, actorAddress }: EventRow): Person {
  return { role: actorRole, department: actorDepartment, address: actorAddress };
}

function keyOf({ role, department, address }: Person): string {
  return `${role}:${department ?? ''}:${address}`;
}

function isDepartment(id: string, town: Town): boolean {
  return town.departments.some((department) => department.id === id);
}

function expectTrue(event: EventRow, holds: boolean, what: string): void {
  if (!holds) throw new Violation(`${where(event)}: not so: ${what}`);
}

function expectEqual(event: EventRow, what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Violation(`${where(event)}: ${what} is ${String(found)}, not ${String(expected)}`);
}

function where({ reference, action, actorRole, cause }: EventRow): string {
  return `${reference} ${action} by ${actorRole} (${cause})`;
}

import type { Territory } from './calendar.ts';

/** Who takes part: a person as the workflow sees them, and the town as its config describes it. */

export type Role = 'citizen' | 'desk' | 'department' | 'supervisor' | 'third_party' | 'system';

/** `desk`, or a department's id. */
export type HolderId = string;
export const DESK: HolderId = 'desk';

export interface Person {
  role: Role;
  /** A department's id when the role is `department`, else null. */
  department: string | null;
  name: string;
  /** Lower-case address, or '' when there is none (the system, a citizen without an address). */
  address: string;
}

export const SYSTEM: Person = { role: 'system', department: null, name: '', address: '' };

export interface Office {
  name: string;
  address: string;
  phone: string;
  postalAddress: string;
  /** Whether the pieces of a request travel inside its mails, or only as links. */
  pieces: 'attached' | 'links';
  /** Who answers for it: named where a decision was taken in the office's name alone (CRPA L212-1). */
  head: { name: string; title: string; address?: string | undefined };
  reminders?: Preference;
}

/** One mail for each reminder, or all that is late in the morning's basket. */
export const PREFERENCES = ['each', 'digest'] as const;
/** Absent: one mail for each. */
export type Preference = (typeof PREFERENCES)[number] | undefined;

export interface Department extends Office {
  id: string;
}

export interface Agent {
  name: string;
  address: string;
  /** `desk` or a department's id. */
  office: HolderId;
  /** In what capacity they act: « responsable de la voirie ». */
  title?: string | undefined;
  reminders?: Preference;
}

export interface Town {
  name: string;
  timeZone: string;
  /** Days when the town hall is closed besides week-ends and public holidays: YYYY-MM-DD. */
  closures: readonly string[];
  /** Whose public holidays are kept. */
  territory: Territory;
  /** The address citizens write to, and that every mail comes from. */
  mailbox: string;
  desk: Office;
  departments: readonly Department[];
  agents: readonly Agent[];
  supervisors: readonly { name: string; address: string; reminders?: Preference }[];
  /** Who looks after Guichet itself. */
  administrator?: { name: string; address: string } | undefined;
  /** The administrative court that a citizen may turn to. */
  court: { name: string; postalAddress: string };
  /** Whom citizens write to about their personal data. */
  dataProtectionOfficer: { name: string; address: string };
  /** The language of the mails to a citizen of whom nothing else is known. */
  citizenLanguage: Language;
}

/** The languages that mails to citizens are written in; agents read French. */
export const LANGUAGES = ['fr', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export function departmentOf(town: Town, id: string | null): Department | undefined {
  return town.departments.find((department) => department.id === id);
}

/** The office that holds a request: the desk, or a department. A department gone from the config falls back to the desk. */
export function officeOf(town: Town, holder: HolderId): Office {
  return departmentOf(town, holder) ?? town.desk;
}

/** The person behind an office's shared mailbox. */
export function personOfOffice(town: Town, holder: HolderId): Person {
  const department = departmentOf(town, holder);
  return department === undefined
    ? { role: 'desk', department: null, name: town.desk.name, address: town.desk.address }
    : { role: 'department', department: department.id, name: department.name, address: department.address };
}

export function supervisorsOf(town: Town): Person[] {
  return town.supervisors.map(({ name, address }) => ({ role: 'supervisor', department: null, name, address }));
}

/** Who is told about Guichet itself: the administrator, else the supervisors. */
export function administratorsOf(town: Town): Person[] {
  const { administrator } = town;
  if (administrator === undefined) return supervisorsOf(town);
  return [{ role: 'supervisor', department: null, ...administrator }];
}

/** Who answers for an office, at their own address; null when the config has none. */
export function headOf(town: Town, holder: HolderId): Person | null {
  const { name, address } = officeOf(town, holder).head;
  return address === undefined ? null : { ...personOfOffice(town, holder), name, address };
}

export function prefersDigest(town: Town, { address }: Pick<Person, 'address'>): boolean {
  const everybody = [town.desk, ...town.departments, ...town.agents, ...town.supervisors];
  return everybody.some((each) => each.address === address && each.reminders === 'digest');
}

/** Who signs an act: the agent who was named, else whoever answers for the office (CRPA L111-2, L212-1). */
export interface Author {
  name: string;
  title: string;
  isNamed: boolean;
}

/** `name` is the office's own when nobody was named. */
export function authorOf(town: Town, holder: HolderId, name: string): Author {
  const office = officeOf(town, holder);
  if (name === '' || name === office.name) return { ...office.head, isNamed: false };
  const agent = town.agents.find((each) => each.office === holder && each.name === name);
  const isHead = office.head.name === name;
  return { name, title: agent?.title ?? (isHead ? office.head.title : ''), isNamed: true };
}

/** Everyone of the town hall whose address this is; empty for a citizen or a stranger. */
export function staffAt(town: Town, address: string): Person[] {
  const offices = [DESK, ...town.departments.map(({ id }) => id)].map((holder) => personOfOffice(town, holder));
  const agents = town.agents.map((agent) => ({
    ...personOfOffice(town, agent.office),
    name: agent.name,
    address: agent.address,
  }));
  const heads = [DESK, ...town.departments.map(({ id }) => id)].flatMap((holder) => headOf(town, holder) ?? []);
  return [...offices, ...agents, ...heads, ...supervisorsOf(town)].filter((person) => person.address === address);
}

export function isStaff(role: Role): boolean {
  return role === 'desk' || role === 'department' || role === 'supervisor';
}

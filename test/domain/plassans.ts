import type { Category } from '../../src/domain/category.ts';
import type { Act } from '../../src/domain/decide.ts';
import { SYSTEM, type Person, type Town } from '../../src/domain/people.ts';
import type { Closing, RequestState } from '../../src/domain/request.ts';
import type { Lists, Rulebook } from '../../src/domain/rulebook.ts';
import type { Schedule } from '../../src/domain/schedule.ts';

/** The town of the sample config, as the rules see it, and the people who act in it. */

const office = {
  phone: '04 42 00 00 10',
  postalAddress: '1 place de la Mairie, 13100 Plassans',
  pieces: 'links',
  head: { name: 'Silvère Mouret', title: 'responsable' },
} as const;

export function aTown(changes: Partial<Town> = {}): Town {
  return {
    name: 'Mairie de Plassans',
    timeZone: 'Europe/Paris',
    closures: [],
    territory: 'metropole',
    mailbox: 'mairie@plassans.fr',
    desk: { ...office, name: 'Accueil', address: 'accueil@plassans.fr' },
    departments: [
      { ...office, id: 'voirie', name: 'Voirie', address: 'voirie@plassans.fr' },
      { ...office, id: 'urbanisme', name: 'Urbanisme', address: 'urbanisme@plassans.fr' },
    ],
    agents: [
      { name: 'Jeanne Martin', address: 'j.martin@plassans.fr', office: 'voirie' },
      { name: 'Paul Roux', address: 'p.roux@plassans.fr', office: 'urbanisme' },
      { name: 'Lucie Blanc', address: 'l.blanc@plassans.fr', office: 'desk' },
    ],
    supervisors: [{ name: 'Direction générale', address: 'dgs@plassans.fr' }],
    court: { name: 'Tribunal administratif de Marseille', postalAddress: '31 rue Leca, 13002 Marseille' },
    dataProtectionOfficer: { name: 'Délégué à la protection des données', address: 'dpo@plassans.fr' },
    citizenLanguage: 'fr',
    ...changes,
  };
}

export function aSchedule(changes: Partial<Schedule> = {}): Schedule {
  const twoDays = { amount: 2, unit: 'working_days' } as const;
  return {
    remindersAt: '09:00',
    officeHours: { from: '08:00', to: '18:00' },
    notTakenUp: { after: { amount: 3, unit: 'working_days' }, every: twoDays, atMost: 5 },
    notClosed: { after: { amount: 10, unit: 'working_days' }, every: twoDays, atMost: 4 },
    alarmDays: [30, 10, 2],
    awaitingCitizen: { after: twoDays, every: twoDays, atMost: 0, andThen: 'nothing' },
    overrides: [],
    linkDays: 14,
    citizenLinkDays: 400,
    reopenDays: 30,
    undoSeconds: 60,
    ...changes,
  };
}

export const LISTS: Lists = {
  reasons: { hold: ['Avis attendu'] },
  milestones: ['Appel téléphonique', 'Visite sur place'],
  labels: ['urgent', 'école'],
  administrations: ['Préfecture'],
  replies: [],
  commentsRequired: [],
};

export function someRules(changes: Partial<Rulebook> = {}): Rulebook {
  return {
    town: aTown(),
    schedule: aSchedule(),
    categories: [CHAUSSEE, ACTES],
    ordinary: { regime: 'rejection', silenceMonths: 2, legalBasis: '' },
    lists: LISTS,
    retention: { ordinary: { keep: null, archive: 'none' }, categories: {}, noticeDays: 30 },
    ...changes,
  };
}

const CHAUSSEE: Category = {
  id: 'chaussee',
  name: 'Chaussée et trottoirs',
  department: 'voirie',
  keywords: ['trou'],
  fields: [{ id: 'lieu', name: 'Lieu exact', kind: 'text' }],
  pieces: [],
  procedure: { regime: 'information', silenceMonths: 2, legalBasis: '' },
};

const ACTES: Category = {
  id: 'actes',
  name: 'Actes d’état civil',
  department: 'etat-civil',
  keywords: ['acte de naissance'],
  fields: [
    { id: 'acte', name: 'Type d’acte', kind: 'choice', choices: ['naissance', 'mariage'] },
    { id: 'date', name: 'Date de l’acte', kind: 'date' },
  ],
  pieces: ['Justificatif d’identité'],
  procedure: { regime: 'rejection', silenceMonths: 2, legalBasis: '' },
};

export const NOW = new Date('2026-04-09T10:00:00+02:00');

export function aRequest(changes: Partial<RequestState> = {}): RequestState {
  const receivedAt = new Date('2026-04-07T10:00:00+02:00');
  return {
    reference: '2026-000021',
    status: 'new',
    outcome: null,
    holder: 'desk',
    holdingNo: 1,
    assignee: null,
    citizenName: 'Nora Lemaire',
    citizenAddress: 'nora@example.org',
    citizenPhone: '',
    citizenPostalAddress: '',
    citizenOrganisation: '',
    citizenLanguage: '',
    pendingAddress: '',
    subject: 'Nid-de-poule rue des Lilas',
    category: null,
    origin: 'email',
    details: {},
    pieces: [],
    labels: [],
    sharedWith: [],
    receivedAt,
    statusSince: receivedAt,
    clockSince: null,
    suspensions: [],
    alarmedAt: null,
    closedAt: null,
    waitUntil: null,
    waitReason: '',
    lapsesAt: null,
    remindedCount: 0,
    remindedAt: null,
    reroutedCount: 0,
    reopenedCount: 0,
    undeliverable: false,
    draft: null,
    relatedReference: null,
    frozenAt: null,
    frozenReason: '',
    deletionNoticeAt: null,
    anonymisedAt: null,
    closing: null,
    ...changes,
  };
}

/** In charge of an agent for a day, reminded once; then this person closed it. */
export function aClosing(by: Person): Closing {
  const was = {
    status: 'in_progress',
    holder: by.department ?? 'desk',
    holdingNo: 1,
    assignee: 'j.martin@plassans.fr',
    waitUntil: null,
    waitReason: '',
    lapsesAt: null,
    statusSince: new Date('2026-04-08T10:00:00+02:00'),
    remindedCount: 1,
    remindedAt: new Date('2026-04-09T09:00:00+02:00'),
    draft: null,
    relatedReference: null,
  } as const;
  return { eventId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b', by, was };
}

export const DESK_PERSON = person('desk', null, 'Accueil', 'accueil@plassans.fr');
export const VOIRIE = person('department', 'voirie', 'Voirie', 'voirie@plassans.fr');
export const URBANISME = person('department', 'urbanisme', 'Urbanisme', 'urbanisme@plassans.fr');
export const SUPERVISOR = person('supervisor', null, 'Direction générale', 'dgs@plassans.fr');
/** Colleagues at their own address. */
export const JEANNE = person('department', 'voirie', 'Jeanne Martin', 'j.martin@plassans.fr');
export const PAUL = person('department', 'urbanisme', 'Paul Roux', 'p.roux@plassans.fr');
export const LUCIE = person('desk', null, 'Lucie Blanc', 'l.blanc@plassans.fr');
export const NORA = person('citizen', null, 'Nora Lemaire', 'nora@example.org');
export const NEIGHBOUR = person('third_party', null, 'Un voisin', 'voisin@example.org');

export const EVERYBODY = [DESK_PERSON, VOIRIE, URBANISME, SUPERVISOR, NORA, NEIGHBOUR, SYSTEM];

export function anAct(action: Act['action'], actor: Person, changes: Partial<Act> = {}): Act {
  return { action, actor, comment: 'Parce que.', department: 'urbanisme', ...changes };
}

function person(role: Person['role'], department: string | null, name: string, address: string): Person {
  return { role, department, name, address };
}

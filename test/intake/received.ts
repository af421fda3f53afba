import type { Person } from '../../src/domain/people.ts';
import type { ReceivedEmail } from '../../src/domain/received-email.ts';
import type { Clues, Trace } from '../../src/domain/routing.ts';

/** What the parser leaves of a mail, and what is known about it, with ordinary values wherever a test says nothing. */

export const NORAS = 'nora@example.org';

export function aReceivedEmail(fields: Partial<ReceivedEmail> = {}): ReceivedEmail {
  return {
    messageId: '<a@example.org>',
    inReplyTo: [],
    references: [],
    from: [{ name: 'Nora Lemaire', address: NORAS }],
    replyTo: [],
    recipients: ['mairie@plassans.fr'],
    subject: 'Nid-de-poule',
    text: 'Bonjour',
    headers: new Map(),
    doubledFields: [],
    ...fields,
  };
}

export function withHeaders(headers: Record<string, string>): Partial<ReceivedEmail> {
  return { headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])) };
}

export function someClues(clues: Partial<Clues> = {}): Clues {
  return {
    ruling: null,
    ruledTrace: null,
    robot: null,
    bounced: null,
    bouncedFor: null,
    byDamagedAddress: [],
    answersUnplaced: false,
    proof: 'none',
    needsProof: false,
    isForward: false,
    hasForwarded: false,
    throughForm: false,
    isOurs: false,
    isDuplicate: false,
    byAddress: [],
    byMessageId: [],
    bySubject: [],
    staff: [],
    openedToday: 0,
    isRepeated: false,
    recently: new Map(),
    ...clues,
  };
}

export function aTrace(requestId: string, owners: readonly Person[] = []): Trace {
  return { requestId, reference: '2026-000021', citizenAddress: NORAS, owners, isToColleagues: false };
}

export const PEOPLE = {
  nora: { role: 'citizen', department: null, name: 'Nora Lemaire', address: NORAS },
  desk: { role: 'desk', department: null, name: 'Accueil', address: 'accueil@plassans.fr' },
  voirie: { role: 'department', department: 'voirie', name: 'Voirie', address: 'voirie@plassans.fr' },
  jeanne: { role: 'department', department: 'voirie', name: 'Jeanne Martin', address: 'j.martin@plassans.fr' },
  urbanisme: { role: 'department', department: 'urbanisme', name: 'Urbanisme', address: 'urbanisme@plassans.fr' },
  supervisor: { role: 'supervisor', department: null, name: 'DGS', address: 'dgs@plassans.fr' },
} as const satisfies Record<string, Person>;

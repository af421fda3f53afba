import type { Role } from '../../src/domain/people.ts';
import { type Command, readCommand } from '../../src/domain/reply-command.ts';
import { aTown } from './plassans.ts';

/** A town where names are hard to tell apart, and what a first line is there. */

export const OFFICES = [
  { id: 'voirie', name: 'Voirie' },
  { id: 'urbanisme', name: 'Urbanisme' },
  { id: 'etat-civil', name: 'État civil' },
  { id: 'ev', name: 'Espaces verts et propreté' },
  { id: 'sports', name: 'Service des sports' },
];

export const OFFICE = {
  address: '',
  phone: '',
  postalAddress: '',
  pieces: 'links',
  head: { name: 'Silvère Mouret', title: 'responsable' },
} as const;
const TOWN = aTown({
  departments: OFFICES.map((office) => ({ ...OFFICE, ...office, address: `${office.id}@plassans.fr` })),
  agents: [
    { name: 'Jeanne Martin', address: 'j.martin@plassans.fr', office: 'voirie' },
    { name: 'Luc Martin', address: 'l.martin@plassans.fr', office: 'sports' },
    { name: 'Paul Dupont', address: 'p.dupont@plassans.fr', office: 'urbanisme' },
    { name: 'Marie-Anne Le Goff', address: 'ma.legoff@plassans.fr', office: 'desk' },
    { name: 'Claire Petit', address: 'c.petit@plassans.fr', office: 'voirie' },
    { name: 'Claire Petit', address: 'c.petit2@plassans.fr', office: 'sports' },
  ],
});
const MILESTONES = [
  'Appel téléphonique',
  'Visite sur place',
  'Courrier envoyé',
  'Avis reçu',
  'Travaux commandés',
  'Travaux terminés',
];
export const TODAY = '2026-04-09';

export function read(text: string, role: Role = 'desk', town = TOWN): Command {
  return readCommand(text, role, { town, lists: { milestones: MILESTONES } }, TODAY);
}

/** The first line as other programs and other people write it; signatures below are told by their capitals. */
export function otherwiseWritten(text: string): string[] {
  const [first = '', ...rest] = text.split('\n');
  const changes: ((line: string) => string)[] = [
    (line) => line.toUpperCase(),
    (line) => line.toLowerCase(),
    (line) => line.normalize('NFD'),
    (line) => line.normalize('NFD').replaceAll(/\p{M}/gu, ''),
    (line) => line.replaceAll(' ', '\u00a0'),
    (line) => line.replaceAll("'", '’'),
    (line) => `  ${line}\u202f`,
  ];
  return changes.map((change) => [change(first), ...rest].join('\n'));
}

/** What is done, whatever its words. */
export function outcomeOf(command: Command): unknown {
  if (command.kind === 'act') return [command.action, command.choices];
  return command.kind === 'unclear' ? [command.kind, command.suggestions] : command.kind;
}

import { authorOf, departmentOf, DESK } from '../domain/people.ts';
import type { Dossier } from '../store/dossiers.ts';
import { fillPlain, label } from '../template.ts';
import { dossierView } from './dossier-view.ts';
import { actorOffice, eventView } from './event-view.ts';
import { dossierPdf } from './pdf-dossier.ts';
import { letterPdf } from './pdf-letter.ts';
import { openForReading } from './show-dossier.ts';
import { messagePage, type Answer, type Site } from './site.ts';

/** What leaves on paper: the whole dossier, or a letter to a citizen who has no address. Reads only. */

const PDF = 'application/pdf';

export async function printDossier(site: Site, token: string): Promise<Answer> {
  const opened = await openForReading(site, token);
  if (!opened.ok) return opened.answer;
  const { claims, bearer, dossier } = opened;
  const { town } = site.ground.config;
  const view = dossierView(site, claims, bearer.person, dossier, true);
  const bytes = await dossierPdf({
    ...view,
    timeZone: town.timeZone,
    town: { name: town.name, postalAddress: town.desk.postalAddress, phone: town.desk.phone },
    messages: view.messages.filter(({ isUndone, isDecision }) => !isUndone && !isDecision),
    events: view.events.map(({ edits, ...event }) => ({ ...event, changes: edits })),
  });
  return { kind: 'file', fileName: `demande-${dossier.request.reference}.pdf`, contentType: PDF, bytes };
}

/** `eventId`: what the citizen is told of. */
export async function printLetter(site: Site, token: string, eventId: string): Promise<Answer> {
  const opened = await openForReading(site, token);
  if (!opened.ok) return opened.answer;
  const { dossier } = opened;
  const { config, clock } = site.ground;
  const event = dossier.events.find(({ id }) => id === eventId);
  const view = event && eventView(event, dossier.request, config);
  if (event === undefined || !view?.isForCitizen) return messagePage(404, 'unknown');
  const { town } = config;
  const { request } = dossier;
  const office = departmentOf(town, event.actorDepartment) ?? town.desk;
  const bytes = await letterPdf({
    timeZone: town.timeZone,
    now: clock.now(),
    sender: { town: town.name, office: office.name, postalAddress: office.postalAddress, phone: office.phone },
    recipient: { name: request.citizenName, postalAddress: request.citizenPostalAddress },
    place: '',
    request: { reference: request.reference, subject: request.subject },
    body: letterBody(event, dossier, site),
    signature: signatureOf(event, site),
  });
  return { kind: 'file', fileName: `courrier-${request.reference}.pdf`, contentType: PDF, bytes };
}

function letterBody(event: Dossier['events'][number], { request }: Dossier, { ground }: Site): string {
  const { town, ownTemplates } = ground.config;
  const details = event.details as Record<string, unknown>;
  return fillPlain('pages/_letter.txt', { event, details, request, town }, town.timeZone, ownTemplates).trim();
}

function signatureOf(event: Dossier['events'][number], { ground }: Site) {
  const { town } = ground.config;
  const office = actorOffice({ role: event.actorRole, department: event.actorDepartment }, town);
  if (office === '') return { name: event.actorName, capacity: label('roles', event.actorRole), office };
  const { name, title } = authorOf(town, event.actorDepartment ?? DESK, event.actorName);
  return { name, capacity: title, office };
}

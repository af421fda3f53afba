import { recordAutomatic } from '../../src/domain/occurrences.ts';
import { decideOn } from '../../src/store/decide-on.ts';
import { newId } from '../../src/store/ids.ts';
import { actAndFollow, actWithFiles, linkOf, openRequest, PNG, type TestTown } from './town.ts';

/** Requests in the states that a page can find them in. */

const HOLE = {
  subject: 'Nid-de-poule dangereux devant le 12, rue des Lilas',
  text: 'Bonjour,\n\nUn trou profond s’est ouvert devant le 12, rue des Lilas. Mon fils est tombé de vélo hier soir.\nVoir aussi https://exemple.fr/photos\n\nPouvez-vous intervenir rapidement ?\n\nZoé Dupont\n06 00 00 00 00',
  elided: '> Le 3 avril, la mairie a écrit :\n> Nous passerons.',
};

export async function requestAtVoirie(town: TestTown, written: Parameters<typeof openRequest>[1] = {}) {
  const id = await openRequest(town, written);
  await actAndFollow(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment: 'Pour vous' });
  return id;
}

export async function requestInProgress(town: TestTown, written: Parameters<typeof openRequest>[1] = {}) {
  const id = await requestAtVoirie(town, written);
  const path = await linkOf(town, id, 'department:voirie', 'take_charge');
  await actAndFollow(town, path, written.address === '' ? { confirm: 'yes' } : { told: 'no' });
  return id;
}

export async function requestOnHold(town: TestTown) {
  const id = await requestInProgress(town);
  const reason = { reason: "Intervention d'une entreprise attendue" };
  await actAndFollow(town, await linkOf(town, id, 'department:voirie', 'hold'), reason);
  return id;
}

export async function closedRequest(town: TestTown) {
  const id = await openRequest(town);
  await actAndFollow(town, await linkOf(town, id, 'desk', 'drop'), { told: 'no', comment: 'Sans objet' });
  town.advance(town.ground.config.schedule.undoSeconds * 1_000);
  return id;
}

/** Everything that a dossier can show has happened to it. */
export async function longRequest(town: TestTown): Promise<string> {
  const { ground } = town;
  const pdf = 'Constat amiable – vélo – rue des Lilas – 20 novembre 2026.pdf';
  const id = await openRequest(town, {
    ...HOLE,
    files: [
      { fileName: 'photo du trou.png', contentType: 'image/png', content: PNG },
      { fileName: pdf, contentType: 'application/pdf', content: Buffer.from('%PDF-1.7\n'.padEnd(240_000)) },
    ],
  });
  const comment = 'Un accident a déjà eu lieu : merci de sécuriser avant ce soir.';
  await actAndFollow(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment });
  const agent = 'Jeanne Martin';
  const step = async (action: string, fields: Record<string, string>) =>
    actAndFollow(town, await linkOf(town, id, 'department:voirie', action), { agent, ...fields });
  await step('take_charge', { told: 'no' });
  await step('note', { comment: 'Vu sur place : 40 cm de large, 15 cm de profondeur.' });
  await step('message', { comment: 'Bonjour,\n\nUne équipe pose des barrières dans l’heure.' });
  const citizen = { role: 'citizen' as const, department: null, name: 'Zoé Dupont', address: 'zoe@example.org' };
  const absence = recordAutomatic(citizen, 'Je suis absente jusqu’au 30 novembre.', '');
  await decideOn(ground, id, () => absence, { id: `test:${newId()}` });
  const mail = await ground.store.db.outboundEmail.findFirstOrThrow({ where: { requestId: id, kind: 'message' } });
  const failure = { state: 'failed', lastError: '550 5.1.1 User unknown' };
  await ground.store.db.outboundEmail.update({ where: { id: mail.id }, data: failure });
  return id;
}

/** The same, after months of work: a sheet filled in, a draft, guests, labels, a wait, a long history. */
export async function fullRequest(town: TestTown): Promise<string> {
  const id = await longRequest(town);
  await openRequest(town, { subject: `Re: ${HOLE.subject}`, text: HOLE.text });
  const agent = 'Jeanne Martin';
  const path = (action: string) => linkOf(town, id, 'department:voirie', action);
  const step = async (action: string, fields: Record<string, string>) =>
    actAndFollow(town, await path(action), { agent, ...fields });
  await step('milestone', { milestone: 'Visite sur place', comment: 'Avec l’entreprise Durand.' });
  await step('edit', {
    comment: 'Vu avec Mme Dupont au téléphone.',
    'was:citizenPhone': '',
    'field:citizenPhone': '06 00 00 00 00',
    'was:citizenPostalAddress': '',
    'field:citizenPostalAddress': '12, rue des Lilas\n13100 Plassans',
    'was:citizenOrganisation': '',
    'field:citizenOrganisation': 'Vélo-club de Plassans',
    'was:detail:lieu': '',
    'field:detail:lieu': 'Devant le 12, rue des Lilas',
    'was:citizenAddress': 'zoe@example.org',
    'field:citizenAddress': 'zoe.dupont@example.net',
  });
  await step('label', { labelled: 'yes', labels: 'urgent' });
  await step('share', { colleague: 'urbanisme@plassans.fr', comment: 'Votre avis sur le permis voisin ?' });
  await actWithFiles(town, await path('attach'), { comment: 'Le devis.', agent }, [
    { name: 'devis.pdf', content: '%PDF-1.4 x', type: 'application/pdf' },
  ]);
  await step('hold', { reason: "Intervention d'une entreprise attendue", until: dayAfter(town, 30) });
  await step('resume', { confirm: 'yes' });
  await step('draft', { comment: 'Bonjour,\n\nLes travaux auront lieu le 15 décembre.' });
  await step('request_correction', { comment: 'Une photo du trou aujourd’hui ?', otherPieces: 'Photographie récente' });
  return id;
}

/** `YYYY-MM-DD`, so many days after the town's today. */
export function dayAfter({ ground }: TestTown, days: number): string {
  return new Date(ground.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

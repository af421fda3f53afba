import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SunkMail } from '../support/smtp-sink.ts';
import { aMail, aReply, DESK, JEANNE, plain, VOIRIE } from './mails.ts';
import { startTown, type TestTown } from './town.ts';

/** The treatment of a request from one's mailbox: every step is the first line of a reply. */

let town: TestTown;
beforeAll(async () => {
  town = await startTown({ at: '2026-04-13T08:00:00Z' });
});
afterAll(() => town?.stop());
beforeEach(() => town.smtp.clear());

const DESKS = 'accueil@plassans.fr';
const VOIRIES = 'voirie@plassans.fr';
const JEANNES = 'j.martin@plassans.fr';

interface Opened {
  id: string;
  reference: string;
  address: string;
  citizen: string;
  told: SunkMail;
}

let citizens = 0;

async function anOpenRequest(): Promise<Opened> {
  citizens += 1;
  const address = `marie-${citizens}@example.org`;
  const citizen = `Marie ${citizens} <${address}>`;
  const text = 'Bonjour,\n\nUn lampadaire est éteint devant chez moi.\n\nMarie';
  await town.write(await aMail({ from: citizen, subject: `Lampadaire éteint ${citizens}`, text }));
  await town.smtp.requireMail({ to: address });
  const { id, reference } = await town.db.serviceRequest.findFirstOrThrow({ where: { citizenAddress: address } });
  const told = await town.smtp.requireMail({ to: DESKS, subject: reference });
  return { id, reference, address, citizen, told };
}

/** The mails that leave because somebody answered so. */
async function says(to: SunkMail, from: string, text: string): Promise<SunkMail[]> {
  await town.quiet();
  town.smtp.clear();
  await town.write(await aReply(to, from, text));
  await town.quiet();
  return [...town.smtp.mails];
}

async function withVoirie(request: Opened): Promise<SunkMail> {
  const left = await says(request.told, DESK, 'transmettre voirie : pour vous');
  return mailTo(left, VOIRIES);
}

function mailTo(mails: readonly SunkMail[], address: string): SunkMail {
  const mail = mails.find(({ envelope }) => envelope.to.includes(address));
  if (mail === undefined) throw new Error(`no mail to ${address}, only to ${recipients(mails).join(', ')}`);
  return mail;
}

const rowOf = (id: string) => town.db.serviceRequest.findUniqueOrThrow({ where: { id } });
const lastEvent = (requestId: string) =>
  town.db.event.findFirstOrThrow({ where: { requestId }, orderBy: { id: 'desc' } });
const recipients = (mails: readonly SunkMail[]) => mails.map(({ envelope }) => envelope.to.join()).toSorted();
const textTo = (mails: readonly SunkMail[], address: string) => plain(mailTo(mails, address).mail.text);

describe('N08, S04: « attribuer »', () => {
  test('gives the request to an agent of the office, who is told; the author reads to whom', async () => {
    const request = await anOpenRequest();
    const left = await says(await withVoirie(request), VOIRIE, 'attribuer @jeanne.martin : la nacelle est libre jeudi');
    expect(await rowOf(request.id)).toMatchObject({ holder: 'voirie', assignee: JEANNES });
    expect(recipients(left)).toEqual([JEANNES, VOIRIES]);
    expect(textTo(left, JEANNES)).toContain('la nacelle est libre jeudi');
    expect(textTo(left, VOIRIES)).toContain('Attribuer à un agent (Jeanne Martin)');
  });

  test('somebody of another office is refused by the same rule as on the page', async () => {
    const request = await anOpenRequest();
    const left = await says(request.told, DESK, 'attribuer à Jeanne Martin');
    expect(await rowOf(request.id)).toMatchObject({ assignee: null });
    expect(recipients(left)).toEqual([DESKS]);
    expect(textTo(left, DESKS)).toContain("VOTRE MESSAGE N'A PAS PU");
  });

  test('a name that nobody bears does nothing, and the near one is proposed', async () => {
    const request = await anOpenRequest();
    const left = await says(await withVoirie(request), VOIRIE, 'attribuer @martn');
    expect(await rowOf(request.id)).toMatchObject({ assignee: null });
    expect(recipients(left)).toEqual([VOIRIES]);
    expect(textTo(left, VOIRIES)).toContain('attribuer @Jeanne Martin');
  });
});

describe('S16, S18: « en attente », « reprise »', () => {
  test('waits for its reason until its day, then goes on; the citizen is told of neither', async () => {
    const request = await anOpenRequest();
    const transferred = await withVoirie(request);
    await says(transferred, VOIRIE, 'je prends');
    const left = await says(transferred, VOIRIE, "en attente jusqu'au 12 mai : livraison de l'ampoule");
    const held = await rowOf(request.id);
    expect(held).toMatchObject({ status: 'on_hold', waitReason: "livraison de l'ampoule" });
    expect(held.waitUntil?.toISOString().slice(0, 10)).toBe('2026-05-12');
    expect(recipients(left)).toEqual([VOIRIES]);
    expect(textTo(left, VOIRIES)).toContain("Mettre en attente (jusqu'au 12/05/2026)");

    const resumed = await says(mailTo(left, VOIRIES), VOIRIE, 'reprise');
    expect(await rowOf(request.id)).toMatchObject({ status: 'in_progress', waitUntil: null });
    expect(recipients(resumed)).toEqual([VOIRIES]);
  });

  test('« en attente de votre retour », from the desk, is written to the citizen', async () => {
    const request = await anOpenRequest();
    const left = await says(request.told, DESK, 'En attente de votre retour : est-il toujours éteint ?');
    expect(await rowOf(request.id)).toMatchObject({ status: 'in_progress' });
    expect(recipients(left)).toEqual([request.address]);
  });
});

describe('C22, G14: « réponse finale », « sans suite », « rouvrir », « indésirable »', () => {
  test('a final answer is mailed to the citizen and closes', async () => {
    const request = await anOpenRequest();
    const left = await says(request.told, DESK, 'réponse finale : le lampadaire est réparé');
    expect(await rowOf(request.id)).toMatchObject({ status: 'closed', outcome: 'answered' });
    expect(textTo(left, request.address)).toContain('le lampadaire est réparé');
  });

  test('« Réponse : … » is a message, and closes nothing', async () => {
    const request = await anOpenRequest();
    const left = await says(request.told, DESK, 'Réponse : nous passons jeudi');
    expect(await rowOf(request.id)).toMatchObject({ status: 'in_progress', outcome: null });
    expect(textTo(left, request.address)).toContain('nous passons jeudi');
  });

  test('dropped with its reason, the citizen and the department are told; opened again, it is new at the desk', async () => {
    const request = await anOpenRequest();
    await withVoirie(request);
    const left = await says(request.told, DESK, 'sans suite : déjà réparé ce matin');
    expect(await rowOf(request.id)).toMatchObject({ status: 'closed', outcome: 'dropped', holder: 'desk' });
    expect(recipients(left)).toEqual([DESKS, request.address, VOIRIES].toSorted());
    expect(textTo(left, request.address)).toContain('déjà réparé ce matin');

    const reopened = await says(request.told, DESK, 'rouvrir : il est de nouveau éteint');
    expect(await rowOf(request.id)).toMatchObject({ status: 'new', outcome: null, reopenedCount: 1 });
    expect(recipients(reopened)).toContain(request.address);
  });

  test('a department may not drop: nothing is done, and it is told why', async () => {
    const request = await anOpenRequest();
    const left = await says(await withVoirie(request), VOIRIE, 'sans suite : doublon');
    expect(await rowOf(request.id)).toMatchObject({ status: 'new', outcome: null });
    expect(recipients(left)).toEqual([VOIRIES]);
  });

  test('unwanted mail is discarded without a word to its author', async () => {
    const request = await anOpenRequest();
    const left = await says(request.told, DESK, 'indésirable');
    expect(await rowOf(request.id)).toMatchObject({ status: 'closed', outcome: 'discarded' });
    expect(recipients(left)).toEqual([DESKS]);
  });
});

describe('« reprendre à l’accueil »', () => {
  test('takes it back from the department, which reads why', async () => {
    const request = await anOpenRequest();
    await withVoirie(request);
    const left = await says(request.told, DESK, "reprendre à l'accueil : transmise par erreur");
    expect(await rowOf(request.id)).toMatchObject({ status: 'new', holder: 'desk' });
    expect(textTo(left, VOIRIES)).toContain('transmise par erreur');
  });
});

describe('S03: « jalon »', () => {
  test('marks a step with its words, which the author reads by its whole name', async () => {
    const request = await anOpenRequest();
    const left = await says(await withVoirie(request), VOIRIE, 'jalon visite : RDV 12/5');
    expect(await lastEvent(request.id)).toMatchObject({
      action: 'milestone',
      comment: 'RDV 12/5',
      details: { milestone: 'Visite sur place' },
    });
    expect(recipients(left)).toEqual([VOIRIES]);
    expect(textTo(left, VOIRIES)).toContain('(Visite sur place)');
  });

  test('asks which one when several have that word', async () => {
    const request = await anOpenRequest();
    const left = await says(request.told, DESK, 'jalon travaux');
    expect(await lastEvent(request.id)).toMatchObject({ action: 'receive' });
    expect(mailTo(left, DESKS).mail.text).toContain('- jalon Travaux commandés\n- jalon Travaux terminés\n');
  });
});

describe('N22: « partager »', () => {
  test('invites a colleague, who answers by a note', async () => {
    const request = await anOpenRequest();
    const left = await says(request.told, DESK, 'partager @jeanne.martin : avis ?');
    expect(await rowOf(request.id)).toMatchObject({ sharedWith: [JEANNES], holder: 'desk' });
    expect(recipients(left)).toEqual([DESKS, JEANNES]);
    expect(textTo(left, JEANNES)).toContain('avis ?');

    await says(mailTo(left, JEANNES), JEANNE, 'Il faut changer le mât.');
    expect(await lastEvent(request.id)).toMatchObject({ action: 'note', actorName: 'Jeanne Martin' });
  });
});

describe('N17: « historique »', () => {
  test('is answered by every step, to whoever asks, and nothing is done', async () => {
    const request = await anOpenRequest();
    for (const i of [1, 2, 3, 4, 5, 6, 7]) await says(request.told, DESK, `note : essai numéro ${i}`);
    const left = await says(request.told, DESK, 'historique');
    expect(recipients(left)).toEqual([DESKS]);
    for (const i of [1, 7]) expect(textTo(left, DESKS)).toContain(`essai numéro ${i}`);
    expect(textTo(left, DESKS)).toContain("L'HISTORIQUE DE LA DEMANDE");
    expect(await lastEvent(request.id)).toMatchObject({ comment: 'essai numéro 7' });
  });

  test('not to a department that no longer holds the request', async () => {
    const request = await anOpenRequest();
    const transferred = await withVoirie(request);
    await says(request.told, DESK, "reprendre à l'accueil : secret du dossier");
    const left = await says(transferred, VOIRIE, 'historique');
    expect(recipients(left)).toEqual([VOIRIES]);
    expect(textTo(left, VOIRIES)).toContain("VOTRE MESSAGE N'A PAS PU");
    expect(textTo(left, VOIRIES)).not.toContain('secret du dossier');
  });
});

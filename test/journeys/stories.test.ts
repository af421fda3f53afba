import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import type { SunkMail } from '../support/smtp-sink.ts';
import { aMail, aPhoto, aReply, DESK, linkIn, linksIn, NORA, plain, replyToOf } from './mails.ts';
import { startTown, type TestTown } from './town.ts';
import { aVisitor, type Visitor } from './visits.ts';
import { HANG_MS } from '../support/hang.ts';

/** The three stories of the product, on real servers, with a browser that runs no JavaScript. */

let browser: Browser | null;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => browser?.close());

const NORAS = 'nora@example.org';
const DESKS = 'accueil@plassans.fr';
const VOIRIES = 'voirie@plassans.fr';

describe('a request that goes to a department and is accepted', () => {
  let town: TestTown;
  let visitor: Visitor | null = null;
  const photo = aPhoto('le trou.png');
  const secondPhoto = aPhoto('le numéro 12 bis.png');
  let acknowledgement: SunkMail;
  let told: SunkMail;
  let transferred: SunkMail;
  let correction: SunkMail;

  beforeAll(async () => {
    town = await startTown({ at: '2026-04-13T08:00:00Z' });
    visitor = browser && (await aVisitor(browser, town));
  });
  afterAll(async () => {
    await visitor?.close();
    await town?.stop();
  });

  test('J01: Nora writes about a pothole, with a photo, and has her reference within a second', async () => {
    // The first mail of a process also starts its parser.
    await town.write(await aMail({ from: 'Paul <paul@example.org>' }));
    await town.quiet();
    const startedAt = performance.now();
    await town.write(await aMail({ attachments: [photo], messageId: '<le-trou@example.org>' }));
    acknowledgement = await town.smtp.requireMail({ to: NORAS });
    expect(acknowledgement.since - startedAt).toBeLessThan(HANG_MS);
    expect(acknowledgement.mail.subject).toBe('[n° 2026-000002] Nid-de-poule rue des Lilas');
    await visitor?.read(acknowledgement, '1-acknowledgement');
  });

  test('the acknowledgement is from the town hall, carries her own link and no other, and robots will not answer it', () => {
    const { mail, raw, envelope } = acknowledgement;
    expect(mail.from?.text).toBe('"Mairie de Plassans" <mairie@plassans.fr>');
    expect(envelope).toEqual({ from: 'mairie@plassans.fr', to: [NORAS] });
    expect(replyToOf(acknowledgement)).toMatch(/^mairie\+2026-000002\.[0-9a-z]{16}@plassans\.fr$/);
    expect(raw.toString()).toContain('Auto-Submitted: auto-replied');
    expect([...linksIn(acknowledgement)].map(([words, url]) => [words, new URL(url).pathname.slice(0, 3)])).toEqual([
      ['Suivre ma demande', '/d/'],
    ]);
  });

  test('J02: the desk receives her words, her photo, and a link for each thing it may do', async () => {
    told = await town.smtp.requireMail({ to: DESKS, subject: '2026-000002' });
    await visitor?.read(told, '1-new-request');
    expect(told.mail.text).toContain('Il y a un trou énorme devant le 12.');
    expect(told.mail.attachments.map(({ filename, content }) => [filename, content])).toEqual([
      [photo.filename, photo.content],
    ]);
    const words = [...linksIn(told).keys()].join(', ');
    for (const action of ['Ouvrir', 'Prendre en charge', 'Transmettre', 'Accepter', 'Refuser']) {
      expect(words).toContain(action);
    }
  });

  test('the desk replies from its mail client, quoting everything and pasting a link: Nora gets the answer, and no link or address of the desk', async () => {
    const pasted = `Le dossier : ${linkIn(told, 'Ouvrir')}\nJ’ai répondu à ${replyToOf(told)}`;
    const answer = await aReply(told, DESK, `Bonjour,\n\nMerci, nous regardons cela aujourd’hui.\n${pasted}\n\nMarie`);
    expect(answer.toString()).toContain('/a/eyJ');
    await town.write(answer);
    const received = await town.smtp.requireMail({ to: NORAS, since: acknowledgement.since + 1 });
    await visitor?.read(received, '1-answer-of-the-desk');
    expect(received.mail.text).toContain('Merci, nous regardons cela aujourd’hui.');
    expect(received.mail.from?.value[0]?.address).toBe('mairie@plassans.fr');
    expect(replyToOf(received)).toBe(replyToOf(acknowledgement));
    expect(received.raw.toString()).not.toMatch(/Auto-Submitted/i);
    for (const secret of [...linksIn(told).values(), replyToOf(told), '/a/', '/f/', DESKS]) {
      expect(wholeOf(received)).not.toContain(secret);
    }
    // Her own follow-up link, and no other token.
    expect(`${received.mail.text}${String(received.mail.html)}`).not.toMatch(/(?<!\/d\/)(?<![\w.-])eyJ[\w-]{10,}/);
  });

  test('the desk opens « Transmettre » and picks Voirie', async () => {
    const url = linkIn(told, 'Transmettre');
    if (visitor === null) return;
    expect(await visitor.open(url, '1-transfer-form')).toContain('Voirie');
    const result = await visitor.send(
      { department: 'voirie', comment: 'Pour vous : merci de sécuriser vite.', agent: 'Marie Roux' },
      '1-transfer-result',
    );
    expect(result).toContain('Voirie');
    expect(await onlyRequest(town)).toMatchObject({ status: 'new', holder: 'voirie' });
  });

  test('J06, J18: Voirie receives the whole dossier with links; Nora is told « transmise à Voirie pour traitement »', async () => {
    transferred = await town.smtp.requireMail({ to: VOIRIES });
    await visitor?.read(transferred, '1-transferred');
    expect(transferred.mail.text).toContain('merci de sécuriser vite');
    expect(transferred.mail.text).toContain('Il y a un trou énorme devant le 12.');
    expect(transferred.mail.text).toContain('Marie Roux');
    expect([...linksIn(transferred).keys()].join()).toContain('Demander un complément');
    await town.quiet();
    const informed = town.smtp.mailsTo(NORAS).at(-1) as SunkMail;
    expect(plain(informed.mail.text)).toContain('transmise à Voirie pour traitement');
    expect(plain(informed.mail.text)).not.toContain('sécuriser vite');
    await visitor?.read(informed, '1-transferred-citizen');
  });

  test('J08: Voirie opens its link and sees everything: her words, the photo, what the desk did', async () => {
    if (visitor === null) return;
    const page = await visitor.open(linkIn(transferred, 'Ouvrir'), '1-dossier-voirie');
    for (const words of [
      'Nora Lemaire',
      'Il y a un trou énorme devant le 12.',
      photo.filename,
      'Merci, nous regardons cela aujourd’hui.',
      'merci de sécuriser vite',
      'Marie Roux',
    ]) {
      expect(page).toContain(words);
    }
    const file = await visitor.page.locator('a[href*="/f/"]').first().getAttribute('href');
    const answer = await fetch(new URL(file ?? '', town.url));
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(photo.content);
  });

  test('Voirie asks for what is missing; Nora is asked, and can simply reply', async () => {
    if (visitor === null) return;
    await visitor.open(linkIn(transferred, 'Demander un complément'), '1-correction-form');
    await visitor.send(
      { comment: 'À quel numéro exactement ? Une photo de la façade aiderait.', agent: 'Jeanne Martin' },
      '1-correction-result',
    );
    await town.quiet();
    correction = town.smtp.mailsTo(NORAS).at(-1) as SunkMail;
    await visitor.read(correction, '1-correction');
    expect(plain(correction.mail.text)).toContain('À quel numéro exactement ?');
    expect(correction.mail.from?.text).toContain('Voirie');
    expect(await onlyRequest(town)).toMatchObject({ status: 'awaiting_citizen', remindAt: null });
  });

  test('Nora replies with the number and a second photo; Voirie is told, with both', async () => {
    if (visitor === null) return;
    await town.write(await aReply(correction, NORA, 'C’est au 12 bis.\n\nNora', { attachments: [secondPhoto] }));
    await town.quiet();
    const received = town.smtp.mailsTo(VOIRIES).at(-1) as SunkMail;
    await visitor.read(received, '1-reply-received');
    expect(received.mail.text).toContain('C’est au 12 bis.');
    expect(received.mail.text).toContain(secondPhoto.filename);
    // Nobody had taken it up: it is Voirie's to take up again.
    expect(await onlyRequest(town)).toMatchObject({ status: 'new', holder: 'voirie' });
    const page = await visitor.open(linkIn(received, 'Ouvrir'), '1-dossier-after-reply');
    for (const words of ['C’est au 12 bis.', photo.filename, secondPhoto.filename]) expect(page).toContain(words);
    expect(page).not.toContain('> ');
  });

  test('J11: Voirie accepts; Nora receives the decision in her thread, the desk its copy', async () => {
    if (visitor === null) return;
    await visitor.open(linkIn(transferred, 'Accepter'), '1-accept-form');
    const result = await visitor.send(
      { comment: 'Le trou sera rebouché mardi.', told: 'yes', agent: 'Jeanne Martin' },
      '1-accept-result',
    );
    expect(result).toContain('acceptée');
    await town.quiet();
    const decision = town.smtp.mailsTo(NORAS).at(-1) as SunkMail;
    await visitor.read(decision, '1-decision');
    expect(plain(decision.mail.text)).toContain('Le trou sera rebouché mardi.');
    expect(decision.mail.text).toContain('ACCEPTÉE');
    expect([...linksIn(decision).keys()].toSorted()).toEqual(["Ma demande n'est pas résolue", 'Suivre ma demande']);
    const copy = town.smtp.mailsTo(DESKS).at(-1) as SunkMail;
    await visitor.read(copy, '1-decision-copy');
    expect(plain(copy.mail.text)).toContain('Le trou sera rebouché mardi.');
  });

  test('every mail to Nora is in the thread of her first one, and answers the last one that she has', () => {
    const [first, second, ...others] = town.smtp.mailsTo(NORAS).map(({ mail }) => mail);
    expect(first?.inReplyTo).toBe('<le-trou@example.org>');
    expect(second?.inReplyTo).toBe(first?.messageId);
    for (const mail of [first, second, ...others]) expect([mail?.references].flat()[0]).toBe('<le-trou@example.org>');
  });

  test('the history says who did what, in order', async () => {
    if (visitor === null) return;
    const { id } = await onlyRequest(town);
    const events = await town.db.event.findMany({ where: { requestId: id }, orderBy: { id: 'asc' } });
    expect(events.map(({ action, actorName, statusAfter }) => [action, actorName, statusAfter])).toEqual([
      ['receive', 'Nora Lemaire', 'new'],
      ['message', 'Accueil', 'in_progress'],
      ['transfer', 'Marie Roux', 'new'],
      ['request_correction', 'Jeanne Martin', 'awaiting_citizen'],
      ['citizen_reply', 'Nora Lemaire', 'new'],
      ['accept', 'Jeanne Martin', 'closed'],
    ]);
  });
});

describe('a request sent to the wrong department', () => {
  let town: TestTown;
  let visitor: Visitor | null = null;
  beforeAll(async () => {
    town = await startTown({ at: '2026-04-13T08:00:00Z' });
    visitor = browser && (await aVisitor(browser, town));
  });
  afterAll(async () => {
    await visitor?.close();
    await town?.stop();
  });

  test('J13: Voirie sends it back to the desk, which is told why; Nora is not bothered', async () => {
    if (visitor === null) return;
    await town.write(await aMail({ subject: 'Mon voisin fait du bruit', text: 'Tous les soirs.' }));
    const told = await town.smtp.requireMail({ to: DESKS });
    await visitor.open(linkIn(told, 'Transmettre'));
    await visitor.send({ department: 'voirie', comment: 'Est-ce pour vous ?' });
    const transferred = await town.smtp.requireMail({ to: VOIRIES });
    await town.quiet();
    const before = town.smtp.mailsTo(NORAS).length;
    await visitor.open(linkIn(transferred, 'Renvoyer'), '2-send-back-form');
    const result = await visitor.send({ comment: 'Le bruit n’est pas à la voirie.' }, '2-send-back-result');
    expect(result).toContain('Accueil');
    await town.quiet();
    const back = town.smtp.mailsTo(DESKS).at(-1) as SunkMail;
    await visitor.read(back, '2-sent-back');
    expect(back.mail.text).toContain('Le bruit n’est pas à la voirie.');
    expect(town.smtp.mailsTo(NORAS)).toHaveLength(before);
    expect(await onlyRequest(town)).toMatchObject({ status: 'new', holder: 'desk', reroutedCount: 1 });
    await visitor.open(linkIn(transferred, 'Ouvrir'), '2-old-link-of-voirie');
  });

  test('J14: the desk refuses with a reason; Nora learns it, and how to contest it', async () => {
    if (visitor === null) return;
    const back = town.smtp.mailsTo(DESKS).at(-1) as SunkMail;
    await visitor.open(linkIn(back, 'Refuser'), '2-refuse-form');
    const wrong = await visitor.send({}, '2-refuse-without-reason');
    expect(wrong).toContain('obligatoire');
    const result = await visitor.send(
      { comment: 'Le bruit relève de la police nationale.', told: 'yes' },
      '2-refuse-result',
    );
    expect(result).toContain('refusée');
    await town.quiet();
    const decision = town.smtp.mailsTo(NORAS).at(-1) as SunkMail;
    await visitor.read(decision, '2-decision');
    expect(plain(decision.mail.text)).toContain('Le bruit relève de la police nationale.');
    expect(plain(decision.mail.text)).toContain('Tribunal administratif de Marseille');
    expect(await onlyRequest(town)).toMatchObject({ status: 'closed', outcome: 'refused', remindAt: null });
    await visitor.open(linkIn(back, 'Accepter'), '2-too-late');
  });
});

describe('a request that nobody touches', () => {
  // A Thursday. Friday 1 May and Friday 8 May are holidays.
  const WRITTEN = '2026-04-30T08:00:00Z';
  let town: TestTown;
  let visitor: Visitor | null = null;
  beforeAll(async () => {
    town = await startTown({ at: WRITTEN });
    visitor = browser && (await aVisitor(browser, town));
    await town.write(await aMail({}));
    await town.quiet();
  });
  afterAll(async () => {
    await visitor?.close();
    await town?.stop();
  });

  async function remindersBy(instant: string): Promise<number> {
    town.clock.set(instant);
    await town.guichet.tick();
    await town.quiet();
    return aboutIt().length - 1;
  }

  /** The morning's baskets are of all requests at once. */
  function aboutIt(): SunkMail[] {
    return town.smtp.mailsTo(DESKS).filter(({ mail }) => mail.subject?.startsWith('[n°'));
  }

  test('the desk is reminded after three working days at nine, never on a closed day or at night', async () => {
    expect(await remindersBy('2026-05-01T09:00:00Z')).toBe(0);
    expect(await remindersBy('2026-05-04T12:00:00Z')).toBe(0);
    expect(await remindersBy('2026-05-06T22:30:00Z')).toBe(0);
    expect(await remindersBy('2026-05-06T06:59:30Z')).toBe(0);
    expect(await remindersBy('2026-05-06T07:00:10Z')).toBe(1);
    const [, reminder] = aboutIt();
    if (reminder) await visitor?.read(reminder, '3-reminder');
    expect(plain(reminder?.mail.text)).toContain('n° 2026-000001 est en retard');
  });

  test('then every two working days, one at a time, whatever the clock slept through', async () => {
    expect(await remindersBy('2026-05-07T07:01:00Z')).toBe(1);
    expect(await remindersBy('2026-05-08T07:01:00Z')).toBe(1);
    expect(await remindersBy('2026-05-09T07:01:00Z')).toBe(1);
    expect(await remindersBy('2026-05-11T07:01:00Z')).toBe(2);
    expect(await remindersBy('2026-05-11T07:02:00Z')).toBe(2);
    expect(await remindersBy('2026-05-27T07:02:00Z')).toBe(3);
    expect(await remindersBy('2026-05-27T07:03:00Z')).toBe(3);
  });

  test('and five times at most', async () => {
    expect(await remindersBy('2026-06-10T07:02:00Z')).toBe(4);
    expect(await remindersBy('2026-06-24T07:02:00Z')).toBe(5);
    expect(await remindersBy('2026-07-20T07:02:00Z')).toBe(5);
    expect(await onlyRequest(town)).toMatchObject({ remindAt: null, status: 'new' });
  });

  test('the supervisors’ status report lists it with a link, once a week', async () => {
    town.clock.set('2026-07-27T05:59:30Z');
    await town.guichet.tick();
    const before = town.smtp.mailsTo('dgs@plassans.fr').length;
    town.clock.set('2026-07-27T06:00:10Z');
    await town.guichet.tick();
    await town.guichet.tick();
    await town.quiet();
    expect(town.smtp.mailsTo('dgs@plassans.fr')).toHaveLength(before + 1);
    const report = town.smtp.mailsTo('dgs@plassans.fr').at(-1) as SunkMail;
    await visitor?.read(report, '3-status-report');
    expect(plain(report.mail.text)).toContain('En retard : 1');
    expect(plain(report.mail.text)).toContain('N° 2026-000001 : Nid-de-poule rue des Lilas');
    await visitor?.open(linkIn(report, 'Ouvrir'), '3-dossier-supervisor');
  });
});

/** Headers, text and HTML, as the reader's program decodes them. */
function wholeOf({ mail, raw }: SunkMail): string {
  return [raw.toString(), mail.text, mail.html, mail.headerLines.map(({ line }) => line).join('\n')].join('\n');
}

async function onlyRequest(town: TestTown) {
  return town.db.serviceRequest.findFirstOrThrow({ orderBy: { receivedAt: 'desc' } });
}

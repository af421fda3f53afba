import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SunkMail } from '../support/smtp-sink.ts';
import { until } from '../support/until.ts';
import { aMail, aPhoto, aReply, DESK, JEANNE, linksIn, plain, replyToOf, VOIRIE } from './mails.ts';
import { fixture, MAILBOX, startTown, type TestTown } from './town.ts';

/** What becomes of a mail: told by the requests, the mails that leave, and what the journal says of it. */

let town: TestTown;
beforeAll(async () => {
  town = await startTown({ at: '2026-04-13T08:00:00Z' });
});
afterAll(() => town?.stop());
beforeEach(() => town.smtp.clear());

const DESKS = 'accueil@plassans.fr';

interface Opened {
  id: string;
  reference: string;
  address: string;
  /** `Name <address>`. */
  citizen: string;
  acknowledgement: SunkMail;
  /** What the desk received. */
  told: SunkMail;
}

let citizens = 0;

/** A citizen of whom nobody heard before. */
function aCitizen(): { address: string; citizen: string } {
  citizens += 1;
  const address = `citizen-${citizens}@example.org`;
  return { address, citizen: `Citizen ${citizens} <${address}>` };
}

async function anOpenRequest(fields: Parameters<typeof aMail>[0] = {}): Promise<Opened> {
  const who = aCitizen();
  await town.write(await aMail({ ...fields, from: who.citizen }));
  const acknowledgement = await town.smtp.requireMail({ to: who.address });
  const { id, reference } = await town.db.serviceRequest.findFirstOrThrow({ where: { citizenAddress: who.address } });
  const told = await town.smtp.requireMail({ to: DESKS, subject: reference });
  return { id, reference, ...who, acknowledgement, told };
}

/** Writes mails and waits until nothing moves any more; answers what left meanwhile. */
async function after(...raws: (string | Buffer)[]): Promise<SunkMail[]> {
  await town.quiet();
  town.smtp.clear();
  for (const raw of raws) await town.write(raw);
  await town.quiet();
  return [...town.smtp.mails];
}

async function actionsOn(requestId: string): Promise<string[]> {
  const events = await town.db.event.findMany({ where: { requestId }, orderBy: { id: 'asc' } });
  return events.map(({ action }) => action);
}

async function lastInbound() {
  return town.db.inboundEmail.findFirstOrThrow({ orderBy: { arrivalNo: 'desc' } });
}

const countRequests = () => town.db.serviceRequest.count();
const recipients = (mails: readonly SunkMail[]) => mails.map(({ envelope }) => envelope.to.join()).toSorted();

/** Through Voirie's hands: transferred as the desk does it on its page. */
async function transferToVoirie({ told }: Opened): Promise<SunkMail> {
  const url = [...linksIn(told)].find(([words]) => words.startsWith('Transmettre'))?.[1] ?? '';
  await submit(url, { department: 'voirie', comment: 'Pour vous.' });
  return town.smtp.requireMail({ to: 'voirie@plassans.fr', subject: told.mail.subject ?? '' });
}

async function submit(url: string, fields: Record<string, string>): Promise<void> {
  const page = await (await fetch(url)).text();
  const nonce = /name="nonce" value="([^"]+)"/.exec(page)?.[1] ?? '';
  town.clock.set(new Date(town.clock.now().getTime() + 5_000).toISOString());
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ nonce, ...fields }),
    redirect: 'manual',
  });
  if (answer.status !== 303) throw new Error(`the form answered ${answer.status}`);
}

async function close({ told }: Opened): Promise<void> {
  const url = [...linksIn(told)].find(([words]) => words.startsWith('Accepter'))?.[1] ?? '';
  await submit(url, { told: 'yes' });
  await town.quiet();
}

describe('a mail is a reply', () => {
  test.each<[string, (address: string) => Parameters<typeof aMail>[0]]>([
    ['as it is', (address) => ({ to: address })],
    ['in capitals', (address) => ({ to: address.toUpperCase() })],
    ['copied by hand: l for 1, O for 0', (address) => ({ to: damagedByHand(address) })],
    ['in Cc', (address) => ({ cc: address })],
    ['only in Delivered-To', (address) => ({ headers: { 'Delivered-To': address } })],
    ['only in X-Original-To, in brackets', (address) => ({ headers: { 'X-Original-To': `<${address}>` } })],
  ])('by its signed address, %s', async (_how, addressed) => {
    const request = await anOpenRequest();
    const mail = { from: request.citizen, subject: 'Autre chose', text: 'C’est au 12 bis.' };
    const left = await after(await aMail({ ...mail, ...addressed(replyToOf(request.acknowledgement)) }));
    expect(await actionsOn(request.id)).toEqual(['receive', 'citizen_reply']);
    expect(recipients(left)).toEqual([DESKS]);
    expect(left[0]?.mail.text).toContain('C’est au 12 bis.');
  });

  test('by our Message-ID, in References only', async () => {
    const request = await anOpenRequest();
    const references = ['<unknown@example.org>', request.acknowledgement.mail.messageId ?? '', '<other@example.org>'];
    await after(await aMail({ from: request.citizen, subject: 'Autre chose', references }));
    expect(await actionsOn(request.id)).toEqual(['receive', 'citizen_reply']);
  });

  test('by the Message-ID of the citizen’s own first mail: they add a word to what they sent', async () => {
    const request = await anOpenRequest({ messageId: '<first-word@example.org>' });
    await after(await aMail({ from: request.citizen, subject: 'Autre chose', inReplyTo: '<first-word@example.org>' }));
    expect(await actionsOn(request.id)).toEqual(['receive', 'citizen_reply']);
  });

  test('by the number in its subject, from somebody who takes part', async () => {
    const request = await anOpenRequest();
    await after(await aMail({ from: request.citizen, subject: `Ma demande n° ${request.reference}` }));
    expect(await actionsOn(request.id)).toEqual(['receive', 'citizen_reply']);
  });

  test('but a stranger who writes the number is held, with a proposal, and learns nothing', async () => {
    const request = await anOpenRequest({ text: 'Mon secret.' });
    const stranger = aCitizen();
    const left = await after(await aMail({ from: stranger.citizen, subject: `[n° ${request.reference}] Et alors ?` }));
    expect(await actionsOn(request.id)).toEqual(['receive']);
    expect(await lastInbound()).toMatchObject({ state: 'held', verdict: 'stranger', held: { suggestion: request.id } });
    expect(recipients(left)).toEqual([DESKS]);
    expect(left[0]?.mail.text).toContain(request.reference);
  });

  test('by its address with one wrong letter in the key, from the citizen', async () => {
    const request = await anOpenRequest();
    await after(await aMail({ from: request.citizen, to: withAWrongLetter(request), subject: 'Autre chose' }));
    expect(await actionsOn(request.id)).toEqual(['receive', 'citizen_reply']);
  });

  test('but that address proves nothing of a stranger: it is held, with a proposal', async () => {
    const request = await anOpenRequest();
    const left = await after(
      await aMail({ from: aCitizen().citizen, to: withAWrongLetter(request), subject: 'Autre' }),
    );
    expect(await actionsOn(request.id)).toEqual(['receive']);
    const expected = { state: 'held', verdict: 'damaged_address', held: { suggestion: request.id } };
    expect(await lastInbound()).toMatchObject(expected);
    expect(recipients(left)).toEqual([DESKS]);
  });

  test('of two requests at once: it reaches each, once', async () => {
    const one = await anOpenRequest();
    const other = await anOpenRequest();
    const to = [replyToOf(one.acknowledgement), replyToOf(other.acknowledgement)];
    const left = await after(await aMail({ from: one.citizen, to, cc: to[0] ?? '', subject: 'Les deux' }));
    expect(await lastInbound()).toMatchObject({ state: 'done' });
    expect(await actionsOn(one.id)).toEqual(['receive', 'citizen_reply']);
    expect(await actionsOn(other.id)).toEqual(['receive', 'third_party_message']);
    expect(recipients(left)).toEqual([DESKS, DESKS]);
  });
});

describe('who writes', () => {
  test('the desk’s answer reaches the citizen, and its files', async () => {
    const request = await anOpenRequest();
    const left = await after(await aReply(request.told, DESK, 'Voici le plan.', { attachments: [aPhoto('plan.png')] }));
    expect(recipients(left)).toEqual([request.address]);
    expect(left[0]?.mail.attachments.map(({ filename }) => filename)).toEqual(['plan.png']);
    expect(plain(left[0]?.mail.text)).toContain('Voici le plan.');
  });

  test('a department’s reply is a note to the desk, and never reaches the citizen', async () => {
    const request = await anOpenRequest();
    const transferred = await transferToVoirie(request);
    const left = await after(await aReply(transferred, VOIRIE, 'Ce monsieur exagère.'));
    expect(recipients(left)).toEqual([DESKS]);
    expect(left[0]?.mail.text).toContain('Ce monsieur exagère.');
    expect(await actionsOn(request.id)).toEqual(['receive', 'transfer', 'note']);
  });

  test('the desk’s reply to a department’s note stays between colleagues', async () => {
    const request = await anOpenRequest();
    const transferred = await transferToVoirie(request);
    const [note] = await after(await aReply(transferred, VOIRIE, 'Faut-il une nacelle ?'));
    const left = await after(await aReply(note as SunkMail, DESK, 'Oui, la petite.'));
    expect(recipients(left)).toEqual(['voirie@plassans.fr']);
    expect(left[0]?.mail.text).toContain('Oui, la petite.');
    expect(await actionsOn(request.id)).toEqual(['receive', 'transfer', 'note', 'note']);
  });

  test('Jeanne Martin, of Voirie, answers from her own address what was mailed to voirie@', async () => {
    const request = await anOpenRequest();
    const transferred = await transferToVoirie(request);
    const left = await after(await aReply(transferred, JEANNE, 'Je passe demain.'));
    expect(recipients(left)).toEqual([DESKS]);
    const note = await town.db.event.findFirstOrThrow({ where: { requestId: request.id, action: 'note' } });
    expect(note).toMatchObject({ actorName: 'Jeanne Martin', actorDepartment: 'voirie' });
  });

  test.each<[string, string, (request: Opened) => Parameters<typeof aMail>[0]]>([
    ['the desk’s address with the citizen’s key', DESK, (r) => ({ to: replyToOf(r.acknowledgement) })],
    ['the desk’s address with a number in the subject', DESK, (r) => ({ subject: `[n° ${r.reference}]` })],
    ['Voirie’s address with the desk’s key', VOIRIE, (r) => ({ to: replyToOf(r.told) })],
    [
      'Jeanne’s address, answering the citizen’s mail',
      JEANNE,
      (r) => ({ inReplyTo: r.acknowledgement.mail.messageId ?? '' }),
    ],
  ])('%s is held, and nothing is relayed', async (_what, from, evidence) => {
    const request = await anOpenRequest();
    const left = await after(
      await aMail({ subject: 'Autre', text: 'Votre demande est refusée.', from, ...evidence(request) }),
    );
    expect(await lastInbound()).toMatchObject({ verdict: 'unauthenticated', held: { suggestion: request.id } });
    expect(await actionsOn(request.id)).toEqual(['receive']);
    const agent = from.slice(from.indexOf('<') + 1, -1);
    expect(recipients(left)).toEqual([DESKS, agent].toSorted());
    expect(left.map(({ mail }) => mail.subject).join()).toContain('Message à examiner');
    for (const { mail } of left) expect(mail.to).not.toMatchObject({ value: [{ address: request.address }] });
  });

  test('a stranger with the citizen’s key is a third party: the desk is told, the citizen is not', async () => {
    const request = await anOpenRequest();
    const stranger = aCitizen();
    const left = await after(await aReply(request.acknowledgement, stranger.citizen, 'Je suis sa voisine.'));
    expect(await actionsOn(request.id)).toEqual(['receive', 'third_party_message']);
    expect(recipients(left)).toEqual([DESKS]);
    expect(left[0]?.mail.text).toContain('Je suis sa voisine.');
  });

  test('a stranger with the desk’s key does not act as the desk', async () => {
    const request = await anOpenRequest();
    const left = await after(await aReply(request.told, 'Faux <faux@evil.example>', 'Envoyez vos codes.'));
    expect(await actionsOn(request.id)).toEqual(['receive', 'third_party_message']);
    expect(recipients(left)).toEqual([DESKS]);
  });

  test('the desk’s reply on a closed request comes back to the desk, with its words', async () => {
    const request = await anOpenRequest();
    await close(request);
    const left = await after(await aReply(request.told, DESK, 'J’ai oublié de vous dire ceci.'));
    expect(recipients(left)).toEqual([DESKS]);
    expect(left[0]?.mail.text).toContain('J’ai oublié de vous dire ceci.');
    expect(plain(left[0]?.mail.text)).toContain("n'a pas pu être suivi d'effet".toUpperCase());
    expect(await actionsOn(request.id)).toEqual(['receive', 'accept']);
  });

  test('Voirie’s reply on a request that has left it comes back to Voirie, with its words', async () => {
    const request = await anOpenRequest();
    const transferred = await transferToVoirie(request);
    const url = [...linksIn(transferred)].find(([words]) => words.startsWith('Renvoyer'))?.[1] ?? '';
    await submit(url, { comment: 'Pas nous.' });
    const left = await after(await aReply(transferred, VOIRIE, 'Finalement, si.'));
    expect(recipients(left)).toEqual(['voirie@plassans.fr']);
    expect(left[0]?.mail.text).toContain('Finalement, si.');
  });

  test('the citizen’s mail on a closed request reaches the desk and leaves it closed', async () => {
    const request = await anOpenRequest();
    await close(request);
    const left = await after(await aReply(request.acknowledgement, request.citizen, 'Merci !'));
    expect(recipients(left)).toEqual([DESKS]);
    expect(await town.db.serviceRequest.findUnique({ where: { id: request.id } })).toMatchObject({ status: 'closed' });
  });

  test.each([
    ['our own mailbox', MAILBOX],
    ['our own mailbox, in capitals', MAILBOX.toUpperCase()],
  ])('a mail from %s is ignored: it could only be a loop', async (_what, from) => {
    const before = await countRequests();
    expect(await after(await aMail({ from }))).toEqual([]);
    expect(await lastInbound()).toMatchObject({ state: 'ignored' });
    expect(await countRequests()).toBe(before);
  });
});

describe('robots', () => {
  test.each<[string, Parameters<typeof aMail>[0]]>([
    ['Auto-Submitted', { headers: { 'Auto-Submitted': 'auto-replied (vacation)' } }],
    ['a French subject and nothing else', { subject: 'Réponse automatique : Nid-de-poule' }],
    ['a null return path', { headers: { 'Return-Path': '<>' } }],
    ['Precedence: bulk', { headers: { Precedence: 'bulk' } }],
    ['a delivery report', { from: 'MAILER-DAEMON@example.org', subject: 'Undelivered Mail' }],
  ])('an out-of-office answer (%s) is shown, changes no status, and is never answered', async (_sign, fields) => {
    const request = await anOpenRequest();
    const mail = { from: request.citizen, to: replyToOf(request.acknowledgement), text: 'Absente jusqu’à lundi.' };
    const left = await after(await aMail({ ...mail, ...fields }));
    expect(left).toEqual([]);
    expect(await actionsOn(request.id)).toEqual(['receive', 'automatic_mail']);
    expect(await town.db.serviceRequest.findUnique({ where: { id: request.id } })).toMatchObject({ status: 'new' });
    const message = await town.db.message.findFirstOrThrow({ where: { requestId: request.id, kind: 'automatic' } });
    expect(message.text).toContain('Absente jusqu’à lundi.');
  });

  test('an out-of-office answer to a demand of correction does not end the wait', async () => {
    const request = await anOpenRequest();
    const url = [...linksIn(request.told)].find(([words]) => words.startsWith('Demander'))?.[1] ?? '';
    await submit(url, { comment: 'Quel numéro ?' });
    const correction = await town.smtp.requireMail({ to: request.address, since: request.acknowledgement.since + 1 });
    await after(
      await aReply(correction, request.citizen, 'Absente.', { headers: { 'Auto-Submitted': 'auto-replied' } }),
    );
    expect(await town.db.serviceRequest.findUnique({ where: { id: request.id } })).toMatchObject({
      status: 'awaiting_citizen',
    });
  });

  test('a bounce of nothing we sent is archived: no request, no answer', async () => {
    const before = await countRequests();
    expect(await after(fixture('bounce-of-nothing-we-sent'))).toEqual([]);
    expect(await lastInbound()).toMatchObject({ state: 'archived' });
    expect(await countRequests()).toBe(before);
  });

  test('a mailing list makes a request for the desk to see, and is not acknowledged', async () => {
    const left = await after(fixture('mailing-list'));
    expect(recipients(left)).toEqual([DESKS]);
    expect(await lastInbound()).toMatchObject({ state: 'done', verdict: 'new' });
  });

  test('a sender’s sixth request of the day is opened, and not acknowledged', async () => {
    const { citizen, address } = aCitizen();
    const raws = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => aMail({ from: citizen, subject: `Demande ${n}` })));
    const left = await after(...raws);
    expect(await town.db.serviceRequest.count({ where: { citizenAddress: address } })).toBe(6);
    expect(recipients(left).filter((to) => to === address)).toHaveLength(5);
    expect(recipients(left).filter((to) => to === DESKS)).toHaveLength(6);
  });

  test('a citizen’s robot that answers everything, without a sign of being one, is answered once', async () => {
    const { citizen, address } = aCitizen();
    town.smtp.onMail(async (mail) => {
      if (mail.envelope.to.includes(address)) await town.write(await aReply(mail, citizen, 'Je suis absent.'));
    });
    await after(await aMail({ from: citizen }));
    await town.quiet();
    expect(town.smtp.mailsTo(address)).toHaveLength(1);
  });

  test('a robot that answers to the From, forgetting the thread, is answered twice at most', async () => {
    const { citizen, address } = aCitizen();
    town.smtp.onMail(async (mail) => {
      if (mail.envelope.to.includes(address)) await town.write(await aMail({ from: citizen, subject: 'Absent' }));
    });
    await after(await aMail({ from: citizen }));
    await until('the robots to be silent', 20_000, async () => {
      await town.quiet();
      return (await town.db.serviceRequest.count({ where: { citizenAddress: address } })) >= 3;
    });
    await town.quiet();
    expect(town.smtp.mailsTo(address)).toHaveLength(2);
  });

  test('one that says something else every time is answered five times a day at most', async () => {
    const { citizen, address } = aCitizen();
    let said = 0;
    town.smtp.onMail(async (mail) => {
      said += 1;
      if (mail.envelope.to.includes(address)) await town.write(await aMail({ from: citizen, text: `Absent ${said}` }));
    });
    await after(await aMail({ from: citizen }));
    await until('the robots to be silent', 20_000, async () => {
      await town.quiet();
      return (await town.db.serviceRequest.count({ where: { citizenAddress: address } })) >= 6;
    });
    await town.quiet();
    expect(town.smtp.mailsTo(address)).toHaveLength(5);
  });
});

describe('two robots, the citizen’s and the desk’s, that answer everything without a sign of being one', () => {
  // Each answer is a person's as far as anybody can tell: the desk's goes to the citizen, the citizen's to the desk.
  test('fall silent', async () => {
    const { citizen, address } = aCitizen();
    const answered: string[] = [];
    town.smtp.onMail(async (mail) => {
      if (mail.mail.subject?.includes('Deux robots') !== true || answered.length >= 30) return;
      const from = mail.envelope.to.includes(address) ? citizen : DESK;
      answered.push(from);
      await town.write(await aReply(mail, from, `Nous sommes absents (${answered.length}).`));
    });
    await after(await aMail({ from: citizen, subject: 'Deux robots' }));
    for (let before = -1; answered.length !== before && answered.length < 30; ) {
      before = answered.length;
      await sleep(1_500);
      await town.quiet();
    }
    expect(answered.length).toBeLessThan(30);
    const held = town.smtp.mails.filter(({ mail }) => mail.subject?.includes('Message à examiner'));
    // One for the citizen's robot, one for the desk's, which answers the notice too.
    expect(held.length).toBeLessThanOrEqual(2);
  });
});

describe('once', () => {
  test('the same mail that came by two ways makes one request', async () => {
    const { citizen, address } = aCitizen();
    const mail = (await aMail({ from: citizen })).toString();
    await after(`Delivered-To: mairie@plassans.fr\r\n${mail}`, `Delivered-To: contact@plassans.fr\r\n${mail}`);
    expect(await town.db.serviceRequest.count({ where: { citizenAddress: address } })).toBe(1);
    expect(await lastInbound()).toMatchObject({ state: 'ignored' });
  });

  test('the same Message-ID with other words makes two: an id proves nothing', async () => {
    const { citizen, address } = aCitizen();
    const messageId = '<squatted@example.org>';
    await after(
      await aMail({ from: citizen, messageId, text: 'Un.' }),
      await aMail({ from: citizen, messageId, text: 'Deux.' }),
    );
    expect(await town.db.serviceRequest.count({ where: { citizenAddress: address } })).toBe(2);
  });

  test('two mails that arrive together, the second answering the first, make one request', async () => {
    const { citizen, address } = aCitizen();
    const first = await aMail({ from: citizen, messageId: '<together@example.org>', text: 'Un trou.' });
    const second = await aMail({ from: citizen, inReplyTo: '<together@example.org>', text: 'J’oubliais : au 12.' });
    await town.quiet();
    await town.guichet.stop();
    await town.write(first);
    await town.write(second);
    await town.restart();
    await town.quiet();
    const [request, ...others] = await town.db.serviceRequest.findMany({ where: { citizenAddress: address } });
    expect(others).toEqual([]);
    expect(await actionsOn(request?.id ?? '')).toEqual(['receive', 'citizen_reply']);
  });

  test('a mailbox whose server forgot its numbers, and brings old mails back, makes no duplicate', async () => {
    await after(...(await Promise.all([1, 2, 3].map(() => aMail({ from: aCitizen().citizen })))));
    const before = await countRequests();
    const old = await town.imap.list(MAILBOX, 'Traités');
    expect(old.length).toBeGreaterThanOrEqual(3);
    await town.imap.forgetUids(MAILBOX, 'INBOX');
    const left = await after(...old.slice(-3), await aMail({ from: aCitizen().citizen }));
    expect(await countRequests()).toBe(before + 1);
    expect(left).toHaveLength(2);
  });

  test('every mail that came is in the processed folder, and none is left in the mailbox', async () => {
    await town.quiet();
    expect(await town.imap.list(MAILBOX, 'INBOX')).toEqual([]);
    const kept = await town.db.inboundEmail.count();
    expect((await town.imap.list(MAILBOX, 'Traités')).length).toBeGreaterThanOrEqual(kept);
  });
});

describe('answers to mails that are about no single request', () => {
  test('the desk’s answer to « Message à examiner » opens no request in the desk’s name', async () => {
    const notice = await heldNotice();
    const before = await countRequests();
    await after(await aReply(notice, DESK, 'Je ne le connais pas.'));
    expect(await countRequests()).toBe(before);
  });

  test('the supervisor’s answer to the status report opens no request in their name', async () => {
    await town.quiet();
    town.smtp.clear();
    town.clock.set('2026-04-20T06:00:30Z');
    await town.guichet.tick();
    const report = await town.smtp.requireMail({ to: 'dgs@plassans.fr', subject: 'Point de situation' });
    const before = await countRequests();
    await after(await aReply(report, 'DGS <dgs@plassans.fr>', 'Merci, bon travail.'));
    expect(await countRequests()).toBe(before);
  });
});

async function heldNotice(): Promise<SunkMail> {
  const [notice] = await after(ofTooManyParts().replace('<parts@', '<other-parts@'));
  expect(notice?.mail.subject).toContain('Message à examiner');
  return notice as SunkMail;
}

describe('odd mails', () => {
  test('an unreadable mail is kept and told to the desk, and the next ones go on', async () => {
    const { citizen, address } = aCitizen();
    const left = await after(ofTooManyParts(), await aMail({ from: citizen }));
    const held = await town.db.inboundEmail.findFirstOrThrow({
      where: { verdict: 'unreadable' },
      omit: { raw: false },
    });
    expect(held).toMatchObject({ state: 'held' });
    expect(Buffer.from(held.raw).toString()).toContain('part 1200');
    expect(recipients(left)).toEqual([DESKS, DESKS, address].toSorted());
    expect(left.map(({ mail }) => mail.subject).join()).toContain('Message à examiner');
  });

  test('a mail too large to be taken whole is told to the desk with its sender, and the next ones go on', async () => {
    const { citizen, address } = aCitizen();
    const huge = `From: grand@example.org\r\nSubject: Quarante mégaoctets\r\n\r\n${'x'.repeat(76)}\r\n`.padEnd(
      41_000_000,
      'y',
    );
    const left = await after(huge, await aMail({ from: citizen }));
    const held = await town.db.inboundEmail.findFirstOrThrow({ where: { verdict: 'too_large' } });
    expect(held).toMatchObject({ state: 'held', fromAddress: 'grand@example.org' });
    expect(recipients(left)).toEqual([DESKS, DESKS, address].toSorted());
    const notice = left.find(({ mail }) => mail.subject?.includes('Message à examiner'));
    expect(plain(notice?.mail.text)).toContain('trop volumineux');
  });

  test('an HTML mail without a text part shows its words, and none of its code', async () => {
    const message = await messageOf('html-only');
    expect(message.text.replaceAll('\u00a0', ' ')).toBe('Bonjour,\n\nLe lampadaire est cassé.\nMerci !');
  });

  test('an image inside the text is kept', async () => {
    const message = await messageOf('inline-image');
    expect(message.text).toBe('Voici le trou :');
    expect(message.attachments).toMatchObject([{ fileName: 'trou.png', contentType: 'image/png', inline: true }]);
  });

  test('names of files that would do harm are made harmless, in the desk’s mail too', async () => {
    const message = await messageOf('hostile-file-names');
    const names = message.attachments.map(({ fileName }) => fileName);
    expect(names).toHaveLength(10);
    for (const name of names) {
      expect(name).toMatch(/^[^\p{Cc}\p{Cf}/\\<>:"|?*]{1,150}$/u);
      expect(name).not.toMatch(/^\.|\.\.\/|^con$/i);
    }
    const told = town.smtp.mailsTo(DESKS).at(-1);
    expect(told?.mail.attachments.map(({ filename }) => filename)).toEqual(names);
  });

  test('NUL and lone surrogates, in every field, make an ordinary request', async () => {
    const message = await messageOf('nul-and-surrogates');
    expect(message.text).toMatch(/^Bonjour.?messieurs/u);
    const everything = JSON.stringify([message, await lastInbound()], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(everything).not.toContain(String.raw`\u0000`);
    expect(everything.isWellFormed()).toBe(true);
  });

  test('words in an 8-bit charset that is not named are read as western ones', async () => {
    const message = await messageOf('unlabelled-latin1');
    expect(message.text).toBe('La place est brûlante : plantez des arbres, c’est urgent.');
    expect(await lastInbound()).toMatchObject({ subject: 'Un été trop chaud' });
  });

  test('an empty mail is a request all the same: a person may have meant something', async () => {
    const left = await after(fixture('empty'));
    expect(await lastInbound()).toMatchObject({ state: 'done', verdict: 'new' });
    expect(recipients(left)).toContain(DESKS);
  });

  test.each(['no-sender', 'two-senders', 'zero-headers'])(
    '%s: the desk sees it, and nobody is answered',
    async (name) => {
      const left = await after(fixture(name));
      expect(recipients(left)).toEqual([DESKS]);
    },
  );
});

async function messageOf(name: string) {
  await after(fixture(name));
  const { id, state } = await lastInbound();
  expect(state).toBe('done');
  return town.db.message.findFirstOrThrow({
    where: { inboundEmailId: id },
    include: { attachments: { orderBy: { position: 'asc' } } },
  });
}

function withAWrongLetter({ acknowledgement }: Opened): string {
  return replyToOf(acknowledgement).replace(/.(?=@)/, (last) => (last === '2' ? '3' : '2'));
}

function damagedByHand(address: string): string {
  const [local = '', domain = ''] = address.split('@');
  const [reference = '', key = ''] = local.split('.');
  return `${reference}.${key.replaceAll('1', 'l').replaceAll('0', 'O')}@${domain}`;
}

/** mailparser gives up beyond a thousand parts (EMAXLEN). */
function ofTooManyParts(): string {
  const parts = Array.from({ length: 1_200 }, (_, i) => `--b\r\nContent-Type: text/plain\r\n\r\npart ${i + 1}\r\n`);
  const head =
    'From: zoe@example.org\r\nSubject: Mille morceaux\r\nMessage-ID: <parts@example.org>\r\nMIME-Version: 1.0';
  return `${head}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts.join('')}--b--\r\n`;
}

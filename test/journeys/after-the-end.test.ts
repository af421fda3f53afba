import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SunkMail } from '../support/smtp-sink.ts';
import { aMail, aPhoto, aReply, DESK, JEANNE, linksIn, plain } from './mails.ts';
import { startTown, type TestTown } from './town.ts';

/** What a citizen's mail does to a request that has ended, and how a new address becomes theirs. */

let town: TestTown;
beforeAll(async () => {
  town = await startTown({ at: '2026-04-13T08:00:00Z' });
});
afterAll(() => town?.stop());
beforeEach(() => town.smtp.clear());

const DESKS = 'accueil@plassans.fr';
const DAY_MS = 86_400_000;

interface Opened {
  id: string;
  reference: string;
  address: string;
  citizen: string;
  acknowledgement: SunkMail;
  told: SunkMail;
}

let citizens = 0;

async function anOpenRequest(text = 'Bonjour,\n\nLe banc de la place est cassé.\n\nPaul'): Promise<Opened> {
  citizens += 1;
  const address = `paul-${citizens}@example.org`;
  const citizen = `Paul ${citizens} <${address}>`;
  await town.write(await aMail({ from: citizen, subject: `Banc cassé, place ${citizens}`, text }));
  const acknowledgement = await town.smtp.requireMail({ to: address });
  const { id, reference } = await town.db.serviceRequest.findFirstOrThrow({ where: { citizenAddress: address } });
  const told = await town.smtp.requireMail({ to: DESKS, subject: reference });
  return { id, reference, address, citizen, acknowledgement, told };
}

/** Presses the link whose words begin so, and sends its form. */
async function submit(mail: SunkMail, link: string, fields: Record<string, string>): Promise<void> {
  const url = [...linksIn(mail)].find(([words]) => words.startsWith(link))?.[1];
  if (url === undefined) throw new Error(`no link « ${link} » in ${[...linksIn(mail).keys()].join(', ')}`);
  const page = await (await fetch(url)).text();
  const nonce = /name="nonce" value="([^"]+)"/.exec(page)?.[1] ?? '';
  later(5_000);
  const body = new URLSearchParams({ nonce, ...fields });
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  if (answer.status !== 303) throw new Error(`the form answered ${answer.status}: ${plain(await answer.text())}`);
  await town.quiet();
}

function later(ms: number): void {
  town.clock.set(new Date(town.clock.now().getTime() + ms).toISOString());
}

/** The mails that leave because of this one. */
async function after(raw: Buffer): Promise<SunkMail[]> {
  await town.quiet();
  town.smtp.clear();
  await town.write(raw);
  await town.quiet();
  return [...town.smtp.mails];
}

async function anAnsweredRequest(): Promise<Opened & { answer: SunkMail }> {
  const request = await anOpenRequest();
  await submit(request.told, 'Répondre et terminer', { comment: 'Le banc a été réparé ce matin.' });
  return { ...request, answer: lastTo(request.address, 'Le banc a été réparé') };
}

/** The newest mail to somebody, which must say this. */
function lastTo(address: string, words: string): SunkMail {
  const mail = town.smtp.mailsTo(address).at(-1);
  if (mail === undefined) throw new Error(`no mail to ${address}`);
  expect(plain(mail.mail.text)).toContain(words);
  return mail;
}

const rowOf = (id: string) => town.db.serviceRequest.findUniqueOrThrow({ where: { id } });
const recipients = (mails: readonly SunkMail[]) => mails.map(({ envelope }) => envelope.to.join()).toSorted();

describe('G14: a citizen who writes after the answer', () => {
  test('and is not satisfied reopens the request: back to whoever closed it', async () => {
    const request = await anAnsweredRequest();
    expect(await rowOf(request.id)).toMatchObject({ status: 'closed', outcome: 'answered' });
    const left = await after(await aReply(request.answer, request.citizen, 'Il est de nouveau cassé, venez vite.'));
    expect(await rowOf(request.id)).toMatchObject({ status: 'new', outcome: null, holder: 'desk', reopenedCount: 1 });
    expect(recipients(left)).toEqual([DESKS, request.address]);
    expect(left.find(({ envelope }) => envelope.to.includes(DESKS))?.mail.text).toContain('Il est de nouveau cassé');
  });

  test('only to say thank you leaves it closed; the desk reads it', async () => {
    const request = await anAnsweredRequest();
    const left = await after(await aReply(request.answer, request.citizen, 'Merci beaucoup !\n\nPaul'));
    expect(await rowOf(request.id)).toMatchObject({ status: 'closed', outcome: 'answered', reopenedCount: 0 });
    expect(recipients(left)).toEqual([DESKS]);
  });

  test('with « merci » and a photograph has something to show: it is opened again', async () => {
    const request = await anAnsweredRequest();
    await after(await aReply(request.answer, request.citizen, 'Merci', { attachments: [aPhoto('banc.png')] }));
    expect(await rowOf(request.id)).toMatchObject({ status: 'new', reopenedCount: 1 });
  });

  test('long after the end opens another request, which recalls the first', async () => {
    const request = await anAnsweredRequest();
    const before = town.clock.now();
    later(31 * DAY_MS);
    const left = await after(await aReply(request.answer, request.citizen, 'Il est encore cassé cette année.'));
    expect(await rowOf(request.id)).toMatchObject({ status: 'closed', outcome: 'answered' });
    const [next] = await town.db.serviceRequest.findMany({
      where: { citizenAddress: request.address, NOT: { id: request.id } },
    });
    expect(next).toMatchObject({ status: 'new', relatedReference: request.reference });
    expect(recipients(left)).toEqual([DESKS, request.address]);
    town.clock.set(before.toISOString());
  });

  test('by the link of the answer says why, and reopens it too', async () => {
    const request = await anAnsweredRequest();
    await submit(request.answer, "Ma demande n'est pas résolue", { comment: 'Le banc penche encore.' });
    expect(await rowOf(request.id)).toMatchObject({ status: 'new', reopenedCount: 1 });
  });

  test('twice in vain brings the supervisor in', async () => {
    const request = await anAnsweredRequest();
    await after(await aReply(request.answer, request.citizen, 'Toujours cassé.'));
    const reopened = await town.smtp.requireMail({ to: DESKS, subject: request.reference });
    await submit(reopened, 'Répondre et terminer', { comment: 'Réparé de nouveau.' });
    const again = lastTo(request.address, 'Réparé de nouveau');
    const left = await after(await aReply(again, request.citizen, 'Et toujours cassé.'));
    expect(recipients(left)).toContain('dgs@plassans.fr');
  });
});

describe('a request that repeats another one', () => {
  test('its citizen’s next mail is read where the matter is treated', async () => {
    const first = await anOpenRequest();
    const second = await anOpenRequest();
    const url = [...linksIn(second.told)].find(([words]) => words.startsWith('Ouvrir'))?.[1] ?? '';
    const page = await (await fetch(url)).text();
    const merge = /href="(\/a\/[^"]+)"[^>]*>Rattacher/.exec(page)?.[1] ?? '';
    const form = await (await fetch(new URL(merge, url))).text();
    const nonce = /name="nonce" value="([^"]+)"/.exec(form)?.[1] ?? '';
    later(5_000);
    const body = new URLSearchParams({ nonce, original: `n° ${first.reference}`, told: 'yes' });
    const answer = await fetch(new URL(merge, url), { method: 'POST', body, redirect: 'manual' });
    expect(answer.status).toBe(303);
    await town.quiet();
    expect(await rowOf(second.id)).toMatchObject({ outcome: 'duplicate', relatedReference: first.reference });
    const told = lastTo(second.address, second.reference);
    expect(told.mail.text).not.toContain(first.reference);

    await after(await aReply(told, second.citizen, 'J’ajoute que le dossier du banc est fendu.'));
    const added = await town.db.message.findFirstOrThrow({ where: { text: { contains: 'le dossier du banc' } } });
    expect(added).toMatchObject({ requestId: first.id, authorRole: 'third_party' });
    expect(await rowOf(second.id)).toMatchObject({ status: 'closed' });
  });
});

describe('N10: a new address', () => {
  test('is theirs once they answer « oui » to the mail that it received', async () => {
    const request = await anOpenRequest();
    const url = [...linksIn(request.told)].find(([words]) => words.startsWith('Ouvrir'))?.[1] ?? '';
    const page = await (await fetch(url)).text();
    const edit = new URL(/href="(\/a\/[^"]+)"[^>]*>Corriger/.exec(page)?.[1] ?? '', url);
    const form = await (await fetch(edit)).text();
    const nonce = /name="nonce" value="([^"]+)"/.exec(form)?.[1] ?? '';
    later(5_000);
    const fields = { 'was:citizenAddress': request.address, 'field:citizenAddress': 'paul.nouveau@example.org' };
    const body = new URLSearchParams({ nonce, ...fields });
    expect((await fetch(edit, { method: 'POST', body, redirect: 'manual' })).status).toBe(303);
    await town.quiet();
    expect(await rowOf(request.id)).toMatchObject({
      citizenAddress: request.address,
      pendingAddress: 'paul.nouveau@example.org',
    });
    const asked = await town.smtp.requireMail({ to: 'paul.nouveau@example.org' });
    expect(asked.mail.text).not.toContain('banc');

    const left = await after(await aReply(asked, 'Paul <paul.nouveau@example.org>', 'Oui, je confirme.'));
    expect(await rowOf(request.id)).toMatchObject({ citizenAddress: 'paul.nouveau@example.org', pendingAddress: '' });
    expect(recipients(left)).toEqual([request.address]);
    expect(left[0]?.mail.text).not.toContain('paul.nouveau@example.org');
  });
});

describe('N20, N22: colleagues', () => {
  test('a note that names Jeanne reaches her with a link, and her answer is a note', async () => {
    const request = await anOpenRequest();
    const named = await after(await aReply(request.told, DESK, 'note : @jeanne.martin peux-tu regarder ce banc ?'));
    const mention = named.find(({ envelope }) => envelope.to.includes('j.martin@plassans.fr')) as SunkMail;
    expect(mention.mail.text).toContain('peux-tu regarder ce banc');
    expect(recipients(named)).not.toContain(request.address);
    expect(await rowOf(request.id)).toMatchObject({ sharedWith: ['j.martin@plassans.fr'] });

    const left = await after(await aReply(mention, JEANNE, 'C’est vu, il faut une vis neuve.'));
    expect(recipients(left)).toEqual([DESKS]);
    expect(left[0]?.mail.text).toContain('une vis neuve');
  });

  test('a name that nobody bears is told to whoever wrote it', async () => {
    const request = await anOpenRequest();
    const left = await after(await aReply(request.told, DESK, 'note : @jeanne.martins un avis ?'));
    const told = left.find(({ mail }) => plain(mail.text).includes('jeanne.martins'));
    expect(told?.envelope.to).toEqual([DESKS]);
    expect(plain(told?.mail.text)).toContain('Jeanne Martin');
  });
});

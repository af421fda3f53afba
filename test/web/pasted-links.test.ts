import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actAsCitizen, citizenFile, citizenLink, officeDoes } from './citizens.ts';
import { act, get, linkOf, openRequest, startTown, type TestTown } from './town.ts';

/** RELIABILITY S9: people paste the mail that they have before their eyes, with its links, into the forms. */

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());
beforeEach(() => town.advance(11 * 60_000));

/** All that is kept of a request, and so all that can be shown or mailed. */
async function kept(requestId: string): Promise<string> {
  const { db } = town.ground.store;
  const where = { requestId };
  return JSON.stringify([
    await db.serviceRequest.findUniqueOrThrow({ where: { id: requestId } }),
    await db.message.findMany({ where }),
    await db.event.findMany({ where }),
    await db.outboundEmail.findMany({ where }),
  ]);
}

describe('a link pasted into a form', () => {
  it('by an agent reaches neither the citizen nor a colleague', async () => {
    const id = await openRequest(town);
    const own = town.url + (await linkOf(town, id, 'desk', 'refuse'));
    const words = `Bonjour,\nVoir ${own} merci.`;
    const note = await act(town, await linkOf(town, id, 'desk', 'note'), { comment: words, agent: own });
    const message = await act(town, await linkOf(town, id, 'desk', 'message'), { comment: words, told: 'yes' });
    const refusal = { comment: words, told: 'yes', mailSubject: own };
    const refused = await act(town, await linkOf(town, id, 'desk', 'refuse'), refusal);
    expect([note.status, message.status, refused.status]).toEqual([303, 303, 303]);
    expect(await kept(id)).not.toContain(own.slice(-43));
    expect(await kept(id)).toContain('Voir […] merci.');
    expect((await get(town, await citizenLink(town, id))).html).toContain('Voir […] merci.');
  });

  it('by a citizen lets no agent act in their name', async () => {
    const id = await openRequest(town);
    const own = town.url + (await citizenLink(town, id, 'withdraw'));
    const answer = await actAsCitizen(town, id, 'citizen_reply', { comment: `Mon lien : ${own}` });
    expect(answer.status).toBe(303);
    expect(await kept(id)).not.toContain(own.slice(-43));
  });
});

it('a notice of ours attached to an answer is not given to the citizen; any other piece is', async () => {
  const id = await openRequest(town);
  const own = town.url + (await linkOf(town, id, 'desk', 'refuse'));
  const pieces = [
    { fileName: 'avis.eml', contentType: 'message/rfc822', content: Buffer.from(`Subject: x\r\n\r\n${own}`) },
    { fileName: 'plan.txt', contentType: 'text/plain', content: Buffer.from('Le plan.') },
  ].map((file) => ({ ...file, inline: false, sha256: createHash('sha256').update(file.content).digest('hex') }));
  await officeDoes(town, id, { action: 'message', comment: 'Voici.', hasAttachments: true }, 'desk', pieces);
  const files = await town.ground.store.db.attachment.findMany({
    where: { message: { requestId: id } },
    orderBy: { position: 'asc' },
  });
  const answers = [];
  for (const file of files) answers.push(await get(town, await citizenFile(town, id, file.id)));
  expect(answers.map(({ status }) => status)).toEqual([404, 200]);
});

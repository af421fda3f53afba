import { allHasLeft, claim } from '../store/ground.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act, actAndFollow, eventsOf, get, linkOf, nonceIn, openRequest, post, readForm } from './town.ts';
import { startTown, textOf, type TestTown } from './town.ts';

let town: TestTown;

beforeAll(async () => {
  town = await startTown();
});
afterAll(async () => town.stop());

/** Voirie has just refused a request. */
async function refused(): Promise<{ id: string; result: string; voirie(action: string): Promise<string> }> {
  const id = await openRequest(town);
  await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment: 'Pour vous' });
  const voirie = (action: string) => linkOf(town, id, 'department:voirie', action);
  const result = await actAndFollow(town, await voirie('refuse'), { told: 'yes', comment: 'Trop vite' });
  return { id, result: result.html, voirie };
}

describe('whoever has just decided', () => {
  it('is offered the way back on the result, takes it with a tick, and can decide again', async () => {
    const { id, result, voirie } = await refused();
    expect(textOf(result)).toMatch(
      /Vous pouvez annuler cette décision jusqu'au .* L'usager n'en est informé qu'ensuite/,
    );
    const path = /href="([^"]+)">Annuler ma décision</.exec(result)?.[1] ?? '';
    const unticked = await act(town, path, {});
    expect(unticked.status).toBe(422);
    const undone = await actAndFollow(town, path, { confirm: 'yes', comment: 'Mauvaise demande' });
    expect(textOf(undone.html)).toContain('Décision annulée');
    expect(textOf(undone.html)).toContain("L'usager n'a rien reçu.");
    const dossier = textOf((await get(town, await voirie('view'))).html);
    expect(dossier).toContain('Transmise à Voirie');
    expect(dossier).toContain('a annulé sa décision');
    expect(dossier).toContain('Mauvaise demande');
    expect(dossier).not.toContain('Annuler ma décision');
    await actAndFollow(town, await voirie('accept'), { told: 'yes' });
    expect(await eventsOf(town, id)).toEqual(['receive', 'transfer', 'refuse', 'undo', 'accept']);
  });

  it('reads on the first result that its mails did not leave', async () => {
    const { id, voirie } = await refused();
    const event = await town.ground.store.db.event.findFirstOrThrow({ where: { requestId: id, action: 'refuse' } });
    await actAndFollow(town, await voirie('undo'), { confirm: 'yes' });
    const first = await get(town, `${await voirie('refuse')}?done=${event.id}`);
    expect(textOf(first.html)).toContain("annulé, n'est pas parti");
    expect(textOf(first.html)).not.toContain('Annuler ma décision');
  });

  it('finds it on the request too, and nobody else does', async () => {
    const { id, voirie } = await refused();
    expect(textOf((await get(town, await voirie('view'))).html)).toContain('Annuler ma décision');
    expect(textOf((await get(town, await linkOf(town, id, 'desk'))).html)).not.toContain('Annuler ma décision');
    const desk = await get(town, await linkOf(town, id, 'desk', 'undo'));
    expect(textOf(desk.html)).toContain("Cette action n'est plus possible");
    expect(nonceIn(desk.html)).toBe('');
  });
});

describe('too late', () => {
  it('after the window the link says so, and offers no form', async () => {
    const { id, voirie } = await refused();
    const path = await voirie('undo');
    const nonce = await readForm(town, path);
    town.advance(61_000);
    const late = await get(town, path);
    expect(textOf(late.html)).toContain('Trop tard pour annuler');
    expect(nonceIn(late.html)).toBe('');
    const sent = await post(town, path, { nonce, confirm: 'yes' });
    expect(sent.status).toBe(409);
    expect(textOf(sent.html)).toContain('Trop tard pour annuler');
    expect(await eventsOf(town, id)).toEqual(['receive', 'transfer', 'refuse']);
  });

  it('when a mail is leaving, though the window is open', async () => {
    const { id, voirie } = await refused();
    const { ground } = town;
    const mail = await ground.store.db.outboundEmail.findFirstOrThrow({ where: { requestId: id, kind: 'decision' } });
    const ahead = { ...ground, clock: { now: () => new Date(ground.clock.now().getTime() + 61_000) } };
    await allHasLeft(ground);
    expect(await claim(ahead, mail.id)).not.toBeNull();
    const answer = await act(town, await voirie('undo'), { confirm: 'yes' });
    expect(answer.status).toBe(409);
    expect(textOf(answer.html)).toContain('Trop tard pour annuler');
    expect(await eventsOf(town, id)).toEqual(['receive', 'transfer', 'refuse']);
  });
});

it('who lost the request is told of decisions that hold, not of one taken back', async () => {
  const { id, voirie } = await refused();
  await act(town, await voirie('undo'), { confirm: 'yes' });
  const old = await voirie('view');
  await act(town, await voirie('send_back'), { comment: 'Pas nous' });
  const moved = textOf((await get(town, old)).html);
  expect(moved).toContain("Voirie a renvoyé la demande à l'accueil");
  expect(moved).not.toContain('a refusé la demande');
  expect(await eventsOf(town, id)).toEqual(['receive', 'transfer', 'refuse', 'undo', 'send_back']);
});

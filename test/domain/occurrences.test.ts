import { describe, expect, test } from 'vitest';
import { joinDuplicate, open, recordAutomatic, recordForwarderWords, wake } from '../../src/domain/occurrences.ts';
import { recordDeliveryFailure } from '../../src/domain/undelivered.ts';
import { NEIGHBOUR, NORA, NOW, VOIRIE, aRequest, aTown, DESK_PERSON } from './plassans.ts';

const town = aTown();
const opening = {
  citizen: NORA,
  subject: 'Nid-de-poule',
  text: 'Bonjour',
  elided: '',
  receivedAt: NOW,
  acknowledge: true,
  category: null,
  origin: 'email',
  details: {},
  relatedReference: null,
} as const;

describe('a request that opens', () => {
  test('keeps what the agent who forwarded it said, also when that agent is of another office', () => {
    expect(recordForwarderWords(VOIRIE, 'Elle est passée hier.')).toMatchObject({
      done: true,
      event: { action: 'note', comment: 'Elle est passée hier.' },
      message: { kind: 'note', author: VOIRIE },
      mails: [],
    });
  });

  test('is at the desk, new, and both the citizen and the desk are told', () => {
    const { request, decision } = open('2026-000021', opening, town);
    expect(request).toMatchObject({ status: 'new', holder: 'desk', outcome: null, assignee: null, receivedAt: NOW });
    expect(mailsOf(decision)).toEqual(['acknowledgement → nora@example.org', 'new_request → accueil@plassans.fr']);
  });

  test('from a mailing list is not acknowledged', () => {
    const { decision } = open('2026-000021', { ...opening, acknowledge: false }, town);
    expect(mailsOf(decision)).toEqual(['new_request → accueil@plassans.fr']);
  });

  test('from nobody that can be written to is shown to the desk', () => {
    const { decision } = open('2026-000021', { ...opening, citizen: { ...NORA, address: '' } }, town);
    expect(mailsOf(decision)).toEqual(['new_request → accueil@plassans.fr']);
  });

  test('from the town hall itself is not acknowledged to itself', () => {
    const { decision } = open('2026-000021', { ...opening, citizen: { ...NORA, address: town.mailbox } }, town);
    expect(mailsOf(decision)).toEqual(['new_request → accueil@plassans.fr']);
  });
});

test('a robot’s mail is shown, changes nothing and is never answered', () => {
  expect(recordAutomatic(NEIGHBOUR, 'Je suis absent', '')).toMatchObject({
    done: true,
    changes: {},
    mails: [],
    message: { kind: 'automatic', text: 'Je suis absent' },
  });
});

describe('S18: a request on hold', () => {
  const day = new Date('2026-04-10T09:00:00+02:00');
  const waiting = aRequest({
    holder: 'voirie',
    status: 'on_hold',
    assignee: 'j.martin@plassans.fr',
    waitUntil: day,
    waitReason: 'Avis attendu',
    remindedCount: 2,
    remindedAt: NOW,
  });

  test('goes on from its day, with the agent in charge; whoever holds it is told what it had waited for', () => {
    const decision = wake(waiting, town, day);
    expect(mailsOf(decision)).toEqual(['resumed → voirie@plassans.fr', 'resumed → j.martin@plassans.fr']);
    expect(decision).toMatchObject({
      changes: {
        status: 'in_progress',
        statusSince: day,
        waitUntil: null,
        waitReason: '',
        remindedCount: 0,
        remindedAt: null,
      },
      event: { action: 'resume', actor: { role: 'system' } },
      mails: [{ facts: { reason: 'Avis attendu' } }, { facts: { reason: 'Avis attendu' } }],
    });
    expect(decision.done && 'assignee' in decision.changes).toBe(false);
  });

  test('not a minute before, nor without a day, nor when it is on hold no more', () => {
    const refusal = { done: false, refusal: 'nothing_due' };
    expect(wake(waiting, town, new Date(day.getTime() - 1))).toEqual(refusal);
    expect(wake({ ...waiting, waitUntil: null }, town, day)).toEqual(refusal);
    for (const status of ['new', 'in_progress', 'awaiting_citizen', 'closed'] as const) {
      expect(wake({ ...waiting, status }, town, day)).toEqual(refusal);
    }
  });

  test('is told to the desk when its department is gone; never to the mailbox itself', () => {
    expect(mailsOf(wake({ ...waiting, holder: 'parcs' }, town, day))).toEqual(['resumed → accueil@plassans.fr']);
    const small = { ...town, desk: { ...town.desk, address: town.mailbox } };
    expect(mailsOf(wake({ ...waiting, holder: 'desk' }, small, day))).toEqual([]);
  });
});

test('what a duplicate said is kept with the original, which stays as it is; nobody is mailed', () => {
  const joined = joinDuplicate(DESK_PERSON, { reference: '2026-000022', text: 'Le trou s’agrandit.' });
  expect(joined).toMatchObject({
    done: true,
    changes: {},
    event: { action: 'duplicate_joined', comment: 'Le trou s’agrandit.', details: { reference: '2026-000022' } },
    message: null,
    mails: [],
  });
});

describe('a mail that cannot be delivered', () => {
  test('to the citizen marks the request, and the desk is told', () => {
    const failure = recordDeliveryFailure({ kind: 'decision', to: NORA, answer: '550 unknown' }, aRequest(), town);
    expect(failure).toMatchObject({ changes: { undeliverable: true }, event: { action: 'delivery_failed' } });
    expect(mailsOf(failure)).toEqual(['undelivered → accueil@plassans.fr']);
  });

  test('to a department does not say that the citizen cannot be reached', () => {
    const failure = recordDeliveryFailure({ kind: 'transferred', to: VOIRIE, answer: '550' }, aRequest(), town);
    expect(failure).toMatchObject({ changes: {} });
    expect(mailsOf(failure)).toEqual(['undelivered → accueil@plassans.fr']);
  });

  test('to the desk is not told to the desk', () => {
    const failure = recordDeliveryFailure({ kind: 'undelivered', to: DESK_PERSON, answer: '550' }, aRequest(), town);
    expect(mailsOf(failure)).toEqual([]);
  });

  test('is not told to the mailbox itself, even where the desk reads it', () => {
    const small = { ...town, desk: { ...town.desk, address: town.mailbox } };
    expect(mailsOf(recordDeliveryFailure({ kind: 'decision', to: NORA, answer: '550' }, aRequest(), small))).toEqual(
      [],
    );
  });
});

function mailsOf(decision: ReturnType<typeof recordAutomatic>): string[] {
  if (!decision.done) throw new Error(`refused: ${decision.refusal}`);
  return decision.mails.map(({ kind, to }) => `${kind} → ${to.address}`);
}

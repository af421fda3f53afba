import { describe, expect, test } from 'vitest';
import { deliveryOf, isInTrouble, type DeliveryRow } from '../../src/domain/delivery.ts';
import { withheldBecause } from '../../src/domain/dispatch.ts';
import { recordBounce, recordDeliveryFailure } from '../../src/domain/undelivered.ts';
import { loadLocale } from '../../src/template.ts';
import { aRequest, aTown, NORA } from './plassans.ts';

const NOW = new Date('2026-09-07T10:00:00+02:00');
const at = (hour: number) => new Date(NOW.getTime() + (hour - 10) * 3_600_000);

function aRow(changes: Partial<DeliveryRow>): DeliveryRow {
  const instants = { tryAfter: null, deferredAt: null, delayedAt: null, bouncedAt: null, sentAt: null, triedAt: null };
  return { state: 'queued', ...instants, response: null, lastError: null, cause: null, ...changes };
}

const BUSY = '450 4.2.1 mailbox busy';
const UNKNOWN = '550 5.1.1 no such user';

describe('what became of a mail', () => {
  test.each<[string, Partial<DeliveryRow>, object]>([
    ['it may leave', {}, { state: 'waiting', at: null }],
    ['it stays until its decision cannot be undone', { tryAfter: at(11) }, { state: 'waiting', at: at(11) }],
    ['it is due', { tryAfter: at(9) }, { state: 'waiting', at: null }],
    ['it is being sent', { state: 'sending' }, { state: 'waiting', answer: '' }],
    [
      'it was sent',
      { state: 'sent', sentAt: at(9), response: '250 ok' },
      { state: 'sent', at: at(9), answer: '250 ok' },
    ],
    [
      'it was refused for now',
      { deferredAt: at(8), tryAfter: at(12), lastError: BUSY },
      { state: 'deferred', at: at(8), nextAt: at(12), answer: BUSY },
    ],
    [
      'it is being tried again',
      { state: 'sending', deferredAt: at(8), tryAfter: at(9), lastError: BUSY },
      { state: 'deferred', nextAt: null },
    ],
    [
      'the recipient’s server says that it is late',
      { state: 'sent', sentAt: at(8), delayedAt: at(9), response: '250 ok', lastError: '4.4.1 no answer' },
      { state: 'late', at: at(8), answer: '4.4.1 no answer' },
    ],
    [
      'it was refused',
      { state: 'failed', triedAt: at(9), lastError: UNKNOWN, cause: 'unknown_address' },
      { state: 'failed', at: at(9), answer: UNKNOWN, cause: 'unknown_address' },
    ],
    [
      'it was refused before causes were kept',
      { state: 'failed', lastError: '552 5.2.2 full' },
      { cause: 'mailbox_full' },
    ],
    ['it failed without a word', { state: 'failed' }, { state: 'failed', cause: 'other', answer: '' }],
    [
      'it came back',
      { state: 'failed', sentAt: at(8), bouncedAt: at(9), lastError: UNKNOWN, cause: 'unknown_address' },
      { state: 'bounced', at: at(9), cause: 'unknown_address' },
    ],
    ['it is withheld', { state: 'withheld', cause: 'pilot' }, { state: 'withheld', cause: 'pilot', answer: '' }],
    ['it is a file', { state: 'written', sentAt: at(9), response: 'a.eml' }, { state: 'written', answer: 'a.eml' }],
    ['its decision was undone', { state: 'cancelled', tryAfter: at(11) }, { state: 'cancelled', at: null }],
  ])('%s', (_what, changes, expected) => {
    const delivery = deliveryOf(aRow(changes), NOW);
    expect(delivery).toMatchObject(expected);
    expect(isInTrouble(delivery)).toBe(['failed', 'bounced'].includes(delivery.state));
    const { deliveryStates, deliveryCauses } = loadLocale();
    expect(deliveryStates?.[delivery.state]).toMatch(/\S/);
    if (delivery.cause !== '') expect(deliveryCauses?.[delivery.cause]).toMatch(/\S/);
  });

  test('a server that never ends is cut short, on one line', () => {
    const { answer } = deliveryOf(aRow({ state: 'sent', response: `250 ok\r\n${'x'.repeat(10_000)}` }), NOW);
    expect(answer).toHaveLength(160);
    expect(answer).not.toMatch(/\s{2}|\n/);
  });
});

test.each<[string, string[], string | null]>([
  ['nora@example.org', [], null],
  ['nora@example.org', ['@plassans.fr', 'zoe@example.org'], 'pilot'],
  ['Zoe@Example.org', ['zoe@example.org'], null],
  ['voirie@plassans.fr', ['@plassans.fr'], null],
  ['voirie@notplassans.fr', ['@plassans.fr'], 'pilot'],
  ['mairie@plassans.fr', [], 'own_mailbox'],
  ['MAIRIE+2026-000001.k3f@plassans.fr', ['@plassans.fr'], 'own_mailbox'],
  ['mairie2@plassans.fr', [], null],
])('%s, when %j may be written to: %s', (address, onlyTo, expected) => {
  expect(withheldBecause(address, onlyTo, 'mairie@plassans.fr')).toBe(expected);
});

describe('a server’s refusal is judged as a report of it would be', () => {
  test.each<[string, string, boolean]>([
    ['550 5.1.1 no such user', 'unknown_address', true],
    ['550 no such user here', 'unknown_address', true],
    ['Invalid recipient "nora@"', 'unknown_address', true],
    ['552 5.2.2 mailbox full', 'mailbox_full', false],
    ['452 4.2.2 mailbox full', 'mailbox_full', false],
    ['554 5.7.1 spam', 'refused', false],
    ['552 5.3.4 message too big', 'refused', false],
    ['451 4.7.1 greylisted, try again later', 'unreachable', false],
    ['TypeError: x is not a function', 'other', false],
  ])('%s: %s, the address is dead: %s', (answer, cause, isDead) => {
    const failure = recordDeliveryFailure({ kind: 'message', to: NORA, answer }, aRequest(), aTown());
    expect(failure).toMatchObject({ done: true, changes: isDead ? { undeliverable: true } : {} });
    expect(failure).toMatchObject({ event: { details: { cause, answer } }, mails: [{ facts: { cause } }] });
    const [status = ''] = /[45]\.\d\.\d/.exec(answer) ?? [];
    if (status === '') return;
    const bounce = { status, diagnostic: answer, isDelayed: false, hard: isDead, recipient: NORA.address };
    const report = { ...bounce, originalMessageId: '', cause: cause as 'refused' };
    const reported = recordBounce(
      { kind: 'message', to: NORA, bounce: report, suggestedAddress: '' },
      aRequest(),
      aTown(),
    );
    expect(reported).toMatchObject({ changes: isDead ? { undeliverable: true } : {} });
  });

  test('and proposes an address where one is likely', () => {
    const to = { ...NORA, address: 'nora@gmial.com' };
    const failure = recordDeliveryFailure({ kind: 'message', to, answer: UNKNOWN }, aRequest(), aTown());
    expect(failure).toMatchObject({ mails: [{ facts: { suggestedAddress: 'nora@gmail.com' } }] });
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isKeyOf, ownerKey, readReplyAddress, replyAddress, type AddressKey } from '../../src/reply-address.ts';
import { PEOPLE } from './received.ts';

const MAILBOX = 'mairie@plassans.fr';
const SECRETS = ['a-test-secret-that-is-long-enough-0123456789'];
const { nora, desk, voirie } = PEOPLE;
const ADDRESS = replyAddress(MAILBOX, '2026-000021', ownerKey(nora, 'thread'), SECRETS);

function read(address: string): AddressKey {
  const key = readReplyAddress(address, MAILBOX);
  if (key === null) throw new Error(`not read: ${address}`);
  return key;
}

describe('a signed reply address', () => {
  test('names the request, and proves to whom it was mailed', () => {
    expect(ADDRESS).toMatch(/^mairie\+2026-000021\.[0-9a-hjkmnp-tv-z]{16}@plassans\.fr$/);
    expect(read(ADDRESS).reference).toBe('2026-000021');
    expect(isKeyOf(read(ADDRESS), ownerKey(nora, 'thread'), SECRETS)).toBe(true);
  });

  test('is another one for everybody else, and for every other request', () => {
    for (const person of [desk, voirie, { ...nora, address: 'other@example.org' }, { ...nora, role: 'desk' }]) {
      expect(isKeyOf(read(ADDRESS), ownerKey(person, 'thread'), SECRETS)).toBe(false);
    }
    const moved = ADDRESS.replace('000021', '000022');
    expect(isKeyOf(read(moved), ownerKey(nora, 'thread'), SECRETS)).toBe(false);
  });

  test('to a colleague is another one than into the thread with the citizen', () => {
    expect(isKeyOf(read(ADDRESS), ownerKey(nora, 'note'), SECRETS)).toBe(false);
  });

  test('does not depend on the case of the person’s address', () => {
    expect(ownerKey({ ...nora, address: 'Nora@Example.org' }, 'thread')).toBe(ownerKey(nora, 'thread'));
  });

  test('survives capitals, l for 1, i for 1, o for 0, whoever it belongs to', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.integer({ min: 1, max: 999_999 }), (address, number) => {
        const owner = ownerKey({ ...nora, address }, 'thread');
        const reference = `2026-${String(number).padStart(6, '0')}`;
        const [head = '', tail = ''] = replyAddress(MAILBOX, reference, owner, SECRETS).split('.', 2);
        for (const [one, zero] of [
          ['l', 'o'],
          ['I', 'O'],
          ['L', 'o'],
        ] as const) {
          const damaged = `${head}.${tail.replaceAll('1', one).replaceAll('0', zero)}.fr`.toUpperCase();
          expect(isKeyOf(read(damaged), owner, SECRETS)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('is refused with any one letter changed', () => {
    const start = ADDRESS.indexOf('.') + 1;
    for (let i = start; i < start + 16; i++) {
      const other = ADDRESS[i] === '2' ? '3' : '2';
      const changed = ADDRESS.slice(0, i) + other + ADDRESS.slice(i + 1);
      expect(isKeyOf(read(changed), ownerKey(nora, 'thread'), SECRETS)).toBe(false);
    }
  });

  test('made with a former secret is still good, and with a forgotten one no more', () => {
    expect(isKeyOf(read(ADDRESS), ownerKey(nora, 'thread'), ['a-newer-secret-0123456789-0123456789', ...SECRETS])).toBe(
      true,
    );
    expect(isKeyOf(read(ADDRESS), ownerKey(nora, 'thread'), ['a-newer-secret-0123456789-0123456789'])).toBe(false);
  });

  test.each([
    'mairie@plassans.fr',
    'mairie+2026-000021@plassans.fr',
    'mairie+2026-000021.short@plassans.fr',
    'mairie+2026-000021.0123456789abcdefg@plassans.fr',
    'mairie+1999-000021.0123456789abcdef@plassans.fr',
    'mairie+2026-000021.0123456789abcdef@evil.fr',
    'mairie+2026-000021.0123456789abcdef@plassans.fr.evil.fr',
    'x-mairie+2026-000021.0123456789abcdef@plassans.fr',
    'mairie+2026-000021.0123456789abcde\u0661@plassans.fr',
    '',
  ])('« %s » is none', (address) => {
    expect(readReplyAddress(address, MAILBOX)).toBeNull();
  });
});

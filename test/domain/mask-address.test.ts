import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskAddress } from '../../src/domain/mask-address.ts';

describe('an address shown to whoever may not be its owner', () => {
  test.each([
    ['nora.lemaire@orange.fr', 'n•••@orange.fr'],
    ['n@orange.fr', 'n•••@orange.fr'],
    ['jean-pierre.le-goff+mairie@laposte.net', 'j•••@laposte.net'],
    ['élise@plassans.fr', 'é•••@plassans.fr'],
    ['𝒥ean@plassans.fr', '𝒥•••@plassans.fr'],
    ['"a@b"@plassans.fr', '"•••@plassans.fr'],
  ])('%s is shown as %s', (address, masked) => {
    expect(maskAddress(address)).toBe(masked);
  });

  test.each(['', 'nora', '@orange.fr'])('of what is no address, nothing is shown: %j', (address) => {
    expect(maskAddress(address)).toBe('•••');
  });

  test('two addresses with the same first letter at the same provider look the same', () => {
    const local = fc.stringMatching(/^n[a-z.]{0,30}$/);
    fc.assert(
      fc.property(local, local, (one, other) => {
        expect(maskAddress(`${one}@free.fr`)).toBe(maskAddress(`${other}@free.fr`));
      }),
    );
  });
});

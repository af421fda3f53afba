import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterWrongCode, type GivenCode, judgeCode, MOST_TRIES, readCode } from '../../src/domain/six-digits.ts';

const NOW = new Date('2026-04-09T10:00:00+02:00');

describe('what a person types', () => {
  test.each([
    '123456',
    ' 123456 ',
    '123 456',
    '123\u00a0456',
    '123\u202f456',
    '12 34 56',
    '123-456',
    '123.456',
    '\u200b123456\ufeff',
    '123456\r\n',
    '１２３４５６',
    '１２３\u3000４５６',
  ])('%j is the code', (input) => {
    expect(readCode(input)).toBe('123456');
  });

  test.each(['', '12345', '1234567', '12345a', '123,456', '+123456', '1e5000', 'cent', '123456 123456', '٣٣٣٣٣٣'])(
    '%j is none',
    (input) => {
      expect(readCode(input)).toBeNull();
    },
  );

  test('a first zero is a digit like another', () => {
    expect(readCode('000 042')).toBe('000042');
  });

  test('a megabyte is no code', () => {
    expect(readCode(' '.repeat(1_000_000))).toBeNull();
    expect(readCode(`123456${' '.repeat(1_000_000)}`)).toBeNull();
  });

  test('any six digits are read, however they are spaced', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(digits, fc.constantFrom('', ' ', '-', '\u00a0'), (each, space) => {
        expect(readCode(each.join(space))).toBe(each.join(''));
      }),
    );
  });
});

describe('a code', () => {
  test('is right when it is the one sent', () => {
    expect(judgeCode({ givenHash: 'abc', code: aCode() }, NOW)).toBe('right');
  });

  test.each(['abd', 'ab', 'abcd', '', 'bbc'])('is wrong when it is another: %j', (givenHash) => {
    expect(judgeCode({ givenHash, code: aCode() }, NOW)).toBe('wrong');
  });

  test('that was never sent is never right', () => {
    expect(judgeCode({ givenHash: '', code: aCode({ hash: '' }) }, NOW)).toBe('wrong');
  });

  test('is worth nothing from the instant it ends', () => {
    const code = aCode({ expiresAt: NOW });
    expect(judgeCode({ givenHash: 'abc', code }, NOW)).toBe('expired');
    expect(judgeCode({ givenHash: 'abc', code }, minutes(NOW, -1))).toBe('right');
  });

  test('is not even looked at while its person is locked out, right or ended', () => {
    const code = aCode({ tries: 5, lockedUntil: minutes(NOW, 1), expiresAt: NOW });
    expect(judgeCode({ givenHash: 'abc', code }, NOW)).toBe('locked');
  });

  test('can be tried again from the instant the lock ends', () => {
    const code = aCode({ tries: 5, lockedUntil: NOW });
    expect(judgeCode({ givenHash: 'abc', code }, NOW)).toBe('right');
  });

  test('five wrong tries lock for fifteen minutes', () => {
    let kept: Pick<GivenCode, 'tries' | 'lockedUntil'> = { tries: 0, lockedUntil: null };
    for (let tried = 1; tried < MOST_TRIES; tried++) {
      kept = afterWrongCode(kept, NOW);
      expect(kept).toEqual({ tries: tried, lockedUntil: null });
    }
    expect(afterWrongCode(kept, NOW)).toEqual({ tries: 5, lockedUntil: minutes(NOW, 15) });
  });

  test('after a lock, a person has five tries again', () => {
    expect(afterWrongCode({ tries: 5, lockedUntil: minutes(NOW, -1) }, NOW)).toEqual({ tries: 1, lockedUntil: null });
  });

  test('a lock whose end was not written is a lock', () => {
    expect(judgeCode({ givenHash: 'abc', code: aCode({ tries: 5 }) }, NOW)).toBe('locked');
  });

  test('whoever guesses gets five guesses, then at most five in fifteen minutes', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(waits, (seconds) => {
        let kept: Pick<GivenCode, 'tries' | 'lockedUntil'> = { tries: 0, lockedUntil: null };
        let now = NOW;
        const guesses: Date[] = [];
        for (const wait of seconds) {
          now = new Date(now.getTime() + wait * 1_000);
          const code = aCode({ ...kept, expiresAt: minutes(now, 10) });
          if (judgeCode({ givenHash: 'no', code }, now) !== 'wrong') continue;
          guesses.push(now);
          kept = afterWrongCode(kept, now);
        }
        for (const [at, guess] of guesses.entries()) {
          const ninth = guesses[at + 9];
          // Four before a lock and five after it are the most that any fifteen minutes can hold.
          if (ninth !== undefined) expect(ninth.getTime() - guess.getTime()).toBeGreaterThanOrEqual(15 * 60_000);
        }
      }),
    );
  });
});

function aCode(changes: Partial<GivenCode> = {}): GivenCode {
  return { hash: 'abc', expiresAt: minutes(NOW, 10), tries: 0, lockedUntil: null, ...changes };
}

function minutes(from: Date, count: number): Date {
  return new Date(from.getTime() + count * 60_000);
}

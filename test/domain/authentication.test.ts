import { describe, expect, test } from 'vitest';
import { senderProof } from '../../src/domain/authentication.ts';

const SERVERS = ['mx.plassans.fr'];
const proof = (...values: string[]) =>
  senderProof(new Map([['authentication-results', values]]), SERVERS, 'plassans.fr');

describe('an agent’s mail is an agent’s when our own server says so', () => {
  test.each([
    ['mx.plassans.fr; dmarc=pass header.from=plassans.fr'],
    ['MX.PLASSANS.FR; dmarc=pass'],
    ['mx.plassans.fr 1; dmarc=pass (p=reject)'],
    ['"mx.plassans.fr"; spf=pass smtp.mailfrom=plassans.fr; dmarc=pass'],
    ['mx.plassans.fr; dkim=pass header.d=plassans.fr header.s=a'],
    ['mx.plassans.fr; dkim=pass header.i=@plassans.fr'],
    ['mx.plassans.fr; dkim=fail header.d=other.fr; dmarc=pass'],
  ])('%s', (value) => expect(proof(value)).toBe('pass'));
});

describe('whatever anybody else writes proves nothing', () => {
  test.each([
    ['mx.evil.example; dmarc=pass'],
    ['mx.plassans.fr.evil.example; dmarc=pass'],
    ['evil.example mx.plassans.fr; dmarc=pass'],
    ['(mx.plassans.fr); dmarc=pass'],
    ['mx.plassans.fr'],
    ['mx.plassans.fr; none'],
    ['mx.plassans.fr; spf=pass smtp.mailfrom=plassans.fr'],
    ['mx.plassans.fr; dkim=pass header.d=evil.example'],
    ['mx.plassans.fr; dkim=pass header.d=fr'],
    ['mx.plassans.fr; dkim=pass (dmarc=pass) header.d=evil.example'],
    ['mx.plassans.fr; dkim=neutral reason="dmarc=pass; dmarc=pass" header.d=plassans.fr'],
    ['mx.plassans.fr; x="a; dmarc=pass"'],
    [';dmarc=pass'],
    [''],
  ])('%s', (value) => expect(proof(value)).toBe('none'));

  test('nothing configured, nothing believed', () => {
    expect(senderProof(new Map([['authentication-results', ['mx.plassans.fr; dmarc=pass']]]), [], 'plassans.fr')).toBe(
      'none',
    );
  });
  test('no header at all', () => expect(senderProof(new Map(), SERVERS, 'plassans.fr')).toBe('none'));
});

describe('a failure is stronger than a pass', () => {
  test.each([['mx.plassans.fr; dmarc=fail; dkim=pass header.d=plassans.fr'], ['mx.plassans.fr; dmarc=fail (p=none)']])(
    '%s',
    (value) => expect(proof(value)).toBe('fail'),
  );

  test('two headers in our name: one of them is forged', () => {
    expect(proof('mx.plassans.fr; dmarc=fail', 'mx.plassans.fr; dmarc=pass')).toBe('fail');
    expect(proof('mx.plassans.fr; dmarc=pass', 'mx.plassans.fr; dmarc=pass')).toBe('fail');
    expect(proof('mx.plassans.fr; dmarc=pass', 'mx.evil.example; dmarc=fail')).toBe('pass');
  });
});

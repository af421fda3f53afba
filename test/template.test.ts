import { describe, expect, test } from 'vitest';
import { fileSize, longDate, longDay, shortDate } from '../src/template-formats.ts';
import { createEngine, label } from '../src/template.ts';

const PARIS = 'Europe/Paris';

describe('a date, as people read it', () => {
  test.each([
    ['2026-04-06T12:05:00Z', 'lundi 6 avril 2026 à 14 h 05'],
    ['2026-05-01T06:00:00Z', 'vendredi 1er mai 2026 à 8 h 00'],
    ['2026-03-29T01:00:00Z', 'dimanche 29 mars 2026 à 3 h 00'],
    ['2026-10-25T00:30:00Z', 'dimanche 25 octobre 2026 à 2 h 30'],
    ['2026-12-31T23:30:00Z', 'vendredi 1er janvier 2027 à 0 h 30'],
  ])('%s', (instant, read) => {
    expect(plain(longDate(new Date(instant), PARIS))).toBe(read);
    expect(plain(longDate(instant, PARIS))).toBe(read);
  });

  test('short, in a list', () => {
    expect(plain(shortDate('2026-04-06T12:05:00Z', PARIS))).toBe('06/04/2026 14 h 05');
  });

  test('does not break between the day and the month, nor within the hour', () => {
    expect(longDay('2026-04-06T12:05:00Z', PARIS)).toBe('lundi\u00a06\u00a0avril\u00a02026');
    expect(longDate('2026-04-06T12:05:00Z', PARIS)).toMatch(/14\u00a0h\u00a005$/u);
  });
});

test.each([
  [0, '0 o'],
  [999, '999 o'],
  [1_400, '1,4 ko'],
  [14_400, '14 ko'],
  [1_400_000, '1,4 Mo'],
  [25_000_000, '25 Mo'],
])('%d bytes are %s', (bytes, read) => {
  expect(plain(fileSize(bytes))).toBe(read);
});

test('a word without its label shows itself instead of failing', () => {
  expect(label('actions', 'accept')).toBe('Accepter la demande');
  expect(label('actions', 'dance')).toBe('actions.dance');
  expect(label('dances', 'waltz')).toBe('dances.waltz');
});

describe('what a citizen writes', () => {
  const page = createEngine({ html: true, timeZone: PARIS });
  const mail = createEngine({ html: false, timeZone: PARIS });

  test('is text on a page, whatever it looks like, and left alone in a plain mail', () => {
    const text = `<script>alert('é')</script> & "{{ secret }}"`;
    expect(page.parseAndRenderSync('{{ text }}', { text, secret: 'no' })).toBe(
      '&lt;script&gt;alert(&#39;é&#39;)&lt;/script&gt; &amp; &#34;{{ secret }}&#34;',
    );
    expect(mail.parseAndRenderSync('{{ text }}', { text, secret: 'no' })).toBe(text);
  });

  test('reaches nothing of an object but its own values', () => {
    expect(page.parseAndRenderSync('{{ a.constructor.name }}{{ a.__proto__ }}', { a: {} })).toBe('');
  });

  test('a template that names a filter which does not exist refuses to load', () => {
    expect(() => page.parse('{{ text | nonsense }}')).toThrow(/nonsense/);
  });
});

function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { openOriginal } from '../../src/intake/open-original.ts';
import { readOriginal } from '../../src/intake/original.ts';
import { Parser } from '../../src/intake/parser.ts';
import { HANG_MS } from '../support/hang.ts';
import { HOSTILE, htmlMail } from './hostile-html.ts';

/** « Voir le message d'origine »: what of a mail is shown again. RELIABILITY M10, M11, M17. */

const FRENCH = 'test/fixtures/emails/french';
const parser = new Parser();
afterAll(async () => parser.stop());

const htmlOf = async (html: string) => (await openOriginal(htmlMail(html))).html ?? '';

describe('what runs, phones home or hides', () => {
  test('is tried in more than fifty ways', () => {
    expect(Object.keys(HOSTILE).length).toBeGreaterThan(50);
  });

  test.each(Object.entries(HOSTILE))('%s is taken out', async (_name, hostile) => {
    const html = await htmlOf(`<p>Bonjour</p>${hostile}<p>Merci</p>`);
    expect(html).toContain('Bonjour');
    for (const [tag = '', name = ''] of html.matchAll(/<\/?([^\s>/]*)[^>]*>/g)) {
      expect(ALLOWED, tag).toContain(name);
      // What stands in quotes is words; a name outside them is an attribute.
      expect(tag.replaceAll(/"[^"]*"/g, '""')).not.toMatch(
        /\s(on\w+|src(set|doc)|background|ping|action|class|id)\s*=/i,
      );
      expect(tag).not.toMatch(/style="[^"]*(url|expression|position|@|\\)/i);
      expect(tag).not.toMatch(/href="(?!https?:|mailto:|tel:)/);
    }
  });
});

const ALLOWED = 'p a b img div table tbody tr td br'.split(' ');

describe('what a person reads', () => {
  test('stays: words, weight, colours, tables', async () => {
    const html = await htmlOf(
      '<div class=x id=y><b>Devis</b> <span style="color:#f00;font-size:0;position:fixed">mes réponses en rouge</span>' +
        '<table border=1 width=600><tr><td colspan=2 rowspan=65534 bgcolor="#eee">1</td></tr></table></div>',
    );
    expect(html.trim()).toBe(
      '<div><b>Devis</b> <span style="color:#f00">mes réponses en rouge</span>' +
        '<table border="1"><tr><td bgcolor="#eee" colspan="2">1</td></tr></table></div>',
    );
  });

  test('a link says where it leads, and tells nobody where it was followed from', async () => {
    expect(
      await htmlOf('<a href="https://impots.gouv.fr@evil.example/a?b=1&c=2" target=_top>Votre dossier</a>'),
    ).toContain(
      '<a href="https://impots.gouv.fr@evil.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow" target="_blank"' +
        ' title="https://impots.gouv.fr@evil.example/a?b=1&amp;c=2" data-to="evil.example">Votre dossier</a>',
    );
  });

  test.each([
    ['https://exemple.fr/a', 'https://exemple.fr/a', false],
    ['https://exemple.fr/a', 'exemple.fr', false],
    ['mailto:nora@example.org', 'Nora@example.org', false],
    ['https://evil.example/', 'https://exemple.fr/evil.example', true],
    ['https://evil.example/', 'evil.example.exemple.fr', true],
    ['https://evil.example/', 'https://evil.example@exemple.fr', true],
    ['mailto:nora@example.org', 'Écrire à Nora', true],
    ['https://xn--mare-6pa.fr/', 'maіrie.fr', true],
  ])('%s shown as « %s » is told apart: %s', async (href, words, isTold) => {
    expect((await htmlOf(`<p>x</p><a href="${href}">${words}</a>`)).includes('data-to=')).toBe(isTold);
  });

  test('a link within the mail, or into the page that shows it, leads nowhere', async () => {
    expect(await htmlOf('<a href="#bas">plus bas</a> <a href="/a/x">ici</a>')).toContain('<a>plus bas</a> <a>ici</a>');
  });

  test('right-to-left letters keep their direction', async () => {
    expect(await htmlOf('<p dir="rtl">مرحبا</p>')).toContain('<p dir="rtl">مرحبا</p>');
  });
});

describe('pictures', () => {
  test('of elsewhere are counted, not loaded; what they say in words stays', async () => {
    const mail = await openOriginal(
      htmlMail(
        '<img src="https://e.example/a.png" alt="Logo"><img src="//e.example/p.gif"><img src=HTTP://e.example/c>' +
          '<table background="https://e.example/t"><tr><td style="background:url( \'https://e.example/u\')">x</table>',
      ),
    );
    expect(mail.blockedImages).toBe(5);
    expect(mail.html).toContain('<img alt="Logo" />');
    expect(mail.html).not.toContain('e.example');
  });

  test.each<[string, string, Buffer]>([
    ['PNG', 'image/png', Buffer.from('89504e470d0a1a0a00', 'hex')],
    ['JPEG', 'image/jpeg', Buffer.from('ffd8ffe000', 'hex')],
    ['GIF', 'image/gif', Buffer.from('GIF89a.')],
    ['WebP', 'image/webp', Buffer.from('RIFF....WEBPVP8 ')],
  ])('that the mail brings are shown: %s', async (_name, type, bytes) => {
    const shown = `<img src="data:${type};base64,${bytes.toString('base64')}" alt="" width="20" />`;
    // The label lies: bytes decide.
    expect((await openOriginal(related('<img src="cid:a%40b" width=20>', bytes, 'image/bmp'))).html).toContain(shown);
    const inline = `<img src="data:text/html;base64,${bytes.toString('base64')}" width=20>`;
    expect(await htmlOf(inline)).toContain(shown);
  });

  test.each<[string, Buffer]>([
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="top.__xss=1"/>')],
    ['HTML', Buffer.from('<script>top.__xss=1</script>')],
    ['too heavy', Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.alloc(300_000)])],
  ])('are not shown when they are %s; the piece is still named', async (_name, bytes) => {
    const mail = await openOriginal(related('<p>x</p><img src="cid:a@b" alt="photo">', bytes, 'image/png'));
    expect(mail.html).toBe('<p>x</p><img alt="photo" />');
    expect(mail.files).toEqual([{ fileName: 'photo.png', size: bytes.length }]);
    expect(mail.blockedImages).toBe(0);
  });

  test('one shown again and again counts each time', async () => {
    const bytes = Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.alloc(299_000)]);
    const { html } = await openOriginal(related('<img src="cid:a@b">'.repeat(50), bytes, 'image/jpeg'));
    expect(html?.match(/src=/g)).toHaveLength(3);
  });
});

function related(html: string, bytes: Buffer, type: string): Buffer {
  const head = 'From: a@example.org\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n';
  const text = `Content-Type: text/html; charset=utf-8\r\n\r\n${html}\r\n--b\r\n`;
  const part = `Content-Type: ${type}; name=photo.png\r\nContent-ID: <a@b>\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
  return Buffer.from(`${head}${text}${part}${bytes.toString('base64')}\r\n--b--\r\n`);
}

const fill = (text: string) => text.repeat(Math.ceil(1_000_000 / text.length));

describe('bombs: no thread ends, no click hangs, and the words are shown', () => {
  test.each<[string, string]>([
    ['open div', fill('<div>')],
    ['closed div', '<div>'.repeat(80_000) + '</div>'.repeat(80_000)],
    ['two thousand tables', '<table><tr><td>'.repeat(2_000)],
    ['tables', fill('<table><tr><td>')],
    ['open b', fill('<b>')],
    ['unknown tags', fill('<xx>')],
    ['stray ends under fifty thousand div', '<div>'.repeat(50_000) + fill('</p>')],
    ['stray ends as deep as is read', '<div>'.repeat(1_990) + fill('</p>')],
    ['links in lists', fill('<a href=x><li>')],
    ['attributes', `<p ${Array.from({ length: 100_000 }, (_, i) => `a${i}=1`).join(' ')}>x`],
    ['one attribute', `<p style="${fill('color:red;')}">x`],
    ['unclosed functions of style', `<p style="${fill('url(')}">x`],
    ['spaces in an address', `<p style="url(${' '.repeat(900_000)}">x`],
    ['brackets', fill('<')],
    ['ampersands', fill('&')],
    ['comments', fill('<!--')],
    ['iframes', fill('<iframe>')],
    ['noscript', fill('<noscript></noscript>')],
    ['svg', fill('<svg>')],
    ['pictures', fill('<img src=cid:x alt=x>')],
    ['blank', fill('<br>&nbsp;')],
  ])('%s', async (_name, html) => {
    const start = performance.now();
    const mail = await readOriginal(htmlMail(`<p>Bonjour</p>${html}`), parser);
    expect(performance.now() - start).toBeLessThan(HANG_MS);
    expect(`${mail?.html ?? ''}${mail?.text}`).toContain('Bonjour');
  });

  test('a mail nested beyond layout keeps the words that are further down', async () => {
    const { html } = await openOriginal(htmlMail(`${'<div>'.repeat(300)}tout au fond`));
    expect(html).toContain('tout au fond');
    expect(html?.match(/<div>/g)).toHaveLength(100);
  });

  test('one beyond reading is shown as words alone', async () => {
    const mail = await openOriginal(htmlMail(`${'<div>'.repeat(5_000)}tout au fond`));
    expect(mail).toMatchObject({ html: null, text: 'tout au fond' });
  });

  test('a thread that is too slow is ended: there is nothing to show, and the next mail is', async () => {
    const hurried = new Parser(1);
    expect(await readOriginal(htmlMail(fill('<p>')), hurried)).toBeNull();
    await hurried.stop();
    expect(await readOriginal(htmlMail('<p>Bonjour</p>'), parser)).toMatchObject({ html: '<p>Bonjour</p>\n' });
  });

  test('a mail of two thousand parts is malformed beyond reading: there is nothing to show', async () => {
    const parts = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(2_000);
    const raw = `From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`;
    expect(await readOriginal(Buffer.from(raw), parser)).toBeNull();
  });
});

describe('the fields', () => {
  test('say who wrote to whom, in words', async () => {
    const more =
      'Cc: =?utf-8?Q?Zo=C3=A9?= <zoe@example.org>, "x" <b@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\n';
    expect(await openOriginal(htmlMail('<p>x</p>', more))).toMatchObject({
      from: 'Nora Petit <nora@example.org>',
      to: 'mairie@plassans.fr',
      cc: 'Zoé <zoe@example.org>, x <b@example.org>',
      date: new Date('2026-11-20T09:00:00Z'),
      subject: 'Un trou',
    });
  });

  test('that nobody can read are empty, and a crowd is cut', async () => {
    const crowd = Array.from({ length: 5_000 }, (_, i) => `a${i}@example.org`).join(', ');
    const mail = await openOriginal(Buffer.from(`Date: hier\r\nTo: ${crowd}\r\nSubject: x\r\n\r\nBonjour`));
    expect(mail).toMatchObject({ from: '', cc: '', date: null, html: null, text: 'Bonjour' });
    expect(mail.to.length).toBeLessThanOrEqual(2_000);
  });
});

describe('letters', () => {
  test.each<[string, string, Buffer]>([
    ['windows-1252', '; charset=windows-1252', Buffer.from('<p>\x80 \x9cuvre \xe9t\xe9</p>', 'latin1')],
    [
      'windows-1252 labelled iso-8859-1',
      '; charset=iso-8859-1',
      Buffer.from('<p>\x80 \x9cuvre \xe9t\xe9</p>', 'latin1'),
    ],
    ['no label at all', '', Buffer.from('<p>\x80 \x9cuvre \xe9t\xe9</p>', 'latin1')],
    ['UTF-8 labelled nothing', '', Buffer.from('<p>€ œuvre été</p>')],
  ])('%s', async (_name, charset, body) => {
    const head = Buffer.from(`From: a@example.org\r\nContent-Type: text/html${charset}\r\n\r\n`);
    expect((await openOriginal(Buffer.concat([head, body]))).html).toContain('<p>€ œuvre été</p>');
  });
});

test('a mail attached to another is a piece of it, and its HTML is not the mail’s', async () => {
  const head = 'From: accueil@plassans.fr\r\nSubject: TR: Un trou\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n';
  const own = '--b\r\nContent-Type: text/html\r\n\r\n<p>Pour vous.</p>\r\n';
  const inner = `--b\r\nContent-Type: message/rfc822; name=trou.eml\r\n\r\n${htmlMail('<p>Mes mots.</p>').toString()}\r\n--b--\r\n`;
  const mail = await openOriginal(Buffer.from(head + own + inner));
  expect(mail.html).toBe('<p>Pour vous.</p>');
  expect(mail.files.map(({ fileName }) => fileName)).toEqual(['trou.eml']);
});

test('every mail of the French corpus is shown, and says nothing but what the sanitizer lets through', async () => {
  const names = readdirSync(FRENCH).filter((name) => name.endsWith('.eml'));
  expect(names.length).toBeGreaterThan(100);
  const hidden: string[] = [];
  for (const name of names) {
    const mail = await readOriginal(readFileSync(`${FRENCH}/${name}`), parser);
    if (mail === null) hidden.push(name);
    expect(mail?.html ?? '', name).not.toMatch(/<(script|style|iframe|form|input|svg|meta|link)|\son\w+=|src="http/i);
  }
  expect(hidden.filter((name) => !name.startsWith('unreadable-'))).toEqual([]);
});

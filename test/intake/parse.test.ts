import { describe, expect, test } from 'vitest';
import { safeFileName } from '../../src/domain/file-name.ts';
import { parseEmail } from '../../src/intake/parse.ts';
import { HANG_MS } from '../support/hang.ts';

/** From bytes to plain values. RELIABILITY M2, M3, M11, M12, M19. */

describe('the name of a file is only ever shown and offered again', () => {
  test.each<[string, string]>([
    ['devis.pdf', 'devis.pdf'],
    ['Été 2026 – plan n° 2.pdf', 'Été 2026 – plan n° 2.pdf'],
    ['../../etc/pa\0sswd', 'passwd'],
    ['a/../b\r\n.svg', 'b.svg'],
    ['C:\\Windows\\notes.txt', 'notes.txt'],
    ['..%2f..%2fx.pdf', '%2f..%2fx.pdf'],
    ['\u202Efdp.exe', 'fdp.exe'],
    ['a\u200Fb\u2066c.pdf', 'abc.pdf'],
    ['  .hidden. ', 'hidden'],
    ['<b>"x"|?*.html', 'bx.html'],
    ['\ud800x.pdf', '\ufffdx.pdf'],
    ['e\u0301.pdf', 'é.pdf'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['com1.tar.gz', '_com1.tar.gz'],
    ['...', 'piece-1.pdf'],
    ['dossier/', 'piece-1.pdf'],
    ['', 'piece-1.pdf'],
  ])('%j → %j', (name, safe) => {
    expect(named(name)).toBe(safe);
  });

  test('a very long name keeps its extension and fits in 150 bytes, whole characters only', () => {
    const safe = named(`${'é'.repeat(300)}.pdf`);
    expect(safe).toBe(`${'é'.repeat(73)}.pdf`);
    expect(named(`${'😀'.repeat(100)}.pdf`).isWellFormed()).toBe(true);
  });

  test.each([
    ['image/jpeg', 'piece-1.jpg'],
    ['image/png', 'piece-1.png'],
    ['text/calendar', 'piece-1.ics'],
    ['application/vnd.oasis.opendocument.text', 'piece-1'],
  ])('a piece without a name, of the type %s, is %s', async (type, safe) => {
    const raw = `From: a@example.org\r\nContent-Type: ${type}\r\nContent-Disposition: attachment\r\n\r\nx`;
    const { files } = await parseEmail(Buffer.from(raw));
    expect(files.map(({ fileName }) => fileName)).toEqual([safe]);
  });
});

test.each(['inline', 'attachment'])(
  'a mail attached as « %s » is one piece, and its words are its own',
  async (how) => {
    const head = 'From: a@x.fr\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nPour vous.\r\n--b\r\n';
    const part = `Content-Type: message/rfc822; name=a.eml\r\nContent-Disposition: ${how}; filename=a.eml\r\n\r\n`;
    const inner = 'From: Nora <nora@x.fr>\r\nSubject: Un trou\r\n\r\nMes mots.\r\n--b--\r\n';
    const { reply, files, forward } = await parseEmail(Buffer.from(head + part + inner));
    expect(reply.text).toBe('Pour vous.');
    expect(files.map(({ fileName }) => fileName)).toEqual(['a.eml']);
    expect(forward).toMatchObject({ from: { address: 'nora@x.fr' }, text: 'Mes mots.' });
  },
);

describe('who wrote', () => {
  test.each<[string, { name: string; address: string }[]]>([
    ['Nora <Nora@Example.ORG>', [{ name: 'Nora', address: 'nora@example.org' }]],
    ['nora@example.org', [{ name: '', address: 'nora@example.org' }]],
    ['=?utf-8?Q?Zo=C3=A9?= <zoe@example.org>', [{ name: 'Zoé', address: 'zoe@example.org' }]],
    ['"accueil@plassans.fr" <evil@example.org>', [{ name: '', address: 'evil@example.org' }]],
    ['=?utf-8?Q?accueil=40plassans.fr?=', [{ name: '', address: '' }]],
    ['Nora <nora@example>', [{ name: 'Nora', address: '' }]],
    ['accueil@plassans.fr@evil.fr', [{ name: '', address: '' }]],
    ['Nora <nora@exa mple.org>', [{ name: 'Nora mple.org', address: '' }]],
    ['Nora <nora@mаirie.fr>', [{ name: 'Nora', address: '' }]],
  ])('From: %s', async (header, expected) => {
    expect(await writtenBy(`From: ${header}`)).toEqual(expected);
  });

  test.each([
    ['two addresses', 'From: accueil@plassans.fr, evil@example.org'],
    ['a group', 'From: Mairie: accueil@plassans.fr, evil@example.org;'],
    ['two From headers', 'From: accueil@plassans.fr\r\nFrom: evil@example.org'],
    ['a NUL that cuts the address', 'From: accueil@plassans.fr\0@evil.fr'],
  ])('%s is never the desk alone', async (_what, headers) => {
    const from = await writtenBy(headers);
    expect(from.length === 1 && from[0]?.address === 'accueil@plassans.fr').toBe(false);
  });
});

describe('who seems to have written', () => {
  test('two From headers are told: whatever the parser makes of them, routing gives them no office', async () => {
    const { doubledFields } = await parse('From: evil@example.org\r\nFrom: accueil@plassans.fr');
    expect(doubledFields).toEqual(['from']);
  });

  test.each([
    '<accueil@plassans.fr><evil@example.org>',
    'Accueil <accueil@plassans.fr> <evil@example.org>',
    '<evil@example.org> <accueil@plassans.fr>',
  ])('%s has no sender', async (header) => {
    expect((await writtenBy(`From: ${header}`)).map(({ address }) => address)).not.toContain('accueil@plassans.fr');
  });

  test.each(['"Zoé <zoe@old.example>" <zoe@example.org>', '<zoe@example.org> <ZOE@example.org>'])(
    '%s is Zoé all the same',
    async (header) => {
      expect((await writtenBy(`From: ${header}`)).map(({ address }) => address)).toEqual(['zoe@example.org']);
    },
  );

  test('where answers go is read beside it', async () => {
    const { from, replyTo } = await parse('From: site@plassans.fr\r\nReply-To: Nora <nora@example.org>');
    expect(from[0]?.address).toBe('site@plassans.fr');
    expect(replyTo).toEqual([{ name: 'Nora', address: 'nora@example.org' }]);
  });
});

describe('to whom', () => {
  test('every header that a server may have left counts, once, in lower case', async () => {
    const { recipients } = await parse(
      'To: Mairie <MAIRIE@plassans.fr>\r\nCc: a@x.fr\r\nDelivered-To: b@x.fr\r\nX-Original-To: <c@x.fr>\r\nEnvelope-To: B@x.fr',
    );
    expect(recipients.toSorted()).toEqual(['a@x.fr', 'b@x.fr', 'c@x.fr', 'mairie@plassans.fr']);
  });
});

describe('the text', () => {
  test('comes from the HTML when there is no other', async () => {
    expect(await html('<p>Un</p><p>Deux <a href="https://x.fr">trois</a></p>')).toBe('Un\n\nDeux trois');
  });

  test.each([
    ['thousands of nested blocks', '<div>'.repeat(20_000)],
    ['thousands of nested tables', '<table><tr><td>'.repeat(5_000)],
    ['a comment that never ends', `<!--${'x'.repeat(500_000)}`],
    ['a megabyte of entities', '&eacute;'.repeat(150_000)],
    ['a megabyte of opening brackets', '<'.repeat(1_000_000)],
  ])('%s takes seconds at most', async (_what, body) => {
    const startedAt = performance.now();
    await html(`<p>Bonjour</p>${body}`);
    expect(performance.now() - startedAt).toBeLessThan(HANG_MS);
  });

  test.each<[string, string, number[], string]>([
    ['utf-8', 'utf-8', [0xc3, 0xa9], 'é'],
    ['latin1', 'iso-8859-1', [0xe9], 'é'],
    ['cp1252', 'windows-1252', [0x9c, 0x80, 0x92], 'œ€’'],
    ['latin9', 'iso-8859-15', [0xa4, 0xbd], '€œ'],
    ['gb18030', 'gb18030', [0xc4, 0xe3], '你'],
  ])('in %s is read', async (_name, charset, bytes, expected) => {
    const head = Buffer.from(
      `From: a@x.fr\r\nContent-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`,
    );
    const { email } = await parseEmail(Buffer.concat([head, Buffer.from(bytes)]));
    expect(email.text.trim()).toBe(expected);
  });
});

test('the words of a mail whose boundary never appears are not lost', async () => {
  const head = 'From: Rose <rose@example.com>\r\nContent-Type: multipart/mixed; boundary="jamais"\r\n\r\n';
  const { reply } = await parseEmail(Buffer.from(`${head}Une grille manque à côté.\r\n`));
  expect(reply.text).toBe('Une grille manque à côté.');
});

test('of a mail whose parts are all empty, its boundaries are no words', async () => {
  const head = 'From: a@x.fr\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n';
  const { email } = await parseEmail(Buffer.from(`${head}--b\r\n\r\n\r\n--b--\r\n`));
  expect(email.text.trim()).toBe('');
});

describe('nothing at all', () => {
  test.each([
    ['no byte', ''],
    ['an empty line', '\r\n'],
    ['garbage', '\0\x01\x02\xff'.repeat(1_000)],
    ['headers without a body', 'From: a@x.fr'],
    ['prototype names', '__proto__: polluted\r\nconstructor: polluted\r\n\r\nx'],
  ])('%s is read without a failure', async (_what, raw) => {
    const { email, files } = await parseEmail(Buffer.from(raw, 'latin1'));
    expect(files).toEqual([]);
    expect(email.from.every(({ address }) => address === '' || address === 'a@x.fr')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

const named = (name: string) => safeFileName(name, 'piece-1.pdf');
const writtenBy = async (headers: string) => (await parse(headers)).from;
const html = async (body: string) => (await parse('Content-Type: text/html; charset=utf-8', body)).text;

async function parse(headers: string, body = 'Bonjour') {
  return (await parseEmail(Buffer.from(`${headers}\r\n\r\n${body}`))).email;
}

import { describe, expect, test } from 'vitest';
import { signLink } from '../../src/action-link.ts';
import { carriesLiveLinks, withoutLiveLinks } from '../../src/domain/relay.ts';
import { ownerKey, replyAddress } from '../../src/reply-address.ts';
import { PEOPLE } from './received.ts';
import { HANG_MS } from '../support/hang.ts';

/** RELIABILITY S9: whoever holds a link or a reply address can act, so neither travels further with quoted words. */

const SECRETS = ['a-test-secret-that-is-long-enough-0123456789'];
const PUBLIC_URL = 'https://guichet.plassans.fr';
const MAILBOX = 'mairie@plassans.fr';
const TOKEN = signLink(
  'action',
  {
    jti: '01890000-0000-7000-8000-000000000001',
    rid: '01890000-0000-7000-8000-000000000002',
    sub: 'desk',
    act: 'accept',
    iat: 1_776_000_000,
    exp: 1_777_000_000,
  },
  SECRETS,
);
const LINK = `${PUBLIC_URL}/a/${TOKEN}`;
const ADDRESS = replyAddress(MAILBOX, '2026-000001', ownerKey(PEOPLE.desk, 'thread'), SECRETS);
const KEY = ADDRESS.slice(ADDRESS.indexOf('.') + 1, ADDRESS.indexOf('@'));

const clean = (text: string) => withoutLiveLinks(text, PUBLIC_URL, MAILBOX);

describe('words on their way to somebody else', () => {
  test.each([
    ['a link', `Voici ${LINK} merci`],
    ['a quoted link', `> ${LINK}`],
    ['a link in angle brackets', `Ouvrir <${LINK}>.`],
    ['a link to a file', `${PUBLIC_URL}/f/${TOKEN}`],
    ['a link in capitals', LINK.replace('https://guichet', 'HTTPS://GUICHET')],
    ['a link glued to a parenthesis', `(${LINK})`],
    ['a token alone', `le code ${TOKEN}`],
    [
      'Microsoft’s SafeLinks',
      `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(LINK)}&data=05`,
    ],
    ['Proofpoint’s URL Defense v3', `https://urldefense.com/v3/__${LINK}__;!!abc$`],
    ['a reply address', `À : ${ADDRESS}`],
    ['a reply address in capitals', ADDRESS.toUpperCase()],
    ['a reply address in a link', `<mailto:${ADDRESS}?subject=Re>`],
  ])('%s loses what can act', (_what, text) => {
    const relayed = clean(text).toLowerCase();
    expect(relayed).not.toContain(KEY);
    expect(relayed).not.toContain(TOKEN.split('.')[2]?.toLowerCase());
    expect(relayed).not.toContain(TOKEN.split('.')[1]?.toLowerCase());
  });

  test.each([
    ['a link that a mail program folded', LINK.replace(/(.{70})/g, '$1\n')],
    ['a link that a mail program folded and quoted', LINK.replace(/(.{70})/g, '$1\n> ')],
    ['a reply address in a percent-encoded link', encodeURIComponent(ADDRESS)],
  ])('%s loses what can act', (_what, text) => {
    const relayed = clean(text).replace(/\n(?:> )?/g, '');
    expect(relayed).not.toContain(KEY);
    expect(relayed).not.toContain(TOKEN.split('.')[2]?.slice(0, 30));
  });

  test.each(['a', 'f', 'h', 'd', 'm'])('a link to /%s/ that was cut in two leaves no beginning', (place) => {
    expect(clean(`> ${PUBLIC_URL}/${place}/${TOKEN.slice(0, 40)}\n> ou`)).toBe('> […]\n> ou');
  });

  test.each([
    'Voici le plan : https://www.plassans.fr/a/plan.pdf',
    'Écrivez à mairie@plassans.fr, ou à mairie+travaux@plassans.fr.',
    'La demande n° 2026-000001 du 3.4.2026.',
    `${PUBLIC_URL}/accessibilite`,
    'Le mot\nanticonstitutionnellement\nseul sur sa ligne.',
  ])('ordinary words stay as they are: %s', (text) => {
    expect(clean(text)).toBe(text);
  });

  test('the words around stay', () => {
    expect(clean(`Bonjour,\n${LINK}\nCordialement`)).toBe('Bonjour,\n[…]\nCordialement');
    expect(clean(`Répondez à ${ADDRESS} svp`)).toBe('Répondez à mairie@plassans.fr svp');
  });

  test.each([
    ['a megabyte of almost tokens', 'eyJ'.repeat(350_000)],
    ['a megabyte of dots', `eyJ${'a'.repeat(20)}.`.repeat(40_000)],
    ['a megabyte of almost addresses', 'mairie+2026-000001.'.repeat(50_000)],
  ])('%s costs no more than a moment', (_what, text) => {
    const startedAt = performance.now();
    clean(text);
    expect(performance.now() - startedAt).toBeLessThan(HANG_MS);
  });
});

describe('a piece', () => {
  const places = { publicUrl: PUBLIC_URL, mailbox: 'mairie@plassans.fr' };
  const piece = (fileName: string, contentType: string, text: string) => ({
    fileName,
    contentType,
    content: Buffer.from(text),
  });
  const ours = 'Subject: x\r\nFrom: Plassans\r\n <mairie@plassans.fr>\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=';

  test.each([
    ['an attached mail of ours, whatever its encoding', piece('notice.eml', 'message/rfc822', ours)],
    ['one that was saved under another type', piece('notice.eml', 'application/octet-stream', ours)],
    ['an attached mail that quotes a link', piece('a.eml', 'message/rfc822', `From: a@x.fr\r\n\r\n${LINK}`)],
    ['a text with a link', piece('notes.txt', 'text/plain', `Voir ${LINK}`)],
    ['a saved page with a link', piece('page.html', 'text/html', `<a href="${LINK}">Accepter</a>`)],
    ['a text with a reply address', piece('notes.txt', 'text/plain', ADDRESS)],
  ])('%s is sent to nobody else', (_what, file) => {
    expect(carriesLiveLinks(file, places)).toBe(true);
  });

  test.each([
    ['a citizen’s mail', piece('a.eml', 'message/rfc822', 'From: nora@x.fr\r\nTo: mairie@plassans.fr\r\n\r\nUn trou.')],
    ['an ordinary text', piece('notes.txt', 'text/plain', 'Écrivez à mairie@plassans.fr')],
    ['a picture', piece('trou.jpg', 'image/jpeg', LINK)],
  ])('%s is', (_what, file) => {
    expect(carriesLiveLinks(file, places)).toBe(false);
  });
});

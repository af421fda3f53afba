import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeGallery } from '../../docs/gallery.ts';
import { VIEWS } from '../../docs/gallery-pictures.ts';
import { GALLERY_CASES, GALLERY_ROWS, openGallery, type Gallery } from '../../src/demo/gallery.ts';
import { PLAUSIBLE } from '../../src/outbound/sample-views.ts';
import { launchChromium } from '../support/browser.ts';
import { partsOfHtml, partsOfText } from './mail-parts.ts';

let gallery: Gallery;

beforeAll(async () => {
  gallery = await openGallery({ timeZone: 'Europe/Paris' });
});

test('every kind of mail to everybody who may receive it is in the gallery', () => {
  const name = ({ kind, role }: { kind: string; role: string }) => `${kind} ${role}`;
  expect(GALLERY_ROWS.map(name).toSorted()).toEqual(PLAUSIBLE.map(name).toSorted());
});

test('no mail has lost or gained a part: if it should have, run npx vitest run test/outbound/gallery.test.ts -u', async () => {
  const all = GALLERY_ROWS.map((row) => {
    const { lines } = partsOfHtml(gallery.show(row, 'ordinary').html);
    return [`${row.kind} → ${row.role}`, ...lines.map((line) => `  ${line}`)].join('\n');
  });
  await expect(`${all.join('\n\n')}\n`).toMatchFileSnapshot('gallery.structure.txt');
});

/** Above the links of a text part; HTML shows them as a button and a list. */
const OF_TEXT_ALONE = ['CE QUE VOUS POUVEZ FAIRE'];

describe.each(GALLERY_ROWS)('$kind to the $role', (row) => {
  test.each(GALLERY_CASES)('$id: HTML and text have the same headings, links and facts', ({ id }) => {
    const { html, text } = gallery.show(row, id);
    const [inHtml, inText] = [partsOfHtml(html), partsOfText(text)];
    const headings = inHtml.headings.map((heading) => heading.toUpperCase());
    // What a person says to a person is introduced by a sentence, not by a heading in capitals.
    expect(foundInOrder(headings, inText.lines.join(' ').toUpperCase())).toEqual(headings);
    expect(inText.headings.filter((line) => ![...headings, ...OF_TEXT_ALONE].includes(line))).toEqual([]);
    expect(new Set(inHtml.links.map(({ url }) => url))).toEqual(new Set(inText.urls));
    expect(inHtml.labels.filter((label) => !inText.lines.some((line) => line.startsWith(label)))).toEqual([]);
    expect(inHtml.links.filter(({ name }) => name === '')).toEqual([]);
  });

  test('has a subject, and words of its own behind it in a list of mails', () => {
    const { subject, preheader } = gallery.show(row, 'ordinary');
    expect(subject).toMatch(/\S/);
    expect(preheader).toMatch(/^[\p{Lu}\p{Nd}].{15,110}[.…]$/u);
    expect(preheader).not.toContain(subject);
  });
});

function foundInOrder(wanted: readonly string[], words: string): string[] {
  let from = 0;
  return wanted.filter((each) => {
    const at = words.indexOf(each, from);
    if (at >= 0) from = at + each.length;
    return at >= 0;
  });
}

describe('npm run gallery', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-gallery-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const wanted = { to: folder, kinds: ['new_request'], cases: ['pieces'] };

  test('writes each mail as HTML and as text, and a sheet that leads to both', async () => {
    const said: string[] = [];
    expect(await writeGallery({ ...wanted, hasPictures: false }, (text) => said.push(text))).toBe(1);
    expect(said.join('')).toContain('1/1');
    expect(readFileSync(join(folder, 'new_request-desk/pieces.html'), 'utf8')).toContain('src="data:image/jpeg');
    expect(readFileSync(join(folder, 'new_request-desk/pieces.txt'), 'utf8')).toContain('NOUVELLE DEMANDE');
    const sheet = readFileSync(join(folder, 'index.html'), 'utf8');
    const targets = [...sheet.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, path]) => path ?? '');
    expect(targets).toHaveLength(2);
    expect(targets.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  });

  test('and takes its pictures', async ({ skip }) => {
    const browser = await launchChromium();
    if (browser === null) return skip();
    await browser.close();
    await writeGallery({ ...wanted, hasPictures: true }, () => undefined);
    for (const { id } of VIEWS) expect(existsSync(join(folder, `new_request-desk/pieces-${id}.png`))).toBe(true);
  });

  test('says which mails and cases there are when it is asked for another one', async () => {
    const said: string[] = [];
    expect(
      await writeGallery({ ...wanted, kinds: ['newrequest'], hasPictures: false }, (text) => said.push(text)),
    ).toBe(0);
    expect(said.join('')).toContain('new_request (nouvelle demande)');
  });
});

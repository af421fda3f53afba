import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { dossierView } from '../../src/web/dossier-view.ts';
import type { DossierPdfView, PdfEvent, PdfMessage } from '../../src/web/pdf-dossier-view.ts';
import { dossierPdf } from '../../src/web/pdf-dossier.ts';
import { letterPdf, type LetterPdfView } from '../../src/web/pdf-letter.ts';
import { phrase } from '../../src/web/pdf-words.ts';
import { loadLocale } from '../../src/template.ts';
import { HANG_MS } from '../support/hang.ts';
import { missing } from '../support/missing.ts';
import { type PdfPage, readPdf } from '../support/read-pdf.ts';

const MM = 72 / 25.4;
const A4_HEIGHT = 841.89;
const at = (minute: number) => new Date(Date.UTC(2026, 3, 6, 12, minute));

function aMessage(given: Partial<PdfMessage> = {}): PdfMessage {
  return {
    kind: 'inbound',
    authorName: 'Zoé Lefèvre',
    authorAddress: 'zoe@exemple.fr',
    at: at(0),
    text: 'Bonjour,\n\nUn trou s’est formé.',
    elided: '',
    files: [],
    ...given,
  };
}

function anEvent(given: Partial<PdfEvent> = {}): PdfEvent {
  return {
    at: at(0),
    action: 'receive',
    actorDisplay: 'Zoé Lefèvre',
    actorOffice: '',
    statusBefore: null,
    statusAfter: 'new',
    outcome: null,
    holderBefore: null,
    holderAfter: null,
    comment: '',
    mail: null,
    isInThread: false,
    ...given,
  };
}

function aDossier(given: Partial<DossierPdfView> = {}): DossierPdfView {
  return {
    timeZone: 'Europe/Paris',
    now: at(600),
    town: {
      name: 'Mairie de Plassans',
      postalAddress: '1 place de la Mairie, 13999 Plassans',
      phone: '04 42 00 00 10',
    },
    person: { name: 'Claire Aubert' },
    request: {
      reference: '2026-000021',
      subject: 'Nid-de-poule à l’école',
      status: 'in_progress',
      outcome: null,
      statusSince: at(10),
      receivedAt: at(0),
      dueAt: at(9_000),
      isLate: false,
      isWithDepartment: true,
      holderName: 'Voirie',
      assigneeName: 'Paul Roux',
      categoryName: 'Trottoirs',
      citizenName: 'Zoé Lefèvre',
      citizenAddress: 'zoe@exemple.fr',
      undeliverable: false,
    },
    details: [{ name: 'Lieu', value: '12, rue des Lilas' }],
    messages: [aMessage()],
    events: [anEvent()],
    ...given,
  };
}

function aLetter(given: Partial<LetterPdfView> = {}): LetterPdfView {
  return {
    timeZone: 'Europe/Paris',
    now: at(0),
    sender: {
      town: 'Mairie de Plassans',
      office: 'Urbanisme',
      postalAddress: '1 place de la Mairie, 13999 Plassans',
      phone: '04 42 00 00 10',
    },
    recipient: { name: 'Madame Zoé Lefèvre', postalAddress: '12, rue des Lilas\n13999 PLASSANS' },
    place: 'Plassans',
    request: { reference: '2026-000021', subject: 'Clôture' },
    body: 'Votre demande est refusée.\n\nVous avez deux mois pour saisir le tribunal administratif.',
    signature: { name: 'Paul Roux', capacity: 'Responsable', office: 'Urbanisme' },
    ...given,
  };
}

async function dossierOf(given: Partial<DossierPdfView>) {
  return readPdf(await dossierPdf(aDossier(given)));
}

async function letterOf(given: Partial<LetterPdfView>) {
  return readPdf(await letterPdf(aLetter(given)));
}

/** Without its footer. */
const bodyOf = (page: PdfPage) => page.lines.filter(({ y }) => y < A4_HEIGHT - 15 * MM);

/** Lines join again as they were cut. */
const flat = (text: string) => text.replace(/[\s\u00a0]+/g, ' ');

describe('the dossier on paper', () => {
  test('says what the request is, to whom it belongs, and in what state', async () => {
    const { text } = await dossierOf({});
    for (const words of [
      'Mairie de Plassans',
      '1 place de la Mairie, 13999 Plassans',
      'Demande n° 2026-000021',
      'Nid-de-poule à l’école',
      'En cours depuis le lundi 6 avril 2026 à 14 h 10',
      'Zoé Lefèvre',
      'zoe@exemple.fr',
      'Voirie',
      'Paul Roux',
      'Trottoirs',
      'Lieu',
      '12, rue des Lilas',
    ]) {
      expect(flat(text)).toContain(words);
    }
  });

  test('a closed one says how, one with a department says which', async () => {
    const { request } = aDossier();
    const closed = await dossierOf({ request: { ...request, status: 'closed', outcome: 'refused' } });
    expect(flat(closed.text)).toContain('Terminée : refusée depuis le');
    const transferred = await dossierOf({ request: { ...request, status: 'new' } });
    expect(flat(transferred.text)).toContain('Transmise à Voirie depuis le');
  });

  test('holds the thread without its quotations, the pieces, and marks the notes', async () => {
    const { text } = await dossierOf({
      messages: [
        aMessage({ elided: 'le texte cité', files: [{ fileName: 'photo.jpg', size: 1_432_000 }] }),
        aMessage({ kind: 'note', authorName: 'Paul Roux', text: 'Déjà vu en 2024.', at: at(5) }),
      ],
    });
    expect(flat(text)).toContain('Un trou s’est formé. (texte cité non reproduit)');
    expect(text).not.toContain('le texte cité');
    expect(flat(text)).toContain('photo.jpg (1,4 Mo), Zoé Lefèvre, le 06/04/2026 14 h 00');
    expect(flat(text)).toContain("Note interne – l'usager ne la voit pas Paul Roux, le lundi 6 avril 2026 à 14 h 05");
    expect(flat(text)).toContain('ne le lui remettez pas tel quel');
  });

  test('without a note nothing warns of notes', async () => {
    expect((await dossierOf({})).text).not.toContain('notes internes');
  });

  test('tells the history in order: who, when, from what to what, why', async () => {
    const { text } = await dossierOf({
      events: [
        anEvent(),
        anEvent({
          action: 'transfer',
          actorDisplay: 'Claire Aubert',
          actorOffice: 'Accueil',
          at: at(5),
          holderBefore: 'Accueil',
          holderAfter: 'Voirie',
          comment: 'Merci de voir sur place.',
        }),
        anEvent({
          action: 'refuse',
          actorDisplay: 'Paul Roux',
          actorOffice: 'Voirie',
          at: at(60),
          statusBefore: 'in_progress',
          statusAfter: 'closed',
          outcome: 'refused',
          changes: [{ name: 'Objet', before: 'Trou', after: '' }],
          notes: [
            { key: 'pieces', value: 'Un plan, une photo', day: null },
            { key: 'until', value: '2026-05-04', day: new Date('2026-05-04T12:00:00Z') },
          ],
          isUndone: true,
        }),
        anEvent({ action: 'note', comment: 'déjà dans les échanges', isInThread: true }),
      ],
    });
    const history = flat(text.slice(text.indexOf("L'historique")));
    expect(history).toMatch(/a envoyé la demande.*Claire Aubert \(Accueil\) a transmis.*Paul Roux \(Voirie\) a refusé/);
    expect(history).toContain('Accueil → Voirie Merci de voir sur place.');
    expect(history).toContain('a refusé la demande – annulé ensuite');
    expect(history).toContain('En cours → Terminée : refusée Pièces à fournir : Un plan, une photo');
    expect(history).toContain("Jusqu'au : lundi 4 mai 2026 Objet : Trou → (vide)");
    expect(history).not.toContain('déjà dans les échanges');
  });

  test('each foot says when it was printed, for whom, and which page of how many', async () => {
    const { pages } = await dossierOf({ messages: Array.from({ length: 40 }, () => aMessage()) });
    expect(pages.length).toBeGreaterThan(3);
    for (const [index, { text }] of pages.entries()) {
      expect(flat(text)).toContain('Édité le mardi 7 avril 2026 à 0 h 00 par Claire Aubert');
      expect(flat(text)).toContain(`Page ${index + 1} / ${pages.length}`);
    }
  });

  test('no page ends on a heading, on a name or on a date, whatever stands before it', async () => {
    const headings = ['summary', 'details', 'pieces', 'thread', 'history'].map((key) => phrase(key));
    const moved = anEvent({ holderBefore: 'Accueil', holderAfter: 'Voirie' });
    for (let lines = 1; lines < 60; lines += 1) {
      const first = aMessage({ text: Array.from({ length: lines }, () => 'ligne').join('\n') });
      const { pages } = await dossierOf({
        messages: [first, aMessage({ authorName: 'Suite' })],
        events: [moved, moved],
      });
      for (const page of pages.slice(0, -1)) {
        const foot = bodyOf(page).at(-1)?.text ?? '';
        expect(headings).not.toContain(foot);
        expect(foot).not.toMatch(/^Le (lundi|mardi)|a écrit$|a envoyé la demande$/);
      }
    }
  });

  test('neither the first line of a paragraph nor its last stands alone on a page', async () => {
    for (let lines = 1; lines < 60; lines += 1) {
      const above = Array.from({ length: lines }, () => 'ligne').join('\n');
      const paragraph = `PREMIER ${'mot '.repeat(100)}DERNIER`;
      const { pages } = await dossierOf({ messages: [aMessage({ text: `${above}\n${paragraph}` })] });
      for (const page of pages) {
        expect(bodyOf(page).at(-1)?.text).not.toContain('PREMIER');
        expect(bodyOf(page)[0]?.text).not.toContain('DERNIER');
      }
    }
  });

  test('nothing is written outside the sheet: long words are cut, long lines are wrapped', async () => {
    const { request } = aDossier();
    const { pages } = await dossierOf({
      request: { ...request, subject: `${'Objet '.repeat(60)}${'w'.repeat(300)}` },
      messages: [aMessage({ text: `${'W'.repeat(5_000)}\nhttps://exemple.fr/${'chemin/'.repeat(200)}` })],
      details: [{ name: 'n'.repeat(150), value: 'v'.repeat(1_000) }],
    });
    const lines = pages.flatMap((page) => page.lines);
    const widest = Math.max(...lines.map(({ text, size }) => (text.match(/W/g)?.length ?? 0) * size));
    // An upper-case W of these fonts is 0.89 of their size: 83 of them fill the sheet.
    expect(widest * 0.89).toBeLessThan(174 * MM);
    expect(lines.every(({ x, y }) => x > 17.9 * MM && y > 0 && y < A4_HEIGHT)).toBe(true);
    expect(
      lines
        .map(({ text }) => text)
        .join('')
        .match(/W/g),
    ).toHaveLength(5_000);
  });

  test('has a title, a language and a structure, for whoever reads it by ear', async () => {
    const { objects } = await dossierOf({});
    expect(objects).toMatch(/\/Lang \(fr-FR\)/);
    expect(objects).toMatch(/\/Marked true/);
    expect(objects).toMatch(/\/DisplayDocTitle true/);
    expect(objects.match(/\/S \/H1\n/g)).toHaveLength(1);
    expect(objects.match(/\/S \/H2\n/g)).toHaveLength(5);
    expect(objects.match(/\/S \/P\n/g)?.length).toBeGreaterThan(10);
  });

  test('the same dossier at the same minute is the same file', async () => {
    expect(Buffer.from(await dossierPdf(aDossier())).equals(Buffer.from(await dossierPdf(aDossier())))).toBe(true);
  });

  test('five pages weigh less than 100 kB: only the letters in use are in the file', async () => {
    const messages = Array.from({ length: 20 }, () =>
      aMessage({ text: 'Les services ont examiné la demande. '.repeat(25) }),
    );
    const bytes = await dossierPdf(aDossier({ messages }));
    expect(readPdf(bytes).pages.length).toBeGreaterThanOrEqual(5);
    expect(bytes.length).toBeLessThan(100_000);
  });
});

describe('what strangers write', () => {
  test('what the fonts do not have is one mark a run, and the document says so', async () => {
    const { text } = await dossierOf({ messages: [aMessage({ text: 'Merci 👩🏽‍🚒 你好世界 ! ✓ œ € →' })] });
    expect(flat(text)).toContain('Merci ▯ ▯ ! ✓ œ € →');
    expect(flat(text)).toContain('Le signe ▯ remplace des caractères');
    expect((await dossierOf({})).text).not.toContain('▯');
  });

  test('controls, overrides of direction and lone surrogates are taken out', async () => {
    const { text } = await dossierOf({
      messages: [aMessage({ text: 'a\u0000b\u001b[31mc\u202egpj.exe\u2066d\ud800e\u200bf\r\ng\u2028h' })],
    });
    expect(flat(text)).toContain('ab[31mcgpj.exed\ufffdef g h');
  });

  test('accents piled on a letter stay three', async () => {
    const { text } = await dossierOf({ messages: [aMessage({ text: `z${'\u0335'.repeat(5_000)}algo` })] });
    expect(text).toContain('z\u0335\u0335\u0335algo');
  });

  test('an accent written apart joins its letter', async () => {
    expect((await dossierOf({ messages: [aMessage({ text: 'e\u0301te\u0301' })] })).text).toContain('été');
  });

  test('words in Hebrew and Arabic are drawn from the right, and read in their order', async () => {
    const { pages, objects } = await dossierOf({
      messages: [aMessage({ text: 'שלום עולם\nEn hébreu : שלום עולם ici' })],
    });
    const lines = pages.flatMap((page) => page.lines);
    const [first, second, third, fourth] = lines.filter(({ text }) => /[\u0590-\u05ff]/.test(text));
    // Glyphs come from left to right: the second word first, its letters reversed.
    expect([first?.text, second?.text]).toEqual(['םלוע', 'םולש']);
    expect(first?.x).toBeGreaterThan(400);
    expect([third?.text, fourth?.text]).toEqual(['םלוע', 'םולש']);
    expect(objects.match(/\/ActualText/g)).toHaveLength(2);
  });

  test('a subject cannot write into the metadata', async () => {
    const { request } = aDossier();
    const { xmp, text } = await dossierOf({ request: { ...request, subject: '</rdf:li><x a="&b"> \u0001 \ud800' } });
    expect(xmp).toContain('2026-000021');
    expect(xmp).not.toContain('<x a=');
    expect(xmp).not.toMatch(/&(?!\w+;)|\p{Cc}(?<!\n)/u);
    expect(text).toContain('</rdf:li><x a="&b">');
  });

  test('braces in a name are a name', async () => {
    const { text } = await dossierOf({ messages: [aMessage({ authorName: '{deed} $& {who}' })] });
    expect(text).toContain('{deed} $& {who} a écrit');
  });
});

describe('a dossier that is too long', () => {
  test('a text of a megabyte is cut, and the paper says by how much', { timeout: HANG_MS }, async () => {
    for (const text of [
      'x'.repeat(1_000_000),
      'mot '.repeat(250_000),
      '\u05d0 '.repeat(500_000),
      '\n'.repeat(1_000_000),
    ]) {
      const { pages } = await dossierOf({ messages: [aMessage({ text: `début ${text} fin` })] });
      expect(pages.length).toBeLessThan(60);
      expect(flat(pages.map((page) => page.text).join(' '))).toMatch(
        /\[Texte coupé : \d+ caractères ne sont pas imprimés ici\.\]/,
      );
    }
  });

  test('of ten thousand lines of history the first and the last are printed, and how many are not', {
    timeout: HANG_MS,
  }, async () => {
    const events = Array.from({ length: 10_000 }, (_, index) => anEvent({ comment: `ligne-${index};` }));
    const { text } = await dossierOf({ events });
    expect(flat(text)).toContain(
      "[9 500 lignes de l'historique ne sont pas imprimées ici. Elles restent dans le dossier.]",
    );
    expect(text.match(/ligne-\d+;/g)).toHaveLength(500);
    expect(text).toContain('ligne-0;');
    expect(text).toContain('ligne-9999;');
    expect(text).not.toContain('ligne-5000;');
  });

  test('many long messages, details and pieces together stay within their budget', { timeout: HANG_MS }, async () => {
    const files = Array.from({ length: 2 }, (_, index) => ({ fileName: `${'f'.repeat(900)}${index}`, size: index }));
    const { pages, text } = await dossierOf({
      messages: Array.from({ length: 400 }, (_, index) => aMessage({ text: `n°${index} `.repeat(5_000), files })),
      details: Array.from({ length: 1_000 }, (_, index) => ({
        name: `champ ${index}`,
        value: 'valeur '.repeat(1_000),
      })),
    });
    expect(flat(text)).toContain('[100 messages ne sont pas imprimés ici.');
    expect(flat(text)).toMatch(/\[600 pièces ne sont pas citées ici\./);
    expect(flat(text)).toContain('[800 précisions ne sont pas imprimées ici.');
    expect(pages.length).toBeLessThan(300);
  });

  test('other clicks are answered while it is made', { timeout: HANG_MS }, async () => {
    let turns = 0;
    let isMade = false;
    const count = () => {
      turns += 1;
      if (!isMade) setImmediate(count);
    };
    setImmediate(count);
    await dossierPdf(aDossier({ messages: Array.from({ length: 100 }, () => aMessage()) }));
    isMade = true;
    expect(turns).toBeGreaterThan(100);
  });
});

describe('a letter', () => {
  test('puts the address in the window of the envelope, the town hall at the left, and the date below', async () => {
    const { pages } = await letterOf({});
    const lineOf = (words: string) => pages[0]?.lines.find(({ text }) => flat(text).includes(words));
    for (const words of ['Madame Zoé Lefèvre', '12, rue des Lilas', '13999 PLASSANS']) {
      const { x = 0, y = 0 } = lineOf(words) ?? {};
      expect(x / MM).toBeCloseTo(110, 0);
      expect(y / MM).toBeGreaterThan(45);
      expect(y / MM).toBeLessThan(85);
    }
    expect(lineOf('Mairie de Plassans')?.x).toBeLessThan(30 * MM);
    expect(lineOf('Mairie de Plassans')?.y).toBeLessThan(30 * MM);
    expect(lineOf('Plassans, le lundi 6 avril 2026')?.y).toBeGreaterThan(90 * MM);
  });

  test('says its subject, its number, its words and who signs, in that order', async () => {
    const { text } = await letterOf({});
    expect(flat(text)).toMatch(
      /Objet : Clôture N° de demande : 2026-000021 Madame, Monsieur, .*refusée\. Vous avez deux mois.*salutations distinguées\. Responsable Urbanisme Paul Roux$/,
    );
    expect(text).not.toContain('Page');
  });

  test('whatever its length, who signs never stands alone on the last page', async () => {
    for (let lines = 1; lines < 45; lines += 1) {
      const { pages } = await letterOf({
        body: Array.from({ length: lines }, (_, index) => `Ligne ${index}.`).join('\n'),
      });
      expect(flat(pages.at(-1)?.text ?? '')).toContain('salutations distinguées. Responsable Urbanisme Paul Roux');
      if (pages.length > 1) expect(flat(pages[0]?.text ?? '')).toContain('Page 1 / 2');
    }
  });

  test('an address of ten long lines pushes the date down rather than lie over it', async () => {
    const { pages } = await letterOf({
      recipient: {
        name: 'N'.repeat(90),
        postalAddress: Array.from({ length: 10 }, () => 'Résidence '.repeat(9)).join('\n'),
      },
    });
    const lines = pages[0]?.lines ?? [];
    const address = lines.filter(({ text, x }) => x > 100 * MM && /N{5}|Résidence/.test(text));
    const date = lines.find(({ text }) => text.startsWith('Plassans, le'));
    expect(date?.y).toBeGreaterThan(Math.max(...address.map(({ y }) => y)));
  });

  test('a megabyte of words is cut, and said to be', { timeout: HANG_MS }, async () => {
    const { pages, text } = await letterOf({ body: 'mot '.repeat(250_000) });
    expect(pages.length).toBeLessThan(40);
    expect(flat(text)).toContain('[Texte coupé : ');
  });

  test('an empty one is still a letter', async () => {
    const nothing = { name: '', capacity: '', office: '' };
    const { text } = await letterOf({
      body: '',
      place: '',
      recipient: { name: '', postalAddress: '' },
      signature: nothing,
    });
    expect(flat(text)).toContain('Le lundi 6 avril 2026 Objet : Clôture');
  });
});

test('what the pages read of a dossier can be printed as it is', () => {
  expectTypeOf<ReturnType<typeof dossierView>>().toExtend<Omit<DossierPdfView, 'town' | 'timeZone'>>();
});

describe('the words of the PDFs', () => {
  test('each place between braces is filled by the code that names it', async () => {
    const { text } = await dossierOf({});
    expect(text + (await letterOf({})).text).not.toMatch(/\{\w+\}|pdf\.\w+/);
    expect(Object.keys(loadLocale()['pdf'] ?? {}).length).toBeGreaterThan(40);
  });
});

test('another reader finds the same words, and no fault in the file', async () => {
  if (spawnSync('pdftotext', ['-v']).error) {
    missing('pdftotext', 'the PDFs are read by our own reader only (apt-get install poppler-utils)');
    return;
  }
  const { stdout, stderr } = spawnSync('pdftotext', ['-', '-'], { input: await dossierPdf(aDossier()) });
  expect(stderr.toString()).toBe('');
  expect(flat(stdout.toString())).toContain('En cours depuis le lundi 6 avril 2026 à 14 h 10');
  const letter = execFileSync('pdftotext', ['-', '-'], { input: await letterPdf(aLetter()) });
  expect(flat(letter.toString())).toContain('Madame Zoé Lefèvre 12, rue des Lilas 13999 PLASSANS');
});

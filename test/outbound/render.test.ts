import { beforeAll, describe, expect, test } from 'vitest';
import { REPLY_MARKERS } from '../../src/domain/quote-marks.ts';
import type { Regime } from '../../src/domain/silence.ts';
import { ACTIONS } from '../../src/domain/workflow.ts';
import type { MailView } from '../../src/outbound/mail-view.ts';
import { createRenderer, headerText, type Renderer } from '../../src/outbound/render.ts';
import { sampleView, CLOSES_FOR_CITIZEN, PLAUSIBLE } from '../../src/outbound/sample-views.ts';
import { ORDINARY, type Words } from '../../src/outbound/sample-words.ts';
import { shownLinks } from '../../src/outbound/shown-links.ts';
import { HANG_MS } from '../support/hang.ts';

const REPLY_MARKER = REPLY_MARKERS.fr;

const MEGABYTE = 1_000_000;
const GMAIL_SHOWS_BYTES = 80_000;

/** They may concern no request, or somebody who must not learn its subject yet. */
const SUBJECT_OF_ITS_OWN: readonly string[] = ['not_done', 'undelivered', 'code', 'confirm_address'];

const all = (text: string): Words => ({ text, subject: text, name: text, fileName: text });

const HOSTILE: Record<string, Words> = {
  'closing tags': all('</mj-text></td></table><script>alert(1)</script><img src=http://evil.example/x>'),
  'template tags': all('{{ 7 | times: 7 }}{% assign town = 1 %}{% raw %}{{ links[0].url }}'),
  attributes: all('" onmouseover="alert(1)" x=\' style=\'"'),
  'header injection': all('Bonjour\r\nBcc: victim@example.org\r\n\r\n<html>'),
  'right to left': all('\u202Egpj.exe\u202C مرحبا \u2066abc\u2069 שלום'),
  emoji: all('👩‍👩‍👧‍👦🏳️‍🌈 éàü 𝔘𝔫𝔦'),
  'lone surrogates and controls': all('a\uD800b\u0000c\u0007d\u0085e'),
  'replacement patterns': all("$& $1 $` $' \\n"),
};

const HUGE: Record<string, Words> = {
  'one word': all('x'.repeat(MEGABYTE)),
  quotes: all('"\''.repeat(MEGABYTE / 2)),
  brackets: all('<>'.repeat(MEGABYTE / 2)),
  emoji: all('🏳️‍🌈'.repeat(MEGABYTE / 6)),
  'empty lines': all('a\n\n'.repeat(MEGABYTE / 3)),
  spaces: all(' '.repeat(MEGABYTE)),
  'tabs and words': all(`${' \t'.repeat(60)}y`.repeat(8_000)),
};

let renderer: Renderer;

beforeAll(async () => {
  renderer = await createRenderer({ timeZone: 'Europe/Paris' });
});

describe.each(PLAUSIBLE)('$kind to the $role', ({ kind, role }) => {
  const mailOf = (words: Words) => renderer.render(sampleView(kind, role, words));

  test('can be read by everyone, in both forms', () => {
    const { html, text, subject } = mailOf(ORDINARY);
    expect(html).toContain('<html lang="fr"');
    expect(html).toMatch(/<title>[^<]+<\/title>/);
    expect(html).toContain('name="color-scheme"');
    expect(tagsOf(html).filter((tag) => tag.startsWith('<table') && !tag.includes('role="presentation"'))).toEqual([]);
    expect(html).not.toMatch(/<img(?! class="photo" src="cid:)|url\(|@import|<link (?!itemprop="target")/);
    expect(text.startsWith(REPLY_MARKER)).toBe(true);
    expect(visible(html)).toContain(REPLY_MARKER);
    for (const part of [html, text, subject]) expect(part).not.toMatch(/undefined|\[object|\{\{|\{%|Invalid|NaN/);
    expect(`${visible(html)} ${text}`).not.toMatch(/\b[a-z]+[A-Z]?[A-Za-z]*\.[a-z]+_[a-z]+\b/);
    if (sampleView(kind, role).request === null) return;
    for (const part of [visible(html), text]) expect(part).toContain('2026-000021');
    if (!SUBJECT_OF_ITS_OWN.includes(kind)) expect(subject).toBe(`[n° 2026-000021] ${ORDINARY.subject}`);
  });

  test('never breaks the number of a request in two', () => {
    const { html } = mailOf(ORDINARY);
    expect(html.slice(html.indexOf(REPLY_MARKER))).not.toMatch(/(?<!class="number">)n°\u00a0\d/);
  });

  test('has the same addresses in both forms', () => {
    const { html, text } = mailOf(ORDINARY);
    const inText = new Set(text.match(/https?:\/\/\S+/g));
    expect(new Set(html.replace(/(xmlns(:\w)?|itemtype)="[^"]*"|<wbr>/g, '').match(/https?:\/\/[^\s"<]+/g))).toEqual(
      inText,
    );
  });

  test('its text keeps to 78 columns', () => {
    const long = mailOf(ORDINARY)
      .text.split('\n')
      .filter((line) => line.length > 78 && !line.includes('://'));
    expect(long).toEqual([]);
  });

  test.each(Object.entries(HOSTILE))('has no other tags when people write %s', (_, words) => {
    const plain = mailOf(all('x'));
    const { html, text, subject } = mailOf(words);
    expect(tagsOf(html).map(withoutAddress)).toEqual(tagsOf(plain.html).map(withoutAddress));
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    expect(subject).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(`${html}${text}`.isWellFormed()).toBe(true);
  });

  test.each(Object.entries(HUGE))('stays below 80 kB with a megabyte of %s', (_, words) => {
    const start = performance.now();
    const { html, text, subject } = mailOf(words);
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(GMAIL_SHOWS_BYTES);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(GMAIL_SHOWS_BYTES);
    expect(Array.from(subject).length).toBeLessThanOrEqual(200);
    expect(performance.now() - start).toBeLessThan(HANG_MS);
  });

  test('stays below 80 kB with hundreds of pieces, steps and late requests, each as long as can be', () => {
    const view = sampleView(kind, role, all('"\''.repeat(9_000)));
    const many = <T>(rows: T[]) => Array.from({ length: 200 }, () => rows).flat();
    const { html } = renderer.render({
      ...view,
      message: view.message && { ...view.message, files: many(view.message.files) },
      original: view.original && { ...view.original, files: many(view.original.files) },
      history: many(view.history),
      report: view.report && { ...view.report, late: many(view.report.late) },
      requests: view.requests && many(view.requests),
      basket: view.basket && {
        ...view.basket,
        shelves: view.basket.shelves.map((shelf) => ({ ...shelf, rows: many(shelf.rows) })),
      },
      month: view.month && {
        ...view.month,
        byOutcome: many(view.month.byOutcome),
        byCategory: many(view.month.byCategory),
        byOffice: many(view.month.byOffice),
        oldest: many(view.month.oldest),
      },
      facts: { ...view.facts, pieces: `${'"'.repeat(300)}\n`.repeat(500), unknown: `${'"'.repeat(300)}\n`.repeat(500) },
    });
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(GMAIL_SHOWS_BYTES);
  });

  test('copes with people who have no name and wrote nothing', () => {
    const { html, text, subject } = mailOf(all(''));
    for (const part of [html, text, subject]) expect(part).not.toMatch(/undefined|null|\(\)|: ,/);
    if (sampleView(kind, role).request !== null && !['code', 'confirm_address'].includes(kind))
      expect(subject).toContain('(sans objet)');
  });
});

const A_FOLLOW_UP = { action: 'follow', url: 'https://guichet.plassans.fr/s/secret' };
/** Mails that do not open a request to whoever reads them, or list them all. */
const WITHOUT_FOLLOW_UP: readonly string[] = ['confirm_address', 'address_changed', 'my_requests', 'code'];

describe('a citizen', () => {
  const kinds = PLAUSIBLE.filter(({ role }) => role === 'citizen').map(({ kind }) => kind);

  test.each(kinds)('N19: gets no link of an agent, no note and no colleague’s words in %s', (kind) => {
    const view = sampleView(kind, 'citizen');
    const history = { ...sampleView('new_request', 'desk').history[0], comment: 'NOTE SECRÈTE' };
    const links = [{ action: 'accept', url: 'https://guichet.plassans.fr/secret' }];
    const original = { text: 'NOTE SECRÈTE', files: [] };
    const { html, text } = renderer.render({
      ...view,
      history: [history] as typeof view.history,
      links,
      original,
      requests: null,
    });
    expect(html).not.toMatch(/href|NOTE SECRÈTE|guichet\.plassans/);
    expect(text).not.toMatch(/:\/\/|NOTE SECRÈTE|guichet\.plassans/);
  });

  test.each(kinds)('gets no picture in %s', (kind) => {
    expect(renderer.render(sampleView(kind, 'citizen')).html).not.toMatch(/<img|cid:/);
  });

  test.each(kinds.filter((kind) => !WITHOUT_FOLLOW_UP.includes(kind)))('can follow the request from %s', (kind) => {
    const view = sampleView(kind, 'citizen');
    const { html, text } = renderer.render({ ...view, links: [A_FOLLOW_UP] });
    expect(html.match(new RegExp(`<a\\s[^>]*${A_FOLLOW_UP.url}`, 'g'))).toHaveLength(1);
    expect(visible(html)).toContain('Suivre ma demande');
    expect(text).toContain(`Suivre ma demande\u00a0:\n${A_FOLLOW_UP.url}\n`);
    expect(renderer.render({ ...view, links: [] }).text).not.toContain('Suivre ma demande');
  });

  test.each(CLOSES_FOR_CITIZEN)('reads in %s how to say that nothing is solved, and until when', (kind) => {
    const view = sampleView(kind, 'citizen');
    const { html, text } = renderer.render(view);
    for (const part of [flat(visible(html)), flat(text)]) {
      expect(part).toContain(kind === 'duplicate' ? 'Rouvrir ma demande' : "Ma demande n'est pas résolue");
      expect(part).toContain("Jusqu'au jeudi 7 mai 2026, dites-le-nous par ce lien");
      // An answer about a duplicate is read in the other request, and reopens nothing.
      expect(part.includes('par ce lien ou en répondant')).toBe(kind !== 'duplicate');
      expect(part.includes('votre réponse rejoint la demande')).toBe(kind === 'duplicate');
    }
    const open = renderer.render({ ...view, facts: { ...view.facts, reopenUntil: undefined } }).text;
    expect(flat(open)).toContain('Dites-le-nous par ce lien');
    expect(flat(renderer.render({ ...view, links: [] }).text)).toContain('Pour toute question, répondez simplement');
  });

  test('reads in a last reminder from which day the request is closed, in another only what is missing', () => {
    const view = sampleView('citizen_reminder', 'citizen');
    for (const part of bothParts(view)) {
      expect(part).toContain('classée sans suite à partir du lundi 11 mai 2026');
      expect(part).toContain('au plus tard le jeudi 7 mai 2026');
      expect(part).toContain('Une photo du compteur');
    }
    for (const part of bothParts({ ...view, facts: { ...view.facts, closesOn: undefined } })) {
      expect(part).not.toMatch(/sans suite|dernière relance/);
    }
  });

  test('reads which pieces are missing and until when', () => {
    const { html, text } = renderer.render(sampleView('correction', 'citizen'));
    for (const part of [flat(visible(html)), flat(text)]) {
      expect(part).toContain('photo du lampadaire.jpg');
      expect(part).toContain('Une photo du compteur');
      expect(part).toContain('au plus tard le jeudi 7 mai 2026');
      expect(part).toContain('Ajouter un message ou une pièce');
    }
    expect(text).toContain('- photo du lampadaire.jpg\n- Une photo du compteur\n');
  });

  test('reads the agent’s own words and subject instead of ours, under the same number', () => {
    const view = sampleView('taken_in_charge', 'citizen');
    const facts = {
      ...view.facts,
      mailBody: 'Bonjour Jean,\nNous passons jeudi.',
      mailSubject: 'Passage jeudi\r\nBcc: x',
    };
    const { subject, html, text } = renderer.render({ ...view, facts });
    expect(subject).toBe('[n° 2026-000021] Passage jeudi Bcc: x');
    expect(html).toContain('Bonjour Jean,<br>Nous passons jeudi.');
    expect(text).toContain('Bonjour Jean,\nNous passons jeudi.');
    expect(flat(text)).not.toMatch(/prise en charge par|Pour ajouter un mot/);
    const again = { ...view, facts: { ...facts, mailSubject: '[n° 2026-000021] Passage jeudi' } };
    expect(renderer.render(again).subject).toBe('[n° 2026-000021] Passage jeudi');
  });

  test('is not told the number of somebody else’s request', () => {
    const view = sampleView('duplicate', 'citizen');
    expect(renderer.render(view).text).toContain('n°\u00a02026-000003');
    const { text } = renderer.render({ ...view, facts: { ...view.facts, originalReference: '' } });
    expect(flat(text)).toContain("une autre personne l'avait signalé");
    expect(text).not.toContain('2026-000003');
  });

  test('who has not confirmed an address learns nothing of the request there but its number', () => {
    const { html, text, subject } = renderer.render(sampleView('confirm_address', 'citizen'));
    for (const part of [html, text, subject]) expect(part).not.toMatch(/Lampadaire|Jean Dupont|jean\.dupont|Éclairage/);
    expect(flat(text)).toContain('par le seul mot « oui »');
  });

  test('who asks for their requests and has none is told so', () => {
    const { text } = renderer.render({ ...sampleView('my_requests', 'citizen'), requests: [] });
    expect(flat(text)).toContain("Aucune demande n'a été faite avec votre adresse");
  });

  test('learns when, under which number and by whom their request was received, and that nothing is decided', () => {
    const { html, text } = renderer.render(sampleView('acknowledgement', 'citizen'));
    for (const part of [flat(visible(html)), flat(text)]) {
      expect(part).toContain('lundi 6 avril 2026 à 14 h 05');
      expect(part).toContain('n° 2026-000021');
      expect(part).toContain('04 42 00 00 10');
      expect(part).toContain('1 place de la Mairie');
      expect(part).toContain('mairie@plassans.fr');
      expect(part).toContain("Ce n'est ni une décision");
      expect(part).toContain('CNIL');
      expect(part).toContain('répondez simplement à ce message');
    }
  });

  test('is told the reason of a refusal and what can be done against it; an acceptance has neither', () => {
    const refusal = sampleView('decision', 'citizen');
    const { html, text } = renderer.render(refusal);
    for (const part of [flat(visible(html)), flat(text)]) {
      expect(part).toContain('Le lampadaire devant le 12 rue des Lilas');
      expect(part).toContain('deux mois');
      expect(part).toContain('recours gracieux');
      expect(part).toContain('Tribunal administratif de Marseille, 31 rue Jean-François Leca');
      expect(part).toContain('Télérecours citoyens');
    }
    const facts = { ...refusal.facts, outcome: 'accepted', comment: '' };
    expect(renderer.render({ ...refusal, facts }).text).not.toMatch(/recours|Tribunal|refusée pour/);
  });
});

describe('by law, a citizen', () => {
  const receipt = (regime: Regime) => {
    const { html, text } = renderer.render(sampleView('acknowledgement', 'citizen', ORDINARY, regime));
    return [flat(visible(html)), flat(text)];
  };

  test('reads that silence rejects, from which day, and what can be done then', () => {
    for (const part of receipt('rejection')) {
      expect(part).toContain('le samedi 6 juin 2026');
      expect(part).toContain(
        "considérée comme rejetée (article L. 231-4 du code des relations entre le public et l'administration)",
      );
      expect(part).toContain('deux mois, à partir de ce jour');
      expect(part).toContain('Tribunal administratif de Marseille, 31 rue Jean-François Leca, 13002 Marseille');
    }
  });

  test('reads that silence accepts, from which day, and that it can be attested', () => {
    for (const part of receipt('acceptance')) {
      expect(part).toContain("considérée comme acceptée (article R.* 424-1 du code de l'urbanisme)");
      expect(part).toContain('une attestation');
      expect(part).not.toMatch(/Tribunal|rejetée/);
    }
  });

  test('reads nothing of delays where no decision is awaited', () => {
    for (const part of receipt('information')) {
      expect(part).toContain("Ce n'est ni une décision, ni le début d'une procédure");
      expect(part).not.toMatch(/juin|Tribunal|deux mois/);
    }
  });

  test('reads who wrote and in what capacity; who answers for the office where nobody gave a name', () => {
    const view = sampleView('decision', 'citizen');
    for (const part of bothParts(view)) {
      expect(part).toContain('Jeanne Martin, technicienne de la voirie Voirie, Mairie de Plassans');
    }
    const author = { name: 'Silvère Mouret', title: 'responsable de la voirie', isNamed: false };
    for (const part of bothParts({ ...view, author })) {
      expect(part).toContain(
        'Voirie, Mairie de Plassans sous la responsabilité de Silvère Mouret, responsable de la voirie',
      );
    }
  });

  test('whose request is another administration’s reads that it is sent there', () => {
    for (const part of bothParts(sampleView('reoriented', 'citizen'))) {
      expect(part).toContain('la mairie lui transmet votre demande (article L. 114-2');
    }
  });
});

describe('a legal alarm', () => {
  const alarm = (facts: object) =>
    bothParts({
      ...sampleView('legal_alarm', 'desk'),
      facts: { ...sampleView('legal_alarm', 'desk').facts, ...facts },
    });

  test('says what silence will mean, from which day, and how many are left', () => {
    for (const part of alarm({})) {
      expect(part).toContain('Sans décision de la mairie avant le samedi 6 juin 2026');
      expect(part).toContain('sera considérée comme rejetée (article L. 231-4');
      expect(part).toContain('Il reste 10 jours.');
      expect(part).not.toContain('reste due');
    }
    for (const part of alarm({ daysLeft: 1 })) expect(part).toContain('Il reste 1 jour.');
  });

  test('on the day says that a rejection leaves an answer owed', () => {
    for (const part of alarm({ daysLeft: 0 })) {
      expect(part).toContain('est rejetée par le silence de la mairie depuis le samedi 6 juin 2026');
      expect(part).toContain('Une réponse reste due.');
      expect(part).not.toContain('acceptée');
    }
  });

  test('on the day says that an acceptance stands unless a decision was notified, and can be attested', () => {
    for (const part of alarm({ daysLeft: 0, regime: 'acceptance' })) {
      expect(part).toContain('est acceptée par le silence de la mairie depuis le samedi 6 juin 2026');
      expect(part).toContain('sauf si une décision a été notifiée autrement avant ce jour');
      expect(part).toContain('attestation');
      expect(part).not.toMatch(/rejetée|reste due/);
    }
  });
});

describe('what a citizen wrote', () => {
  test('is quoted in the mails about it, five hundred characters at most and without a link', () => {
    const words = { ...ORDINARY, text: `Voyez https://evil.example/ ${'mot '.repeat(1_000)}` };
    const { html, text } = renderer.render(sampleView('acknowledgement', 'citizen', words));
    for (const part of [visible(html), text]) {
      expect(flat(part)).toMatch(/votre message du lundi 6 avril 2026/i);
      expect(part).not.toMatch(/:\/\/evil/);
      expect(part.match(/mot/g)?.length).toBeLessThanOrEqual(125);
    }
  });

  test.each(['confirm_address', 'address_changed', 'code', 'follow_link'] as const)('is not in %s', (kind) => {
    const { html, text } = renderer.render(sampleView(kind, 'citizen'));
    for (const part of [html, text]) expect(part).not.toContain('Le lampadaire devant le 12');
  });

  test.each(['withdrawn', 'reopened'] as const)('holds no link that an agent could click on, in %s', (kind) => {
    const words = { ...ORDINARY, text: 'Voyez https://evil.example/ et www.evil.example' };
    for (const part of bothParts(sampleView(kind, 'desk', words))) expect(part).not.toMatch(/:\/\/evil|www\.evil/);
  });
});

test('a mail program that shows an action offers to see the request, and only with a link', () => {
  const view = sampleView('answer', 'citizen');
  const { html } = renderer.render({
    ...view,
    links: [{ action: 'follow', url: 'https://guichet.plassans.fr/d/x?a=1&b="2"' }],
  });
  expect(html).toContain('itemtype="http://schema.org/ViewAction"');
  expect(html).toContain('<link itemprop="target" href="https://guichet.plassans.fr/d/x?a=1&amp;b=&#34;2&#34;">');
  expect(renderer.render({ ...view, links: [] }).html).not.toContain('schema.org');
});

describe('an agent', () => {
  test('gets the main links first, and one to all the others when there are more', () => {
    const every = ['view', ...ACTIONS].map((action) => ({ action, url: `https://guichet.plassans.fr/a/${action}` }));
    const { html, text } = renderer.render({ ...sampleView('new_request', 'desk'), links: every });
    const main = 'view take_charge transfer accept refuse answer request_correction message send_back note';
    const shown = text.match(/https:\S+/g)?.map((address) => address.slice('https://guichet.plassans.fr/a/'.length));
    expect(shown?.filter((action) => main.split(' ').includes(action))).toEqual(main.split(' '));
    expect(shown).not.toContain('milestone');
    for (const part of [flat(visible(html)), flat(text)]) expect(part).toContain('Toutes les actions');
    const few = renderer.render({ ...sampleView('new_request', 'desk'), links: every.slice(0, 2) });
    expect(`${few.html}${few.text}`).not.toContain('Toutes les actions');
  });

  test('keeps the first link first, and a citizen gets none of an agent’s', () => {
    const links = ['draft', 'note', 'hold', 'view', 'follow'].map((action) => ({ action, url: action }));
    const to = { name: '', role: 'desk', officeName: '' } as const;
    const shown = shownLinks({ to, links });
    expect(shown.links.map(({ action }) => action)).toEqual(['draft', 'view', 'note']);
    expect(shown.hasMoreLinks).toBe(true);
    expect(shownLinks({ to: { ...to, role: 'citizen' }, links }).links.map(({ action }) => action)).toEqual(['follow']);
  });

  test('is told by whom and how a request left them, and nothing of what comes after', () => {
    const view = sampleView('recalled', 'department');
    const tell = (action: string) => flat(renderer.render({ ...view, facts: { ...view.facts, action } }).text);
    expect(tell('recall')).toContain("Jeanne Martin (Accueil) a repris la demande à l'accueil.");
    expect(tell('transfer')).toContain('Jeanne Martin (Accueil) a transmis la demande (Accueil).');
    expect(tell('drop')).toContain('a classé la demande sans suite.');
    expect(tell('discard')).toContain('a écarté la demande comme indésirable.');
    expect(tell('recall')).not.toMatch(/LES DERNIÈRES ÉTAPES|LE MESSAGE DE L'USAGER/);
  });

  test('reads where an answer goes: to the citizen from the desk, to the desk from a department', () => {
    expect(flat(renderer.render(sampleView('new_request', 'desk')).text)).toContain(
      "Pour répondre à l'usager, répondez à ce message.",
    );
    expect(flat(renderer.render(sampleView('transferred', 'department')).text)).toContain(
      "note interne pour l'accueil ; elle n'est pas envoyée à l'usager",
    );
  });

  test('sees the photo above the name of its file, and one link leads to its page from both', () => {
    const { html, text } = renderer.render(sampleView('new_request', 'desk'));
    expect(html).toMatch(
      /<a href="[^"]+"><img class="photo" src="cid:[^"]+" alt="photo du lampadaire\.jpg" width="160" height="120"[^>]*><br>Ouvrir photo du lampadaire\.jpg<\/a>/,
    );
    expect(text).not.toContain('cid:');
  });

  test('reads that an answer does not go to the stranger who wrote', () => {
    const view = sampleView('reply_received', 'desk');
    const { html, text } = renderer.render({ ...view, facts: { ...view.facts, actorRole: 'third_party' } });
    for (const part of [flat(visible(html)), flat(text)]) {
      expect(part).toContain(`à l'usager, ${ORDINARY.name}, et non à la personne qui vient d'écrire`);
      expect(part).not.toContain("Pour répondre à l'usager");
    }
  });

  test('is told that an excerpt goes on, and where', () => {
    const { text, html } = renderer.render(
      sampleView('new_request', 'desk', { ...ORDINARY, text: 'mot '.repeat(2_000) }),
    );
    for (const part of [flat(text), flat(visible(html))]) expect(part).toContain('la suite est sur la page');
  });

  test('cannot click on an address that a stranger wrote', () => {
    const words = {
      ...ORDINARY,
      text: 'Voyez https://evil.example/ et www.evil.example',
      subject: 'http://evil.example',
    };
    const { html, text } = renderer.render(sampleView('reply_received', 'desk', words));
    expect(`${visible(html)}${text}`).not.toMatch(/:\/\/evil|www\.evil/);
  });

  test('reads of a stranger’s subject what they wrote', () => {
    const words = { ...ORDINARY, subject: 'Voir www.plassans.fr et http://plassans.fr' };
    expect(renderer.render(sampleView('new_request', 'desk', words)).subject).toContain(words.subject);
  });

  test.each(['undelivered', 'not_done'] as const)('reads %s even when it concerns no request', (kind) => {
    const { html, text, subject } = renderer.render({
      ...sampleView(kind, 'desk'),
      request: null,
      links: [],
      original: null,
    });
    for (const part of [html, text, subject]) expect(part).not.toMatch(/undefined|null|n° (?!\d)|2026-000021/);
  });

  test('who hears of a reminder because the others did not help is told so, and who should have acted', () => {
    const view = sampleView('reminder', 'supervisor');
    const escalated = { ...view, facts: { ...view.facts, escalated: 'supervisor' } };
    for (const part of bothParts(escalated)) {
      expect(part).toContain('parce que les précédentes sont restées sans effet. En charge : Voirie.');
    }
    for (const part of bothParts(view)) expect(part).not.toContain('sans effet');
  });

  test('reads whether a silent citizen’s request comes back or is closed', () => {
    const view = sampleView('citizen_silent', 'desk');
    for (const part of bothParts(view))
      expect(part.toLowerCase()).toContain('une demande vous revient, faute de réponse');
    for (const part of bothParts({ ...view, facts: { ...view.facts, outcome: 'dropped' } })) {
      expect(part.toLowerCase()).toContain('une demande est classée sans suite, faute de réponse');
      expect(part).not.toMatch(/vous revient/i);
    }
  });

  test('of a basket that was emptied before it left reads that nothing is left', () => {
    const view = sampleView('basket', 'desk');
    for (const part of bothParts({ ...view, basket: { actionCount: 0, shelves: [] } })) {
      expect(part).toContain("Il n'y a plus rien à traiter.");
    }
  });

  test('of a month in which nothing ended reads no delay', () => {
    const view = sampleView('monthly_report', 'supervisor');
    const month = view.month && {
      ...view.month,
      closed: 0,
      medianDays: null,
      ninthDecileDays: null,
      onTimePercent: null,
      byOutcome: [],
      oldest: [],
    };
    for (const part of bothParts({ ...view, month })) expect(part).not.toMatch(/médian|%|Comment elles se sont/i);
  });

  test('reads that nothing is late', () => {
    const view = sampleView('status_report', 'supervisor');
    const report = view.report && { ...view.report, late: [], counts: { ...view.report.counts, late: 0 } };
    expect(flat(renderer.render({ ...view, report }).text)).toContain("Aucune demande n'est en retard.");
  });
});

test('line breaks of people’s words are kept', () => {
  const { html, text } = renderer.render(sampleView('message', 'citizen'));
  expect(html).toContain('depuis lundi.<br>Pouvez-vous');
  expect(text).toContain('depuis lundi.\nPouvez-vous');
});

test('the columns of a table that people pasted stay apart', () => {
  const { html } = renderer.render(
    sampleView('message', 'citizen', { ...ORDINARY, text: 'Nom\tPrénom\nMaheu\tEstelle' }),
  );
  expect(html).toContain('Nom&emsp;&emsp;Prénom<br>Maheu&emsp;&emsp;Estelle');
});

test.each([
  ['mailbox_full', 'La boîte de ce destinataire est pleine'],
  ['refused', 'a refusé le message'],
  ['unreachable', "n'a pas pu recevoir le message"],
  ['unknown_address', 'peut-être mal écrite ou fermée'],
])('what to do about a mail that did not arrive is said by its cause: %s', (cause, advice) => {
  const view = sampleView('undelivered', 'desk');
  const { html, text } = renderer.render({ ...view, facts: { ...view.facts, cause } });
  expect(flat(visible(html))).toContain(advice);
  expect(flat(text)).toContain(advice);
});

test('a header is one line of visible text', () => {
  expect(headerText(' a\r\nBcc: b\u0085c\u202Ed\u2028e\u00a0 f ')).toBe('a Bcc: b cd e f');
  expect(headerText('é'.repeat(300))).toHaveLength(200);
});

function bothParts(view: MailView): string[] {
  const { html, text } = renderer.render(view);
  return [flat(visible(html)), flat(text)];
}

/** Every tag without the line breaks of people's words. */
function tagsOf(html: string): string[] {
  return [...html.matchAll(/<\/?[a-zA-Z][^>]*>/g)].map(([tag]) => tag).filter((tag) => tag !== '<br>');
}

function withoutAddress(tag: string): string {
  return tag.replace(/(href|aria-label|alt)="[^"]*"/, '$1');
}

function visible(html: string): string {
  const body = html.slice(html.indexOf('<body')).replace(/<[^>]*>/g, ' ');
  return body.replaceAll('&#39;', "'").replaceAll('&#34;', '"').replaceAll('&amp;', '&');
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/ ([,.])/g, '$1');
}

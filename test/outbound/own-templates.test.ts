import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../src/domain/people.ts';
import { MAIL_KINDS } from '../../src/domain/workflow.ts';
import { LINT_RULES } from '../../src/outbound/lint-rules.ts';
import { acceptOwnTemplates, faultOfMail } from '../../src/outbound/own-templates.ts';
import { createRenderer, isWrittenIn } from '../../src/outbound/render.ts';
import { sampleView } from '../../src/outbound/sample-views.ts';
import { ORDINARY } from '../../src/outbound/sample-words.ts';
import { findTemplate, NO_OWN_TEMPLATES, TEMPLATES_DIR } from '../../src/template-files.ts';
import { createEngine, loadLocale } from '../../src/template.ts';

const TOWN = { timeZone: 'Europe/Paris' };

let folder = '';

afterEach(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
  folder = '';
});

describe('a template of the town’s own', () => {
  test('is used in place of ours', async () => {
    const { own, faults } = await accept({
      'emails/code.txt': ours('emails/code.txt').replace('Votre code de confirmation', 'Le code de la mairie'),
      'partials/mail-top.mjml': ours('partials/mail-top.mjml').replace('{{ town.name }}', 'La belle {{ town.name }}'),
      'pages/_facts.html': '<p>{{ request.reference }}</p>',
    });
    expect(faults).toEqual([]);
    const renderer = await createRenderer(TOWN, own);
    expect(renderer.render(sampleView('code', 'desk')).subject).toContain('Le code de la mairie');
    expect(renderer.render(sampleView('answer', 'citizen')).html).toContain('La belle Mairie de Plassans');
    const page = createEngine({ html: true, ...TOWN, own }).renderFileSync('pages/_facts.html', {
      request: { reference: '<21>' },
    });
    expect(page).toBe('<p>&lt;21&gt;</p>');
  });

  test('says a label in the town’s words', async () => {
    const { own, faults } = await accept({
      'locales/fr.json': '{"citizenActions":{"follow":"Voir où en est ma demande"}}',
    });
    expect(faults).toEqual([]);
    const { html, text } = (await createRenderer(TOWN, own)).render(sampleView('answer', 'citizen'));
    for (const part of [html, text]) expect(part).toContain('Voir où en est ma demande');
    expect(text).toContain("Ma demande n'est pas résolue");
  });

  test.each<[string, string, (source: string) => string, { line: number | null; fault: string; detail?: RegExp }]>([
    [
      'a tag of Liquid left open',
      'emails/answer.txt',
      (source) => `${source}\n{% if message %}\n`,
      { line: lineCount('emails/answer.txt') + 1, fault: 'liquid', detail: /not closed/ },
    ],
    [
      'a filter that does not exist',
      'partials/mail-office.mjml',
      (source) => source.replace('{{ holder.name }}', '{{ holder.name | shout }}'),
      { line: 2, fault: 'liquid', detail: /shout/ },
    ],
    [
      'a tag of MJML that does not exist',
      'emails/message.mjml',
      (source) => source.replace(/<mj-column>/, '<mj-column>\n<mj-dance />'),
      { line: lineOf('emails/message.mjml', '<mj-column>') + 1, fault: 'mjml', detail: /mj-dance/ },
    ],
    [
      'an attribute of MJML that does not exist, in a partial',
      'partials/mail-follow.mjml',
      (source) => source.replace('<mj-button ', '<mj-button colour="red" '),
      { line: 2, fault: 'mjml', detail: /colour/ },
    ],
    [
      'a tag of MJML left open',
      'partials/mail-data.mjml',
      (source) => source.replace('</mj-text>', '</mj-tex>'),
      { line: 4, fault: 'unclosed', detail: /mj-tex/ },
    ],
    [
      'a partial that does not exist',
      'emails/decision.mjml',
      (source) => source.replace('mail-appeal.mjml', 'mail-apeal.mjml'),
      { line: lineOf('emails/decision.mjml', 'mail-appeal.mjml'), fault: 'missing', detail: /mail-apeal/ },
    ],
    ['a name that is none of ours', 'emails/answr.mjml', () => '<mjml></mjml>', { line: null, fault: 'unknown' }],
    ['a locale that is no JSON', 'locales/fr.json', () => '{ "actions": ', { line: null, fault: 'json' }],
    [
      'a page that cannot be read',
      'pages/dossier.html',
      () => 'Bonjour\n{{ request.reference',
      { line: 2, fault: 'liquid' },
    ],
  ])('is refused with its file and line when it has %s; ours stays', async (_what, name, change, wanted) => {
    const source = findTemplate(name, 'fr', NO_OWN_TEMPLATES)?.source ?? '';
    const { own, faults } = await accept({ [name]: change(source) });
    expect(faults).toEqual([
      {
        file: join(folder, name),
        line: wanted.line,
        fault: wanted.fault,
        detail:
          wanted.detail === undefined
            ? (expect.any(String) as string)
            : (expect.stringMatching(wanted.detail) as string),
      },
    ]);
    expect(own.size).toBe(0);
  });

  test('that is broken does not take a good one with it', async () => {
    const { own, faults } = await accept({
      'emails/code.txt': ours('emails/code.txt').replace('Votre code', 'Le code'),
      'emails/message.txt': '{{ x | nonsense }}',
    });
    expect([...own.keys()]).toEqual(['emails/code.txt']);
    expect(faults.map(({ fault }) => fault)).toEqual(['liquid']);
  });

  test('can include nothing from outside the templates', async () => {
    const { own } = await accept({ 'pages/_facts.html': "{% render '../../../../etc/passwd' %}" });
    const engine = createEngine({ html: true, ...TOWN, own });
    expect(() => engine.renderFileSync('pages/_facts.html')).toThrow(/ENOENT/);
  });
});

describe('the law', () => {
  const kinds = LANGUAGES.flatMap((language) =>
    MAIL_KINDS.filter((kind) => isWrittenIn(kind, language)).map((kind) => ({ kind, language })),
  );

  test.each(kinds)('is satisfied by our $kind in $language', async ({ kind, language }) => {
    expect(await faultOfMail(kind, language, NO_OWN_TEMPLATES, TOWN.timeZone)).toBeNull();
  });

  /** The sentence without which each rule is broken: in which template, and what stands there instead. */
  const SENTENCES: Record<string, [string, RegExp, string?][]> = {
    receivedAt: [
      ['partials/mail-citizen-request.txt', /Reçue le.*\n/],
      ['partials/mail-citizen-request.mjml', /<strong>Reçue le.*?longDate \}\}<br>/],
    ],
    reference: [['emails/message.txt', /UN MESSAGE DE LA MAIRIE AU SUJET DE VOTRE DEMANDE[\s\S]*/]],
    office: [
      ['partials/mail-office.txt', /Téléphone.*\n/],
      ['partials/mail-office.mjml', /\{\{ holder\.postalAddress \}\}/],
    ],
    rejection: [
      ['partials/mail-silence.mjml', /elle sera considérée comme rejetée/],
      ['partials/mail-silence.txt', /Vous aurez alors deux mois, à partir de ce jour/],
      ['partials/mail-silence.txt', /- ou saisir le juge.*\n/],
      ['partials/mail-silence.mjml', /recours gracieux/],
    ],
    acceptance: [
      ['partials/mail-silence.mjml', /considérée comme acceptée/],
      ['partials/mail-silence.txt', /Vous pourrez alors demander à la mairie une attestation/],
    ],
    information: [
      ['partials/mail-silence.txt', /Ce n'est ni une décision, ni le début d'une procédure/],
      ['partials/mail-silence.mjml', /ni le début/, 'ni, avant deux mois, le début'],
    ],
    author: [
      ['partials/mail-author.mjml', /<strong>\{\{ author\.name \}\}<\/strong>/],
      ['partials/mail-author.txt', /, \{\{ author\.title \}\}/],
    ],
    data: [
      ['partials/mail-data.mjml', /\{\{ town\.officer\.name \}\}/],
      ['partials/mail-data.txt', /Vous pouvez aussi vous adresser à la CNIL\./],
      ['partials/mail-data.txt', /Pour les consulter, les corriger ou les faire effacer/],
      ['partials/mail-data.mjml', /Elles servent uniquement à traiter votre demande\./],
    ],
    officer: [['partials/mail-office.mjml', /\{\{ town\.officer\.address \}\}/]],
    reasons: [['emails/decision.txt', /\{\{ facts\.comment \| quoted \}\}/]],
    appeal: [
      ['emails/decision.mjml', /.*mail-appeal\.mjml.*\n/],
      ['partials/mail-appeal.txt', /\{% if facts\.outcome == 'refused' -%\}/, '{% if true -%}'],
      ['partials/mail-appeal.mjml', /Télérecours citoyens/],
      ['partials/mail-appeal.txt', /deux\smois/g, 'longtemps'],
    ],
    missing_pieces: [
      ['emails/correction.txt', /- \{\{ piece \}\}/],
      ['emails/correction.mjml', /, <strong>au plus tard.*?<\/strong>/],
      ['emails/citizen_reminder.txt', /- \{\{ piece \}\}/],
    ],
    closesOn: [
      [
        'emails/citizen_reminder.mjml',
        /, votre demande sera classée sans suite à partir du .*?<\/strong>/,
        '</strong>',
      ],
      ['emails/citizen_reminder.txt', / à partir du \{\{ facts\.closesOn \| longDay \}\}/],
    ],
    suspension: [
      ['partials/mail-suspension.txt', /est suspendu/g, 'est compté'],
      ['partials/mail-suspension.mjml', /article L\. 114-5/],
      ['partials/mail-suspension.txt', /\{% if facts\.indispensable -%\}/, '{% if true -%}'],
    ],
    forwarded: [
      ['emails/reoriented.mjml', /la mairie lui transmet votre demande/],
      ['emails/reoriented.txt', /\{\{ facts\.administration \}\}/],
    ],
    remote: [
      ['partials/mail-top.mjml', /<strong>/, '<img src="https://plassans.fr/logo.png" alt=""><strong>'],
      ['partials/mail-style.mjml', /\.number \{/, 'body { background: url(//plassans.fr/fond.png) } .number {'],
    ],
    language: [['emails/message.mjml', /lang="fr"/]],
    noReply: [['partials/mail-office.txt', /-- \n/, '-- \nMerci de ne pas répondre à ce message.\n']],
    link: [
      ['partials/mail-follow.txt', /\{\{ linkTo\.follow \}\}/],
      ['partials/mail-action-links.txt', /\{\{ link\.url \}\}/],
    ],
  };

  test('has a sentence of ours for each rule', () => {
    const rules = [...LINT_RULES.map(({ id }) => id), 'remote', 'language', 'noReply', 'link'];
    expect(Object.keys(SENTENCES).toSorted()).toEqual(rules.toSorted());
    for (const rule of rules) expect(loadLocale()['templateFaults']?.[rule]).toMatch(/\S/);
  });

  const removals = Object.entries(SENTENCES).flatMap(([rule, sentences]) =>
    sentences.map(([name, sentence, instead = '']) => ({ rule, name, sentence, instead })),
  );

  test.each(removals)('$rule is missed when $name loses $sentence', async ({ rule, name, sentence, instead }) => {
    const source = ours(name);
    expect(source).toMatch(sentence);
    const { own, faults } = await accept({ [name]: source.replace(sentence, instead) });
    expect(faults.map(({ file, fault }) => ({ file, fault }))).toEqual([{ file: join(folder, name), fault: rule }]);
    expect(own.size).toBe(0);
  });

  test('is looked for in the sample, whose words cannot be mistaken for ours', () => {
    expect(ORDINARY.text).not.toMatch(/rejetée|acceptée|deux mois|recours|CNIL|procédure/);
  });
});

async function accept(files: Record<string, string>) {
  folder = mkdtempSync(join(tmpdir(), 'guichet-templates-'));
  for (const [name, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), source);
  }
  return acceptOwnTemplates(folder, TOWN);
}

function ours(name: string): string {
  return readFileSync(`${TEMPLATES_DIR}/${name}`, 'utf8');
}

function lineOf(name: string, words: string): number {
  return (
    ours(name)
      .split('\n')
      .findIndex((line) => line.includes(words)) + 1
  );
}

function lineCount(name: string): number {
  return ours(name).split('\n').length;
}

import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { REPLY_MARKERS } from '../../src/domain/quote-marks.ts';
import { isYes } from '../../src/domain/citizen-mail.ts';
import { REGIMES } from '../../src/domain/silence.ts';
import type { MailView } from '../../src/outbound/mail-view.ts';
import { faultOfMail } from '../../src/outbound/own-templates.ts';
import { createRenderer, isWrittenIn, type Renderer } from '../../src/outbound/render.ts';
import { PLAUSIBLE, sampleView } from '../../src/outbound/sample-views.ts';
import type { Words } from '../../src/outbound/sample-words.ts';
import { inLanguage, NO_OWN_TEMPLATES, TEMPLATES_DIR } from '../../src/template-files.ts';
import { loadLocale } from '../../src/template.ts';

const TIME_ZONE = 'Europe/Paris';

/** What an English mail says that its French original does not. */
const NOTE =
  'This message is a translation for your convenience. French is the language of the administration: reply to this message to receive the French text.';

/** In English, so that any French word found is one of ours. */
const ENGLISH: Words = {
  text: 'Good morning,\n\nThe street lamp outside number 12 is out.',
  subject: 'Street lamp out',
  name: 'Jane Smith',
  fileName: 'street lamp.jpg',
};

/** Who signs where an office decided, rather than a person by name. */
const HEAD = { name: 'Paul Roux', title: 'town clerk', isNamed: false };

const KINDS = PLAUSIBLE.filter(({ role }) => role === 'citizen').map(({ kind }) => kind);

/** Every case that a template tells apart. */
const CASES: { name: string; view: MailView }[] = KINDS.flatMap((kind) => {
  const of = (name: string, view: MailView, facts: MailView['facts'] = {}) => ({
    name: `${kind}, ${name}`,
    view: { ...view, facts: { ...view.facts, ...facts } },
  });
  const view = sampleView(kind, 'citizen', ENGLISH);
  const hasAuthor = view.author !== null;
  return [
    ...REGIMES.map((regime) => of(regime, sampleView(kind, 'citizen', ENGLISH, regime))),
    of('without links', { ...view, links: [] }),
    of('cut', { ...view, message: view.message && longMessage(view.message) }, { comment: 'word '.repeat(8_000) }),
    ...(hasAuthor ? [of('in the name of an office', { ...view, author: HEAD })] : []),
    ...(kind === 'decision' ? [of('accepted', view, { outcome: 'accepted', comment: '' })] : []),
    ...(kind === 'taken_in_charge' ? [of('in an agent’s words', view, { mailBody: ENGLISH.text })] : []),
    ...(kind === 'answer' ? [of('without a message', { ...view, message: null })] : []),
    ...(kind === 'duplicate' ? [of('of another person’s', view, { originalReference: '' })] : []),
    ...(kind === 'reopened_citizen' ? [of('by an agent', view, { actorRole: 'desk' })] : []),
    ...(kind === 'address_changed' ? [of('with no new address', view, { maskedAddress: '' })] : []),
    ...(kind === 'correction' ? [of('without a day', view, { dueOn: undefined })] : []),
    ...(kind === 'citizen_reminder'
      ? [
          of('not the last', view, { closesOn: undefined }),
          of('without a day', view, { closesOn: undefined, dueOn: undefined }),
          of('without pieces or words', view, { pieces: '', comment: '' }),
        ]
      : []),
    ...(kind === 'lapsed_citizen' ? [of('without pieces', view, { pieces: '' })] : []),
    ...(kind === 'my_requests' ? [of('none', { ...view, requests: [] }), of('many', withMany(view))] : []),
    ...(kind === 'code' ? [of('for no action', view, { action: '' })] : []),
  ];
});

let renderer: Renderer;

beforeAll(async () => {
  renderer = await createRenderer({ timeZone: TIME_ZONE });
});

test('every mail to a citizen is written in English', () => {
  expect(KINDS.filter((kind) => !isWrittenIn(kind, 'en'))).toEqual([]);
});

describe.each(CASES)('$name', ({ view }) => {
  const mails = () => ({ fr: renderer.render(view), en: renderer.render({ ...view, language: 'en' }) });

  test('is built in English as in French', () => {
    const { fr, en } = mails();
    expect(en.html).toContain('<html lang="en"');
    expect(skeleton(en.html.replace(`<p>${NOTE}</p>`, ''))).toEqual(skeleton(fr.html));
    expect(urls(en.text)).toEqual(urls(fr.text));
    expect(urls(en.html)).toEqual(urls(fr.html));
    expect(en.subject.match(/^\[n°\u00a0[\d-]+\] /)?.[0]).toBe(fr.subject.match(/^\[n°\u00a0[\d-]+\] /)?.[0]);
  });

  test('has no French word of ours left over', () => {
    const { en } = mails();
    for (const part of [en.subject, visible(en.html), en.text]) {
      expect([...withoutValues(part, view).matchAll(FRENCH)].map(([found]) => found)).toEqual([]);
    }
  });

  test('says once, at its end, that it is a translation', () => {
    const { en } = mails();
    expect(visible(en.html).split(NOTE)).toHaveLength(2);
    expect(flat(en.text).endsWith(NOTE)).toBe(true);
  });

  test('never parts « no. » from its number', () => {
    const { en } = mails();
    for (const part of [en.html, en.text]) expect(part).not.toMatch(/\bno\. |\bno\.\u00a0(?!\d)/i);
    const body = en.html.slice(en.html.indexOf(REPLY_MARKERS.en));
    expect(body).not.toMatch(/(?<!class="number">)no\.\u00a0\d/i);
  });
});

test('the mail that asks for one word is answered by it', () => {
  const { text } = renderer.render({ ...sampleView('confirm_address', 'citizen'), language: 'en' });
  expect(isYes(/the single word “(\w+)”/.exec(flat(text))?.[1] ?? '')).toBe(true);
});

const ENGLISH_FILES = ['emails', 'partials']
  .flatMap((folder) => readdirSync(`${TEMPLATES_DIR}/${folder}`).map((name) => `${folder}/${name}`))
  .filter((name) => /\.en\.\w+$/.test(name));

describe.each(ENGLISH_FILES)('%s', (name) => {
  const english = sourceOf(name);
  const french = sourceOf(name.replace('.en.', '.'));

  test('has the tags and the conditions of the French file, in their order', () => {
    expect(tagsOf(withoutNote(english))).toEqual(tagsOf(french));
  });

  test('includes only what is written in English, or has no words', () => {
    const included = [...english.matchAll(/(?:path="\.\.?\/|include 'partials\/)(?:partials\/)?(mail-[\w-]+\.\w+)/g)];
    const names = included.map(([, file]) => `partials/${file}`);
    expect(names.filter((file) => !ENGLISH_FILES.includes(inLanguage(file, 'en')) && hasWords(sourceOf(file)))).toEqual(
      [],
    );
  });
});

/** Said to agents only, who are written to in French. */
const FOR_AGENTS = ['actions'];

test('every label used is said in English, for the same keys as in French', () => {
  const used = ENGLISH_FILES.flatMap((name) => [...sourceOf(name).matchAll(/label: "(\w+)"/g)].map(([, key]) => key));
  const sections = [...new Set(used)].filter((key) => !FOR_AGENTS.includes(key ?? ''));
  expect(new Set(sections)).toEqual(new Set(['citizenActions', 'citizenButtons', 'citizenStatuses', 'outcomes']));
  for (const section of [...sections, 'lint']) {
    expect(keysOf('en', section)).toEqual(keysOf('fr', section));
  }
  expect(Object.values(loadLocale('en')).flatMap((labels) => Object.values(labels).filter((each) => !each))).toEqual(
    [],
  );
});

/** The English sentence without which each rule is broken, and what stands there instead. */
const SENTENCES: [rule: string, kind: MailView['kind'], file: string, sentence: RegExp, instead?: string][] = [
  ['receivedAt', 'transferred_citizen', 'partials/mail-citizen-request.en.txt', /Received on.*\n/],
  ['rejection', 'acknowledgement', 'partials/mail-silence.en.mjml', /it will be considered rejected/],
  ['rejection', 'transferred_citizen', 'partials/mail-silence.en.txt', / You will then have two months/],
  ['rejection', 'acknowledgement', 'partials/mail-silence.en.txt', /- or take the case to court.*\n/],
  ['rejection', 'acknowledgement', 'partials/mail-silence.en.mjml', / \(an informal appeal, “recours gracieux”\)/],
  ['acceptance', 'acknowledgement', 'partials/mail-silence.en.mjml', /considered accepted/],
  ['acceptance', 'acknowledgement', 'partials/mail-silence.en.txt', /You can then ask the town hall for a certificate/],
  ['information', 'acknowledgement', 'partials/mail-silence.en.txt', /It is neither a decision nor the start.*?:/],
  [
    'information',
    'acknowledgement',
    'partials/mail-silence.en.mjml',
    /nor the start/,
    'nor, for two months, the start',
  ],
  ['author', 'answer', 'partials/mail-author.en.txt', /, \{\{ author\.title \}\}/],
  ['data', 'acknowledgement', 'partials/mail-data.en.mjml', /is responsible for it/],
  ['data', 'acknowledgement', 'partials/mail-data.en.txt', /It is used only to deal with your request\./],
  ['data', 'acknowledgement', 'partials/mail-data.en.txt', /To see it, correct it or have it erased/],
  ['data', 'acknowledgement', 'partials/mail-data.en.mjml', /You can also contact the CNIL/],
  ['reasons', 'decision', 'emails/decision.en.txt', /\{\{ facts\.comment \| quoted \}\}/],
  ['appeal', 'decision', 'partials/mail-appeal.en.txt', /two\smonths/g, 'a long time'],
  ['appeal', 'decision', 'partials/mail-appeal.en.mjml', /\{% if facts\.outcome == 'refused' %\}/, '{% if true %}'],
  ['appeal', 'decision', 'partials/mail-appeal.en.mjml', /Télérecours citoyens/],
  ['missing_pieces', 'correction', 'emails/correction.en.mjml', /, <strong>no later than.*?<\/strong>/],
  ['suspension', 'correction', 'partials/mail-suspension.en.txt', /is suspended/g, 'is counted'],
  ['suspension', 'correction', 'partials/mail-suspension.en.mjml', /article L\. 114-5/],
  ['forwarded', 'reoriented', 'emails/reoriented.en.mjml', /the town hall is passing your request on to it/],
  ['language', 'message', 'emails/message.en.mjml', /lang="en"/],
  ['noReply', 'message', 'partials/mail-office.en.txt', /-- \n/, '-- \nPlease do not reply to this message.\n'],
  ['link', 'acknowledgement', 'partials/mail-follow.en.txt', /\{\{ linkTo\.follow \}\}/],
];

test.each(SENTENCES)('%s is missed when the %s in %s loses %s', async (rule, kind, name, sentence, instead = '') => {
  const source = sourceOf(name);
  expect(source).toMatch(sentence);
  const broken = { path: `${TEMPLATES_DIR}/broken/${name}`, source: source.replace(sentence, instead) };
  expect(await faultOfMail(kind, 'en', NO_OWN_TEMPLATES, TIME_ZONE)).toBeNull();
  expect((await faultOfMail(kind, 'en', new Map([[name, broken]]), TIME_ZONE))?.fault).toBe(rule);
});

/** Whole words that English does not have, or that we do not use. */
const FRENCH =
  /[«»]|(?<!\p{L})(?:votre|vos|vous|nous|demandes?|mairie|répon\p{L}*|pièces?|bonjour|services?|courriel|téléphone|objet|reçue?|acceptée|refusée|terminée|jusqu'au|le|la|les|du|de|des|est|et|sur|pour|à|n°)(?!\p{L})/giu;

/** What the config and people wrote is not ours to translate; nor are the names that the law gives. */
function withoutValues(part: string, view: MailView): string {
  const values = [
    REPLY_MARKERS.en,
    'recours gracieux',
    'Télérecours citoyens',
    ...textsIn(view).filter((text) => text.length > 2),
  ];
  const lines = values.flatMap((value) => value.split('\n')).toSorted((one, other) => other.length - one.length);
  const tag = /\[n° [\d-]+\]/g;
  return lines
    .map((line) => flat(line))
    .filter((line) => line !== '')
    .reduce(
      (rest, line) => rest.replaceAll(line, 'x').replaceAll(line.toUpperCase(), 'X'),
      flat(part).replace(tag, ''),
    );
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object' || value instanceof Date) return [];
  return Object.values(value).flatMap((each) => textsIn(each));
}

/** Every tag with its attributes, but for those that hold words. */
function skeleton(html: string): string[] {
  const tags = html.match(/<[^>]*>/g) ?? [];
  return tags.map((tag) =>
    tag.replace(/\s(?:lang|xml:lang|aria-label)="[^"]*"|(?<=itemprop="name") content="[^"]*"/g, ''),
  );
}

function tagsOf(source: string): string[] {
  const tags = source.match(/\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}|<[^>]*>/g) ?? [];
  const wordless = [/"\(.*?\)"/, /lang="\w+"/, /(?<=itemprop="name" content=)".*"/];
  return tags.map((tag) => wordless.reduce((rest, words) => rest.replace(words, ''), tag));
}

/** The one sentence more, with its condition. */
function withoutNote(source: string): string {
  return source.replace(
    /\{%-? if to\.role == 'citizen' %\}\s*(?:<p>)?This message is a translation[^{<]*(?:<\/p>)?\{%-? endif %\}/,
    '',
  );
}

function hasWords(source: string): boolean {
  const bare = source
    .replace(/<mj-(style|attributes)>[\s\S]*?<\/mj-\1>/g, '')
    .replace(/\{%[\s\S]*?%\}|\{\{[\s\S]*?\}\}/g, '');
  return /\p{L}/u.test(bare.replace(/<[^>]*>/g, ''));
}

function urls(part: string): string[] {
  const found = part.replace(/(?:xmlns(?::\w)?|itemtype)="[^"]*"/g, '').match(/https?:\/\/[^\s"<]+/g) ?? [];
  return [...new Set(found)].toSorted();
}

function visible(html: string): string {
  const body = html.slice(html.indexOf('<body')).replace(/<!--[\s\S]*?-->/g, '');
  return flat(
    body
      .replace(/<[^>]*>/g, ' ')
      .replace(/&#39;/g, "'")
      .replace(/&#34;/g, '"')
      .replace(/&amp;/g, '&'),
  );
}

function flat(text: string): string {
  return text.replace(/^> ?/gm, '').replace(/\s+/g, ' ').trim();
}

function keysOf(language: 'fr' | 'en', section: string | undefined): string[] {
  return Object.keys(loadLocale(language)[section ?? ''] ?? {}).toSorted();
}

function sourceOf(name: string): string {
  return readFileSync(`${TEMPLATES_DIR}/${name}`, 'utf8');
}

function longMessage(message: NonNullable<MailView['message']>): MailView['message'] {
  const file = { fileName: ENGLISH.fileName, size: 1_000, contentType: 'image/jpeg', url: null, picture: null };
  return { ...message, text: 'word '.repeat(8_000), files: Array.from({ length: 30 }, () => file) };
}

function withMany(view: MailView): MailView {
  const [one] = view.requests ?? [];
  if (one === undefined) return view;
  const mine = { action: 'mine', url: 'https://guichet.plassans.fr/a/mine' };
  return { ...view, requests: Array.from({ length: 40 }, () => one), links: [mine] };
}

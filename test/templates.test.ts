import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ACCOUNT_FAILURES } from '../src/account-failure.ts';
import { REFUSALS } from '../src/domain/decision.ts';
import { ACTIONS, MAIL_KINDS, OCCURRENCES, OUTCOMES, STATUSES } from '../src/domain/workflow.ts';
import { DOUBTS } from '../src/domain/doubts.ts';
import { HELD_REASONS } from '../src/domain/routing.ts';
import { isWrittenIn } from '../src/outbound/render.ts';
import { CONFIG_VERDICTS } from '../src/store/config-history.ts';
import { TEMPLATES_DIR } from '../src/template-files.ts';
import { loadLocale } from '../src/template.ts';

/** What code names, French says: a word added to a table without its label fails here. */
const NAMED: Record<string, readonly string[]> = {
  statuses: STATUSES,
  citizenStatuses: STATUSES,
  outcomes: OUTCOMES,
  actions: ['view', ...ACTIONS],
  actionsDone: [...ACTIONS, ...OCCURRENCES],
  refusals: REFUSALS,
  roles: ['citizen', 'desk', 'department', 'supervisor', 'third_party', 'system'],
  mailKinds: MAIL_KINDS,
  heldReasons: HELD_REASONS,
  expected: expectedKeys(),
  doubts: DOUBTS,
  accountFailures: ACCOUNT_FAILURES,
  configVerdicts: CONFIG_VERDICTS,
};

describe.each(Object.entries(NAMED))('%s', (section, keys) => {
  test.each(keys)('%s has its label', (key) => {
    expect(loadLocale()[section]?.[key]).toMatch(/\S/);
  });
});

test('the config names more than twenty kinds of values', () => {
  expect(expectedKeys().length).toBeGreaterThan(20);
});

test('every kind of mail has its template in both forms, and no template is left over', () => {
  const files = readdirSync(`${TEMPLATES_DIR}/emails`).sort();
  const inFrench = MAIL_KINDS.flatMap((kind) => [`${kind}.mjml`, `${kind}.txt`]);
  const inEnglish = MAIL_KINDS.filter((kind) => isWrittenIn(kind, 'en')).flatMap((kind) => [
    `${kind}.en.mjml`,
    `${kind}.en.txt`,
  ]);
  expect(files).toEqual([...inFrench, ...inEnglish].sort());
});

const mailFiles = [
  ...readdirSync(`${TEMPLATES_DIR}/emails`).map((name) => `emails/${name}`),
  ...readdirSync(`${TEMPLATES_DIR}/partials`)
    .filter((name) => name.startsWith('mail-'))
    .map((name) => `partials/${name}`),
];

const isEnglish = (file: string) => /\.en\.\w+$/.test(file);

test.each(mailFiles.filter((file) => !isEnglish(file)))('N26: %s is typeset as French is', (file) => {
  const source = readFileSync(`${TEMPLATES_DIR}/${file}`, 'utf8');
  expect(typingFaults(sentencesOf(source))).toEqual([]);
});

test.each(mailFiles.filter(isEnglish))('N26: %s is typeset as English is', (file) => {
  const source = readFileSync(`${TEMPLATES_DIR}/${file}`, 'utf8');
  expect(englishTypingFaults(sentencesOf(source))).toEqual([]);
});

test('N26: the labels are typeset as French is', () => {
  const labels = Object.values(loadLocale()).flatMap((section) => Object.values(section));
  expect(labels.flatMap((label) => typingFaults(label))).toEqual([]);
});

test.each(mailFiles)('%s never cites a link « ici », never says not to answer', (file) => {
  const source = readFileSync(`${TEMPLATES_DIR}/${file}`, 'utf8');
  expect(source).not.toMatch(
    />\s*(ici|cliquez|click)\b|<a [^>]*>\s*here\b|ne pas répondre|do not (reply|answer)|no-?reply/i,
  );
});

/** Of a template: neither tags nor Liquid nor styles. */
function sentencesOf(source: string): string {
  return source
    .replace(/<mj-(style|attributes)>[\s\S]*?<\/mj-\1>/g, '')
    .replace(/\{%.*?%\}/g, '')
    .replace(/<[^>]*>/g, '');
}

/** An ordinary space where a line must not break: before : ; ! ? », after «, after n°. */
function typingFaults(text: string): string[] {
  const sentences = text.replace(/\{\{.*?\}\}/g, 'x');
  return [...sentences.matchAll(/.{0,20}(?:\S [:;!?»](?=\s|$)|« |n° |\w'{2}).{0,20}/g)].map(([found]) => found);
}

/** A space before : ; ! ?, French or straight quotation marks, a number that can part from its « no. », or « n° » outside a subject's tag. */
function englishTypingFaults(text: string): string[] {
  const sentences = text.replace(/\{\{.*?\}\}/g, 'x').replaceAll('[n°\u00a0x]', '');
  return [...sentences.matchAll(/.{0,20}(?:\s[:;!?](?=\s|$)|[«»"]|\w'|\bno\. |n°).{0,20}/g)].map(([found]) => found);
}

/** The keys that the reading of the config can answer. */
function expectedKeys(): string[] {
  const files = [
    'config.ts',
    'config-file.ts',
    'config-overrides.ts',
    'config-reminders.ts',
    'config-schema.ts',
    'config-values.ts',
  ];
  const sources = files.map((file) => readFileSync(`${TEMPLATES_DIR}/../src/${file}`, 'utf8'));
  const named = sources.flatMap((source) => [
    ...source.matchAll(/expected(?:: |\s*= )'(\w+)'|\bat\([^)]*\], [^,]+, '(\w+)'\)/g),
  ]);
  return [...new Set(named.map((match) => match[1] ?? match[2] ?? ''))];
}

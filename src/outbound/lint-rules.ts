import type { Language } from '../domain/people.ts';
import type { MailKind } from '../domain/workflow.ts';
import { longDate, longDay } from '../template-formats.ts';
import type { MailView } from './mail-view.ts';

/**
 * What a mail must hold by law, whoever wrote its template: each rule is looked for in the HTML as a reader sees it and
 * in the text part. Values are known by themselves; words by the section `lint` of the locale file.
 */

export interface LintRule {
  /** Its key in the section `templateFaults` of the locale file. */
  id: string;
  kinds: readonly MailKind[];
  /** What must be read, in any order; null where the rule does not apply to this mail. */
  wanted: (view: MailView, words: LintWords) => readonly string[] | null;
  /** What must not be read. */
  unwanted?: (view: MailView, words: LintWords) => readonly string[];
}

export interface LintWords {
  language: Language;
  timeZone: string;
  /** The words of the locale, several ways of saying one thing being separated by « | ». */
  say: (key: string) => string;
}

/** Mails that accept a request in the sense of CRPA R112-11-1: when it came in, and when it went to who treats it. */
const RECEIPTS: readonly MailKind[] = ['acknowledgement', 'transferred_citizen'];
const ENDINGS: readonly MailKind[] = ['decision', 'answer', 'dropped', 'reoriented'];
const SILENT: readonly MailKind[] = ['citizen_reminder', 'lapsed_citizen'];
const LETTERS: readonly MailKind[] = [
  ...RECEIPTS,
  ...ENDINGS,
  ...SILENT,
  'taken_in_charge',
  'correction',
  'message',
  'duplicate',
];

export const LINT_RULES: readonly LintRule[] = [
  {
    id: 'receivedAt',
    kinds: RECEIPTS,
    wanted: ({ request }, { timeZone, language }) => [longDate(request?.receivedAt, timeZone, language)],
  },
  { id: 'reference', kinds: LETTERS, wanted: ({ request }) => [request?.reference ?? ''] },
  {
    id: 'office',
    kinds: LETTERS,
    wanted: ({ holder }) => [holder.name, holder.postalAddress, holder.phone],
  },
  {
    id: 'rejection',
    kinds: RECEIPTS,
    wanted: ({ request, town }, words) =>
      request?.silence.regime !== 'rejection'
        ? null
        : [...silence(request.silence.decidesOn, words), words.say('rejected'), ...appeal(town, words)],
  },
  {
    id: 'acceptance',
    kinds: RECEIPTS,
    wanted: ({ request }, words) =>
      request?.silence.regime !== 'acceptance'
        ? null
        : [...silence(request.silence.decidesOn, words), words.say('accepted'), words.say('attestation')],
  },
  {
    id: 'information',
    kinds: RECEIPTS,
    wanted: ({ request }, words) =>
      request?.silence.regime === 'information' ? [words.say('noDecision'), words.say('noProcedure')] : null,
    unwanted: ({ request }, words) =>
      request?.silence.regime === 'information' ? ['rejected', 'accepted', 'twoMonths'].map(words.say) : [],
  },
  {
    id: 'author',
    kinds: [...ENDINGS, ...SILENT, 'message', 'correction', 'taken_in_charge'],
    wanted: ({ author }) => (author === null ? null : [author.name, author.title]),
  },
  {
    id: 'data',
    kinds: ['acknowledgement'],
    wanted: ({ town }, words) => [
      town.name,
      town.officer.name,
      town.officer.address,
      ...['responsible', 'purpose', 'rights', 'authority'].map(words.say),
    ],
  },
  { id: 'officer', kinds: LETTERS, wanted: ({ town }) => [town.officer.address] },
  {
    id: 'reasons',
    kinds: ['decision'],
    wanted: ({ facts }) => (facts.outcome === 'refused' ? [firstWords(facts.comment ?? '')] : null),
  },
  {
    id: 'appeal',
    kinds: ['decision'],
    wanted: ({ facts, town }, words) => (facts.outcome === 'refused' ? appeal(town, words) : null),
    unwanted: ({ facts, town }) => (facts.outcome === 'refused' ? [] : [town.court.name]),
  },
  {
    id: 'missing_pieces',
    kinds: ['correction', 'citizen_reminder'],
    wanted: ({ facts }, { timeZone, language }) => [
      ...String(facts['pieces'] ?? '').split('\n'),
      longDay(facts['dueOn'], timeZone, language),
    ],
  },
  {
    id: 'suspension',
    kinds: ['correction'],
    wanted: ({ facts }, { say }) => (facts['indispensable'] ? [say('suspended'), say('suspensionLaw')] : null),
    unwanted: ({ facts }, { say }) => (facts['indispensable'] ? [] : [say('suspended')]),
  },
  {
    id: 'closesOn',
    kinds: ['citizen_reminder'],
    wanted: ({ facts }, { timeZone, language }) =>
      facts['closesOn'] === undefined ? null : [longDay(facts['closesOn'], timeZone, language)],
  },
  {
    id: 'forwarded',
    kinds: ['reoriented'],
    wanted: ({ facts }, words) => [firstWords(String(facts['administration'])), words.say('forwarded')],
  },
];

function silence(decidesOn: string | null, { timeZone, language }: LintWords): string[] {
  return [longDay(decidesOn, timeZone, language)];
}

function appeal({ court }: MailView['town'], { say }: LintWords): string[] {
  return [court.name, court.postalAddress, say('twoMonths'), say('graceful'), say('telerecours')];
}

/** People's words are folded and quoted: their beginning is enough to know them again. */
function firstWords(words: string): string {
  return words.split(/\s+/).slice(0, 3).join(' ');
}

import { isNear, type Line, markBefore, matchLongest } from './reply-command-line.ts';
import type { Verb } from './reply-command-verb-row.ts';
import { ANSWERING_VERBS } from './reply-command-verbs-answering.ts';
import { MOVING_VERBS } from './reply-command-verbs-moving.ts';
import { WAITING_VERBS } from './reply-command-verbs-waiting.ts';
import { DOUBTFUL_LEADS, LEADS, REAL_WORDS } from './reply-command-words.ts';

/** A verb that opens a line. */
export interface FoundVerb {
  action: Verb['action'];
  follows: Verb['follows'];
  beginsSentences: boolean;
  orElse: NonNullable<Verb['orElse']>;
  /** Exactly written, and nothing in front that takes it back. */
  isSure: boolean;
  /** The word after the verb alone. */
  verbEnd: number;
  /** The word after what may come with it: « la demande », « interne », « à l'usager ». */
  end: number;
}

/** The command word that the line begins with, behind « ok » or « la demande est ». */
export function findVerb(line: Line): FoundVerb | undefined {
  const { verb, at } = readOpening(line);
  return verb ?? (at === undefined ? undefined : misspeltVerb(line, at));
}

/** The same, for a word that is written as it should be. */
export function findExactVerb(line: Line): FoundVerb | undefined {
  return readOpening(line).verb;
}

/** The verb, or where one may stand. */
function readOpening(line: Line): { verb?: FoundVerb; at?: number } {
  let at = 0;
  let isSure = true;
  for (let leads = 0; leads < MOST_LEADS; leads++) {
    const exact = exactVerb(line, at);
    if (exact !== undefined) return { verb: { ...exact, isSure: exact.isSure && isSure } };
    const lead = matchLongest(line, at, LEADS);
    const doubtful = matchLongest(line, at, DOUBTFUL_LEADS);
    if (lead === 0 && doubtful === 0) break;
    if (doubtful > lead) isSure = false;
    at += Math.max(lead, doubtful);
    if (['question', 'other'].includes(markBefore(line, at))) return {};
  }
  return { at };
}

const VERBS = [...ANSWERING_VERBS, ...MOVING_VERBS, ...WAITING_VERBS];
const MOST_LEADS = 3;

function exactVerb(line: Line, at: number): FoundVerb | undefined {
  let found: { verb: Verb; end: number } | undefined;
  for (const verb of VERBS) {
    const length = matchLongest(line, at, verb.phrases);
    if (length > (found === undefined ? 0 : found.end - at)) found = { verb, end: at + length };
  }
  // « Noté » answers « reçu » more often than it begins a note.
  const isNoted =
    found !== undefined && /^not[eé]\u0301?$/iu.test(written(line, at)) && !/^note$/i.test(written(line, at));
  return found && foundVerb(line, found.verb, found.end, found.verb.isOnlyNear !== true && !isNoted);
}

function foundVerb(line: Line, verb: Verb, verbEnd: number, isSure: boolean): FoundVerb {
  const tail = markBefore(line, verbEnd) === 'none' ? matchLongest(line, verbEnd, verb.tails ?? []) : 0;
  return {
    action: verb.action,
    follows: verb.follows,
    beginsSentences: verb.beginsSentences === true,
    orElse: verb.orElse ?? [],
    isSure,
    verbEnd,
    end: verbEnd + tail,
  };
}

function written(line: Line, at: number): string {
  const word = line.words[at];
  return word === undefined ? '' : line.text.slice(word.start, word.end);
}

function misspeltVerb(line: Line, at: number): FoundVerb | undefined {
  for (const verb of VERBS) {
    if (verb.action === 'help' || verb.action === 'history' || verb.isOnlyNear === true) continue;
    for (const phrase of verb.phrases) {
      const length = phrase.split(' ').length;
      if (isMisspelt(line, at, phrase)) return foundVerb(line, verb, at + length, false);
    }
  }
  return undefined;
}

function isMisspelt(line: Line, at: number, phrase: string): boolean {
  return phrase.split(' ').every((meant, offset) => {
    const word = line.words[at + offset]?.word ?? '';
    if (offset > 0 && markBefore(line, at + offset) !== 'none') return false;
    return word === meant || (!REAL_WORDS.has(word) && isNear(word, meant));
  });
}

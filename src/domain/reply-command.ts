import { isStaff, type Role } from './people.ts';
import { areSigned, isCourtesy, readRest } from './reply-command-comment.ts';
import {
  beginsPlainly,
  type Line,
  type Mark,
  markBefore,
  matchLongest,
  readLine,
  textAfterMark,
  wordsAsWritten,
} from './reply-command-line.ts';
import { otherCommand } from './reply-command-conflict.ts';
import { findOffice, type FoundOffice, type NamedOffice } from './reply-command-office.ts';
import { findExactVerb, findVerb, type FoundVerb } from './reply-command-verb.ts';
import { cardWords, type CommandAction, COURTESIES, GOES_ON, GREETINGS } from './reply-command-words.ts';
import { type Action, WORKFLOW } from './workflow.ts';

/** What the first line of an agent's reply asks for. `none`: an ordinary message. */
export type Command =
  | { kind: 'none' }
  | { kind: 'help' }
  /** `echo`: the words that were recognised, as they were written. `department`: its id. */
  | { kind: 'act'; action: Action; comment: string; department?: string; echo: string }
  /** Nothing happens. `near`: the words found. `suggestions`: what to write instead. */
  | { kind: 'unclear'; near: string; suggestions: readonly string[] };

/**
 * Reads the command on the first line of what an agent wrote, quotations already cut. Ambiguity never acts. A citizen
 * cannot command. Linear in the input. A transfer may come without a comment: only the caller knows what to put there.
 */
export function readCommand(text: string, offices: readonly NamedOffice[], role: Role): Command {
  if (!isStaff(role)) return NONE;
  const { first, rest } = openingOf(text);
  const line = readLine(first);
  const command = readFirstLine(line, rest, offices);
  if (command.kind !== 'none' || !isGreeting(line)) return command;
  // Below « Bonjour, » it is a letter: a command there is asked about, not followed.
  const next = openingOf(rest);
  const below = readFirstLine(readLine(next.first), next.rest, offices);
  return below.kind === 'act' ? unclear(below.echo, [suggestionFor(below, offices)]) : NONE;
}

const NONE: Command = { kind: 'none' };

function readFirstLine(line: Line, rest: string, offices: readonly NamedOffice[]): Command {
  if (/^\s*\?[\s?]*$/.test(line.text.slice(0, 100)) && line.text.length < 100) return { kind: 'help' };
  if (!beginsPlainly(line)) return NONE;
  const verb = findVerb(line);
  return verb === undefined ? NONE : readAfterVerb(line, verb, rest, offices);
}

/** What stands behind the verb and the department, all of it: the end of the line, or a comment. */
interface Tail {
  mark: Mark;
  /** The first word that belongs to neither. */
  at: number;
  isEnd: boolean;
  /** What the mark announces. */
  said: string;
}

function readAfterVerb(line: Line, verb: FoundVerb, rest: string, offices: readonly NamedOffice[]): Command {
  const { action } = verb;
  const office = action === 'transfer' ? findOffice(line, verb.end, offices) : undefined;
  const tail = readTail(line, verb, office);
  if (action === 'help') return isBareHelp(tail) && verb.isSure ? { kind: 'help' } : NONE;
  const echo = wordsAsWritten(line, 0, office === undefined ? verb.end : Math.max(verb.end, office.end));
  const doubt = (): Command =>
    looksLikeCommand(line, verb, tail) ? unclear(echo, suggestionsFor(action, office, offices)) : NONE;

  if (office?.kind !== 'found' && action === 'transfer') return doubtOffice(line, verb, office, doubt);
  if (!isWellFormed(verb, tail, office)) return doubt();
  if (!verb.isSure) return isShort(line) ? unclear(echo, suggestionsFor(action, office, offices)) : NONE;

  const below = readRest(rest);
  if (goesOnBelow(tail, rest, below)) return doubt();
  const comment = isOnlyNames(tail, below) ? '' : joinComment(tail.said, rest, below);
  if (comment === '' && WORKFLOW[action].comment === 'required' && action !== 'transfer') {
    return unclear(echo, suggestionsFor(action, office, offices));
  }
  const other = otherCommand(action, tail.said, below);
  if (other !== undefined)
    return unclear(
      other.words,
      [...new Set([action, other.action])].map((one) => cardWords(one)),
    );
  const department = office?.kind === 'found' ? { department: office.office.id } : {};
  return { kind: 'act', action, comment, ...department, echo };
}

function readTail(line: Line, verb: FoundVerb, office: FoundOffice | undefined): Tail {
  let at = office === undefined ? verb.end : Math.max(verb.end, office.end);
  if (markBefore(line, at) === 'none') {
    // « accepté merci »; more words than that are a sentence, however polite.
    const length = matchLongest(line, at, COURTESIES);
    if (at + length - verb.verbEnd <= MOST_WORDS_UNMARKED || office !== undefined) at += length;
  }
  const mark = markBefore(line, at);
  const said = mark === 'none' || mark === 'question' || mark === 'other' ? '' : textAfterMark(line, at);
  return { mark, at, isEnd: at === line.words.length, said: isNothing(said) ? '' : said };
}

const MOST_WORDS_UNMARKED = 3;

/** Signs alone, the « D » of « :D », or politeness. */
function isNothing(said: string): boolean {
  return !/[\p{L}\p{N}]/u.test(said) || /^[DP]$/.test(said) || isCourtesy(said);
}

function isBareHelp(tail: Tail): boolean {
  return tail.isEnd && tail.mark !== 'other';
}

function isWellFormed(verb: FoundVerb, tail: Tail, office: FoundOffice | undefined): boolean {
  if (tail.mark === 'question' || tail.mark === 'other') return false;
  if (tail.mark === 'colon') return true;
  if (verb.follows === 'colon') return false;
  if (tail.mark === 'none') return tail.isEnd;
  return tail.said === '' || isAside(tail, office !== undefined);
}

/** « refusée, hors délai » against « Refusée, la demande de M. Dupont a fait l'objet d'un recours ». */
function isAside({ said, mark }: Tail, hasOffice: boolean): boolean {
  const { words } = readLine(said);
  const most = hasOffice ? MOST_ASIDE_WORDS.office : MOST_ASIDE_WORDS[mark === 'dash' ? 'dash' : 'other'];
  if (words.length > most || said.includes('?') || said.includes('…') || said.length > 120) return false;
  if (mark === 'dash' && /\s[-–—]/.test(said)) return false;
  const first = words[0]?.word ?? '';
  // « à traiter avant lundi » tells a department what to do; « accepté, à condition que » takes something back.
  if (first === 'a' && !hasOffice) return false;
  return !GOES_ON.has(first) && findExactVerb(readLine(said)) === undefined;
}

// Four words after a comma are a sentence more often than a reason; after a dash, or behind a department, they are not.
const MOST_ASIDE_WORDS = { other: 3, dash: 8, office: 12 };

function joinComment(said: string, rest: string, below: readonly string[]): string {
  const isApart = /^[^\S\n]*\n/.test(rest.slice(0, 200));
  const comment = `${said}${isApart ? '\n\n' : '\n'}${below.join('\n')}`.trim();
  return /[\p{L}\p{N}]/u.test(comment) ? comment : '';
}

/** A bare first line that the second one continues: a program broke a sentence there. */
function goesOnBelow(tail: Tail, rest: string, below: readonly string[]): boolean {
  const next = rest.slice(0, 200).split('\n', 1)[0] ?? '';
  if (tail.mark !== 'none' || below.length === 0 || !/^\s*\p{Ll}/u.test(next)) return false;
  return GOES_ON.has(readLine(next).words[0]?.word ?? '');
}

/** « refusé », and right below only « Jeanne Martin »: that is not why. */
function isOnlyNames(tail: Tail, below: readonly string[]): boolean {
  if (tail.said !== '' || !areSigned(below)) return false;
  return tail.mark !== 'colon' || below.some((line) => readLine(line).words.length > 1);
}

/** Nobody by that name: worth a question when the line is as short as a command. */
function doubtOffice(line: Line, verb: FoundVerb, office: FoundOffice | undefined, doubt: () => Command): Command {
  if (office === undefined || !isShort(line)) return NONE;
  const isBare = verb.end === line.words.length || office.start >= office.end;
  if (office.kind === 'near' || isBare) {
    const from = office.kind === 'near' ? office.start : 0;
    const said = doubt();
    return said.kind === 'unclear' ? unclear(wordsAsWritten(line, from, office.end), said.suggestions) : said;
  }
  return office.end - office.start <= MOST_WORDS_LEFT ? doubt() : NONE;
}

/** Whether a line that is no command is close enough to one to be asked about. */
function looksLikeCommand(line: Line, verb: FoundVerb, { mark, at, isEnd }: Tail): boolean {
  if (!isShort(line) || (verb.follows === 'colon' && !verb.isSure && mark !== 'colon')) return false;
  if (isEnd || mark === 'question' || mark === 'other') return !verb.beginsSentences || isEnd;
  if (mark === 'none') {
    const colon = line.words.findIndex((_, index) => index > at && markBefore(line, index) === 'colon');
    if (colon !== -1 && colon - at <= MOST_WORDS_BEFORE_COLON) return true;
    if (verb.beginsSentences || !verb.isSure) return false;
    const left = line.words.slice(at);
    return left.length <= MOST_WORDS_LEFT && left.every((_, index) => markBefore(line, at + index) === 'none');
  }
  return !verb.beginsSentences || mark === 'dash';
}

const MOST_WORDS_LEFT = 3;
const MOST_WORDS_BEFORE_COLON = 5;
const SHORT_CHARACTERS = 60;

function isShort({ text }: Line): boolean {
  return text.trim().length <= SHORT_CHARACTERS || /[:：]/.test(text.slice(0, SHORT_CHARACTERS));
}

function suggestionsFor(
  action: CommandAction,
  office: FoundOffice | undefined,
  offices: readonly NamedOffice[],
): string[] {
  if (action !== 'transfer') return [cardWords(action)];
  const likely = office?.kind === 'found' ? [office.office] : office?.kind === 'near' ? office.offices : offices;
  if (likely.length === 0) return [cardWords(action)];
  return likely.slice(0, MOST_SUGGESTIONS).map(({ name }) => cardWords(action, name));
}

const MOST_SUGGESTIONS = 12;

function suggestionFor(
  { action, department }: { action: Action; department?: string },
  offices: readonly NamedOffice[],
) {
  return cardWords(action as CommandAction, offices.find(({ id }) => id === department)?.name);
}

function unclear(near: string, suggestions: readonly string[]): Command {
  return { kind: 'unclear', near, suggestions };
}

function isGreeting({ text, words }: Line): boolean {
  return text.length <= 60 && words.length <= 5 && GREETINGS.has(words[0]?.word ?? '');
}

/** The first line that is not blank, and what is under it. */
function openingOf(text: string): { first: string; rest: string } {
  const start = text.search(/[^\s\p{Cf}]/u);
  if (start === -1) return { first: '', rest: '' };
  const ends = /\r\n?|[\n\u2028\u2029]/g;
  ends.lastIndex = start;
  const end = ends.exec(text);
  if (end === null) return { first: text.slice(start).trimEnd(), rest: '' };
  const rest = text.slice(end.index + end[0].length);
  return {
    first: text.slice(start, end.index).trimEnd(),
    rest: rest.includes('\r') ? rest.replaceAll(/\r\n?/g, '\n') : rest,
  };
}

import type { Day } from './local-time.ts';
import { isStaff, type Role, type Town } from './people.ts';
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
import type { FoundNamed, NamedChoices } from './reply-command-name.ts';
import { findNamed, mustName, type Nameable } from './reply-command-named.ts';
import { suggestionsAfter, suggestionsFor } from './reply-command-suggestions.ts';
import { findExactVerb, findVerb, type FoundVerb } from './reply-command-verb.ts';
import { cardWords, type CommandAction, COURTESIES, GOES_ON, GREETINGS, type Question } from './reply-command-words.ts';
import type { Lists } from './rulebook.ts';
import { WORKFLOW } from './workflow.ts';

/** What the first line of an agent's reply asks for. `none`: an ordinary message. */
export type Command =
  | { kind: 'none' }
  | { kind: Question }
  /** `echo`: the words that were recognised, as they were written. `named`: what they name, as it is called. */
  | { kind: 'act'; action: CommandAction; comment: string; choices: NamedChoices; named: string; echo: string }
  /** Nothing happens. `near`: the words found. `suggestions`: what to write instead. */
  | { kind: 'unclear'; near: string; suggestions: readonly string[] };

/**
 * Reads the command on the first line of what an agent wrote, quotations already cut. Ambiguity never acts. A citizen
 * cannot command. Linear in the input. A transfer may come without a comment: only the caller knows what to put there.
 */
export function readCommand(
  text: string,
  role: Role,
  { town, lists }: { town: Town; lists: Pick<Lists, 'milestones'> },
  today: Day,
): Command {
  if (!isStaff(role)) return NONE;
  const nameable = { town, milestones: lists.milestones, today };
  const { first, rest } = openingOf(text);
  const line = readLine(first);
  const command = readFirstLine(line, rest, nameable);
  if (command.kind !== 'none' || !isGreeting(line)) return command;
  // Below « Bonjour, » it is a letter: a command there is asked about, not followed.
  const next = openingOf(rest);
  const below = readFirstLine(readLine(next.first), next.rest, nameable);
  return below.kind === 'act' ? unclear(below.echo, [cardWords(below.action, below.named || undefined)]) : NONE;
}

const NONE: Command = { kind: 'none' };

function readFirstLine(line: Line, rest: string, nameable: Nameable): Command {
  if (/^\s*\?[\s?]*$/.test(line.text.slice(0, 100)) && line.text.length < 100) return { kind: 'help' };
  if (!beginsPlainly(line)) return NONE;
  const verb = findVerb(line);
  return verb === undefined ? NONE : readAfterVerb(line, verb, rest, nameable);
}

/** What stands behind the verb and the name, all of it: the end of the line, or a comment. */
interface Tail {
  mark: Mark;
  /** The first word that belongs to neither. */
  at: number;
  isEnd: boolean;
  /** What the mark announces. */
  said: string;
}

function readAfterVerb(line: Line, verb: FoundVerb, rest: string, nameable: Nameable): Command {
  const { action } = verb;
  const named = findNamed(line, verb, nameable);
  const tail = readTail(line, verb, named);
  if (action === 'help' || action === 'history') return isBare(tail) && verb.isSure ? { kind: action } : NONE;
  const echo = wordsAsWritten(line, 0, named === undefined ? verb.end : Math.max(verb.end, named.end));
  const ask = () => unclear(echo, suggestionsFor(action, verb.orElse, named, nameable));
  const doubt = (): Command => (looksLikeCommand(line, verb, tail, named) ? ask() : NONE);

  if (named?.kind !== 'found' && mustName(action)) return doubtNamed(line, verb, named, doubt);
  if (named !== undefined && named.kind !== 'found') return verb.isSure && isShort(line) ? ask() : NONE;
  if (!isWellFormed(verb, tail, named)) return doubt();
  if (!verb.isSure) return isShort(line) ? ask() : NONE;

  const below = readRest(rest);
  if (goesOnBelow(tail, rest, below)) return doubt();
  const comment = isOnlyNames(tail, below) ? '' : joinComment(tail.said, rest, below);
  if (comment === '' && WORKFLOW[action].comment === 'required' && action !== 'transfer') return ask();
  const other = otherCommand(action, tail.said, below);
  if (other !== undefined) return unclear(other.words, suggestionsAfter(action, other.action));
  return { kind: 'act', action, comment, choices: named?.choices ?? {}, named: named?.name ?? '', echo };
}

function readTail(line: Line, verb: FoundVerb, named: FoundNamed | undefined): Tail {
  let at = named === undefined ? verb.end : Math.max(verb.end, named.end);
  if (markBefore(line, at) === 'none') {
    // « accepté merci »; more words than that are a sentence, however polite.
    const length = matchLongest(line, at, COURTESIES);
    if (at + length - verb.verbEnd <= MOST_WORDS_UNMARKED || named !== undefined) at += length;
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

function isBare(tail: Tail): boolean {
  return tail.isEnd ? tail.mark !== 'other' : tail.mark === 'comma' && tail.said === '';
}

function isWellFormed(verb: FoundVerb, tail: Tail, named: FoundNamed | undefined): boolean {
  if (tail.mark === 'question' || tail.mark === 'other') return false;
  if (tail.mark === 'colon') return verb.follows !== 'nothing' || tail.said === '';
  if (verb.follows === 'colon') return false;
  if (tail.mark === 'none') return tail.isEnd;
  return tail.said === '' || (verb.follows === 'any' && isAside(tail, named !== undefined));
}

/** « refusée, hors délai » against « Refusée, la demande de M. Dupont a fait l'objet d'un recours ». */
function isAside({ said, mark }: Tail, hasName: boolean): boolean {
  const { words } = readLine(said);
  const most = hasName ? MOST_ASIDE_WORDS.named : MOST_ASIDE_WORDS[mark === 'dash' ? 'dash' : 'other'];
  if (words.length > most || said.includes('?') || said.includes('…') || said.length > 120) return false;
  if (mark === 'dash' && /\s[-–—]/.test(said)) return false;
  const first = words[0]?.word ?? '';
  // « à traiter avant lundi » tells a department what to do; « accepté, à condition que » takes something back.
  if (first === 'a' && !hasName) return false;
  return !GOES_ON.has(first) && findExactVerb(readLine(said)) === undefined;
}

// Four words after a comma are a sentence more often than a reason; after a dash, or behind a name, they are not.
const MOST_ASIDE_WORDS = { other: 3, dash: 8, named: 12 };

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
function doubtNamed(line: Line, verb: FoundVerb, named: FoundNamed | undefined, doubt: () => Command): Command {
  if (named === undefined || !isShort(line)) return NONE;
  const isAlone = verb.end === line.words.length || named.start >= named.end;
  if (named.kind === 'near' || isAlone) {
    const from = named.kind === 'near' ? named.start : 0;
    const said = doubt();
    return said.kind === 'unclear' ? unclear(wordsAsWritten(line, from, named.end), said.suggestions) : said;
  }
  const isCalled = line.text.slice(line.words[verb.end]?.start, line.words[named.end - 1]?.end).includes('@');
  return isCalled || named.end - named.start <= MOST_WORDS_LEFT ? doubt() : NONE;
}

/** Whether a line that is no command is close enough to one to be asked about. */
function looksLikeCommand(
  line: Line,
  verb: FoundVerb,
  { mark, at, isEnd }: Tail,
  named: FoundNamed | undefined,
): boolean {
  if (!isShort(line) || (verb.follows === 'colon' && !verb.isSure && mark !== 'colon')) return false;
  if (isEnd || mark === 'question' || mark === 'other') return !verb.beginsSentences || isEnd;
  // Nobody names a colleague or a milestone by accident.
  if (named?.kind === 'found' && verb.action !== 'transfer') return true;
  if (verb.follows === 'nothing') return mark === 'colon';
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

import { everyoneCalled } from './mention-names.ts';
import { readMentions } from './mentions.ts';
import { staffAt, type Person, type Town } from './people.ts';
import { isGluedBy, type Line, markBefore, signsBefore } from './reply-command-line.ts';
import { type FoundNamed, type NamedChoices, skipArticles } from './reply-command-name.ts';
import { ARTICLES } from './reply-command-words.ts';

/** Looks for an agent: an office is no agent. */
export function findAgent(line: Line, from: number, town: Town): FoundNamed {
  const isAgent = ({ address }: Person) => town.agents.some((agent) => agent.address === address);
  return findPerson(line, from, town, isAgent, ({ address }) => ({ agent: address }));
}

export function findColleague(line: Line, from: number, town: Town): FoundNamed {
  return findPerson(
    line,
    from,
    town,
    () => true,
    ({ address }) => ({ colleague: address }),
  );
}

/** « @martin », « à Jeanne Martin », « à l'agent M. Dupont », « j.martin@plassans.fr ». */
function findPerson(
  line: Line,
  from: number,
  town: Town,
  isMeant: (person: Person) => boolean,
  choose: (person: Person) => NamedChoices,
): FoundNamed {
  const start = skipTitles(line, skipArticles(line, from, BEFORE_NAMES));
  if (start >= line.words.length || !isOpening(line, start)) return { kind: 'unknown', start, end: start };
  const address = addressAt(line, start);
  if (address !== null) {
    const person = staffAt(town, address.text).find(isMeant);
    if (person === undefined) return { kind: 'unknown', start, end: address.end };
    return { kind: 'found', choices: choose(person), name: person.name, start, end: address.end };
  }
  const end = endOfName(line, start);
  let near: string[] = [];
  for (let to = end; to > start; to--) {
    if (isGluedBy(line, to, '.-')) continue;
    // In one piece, so that no word of it is left out.
    const written = line.words.slice(start, to).map(({ word }) => word);
    const { found, unknown } = readMentions(`@${written.join('.')}`, town);
    const [person] = found;
    if (person !== undefined && isMeant(person)) {
      return { kind: 'found', choices: choose(person), name: person.name, start, end: to };
    }
    if (near.length === 0) near = unknown.flatMap((each) => each.near);
  }
  const names = near.flatMap((name) => tellApart(name, town, isMeant));
  return names.length === 0 ? { kind: 'unknown', start, end } : { kind: 'near', names, start, end };
}

// « Marie-Christine de La Tour du Pin » and a word more.
const MOST_WORDS = 8;
const BEFORE_NAMES: ReadonlySet<string> = new Set([...ARTICLES, 'avec', 'agent', 'agente', 'collegue']);
const TITLES: ReadonlySet<string> = new Set('m mr mme mlle monsieur madame mademoiselle'.split(' '));

function skipTitles(line: Line, at: number): number {
  const isTitle = TITLES.has(line.words[at]?.word ?? '') && ['', '.'].includes(signsBefore(line, at + 1));
  return isTitle && at + 1 < line.words.length ? at + 1 : at;
}

function addressAt({ text, words }: Line, start: number): { text: string; end: number } | null {
  const from = words[start]?.start;
  if (from === undefined) return null;
  const written = /^[\p{L}\p{N}._+-]{1,64}@[\p{L}\p{N}.-]{1,190}/u.exec(text.slice(from, from + 260))?.[0];
  if (written === undefined) return null;
  const address = written.replace(/[.-]+$/, '');
  const next = words.findIndex((word) => word.start >= from + address.length);
  return { text: address.toLowerCase(), end: next === -1 ? words.length : next };
}

/** The word after the last one that may belong to the name, which an « @ » may open. */
function endOfName(line: Line, start: number): number {
  let at = start + 1;
  while (at < line.words.length && at < start + MOST_WORDS && isNext(line, at)) at += 1;
  return at;
}

function isOpening(line: Line, start: number): boolean {
  const signs = signsBefore(line, start);
  return ['', '@'].includes(TITLES.has(line.words[start - 1]?.word ?? '') ? signs.replace('.', '') : signs);
}

function isNext(line: Line, at: number): boolean {
  return markBefore(line, at) === 'none' || isGluedBy(line, at, '.');
}

/** By their name, or by their addresses where several bear it. */
function tellApart(name: string, town: Town, isMeant: (person: Person) => boolean): string[] {
  const people = everyoneCalled(town)
    .map(({ person }) => person)
    .filter((person) => person.name === name && isMeant(person));
  return people.length === 1 ? [name] : people.map(({ address }) => address);
}

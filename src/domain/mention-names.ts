import { DESK, type HolderId, type Person, personOfOffice, supervisorsOf, type Town } from './people.ts';
import { fold } from './reply-command-line.ts';

/** How the people of a town hall may be called behind an « @ »: words without accents, joined by spaces. */

export interface Called {
  person: Person;
  /** Of an office, « l'accueil » and « service voirie » are names too; of a human, « l.martin » is Luc Martin's. */
  articles: ReadonlySet<string>;
  /** Theirs: a whole name in either order, a department's id, the local part of an address. */
  full: ReadonlySet<string>;
  /** Part of theirs, which others may share: « martin », « j martin », « dgs ». */
  part: ReadonlySet<string>;
}

export function everyoneCalled(town: Town): Called[] {
  const offices = [DESK, ...town.departments.map(({ id }) => id)].map((id) => ofOffice(town, id));
  const agents = town.agents.map(({ name, address, office }) =>
    ofHuman({ ...personOfOffice(town, office), name, address }),
  );
  const all = [...offices, ...agents, ...supervisorsOf(town).map(ofHuman)];
  // Somebody listed twice, as an agent and as a supervisor, is one person and not two of the same name.
  return all.filter(({ person }, at) => all.findIndex((other) => isSamePerson(other.person, person)) === at);
}

/** The words of a name or of what is written behind an « @ ». */
export function nameWords(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** « au service de la voirie » → « voirie », « le service » → nothing. */
export function without(articles: ReadonlySet<string>, words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !articles.has(word));
  return first === -1 ? [] : words.slice(first);
}

function ofOffice(town: Town, id: HolderId): Called {
  const person = personOfOffice(town, id);
  const own = [nameWords(person.name), nameWords(id), nameWords(localPart(person.address))];
  // Whatever the desk is called, everybody knows it as « l'accueil ».
  const full = id === DESK ? [...own, ['accueil']] : own;
  const bare = full.map((words) => without(OFFICE_ARTICLES, words));
  const part = partsOf(nameWords(person.name));
  return { person, articles: OFFICE_ARTICLES, full: spellings([...full, ...bare]), part: spellings(part) };
}

function ofHuman(person: Person): Called {
  const name = nameWords(person.name);
  const address = nameWords(localPart(person.address));
  const parts = [...partsOf(name), ...initialled(name)];
  // « martin@plassans.fr » is one Martin's, and « @martin » may well be meant for another.
  const [full, part] = address.length > 1 ? [[name, address], parts] : [[name], [...parts, address]];
  const articles = HUMAN_ARTICLES;
  return { person, articles, full: spellings([...full, ...turned(name)]), part: spellings(part) };
}

/** « Jeanne Martin » and « Martin Jeanne »; of longer names, every way to put the end first. */
function turned(name: readonly string[]): string[][] {
  return name.slice(1).map((_, at) => [...name.slice(at + 1), ...name.slice(0, at + 1)]);
}

/** Every run of words of a name, and its initials when there are three or more: « dgs », « ccas ». */
function partsOf(name: readonly string[]): string[][] {
  const runs = name.flatMap((_, from) => name.slice(from).map((_, at) => name.slice(from, from + at + 1)));
  const meaning = name.filter((word) => !PARTICLES.has(word));
  const initials = meaning.map((word) => word[0] ?? '').join('');
  return [
    ...runs.filter((run) => run.some((word) => word.length > 1 && !PARTICLES.has(word) && !OFFICE_ARTICLES.has(word))),
    ...(meaning.length >= 3 ? [[initials]] : []),
  ];
}

/** « j martin », « martin j », « jp le goff ». */
function initialled(name: readonly string[]): string[][] {
  return name.slice(1).flatMap((_, at) => {
    const initials = name.slice(0, at + 1).map((word) => word[0] ?? '');
    const rest = name.slice(at + 1);
    const ways = [initials, [initials.join('')]];
    return ways.flatMap((way) => [
      [...way, ...rest],
      [...rest, ...way],
    ]);
  });
}

/** Spaced and in one word: « etat civil », « etatcivil ». */
function spellings(names: readonly (readonly string[])[]): ReadonlySet<string> {
  const meant = names.filter((words) => words.length > 0);
  return new Set(meant.flatMap((words) => [words.join(' '), words.join('')]));
}

function localPart(address: string): string {
  return address.slice(0, Math.max(0, address.lastIndexOf('@')));
}

function isSamePerson(one: Person, other: Person): boolean {
  return one.address === other.address && one.name === other.name;
}

const HUMAN_ARTICLES: ReadonlySet<string> = new Set('au aux la le les vers du de des service services'.split(' '));
const OFFICE_ARTICLES: ReadonlySet<string> = new Set([...HUMAN_ARTICLES, 'a', 'l', 'd']);
/** Not in initials: « Direction générale des services » is the « dgs ». */
const PARTICLES: ReadonlySet<string> = new Set('a au aux l la le les d de du des et en sur sous'.split(' '));

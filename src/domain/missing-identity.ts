import { fold } from './reply-command-line.ts';

export type IdentityPart = 'name' | 'firstName' | 'postalAddress';

/**
 * What a citizen has not told of who they are: the code of relations between the public and the administration, article
 * R112-9-1, wants surname, first name, postal address and electronic address. Asking twice costs less than an address
 * taken for a name: when it cannot be told which of the two names is known, both are missing. `postalAddress` is '' or
 * null when there is none; `address` is the electronic one.
 */
export function missingIdentity(citizen: {
  name: string;
  postalAddress: string | null;
  address: string;
}): IdentityPart[] {
  const parts = missingNames(citizen.name.slice(0, LONGEST), citizen.address.slice(0, LONGEST));
  return isPostal((citizen.postalAddress ?? '').slice(0, LONGEST)) ? parts : [...parts, 'postalAddress'];
}

const LONGEST = 500;

function missingNames(name: string, address: string): IdentityPart[] {
  // An address or a pseudonym in the place of a name.
  if (/[@\d]/.test(name) || /\p{L}[._]\p{L}/u.test(name)) return ['name', 'firstName'];
  const words = wordsOf(name);
  const titled = words.some(({ word }) => TITLES.has(word));
  const own = words.filter(({ word }) => !TITLES.has(word) && !PARTICLES.has(word));
  const whole = own.filter(({ word }) => word.length > 1);
  if (whole.length >= 2) return [];
  const [only] = whole;
  if (only === undefined) return ['name', 'firstName'];
  const hasParticle = words.some(({ word }) => PARTICLES.has(word));
  // « Mme Lemaire », « N. Lemaire », « LEMAIRE », « de Marsan »: a surname.
  const isSurname = titled || hasParticle || own.length > whole.length || isAllCapitals(only.written);
  return isSurname ? ['firstName'] : besideIn(only.word, address);
}

/** « Nora », who writes from nora.lemaire@…, gave her first name. */
function besideIn(word: string, address: string): IdentityPart[] {
  const written = fold(address.split('@', 1)[0] ?? '').split(/[._-]+/);
  if (written.length === 2 && written[0] === word && (written[1] ?? '').length > 1) return ['name'];
  if (written.length === 2 && written[1] === word) return ['firstName'];
  return ['name', 'firstName'];
}

function wordsOf(name: string): { word: string; written: string }[] {
  // « Jean-Pierre » is one first name.
  const found = name.match(/[\p{L}\p{M}]+(?:[-‐‑][\p{L}\p{M}]+)*/gu) ?? [];
  return found.map((written) => ({ word: fold(written), written }));
}

function isAllCapitals(written: string): boolean {
  return written.length > 2 && written === written.toUpperCase() && written !== written.toLowerCase();
}

/** A way, a number or a named place, and not only a town: « 13100 Plassans » finds nobody. */
function isPostal(text: string): boolean {
  const before = /(?<!\d)\d{5}(?!\d)/.exec(text);
  const place = wordsOf(before === null ? text : text.slice(0, before.index));
  if (before !== null) return place.length > 0;
  return place.some(({ word }) => WAYS.has(word)) ? place.length > 1 : /\d/.test(text) && place.length > 1;
}

const TITLES: ReadonlySet<string> = new Set(
  'm mr mme mlle madame monsieur mademoiselle messieurs mesdames famille dr docteur maitre me veuve vve epoux et'.split(
    ' ',
  ),
);
const PARTICLES: ReadonlySet<string> = new Set('de du des la le les l d'.split(' '));
const WAYS: ReadonlySet<string> = new Set(
  (
    'rue avenue av boulevard bd bvd place pl chemin ch impasse imp allee allees route rte quai cours square hameau ' +
    'lieudit lieu residence passage ruelle lotissement traverse montee sente sentier esplanade faubourg fbg domaine ' +
    'quartier mas ferme bourg venelle rocade villa villas cite clos bp cs'
  ).split(' '),
);

import { slipsBetween } from './slips.ts';

/**
 * The likely correction of a citizen's mistyped address (`jean@gmial.com` → `jean@gmail.com`); null when unsure.
 * Proposed to a human, never applied.
 */
export function suggestAddress(address: string): string | null {
  const typed = address.trim().toLowerCase();
  const at = typed.lastIndexOf('@');
  if (at < 1) return null;
  const [person, domain] = [typed.slice(0, at), typed.slice(at + 1)];
  const corrected = suggestDomain(domain);
  return corrected === null ? null : `${person}@${corrected}`;
}

function suggestDomain(typed: string): string | null {
  if (KNOWN.has(typed)) return null;
  const domain = tidied(typed);
  if (KNOWN.has(domain)) return PROVIDERS.has(domain) ? domain : null;
  if (domain.length > 30) return null;
  const known = MISTAKEN.get(domain);
  if (known !== undefined) return known;
  return nearest(domain);
}

/** Commas for dots, blanks, a trailing dot, `www.`, doubled or missing dots. */
function tidied(domain: string): string {
  const dotted = domain
    .replace(/^www\./, '')
    .replace(/[,;]/g, '.')
    .replace(/\s+/g, '')
    .replace(/\.{2,}/g, '.')
    .replace(/^\.|\.$/g, '');
  if (dotted.includes('.')) return dotted;
  const tail = /^(.{2,})(com|net|fr)$/.exec(dotted);
  return tail === null ? dotted : `${tail[1]}.${tail[2]}`;
}

/** One slip of the fingers, or two in a long name; and only when one provider is nearer than all others. */
function nearest(domain: string): string | null {
  const name = domain.split('.')[0] ?? '';
  const near = [...PROVIDERS]
    .map((provider) => ({ provider, slips: slipsBetween(domain, provider, 2) }))
    .filter(({ provider, slips }) => slips <= (provider.length >= 10 && name.length >= 5 ? 2 : 1))
    .toSorted((one, other) => one.slips - other.slips);
  const [best, second] = near;
  if (best === undefined || best.slips === second?.slips) return null;
  return isPlausibleSlip(domain, best.provider, best.slips) ? best.provider : null;
}

/** A short name that differs is somebody else's (`srf.ch`, `gmx.ch`): there, only the ending may be wrong, or letters swapped. */
function isPlausibleSlip(domain: string, provider: string, count: number): boolean {
  const [name = '', ...rest] = domain.split('.');
  const [known = '', ...knownRest] = provider.split('.');
  const [ending, knownEnding] = [rest.join('.'), knownRest.join('.')];
  // Another country's ending is another provider, or the same one there: yahoo.de, hotmail.be, orange.es.
  if (name === known) return !ENDINGS.has(ending);
  if (known.length >= 5) return ending === knownEnding || (!ENDINGS.has(ending) && count <= 2);
  return ending === knownEnding && count === 1 && known.length >= 4 && sortedLetters(name) === sortedLetters(known);
}

function sortedLetters(name: string): string {
  return name.split('').sort().join('');
}

/** Where French people have their mail. */
const PROVIDERS: ReadonlySet<string> = new Set(
  [
    'gmail.com hotmail.fr hotmail.com outlook.fr outlook.com live.fr live.com msn.com yahoo.fr yahoo.com ymail.com',
    'orange.fr wanadoo.fr free.fr sfr.fr neuf.fr laposte.net bbox.fr numericable.fr club-internet.fr aliceadsl.fr',
    'cegetel.net noos.fr icloud.com aol.com gmx.fr protonmail.com proton.me ac-versailles.fr',
  ].flatMap((domains) => domains.split(' ')),
);

/** Real, and near one of the above: left alone. */
const NEIGHBOURS: readonly string[] = [
  'gmx.com gmx.net gmx.de gmx.ch gmx.at mail.com mail.fr mail.ru email.com email.fr me.com mac.com aol.fr aim.com ovh.fr',
  'hotmail.be hotmail.it hotmail.es hotmail.de hotmail.ch hotmail.co.uk live.be live.ca live.it live.nl outlook.be outlook.es outlook.de',
  'yahoo.es yahoo.de yahoo.it yahoo.be yahoo.ca yahoo.co.uk googlemail.com proton.ch pm.me protonmail.ch tutanota.com',
  'srf.ch sfr.com orange.com orange.be orange.es freee.com freesurf.fr freenet.de free.com libre.fr wanadoo.es wanadoo.be',
  'laposte.fr ringover.com voila.fr bouygtel.fr skynet.be lite.fr life.fr line.fr rave.fr lives.fr liberty.fr',
  'mailo.com mailo.fr netcourrier.com tele2.fr nordnet.fr dbmail.com ac-lille.fr online.fr infonie.fr',
].flatMap((domains) => domains.split(' '));

const KNOWN: ReadonlySet<string> = new Set([...PROVIDERS, ...NEIGHBOURS]);

/** Too far for a slip, but nobody has mail there: what people write every day. */
const MISTAKEN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'gmail.fr': 'gmail.com',
    'gmail.be': 'gmail.com',
    'gmail.net': 'gmail.com',
    'gmail.org': 'gmail.com',
    'gmail.co': 'gmail.com',
    'gmail.cm': 'gmail.com',
    'gmial.fr': 'gmail.com',
    'gmai.fr': 'gmail.com',
    'g-mail.com': 'gmail.com',
    'gmel.com': 'gmail.com',
    'jmail.com': 'gmail.com',
    'wanadoo.com': 'wanadoo.fr',
    'wanadoo.net': 'wanadoo.fr',
    'laposte.com': 'laposte.net',
    'la-poste.net': 'laposte.net',
    'icloud.fr': 'icloud.com',
    'iclou.fr': 'icloud.com',
    'orang.com': 'orange.fr',
    'free.f': 'free.fr',
    'sfr.f': 'sfr.fr',
    'sfr.r': 'sfr.fr',
    'frre.fr': 'free.fr',
    'fre.fr': 'free.fr',
    'freee.fr': 'free.fr',
    'free.rf': 'free.fr',
    'sfr.rf': 'sfr.fr',
    'sffr.fr': 'sfr.fr',
    'neuf.r': 'neuf.fr',
    'bbox.r': 'bbox.fr',
    'yaoo.fr': 'yahoo.fr',
    'live.r': 'live.fr',
    'hotmail.con': 'hotmail.com',
    'yahoo.con': 'yahoo.com',
  }),
);

/** Endings that exist: `.co`, `.cm` and `.om` do too, and nobody in a French town has mail there by intention. */
const ENDINGS: ReadonlySet<string> = new Set(
  'fr com net org be ch de es it lu uk co.uk ca eu us nl pt at pl ru me info biz ac.fr asso.fr gouv.fr bzh paris re gp mq gf nc pf'.split(
    ' ',
  ),
);

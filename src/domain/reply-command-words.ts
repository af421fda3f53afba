import type { Action } from './workflow.ts';

/** The words of the commands that an agent may write on the first line of a reply. Data only: reply-command.ts reads it. */

/** What a person may do by mail. */
export const COMMAND_ACTIONS = [
  'take_charge',
  'accept',
  'refuse',
  'transfer',
  'send_back',
  'request_correction',
  'message',
  'note',
] as const satisfies readonly Action[];
export type CommandAction = (typeof COMMAND_ACTIONS)[number];

/** Where the name of a department goes. */
export const DEPARTMENT_HOLE = '[service]';

const CARD: Record<CommandAction | 'help', string> = {
  take_charge: 'je prends',
  accept: 'accepté',
  refuse: 'refusé\u00a0: …',
  transfer: `transmettre ${DEPARTMENT_HOLE}\u00a0: …`,
  send_back: 'renvoyer\u00a0: …',
  request_correction: 'il manque\u00a0: …',
  message: 'message\u00a0: …',
  note: 'note\u00a0: …',
  help: 'aide',
};

/** One way to write each command, as the help shows it. « … » stands for the person's own words. */
export const COMMAND_CARD: readonly { words: string; action: Action | 'help' }[] = [
  ...COMMAND_ACTIONS,
  'help' as const,
].map((action) => ({ words: CARD[action], action }));

export function cardWords(action: CommandAction | 'help', department = DEPARTMENT_HOLE): string {
  return CARD[action].replace(DEPARTMENT_HOLE, () => department);
}

export interface Verb {
  action: CommandAction | 'help';
  /**
   * What may follow. `any`: nothing, or a comment after a colon, a comma, a dash or a full stop. `colon`: a colon only,
   * for words that begin ordinary sentences. `nothing`: these words alone.
   */
  follows: 'any' | 'colon' | 'nothing';
  /** These words in front of others make an ordinary sentence (« Message bien reçu »), not a command badly written. */
  beginsSentences?: true;
  /** Close to a command, never one: explained, and nothing happens. */
  isOnlyNear?: true;
  /** Without accents, apostrophes as spaces: as the reader folds what it reads. */
  phrases: readonly string[];
  /** What may come right after, and changes nothing. */
  tails?: readonly string[];
}

const OBJECTS = ['la demande', 'cette demande', 'le dossier', 'ce dossier'];
const CITIZENS = ['usager', 'usagere', 'habitant', 'habitante', 'administre', 'administree'];
const APPLICANTS = ['demandeur', 'citoyen'];
const TO_CITIZEN = [
  ...CITIZENS.flatMap((who) => [who, `a l ${who}`, `pour l ${who}`]),
  ...APPLICANTS.flatMap((who) => [who, `au ${who}`, `pour le ${who}`]),
  'a la demandeuse',
];
const TO_DESK = ['accueil', 'a l accueil', 'a accueil', 'vers l accueil'];

export const VERBS: readonly Verb[] = [
  { action: 'accept', follows: 'any', phrases: ['accepte', 'acceptee'] },
  { action: 'accept', follows: 'any', phrases: ['accepter'], tails: OBJECTS },
  {
    action: 'accept',
    follows: 'any',
    isOnlyNear: true,
    beginsSentences: true,
    phrases: ['j accepte', 'valide', 'validee', 'valider', 'approuve', 'approuvee', 'avis favorable'],
    tails: OBJECTS,
  },
  { action: 'refuse', follows: 'any', phrases: ['refuse', 'refusee'] },
  { action: 'refuse', follows: 'any', phrases: ['refuser'], tails: OBJECTS },
  { action: 'refuse', follows: 'colon', phrases: ['refus', 'je refuse'], tails: OBJECTS, beginsSentences: true },
  {
    action: 'refuse',
    follows: 'any',
    isOnlyNear: true,
    beginsSentences: true,
    phrases: ['rejete', 'rejetee', 'rejeter', 'rejet', 'avis defavorable'],
    tails: OBJECTS,
  },
  {
    action: 'transfer',
    follows: 'any',
    phrases: [
      'transmettre',
      'a transmettre',
      'transferer',
      'a transferer',
      'je transmets',
      'je transfere',
      'transfert',
      'faire suivre',
    ],
    tails: OBJECTS,
  },
  {
    action: 'transfer',
    follows: 'any',
    isOnlyNear: true,
    phrases: ['transmis', 'transmise', 'transfere', 'transferee', 'transmission'],
    tails: OBJECTS,
  },
  {
    action: 'send_back',
    follows: 'any',
    phrases: ['renvoyer', 'renvoi', 'renvoye', 'renvoyee', 'je renvoie'],
    tails: [...TO_DESK, ...OBJECTS, ...OBJECTS.map((object) => `${object} a l accueil`)],
  },
  { action: 'send_back', follows: 'any', phrases: ['retour accueil', 'retour a l accueil'] },
  {
    action: 'send_back',
    follows: 'colon',
    isOnlyNear: true,
    beginsSentences: true,
    phrases: ['retour', 'retourner'],
  },
  {
    action: 'send_back',
    follows: 'any',
    isOnlyNear: true,
    beginsSentences: true,
    phrases: ['pas chez nous', 'ce n est pas chez nous', 'pas pour nous', 'ce n est pas pour nous'],
  },
  {
    action: 'request_correction',
    follows: 'colon',
    phrases: [
      'il manque',
      'il nous manque',
      'il me manque',
      'manque',
      'piece manquante',
      'pieces manquantes',
      'document manquant',
      'documents manquants',
      'element manquant',
      'elements manquants',
      'a completer',
      'complement',
      'complements',
      'demande de complement',
      'demande de complements',
    ],
  },
  {
    action: 'take_charge',
    follows: 'any',
    beginsSentences: true,
    phrases: [
      'je prends',
      'je prends en charge',
      'je le prends',
      'je la prends',
      'nous prenons en charge',
      'on prend en charge',
      'pris en charge',
      'prise en charge',
      'prendre en charge',
    ],
    tails: OBJECTS,
  },
  {
    action: 'take_charge',
    follows: 'any',
    isOnlyNear: true,
    beginsSentences: true,
    phrases: ['je m en occupe', 'je m en charge', 'je prend', 'je prend en charge', 'on s en occupe'],
  },
  {
    action: 'message',
    follows: 'colon',
    beginsSentences: true,
    phrases: ['message', 'reponse', 'repondre'],
    tails: TO_CITIZEN,
  },
  {
    action: 'note',
    follows: 'colon',
    beginsSentences: true,
    phrases: ['note', 'note interne'],
    tails: ['pour l accueil', 'a l accueil', 'pour le service', 'au service', 'pour nous'],
  },
  { action: 'help', follows: 'nothing', beginsSentences: true, phrases: ['aide', 'a l aide', 'help'] },
];

/** In front of a command, without changing it. */
export const LEADS = ['ok', 'oui', 'd accord', 'c est', 'demande', 'dossier', 'la demande est', 'le dossier est'];

/** In front of a command, these leave it in doubt. */
export const DOUBTFUL_LEADS = [
  'bonjour',
  'bonsoir',
  'bonjour madame',
  'bonjour monsieur',
  'bonjour a tous',
  'bonjour a toutes',
  'madame',
  'monsieur',
  'non',
  'pas',
  'pas encore',
  'ne pas',
  'ne plus',
  'n est pas',
  'c est pas',
  'ce n est pas',
  'la demande n est pas',
  'a priori',
  'peut etre',
  'plutot',
  'presque',
  'faut il',
  'on peut',
  'a',
];

export const GREETINGS: ReadonlySet<string> = new Set([
  'bonjour',
  'bonsoir',
  'salut',
  'madame',
  'monsieur',
  'mesdames',
]);

/** Said to be polite: never a reason, never a comment. */
export const COURTESIES = [
  'merci',
  'merci beaucoup',
  'merci d avance',
  'merci a vous',
  'merci bien',
  'svp',
  's il vous plait',
  's il te plait',
  'stp',
  'bonne journee',
  'belle journee',
  'bonne soiree',
  'bonne reception',
  'bon courage',
  'a bientot',
  'cordialement',
  'bien cordialement',
  'tres cordialement',
  'cdt',
  'cdlt',
  'cordialement votre',
  'bien a vous',
  'bien a toi',
  'salutations',
  'sinceres salutations',
  'bien sincerement',
  'respectueusement',
  'amicalement',
];

/** After a comma, a dash or a full stop, these go on with a sentence or take something back: not a plain comment. */
export const GOES_ON: ReadonlySet<string> = new Set(
  (
    'le la les l un une des du de d ce cet cette ces c ca cela son sa ses mon ma mes notre nos votre vos leur leurs ' +
    'il elle ils elles je j nous vous on tu qui que qu dont ou et mais sauf sous si puis donc or ni non oui pas ne n ' +
    'madame monsieur m mme mr bonjour hier par en apres avant depuis lors comme quand lorsque dans sur bien peut ' +
    'est sera etait parait selon enfin presque excepte hormis'
  ).split(' '),
);

/** Between « transmettre » and the name of a department. */
export const ARTICLES: ReadonlySet<string> = new Set(
  'a au aux la le les l vers du de d des service services'.split(' '),
);

/** One letter away from a command, and words of their own. */
export const REAL_WORDS: ReadonlySet<string> = new Set(
  (
    'notre votre vote cote hote rote note noter notez nota notice mode messages massage massages messager reponses ' +
    'refuge refuges refusons refusent confuse excepte excepter accede envoyer renvoyez envoye envoyee envoi envois ' +
    'manche marque masque banque transports transport aider aidez aides prix prises pries prendre perds rends ' +
    'complet complete completer compliments complements valise validite rejets retours retourne document documents ' +
    'element elements vide ride aise aisee'
  ).split(' '),
);

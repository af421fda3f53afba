import type { Action } from './workflow.ts';

/** The words of the commands that an agent may write on the first line of a reply. Data only: reply-command.ts reads it. */

/** What a person may do by mail, in the order a page offers it. */
export const COMMAND_ACTIONS = [
  'take_charge',
  'assign',
  'transfer',
  'send_back',
  'recall',
  'message',
  'request_correction',
  'answer',
  'accept',
  'refuse',
  'hold',
  'resume',
  'note',
  'milestone',
  'share',
  'drop',
  'discard',
  'reopen',
] as const satisfies readonly Action[];
export type CommandAction = (typeof COMMAND_ACTIONS)[number];
/** What is only asked. */
export type Question = 'history' | 'help';

/** « [service] » and the like: where the name of what is chosen goes. */
const CARD: Record<CommandAction | Question, string> = {
  take_charge: 'je prends',
  assign: 'attribuer @[agent]',
  transfer: 'transmettre [service]\u00a0: …',
  send_back: 'renvoyer\u00a0: …',
  recall: "reprendre à l'accueil\u00a0: …",
  message: 'message\u00a0: …',
  request_correction: 'il manque\u00a0: …',
  answer: 'réponse finale\u00a0: …',
  accept: 'accepté',
  refuse: 'refusé\u00a0: …',
  hold: 'en attente\u00a0: …',
  resume: 'reprise',
  note: 'note\u00a0: …',
  milestone: 'jalon [jalon]',
  share: 'partager @[collègue]',
  drop: 'sans suite\u00a0: …',
  discard: 'indésirable',
  reopen: 'rouvrir\u00a0: …',
  history: 'historique',
  help: 'aide',
};

/** One way to write each command, as the help shows it. « … » stands for the person's own words. */
export const COMMAND_CARD: readonly { words: string; action: Action | Question }[] = [
  ...COMMAND_ACTIONS,
  'history' as const,
  'help' as const,
].map((action) => ({ words: CARD[action], action }));

export function cardWords(action: CommandAction | Question, name?: string): string {
  return name === undefined ? CARD[action] : CARD[action].replace(/\[[^\]]*\]/, () => name);
}

/** The card of a wait whose end is written so that it cannot be misread: « en attente jusqu'au 12/05/2026 : … ». */
export function holdUntilWords(day: string): string {
  return CARD.hold.replace('\u00a0', () => ` jusqu'au ${day}\u00a0`);
}

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

/** Between a verb and the name that it needs: of a department, of a colleague. */
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
    'element elements vide ride aise aisee reprises partage partages partagez passager spa spas slam attend attends sens sons jason span spain'
  ).split(' '),
);

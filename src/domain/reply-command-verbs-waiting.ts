import { OBJECTS, type Verb } from './reply-command-verb-row.ts';

/** What makes a request wait or ends it without an answer, and what wakes it. */
export const WAITING_VERBS: readonly Verb[] = [
  {
    action: 'hold',
    follows: 'colon',
    beginsSentences: true,
    phrases: [
      'en attente',
      'mettre en attente',
      'mise en attente',
      'mis en attente',
      'a mettre en attente',
      'je mets en attente',
      ...OBJECTS.flatMap((object) => [`mettre ${object} en attente`, `je mets ${object} en attente`]),
    ],
    tails: OBJECTS,
  },
  // « En attente de votre retour : … » is written to a citizen.
  {
    action: 'hold',
    follows: 'nothing',
    isOnlyNear: true,
    beginsSentences: true,
    phrases: ['de', 'd', 'du', 'des', 'que'].map((what) => `en attente ${what}`),
  },
  // « C'est en attente : … » tells where it stands.
  {
    action: 'hold',
    follows: 'colon',
    isOnlyNear: true,
    beginsSentences: true,
    phrases: [
      'attente',
      'toujours en attente',
      'c est en attente',
      'la demande est en attente',
      'le dossier est en attente',
    ],
  },
  { action: 'resume', follows: 'nothing', orElse: ['recall', 'note'], phrases: ['reprise'], beginsSentences: true },
  {
    action: 'resume',
    follows: 'apart',
    beginsSentences: true,
    phrases: [
      'reprendre le traitement',
      'reprise du traitement',
      'je reprends le traitement',
      ...OBJECTS.flatMap((object) => [`reprendre ${object}`, `je reprends ${object}`]),
    ],
  },
  {
    action: 'resume',
    follows: 'apart',
    isOnlyNear: true,
    beginsSentences: true,
    orElse: ['recall', 'take_charge'],
    phrases: ['je reprends', 'reprendre'],
  },
  {
    action: 'drop',
    follows: 'colon',
    beginsSentences: true,
    phrases: [
      'sans suite',
      'classer sans suite',
      'a classer sans suite',
      'classe sans suite',
      'classee sans suite',
      'classement sans suite',
      'je classe sans suite',
      ...OBJECTS.flatMap((object) => [`classer ${object} sans suite`, `je classe ${object} sans suite`]),
    ],
  },
  {
    action: 'drop',
    follows: 'apart',
    isOnlyNear: true,
    beginsSentences: true,
    orElse: ['answer', 'accept', 'refuse'],
    phrases: ['classer', 'cloturer', 'cloture', 'cloturee', 'clore', 'a cloturer'],
    tails: OBJECTS,
  },
  {
    action: 'discard',
    follows: 'apart',
    beginsSentences: true,
    phrases: [
      'indesirable',
      'spam',
      ...['courrier', 'message', 'mail'].map((what) => `${what} indesirable`),
      'c est un spam',
      'c est du spam',
    ],
  },
  {
    action: 'reopen',
    follows: 'colon',
    beginsSentences: true,
    phrases: ['rouvrir', 'a rouvrir', 'je rouvre', 'reouvrir'],
    tails: OBJECTS,
  },
];

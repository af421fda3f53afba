import { OBJECTS, type Verb } from './reply-command-verb-row.ts';

const CITIZENS = ['usager', 'usagere', 'habitant', 'habitante', 'administre', 'administree'];
const APPLICANTS = ['demandeur', 'citoyen'];
const TO_CITIZEN = [
  ...CITIZENS.flatMap((who) => [who, `a l ${who}`, `pour l ${who}`]),
  ...APPLICANTS.flatMap((who) => [who, `au ${who}`, `pour le ${who}`]),
  'a la demandeuse',
];

/** What the citizen reads: the decision, an answer, what is asked of them. */
export const ANSWERING_VERBS: readonly Verb[] = [
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
    action: 'message',
    follows: 'colon',
    beginsSentences: true,
    phrases: ['message', 'reponse', 'repondre'],
    tails: TO_CITIZEN,
  },
  {
    action: 'answer',
    follows: 'colon',
    beginsSentences: true,
    phrases: ['reponse finale', 'repondre et terminer', 'repondre et clore', 'repondre et cloturer'],
    tails: TO_CITIZEN,
  },
  // « Répondu : par téléphone » tells colleagues, and would be mailed to the citizen.
  {
    action: 'answer',
    follows: 'colon',
    isOnlyNear: true,
    beginsSentences: true,
    orElse: ['message', 'note'],
    phrases: ['repondu', 'reponse final', 'reponse definitive', 'reponse et cloture'],
  },
];

import { describe, expect, test } from 'vitest';
import type { CommandAction } from '../../src/domain/reply-command-words.ts';
import { read } from './command-town.ts';

/** What each of these words does, and the sentences that look like it and do nothing. */

interface Phrasings {
  /** The text, and its comment. */
  does: readonly (readonly [text: string, comment: string])[];
  /** Explained: nothing happens. */
  asks: readonly string[];
  /** Ordinary messages. */
  says: readonly string[];
}

const NB = '\u00a0';

const PHRASINGS = {
  hold: {
    does: [
      ['en attente : avis du maire', 'avis du maire'],
      ['En attente: avis du maire', 'avis du maire'],
      [`EN ATTENTE${NB}: AVIS DU MAIRE`, 'AVIS DU MAIRE'],
      ['mettre en attente : avis du maire', 'avis du maire'],
      ['Mise en attente : avis du maire', 'avis du maire'],
      ['mis en attente : avis du maire', 'avis du maire'],
      ['à mettre en attente : avis du maire', 'avis du maire'],
      ['Je mets en attente : avis du maire', 'avis du maire'],
      ['mettre la demande en attente : avis du maire', 'avis du maire'],
      ['Mettre en attente ce dossier : avis du maire', 'avis du maire'],
      ['ok, en attente : avis du maire', 'avis du maire'],
      ['Dossier en attente : avis du maire', 'avis du maire'],
      ['en attente :\n\nAvis du maire.\n\nCordialement,\nJeanne', 'Avis du maire.'],
    ],
    asks: [
      'en attente',
      'Mettre en attente',
      'en attente :',
      'en attente\n\nJeanne Martin',
      'en atente : avis',
      "C'est en attente : le maire doit signer",
      'La demande est en attente : le maire doit signer',
      'Toujours en attente : le maire doit signer',
      'pas en attente : en cours',
      'Bonjour, en attente : avis du maire',
    ],
    says: [
      'En attente de votre retour',
      'En attente de votre retour : merci',
      "En attente d'un devis : nous revenons vers vous.",
      'En attente du maire.',
      'En attendant : merci de baliser le trou',
      'Votre demande est en attente : le maire doit signer',
      'Dans l’attente de votre réponse',
      'Liste d’attente : complet',
      'Le dossier reste en attente : avis du maire',
      'En attente, je vous tiens au courant',
      'Nous mettons en attente : avis du maire',
    ],
  },
  resume: {
    does: [
      ['reprise', ''],
      ['Reprise.', ''],
      ['REPRISE', ''],
      ['reprise, merci', ''],
      ['ok, reprise', ''],
      ['reprendre le traitement', ''],
      ['Reprise du traitement', ''],
      ['Je reprends le traitement.', ''],
      ['reprendre le traitement : avis reçu', 'avis reçu'],
      ['Reprendre la demande', ''],
      ['je reprends le dossier : avis reçu', 'avis reçu'],
      ['reprise\n\nJeanne Martin', ''],
    ],
    asks: [
      'reprise : avis reçu',
      'Reprise ?',
      'reprise…',
      'reprisse',
      'je reprends',
      'reprendre',
      'Reprendre : avis reçu',
      'pas reprise',
      'Bonjour,\n\nreprise',
      'reprendre le traitement ?',
    ],
    says: [
      'Reprise des travaux lundi',
      'Reprise des travaux : lundi 12 mai',
      'Reprise de la chaussée prévue en mai',
      'Reprise, lundi',
      'Je reprends contact avec vous lundi',
      'Je reprends mon service lundi',
      'Reprendre la chaussée coûterait cher',
      'Reprendre le traitement de ce dossier serait long, car le terrain est privé et clos de murs.',
      'Reprises : voir le devis',
      'La reprise est prévue lundi',
    ],
  },
  answer: {
    does: [
      ['réponse finale : le trou est rebouché', 'le trou est rebouché'],
      ['Réponse finale: le trou est rebouché', 'le trou est rebouché'],
      ['REPONSE FINALE : LE TROU EST REBOUCHÉ', 'LE TROU EST REBOUCHÉ'],
      [`Réponse finale${NB}: le trou est rebouché`, 'le trou est rebouché'],
      ["réponse finale à l'usager : le trou est rebouché", 'le trou est rebouché'],
      ['réponse finale au demandeur : le trou est rebouché', 'le trou est rebouché'],
      ['Répondre et terminer : le trou est rebouché', 'le trou est rebouché'],
      ['répondre et clore : le trou est rebouché', 'le trou est rebouché'],
      ['répondre et clôturer : le trou est rebouché', 'le trou est rebouché'],
      ['ok, réponse finale : le trou est rebouché', 'le trou est rebouché'],
      ['réponse finale :\n\nBonjour,\n\nRebouché.\n\nCordialement,\nJeanne', 'Bonjour,\n\nRebouché.'],
    ],
    asks: [
      'réponse finale',
      'Réponse finale :',
      'réponse final : rebouché',
      'répondu : par téléphone',
      'Répondu : le trou est rebouché',
      'Réponse définitive : rebouché',
      'Répondre et terminer',
      'réponse et clôture : rebouché',
      'pas réponse finale : attendre',
      'Bonjour, réponse finale : rebouché',
    ],
    says: [
      'Réponse finale attendue lundi',
      'Réponse finale du département reçue hier',
      'La réponse finale : lundi',
      'Répondu hier par téléphone',
      'Répondu.',
      'Réponse envoyée',
      'Répondre et terminer ce dossier demande du temps',
      'Réponses : voir plus bas',
      'Notre réponse finale : rebouché',
      'Finale : samedi',
    ],
  },
  drop: {
    does: [
      ['sans suite : doublon', 'doublon'],
      ['Sans suite: doublon', 'doublon'],
      [`SANS SUITE${NB}: DOUBLON`, 'DOUBLON'],
      ['classer sans suite : doublon', 'doublon'],
      ['à classer sans suite : doublon', 'doublon'],
      ['Classé sans suite : doublon', 'doublon'],
      ['Demande classée sans suite : doublon', 'doublon'],
      ['classement sans suite : doublon', 'doublon'],
      ['je classe sans suite : doublon', 'doublon'],
      ['Classer la demande sans suite : doublon', 'doublon'],
      ['ok sans suite : doublon', 'doublon'],
      ['sans suite :\n\nLe problème est réglé.\n\nJeanne', 'Le problème est réglé.'],
    ],
    asks: [
      'sans suite',
      'Classer sans suite.',
      'sans suite :',
      'sans suite\n\nJeanne Martin',
      'sans suites : doublon',
      'clôturer',
      'clôture : doublon',
      'pas sans suite : en cours',
      'classé sans suitte : doublon',
      'Bonjour, sans suite : doublon',
    ],
    says: [
      'Sans suite de votre part, la demande sera close',
      'Sans suite donnée depuis mars',
      'Resté sans suite : doublon',
      'Classement : voir la délibération',
      'Classé monument historique',
      'Classé sans suite par le procureur en 2019',
      'Suite à votre message : rebouché',
      'Sans réponse de votre part : classé',
      'Clôture des inscriptions vendredi',
      'Votre demande est classée sans suite : doublon',
    ],
  },
  discard: {
    does: [
      ['indésirable', ''],
      ['Indésirable.', ''],
      ['INDESIRABLE', ''],
      ['spam', ''],
      ['Spam !', ''],
      ['spam : publicité', 'publicité'],
      ['indésirable : publicité', 'publicité'],
      ['Courrier indésirable', ''],
      ['message indésirable', ''],
      ["C'est du spam.", ''],
      ["c'est un spam", ''],
      ['spam, merci', ''],
      ['indésirable\n\nJeanne Martin', ''],
    ],
    asks: [
      'spam ?',
      'indésirable ?',
      'spam…',
      'spams',
      'indesirables',
      'pas spam',
      'Bonjour,\n\nspam',
      'spam\nnote : déjà venu',
      'indésirabe',
      'pas indésirable',
    ],
    says: [
      'Spam reçu ce matin',
      'Spam, je crois',
      'Spa : ouvert le lundi',
      'Indésirable depuis mars',
      'Indésirables depuis mars, ces pigeons',
      'Ce courrier indésirable : voir le dossier du même nom',
      'Ce n’est pas un spam : rappeler',
      'Votre message était dans les indésirables',
      'Le message : indésirable ou non',
      'Anti-spam : activé',
    ],
  },
  recall: {
    does: [
      ["reprendre à l'accueil : erreur", 'erreur'],
      ['Reprendre à l’accueil: erreur', 'erreur'],
      ["REPRENDRE A L'ACCUEIL : ERREUR", 'ERREUR'],
      [`reprendre à l’accueil${NB}: erreur`, 'erreur'],
      ["reprise à l'accueil : erreur", 'erreur'],
      ["Je reprends à l'accueil : erreur", 'erreur'],
      ["reprendre la demande à l'accueil : erreur", 'erreur'],
      ["reprendre le dossier à l'accueil : erreur", 'erreur'],
      ["ok, reprendre à l'accueil : erreur", 'erreur'],
      ["reprendre à l'accueil :\n\nErreur de ma part.\n\nJeanne", 'Erreur de ma part.'],
    ],
    asks: [
      "reprendre à l'accueil",
      "Reprise à l'accueil",
      "reprendre à l'accueil :",
      "reprendre à l'accueil\n\nJeanne Martin",
      'reprendre à l’acceuil : erreur',
      "reprendre à l'accueil !",
      "pas reprendre à l'accueil : erreur",
      "Bonjour, reprendre à l'accueil : erreur",
      "Bonjour,\n\nreprendre à l'accueil : erreur",
      "reprendre à l'accueil : erreur\nrenvoyer : erreur",
    ],
    says: [
      "Reprendre à l'accueil le formulaire signé",
      "Reprise à l'accueil des objets trouvés lundi",
      "Je reprends à l'accueil lundi",
      "Venez reprendre à l'accueil : votre carte est prête",
      "À l'accueil : votre carte est prête",
      'Accueil : fermé lundi',
      'Je reprends lundi',
      "Reprendre rendez-vous à l'accueil",
      'Reprendre un ticket',
      "Retirer à l'accueil : votre carte",
    ],
  },
  reopen: {
    does: [
      ['rouvrir : la photo est arrivée', 'la photo est arrivée'],
      ['Rouvrir: la photo est arrivée', 'la photo est arrivée'],
      ['ROUVRIR : PHOTO', 'PHOTO'],
      [`rouvrir${NB}: photo`, 'photo'],
      ['à rouvrir : photo', 'photo'],
      ['je rouvre : photo', 'photo'],
      ['réouvrir : photo', 'photo'],
      ['rouvrir la demande : photo', 'photo'],
      ['Rouvrir ce dossier : photo', 'photo'],
      ['ok, rouvrir : photo', 'photo'],
      ['rouvrir :\n\nLa photo est là.\n\nJeanne', 'La photo est là.'],
    ],
    asks: [
      'rouvrir',
      'Rouvrir la demande',
      'rouvrir :',
      'rouvrir\n\nJeanne Martin',
      'rouvir : photo',
      'réouvrire : photo',
      'rouvrir.',
      'ne pas rouvrir : photo',
      'Bonjour, rouvrir : photo',
      'Bonjour,\n\nrouvrir : photo',
    ],
    says: [
      'Rouvrir la rue serait dangereux',
      'Rouvrir la piscine en mai, oui',
      'Réouverture : lundi 12 mai',
      'Réouverture de la mairie lundi',
      'La piscine rouvre : lundi',
      'Ouvrir : tirer la poignée',
      'Couvrir : prévoir une bâche',
      'Rouvrez la rue',
      'Nous allons rouvrir : lundi',
      'Pourquoi rouvrir ?',
    ],
  },
} satisfies Partial<Record<CommandAction, Phrasings>>;

describe.each(Object.entries(PHRASINGS) as [CommandAction, Phrasings][])('%s', (action, { does, asks, says }) => {
  test('has ten phrasings, and ten lookalikes of each kind', () => {
    for (const list of [does, asks, says]) expect(new Set<unknown>(list.map(String)).size).toBeGreaterThanOrEqual(10);
  });

  test.each(does)('%j does it', (text, comment) => {
    expect(read(text)).toMatchObject({ kind: 'act', action, comment, choices: {} });
  });

  test.each(asks)('%j is asked about', (text) => {
    expect(read(text)).toMatchObject({ kind: 'unclear' });
  });

  test.each(says)('%j is an ordinary message', (text) => {
    expect(read(text)).toEqual({ kind: 'none' });
  });
});

describe('the history', () => {
  test.each(['historique', 'Historique.', "L'historique", 'HISTORIQUE', 'historique, merci', 'historique complet'])(
    '%j is asked for',
    (text) => expect(read(text)).toEqual({ kind: 'history' }),
  );

  test.each(['Historique : voir la délibération', 'Historique de la rue Banne', 'Monument historique', 'historiques'])(
    '%j is an ordinary message',
    (text) => expect(read(text)).toEqual({ kind: 'none' }),
  );
});

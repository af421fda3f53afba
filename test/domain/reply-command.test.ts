import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMAND_ACTIONS, COMMAND_CARD } from '../../src/domain/reply-command-words.ts';
import { type Action, isAction, WORKFLOW } from '../../src/domain/workflow.ts';
import { HANG_MS } from '../support/hang.ts';
import { OFFICE, OFFICES, outcomeOf, read } from './command-town.ts';
import { aTown } from './plassans.ts';

type Acts = readonly [text: string, action: Action, comment: string, department?: string];

const ACTS: readonly Acts[] = [
  ['accepté', 'accept', ''],
  ['accepte', 'accept', ''],
  ['Acceptée', 'accept', ''],
  ['ACCEPTÉ', 'accept', ''],
  ['ACCEPTE.', 'accept', ''],
  ['Accepté !', 'accept', ''],
  ['accepter', 'accept', ''],
  ['accepter la demande', 'accept', ''],
  ['ok accepté', 'accept', ''],
  ['OK, accepté.', 'accept', ''],
  ['Oui, acceptée', 'accept', ''],
  ["D'accord, accepté", 'accept', ''],
  ['D’accord : accepté', 'accept', ''],
  ["C'est accepté", 'accept', ''],
  ['Demande acceptée', 'accept', ''],
  ['La demande est acceptée.', 'accept', ''],
  ['accepté merci', 'accept', ''],
  ['accepté, merci beaucoup', 'accept', ''],
  ['Accepté, cordialement, Jeanne', 'accept', ''],
  ['accepté :)', 'accept', ''],
  ['accepté :', 'accept', ''],
  ['« Accepté »', 'accept', ''],
  ['*accepté*', 'accept', ''],
  ['- accepté', 'accept', ''],
  ['\n\n  accepté  \n\n', 'accept', ''],
  ['\u200baccepté\ufeff', 'accept', ''],
  ['accepte\u0301', 'accept', ''],
  ['ＡＣＣＥＰＴÉ', 'accept', ''],
  ['accepté : passage prévu jeudi à 8:30', 'accept', 'passage prévu jeudi à 8:30'],
  ['accepté, passage prévu jeudi', 'accept', 'passage prévu jeudi'],
  ['accepté\u00a0: sous réserve du paiement', 'accept', 'sous réserve du paiement'],
  ['accepté\n\nBonjour Madame,\nVotre demande est acceptée.', 'accept', 'Bonjour Madame,\nVotre demande est acceptée.'],
  ['accepté\n\nJeanne Martin', 'accept', ''],
  ['accepté\nJeanne Martin', 'accept', ''],
  ['accepté\r\n\r\nPassage jeudi.\r\n\r\nCordialement,\r\nJeanne Martin', 'accept', 'Passage jeudi.'],
  ['accepté\n\n-- \nJeanne Martin\nVoirie, ville de Plassans', 'accept', ''],
  ['accepté\n\nEnvoyé de mon iPhone', 'accept', ''],
  ['accepté\n\nJeanne Martin\nResponsable de la voirie\n04 42 00 00 20', 'accept', ''],
  ['accepté\n\nJM', 'accept', ''],
  ['accepté\n👍', 'accept', ''],
  ['refusé : hors délai', 'refuse', 'hors délai'],
  ['refusé -> hors délai', 'refuse', 'hors délai'],
  ['Refusé : voir ci-dessous.\n\nHors délai.\n\nBien à vous,\n\nJeanne', 'refuse', 'voir ci-dessous.\n\nHors délai.'],
  ['Refusée: hors délai', 'refuse', 'hors délai'],
  ['REFUSE:hors delai', 'refuse', 'hors delai'],
  ['refusé\u202f: hors délai.', 'refuse', 'hors délai.'],
  ['refusée, hors délai', 'refuse', 'hors délai'],
  ['refusé - hors délai', 'refuse', 'hors délai'],
  ['Refusé – terrain privé, rue Banne', 'refuse', 'terrain privé, rue Banne'],
  ['Refusé — hors délai', 'refuse', 'hors délai'],
  ['Refusé. Hors délai.', 'refuse', 'Hors délai.'],
  ['refuser : hors délai', 'refuse', 'hors délai'],
  ['Je refuse : hors délai', 'refuse', 'hors délai'],
  ['Dossier refusé : pièces manquantes', 'refuse', 'pièces manquantes'],
  ['refusé : le délai est-il dépassé ? oui', 'refuse', 'le délai est-il dépassé ? oui'],
  ['refusé : hors délai\naprès le 3 mars', 'refuse', 'hors délai\naprès le 3 mars'],
  ['refusé\n\nLe terrain est privé.', 'refuse', 'Le terrain est privé.'],
  ['refusé :\n\nHors délai, depuis mars.\n\nBien cordialement\nJeanne', 'refuse', 'Hors délai, depuis mars.'],
  ['« refusé : hors délai »', 'refuse', 'hors délai'],
  ['transmettre voirie', 'transfer', '', 'voirie'],
  ['Transmettre à la voirie : merci de sécuriser', 'transfer', 'merci de sécuriser', 'voirie'],
  ['transmettre au service voirie : urgent', 'transfer', 'urgent', 'voirie'],
  ['transmettre au service de la voirie', 'transfer', '', 'voirie'],
  ['TRANSMETTRE VOIRIE', 'transfer', '', 'voirie'],
  ['transmettre à l’urbanisme : pour avis', 'transfer', 'pour avis', 'urbanisme'],
  ["transmettre à l'état civil", 'transfer', '', 'etat-civil'],
  ['transmettre etat-civil', 'transfer', '', 'etat-civil'],
  ['transmettre etat civil : acte de 1962', 'transfer', 'acte de 1962', 'etat-civil'],
  ['transmettre aux espaces verts et propreté : élagage', 'transfer', 'élagage', 'ev'],
  ['transmettre EV', 'transfer', '', 'ev'],
  ['transmettre sports', 'transfer', '', 'sports'],
  ['transmettre au service des sports', 'transfer', '', 'sports'],
  ['Transférer urbanisme : pour avis', 'transfer', 'pour avis', 'urbanisme'],
  ['transférer à la voirie, merci de sécuriser', 'transfer', 'merci de sécuriser', 'voirie'],
  ['à transmettre à la voirie : urgent', 'transfer', 'urgent', 'voirie'],
  ['transmettre la demande à la voirie : urgent', 'transfer', 'urgent', 'voirie'],
  ['transmettre à la voirie\n\nMerci de sécuriser.\n\nCordialement', 'transfer', 'Merci de sécuriser.', 'voirie'],
  ['transmettre à la voirie\nJeanne Martin', 'transfer', '', 'voirie'],
  ['transmettre voirie, merci', 'transfer', '', 'voirie'],
  ['transmettre voirie, à traiter avant lundi', 'transfer', 'à traiter avant lundi', 'voirie'],
  ['faire suivre à la voirie : un trou', 'transfer', 'un trou', 'voirie'],
  ['il manque : la photo du trou', 'request_correction', 'la photo du trou'],
  ['Il manque:\n- la photo\n- la date\n\nCordialement,\nJeanne', 'request_correction', '- la photo\n- la date'],
  ['il manque :\nAttestation\nPhoto', 'request_correction', 'Attestation\nPhoto'],
  ['Pièces manquantes : justificatif de domicile', 'request_correction', 'justificatif de domicile'],
  ['pieces manquantes: plan', 'request_correction', 'plan'],
  ['Pièce manquante : le plan', 'request_correction', 'le plan'],
  ['Demande de complément : le plan', 'request_correction', 'le plan'],
  ['note : déjà venu en mars', 'note', 'déjà venu en mars'],
  ['NOTE : déjà venu', 'note', 'déjà venu'],
  ['Note interne : déjà venu', 'note', 'déjà venu'],
  ["note pour l'accueil : rappeler demain", 'note', 'rappeler demain'],
  ['note : accepté par le maire', 'note', 'accepté par le maire'],
  ['je prends', 'take_charge', ''],
  ['Je prends.', 'take_charge', ''],
  ['OK je prends', 'take_charge', ''],
  ['je prends en charge', 'take_charge', ''],
  ['Je prends la demande', 'take_charge', ''],
  ['pris en charge', 'take_charge', ''],
  ['Prise en charge.', 'take_charge', ''],
  ['je prends : passage jeudi', 'take_charge', 'passage jeudi'],
  ["renvoyer : ce n'est pas chez nous", 'send_back', "ce n'est pas chez nous"],
  ['renvoyer à l’accueil : terrain privé', 'send_back', 'terrain privé'],
  ['Renvoi accueil : terrain privé', 'send_back', 'terrain privé'],
  ['retour accueil : terrain privé', 'send_back', 'terrain privé'],
  ['renvoyer, terrain privé', 'send_back', 'terrain privé'],
  ['message : Bonjour, votre carte est prête.', 'message', 'Bonjour, votre carte est prête.'],
  ['Réponse : oui, dès lundi', 'message', 'oui, dès lundi'],
  ["Message à l'usager : venez lundi", 'message', 'venez lundi'],
  ['réponse au demandeur : venez lundi', 'message', 'venez lundi'],
  [
    'message :\n\nBonjour Madame,\n\nVenez lundi.\n\nCordialement,\nJeanne',
    'message',
    'Bonjour Madame,\n\nVenez lundi.',
  ],
];

const TRAPS: readonly string[] = [
  '',
  '   \n\u00a0\n',
  'Bonjour,',
  'Bonjour,\n\nLe trou est rebouché.',
  'ok',
  'Oui.',
  'Non, désolé.',
  'Merci',
  'Cordialement,\nJeanne',
  '…',
  '> accepté',
  '(accepté)',
  '#refusé : hors délai',
  'Accepté par le conseil municipal en 2019, ce plan prévoit un trottoir.',
  'Accepté par le conseil municipal en 2019, ce plan…',
  'Acceptée en commission le 3 mars, la demande de M. Dupont attend une signature du maire.',
  'Accepté hier soir par le maire',
  'Refusé hier, le permis…',
  'Refusé hier, le permis sera de nouveau instruit lundi : je vous tiens au courant.',
  'Refusé, le permis de M. Dupont a fait l’objet d’un recours devant le tribunal administratif.',
  'Refusée une première fois en 2018, cette demande revient.',
  'Refuser cette demande serait une erreur selon moi',
  'Accepter la demande de M. Dupont reviendrait à créer un précédent',
  'Note que je serai absent',
  'Note que je serai absent, pensez-y.',
  'Notez bien que je serai absent',
  'Note bien reçue, merci',
  'Notre service vous répondra : patience',
  'Votre demande : bien reçue',
  'Noté, merci',
  'Noté.',
  'Passage : jeudi',
  'Retour de congés lundi',
  'Manifestation : voir l’arrêté',
  'Réponses : voir plus bas',
  'Acceptation : voir la délibération',
  'Je prends note de votre message',
  'Je prends rendez-vous avec lui lundi',
  'Je prends mes congés vendredi',
  'Je prends le relais de Jeanne',
  'Je prends bonne note de la prise en charge',
  'Pris en charge par la voirie depuis mardi',
  'Prise en charge des frais à voir avec le comptable',
  'Transmettre ce courrier a pris du temps',
  'Transmettre à la voirie aurait été une erreur, car le terrain est privé et clos de murs.',
  'Transmis au maire pour signature ce matin, je vous tiens au courant dès son retour.',
  'Transfert de compétence, voir la délibération du conseil métropolitain',
  'Message bien reçu, merci',
  'Message reçu',
  'Message reçu.',
  'Messages à rappeler',
  'Réponse envoyée hier au demandeur',
  'Réponse tardive de la préfecture, désolé',
  'Répondre à tous ces courriers prend du temps',
  'Renvoyer le formulaire complété et signé avant vendredi, merci à tous',
  'Envoyer : la photo',
  'Renvoyez-moi la photo, elle est illisible et je ne peux pas instruire la demande.',
  'Il manque toujours la photo du trou, pouvez-vous la demander ?',
  'Il manque deux personnes au service cette semaine, donc ce sera lundi.',
  'Manque de chance, le terrain est privé depuis la vente de mars dernier.',
  'Aide sociale : voir le CCAS',
  "Aide-moi à trouver l'adresse",
  'aider',
  'Complément de Jeanne pour le dossier de la rue Banne, reçu ce matin par courrier.',
  'doublon',
  'doublon 2026-000012',
  'Le trou est rebouché : accepté',
  'Je pense que c’est accepté',
  'Hors délai',
  'Voirie : urgent',
  'Refuge pour animaux : complet',
  'Excepté le lundi',
  'Excepté : le lundi',
  'On se voit lundi ?',
  'http://exemple.fr/accepté',
  '1. accepté',
  'Suite à votre message : accepté',
];

type Near = readonly [text: string, near: string, ...suggestions: string[]];

const NB = '\u00a0';
const REFUSED = `refusé${NB}: …`;
const TO_ROADS = `transmettre Voirie${NB}: …`;
const MISSING = `il manque${NB}: …`;
const EVERYWHERE = OFFICES.map(({ name }) => `transmettre ${name}${NB}: …`);

const NEAR: readonly Near[] = [
  ['acepté', 'acepté', 'accepté'],
  ['Acccepté', 'Acccepté', 'accepté'],
  ['accpeté', 'accpeté', 'accepté'],
  ['acceptez', 'acceptez', 'accepté'],
  ['accepté ?', 'accepté', 'accepté'],
  ['accepté…', 'accepté', 'accepté'],
  ['accepté (sous réserve)', 'accepté', 'accepté'],
  ['accepté sous réserve', 'accepté', 'accepté'],
  ['accepté, sauf le portail', 'accepté', 'accepté'],
  ['accepté - à condition que le portail soit fermé', 'accepté', 'accepté'],
  ['Accepté. On passe jeudi.', 'Accepté', 'accepté'],
  ['accepté / refusé', 'accepté', 'accepté'],
  ['accepté ou refusé', 'accepté', 'accepté'],
  ['accepté, refusé', 'accepté', 'accepté'],
  ['accepté : refusé', 'refusé', 'accepté', REFUSED],
  ['accepté\nrefusé', 'refusé', 'accepté', REFUSED],
  ['accepté@exemple.fr', 'accepté', 'accepté'],
  ['non accepté', 'non accepté', 'accepté'],
  ['pas accepté', 'pas accepté', 'accepté'],
  ['Bonjour, accepté', 'Bonjour, accepté', 'accepté'],
  ['Bonjour,\n\naccepté', 'accepté', 'accepté'],
  ["J'accepte", "J'accepte", 'accepté'],
  ['validé', 'validé', 'accepté'],
  ['accepté\npar le conseil en 2019, ce plan tient', 'accepté', 'accepté'],
  ['refusé', 'refusé', REFUSED],
  ['Refusée.', 'Refusée', REFUSED],
  ['refusé :', 'refusé', REFUSED],
  ['refusé :(', 'refusé', REFUSED],
  ['refusé, merci', 'refusé', REFUSED],
  ['refusé\n\nJeanne Martin', 'refusé', REFUSED],
  ['refusé :\nJeanne Martin', 'refusé', REFUSED],
  ['refusé\n\nCordialement,\nJeanne', 'refusé', REFUSED],
  ['refusé hors délai', 'refusé', REFUSED],
  ['refsé : hors délai', 'refsé', REFUSED],
  ['refuusé: hors delai', 'refuusé', REFUSED],
  ['refusé, il manque la photo', 'refusé', REFUSED],
  ['pas refusé : en cours', 'pas refusé', REFUSED],
  ['rejeté : hors délai', 'rejeté', REFUSED],
  ['refusé : hors délai\nnote : le troisième', 'note', REFUSED, `note${NB}: …`],
  ['transmetre voirie', 'transmetre voirie', TO_ROADS],
  ['transmettre voiries', 'voiries', TO_ROADS],
  ['transmettre à la voiri : urgent', 'voiri', TO_ROADS],
  ['transmettre vorie', 'vorie', TO_ROADS],
  ['transmis à la voirie', 'transmis à la voirie', TO_ROADS],
  ['transmettre voirie ?', 'transmettre voirie', TO_ROADS],
  ['ne pas transmettre à la voirie', 'ne pas transmettre à la voirie', TO_ROADS],
  ['transmettre voirie et urbanisme', 'transmettre voirie', TO_ROADS],
  ['transmettre à la voirie et à l’urbanisme : merci', 'transmettre à la voirie', TO_ROADS],
  ['transmettre voirie merci de sécuriser', 'transmettre voirie', TO_ROADS],
  ['transmettre etatcivil', 'etatcivil', `transmettre État civil${NB}: …`],
  ['transmettre espaces verts', 'espaces verts', `transmettre Espaces verts et propreté${NB}: …`],
  ['transmettre', 'transmettre', ...EVERYWHERE],
  ['transmettre : urgent', 'transmettre', ...EVERYWHERE],
  ['transmettre au maire', 'transmettre au maire', ...EVERYWHERE],
  ['il manque', 'il manque', MISSING],
  ['il manque la photo', 'il manque', MISSING],
  ['il manqe : la photo', 'il manqe', MISSING],
  ['pieces manquante : la photo', 'pieces manquante', MISSING],
  ['note :', 'note', `note${NB}: …`],
  ['note', 'note', `note${NB}: …`],
  ['Noté : il passera lundi', 'Noté', `note${NB}: …`],
  ['mesage : venez lundi', 'mesage', `message${NB}: …`],
  ['renvoyer', 'renvoyer', `renvoyer${NB}: …`],
  ['renvoyr accueil : terrain privé', 'renvoyr accueil', `renvoyer${NB}: …`],
  ["Ce n'est pas chez nous.", "Ce n'est pas chez nous", `renvoyer${NB}: …`],
  ['je prend', 'je prend', 'je prends'],
  ["je m'en occupe", "je m'en occupe", 'je prends'],
];

describe('a first line that commands', () => {
  test.each(ACTS.map(([text, ...expected]) => ({ text, expected })))('$text is done', ({ text, expected }) => {
    const [action, comment, department] = expected;
    const command = read(text);
    expect(command).toMatchObject({ kind: 'act', action, comment });
    expect(command.kind === 'act' ? command.choices.department : null).toBe(department);
  });

  test('is echoed in the words of whoever wrote it', () => {
    expect(read('OK, Transmettre  à la\u00a0Voirie : urgent')).toMatchObject({ echo: 'OK, Transmettre à la Voirie' });
  });

  test.each(['aide', 'Aide.', 'AIDE !', 'aide ?', 'aide svp', '?', '??', ' ? \n\nJeanne', 'help'])(
    '%j asks for help',
    (text) => {
      expect(read(text)).toEqual({ kind: 'help' });
    },
  );
});

describe('a line that is no command', () => {
  test.each(TRAPS)('%j is an ordinary message', (text) => {
    expect(read(text)).toEqual({ kind: 'none' });
  });

  test.each(['citizen', 'third_party', 'system'] as const)('nothing that a %s writes is a command', (role) => {
    for (const [text] of [...ACTS, ...NEAR]) expect(read(text, role)).toEqual({ kind: 'none' });
    expect(read('aide', role)).toEqual({ kind: 'none' });
  });
});

describe('a line that is nearly a command', () => {
  test.each(NEAR)('%j is asked about', (text, near, ...suggestions) => {
    expect(read(text)).toEqual({ kind: 'unclear', near, suggestions });
  });

  test('names two departments of one name, and chooses none', () => {
    const twins = [
      { id: 'nord', name: 'Mairie annexe' },
      { id: 'sud', name: 'Mairie annexe' },
    ];
    const town = aTown({ departments: twins.map((twin) => ({ ...OFFICE, ...twin })) });
    expect(read('transmettre mairie annexe : oui', 'desk', town)).toMatchObject({ kind: 'unclear' });
    expect(read('transmettre sud : oui', 'desk', town)).toMatchObject({ kind: 'act', choices: { department: 'sud' } });
  });

  test('without any department in the town, a transfer is still explained', () => {
    const suggestions = [`transmettre [service]${NB}: …`];
    const command = read('transmettre voirie', 'desk', aTown({ departments: [] }));
    expect(command).toMatchObject({ kind: 'unclear', suggestions });
  });
});

const NAMES: Record<string, string> = {
  transfer: 'voirie',
  assign: 'Jeanne Martin',
  share: 'Paul Dupont',
  milestone: 'Visite sur place',
};

describe('the card of the commands', () => {
  test('shows every command once, and help', () => {
    expect(COMMAND_CARD.map(({ action }) => action)).toEqual([...COMMAND_ACTIONS, 'history', 'help']);
  });

  test.each(COMMAND_CARD)('$words does what it says', ({ words, action }) => {
    const text = words.replace('…', 'hors délai').replace(/\[.*\]/, () => NAMES[action] ?? '');
    expect(read(text)).toMatchObject(isAction(action) ? { kind: 'act', action } : { kind: action });
  });

  test('asks for a comment where the workflow does', () => {
    for (const { words, action } of COMMAND_CARD) {
      if (isAction(action)) expect(words.includes('…')).toBe(WORKFLOW[action].comment === 'required');
    }
  });
});

const ORDINARY =
  'le la les un une des du de par pour avec sans hier demain lundi mars permis plan conseil municipal maire rue trou ' +
  'dossier demande usager service ce courrier temps a pris est sera été bien reçu trop tard déjà encore photo je nous ' +
  'vous il elle dupont jeanne en 2019 que qui mais donc car merci voirie urbanisme';
const COMMAND_WORDS =
  'accepté accepte acceptée accepter refusé refusée refuser transmettre transférer note message réponse renvoyer renvoi manque aide prends ' +
  'attribuer affecter partager jalon reprise rouvrir indésirable spam historique';

const CHOOSES: Partial<Record<Action, string>> = {
  transfer: 'department',
  assign: 'agent',
  share: 'colleague',
  milestone: 'milestone',
};

const PHRASES =
  'je prends,il manque,pris en charge,note interne,en attente,mettre en attente,sans suite,classer sans suite,réponse finale,' +
  "reprendre le traitement,reprendre à l'accueil,à partager";

describe('whatever is written', () => {
  test('an answer comes, and a required comment is there', () => {
    const piece = fc.oneof(
      fc.constantFrom(...ACTS.map(([text]) => text), ...NEAR.map(([text]) => text), ...TRAPS),
      fc.constantFrom(':', ',', ' - ', '\n', ' ', '?', '.', '--\n', '\u00a0', '\0', '\ud800', '\u0301', '«', '>'),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(...COMMAND_WORDS.split(' '), ...ORDINARY.split(' ')),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const command = read(pieces.join(''));
        if (command.kind === 'unclear') expect(command.suggestions.length).toBeGreaterThan(0);
        if (command.kind !== 'act') return;
        expect(COMMAND_ACTIONS).toContain(command.action);
        const chosen = Object.keys(command.choices)[0];
        expect(command.action === 'hold' ? undefined : chosen).toBe(CHOOSES[command.action]);
        const isRequired = WORKFLOW[command.action].comment === 'required' && command.action !== 'transfer';
        if (isRequired) expect(command.comment.trim()).not.toBe('');
      }),
      { numRuns: 3_000 },
    );
  });

  test('a sentence that begins with a command word is no command', () => {
    const ordinary = fc.constantFrom(...ORDINARY.split(' ').filter((word) => !/^(?:voirie|urbanisme)$/.test(word)));
    const glue = fc.constantFrom(' ', ' ', ' ', '\u00a0', ', ', ' - ');
    fc.assert(
      fc.property(
        fc.constantFrom(...COMMAND_WORDS.split(' '), ...PHRASES.split(',')),
        fc.array(fc.tuple(fc.constant(' '), ordinary), { minLength: 4, maxLength: 4 }),
        fc.array(fc.tuple(glue, ordinary), { maxLength: 12 }),
        (verb, first, more) => {
          const text = verb + [...first, ...more].map(([between, word]) => between + word).join('');
          expect(['none', 'unclear']).toContain(read(text).kind);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test('case, accents, and kinds of spaces, quotes and dashes change nothing', () => {
    const lines = [...ACTS.map(([text]) => text), ...NEAR.map(([text]) => text), ...TRAPS].filter(
      // Names and what is « noté » are told by their capitals and accents.
      (text) => !text.trim().includes('\n') && !/noté|cordialement, /i.test(text),
    );
    const changes: ((text: string) => string)[] = [
      (text) => text.toUpperCase(),
      (text) => text.toLowerCase(),
      (text) => text.normalize('NFD'),
      (text) => text.normalize('NFD').replaceAll(/\p{M}/gu, ''),
      (text) => text.replaceAll(' ', '\u00a0'),
      (text) => text.replaceAll(' ', '\u202f'),
      (text) => text.replaceAll("'", '’'),
      (text) => text.replaceAll(' - ', ' – '),
      (text) => `  ${text}\u00a0\r\n`,
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...lines),
        fc.array(fc.constantFrom(...changes), { minLength: 1, maxLength: 4 }),
        (text, chosen) => {
          const changed = chosen.reduce((current, change) => change(current), text);
          expect(outcomeOf(read(changed))).toEqual(outcomeOf(read(text)));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  const MEGABYTE = 1_000_000;
  test.each([
    'a',
    ' ',
    '\n',
    '\r\n',
    ':',
    '?',
    'ok ',
    '\u200b',
    '\u0301\u0316',
    'transmettre ',
    'transmetre à la voiri ',
    'attribuer @a.b ',
    'martin ',
    'jalon visite travaux ',
    "en attente jusqu'au 12/",
    'accepté\n',
    'refusé : ',
    '--- \n',
    '\n A B\n',
    'merci\n',
    'Envoyé de mon iPhone\n',
    '« refusé : x ',
    'bonjour\n',
  ])('a megabyte of %j costs less than a tenth of a second', (piece) => {
    for (const start of [
      '',
      'refusé : x\n',
      'refusé : ',
      'transmettre ',
      'attribuer @',
      'jalon ',
      "en attente jusqu'",
    ]) {
      const text = start + piece.repeat(MEGABYTE / piece.length);
      expect(fastest(() => read(text))).toBeLessThan(HANG_MS);
    }
  });
});

/** Milliseconds. The best of three: other programs may run beside. */
function fastest(work: () => unknown): number {
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...times);
}

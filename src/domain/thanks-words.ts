/**
 * What people write when they only thank, word for word: no accents, lower case, one space between words. Data only:
 * thanks.ts reads it. A word that is missing here reopens a request for nothing; a word too many leaves somebody waiting.
 */

const OF_CARE =
  'reactivite|rapidite|efficacite|gentillesse|disponibilite|professionnalisme|diligence|celerite|promptitude|ecoute|' +
  'amabilite|bienveillance|attention|reponses?|precisions?|explications?|informations?|infos?|messages?';
const OF_WORK =
  'aide|retours?|interventions?|travail|suivi|soutien|action|implication|devouement|services?|renseignements?|mails?|' +
  'e ?mails?|courriels?|patience|prise en charge|traitement|confirmation|envoi|conseils?|temps|efforts?|accueil|documents?';
const PRAISE =
  '(?:(?:si|tres|aussi) )?(?:rapides?|prompte?|efficaces?|precieuse?s?|precieux|excellente?s?|bonne?s?|belle|super|' +
  'grande?|claires?|detaillee?s?|complete?s?|aimables?|immediate?|remarquables?|formidables?)';
/** Behind the word too: not « bonne », which begins « bonne journée ». */
const PRAISE_AFTER =
  '(?:(?:si|tres|aussi) )?(?:rapides?|prompte?|efficaces?|precieuse?s?|precieux|claires?|detaillee?s?|completes?|immediate?)';
const YOUR =
  '(?:(?:toute?s? |tous )?(?:votre|vos|ta|ton|tes|cette|cet|ce|ces|la|le|les|l)|toute?s?|tous)(?: (?:votre|vos))?';
const thing = (nouns: string) =>
  `${YOUR} (?:${PRAISE} )?(?:${nouns})(?: (?:et )?${PRAISE_AFTER}){0,2}(?: (?:a|de) (?:ma|cette|notre) demande)?`;
const CARE = thing(OF_CARE);
const ANY_THING = thing(`${OF_CARE}|${OF_WORK}`);
const PAPER =
  '(?:votre|vos|la|le|les|l|ma|mon|mes) (?:reponse|messages?|mails?|e ?mails?|courriels?|courriers?|documents?|actes?(?: de ' +
  '(?:naissance|mariage|deces))?|attestation|certificat|copie|formulaire|dossier|arrete|autorisation|informations?|infos?)';

const VERY =
  '(?: (?:beaucoup|bcp|bien|infiniment|vivement|sincerement|chaleureusement|enormement|vraiment|encore|mille fois))*';
const TO_YOU =
  '(?: a (?:vous|toi|tous|toutes)(?: (?:tous|toutes|aussi|egalement|et a (?:tous|toutes)))?| egalement| aussi)*';
const DONE =
  '(?:repondu|agi|fait (?:le necessaire|vite|si vite)|traite (?:ma|cette|notre) demande|pris le temps de (?:me|nous) repondre|' +
  'regle (?:le|ce|mon|notre) probleme)(?: (?:si|aussi|tres) (?:vite|rapidement)| rapidement| vite)?';
const DISTINGUISHED =
  '(?: (?:les|plus|tres|bien|et))*(?: (?:distingue+s?|respectueu(?:x|ses)|meilleure?s|cordiales|devoues|sinceres))*';

/** These say it. */
export const THANKS: readonly string[] = [
  `(?:un |mille |milles )?(?:tres |encore |et )?(?:grand |immense |enorme )?merci+s?${VERY}`,
  `(?:(?:je|nous|et) )?(?:vous|te) (?:en )?remerci(?:e|ons)${VERY}`,
  `(?:je|nous) (?:tiens|tenais|voulais|souhaite|tenons|voulions) (?:a )?(?:tous )?vous remercier${VERY}`,
  '(?:avec )?(?:tous )?(?:mes|nos) (?:plus )?(?:sinceres |vifs )?remerciements(?: les plus sinceres)?',
  '(?:c est |tout est )?(?:parfait|impeccable|nickel|note|bien note|bien compris|entendu|compris)',
  'c est (?:tres )?(?:gentil|aimable)(?: (?:a vous|de votre part))?',
  'c est (?:super|genial|formidable|bon)',
  'ok+|okay|d accord|dac|tres bien|ca marche|(?:j en prends|je prends) (?:bonne )?note',
  `j accuse (?:bonne )?reception(?: de ${PAPER})?`,
  `(?:(?:j ai|nous avons|je l ai|message) )?(?:bien )?(?:recu|note|lu)(?: ${PAPER})?`,
  '(?:many )?(?:thanks|thank you)(?: (?:very much|so much|a lot|again|indeed))*',
];

/** These change nothing. */
export const POLITE: readonly string[] = [
  'et|encore|egalement|aussi|bien|donc|alors|oui|super|genial|excellent|formidable|top|bravo',
  `a (?:vous|toi|tous|toutes|toute l equipe|(?:votre|l|toute votre) equipe|vos (?:equipes|services|collegues)|la mairie)${TO_YOU}`,
  `(?:pour|de) ${CARE}(?: (?:et (?:pour |de )?)?${CARE}){0,3}`,
  `pour ${ANY_THING}(?: (?:et (?:pour )?)?${ANY_THING}){0,3}`,
  `(?:pour|d|de|de m|de nous) avoir ${DONE}`,
  'pour tout(?: ce que vous (?:faites|avez fait))?',
  '(?:(?:je|nous|et) (?:vous|te) souhait(?:e|ons) )?(?:une? |de |d )?(?:tres )?(?:bon(?:ne)?s?|belles?|excellente?s?|agreable|' +
    'joyeu(?:x|ses)|douce) (?:fin (?:de|d) )?(?:journee|soiree|apres midi|matinee|semaine|week ?end|we|dimanche|' +
    `continuation|fetes|vacances|conges|noel|annee|nuit|reception|courage)(?: de fin d annee| prolonge)?${TO_YOU}`,
  'a (?:tres )?bientot|au revoir|de meme|pareillement|prenez soin de vous|bien a (?:vous|toi)',
  '(?:(?:tres|bien) )*(?:cordialement|amicalement|sincerement|respectueusement|chaleureusement)(?: votre| a vous)?',
  'cdt|cdlt|crdt',
  `(?:(?:avec )?(?:mes|nos) )?(?:(?:sinceres|respectueuses|meilleures|cordiales|bonnes) )?salutations${DISTINGUISHED}`,
  '(?:(?:je vous prie|nous vous prions) d|veuillez) (?:agreer|recevoir|accepter)|recevez|agreez',
  `l (?:expression|assurance) de (?:mes|nos) (?:(?:sinceres|respectueuses|meilleures) )?(?:salutations|sentiments)${DISTINGUISHED}`,
  'bonjour|bonsoir|salut|hello|rebonjour|good morning|good afternoon|dear (?:sir|madam)(?: or madam)?',
  'for (?:your|the) (?:(?:quick|prompt|kind|helpful) )?(?:reply|answer|response|help|assistance|message)',
  '(?:(?:kind|best|warm) )?regards|best wishes|yours (?:sincerely|faithfully)|sincerely(?: yours)?|have a (?:nice|good) day',
  '(?:cher|chere|chers|cheres) (?:madame|monsieur|messieurs|mesdames)',
  '(?:madame|monsieur) (?:la|le) maire|mesdames|messieurs|madame|monsieur|mme|mlle|mr|m',
];

/** A person's name may stand right behind these. */
export const BEFORE_NAMES: ReadonlySet<string> = new Set(
  (
    'merci mercis thanks regards sincerely bonjour bonsoir salut madame monsieur mme mlle mr m cordialement amicalement sincerement vous toi ' +
    'respectueusement chaleureusement cdt cdlt crdt votre salutations distinguees journee soiree bientot'
  ).split(' '),
);

/** Begin with a capital where a name could stand, and are none. */
export const NO_NAMES: ReadonlySet<string> = new Set(
  (
    'urgent urgence help attention toujours encore rien faux non pourtant mais sauf dommage bof rappel relance stop ' +
    'nul nulle nuls enfin pareil idem mensonge mensonges menteur menteurs suite photo photos voir besoin reponse probleme ' +
    'incompetent incompetents incapable incapables bravo honte hein alors pas aucun aucune jamais personne question ' +
    'erreur panne trou danger fuite aide plainte reclamation deuxieme second quand comment pourquoi combien qui que quoi ' +
    'il elle ils elles je tu on nous ce cela ca le la les un une des du de en au aux si ou or ni car donc puis par ' +
    'aujourd demain hier maintenant rappelle reponds appelle annule annuler annulation rembourse retour reste manque ' +
    'insuffisant inacceptable decu decue decevant blague rigolo ridicule lent lente inutile tard trop peu mal pire'
  ).split(' '),
);

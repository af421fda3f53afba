/** Words that a letter to a town hall holds whatever it is about: without accents. */
export const IDLE_WORDS: ReadonlySet<string> = new Set(
  (
    'a au aux le la les l un une des du de d ce cet cette ces c ca cela son sa ses mon ma mes notre nos votre vos leur ' +
    'leurs il elle ils elles je j nous vous on tu qui que qu quoi dont ou et mais sauf si puis donc or ni car non oui ne n ' +
    'pas plus tres trop bien peu tout tous toute toutes y en dans sur sous par pour avec sans chez vers entre apres avant ' +
    'depuis lors comme quand lorsque est es ete etait etaient sont suis sera etre ai as avons avez ont a avait avoir ' +
    'fait faire fais dit dire peut pouvez pourriez puis pourrais peux veux voudrais voudrions souhaite souhaiterais ' +
    'souhaitons aimerais faut m t s se me te lui eux meme aussi encore toujours deja ici la voici voila alors ainsi ' +
    'madame monsieur mesdames messieurs mme mr bonjour bonsoir merci cordialement salutations svp plait vouloir ' +
    'mairie maire service services commune ville hotel demande demandes demander message mail courriel courrier lettre ' +
    'objet sujet suite suites relance relancer rappel urgent urgence important information informations renseignement ' +
    'renseignements question questions probleme problemes reclamation signalement signaler signale dossier reponse ' +
    'contact formulaire nouveau nouvelle concernant propos avance permets permet ecris ecrit ecrire envoie envoye ' +
    'semaine semaines jour jours mois an ans hier aujourd hui demain matin soir fois rue avenue place chemin numero n no ' +
    'attention afin comment combien quel quelle quels quelles ceci etc rien aucun aucune quelque quelques autre autres'
  ).split(' '),
);

/** Inside a regular expression. */
export const MONTHS =
  'janv(?:ier)?|f[ée]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[ûu]t|sept(?:embre)?|oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?';

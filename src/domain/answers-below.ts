/**
 * « Mes réponses sont en rouge dans votre message ci-dessous »: the answers stand in the quotation, in a colour that text
 * does not keep. Such a mail is read whole, unless the answers were found between quoted lines.
 */
export function pointsIntoQuote(text: string): boolean {
  return POINTS.test(text.slice(0, FIRST_CHARS)) && !/^>/m.test(text);
}

const FIRST_CHARS = 2_000;

const POINTS =
  /(?:réponses?|commentaires?|remarques?|corrections?|annotations?|précisions?|éléments)\b[^.\n]{0,40}\b(?:en (?:rouge|bleu|vert|violet|orange|rose|gras|couleur|italique)|dans (?:le corps d|(?:le|votre|ton) (?:texte|message|mail|e-mail|courriel)))|\b(?:answers?|repl(?:y|ies)|comments?)\b[^.\n]{0,40}\bin (?:red|blue|green|bold)\b/i;

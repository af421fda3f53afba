import type { CommandAction, Question } from './reply-command-words.ts';

/** A way to begin a command. Data only: reply-command-verb.ts reads it. */
export interface Verb {
  action: CommandAction | Question;
  /**
   * What may follow. `any`: nothing, or a comment after a colon, a comma, a dash or a full stop. `apart`: nothing, or a
   * comment after a colon. `colon`: a colon only, for words that begin ordinary sentences. `nothing`: these words alone.
   */
  follows: 'any' | 'apart' | 'colon' | 'nothing';
  /** These words in front of others make an ordinary sentence (« Message bien reçu »), not a command badly written. */
  beginsSentences?: true;
  /** Close to a command, never one: explained, and nothing happens. */
  isOnlyNear?: true;
  /** What else may have been meant, when it is explained. */
  orElse?: readonly CommandAction[];
  /** Without accents, apostrophes as spaces: as the reader folds what it reads. */
  phrases: readonly string[];
  /** What may come right after, and changes nothing. */
  tails?: readonly string[];
}

export const OBJECTS = ['la demande', 'cette demande', 'le dossier', 'ce dossier'];

import { beginsPlainly, markBefore, readLine, wordsAsWritten } from './reply-command-line.ts';
import { findExactVerb } from './reply-command-verb.ts';
import type { CommandAction } from './reply-command-words.ts';
import type { Action } from './workflow.ts';

/** Another command in the comment: which one was meant, or for whom a note below a letter was, cannot be told. */
export function otherCommand(
  action: CommandAction,
  said: string,
  below: readonly string[],
): { action: CommandAction; words: string } | undefined {
  const inComment = commandAlone(said, false);
  const decisions: readonly Action[] = ['accept', 'refuse'];
  if (inComment !== undefined && inComment.action !== action) {
    if (action === 'accept' || (action === 'refuse' && decisions.includes(inComment.action))) return inComment;
  }
  for (const written of below.slice(0, MOST_LINES_CHECKED)) {
    const found = commandAlone(written, true);
    if (found !== undefined) return found;
  }
  return undefined;
}

const MOST_LINES_CHECKED = 200;

function commandAlone(text: string, isColonEnough: boolean): { action: CommandAction; words: string } | undefined {
  if (text === '' || /^\s*[-•*]/.test(text)) return undefined;
  const line = readLine(text);
  const verb = beginsPlainly(line) ? findExactVerb(line) : undefined;
  if (verb === undefined || !verb.isSure || verb.action === 'help' || verb.action === 'history') return undefined;
  const mark = markBefore(line, verb.end);
  const isAlone = verb.end === line.words.length && mark !== 'question' && mark !== 'other' && verb.follows === 'any';
  return isAlone || (isColonEnough && mark === 'colon')
    ? { action: verb.action, words: wordsAsWritten(line, 0, verb.end) }
    : undefined;
}

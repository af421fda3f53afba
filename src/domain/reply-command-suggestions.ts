import { addDays } from './local-time.ts';
import type { FoundNamed } from './reply-command-name.ts';
import type { Nameable } from './reply-command-named.ts';
import { frenchDay } from './reply-command-until.ts';
import { cardWords, type CommandAction, holdUntilWords } from './reply-command-words.ts';

/** What to write instead of a line that is nearly a command. */
export function suggestionsFor(
  action: CommandAction,
  orElse: readonly CommandAction[],
  named: FoundNamed | undefined,
  nameable: Nameable,
): string[] {
  const likely = likelyNames(action, named, nameable).slice(0, MOST_NAMES);
  const own = likely.length === 0 ? [cardWords(action)] : likely.map((name) => cardWords(action, name));
  return [...own, ...untilWords(action, named, nameable), ...orElse.map((other) => cardWords(other))];
}

/** Of two commands in one text, each is shown. */
export function suggestionsAfter(action: CommandAction, other: CommandAction): string[] {
  return [...new Set([action, other])].map((one) => cardWords(one));
}

const MOST_NAMES = 12;
const EXAMPLE_DAYS = 14;

function likelyNames(action: CommandAction, named: FoundNamed | undefined, { town, milestones }: Nameable) {
  if (action === 'hold' || named === undefined) return [];
  if (named.kind === 'found') return [named.name];
  if (named.kind === 'near') return named.names;
  if (action === 'transfer') return town.departments.map(({ name }) => name);
  return action === 'milestone' ? milestones : [];
}

/** The day that was understood, or one that shows how a day is written. */
function untilWords(action: CommandAction, named: FoundNamed | undefined, { today }: Nameable): string[] {
  if (action !== 'hold' || named === undefined) return [];
  return [holdUntilWords(named.kind === 'found' ? named.name : frenchDay(addDays(today, EXAMPLE_DAYS)))];
}

import type { RequestState } from './request.ts';
import type { Delay } from './schedule.ts';

/** Whom the clock reminds of what, how often, and who hears of it when that does not help. */

export interface ReminderRule {
  after: Delay;
  every: Delay;
  atMost: number;
  /** Local hour of those counted in days, `HH:MM`; absent: that of all reminders. */
  at?: string | undefined;
}

/** The holder is awaited. */
export interface HolderRule extends ReminderRule {
  /** From which reminder on they hear of it too; absent: never. */
  escalate?: { head?: number | undefined; supervisors?: number | undefined } | undefined;
}

/** What becomes of a request whose citizen stays silent. */
export const SILENT_ENDS = ['nothing', 'return', 'close'] as const;
export type SilentEnd = (typeof SILENT_ENDS)[number];

/** The citizen is awaited. */
export interface CitizenRule extends ReminderRule {
  andThen: SilentEnd;
}

export interface Rules {
  notTakenUp: HolderRule;
  notClosed: HolderRule;
  awaitingCitizen: CitizenRule;
  /** Other rules for some categories and some offices: all that match apply, in this order. */
  overrides: readonly Override[];
}

export type RuleName = 'notTakenUp' | 'notClosed' | 'awaitingCitizen';

type Differences<Rule> = { [Key in keyof Rule]?: Rule[Key] | undefined };

/** What differs, key by key. Nothing named: whichever category, whichever office. */
export interface Override {
  notTakenUp?: Differences<HolderRule> | undefined;
  notClosed?: Differences<HolderRule> | undefined;
  awaitingCitizen?: Differences<CitizenRule> | undefined;
  categories: readonly string[];
  /** `desk`, or departments' ids: who holds the request. */
  departments: readonly string[];
}

export function withOverrides<Name extends RuleName>(
  name: Name,
  request: Pick<RequestState, 'category' | 'holder'>,
  rules: Rules,
): Rules[Name] {
  const matching = rules.overrides.filter(
    ({ categories, departments }) => names(categories, request.category) && names(departments, request.holder),
  );
  return matching.reduce<Rules[Name]>((rule, override) => Object.assign({}, rule, override[name]), rules[name]);
}

function names(ids: readonly string[], id: string | null): boolean {
  return ids.length === 0 || (id !== null && ids.includes(id));
}

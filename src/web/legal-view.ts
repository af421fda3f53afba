import { clockOf } from '../domain/legal-alarm.ts';
import { daysBetween, localParts } from '../domain/local-time.ts';
import type { RequestState } from '../domain/request.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { procedureOf } from '../domain/silence.ts';

/** The legal delay of a request as an agent reads it: the day, what is left, and how it came to that. */
export function legalView(state: RequestState, rules: Rulebook, now: Date) {
  const clock = clockOf(state, rules);
  if (clock === null) return null;
  const { decidesOn, steps } = clock;
  const today = localParts(now, rules.town.timeZone).day;
  const isOver = decidesOn !== null && decidesOn <= today;
  const current = steps.findLast(({ kind, on }) => kind !== 'decides' && on <= today);
  const isRunning = !isOver && decidesOn !== null && current?.isRunning !== false;
  return {
    ...procedureOf(state.category, rules),
    decidesOn,
    isOver,
    isRunning,
    daysLeft: isRunning ? daysBetween(today, decidesOn) : (current?.daysLeft ?? null),
    steps: steps.map((step) => ({ ...step, isToCome: step.on > today })),
  };
}

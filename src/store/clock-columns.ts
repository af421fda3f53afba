import { clockOf, nextAlarmAt } from '../domain/legal-alarm.ts';
import type { RequestState } from '../domain/request.ts';
import type { Rulebook } from '../domain/rulebook.ts';
import { dueAt, nextLookAt } from '../domain/schedule.ts';

/** When the clock looks at a request next, reckoned from its row alone: written with whatever changes the request. */
export function clockColumns(state: RequestState, rules: Rulebook) {
  const { schedule, town } = rules;
  return {
    dueAt: dueAt(state, schedule, town),
    remindAt: nextLookAt(state, schedule, town),
    silenceOn: clockOf(state, rules)?.decidesOn ?? null,
    alarmAt: nextAlarmAt(state, rules),
  };
}

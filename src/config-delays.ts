import type { Span } from './domain/retention.ts';
import type { Delay } from './domain/schedule.ts';

/** Delays as the config writes them, in French or in English words. */

export const DELAY = /^(\d{1,4}) (seconde|minute|heure|jour|second|minute|hour|day)s?( ouvrés?)?$/;
export const WORKING_DELAY = /^(\d{1,4}) working days?$/;
/** How long something is kept. */
export const SPAN = /^(\d{1,3}) (jours?|mois|ans?|années?|days?|months?|years?)$/;

export function parseDelay(value: string): Delay | null {
  const working = WORKING_DELAY.exec(value);
  if (working) return { amount: Number(working[1]), unit: 'working_days' };
  const [, amount, unit, workingDays] = DELAY.exec(value) ?? [];
  if (amount === undefined) return null;
  if (unit === 'jour' || unit === 'day') return { amount: Number(amount), unit: workingDays ? 'working_days' : 'days' };
  return (unit === 'heure' || unit === 'hour') && !workingDays ? { amount: Number(amount), unit: 'hours' } : null;
}

const SECONDS: Record<string, number> = {
  seconde: 1,
  second: 1,
  minute: 60,
  heure: 3_600,
  hour: 3_600,
  jour: 86_400,
  day: 86_400,
};

export function durationSeconds(value: string): number | null {
  const [, amount, unit, workingDays] = DELAY.exec(value) ?? [];
  if (amount === undefined || unit === undefined || workingDays || Number(amount) === 0) return null;
  return Number(amount) * (SECONDS[unit] ?? 0);
}

/** Of what `SPAN` matches. */
export function parseSpan(value: string): Span {
  const [, amount, unit = ''] = SPAN.exec(value) ?? [];
  const initial = unit.slice(0, 1);
  return { amount: Number(amount), unit: initial === 'm' ? 'months' : 'jd'.includes(initial) ? 'days' : 'years' };
}

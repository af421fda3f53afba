import { numbersOf } from './cron.ts';

/** A cron line as far as it can be said in words; the template says it, with the dates that follow in any case. */
export interface CronWords {
  /** `other` is shown as it is written. */
  is: 'daily' | 'weekly' | 'monthly' | 'other';
  hour: number;
  minute: number;
  /** 0 is Sunday. */
  weekdays: number[];
  dayOfMonth: number;
  line: string;
}

export function cronWords(line: string): CronWords {
  const [minute = '', hour = '', dayOfMonth = '', month = '', weekday = ''] = line.split(' ');
  const base = { hour: Number(hour), minute: Number(minute), weekdays: [] as number[], dayOfMonth: 0, line };
  const isOneHour = /^\d+$/.test(minute) && /^\d+$/.test(hour);
  if (!isOneHour || month !== '*') return { ...base, is: 'other' };
  if (dayOfMonth === '*' && weekday === '*') return { ...base, is: 'daily' };
  if (dayOfMonth === '*' && /^[\d,-]+$/.test(weekday)) return { ...base, is: 'weekly', weekdays: weekdaysOf(weekday) };
  if (/^\d+$/.test(dayOfMonth) && weekday === '*') return { ...base, is: 'monthly', dayOfMonth: Number(dayOfMonth) };
  return { ...base, is: 'other' };
}

/** Monday first, and 7 is Sunday too. */
function weekdaysOf(field: string): number[] {
  const days = numbersOf(field, 7).map((day) => day % 7);
  return [...new Set(days)].toSorted((one, other) => ((one + 6) % 7) - ((other + 6) % 7));
}

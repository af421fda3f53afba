import { z } from 'zod';
import { count, cron, delay, hour, id } from './config-values.ts';
import { SILENT_ENDS } from './domain/reminder-rules.ts';

/** The sections of schedule.yaml that say whom the clock reminds, and whom it reports to. */

const number = z.int().min(1).max(100).meta({ expected: 'reminderNumber' });
const rule = z.strictObject({ after: delay, every: delay, atMost: count, at: hour.optional() });
const holderRule = rule.extend({
  escalate: z.strictObject({ head: number.optional(), supervisors: number.optional() }).optional(),
});
const citizenRule = rule.extend({ andThen: z.enum(SILENT_ENDS).meta({ expected: 'silentEnd' }) });
/** A citizen is not reminded, and is awaited for as long as it takes. */
const PATIENT = { after: '10 jours', every: '10 jours', atMost: 0 } as const;

const override = z.strictObject({
  categories: z.array(id).default([]),
  departments: z.array(id).default([]),
  notTakenUp: holderRule.partial().optional(),
  notClosed: holderRule.partial().optional(),
  awaitingCitizen: citizenRule.partial().optional(),
});

export const remindersSection = z.strictObject({
  at: hour,
  officeHours: z.strictObject({ from: hour, to: hour }),
  notTakenUp: holderRule,
  notClosed: holderRule,
  awaitingCitizen: citizenRule.extend({ andThen: citizenRule.shape.andThen.default('nothing') }).prefault(PATIENT),
  overrides: z.array(override).default([]),
});

const NEVER = 'never';
const line = z.union([cron, z.literal(NEVER)]).meta({ expected: 'cronOrNever' });

export const reportsSection = z.strictObject({
  desk: line.default('0 8 * * 1-5'),
  departments: line.default('0 8 * * 1-5'),
  weekly: cron,
  monthly: line.default('0 8 1 * *'),
});

export type Reports = z.output<typeof reportsSection>;
export type Reminders = z.output<typeof remindersSection>;

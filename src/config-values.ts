import { z } from 'zod';
import { DELAY, durationSeconds, parseDelay, WORKING_DELAY } from './config-delays.ts';
import { isCronLine } from './cron.ts';
import type { Delay } from './domain/schedule.ts';

/** Values that several config files write: `meta.expected` names the sentence shown when one is wrong. */

export const text = z.string().trim().min(1).meta({ expected: 'text' });
export const address = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[^\s@<>"(),:;[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/)
  .meta({ expected: 'address' });
export const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/)
  .meta({ expected: 'id' });
export const hour = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ expected: 'hour' });
export const count = z.int().min(0).max(100).meta({ expected: 'count' });
export const cron = z.string().refine(isCronLine).meta({ expected: 'cron' });

const written = z.string().regex(new RegExp(`${DELAY.source}|${WORKING_DELAY.source}`), { abort: true });
export const delay = written
  .refine((value) => parseDelay(value) !== null)
  .transform((value) => parseDelay(value) as Delay)
  .meta({ expected: 'delay' });
export const duration = written
  .refine((value) => durationSeconds(value) !== null)
  .transform((value) => durationSeconds(value) as number)
  .meta({ expected: 'duration' });

import { z } from 'zod';
import { parseSpan, SPAN } from './config-delays.ts';
import { remindersSection as reminders, reportsSection as reports } from './config-reminders.ts';
import { address, cron, duration, id, text } from './config-values.ts';
import { TERRITORIES } from './domain/calendar.ts';
import type { Category } from './domain/category.ts';
import { LANGUAGES, PREFERENCES } from './domain/people.ts';
import type { Retention, RetentionRule, Span } from './domain/retention.ts';
import { REGIMES, type Procedure } from './domain/silence.ts';
import { ACTIONS, asks, PAGE_ACTIONS, WORKFLOW } from './domain/workflow.ts';
import { label } from './template.ts';

/** The shape of the config files. `meta.expected` names the sentence of the locale file shown when a value is wrong. */

/** One address, or every one of a domain. */
const recipients = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^([^\s@<>"(),:;[\]]{1,64})?@[a-z0-9-]+(\.[a-z0-9-]+)+$/)
  .meta({ expected: 'recipients' });
const day = z.iso.date().meta({ expected: 'day' });
const timeZone = z
  .string()
  .refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC')
  .meta({ expected: 'timeZone' });
const preference = z.enum(PREFERENCES).default('each').meta({ expected: 'preference' });

const office = {
  name: text,
  address,
  phone: text,
  postalAddress: text,
  pieces: z.enum(['attached', 'links']).default('links').meta({ expected: 'pieces' }),
  head: z.strictObject({ name: text, title: text, address: address.optional() }).meta({ expected: 'head' }),
  reminders: preference,
};

export const townFile = z.strictObject({
  name: text,
  timeZone: timeZone.default('Europe/Paris'),
  mailbox: address,
  authentication: z.strictObject({ servers: z.array(text).default([]) }).prefault({}),
  folders: z.strictObject({ processed: text.default('Traités') }).prefault({}),
  closures: z.array(day).default([]),
  territory: z.enum(TERRITORIES).default('metropole').meta({ expected: 'territory' }),
  desk: z.strictObject(office),
  departments: z
    .array(z.strictObject({ id, ...office }))
    .min(1)
    .meta({ expected: 'departments' }),
  agents: z
    .array(z.strictObject({ name: text, address, office: id, title: text.optional(), reminders: preference }))
    .default([]),
  supervisors: z
    .array(z.strictObject({ name: text, address, reminders: preference }))
    .min(1)
    .meta({ expected: 'supervisors' }),
  administrator: z.strictObject({ name: text, address }).optional().meta({ expected: 'administrator' }),
  court: z.strictObject({ name: text, postalAddress: text }).meta({ expected: 'court' }),
  dataProtectionOfficer: z.strictObject({ name: text, address }).meta({ expected: 'officer' }),
  citizenLanguage: z.enum(LANGUAGES).default('fr').meta({ expected: 'language' }),
});

const DAYS = /^(\d{1,3}) (?:jours?|days?)$/;
const daysBefore = z
  .string()
  .regex(DAYS, { abort: true })
  .transform((value) => Number(DAYS.exec(value)?.[1]))
  .refine((count) => count >= 1 && count <= 365)
  .meta({ expected: 'daysBefore' });

export const scheduleFile = z.strictObject({
  reminders,
  decisions: z.strictObject({ undoWithin: duration }),
  reports,
  legal: z.strictObject({ alarms: z.array(daysBefore).prefault(['30 jours', '10 jours', '2 jours']) }).prefault({}),
  links: z.strictObject({ validFor: duration, citizenValidFor: duration.default(400 * 86_400) }),
  requests: z.strictObject({ reopenWithin: duration.default(30 * 86_400) }).prefault({}),
  // At night: it may lock tables for a while.
  retention: z
    .strictObject({
      noticeBefore: duration.default(30 * 86_400),
      at: cron.default('30 3 * * *'),
    })
    .prefault({}),
  mailbox: z.strictObject({ pollEvery: duration }),
  outgoing: z.strictObject({
    giveUpAfter: duration,
    atMostPerMinute: z.int().min(1).max(100_000).optional().meta({ expected: 'rate' }),
    onlyTo: z.array(recipients).default([]),
    writeTo: text.optional().meta({ expected: 'folder' }),
  }),
});

const field = z.strictObject({
  id,
  name: text,
  kind: z.enum(['text', 'date', 'choice']).default('text').meta({ expected: 'fieldKind' }),
  choices: z.array(text).default([]),
});

const MONTHS = /^(\d{1,2}) (?:mois|months?)$/;
const months = z
  .string()
  .regex(MONTHS, { abort: true })
  .transform((value) => Number(MONTHS.exec(value)?.[1]))
  .refine((count) => count >= 1 && count <= 24)
  .meta({ expected: 'months' });

const retention = z.string().regex(SPAN, { abort: true }).transform(parseSpan).meta({ expected: 'retention' });
const archive = z.enum(['none', 'visa']).meta({ expected: 'archive' });
const kept = { retention: retention.optional(), archive: archive.optional() };

const procedure = z.strictObject({
  regime: z.enum(REGIMES).meta({ expected: 'regime' }),
  // Two months unless a text says otherwise (CRPA L231-1, L231-4).
  silenceAfter: months.default(2),
  legalBasis: z.string().trim().default(''),
});

export const categoriesFile = z.strictObject({
  ordinary: procedure.extend(kept).prefault({ regime: 'rejection' }).meta({ expected: 'ordinary' }),
  categories: z
    .array(
      procedure.extend({
        id,
        name: text,
        department: id,
        keywords: z.array(text).default([]),
        fields: z.array(field).default([]),
        pieces: z.array(text).default([]),
        ...kept,
      }),
    )
    .default([]),
});

export function procedureIn({ regime, silenceAfter, legalBasis }: z.output<typeof procedure>): Procedure {
  return { regime, silenceMonths: silenceAfter, legalBasis };
}

export function categoryIn(said: z.output<typeof categoriesFile>['categories'][number]): Category {
  const { regime, silenceAfter, legalBasis, retention: _retention, archive: _archive, ...category } = said;
  return { ...category, procedure: procedureIn({ regime, silenceAfter, legalBasis }) };
}

/** What a category does not say itself is as for all. */
export function retentionIn({ ordinary, categories }: z.output<typeof categoriesFile>): Omit<Retention, 'noticeDays'> {
  const ruleOf = (said: { retention?: Span | undefined; archive?: RetentionRule['archive'] | undefined }) => ({
    keep: said.retention ?? ordinary.retention ?? null,
    archive: said.archive ?? ordinary.archive ?? 'none',
  });
  return {
    ordinary: ruleOf(ordinary),
    categories: Object.fromEntries(categories.map((category) => [category.id, ruleOf(category)])),
  };
}

const pageAction = z.enum(PAGE_ACTIONS as [string, ...string[]]).meta({ expected: 'action' });
// The page that asks for the code sends the fields again, not the files; and an undoing has a minute, less than a code takes.
const withCode = PAGE_ACTIONS.filter((action) => !asks(action, 'files') && action !== 'undo');
const codeAction = z.enum(withCode as [string, ...string[]]).meta({ expected: 'codeAction' });
const texts = z.array(text).default([]);
const withReasons = ACTIONS.filter((action) => WORKFLOW[action].comment !== 'none' && PAGE_ACTIONS.includes(action));

export const listsFile = z.strictObject({
  reasons: z.strictObject(Object.fromEntries(withReasons.map((action) => [action, texts.optional()]))).default({}),
  milestones: texts,
  labels: texts,
  administrations: texts,
  replies: z.array(z.strictObject({ id, name: text, text })).default([]),
  commentsRequired: z.array(pageAction).default([]),
  codeFor: z.array(codeAction).default([]),
});

const port = z.coerce.number().int().min(0).max(65_535).meta({ expected: 'port' });
const secure = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .meta({ expected: 'trueFalse' });

export const environment = z.object({
  IMAP_HOST: text.meta({ expected: 'host' }),
  IMAP_PORT: port.default(993),
  IMAP_SECURE: secure.default(true),
  IMAP_USER: text.meta({ expected: 'user' }),
  IMAP_PASSWORD: text.meta({ expected: 'password' }),
  SMTP_HOST: text.meta({ expected: 'host' }),
  SMTP_PORT: port.default(587),
  SMTP_SECURE: secure.default(false),
  SMTP_USER: z.string().default(''),
  SMTP_PASSWORD: z.string().default(''),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .optional()
    .meta({ expected: 'databaseUrl' }),
  DATA_DIR: text.default('data'),
  LINK_SECRET: z
    .string()
    .transform((value) => value.split(',').map((secret) => secret.trim()))
    .refine((secrets) => secrets.every(isStrongSecret))
    .meta({ expected: 'linkSecret' }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .meta({ expected: 'publicUrl' }),
  PORT: port.default(8080),
  CLAMD_HOST: text.optional().meta({ expected: 'host' }),
  CLAMD_PORT: port.default(3310),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0).meta({ expected: 'count' }),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').meta({ expected: 'logLevel' }),
});

export interface Issue {
  path: (string | number)[];
  /** Key of the sentence that says what is expected. */
  expected: string;
}

/** The parsed value, or every issue at once. */
export function parseWith<T extends z.ZodType>(
  schema: T,
  value: unknown,
): { value: z.output<T> } | { issues: Issue[] } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  return { issues: result.error.issues.flatMap((issue) => issuesOf(schema, issue)) };
}

/** For editors: each value says in French what is expected of it. */
export function jsonSchemaOf(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const { expected } = jsonSchema;
      if (typeof expected !== 'string') return;
      delete jsonSchema['expected'];
      jsonSchema.description = label('expected', expected);
    },
  });
}

function issuesOf(schema: z.ZodType, issue: z.core.$ZodIssue): Issue[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key], expected: 'unknownKey' }));
  return [{ path, expected: expectedAt(schema, path) }];
}

function expectedAt(schema: z.ZodType, path: (string | number)[]): string {
  let node: unknown = schema;
  let expected = 'section';
  const descend = (found: unknown) => {
    let inner: unknown = found;
    for (;;) {
      const meta = inner instanceof z.ZodType ? inner.meta()?.['expected'] : undefined;
      if (typeof meta === 'string') expected = meta;
      const unwrapped =
        inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault || inner instanceof z.ZodOptional;
      if (!unwrapped) return inner;
      inner = (inner as z.ZodDefault).def.innerType;
    }
  };
  node = descend(node);
  for (const part of path) {
    expected = 'section';
    if (node instanceof z.ZodObject) node = descend(node.shape[part]);
    else if (node instanceof z.ZodArray) node = descend(node.def.element);
  }
  return expected;
}

/** At least 32 characters, not all alike: HS256 wants a key of 256 bits (RFC 7518 §3.2). */
function isStrongSecret(secret: string): boolean {
  return secret.length >= 32 && new Set(secret).size >= 12;
}

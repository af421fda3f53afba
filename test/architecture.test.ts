import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { architectureBreaches, type Sources } from './support/architecture.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

describe('the source of Guichet', () => {
  const sources = readSources();

  it('is read: an empty tree would keep every rule', () => {
    expect(Object.keys(sources)).toEqual(expect.arrayContaining(['src/config.ts', 'src/domain/workflow.ts']));
  });

  it('keeps the shape of the design', () => {
    expect(architectureBreaches(sources)).toEqual([]);
  });
});

describe('the reader of imports', () => {
  it.each<[string, Sources, string]>([
    [
      'domain using Node',
      { 'src/domain/a.ts': `import { x } from 'node:fs';` },
      'src/domain/a.ts: domain may not import node:fs',
    ],
    [
      'domain using a package, for a type only',
      { 'src/domain/a.ts': `import type { z } from 'zod';` },
      'src/domain/a.ts: domain may not import zod',
    ],
    [
      'domain using a leaf',
      { 'src/domain/a.ts': `import { x } from '../config.ts';` },
      'src/domain/a.ts: domain may not import src/config.ts',
    ],
    ['an async domain', { 'src/domain/a.ts': `export async function a() {}` }, 'src/domain/a.ts: domain is async'],
    [
      'a domain that waits',
      { 'src/domain/a.ts': `export type A = Promise<string>;` },
      'src/domain/a.ts: domain is async',
    ],
    ['Date.now in domain', { 'src/domain/a.ts': `const now = Date.now();` }, 'src/domain/a.ts: domain reads the clock'],
    [
      'new Date() in domain',
      { 'src/domain/a.ts': `const now = new Date( );` },
      'src/domain/a.ts: domain reads the clock',
    ],
    ['Date() in domain', { 'src/domain/a.ts': `const now = Date();` }, 'src/domain/a.ts: domain reads the clock'],
    [
      'process in domain',
      { 'src/domain/a.ts': `const id = process.pid;` },
      'src/domain/a.ts: domain touches the process',
    ],
    ['console in domain', { 'src/domain/a.ts': `console.log(1);` }, 'src/domain/a.ts: domain touches the process'],
    ['chance in domain', { 'src/domain/a.ts': `const n = Math.random();` }, 'src/domain/a.ts: domain draws lots'],
    [
      'store using a flow',
      { 'src/store/a.ts': `import { x } from '../web/x.ts';` },
      'src/store/a.ts: store may not import src/web/x.ts',
    ],
    [
      'a flow using another',
      { 'src/intake/a.ts': `import {\n  x,\n  y,\n} from '../outbound/x.ts';` },
      'src/intake/a.ts: intake may not import src/outbound/x.ts',
    ],
    [
      'a flow using another late',
      { 'src/jobs/a.ts': `const x = await import('../web/x.ts');` },
      'src/jobs/a.ts: jobs may not import src/web/x.ts',
    ],
    [
      'a flow passing another on',
      { 'src/web/a.ts': `export * from '../jobs/x.ts';` },
      'src/web/a.ts: web may not import src/jobs/x.ts',
    ],
    [
      'a flow starting a worker of another',
      { 'src/web/a.ts': `new Worker(new URL('../intake/parse-worker.ts', import.meta.url));` },
      'src/web/a.ts: web may not import src/intake/parse-worker.ts',
    ],
    [
      'a flow using what wires it',
      { 'src/outbound/a.ts': `import { x } from '../app.ts';` },
      'src/outbound/a.ts: outbound may not import src/app.ts',
    ],
    [
      'a flow using the demo',
      { 'src/web/a.ts': `import '../demo/x.ts';` },
      'src/web/a.ts: web may not import src/demo/x.ts',
    ],
    [
      'a leaf using the store',
      { 'src/log.ts': `import { x } from './store/x.ts';` },
      'src/log.ts: leaf may not import src/store/x.ts',
    ],
    [
      'a leaf using a flow',
      { 'src/template.ts': `import { x } from './web/x.ts';` },
      'src/template.ts: leaf may not import src/web/x.ts',
    ],
    [
      'source using the tests',
      { 'src/web/a.ts': `import { x } from '../../test/support/x.ts';` },
      'src/web/a.ts: web may not import test/support/x.ts',
    ],
    [
      'pg outside store',
      { 'src/jobs/a.ts': `import pg from 'pg';` },
      'src/jobs/a.ts: only store knows the database, not pg',
    ],
    [
      'pg-boss outside store',
      { 'src/outbound/a.ts': `import { PgBoss } from 'pg-boss';` },
      'src/outbound/a.ts: only store knows the database, not pg-boss',
    ],
    [
      'Prisma outside store',
      { 'src/main.ts': `import { PrismaPg } from '@prisma/adapter-pg';` },
      'src/main.ts: only store knows the database, not @prisma/adapter-pg',
    ],
    [
      'the generated client outside store',
      { 'src/web/a.ts': `import type { Row } from '../store/client/client.ts';` },
      'src/web/a.ts: only store knows the database, not src/store/client/client.ts',
    ],
    ['express outside web', { 'src/main.ts': `import express from 'express';` }, 'src/main.ts: only web knows express'],
    [
      'two doors',
      { 'src/a.ts': `import { z } from 'zod';`, 'src/web/b.ts': `import type { ZodType } from 'zod/v4';` },
      'zod has several doors: src/a.ts, src/web/b.ts',
    ],
    [
      'the shape of the config elsewhere too',
      {
        'src/config-a.ts': `import { z } from 'zod';`,
        'src/config-b.ts': `import { z } from 'zod';`,
        'src/store/c.ts': `import { z } from 'zod';`,
      },
      'zod has several doors: src/config-*.ts, src/store/c.ts',
    ],
    [
      'two transports',
      {
        'src/outbound/a.ts': `import { createTransport } from 'nodemailer';`,
        'src/outbound/b.ts': `import nodemailer from 'nodemailer';\nnodemailer.createTransport({});`,
      },
      'nodemailer has several doors: src/outbound/a.ts, src/outbound/b.ts',
    ],
    [
      'the environment outside config',
      { 'src/web/a.ts': `const port = process.env['PORT'];` },
      'src/web/a.ts: only config.ts reads the environment',
    ],
    [
      'the environment through an import',
      { 'src/web/a.ts': `import { env } from 'node:process';` },
      'src/web/a.ts: only config.ts reads the environment',
    ],
    [
      'the environment taken out of process',
      { 'src/web/a.ts': `const { env } = process;` },
      'src/web/a.ts: only config.ts reads the environment',
    ],
    [
      'a default export',
      { 'src/log.ts': `export default function log() {}` },
      'src/log.ts: a default export has no name to search for',
    ],
    [
      'a disguised default export',
      { 'src/log.ts': `export { log as default };` },
      'src/log.ts: a default export has no name to search for',
    ],
    [
      'no extension',
      { 'src/log.ts': `import { x } from './config';` },
      'src/log.ts: the import of src/config does not end in .ts',
    ],
    [
      'a computed import',
      { 'src/log.ts': 'await import(`./${name}.ts`);' },
      'src/log.ts: an import whose target is computed cannot be checked',
    ],
    ['a long file', { 'src/log.ts': 'a();\n'.repeat(300) }, 'src/log.ts: 300 lines, 300 or more is two files'],
    ['a drawer', { 'src/web/date-utils.ts': '' }, 'src/web/date-utils.ts: "utils" says nothing of what is inside'],
    ['a new folder', { 'src/shared/a.ts': '' }, 'src/shared/a.ts: the design has no such folder'],
  ])('catches %s', (_what, sources, breach) => {
    expect(architectureBreaches(sources)).toEqual([breach]);
  });

  it('lets through what the design allows', () => {
    const sources: Sources = {
      'src/main.ts': `import { start } from './app.ts';\nconst { demo } = await import('./demo/town.ts');`,
      'src/app.ts': `import { poll } from './intake/poll.ts';\nimport { serve } from './web/serve.ts';`,
      'src/config.ts': `import { z } from 'zod';\nconst port = process.env['PORT'];`,
      'src/log.ts': `import { pino } from 'pino';\nimport type { Config } from './config.ts';\nprocess.stdout.write('');`,
      'src/domain/due.ts': `import { at } from './at.ts';\n// async, process.env, new Date()\nexport const due = (now: Date) => new Date(now);`,
      'src/store/open.ts': `import pg from 'pg';\nimport { PrismaClient } from './client/client.ts';`,
      'src/intake/poll.ts': `import { ImapFlow } from 'imapflow';\nimport { due } from '../domain/due.ts';\nimport { open } from '../store/open.ts';`,
      'src/outbound/send.ts': `import { createTransport } from 'nodemailer';`,
      'src/outbound/quote.ts': `import type { SendMailOptions } from 'nodemailer';\nimport { encode } from 'nodemailer/lib/mime-funcs/index.js';`,
      'src/web/serve.ts': `import express from 'express';`,
      'src/web/pages.ts': `import type { Response } from 'express';\nasync function page() { await import('node:fs'); }`,
      'src/demo/town.ts': `import { createTransport } from 'nodemailer';\nimport { poll } from '../intake/poll.ts';`,
    };
    expect(architectureBreaches(sources)).toEqual([]);
  });
});

// Not the generated client: what it imports is Prisma's affair.
function readSources(): Sources {
  const paths = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !path.startsWith('src/store/client/'));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(`${ROOT}${path}`, 'utf8')]));
}

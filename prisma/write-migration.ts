import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { MIGRATIONS_DIR } from '../src/store/migrate.ts';
import { openSchemaEngine } from './schema-engine.ts';

// npm run migration -- NAME: writes the SQL that leads from the committed schema.prisma to the one in the folder.
// The engine's other way, replaying the migrations into a shadow database, fails with this driver on a catalogue
// column of type "char". What Prisma cannot express (triggers) is added to the file by hand.
const name = process.argv[2];
if (!name || !/^[a-z_]+$/.test(name)) throw new Error('usage: npm run migration -- some_name');
mkdirSync(MIGRATIONS_DIR, { recursive: true });
writeFileSync(`${MIGRATIONS_DIR}/migration_lock.toml`, 'provider = "postgresql"\n');

const path = 'prisma/schema.prisma';
const isFirst = !readdirSync(MIGRATIONS_DIR, { withFileTypes: true }).some((entry) => entry.isDirectory());
const target = (content: string) => ({ tag: 'schemaDatamodel' as const, files: [{ path, content }] });
const dataDir = mkdtempSync(join(tmpdir(), 'guichet-migration-'));
const postgres = await startEmbeddedPostgres(dataDir);
const engine = await openSchemaEngine(postgres.url);
const diff = await engine.diff({
  from: isFirst ? { tag: 'empty' } : target(execFileSync('git', ['show', `HEAD:${path}`], { encoding: 'utf8' })),
  to: target(readFileSync(path, 'utf8')),
  script: true,
  exitCode: null,
  filters: { externalTables: [], externalEnums: [] },
});
const folder = `${MIGRATIONS_DIR}/${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`;
mkdirSync(folder);
writeFileSync(`${folder}/migration.sql`, diff.stdout ?? '');
await postgres.stop();
rmSync(dataDir, { recursive: true, force: true });
process.stdout.write(`${folder}/migration.sql\n`);

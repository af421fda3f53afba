import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';

/**
 * Prisma's schema engine as WebAssembly, on the same driver as the client: the native one is a download that a
 * town hall's server may not be allowed to make. Node cannot import its .wasm as a module, hence the instantiation.
 */
export async function openSchemaEngine(databaseUrl: string, datamodel?: string): Promise<SchemaEngine> {
  const engine = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const file = fileURLToPath(import.meta.resolve('@prisma/schema-engine-wasm')).replace(/\.js$/, '_bg.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(file), {
    './schema_engine_bg.js': engine as unknown as WebAssembly.ModuleImports,
  });
  const glue = engine as unknown as Glue;
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg(databaseUrl));
  return glue.SchemaEngine.new(
    { datamodels: datamodel ? [['schema.prisma', datamodel]] : undefined },
    () => {},
    adapter,
  );
}

interface Glue {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
  SchemaEngine: typeof SchemaEngine;
}

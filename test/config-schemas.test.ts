import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { categoriesFile, jsonSchemaOf, listsFile, scheduleFile, townFile } from '../src/config-schema.ts';

const FILES = { 'town-hall': townFile, schedule: scheduleFile, categories: categoriesFile, lists: listsFile };

test.each(Object.entries(FILES))(
  'the schema that editors read beside %s.yaml is the one Guichet checks with',
  (name, schema) => {
    const written: unknown = JSON.parse(readFileSync(`config/schemas/${name}.schema.json`, 'utf8'));
    expect(written).toEqual(jsonSchemaOf(schema));
    expect(readFileSync(`config/${name}.yaml`, 'utf8')).toContain(`$schema=schemas/${name}.schema.json`);
  },
);

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { valuesOf } from './config-file.ts';

/** The config as files: what they say, told apart by their contents, and what differs between two states of them. */

export interface ConfigFiles {
  dir: string;
  /** By their path under the folder; a file that cannot be read is absent. */
  sources: ReadonlyMap<string, string>;
  fingerprint: string;
}

const YAML_FILES = ['town-hall.yaml', 'schedule.yaml', 'categories.yaml', 'lists.yaml'];
const TEMPLATES = 'templates';

export function readConfigFiles(dir: string): ConfigFiles {
  const names = [...YAML_FILES, ...templatesIn(dir)];
  const sources = new Map(names.flatMap((name) => sourceOf(dir, name)));
  const hash = createHash('sha256');
  for (const [name, source] of sources) hash.update(`${name}\0${source}\0`);
  return { dir, sources, fingerprint: hash.digest('hex') };
}

function templatesIn(dir: string): string[] {
  try {
    const names = readdirSync(join(dir, TEMPLATES), { recursive: true, encoding: 'utf8' });
    return names
      .filter((name) => extname(name) !== '')
      .map((name) => `${TEMPLATES}/${name}`)
      .toSorted();
  } catch {
    return [];
  }
}

function sourceOf(dir: string, name: string): [string, string][] {
  try {
    return [[name, readFileSync(join(dir, name), 'utf8')]];
  } catch {
    return [];
  }
}

export interface ConfigChange {
  file: string;
  /** '' for a template, whose lines nobody lists. */
  key: string;
  /** As the admin wrote it; null where it was not. */
  before: string | null;
  after: string | null;
}

/** What the admin wrote differently. `${NAME}` stays as it is written: no value of the environment is told. */
export function changesBetween(before: ConfigFiles, after: ConfigFiles): ConfigChange[] {
  const names = [...new Set([...before.sources.keys(), ...after.sources.keys()])];
  return names.flatMap((file) => {
    const [old, now] = [before.sources.get(file), after.sources.get(file)];
    if (old === now) return [];
    if (!YAML_FILES.includes(file)) return [{ file, key: '', before: statedAs(old), after: statedAs(now) }];
    return changedValues(file, flatten(valuesOf(old ?? '')), flatten(valuesOf(now ?? '')));
  });
}

/** A template is there, or changed, or gone: nothing of its text is told. */
function statedAs(source: string | undefined): string | null {
  return source === undefined ? null : createHash('sha256').update(source).digest('hex').slice(0, 8);
}

function changedValues(
  file: string,
  old: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): ConfigChange[] {
  const keys = [...new Set([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key));
  return keys.map((key) => ({ file, key, before: old.get(key) ?? null, after: now.get(key) ?? null }));
}

/** `departments[voirie].phone` → its value: a row is known by its name, so that one more row changes no other. */
function flatten(value: unknown, path = ''): Map<string, string> {
  if (Array.isArray(value)) {
    const rows = value.filter(isRow);
    if (rows.length < value.length || value.length === 0) return new Map([[path, value.map(String).join(', ')]]);
    return joined(rows.map((row, i) => flatten(row, `${path}[${nameOf(row) ?? i + 1}]`)));
  }
  if (isRow(value)) {
    const entries = Object.entries(value);
    return joined(entries.map(([key, inner]) => flatten(inner, path === '' ? key : `${path}.${key}`)));
  }
  return new Map(path === '' ? [] : [[path, wordsOf(value)]]);
}

function wordsOf(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function joined(maps: readonly Map<string, string>[]): Map<string, string> {
  return new Map(maps.flatMap((map) => [...map]));
}

function isRow(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function nameOf({ id, name }: Record<string, unknown>): string | null {
  return [id, name].find((each) => typeof each === 'string') ?? null;
}

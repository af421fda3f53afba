import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { parseWith } from './config-schema.ts';

/** One YAML file of the config: its value, and the line of each of them; or what is wrong, with its line. */

/** `expected` is a key of the locale file. `line` is null for the environment and for a file that is absent. */
export interface Problem {
  file: string;
  line: number | null;
  key: string;
  found: string | null;
  expected: string;
}

export type Environment = Record<string, string | undefined>;

export interface ConfigFile<T> {
  value: T;
  lineOf(path: (string | number)[]): number | null;
  file: string;
}

export function readConfigFile<T extends Parameters<typeof parseWith>[0]>(
  dir: string,
  name: string,
  schema: T,
  env: Environment,
  problems: Problem[],
): ConfigFile<Extract<ReturnType<typeof parseWith<T>>, { value: unknown }>['value']> | null {
  const file = join(dir, name);
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch {
    problems.push({ file, line: null, key: '', found: null, expected: 'readableFile' });
    return null;
  }
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  for (const error of document.errors) {
    problems.push({ file, line: lines.linePos(error.pos[0]).line, key: '', found: null, expected: 'yaml' });
  }
  if (document.errors.length > 0) return null;
  const lineOf = (path: (string | number)[]) => lineAt(document, lines, path);
  problems.push(...substituteEnvironment(document, lines, file, env));
  const data: unknown = document.toJS() ?? {};
  const parsed = parseWith(schema, data);
  if ('value' in parsed) return { value: parsed.value, lineOf, file };
  for (const { path, expected } of parsed.issues) {
    problems.push({ file, line: lineOf(path), key: keyOf(path), found: foundAt(data, path), expected });
  }
  return null;
}

/** What a file says, as it is written: nothing of the environment is put in its place. Null when it cannot be read. */
export function valuesOf(source: string): unknown {
  const document = parseDocument(source);
  return document.errors.length > 0 ? null : document.toJS();
}

/** Replaces `${NAME}` in values, never in keys or comments. */
function substituteEnvironment(
  document: Document.Parsed,
  lines: LineCounter,
  file: string,
  env: Environment,
): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return;
      node.value = node.value.replace(/\$\{(\w+)\}/g, (whole, name: string) => {
        const value = env[name];
        if (value !== undefined && value !== '') return value;
        const line = node.range ? lines.linePos(node.range[0]).line : null;
        problems.push({ file, line, key: whole, found: null, expected: 'environmentVariable' });
        return whole;
      });
    },
  });
  return problems;
}

/** The line of the value; of its nearest parent when the key is missing. */
function lineAt(document: Document.Parsed, lines: LineCounter, path: (string | number)[]): number | null {
  for (let depth = path.length; depth >= 0; depth--) {
    const parentPath = path.slice(0, depth - 1);
    const parent = depth > 0 ? document.getIn(parentPath, true) : null;
    const last = path[depth - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === last);
      if (pair && isScalar(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
    }
    const node = depth > 0 ? document.getIn(path.slice(0, depth), true) : document.contents;
    const range = node && typeof node === 'object' && 'range' in node ? (node.range as [number] | null) : null;
    if (range) return lines.linePos(range[0]).line;
  }
  return 1;
}

export function keyOf(path: (string | number)[]): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part + 1}]` : `${i ? '.' : ''}${part}`)).join('');
}

function foundAt(data: unknown, path: (string | number)[]): string | null {
  let node: unknown = data;
  for (const part of path)
    node = node !== null && typeof node === 'object' ? (node as Record<string, unknown>)[part] : undefined;
  if (node === undefined || node === null) return null;
  return typeof node === 'string' || typeof node === 'number' || typeof node === 'boolean' ? String(node) : '…';
}

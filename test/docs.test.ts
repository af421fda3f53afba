import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { withWorkflow } from '../docs/workflow-diagram.ts';
import {
  categoriesFile,
  environment,
  jsonSchemaOf,
  listsFile,
  parseWith,
  scheduleFile,
  townFile,
} from '../src/config-schema.ts';
import { COMMAND_CARD } from '../src/domain/reply-command-words.ts';

/** What the documents say of the product is looked up in the product. */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const filesIn = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`);

const GUIDE = 'docs/guide-administrateur.md';
const DOCUMENTS = ['README.md', ...filesIn('docs').filter((path) => path.endsWith('.md'))].toSorted();
const manifest = JSON.parse(read('package.json')) as Record<'scripts' | 'dependencies', Record<string, string>>;

test('the README’s diagram and table are the workflow’s: if not, run npx node docs/workflow-diagram.ts', () => {
  expect(read('README.md')).toBe(withWorkflow(read('README.md')));
});

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document);

  test('names files that exist', () => {
    const paths = text.match(/(?<![\w/.@-])(?:src|test|docs|config|templates|prisma|bench|\.ci)\/[\w/.-]*\w/g) ?? [];
    // A town's own templates are the town's to add.
    const ours = paths.filter((path) => !path.startsWith('config/templates'));
    expect(ours.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('links to what is there', () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)].map(
      ([, link, source]) => link ?? source ?? '',
    );
    expect(targets.filter((target) => !target.includes('://') && !isThere(document, target))).toEqual([]);
  });

  test('names commands that can be run', () => {
    const scripts = [...text.matchAll(/npm run (?:-s )?([a-z][\w:]*)/g)].map(([, script]) => script ?? '');
    expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);
    const known = /COMMANDS[^{]*\{([\s\S]*?)\n\};/.exec(read('src/main.ts'))?.[1] ?? '';
    const commands = [...text.matchAll(/guichet -- ([a-z-]+)/g)].map(([, command]) => command ?? '');
    expect(commands.filter((command) => !new RegExp(`^  '?${command}'?[,:]`, 'm').test(known))).toEqual([]);
  });
});

/** A file, and a heading of it when there is a `#`, as it becomes an anchor. */
function isThere(document: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : join(dirname(document), path);
  if (!existsSync(join(ROOT, file))) return false;
  const headings = anchor === undefined ? [] : [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, words]) => words ?? '');
  const anchors = headings.map((words) => words.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, ''));
  return anchor === undefined || anchors.map((words) => words.replaceAll(' ', '-')).includes(anchor);
}

describe.each(['README.md', GUIDE])('the environment in %s', (document) => {
  const variables = [...Object.keys(environment.shape), 'CONFIG_DIR'];

  test('is told whole, and nothing else is', () => {
    const named = read(document).match(/\b(?:[A-Z]+(?:_[A-Z]+)+|PORT)\b/g) ?? [];
    const notOurs = ['TEST_LOG', 'TELEPHONE_ACCUEIL', 'MODEL_COUNT', 'MODEL_SEED'];
    expect([...new Set(named)].filter((name) => !notOurs.includes(name)).toSorted()).toEqual(variables.toSorted());
  });
});

test('the guide tells the defaults as they are', () => {
  const least = { IMAP_HOST: 'h', IMAP_USER: 'u', IMAP_PASSWORD: 'p', SMTP_HOST: 'h', PUBLIC_URL: 'https://h.fr' };
  const parsed = parseWith(environment, { ...least, LINK_SECRET: 'abcdefghijklmnopqrstuvwxyz0123456789' });
  const values = 'value' in parsed ? (parsed.value as Record<string, unknown>) : {};
  const told = Object.fromEntries(
    rowsUnder(read(GUIDE), '### Les variables').flatMap(([name = '', byDefault = '']) =>
      byDefault.startsWith('`') && name !== '`CONFIG_DIR`' ? [[bare(name), bare(byDefault)]] : [],
    ),
  );
  expect(Object.keys(told).length).toBeGreaterThanOrEqual(8);
  expect(Object.fromEntries(Object.keys(told).map((name) => [name, String(values[name])]))).toEqual(told);
});

test.each([
  ['town-hall.yaml', townFile],
  ['schedule.yaml', scheduleFile],
  ['categories.yaml', categoriesFile],
  ['lists.yaml', listsFile],
])('the guide describes every setting of %s, and no other', (file, schema) => {
  const told = rowsUnder(read(GUIDE), `### ${file}`).map(([key = '']) => bare(key));
  // One list per action, told together; what an override may change, at the rule itself.
  const isTold = (path: string) =>
    told.includes(path) ||
    (path.startsWith('reminders.overrides[].') && told.includes(path.replace('overrides[].', ''))) ||
    told.some((key) => key.startsWith(`${path}.`)) ||
    path.startsWith('reasons.');
  const settings = pathsOf(jsonSchemaOf(schema) as JsonSchema);
  expect(settings.filter((path) => !isTold(path))).toEqual([]);
  expect(told.filter((key) => !settings.includes(key))).toEqual([]);
});

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
}

function pathsOf({ properties = {}, items }: JsonSchema, path = ''): string[] {
  if (items !== undefined) return pathsOf(items, `${path}[]`);
  return Object.entries(properties).flatMap(([key, inner]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return [here, ...pathsOf(inner, here)];
  });
}

test('the guide explains every event of the log, and no other', () => {
  const sources = filesIn('src').filter((path) => path.endsWith('.ts') && !path.startsWith('src/demo/'));
  const events = sources
    .filter((path) => path !== 'src/log.ts')
    .flatMap((path) => [...read(path).matchAll(/\bevent: '([a-z_.]+)'/g)].map(([, event]) => event ?? ''));
  const told = rowsUnder(read(GUIDE), '## Surveiller').map(([event = '']) => bare(event));
  expect(told.toSorted()).toEqual([...new Set(events)].toSorted());
});

test('the guide tells every command of a reply, and no other', () => {
  const told = rowsUnder(read(GUIDE), '### Les agents, en répondant').map(([words = '']) => bare(words));
  const verbs = COMMAND_CARD.map(({ words }) => words.split(/\s*[@[:]/)[0] ?? '');
  expect(told).toHaveLength(verbs.length);
  expect(verbs.filter((verb, i) => told[i]?.startsWith(verb) !== true)).toEqual([]);
});

test('the guide is typeset as French is', () => {
  const prose = read(GUIDE)
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`]*`/g, 'x');
  expect(prose.match(/.{0,20}(?: [:;!?»]|« ).{0,20}/g) ?? []).toEqual([]);
  expect(prose.match(/\w'\w+/g) ?? []).toEqual([]);
});

test('each production dependency is told with its version and its door', () => {
  const rows = rowsUnder(read('docs/dependencies.md'), '# What Guichet stands on');
  expect(Object.fromEntries(rows.map(([name = '', version]) => [bare(name), version]))).toEqual(manifest.dependencies);
  const closed = rows.filter(([name = '', , door = '']) => !read(bare(door)).includes(bare(name)));
  expect(closed).toEqual([]);
});

test('decisions are numbered without a gap, one screen each', () => {
  const files = readdirSync(join(ROOT, 'docs/decisions')).toSorted();
  files.forEach((file, i) => {
    const number = String(i + 1).padStart(3, '0');
    const text = read(`docs/decisions/${file}`);
    expect(file).toMatch(new RegExp(`^${number}-[a-z0-9-]+\\.md$`));
    expect(text).toMatch(new RegExp(`^# ${number}: `));
    expect(text.match(/^## .+$/gm)).toEqual(['## Context', '## Decision', '## Consequences', '## Rejected']);
    expect(text.split('\n').length).toBeLessThan(60);
  });
});

describe('the capabilities', () => {
  const [page = ''] = read('docs/capabilities.md').split('## Known faults');
  const titled = (title: string) => rowsUnder(page, `## ${title}`);
  // What concerns one request, as opposed to lists of them.
  const SCOPE = 'N02–N26, J01–J20, J24, J28, S02–S08, S16–S18, S25, G04, G09–G15, C03, C12–C32';
  const ofOneRequest = rowsOf(SCOPE);

  test('are 139, and each stands in one place', () => {
    const told =
      page
        .split(/^## /m)
        .slice(1)
        .join('')
        .match(/\b[NJSGC]\d\d\b/g) ?? [];
    expect(told.toSorted()).toEqual(rowsOf('N01–N27, J01–J29, S01–S34, G01–G15, C01–C34').toSorted());
    expect(page.replaceAll('\n', ' ')).toContain(SCOPE);
  });

  test('that are delivered name a test; where one request is concerned, in part too, a test that names them', () => {
    const delivered = titled('Delivered');
    const inPart = titled('In part').filter(([row = '']) => ofOneRequest.includes(row));
    const unproved = [...delivered, ...inPart].filter(([row = '', ...cells]) => {
      const files = cells.join(' ').match(/test\/[\w/.-]+\.test\.ts/g) ?? [];
      return ofOneRequest.includes(row) ? !files.some((file) => isNamedIn(file, row)) : files.length === 0;
    });
    expect(unproved).toEqual([]);
  });

  test('of one request that no test names have their reason', () => {
    const reasons = new Map(titled('Why not').map(([row = '', reason = '']) => [row, reason]));
    const tests = filesIn('test').filter((path) => path.endsWith('.test.ts'));
    const unnamed = ofOneRequest.filter((row) => !tests.some((file) => isNamedIn(file, row)));
    expect(unnamed.filter((row) => (reasons.get(row) ?? '').length < 40)).toEqual([]);
    expect([...reasons.keys()].filter((row) => !unnamed.includes(row))).toEqual([]);
  });
});

/** « N02–N04, J24 »: N02, N03, N04 and J24. */
function rowsOf(ranges: string): string[] {
  return ranges.split(', ').flatMap((range) => {
    const [first = '', last = first] = range.split('–');
    const [from, to] = [Number(first.slice(1)), Number(last.slice(1))];
    return Array.from({ length: to - from + 1 }, (_, i) => `${first[0]}${String(from + i).padStart(2, '0')}`);
  });
}

/** Whether the title of a test, or of a group of tests, bears the number of this capability. */
function isNamedIn(file: string, row: string): boolean {
  const titles = /\b(?:test|it|describe)(?:\.\w+)*(?:<.*>)?\(\s*(?:[^()'`]*\)\()?(['`])(.*?)\1,/g;
  return [...read(file).matchAll(titles)].some(([, , title = '']) => new RegExp(`\\b${row}\\b`).test(title));
}

test('the known faults are those that the tests know', () => {
  const tests = filesIn('test').filter((path) => path.endsWith('.test.ts') && path !== 'test/docs.test.ts');
  const known = tests.flatMap((path) =>
    [...read(path).matchAll(/\btest\.fails\('([^']+)'/g)].map(([, name]) => name ?? ''),
  );
  const [, faults = ''] = read('docs/capabilities.md').split('## Known faults');
  expect([...faults.matchAll(/^- (.+)$/gm)].map(([, name]) => name ?? '').toSorted()).toEqual(known.toSorted());
});

test('pictures stay light', () => {
  const heavy = filesIn('docs/pictures').filter((path) => statSync(join(ROOT, path)).size > 200_000);
  expect(heavy).toEqual([]);
});

/** The cells of the tables under a heading, up to the next one; without their heads. */
function rowsUnder(text: string, heading: string): string[][] {
  const from = text.indexOf(`${heading}\n`);
  if (from < 0) throw new Error(`no heading « ${heading} »`);
  const section = text.slice(from + heading.length).split(/^#+ /m)[0] ?? '';
  const cells = section.match(/^\| .+ \|$/gm)?.map((row) => row.slice(2, -2).split(' | ')) ?? [];
  return cells.filter((row, i) => !isRule(row) && !isRule(cells[i + 1]));
}

function isRule(row: readonly string[] | undefined): boolean {
  return row?.every((cell) => /^-+$/.test(cell)) === true;
}

function bare(cell: string): string {
  return cell.replaceAll('`', '').trim();
}

import { parseArgs } from 'node:util';
import type { Role } from '../domain/people.ts';
import { slipsBetween } from '../domain/slips.ts';
import { GALLERY_CASES, GALLERY_ROWS, type GalleryRow } from './gallery.ts';
import type { SampleCase } from '../outbound/sample-cases.ts';

/** What is asked of `send-sample`: which mails, in which case, to whom; or what is wrong with it. */

export type SampleOrder =
  | { is: 'list' }
  | { is: 'problem'; problem: Problem; found: string; near: string[] }
  | { is: 'send'; rows: GalleryRow[]; sampleCase: SampleCase; to: string };

type Problem = 'kind' | 'role' | 'case' | 'address' | 'usage';

const MOST_SLIPS = 3;
const ADDRESS = /^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+\.[^\s@<>,;:"()]+$/;

export function readOrder(args: readonly string[]): SampleOrder {
  if (args.length === 0) return { is: 'list' };
  const read = readArguments(args);
  if (read === null) return problem('usage');
  const { kind, to, role, all, sampleCase } = read;
  if (all === (kind !== undefined)) return problem('usage');
  const ofKind = GALLERY_ROWS.filter((row) => all || row.kind === kind);
  if (ofKind.length === 0) return problem('kind', kind, nearKinds(kind ?? ''));
  const ofRole = ofKind.filter((row) => role === undefined || row.role === role);
  if (ofRole.length === 0) return problem('role', role, rolesOf(ofKind));
  const found = GALLERY_CASES.find(({ id }) => id === sampleCase);
  if (found === undefined) {
    return problem(
      'case',
      sampleCase,
      GALLERY_CASES.map(({ id }) => id),
    );
  }
  if (to === undefined || !ADDRESS.test(to)) return problem('address', to);
  return { is: 'send', rows: all ? ofRole : ofRole.slice(0, 1), sampleCase: found.id, to };
}

export function rolesOf(rows: readonly GalleryRow[]): Role[] {
  return [...new Set(rows.map(({ role }) => role))];
}

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        to: { type: 'string' },
        role: { type: 'string' },
        case: { type: 'string', default: 'ordinary' },
        all: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    if (positionals.length > 1) return null;
    return { kind: positionals[0], to: values.to, role: values.role, all: values.all, sampleCase: values.case };
  } catch {
    return null;
  }
}

/** Names that are a few slips away, and those whose French name holds the word. */
function nearKinds(word: string): string[] {
  const wanted = word
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
    .slice(0, 40);
  const near = GALLERY_ROWS.filter(
    ({ kind, name }) =>
      slipsBetween(wanted, kind, MOST_SLIPS) <= MOST_SLIPS ||
      (wanted.length > MOST_SLIPS && (kind.includes(wanted) || name.includes(word.toLowerCase()))),
  );
  return [...new Set(near.map(({ kind }) => kind))];
}

function problem(problem: Problem, found = '', near: string[] = []): SampleOrder {
  return { is: 'problem', problem, found, near };
}

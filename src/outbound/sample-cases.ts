import type { Role } from '../domain/people.ts';
import type { MailKind } from '../domain/workflow.ts';
import { label } from '../template.ts';
import type { FileView, MailView } from './mail-view.ts';
import { sampleView, SAMPLE_PICTURE } from './sample-views.ts';
import type { Words } from './sample-words.ts';

/** Every mail as it is when people write little, much, nothing at all, or in other letters than ours. */
export const SAMPLE_CASES = ['ordinary', 'long', 'nameless', 'emoji', 'rtl', 'pieces'] as const;
export type SampleCase = (typeof SAMPLE_CASES)[number];

/** The parts of a sample that hold its pictures; whoever shows it brings as many. */
export const SAMPLE_CIDS = [SAMPLE_PICTURE.cid, `${'5b'.repeat(16)}@plassans.fr`, `${'5c'.repeat(16)}@plassans.fr`];

export function sampleOf(kind: MailKind, role: Role, sampleCase: SampleCase): MailView {
  const view = sampleView(kind, role, wordsOf(sampleCase));
  return sampleCase === 'pieces' ? withManyPieces(view) : view;
}

const LONG_PARAGRAPHS = 12;

function wordsOf(sampleCase: SampleCase): Words {
  const of = sampleCase === 'pieces' ? 'ordinary' : sampleCase;
  if (of === 'nameless') return { text: '', subject: '', name: '', fileName: label('samples', 'nameless_file') };
  const words = (key: string) => label('samples', `${of}_${key}`);
  const times = of === 'long' ? LONG_PARAGRAPHS : 1;
  return {
    text: Array.from({ length: times }, () => words('text')).join('\n\n'),
    subject: words('subject'),
    name: words('name'),
    fileName: words('file'),
    answer: of === 'ordinary' ? label('samples', 'answer') : words('answer'),
  };
}

function withManyPieces(view: MailView): MailView {
  const names = label('samples', 'pieces').split('\n');
  const many = ([first]: FileView[]) => (first === undefined ? [] : names.map((name, i) => pieceLike(first, name, i)));
  return {
    ...view,
    message: view.message && { ...view.message, files: many(view.message.files) },
    original: view.original && { ...view.original, files: many(view.original.files) },
  };
}

/** The photos come first, each with a picture of its own as long as there are some. */
function pieceLike(first: FileView, fileName: string, i: number): FileView {
  const isPhoto = /\.(?:jpg|png)$/.test(fileName);
  const cid = SAMPLE_CIDS[i % SAMPLE_CIDS.length] ?? '';
  const picture = isPhoto && first.picture !== null ? { ...first.picture, cid } : null;
  return { ...first, fileName, size: 240_000 + 730_000 * i, picture };
}

import { lineHeight, QUIET, skip, write, type Flow } from './pdf-flow.ts';
import type { Ends } from './pdf-limits.ts';
import { UNPRINTABLE } from './pdf-text.ts';
import { phrase } from './pdf-words.ts';

/** A heading, never at the foot of a page, and a bookmark. */
export async function writeSection(flow: Flow, title: string): Promise<void> {
  await write(flow, title, { tag: 'H2', weight: 'bold', size: 12, before: 16, keep: 48 });
  flow.paper.bookmark(title);
  skip(flow, 3);
}

const NAME_WIDTH = 110;

/** Its name at the left, its value beside. */
export async function writeFact(flow: Flow, name: string, value: string): Promise<void> {
  await write(flow, value, { indent: NAME_WIDTH, lead: name });
  skip(flow, lineHeight(2));
}

/** The ends of a list and, between them, how many are left out. */
export async function writeAbridged<T>(
  flow: Flow,
  { first, omitted, last }: Ends<T>,
  notice: string,
  writeItem: (item: T) => Promise<void>,
): Promise<void> {
  for (const item of first) await writeItem(item);
  if (omitted > 0) await write(flow, phrase(notice, { count: omitted.toLocaleString('fr-FR') }), { weight: 'bold' });
  for (const item of last) await writeItem(item);
}

export async function writeUnprintableNotice(flow: Flow): Promise<void> {
  if (!flow.hasLost) return;
  await write(flow, phrase('unprintable', { mark: UNPRINTABLE }), { size: 8.5, color: QUIET, before: 12 });
}

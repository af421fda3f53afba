import { A4, POINTS_PER_MM } from './pdf-document.ts';
import { QUIET, type Flow } from './pdf-flow.ts';
import { printableText, wrapLines } from './pdf-text.ts';
import { phrase } from './pdf-words.ts';

const INK = { weight: 'regular', size: 8, color: QUIET } as const;
const FROM_THE_EDGE = 12 * POINTS_PER_MM;

/** Words at the left and the page at the right of each foot: last of all, when the number of pages is known. */
export function writeFooters({ paper, frame }: Flow, words: string): void {
  const pages = paper.pageCount();
  const y = A4.height - FROM_THE_EDGE;
  const widthOf = (text: string) => paper.widthOf(text, INK.weight, INK.size);
  const room = frame.right - frame.left - widthOf(phrase('page', { page: pages, pages })) - 12;
  const left = wrapLines(printableText(words, paper.isPrintable), room, widthOf)[0] ?? '';
  for (let page = 1; page <= pages; page += 1) {
    const right = phrase('page', { page, pages });
    paper.turnTo(page - 1);
    paper.decoration(() => {
      paper.line(left, frame.left, y, INK);
      paper.line(right, frame.right - widthOf(right), y, INK);
    });
  }
}

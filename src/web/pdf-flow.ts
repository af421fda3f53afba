import { setImmediate } from 'node:timers/promises';
import { hasRightToLeft, inVisualOrder, isRightToLeft } from './pdf-direction.ts';
import { A4, type Ink, type Paper, type Tag } from './pdf-document.ts';
import { printableText, UNPRINTABLE, wrapLines } from './pdf-text.ts';

/** Paragraphs down the pages: no heading alone at a foot, no line alone on a page. Lengths are in points. */

export interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Style extends Ink {
  tag: Tag;
  /** From the left of the frame, and from its right. */
  indent: number;
  /** White space above, but not at the head of a page. */
  before: number;
  /** What must fit below its last lines, on the same page. */
  keep: number;
  /** A line down its left side. */
  hasBar: boolean;
  /** Written at the left of the frame, beside the first line. */
  lead: string;
}

export interface Flow {
  paper: Paper;
  frame: Frame;
  y: number;
  /** Whether a mark stands for what could not be printed. */
  hasLost: boolean;
}

export function openFlow(paper: Paper, frame: Frame): Flow {
  return { paper, frame, y: frame.top, hasLost: false };
}

export const PLAIN: Style = {
  weight: 'regular',
  size: 9.5,
  color: '#1b1b1b',
  tag: 'P',
  indent: 0,
  before: 0,
  keep: 0,
  hasBar: false,
  lead: '',
};

const LINE_HEIGHT = 1.35;
const LEADING_GAP = 8;

export function lineHeight(size: number): number {
  return size * LINE_HEIGHT;
}

/** Each line of the text is a paragraph of its own; an empty one is half a line of white. */
export async function write(flow: Flow, text: string, given: Partial<Style> = {}): Promise<void> {
  const style = { ...PLAIN, ...given };
  const clean = printable(flow, text);
  for (const [index, paragraph] of clean.split('\n').entries()) {
    if (paragraph === '') skip(flow, lineHeight(style.size) / 2);
    else place(flow, paragraph, index === 0 ? style : { ...style, before: 0, lead: '' });
    // A town's other clicks are answered by the same thread.
    await setImmediate();
  }
}

/** White space, but not at the head of a page. */
export function skip(flow: Flow, height: number): void {
  if (!isAtHead(flow)) flow.y += height;
}

/** The page ends here unless this height is left. */
export function keepTogether(flow: Flow, height: number): void {
  if (flow.y + height > flow.frame.bottom) turnPage(flow);
}

function printable(flow: Flow, text: string): string {
  const clean = printableText(text, flow.paper.isPrintable);
  flow.hasLost ||= clean.includes(UNPRINTABLE);
  return clean;
}

function place(flow: Flow, paragraph: string, style: Style): void {
  const { paper, frame } = flow;
  const { weight, size } = style;
  const left = frame.left + style.indent;
  const widthOf = (text: string) => paper.widthOf(text, weight, size);
  const lines = wrapLines(paragraph, frame.right - left, widthOf);
  const lead = style.lead === '' ? [] : wrapLines(printable(flow, style.lead), style.indent - LEADING_GAP, widthOf);
  const isRight = isRightToLeft(paragraph);
  const height = lineHeight(size);

  skip(flow, style.before);
  if (style.keep > 0 || lead.length > 1) keepTogether(flow, headHeight(lines.length, lead.length, style));
  const element = hasRightToLeft(paragraph) ? paper.element(style.tag, paragraph) : paper.element(style.tag);
  let next = 0;
  while (next < lines.length || next < lead.length) {
    const room = linesThatFit(flow, Math.max(lines.length, lead.length) - next, style);
    if (room === 0) {
      turnPage(flow);
      continue;
    }
    const here = lines.slice(next, next + room);
    const from = flow.y;
    element(() => {
      for (const [index, words] of lead.slice(next, next + room).entries())
        paper.line(words, frame.left, from + index * height, { ...style, color: QUIET });
      for (const [index, line] of here.entries()) {
        const x = isRight ? frame.right - widthOf(line) : left;
        drawLine(paper, line, isRight, [x, from + index * height], style);
      }
    });
    flow.y += room * height;
    next += room;
    if (style.hasBar) paper.decoration(() => paper.rule([left - 7, from], [left - 7, flow.y], BAR, 1.5));
  }
}

/** Word by word where the order changes: the space after a word drawn from right to left would come out before it. */
function drawLine(paper: Paper, line: string, isRight: boolean, [x, y]: [number, number], style: Style): void {
  const words = inVisualOrder(line, isRight);
  if (words.length === 1) {
    paper.line(line, x, y, style);
    return;
  }
  const { weight, size } = style;
  const space = paper.widthOf(' ', weight, size);
  let nextX = x;
  for (const word of words) {
    paper.line(word, nextX, y, style);
    nextX += paper.widthOf(word, weight, size) + space;
  }
}

export const QUIET = '#595959';
const BAR = '#b0b0b0';

/** What must not be torn apart at its beginning: two lines, its lead, or all of a short one with what follows. */
function headHeight(lines: number, leads: number, style: Style): number {
  const height = lineHeight(style.size);
  return lines <= 3 ? Math.max(lines, leads) * height + style.keep : Math.max(2, leads) * height;
}

/**
 * How many of the lines that are left go on this page; 0: none, turn it. Neither the first line nor the last stands alone, and `keep`
 * holds the last two down. At the head of a page something always goes, or pages would be turned for ever.
 */
function linesThatFit(flow: Flow, left: number, style: Style): number {
  const height = lineHeight(style.size);
  const room = Math.floor((flow.frame.bottom - flow.y + 0.01) / height);
  if (left <= room && flow.y + left * height + style.keep <= flow.frame.bottom + 0.01) return left;
  const torn = Math.min(room, left - 2);
  if (isAtHead(flow)) return Math.max(1, Math.min(left, torn > 0 ? torn : room));
  return torn >= 2 ? torn : 0;
}

function isAtHead({ y, frame }: Flow): boolean {
  return y <= frame.top;
}

function turnPage(flow: Flow): void {
  flow.paper.addPage();
  flow.y = flow.frame.top;
}

export function a4Frame(margin: number, foot: number): Frame {
  return { left: margin, right: A4.width - margin, top: margin, bottom: A4.height - foot };
}

import { hasMargin, isIndent, lookOf } from './html-style.ts';
import { type HtmlLine, type LineWriter, type Place, writeLines } from './html-lines.ts';
import { type Mark, markOf } from './html-marks.ts';
import { cutReply, type Seams } from './html-reply.ts';
import { type Attributes, readTags } from './html-tags.ts';

/** What an HTML mail says, and what of it the person wrote. */
export type HtmlWords = { text: string; reply: { text: string; elided: string } };

/**
 * HTML of any kind to plain text, quotations marked by « > ». One pass, linear, no recursion: a mail of 1 MB costs the
 * same whatever is nested in what. What the programs of the world mark as not the person's is cut by that structure, then
 * by its lines as for plain text. Cut the input to 1 MB before.
 */
export function htmlToWords(html: string): HtmlWords {
  const { lines, seams } = readLines(html);
  const shown = lines.map(quoted);
  return { text: joined(shown), reply: cutReply(lines, shown, seams) };
}

// Deeper quotations read no better, and a mail of nothing but blockquotes must not grow.
const MOST_MARKS = 5;

function quoted({ text, depth }: HtmlLine): string {
  if (depth === 0) return text;
  const marks = '> '.repeat(Math.min(depth, MOST_MARKS));
  return text === '' ? marks.trimEnd() : marks + text;
}

function joined(lines: readonly string[]): string {
  return lines.join('\n').replace(/^\n+/, '').trimEnd();
}

type Element = {
  isHidden: boolean;
  isTiny: boolean;
  isPre: boolean;
  place: Place;
  list: { ordered: boolean; count: number; level: number } | undefined;
  table: { rows: number } | undefined;
  row: { line: number; cells: number } | undefined;
  mark: Mark | undefined;
  start: number;
  isBlock: boolean;
  isSpaced: boolean;
};

const PAGE: Element = {
  isHidden: false,
  isTiny: false,
  isPre: false,
  place: { depth: 0, region: 'own' },
  list: undefined,
  table: undefined,
  row: undefined,
  mark: undefined,
  start: 0,
  isBlock: true,
  isSpaced: false,
};

// Plain text that a program declared to be HTML keeps its lines.
const IS_MARKED_UP =
  /<(?:p|br|div|span|table|tr|td|body|html|li|font|center|blockquote|h[1-6]|a|b|i|u|strong|em|img|ul|ol|pre)[\s/>]/i;

function readLines(html: string): { lines: HtmlLine[]; seams: Seams } {
  const writer = writeLines();
  const seams: Seams = { stops: [], quotes: [], attributions: [], ruled: [] };
  const elements: Element[] = [];
  const page = IS_MARKED_UP.test(html) ? PAGE : { ...PAGE, isPre: true };
  readTags(html, {
    open(name, attributes) {
      const parent = elements.at(-1) ?? page;
      const element = enter(name, attributes, parent, writer);
      elements.push(element);
      if (element.isHidden) return;
      note(name, element, parent, writer, seams);
      if (name === 'br') writer.lineBreak(element.place);
      if (name === 'hr') writer.words('-----', element.place);
      if (name.includes('@')) writer.words(`<${name.replace(/^mailto:/, '')}>`, element.place);
    },
    close(name) {
      const element = elements.pop();
      if (element === undefined || element.isHidden) return;
      leave(name, element, writer, seams);
    },
    text(words) {
      const element = elements.at(-1) ?? page;
      if (!element.isHidden && !element.isTiny) write(words, element, writer);
    },
  });
  writer.settle();
  return { lines: writer.lines, seams };
}

function enter(name: string, attributes: Attributes, parent: Element, writer: LineWriter): Element {
  const look = lookOf(name, attributes);
  const element: Element = {
    ...parent,
    isHidden: parent.isHidden || look.hidden,
    isTiny: look.tiny ?? parent.isTiny,
    isPre: look.pre ?? parent.isPre,
    mark: undefined,
    isBlock: BLOCKS.has(name),
    isSpaced: hasMargin(name, attributes) && !(parent.list !== undefined && (name === 'ul' || name === 'ol')),
  };
  if (element.isHidden) return element;
  if (name === 'blockquote' && !isIndent(attributes))
    element.place = { ...parent.place, depth: parent.place.depth + 1 };
  element.mark = markOf(name, attributes);
  if (element.mark === 'signature' || element.mark === 'quoted') {
    element.isBlock = true;
    if (parent.place.region === 'own') element.place = { ...element.place, region: element.mark };
  }
  if (element.mark !== undefined) element.isBlock = true;
  arrange(name, attributes, element, writer);
  element.start = writer.next();
  return element;
}

const BLOCKS: ReadonlySet<string> = new Set(
  'address article aside blockquote body caption center dd details div dl dt fieldset figure figcaption footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody thead tfoot tr ul'.split(
    ' ',
  ),
);

/** Lists, rows and cells. */
function arrange(name: string, attributes: Attributes, element: Element, writer: LineWriter): void {
  if (name === 'td' || name === 'th') {
    const { row } = element;
    writer.cell(row !== undefined && row.cells > 0 && writer.isOn(row.line));
    if (row !== undefined) row.cells += 1;
    return;
  }
  if (element.isBlock) writer.block(element.isSpaced);
  if (name === 'ul' || name === 'ol') {
    const first = Number.parseInt(attributes.get('start') ?? '1', 10);
    element.list = { ordered: name === 'ol', count: first || 1, level: (element.list?.level ?? 0) + 1 };
  } else if (name === 'li') {
    const { list } = element;
    const mark = list?.ordered === true ? `${list.count++}. ` : '- ';
    writer.item('  '.repeat(Math.min((list?.level ?? 1) - 1, MOST_INDENTS)) + mark);
  } else if (name === 'tr') {
    const { table } = element;
    element.row = { line: writer.row(table === undefined || table.rows === 0, element.place), cells: 0 };
    if (table !== undefined) table.rows += 1;
  } else if (name === 'table') {
    element.list = undefined;
    element.table = { rows: 0 };
  }
}

const MOST_INDENTS = 4;

/** Keeps where an earlier message may begin. Inside a quotation that is not the person's concern. */
function note(name: string, element: Element, parent: Element, writer: LineWriter, seams: Seams): void {
  if (parent.place.depth > 0 || parent.place.region !== 'own') return;
  if (name === 'blockquote' && element.place.depth > 0) seams.quotes.push(writer.next());
  if (element.mark === 'stop') seams.stops.push(writer.next());
}

function leave(name: string, element: Element, writer: LineWriter, seams: Seams): void {
  if (name === 'td' || name === 'th') writer.leaveCell();
  else if (name === 'li') writer.item('');
  if (element.isBlock) writer.block(element.isSpaced);
  if (element.mark !== 'attribution' && element.mark !== 'ruled') return;
  if (element.place.depth > 0 || element.place.region !== 'own') return;
  const range = { first: element.start, end: writer.next() };
  (element.mark === 'ruled' ? seams.ruled : seams.attributions).push(range);
}

function write(words: string, element: Element, writer: LineWriter): void {
  if (!element.isPre) {
    writer.words(words, element.place);
    return;
  }
  let isFirst = true;
  for (const line of words.replaceAll('\r\n', '\n').split('\n')) {
    if (!isFirst) writer.lineBreak(element.place);
    isFirst = false;
    writer.exactWords(line, element.place);
  }
}

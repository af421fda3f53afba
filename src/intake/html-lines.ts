/** Which part of a mail a line of HTML stands in. */
export type Region = 'own' | 'signature' | 'quoted';

export interface HtmlLine {
  text: string;
  /** How many quotations it stands in. */
  depth: number;
  region: Region;
}

export type Place = { depth: number; region: Region };

export type LineWriter = ReturnType<typeof writeLines>;

// Nobody writes so many: what follows stands in the last one, so that a mail of line breaks costs no more than its length.
const MOST_LINES = 50_000;

/** Makes lines of words and of the ends of blocks, with white space as browsers show it. */
export function writeLines() {
  const lines: HtmlLine[] = [];
  let line = '';
  let place: Place = { depth: 0, region: 'own' };
  let endsWithSpace = true;
  /** The line ends before the next word, unless that word stands in the next cell of the same row. */
  let isEnding = false;
  let wantsBlank = false;
  let prefix = '';
  let tab = false;
  let endsWithColon = false;
  let inEmptyCell = false;

  const end = () => {
    if (lines.length < MOST_LINES) {
      push(line, place);
      line = '';
    } else if (!endsWithSpace) line += ' ';
    isEnding = false;
    tab = false;
    endsWithSpace = true;
  };

  const push = (words: string, at: Place) => {
    const text = clean(words);
    if (text === '' && lines.at(-1)?.text === '' && lines.at(-2)?.text === '') return;
    lines.push({ text, depth: at.depth, region: at.region });
  };

  const begin = (at: Place) => {
    if (isEnding) end();
    if (line !== '') return;
    leaveBlank(at);
    place = at;
  };

  const leaveBlank = (at: Place) => {
    const above = lines.at(-1);
    if (wantsBlank && above !== undefined && above.text !== '') {
      push('', { depth: Math.min(above.depth, at.depth), region: above.region });
    }
    wantsBlank = false;
  };

  return {
    lines,
    /** The line that the next word will stand in, or the blank one above it. */
    next: () => lines.length + (isEnding ? 1 : 0),
    /** Whether this line is still being written. */
    isOn: (at: number) => lines.length === at && line !== '',
    block(isSpaced: boolean): void {
      if (prefix !== '' || inEmptyCell) return;
      if (line !== '') isEnding = true;
      if (isSpaced) wantsBlank = true;
    },
    settle(): void {
      if (line !== '') push(line, place);
      line = '';
    },
    lineBreak(at: Place): void {
      if (prefix !== '') return;
      begin(at);
      inEmptyCell = false;
      end();
    },
    item(mark: string): void {
      prefix = mark;
    },
    /** Begins a row of a table; its first line. */
    row(isFirst: boolean, at: Place): number {
      if (isEnding) end();
      if (!isFirst) wantsBlank = false;
      if (line === '' && prefix === '') leaveBlank(at);
      return lines.length;
    },
    cell(isBeside: boolean): void {
      if (isBeside) {
        isEnding = false;
        wantsBlank = false;
        tab = true;
      } else if (line !== '') isEnding = true;
      inEmptyCell = true;
    },
    leaveCell(): void {
      inEmptyCell = false;
    },
    words(said: string, at: Place): void {
      let words = said.replaceAll(/[ \t\r\n\f]+/g, ' ');
      if ((endsWithSpace || isEnding || tab) && words.startsWith(' ')) words = words.slice(1);
      if (words !== '') add(words, at);
    },
    exactWords(said: string, at: Place): void {
      if (said !== '') add(said, at);
    },
  };

  function add(words: string, at: Place): void {
    begin(at);
    // « De : » in one cell and the name in the next read as the header they are.
    if (tab && line !== '') line += endsWithSpace ? '' : endsWithColon ? ' ' : '\t';
    tab = false;
    inEmptyCell = false;
    line += prefix === '' ? words : prefix + words;
    prefix = '';
    endsWithSpace = words.endsWith(' ');
    endsWithColon = words.endsWith(':');
  }
}

// Fillers that newsletters put after their preview text, and no-break spaces of every width.
function clean(line: string): string {
  if (!/[^\u0021-\u009f\u00c0-\u01ff \t]/.test(line)) return line.trimEnd();
  return line
    .replaceAll(/\u034f|[\u00ad\u200b\u2060\ufeff]|\u200c(?=[\s\u00a0\u200c]|$)/g, '')
    .replaceAll(/[\u00a0\u2007\u202f]/g, ' ')
    .trimEnd();
}

import { Tokenizer } from 'htmlparser2';

/** Attributes that some rule reads, cut to a fixed length; all others are skipped. */
export type Attributes = ReadonlyMap<string, string>;

export interface TagReader {
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
  text(words: string): void;
}

/**
 * Reads HTML as browsers do, in one pass. On the tokenizer alone: the Parser above it keeps its open elements in an array
 * it shifts and searches, which costs half a minute for 150,000 unclosed tags.
 */
export function readTags(html: string, reader: TagReader): void {
  const elements = keepOpen(reader);
  let attributes = new Map<string, string>();
  let name = '';
  let attribute = '';
  let value = '';

  const finishTag = (isEmpty: boolean) => {
    elements.open(name, attributes, isEmpty);
    attributes = new Map();
  };
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      ontext: (start, end) => reader.text(html.slice(start, end)),
      ontextentity: (codePoint) => reader.text(String.fromCodePoint(codePoint)),
      onopentagname: (start, end) => {
        name = html.slice(start, Math.min(end, start + LONGEST_NAME)).toLowerCase();
      },
      onopentagend: () => finishTag(false),
      // « <p/> » opens a paragraph; « <o:p/> » of Word holds nothing.
      onselfclosingtag: () => finishTag(name.includes(':')),
      onclosetag: (start, end) => elements.close(html.slice(start, Math.min(end, start + LONGEST_NAME)).toLowerCase()),
      onattribname: (start, end) => {
        attribute = end - start > LONGEST_NAME ? '' : html.slice(start, end).toLowerCase();
        value = '';
      },
      onattribdata: (start, end) => {
        if (READ.has(attribute) && value.length < LONGEST_VALUE)
          value += html.slice(start, Math.min(end, start + LONGEST_VALUE));
      },
      onattribentity: (codePoint) => {
        if (READ.has(attribute) && value.length < LONGEST_VALUE) value += String.fromCodePoint(codePoint);
      },
      onattribend: () => {
        if (READ.has(attribute) && !attributes.has(attribute)) attributes.set(attribute, value);
      },
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: () => elements.closeAll(),
    },
  );
  tokenizer.write(html);
  tokenizer.end();
}

const LONGEST_NAME = 320;
const LONGEST_VALUE = 2_000;

const READ: ReadonlySet<string> = new Set(
  'class id style type name hidden start title fairemail data-marker data-signature-widget data-bm-signature'.split(
    ' ',
  ),
);

function ignore(): void {
  // Comments, CDATA sections and declarations hold no words.
}

/** The elements now open, with where each name was last opened: opening and closing cost the same at any depth. */
function keepOpen(reader: TagReader) {
  const names: string[] = [];
  const places = new Map<string, number[]>();

  const lastPlace = (name: string) => places.get(name)?.at(-1) ?? -1;

  const closeLast = () => {
    const name = names.pop() ?? '';
    places.get(name)?.pop();
    reader.close(name);
  };

  const closeImplied = (name: string) => {
    const implied = IMPLIES_END_OF.get(name) ?? (ENDS_PARAGRAPH.has(name) ? PARAGRAPH : undefined);
    if (implied === undefined) return;
    for (let last = names.at(-1); last !== undefined && implied.includes(last); last = names.at(-1)) closeLast();
  };

  return {
    open(name: string, attributes: Attributes, isEmpty: boolean): void {
      closeImplied(name);
      reader.open(name, attributes);
      // « <jane@plassans.fr> », written by programs that forget to escape it, is a word and not an element.
      if (isEmpty || VOID.has(name) || name.includes('@')) {
        reader.close(name);
        return;
      }
      const own = places.get(name);
      if (own === undefined) places.set(name, [names.length]);
      else own.push(names.length);
      names.push(name);
    },
    close(name: string): void {
      const place = lastPlace(name);
      // What is closed inside a cell was opened inside it: a stray « </div> » does not end the table around it.
      if (place === -1 || (!name.startsWith('t') && place < Math.max(lastPlace('td'), lastPlace('th')))) return;
      while (names.length > place) closeLast();
    },
    closeAll(): void {
      while (names.length > 0) closeLast();
    },
  };
}

const VOID: ReadonlySet<string> = new Set(
  'area base basefont br col embed frame hr img input link meta param source track wbr'.split(' '),
);
const PARAGRAPH: readonly string[] = ['p'];
const ENDS_PARAGRAPH: ReadonlySet<string> = new Set(
  'address article aside blockquote center div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul'.split(
    ' ',
  ),
);
const IMPLIES_END_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ['li', ['li', 'p']],
  ['dd', ['dd', 'dt', 'p']],
  ['dt', ['dd', 'dt', 'p']],
  ['td', ['td', 'th', 'p']],
  ['th', ['td', 'th', 'p']],
  ['tr', ['td', 'th', 'tr', 'p']],
  ['tbody', ['td', 'th', 'tr', 'thead', 'tbody', 'p']],
]);

import sanitizeHtml, { type Attributes } from 'sanitize-html';
import { readTags } from './html-tags.ts';
import type { ChoosePicture } from './inline-pictures.ts';

/** The only door to sanitize-html: a mail's HTML without anything that runs, hides, or is fetched from elsewhere. */

export interface CleanHtml {
  html: string;
  blockedImages: number;
}

/** Deeper than any layout, and as deep as pages are still drawn well: further down the words stay and the tags go. */
const NESTING_LIMIT = 100;
/** The sanitizer's time grows with the square of the depth: 1 MB of open tags took it 13 s. No program writes as many. */
const MAX_DEPTH = 2_000;

/** Null when it is nested beyond reading: its words are then shown alone. Linear otherwise. */
export function sanitizeMail(html: string, choosePicture: ChoosePicture): CleanHtml | null {
  if (depthOf(html) > MAX_DEPTH) return null;
  let blockedImages = 0;
  const clean = sanitizeHtml(html, {
    allowedTags: TAGS,
    allowedAttributes: ATTRIBUTES,
    allowedStyles: { '*': STYLES },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    nonTextTags: ['script', 'style', 'textarea', 'option', 'xmp', 'noscript', 'title', 'template', 'svg', 'math'],
    nestingLimit: NESTING_LIMIT,
    onOpenTag: (name, attributes) => {
      if (fetches(name, attributes)) blockedImages += 1;
    },
    transformTags: {
      a: (tagName, { href = '' }) => ({ tagName, attribs: linkTo(href) }),
      img: (tagName, attributes) => ({ tagName, attribs: pictureIn(attributes, choosePicture) }),
      td: smallSpans,
      th: smallSpans,
    },
    // What is left of a picture that counts its readers: nothing to see.
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs['src'] && !attribs['alt'],
  });
  return { html: withoutRepeats(clean), blockedImages };
}

function depthOf(html: string): number {
  let depth = 0;
  let deepest = 0;
  readTags(html, {
    open: () => {
      depth += 1;
      deepest = Math.max(deepest, depth);
    },
    close: () => {
      depth -= 1;
    },
    text: () => undefined,
  });
  return deepest;
}

const TAGS = (
  'a abbr address b big blockquote br center code dd del div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ' +
  'ins li ol p pre q s section small span strike strong sub sup table caption tbody td tfoot th thead tr u ul wbr'
).split(' ');

const CELL = ['align', 'valign', 'bgcolor', 'colspan', 'rowspan'];

const ATTRIBUTES = {
  '*': ['dir', 'style'],
  a: ['href', 'rel', 'target', 'title', 'data-to'],
  img: ['src', 'alt', 'width', 'height'],
  font: ['color'],
  ol: ['start', 'type'],
  p: ['align'],
  div: ['align'],
  table: ['align', 'bgcolor', 'border', 'cellpadding', 'cellspacing'],
  tr: ['align', 'valign', 'bgcolor'],
  td: CELL,
  th: CELL,
};

const COLOUR = [/^#[\da-f]{3,8}$/i, /^rgba?\([\d\s.,%]{1,40}\)$/i, /^[a-z]{3,30}$/i];
const BORDER = [/^[\w\s.#-]{1,60}$/];

/** What says something: colours (« mes réponses en rouge »), weight, lines of a table. Nothing that moves, sizes or hides. */
const STYLES = {
  color: COLOUR,
  background: COLOUR,
  'background-color': COLOUR,
  'font-style': [/^(?:italic|normal)$/i],
  'font-weight': [/^(?:bold|bolder|normal|[1-9]00)$/i],
  'text-align': [/^(?:left|right|center|justify)$/i],
  'text-decoration': [/^(?:underline|line-through|none)$/i],
  'white-space': [/^pre(?:-wrap)?$/i],
  border: BORDER,
  'border-top': BORDER,
  'border-right': BORDER,
  'border-bottom': BORDER,
  'border-left': BORDER,
  'border-collapse': [/^collapse$/i],
};

const REMOTE = /^\s*(?:https?:|[\\/]{2})/i;
const REMOTE_STYLE = /url\([\s'"]*(?:https?:|\/\/)/i;

function fetches(name: string, { src = '', background = '', style = '' }: Attributes): boolean {
  return (name === 'img' && REMOTE.test(src)) || REMOTE.test(background) || REMOTE_STYLE.test(style);
}

/** A link that says where it leads, and tells nobody where it was followed from. */
function linkTo(href: string): Attributes {
  const url = URL.parse(href.trim());
  if (url === null || !/^(?:https?|mailto|tel):$/.test(url.protocol)) return {};
  const to = url.host === '' ? url.pathname.slice(0, 200) : url.host;
  const rel = 'noopener noreferrer nofollow';
  return { href: url.href, rel, target: '_blank', title: url.href.slice(0, 500), 'data-to': to };
}

function pictureIn(attributes: Attributes, choosePicture: ChoosePicture): Attributes {
  const { src = '', alt = '', width = '', height = '' } = attributes;
  const shown = choosePicture(src.trim());
  if (shown === null) return alt === '' ? {} : { alt };
  return { src: shown, alt, ...pixels('width', width), ...pixels('height', height) };
}

function pixels(name: string, value: string): Attributes {
  return /^\d{1,4}$/.test(value) ? { [name]: value } : {};
}

/** A cell over sixty thousand rows is drawn for minutes. */
function smallSpans(tagName: string, { colspan = '', rowspan = '', ...others }: Attributes) {
  const spans = Object.entries({ colspan, rowspan }).filter(([, value]) => /^\d{1,2}$/.test(value));
  return { tagName, attribs: { ...others, ...Object.fromEntries(spans) } };
}

/** Where a link's words are its address already, it is not said again. Only tags hold a `>`: all others are escaped. */
function withoutRepeats(html: string): string {
  return html.replace(/ data-to="([^"]*)">([^<]{0,500})<\/a>/g, (whole, to: string, words: string) => {
    const said = /^(?:https?:\/\/|mailto:)?([^\s/?#]+)[^\s]*$/i.exec(words.trim())?.[1]?.toLowerCase();
    return said === to.toLowerCase() ? `>${words}</a>` : whole;
  });
}

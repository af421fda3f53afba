import { Parser } from 'htmlparser2';

/** What a mail is made of, whatever its words: headings, links, labelled facts, pictures, and how each paragraph begins. */
export interface MailParts {
  headings: string[];
  links: { name: string; url: string }[];
  /** « Objet », « Usager »: what stands before a value. */
  labels: string[];
  /** In the order in which they are read. */
  lines: string[];
}

const NOTICE_WORDS = 4;
const NOTICE_CHARS = 60;
const BLOCKS = new Set(['p', 'h1', 'h2', 'h3', 'li', 'div', 'td', 'br']);

export function partsOfHtml(html: string): MailParts {
  const parts: MailParts = { headings: [], links: [], labels: [], lines: [] };
  const open: { tag: string; url: string; text: string; isHidden: boolean; isWords: boolean }[] = [];
  let paragraph = '';
  const endParagraph = () => {
    const words = flat(paragraph).split(' ');
    if (words.join('') !== '') parts.lines.push(`¶ ${words.slice(0, NOTICE_WORDS).join(' ').slice(0, NOTICE_CHARS)}`);
    paragraph = '';
  };
  const parser = new Parser({
    onopentag(tag, { href = '', style = '', class: name = '', alt }) {
      if (BLOCKS.has(tag)) endParagraph();
      if (tag === 'img') parts.lines.push(`[${alt ?? '?'}]`);
      if (/^(?:br|img|meta|link)$/.test(tag)) return;
      const isHidden = /^(?:head|style|title)$/.test(tag) || style.includes('display:none');
      open.push({ tag, url: href, text: '', isHidden, isWords: /\bwords\b/.test(name) });
    },
    ontext(text) {
      if (open.some(({ isHidden }) => isHidden)) return;
      for (const each of open) each.text += text;
      const isNamed = open.some(({ tag, isWords }) => isWords || /^(?:a|h1|h2|h3)$/.test(tag));
      if (!isNamed) paragraph += text;
    },
    onclosetag(tag) {
      const at = open.findLastIndex((each) => each.tag === tag);
      const [closed] = at < 0 ? [] : open.splice(at);
      if (closed === undefined) return;
      if (BLOCKS.has(tag)) endParagraph();
      if (!open.some(({ isHidden }) => isHidden) && !closed.isHidden) record(parts, closed);
    },
  });
  parser.write(html);
  parser.end();
  return parts;
}

function record(
  parts: MailParts,
  { tag, url, text, isWords }: { tag: string; url: string; text: string; isWords: boolean },
) {
  const words = flat(text);
  if (/^h[123]$/.test(tag)) {
    parts.headings.push(words);
    parts.lines.push(`${'#'.repeat(Number(tag[1]))} ${words}`);
  } else if (tag === 'a') {
    parts.links.push({ name: words, url });
    parts.lines.push(`→ ${words}`);
  } else if (tag === 'strong' && words.endsWith(' :')) {
    parts.labels.push(words);
  } else if (isWords) {
    parts.lines.push('« … »');
  }
}

export interface TextParts {
  /** Every line, and which of them are headings: written in capitals. */
  lines: string[];
  headings: string[];
  urls: string[];
}

export function partsOfText(text: string): TextParts {
  // A heading that was too long for its line goes on in the next one.
  const paragraphs = text.split(/\n\s*\n/).flatMap((each) => (isHeading(flat(each)) ? [each] : each.split('\n')));
  const lines = paragraphs.map(flat).filter((line) => !line.startsWith('>') && line !== '');
  return { lines, headings: lines.filter(isHeading), urls: lines.filter((line) => /^https?:\/\/\S+$/.test(line)) };
}

function isHeading(line: string): boolean {
  return /\p{Lu}{2}/u.test(line) && line === line.toUpperCase() && !line.includes('://');
}

/** One ordinary space everywhere. */
export function flat(text: string): string {
  return text.replace(/[\s\u00a0\u202f]+/g, ' ').trim();
}

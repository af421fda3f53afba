import type { Attributes } from './html-tags.ts';

/** What a `style` says about words: whether they are shown, and whether their line breaks count. */
export type Look = { hidden: boolean; tiny: boolean | undefined; pre: boolean | undefined };

export function lookOf(name: string, attributes: Attributes): Look {
  const style = attributes.get('style');
  const pre = name === 'pre' ? true : undefined;
  const hidden = NEVER_SHOWN.has(name) || attributes.has('hidden');
  if (style === undefined) return hidden || pre !== undefined ? { hidden, tiny: undefined, pre } : PLAIN;
  const said = style.toLowerCase().replaceAll(/\s+/g, '');
  return {
    hidden: hidden || HIDDEN.test(said),
    // Layout tables set « font-size:0 » and give their cells a size again: unlike display:none it can be undone.
    tiny: said.includes('font-size:') ? TINY.test(said) : undefined,
    pre: said.includes('white-space:') ? /white-space:(?:pre|break-spaces)/.test(said) : pre,
  };
}

/** A line above each block of text, as browsers give paragraphs; Word and Outlook set theirs to none. */
export function hasMargin(name: string, attributes: Attributes): boolean {
  if (!SPACED.has(name)) return false;
  if (name !== 'p') return true;
  const style = attributes.get('style')?.toLowerCase() ?? '';
  if (/margin-(?:top|bottom)\s*:\s*[1-9]/.test(style)) return true;
  if (/mso/i.test(attributes.get('class') ?? '')) return /mso-margin-(?:top|bottom)-alt\s*:\s*auto/.test(style);
  return !/margin(?:-top|-bottom)?\s*:\s*0/.test(style);
}

/** Old Gmail and Outlook indent the person's own words with a blockquote that has no bar. */
export function isIndent(attributes: Attributes): boolean {
  const style = attributes.get('style')?.toLowerCase().replaceAll(/\s+/g, '') ?? '';
  return !attributes.has('type') && !attributes.has('class') && /border:(?:none|0|medium)/.test(style);
}

const PLAIN: Look = { hidden: false, tiny: undefined, pre: undefined };
const NEVER_SHOWN: ReadonlySet<string> = new Set(
  'script style title template noembed noframes iframe object svg math xml textarea select datalist audio video canvas map'.split(
    ' ',
  ),
);
const HIDDEN =
  /display:none|visibility:(?:hidden|collapse)|mso-hide:all|max-(?:height|width):0(?!\.?[1-9])|(?:^|;)opacity:0(?!\.?[1-9])/;
const TINY = /font-size:0(?![\d.]*[1-9])/;
const SPACED: ReadonlySet<string> = new Set('p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre'.split(' '));

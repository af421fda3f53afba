import { LANGUAGES, type Language, type Town } from '../domain/people.ts';
import { REPLY_MARKERS } from '../domain/quote-marks.ts';
import { MAIL_KINDS, type MailKind } from '../domain/workflow.ts';
import { findTemplate, inLanguage, isOurTemplate, NO_OWN_TEMPLATES, type OwnTemplates } from '../template-files.ts';
import { createEngine } from '../template.ts';
import { compileMail } from './compile-mail.ts';
import type { MailView } from './mail-view.ts';
import { line } from './one-line.ts';
import { shortenView } from './shorten-view.ts';
import { liquidFault, type TemplateFault } from './template-fault.ts';

/** A mail from its view: both parts and the subject, by the templates of its reader's language. */

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

export interface Renderer {
  render(view: MailView): RenderedMail;
}

type Liquid = ReturnType<typeof createEngine>;
type Template = ReturnType<Liquid['parse']>[number];

interface MailTemplates {
  engines: Engines;
  html: Template[];
  /** Its first line is the subject. */
  text: Template[];
}

export interface Engines {
  language: Language;
  html: Liquid;
  text: Liquid;
}

export type Loaded =
  | { ok: true; templates: MailTemplates; files: ReadonlySet<string> }
  | { ok: false; fault: TemplateFault };

/** Throws when a template is missing or wrong: better at the start than at the first mail. */
export async function createRenderer({ timeZone }: Pick<Town, 'timeZone'>, own = NO_OWN_TEMPLATES): Promise<Renderer> {
  const templates = new Map<string, MailTemplates>();
  for (const language of LANGUAGES) {
    const engines = createEngines(timeZone, language, own);
    for (const kind of MAIL_KINDS.filter((each) => isWrittenIn(each, language))) {
      const loaded = await loadMail(kind, engines, own);
      if (!loaded.ok) throw new Error(`${loaded.fault.file}:${loaded.fault.line}: ${loaded.fault.detail}`);
      templates.set(`${kind} ${language}`, loaded.templates);
    }
  }
  const find = ({ kind, language }: MailView) => templates.get(`${kind} ${language}`) ?? templates.get(`${kind} fr`);
  return { render: (view) => fill(find(view) as MailTemplates, view) };
}

export function createEngines(timeZone: string, language: Language, own: OwnTemplates): Engines {
  const html = createEngine({ html: true, timeZone, language, own });
  const text = createEngine({ html: false, timeZone, language, own });
  html.registerFilter('lines', { raw: true, handler: (words: string | undefined) => linesOf(words ?? '') });
  html.registerFilter('breakable', { raw: true, handler: (url: string | undefined) => breakableOf(url ?? '') });
  html.registerFilter('preview', (words: string | undefined) => previewOf(words ?? ''));
  text.registerFilter('quoted', (words: string | undefined) => quotedOf(words ?? ''));
  return { language, html, text };
}

/** A kind has both its forms in a language, or is sent in French. */
export function isWrittenIn(kind: MailKind, language: Language): boolean {
  return ['mjml', 'txt'].every((form) => isOurTemplate(inLanguage(`emails/${kind}.${form}`, language)));
}

export async function loadMail(kind: MailKind, engines: Engines, own: OwnTemplates): Promise<Loaded> {
  const compiled = await compileMail(`emails/${kind}.mjml`, engines.language, own);
  if (!compiled.ok) return compiled;
  const text = findTemplate(`emails/${kind}.txt`, engines.language, own);
  if (text === null) return { ok: false, fault: { file: `${kind}.txt`, line: null, fault: 'missing', detail: kind } };
  try {
    const templates = {
      engines,
      html: engines.html.parse(compiled.html),
      text: engines.text.parse(text.source, text.path),
    };
    return { ok: true, templates, files: compiled.files };
  } catch (error) {
    return { ok: false, fault: liquidFault(text.path, error) };
  }
}

export function fill({ engines, html, text }: MailTemplates, view: MailView): RenderedMail {
  const scope = { ...shortenView(view), replyMarker: REPLY_MARKERS[engines.language] };
  const filled: unknown = engines.text.renderSync(text, scope);
  const [first = '', ...rest] = String(filled).split('\n');
  const mailSubject = headerText(ownSubject(headerText(first.slice(first.indexOf(':') + 1)), view));
  const page: unknown = engines.html.renderSync(html, { ...scope, mailSubject });
  return { subject: mailSubject, html: String(page), text: textPart(rest.join('\n')) };
}

/** An agent may rewrite the subject; the number before it stays, or the thread and the answers would lose the request. */
function ownSubject(subject: string, { request, facts }: MailView): string {
  const own = headerText(String(facts['mailSubject'] ?? ''));
  if (own === '') return subject;
  const tag = request === null ? '' : subject.slice(0, subject.indexOf(']') + 1);
  return `${tag} ${own.replace(tag, '')}`;
}

const SUBJECT_CHARS = 200;

/** One line for a header: no control that could begin another one (RFC 5322 §2.2), ordinary spaces, a bounded length. */
export function headerText(text: string): string {
  return line(text.replace(/\s+/g, ' '), SUBJECT_CHARS);
}

const TEXT_COLUMNS = 78;

function textPart(text: string): string {
  const even = text.replace(/[ \t]+\n/g, trailing).replace(/\n{3,}/g, '\n\n');
  const lines = even.trim().split('\n');
  return `${lines.flatMap((whole) => wrapLine(whole, TEXT_COLUMNS)).join('\n')}\n`;
}

/** The line above a signature is « -- » and a space (RFC 3676 §4.3). */
function trailing(spaces: string, at: number, text: string): string {
  return text.slice(Math.max(0, at - 3), at) === '\n--' ? spaces : '\n';
}

/** Breaks at ordinary spaces only; a page's address is never broken. */
function wrapLine(whole: string, columns: number): string[] {
  if (whole.length <= columns || whole.includes('://')) return [whole];
  const lines: string[] = [];
  let current = '';
  // What goes on below an item of a list stands under its words.
  const margin = whole.startsWith('- ') ? '  ' : '';
  for (const word of whole.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = margin + word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}

/** Words of people in a text part, set off as a quotation. */
function quotedOf(words: string): string {
  const lines = words.split('\n').flatMap((whole) => wrapLine(whole, TEXT_COLUMNS - 2));
  return lines.map((each) => `> ${each}`.trimEnd()).join('\n');
}

const PREVIEW_CHARS = 80;
const GREETING = /^\s*(?:bonjour|bonsoir|madame|monsieur|hello|dear|good (?:morning|afternoon))[^\n.!?]{0,40}\n+/i;

/** The first words that say something, for the line that programs show beside a subject. */
function previewOf(words: string): string {
  const said = words.replace(GREETING, '').replace(/\s+/g, ' ').trim();
  const whole = said === '' ? words.trim() : said;
  if (whole.length <= PREVIEW_CHARS) return whole;
  const cut = whole.slice(0, PREVIEW_CHARS);
  return `${cut.slice(0, cut.lastIndexOf(' ') > 40 ? cut.lastIndexOf(' ') : PREVIEW_CHARS)}…`.toWellFormed();
}

/** An address to copy: where a program ignores `word-break`, it would widen the whole mail. */
function breakableOf(url: string): string {
  return (url.match(/.{1,40}/g) ?? [])
    .map((piece) => piece.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? ''))
    .join('<wbr>');
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** Words of people in a page, escaped, with their line breaks; the columns of a table stay apart, which HTML would not keep. */
function linesOf(words: string): string {
  return words
    .replace(/[&<>"']/g, (char) => ESCAPES[char] ?? '')
    .replace(/\t+/g, '&emsp;&emsp;')
    .replace(/\n/g, '<br>');
}

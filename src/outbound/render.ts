import { readFileSync } from 'node:fs';
import compileMjml from 'mjml';
import type { Town } from '../domain/people.ts';
import { REPLY_MARKER } from '../domain/quote-marks.ts';
import { MAIL_KINDS, type MailKind } from '../domain/workflow.ts';
import { createEngine, TEMPLATES_DIR } from '../template.ts';
import type { MailView } from './mail-view.ts';
import { line, shortenView } from './shorten-view.ts';

/** The only door to MJML. Its templates become Liquid ones at the start; mails are then filled many times a second. */

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
  html: Template[];
  /** Its first line is the subject. */
  text: Template[];
}

/** Throws when a template is missing or wrong: better at the start than at the first mail. */
export async function createRenderer({ timeZone }: Pick<Town, 'timeZone'>): Promise<Renderer> {
  const html = createEngine({ html: true, timeZone });
  const text = createEngine({ html: false, timeZone });
  html.registerFilter('lines', { raw: true, handler: (words: string | undefined) => linesOf(words ?? '') });
  text.registerFilter('quoted', (words: string | undefined) => quotedOf(words ?? ''));
  const pairs = await Promise.all(
    MAIL_KINDS.map(async (kind) => [kind, await loadTemplates(kind, html, text)] as const),
  );
  const templates = new Map<MailKind, MailTemplates>(pairs);
  return { render: (view) => fill(templates.get(view.kind) as MailTemplates, view, html, text) };
}

async function loadTemplates(kind: MailKind, html: Liquid, text: Liquid): Promise<MailTemplates> {
  const path = `${TEMPLATES_DIR}/emails/${kind}`;
  const compiled = await compileMjml(readFileSync(`${path}.mjml`, 'utf8'), {
    filePath: `${path}.mjml`,
    includePath: TEMPLATES_DIR,
    ignoreIncludes: false,
    keepComments: false,
    validationLevel: 'strict',
  });
  return {
    html: html.parse(compactLayout(compiled.html), `${path}.mjml`),
    text: text.parse(readFileSync(`${path}.txt`, 'utf8'), `${path}.txt`),
  };
}

/** MJML indents its tables deeply: a third of each mail. */
function compactLayout(html: string): string {
  return html.replace(/\n\s+/g, '\n');
}

function fill(templates: MailTemplates, view: MailView, html: Liquid, text: Liquid): RenderedMail {
  const scope = { ...shortenView(view), replyMarker: REPLY_MARKER };
  const filled: unknown = text.renderSync(templates.text, scope);
  const [first = '', ...rest] = String(filled).split('\n');
  const mailSubject = headerText(ownSubject(headerText(first.slice(first.indexOf(':') + 1)), view));
  const page: unknown = html.renderSync(templates.html, { ...scope, mailSubject });
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
  for (const word of whole.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = word;
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

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** Words of people in a page, escaped, with their line breaks; the columns of a table stay apart, which HTML would not keep. */
function linesOf(words: string): string {
  return words
    .replace(/[&<>"']/g, (char) => ESCAPES[char] ?? '')
    .replace(/\t+/g, '&emsp;&emsp;')
    .replace(/\n/g, '<br>');
}

import { fillPlain } from '../../template.ts';
import type { Letter } from '../mailboxes.ts';

/** Reading as a person does, who sees neither tags nor line ends. */

/** Whether a mail holds these words, in its subject or its text. */
export function says({ mail }: Letter, words: string): boolean {
  return plain(`${mail.subject}\n${mail.text}`).includes(plain(words));
}

/** The number in a subject; '' when there is none. */
export function referenceIn({ mail }: Letter): string {
  return /\d{4}-\d{6}/.exec(mail.subject ?? '')?.[0] ?? '';
}

/** One space everywhere, no quote marks, no capitals. */
export function plain(text: string): string {
  return text
    .replaceAll(/\n\s*>\s?/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .toLowerCase()
    .trim();
}

/** What a page or a part of it shows. */
export function textOf(html: string): string {
  const text = html.replaceAll(/<head>[\s\S]*?<\/head>/g, ' ').replaceAll(/<[^>]+>/g, ' ');
  return unescape(text).replaceAll(/\s+/g, ' ').trim();
}

const CHARACTERS: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u00a0' };

export function unescape(html: string): string {
  return html.replaceAll(/&(#?\w+);/g, (whole, name: string) => CHARACTERS[name] ?? whole);
}

/** What somebody of the stories writes. The first line of the file is the subject. */
export function lettersWords(name: string): { subject: string; text: string } {
  const [subject = '', ...lines] = fillPlain(`demo/letters/${name}.txt`, {}).split('\n');
  return { subject, text: lines.join('\n').trim() };
}

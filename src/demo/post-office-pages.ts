import { createEngine, label } from '../template.ts';
import { type Letter, type Mailbox, type Side, unreadCount } from './mailboxes.ts';
import type { Answer } from './post-office-routes.ts';
import { lettersWords } from './stories/reading.ts';
import type { DemoTown } from './town.ts';

/** What the pages of the post office show. */

export interface Looking {
  /** Null: the entrance. */
  mailbox: Mailbox | null;
  letter: Letter | null;
  isWriting: boolean;
  notice: 'sent' | null;
}

export function officePage(town: DemoTown, { mailbox, letter, isWriting, notice }: Looking): string {
  const view = {
    town: town.config.town,
    now: town.clock.now(),
    groups: SIDES.map((side) => ({ title: label('demo', `side_${side}`), boxes: boxesOf(town, side, mailbox) })),
    path: pathOf(mailbox, letter),
    notice,
    hasMail: town.mailboxes.some(({ letters }) => letters.length > 0),
    mailbox: mailbox && { ...mailbox, unread: unreadCount(mailbox) },
    letters: mailbox?.letters.toReversed().map((each) => lineOf(each, letter, town.config.town.name)) ?? [],
    isReading: letter !== null || isWriting,
    letter: letter && letterView(letter),
    writing: mailbox !== null && isWriting ? writingView(mailbox) : null,
  };
  const engine = createEngine({ html: true, timeZone: town.config.town.timeZone });
  return String(engine.renderFileSync('demo/office.html', view));
}

const SIDES: Side[] = ['citizen', 'desk', 'department', 'agent', 'supervisor'];

function boxesOf(town: DemoTown, side: Side, current: Mailbox | null) {
  return town.mailboxes
    .filter((mailbox) => mailbox.side === side)
    .map((mailbox) => ({
      id: mailbox.id,
      name: mailbox.name,
      address: mailbox.address,
      unread: unreadCount(mailbox),
      isCurrent: mailbox === current,
    }));
}

function pathOf(mailbox: Mailbox | null, letter: Letter | null): string {
  if (mailbox === null) return '/';
  return letter === null ? `/boxes/${mailbox.id}` : `/boxes/${mailbox.id}/${letter.id}`;
}

function lineOf(letter: Letter, current: Letter | null, townName: string) {
  const { id, direction, at, mail, isRead } = letter;
  const other = direction === 'received' ? mail.from : [mail.to ?? []].flat()[0];
  return {
    id,
    direction,
    at,
    isRead,
    subject: mail.subject ?? '',
    other: other?.value[0]?.name || (other?.value[0]?.address ?? ''),
    snippet: snippetOf(mail.text ?? '', townName),
    hasFiles: mail.attachments.some(({ related }) => !related),
    isCurrent: letter === current,
  };
}

const SNIPPET_LENGTH = 120;

/** What tells apart the mails of one thread, which share their subject: the first words, after the letterhead. */
function snippetOf(text: string, townName: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const told = lines.filter((line) => line !== '' && line !== townName && !/^[—–-] .* [—–-]$/.test(line));
  return told.join(' ').slice(0, SNIPPET_LENGTH);
}

function letterView(letter: Letter) {
  const { id, direction, at, mail } = letter;
  return {
    id,
    direction,
    at,
    subject: mail.subject ?? '',
    from: mail.from?.text ?? '',
    to: [mail.to ?? []].flat().map(({ text }) => text),
    replyTo: mail.replyTo?.text ?? '',
    text: mail.text ?? '',
    hasHtml: mail.html !== false,
    height: frameHeight(mail.text ?? ''),
    // What the HTML shows is no piece besides.
    files: mail.attachments.flatMap(({ filename, size, contentType, related }, number) =>
      related ? [] : [{ number, name: filename ?? '', size, isPicture: contentType.startsWith('image/') }],
    ),
  };
}

/** Nobody can ask a frame for its height without a script: a guess from the text, and the frame can be scrolled. */
function frameHeight(text: string): number {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^https?:/.test(line));
  // Agents' mails end with a link of ten lines, to be copied.
  const hasLinks = lines.length < text.split(/\r?\n/).filter((line) => line.trim() !== '').length;
  return Math.min(1_800, (hasLinks ? 560 : 300) + lines.length * 26);
}

/** The stories' first mails, so that nobody has to invent one. */
const SAMPLES: Record<string, { letter: string; hasPhoto: boolean }> = {
  nora: { letter: 'pothole', hasPhoto: true },
  paul: { letter: 'street-lamp', hasPhoto: false },
};

function writingView({ id, letters }: Mailbox) {
  const sample = letters.some(({ direction }) => direction === 'sent') ? undefined : SAMPLES[id];
  if (sample === undefined) return { subject: '', text: '', hasPhoto: false };
  return { ...lettersWords(sample.letter), hasPhoto: sample.hasPhoto };
}

export const FRAME_CSP =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/**
 * The HTML of a mail as it came, alone in its frame: no script, no form, nothing from elsewhere; its links open a new
 * tab. A `srcdoc` would inherit the strict policy of the page and lose the mail's own styles.
 */
export function letterFrame({ mail }: Letter): Answer {
  const html = `<base target="_blank">${mail.html === false ? '' : mail.html}`;
  return { status: 200, type: 'text/html', body: html, headers: { 'Content-Security-Policy': FRAME_CSP } };
}

import { fillPlain, label } from '../../template.ts';
import type { DemoTown } from '../town.ts';
import type { Letter, Mailbox } from '../mailboxes.ts';

/** What the play prints: one template for each kind of line. */
export interface Transcript {
  story(key: string): void;
  /** A sentence of the section `demo`, its {names} filled. */
  deed(key: string, values?: Record<string, string>): void;
  letter(owner: Mailbox, letter: Letter): void;
  /** One line of it: one more of the same. */
  brief(owner: Mailbox, letter: Letter): void;
  page(status: number, title: string): void;
  checked(key: string, values?: Record<string, string>): void;
  end(seconds: number): void;
  failure(what: string, seen: string): void;
}

const LINES_SHOWN = 14;

export function createTranscript(town: DemoTown, write: (text: string) => void): Transcript {
  const { timeZone } = town.config.town;
  const print = (kind: string, values: object) => write(fillPlain('console/demo-play.txt', { kind, ...values }));
  return {
    story: (key) => print('story', { title: sentence(key) }),
    deed: (key, values = {}) => print('deed', { text: sentence(key, values) }),
    letter: (owner, letter) => print('letter', { owner, ...envelope(letter, timeZone), ...summary(letter) }),
    brief: (owner, letter) => print('brief', { owner, ...envelope(letter, timeZone) }),
    page: (status, title) => print('page', { status, title }),
    checked: (key, values = {}) => print('checked', { text: sentence(key, values) }),
    end: (seconds) => print('end', { seconds: Math.round(seconds) }),
    failure: (what, seen) => print('failure', { what, seen }),
  };
}

export function sentence(key: string, values: Record<string, string> = {}): string {
  return label('demo', key).replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function envelope({ direction, at, mail }: Letter, timeZone: string) {
  return {
    direction,
    at: shown(at, timeZone),
    from: mail.from?.text ?? '',
    to: [mail.to ?? []].flat().map(({ text }) => text),
    subject: mail.subject ?? '',
    files: mail.attachments
      .filter(({ related }) => !related)
      .map(({ filename, size }) => ({ name: filename ?? '', size })),
  };
}

/** « mercredi 25 novembre 2026, 09:00 ». */
function shown(instant: Date, timeZone: string): string {
  const day = new Intl.DateTimeFormat('fr-FR', { timeZone, dateStyle: 'full' }).format(instant);
  return `${day}, ${new Intl.DateTimeFormat('fr-FR', { timeZone, timeStyle: 'short' }).format(instant)}`;
}

/** What one would read aloud, and the names of the links: neither the line to answer above, nor what an answer quotes. */
function summary({ direction, mail }: Letter): { lines: string[]; links: string[] } {
  const [beforeSignature = ''] = (mail.text ?? '').split(/^-- ?$/m);
  const all = beforeSignature.split(/\r?\n/).map((line) => line.trim());
  const lines = all.filter((line) => line !== '' && !MARKER.test(line));
  const isLink = (index: number) => ADDRESS.test(lines[index + 1] ?? '');
  const firstLink = lines.findIndex((_line, index) => isLink(index));
  // The line above the first link is the heading of the list.
  const told = firstLink < 0 ? lines : lines.slice(0, firstLink - 1);
  const own = direction === 'sent' ? told.slice(0, quoteStart(told)) : told;
  return {
    lines: own.length > LINES_SHOWN ? [...own.slice(0, LINES_SHOWN), '…'] : own,
    links: lines.filter((_line, index) => isLink(index)).map((line) => line.replace(/\s*:$/, '')),
  };
}

const MARKER = /^[—–-] .* [—–-]$/;
const ADDRESS = /^https?:/;

function quoteStart(lines: readonly string[]): number {
  const first = lines.findIndex((line) => line.startsWith('>'));
  return first < 1 ? lines.length : first - 1;
}

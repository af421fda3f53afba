import { isStaff, type Role } from '../domain/people.ts';
import { COLLEAGUES_MAILS } from '../domain/workflow.ts';
import type { FileView, HistoryView, MailView } from './mail-view.ts';
import { inert, line, shortLines } from './one-line.ts';
import { shortBasket, shortMonth } from './shorten-reports.ts';
import { shownLinks } from './shown-links.ts';

/**
 * What a mail can hold. Gmail hides everything beyond 102 kB of HTML, and a citizen can write megabytes in any field, so
 * every value is cut here, once, where no template can forget it.
 */
export interface MailContent extends Omit<MailView, 'message' | 'original'> {
  message: (NonNullable<MailView['message']> & Cut) | null;
  original: (NonNullable<MailView['original']> & Cut) | null;
  commentIsCut: boolean;
  /** Facts of several lines, line by line. */
  lists: Record<ListFact, string[]>;
  hasMoreLinks: boolean;
  hasMoreRequests: boolean;
  /** The first steps are left out of the history that was asked for. */
  hasMoreSteps: boolean;
  /** The page of each action that the mail shows. */
  linkTo: Record<string, string>;
  /** An answer to this mail is for a colleague, never for the citizen. */
  answersColleague: boolean;
  hasMoreLate: boolean;
}

interface Cut {
  isCut: boolean;
  hasMoreFiles: boolean;
}

/** The rest of an excerpt is on the request's page. */
const EXCERPT_CHARS = 4_000;
/** An office's answer, and words given back to whoever wrote them, have no page to be read on. */
const WHOLE_CHARS = 16_000;
const FIRST_LINES_CHARS = 800;
/** A mail must not carry a stranger's words to an address that never wrote them (backscatter). */
const YOUR_WORDS_CHARS = 500;
const STEP_CHARS = 300;
const FILE_NAME_CHARS = 80;
const FILES = 12;
export const PICTURES = 6;
const STEPS = 6;
/** Of the history that an agent asked for. */
const ASKED_STEPS = 40;
const LATE_REQUESTS = 40;
const OWN_REQUESTS = 30;
const ITEMS = 20;
const ITEM_CHARS = 120;
/** A row of several cells. */
const CELLS_CHARS = 400;
/** Escaped, a character takes up to six bytes (`&quot;`); one of three bytes on average fits. */
const BYTES_PER_CHAR = 3;

type ListFact = keyof typeof LIST_CHARS;

const LIST_CHARS = {
  pieces: ITEM_CHARS,
  unknown: ITEM_CHARS,
  near: ITEM_CHARS,
  suggestions: ITEM_CHARS,
  changes: CELLS_CHARS,
  problems: CELLS_CHARS,
  fixed: CELLS_CHARS,
  effects: CELLS_CHARS,
} as const;

export function shortenView(view: MailView): MailContent {
  const { message, original, facts, report, basket, month, requests } = view;
  const { links, hasMoreLinks } = shownLinks(view);
  const isAsked = view.kind === 'command_done' && facts.action === 'history';
  const isWhole = view.to.role === 'citizen' || view.kind === 'not_done';
  const chars = isWhole ? WHOLE_CHARS : EXCERPT_CHARS;
  const comment = excerpt(facts.comment ?? '', chars);
  const ownBody = excerpt(String(facts['mailBody'] ?? ''), chars);
  const isFromStaff = isStaff((facts.actorRole ?? 'system') as Role);
  const fromOutside = view.kind === 'reply_received' || !isFromStaff;
  const relayed = (text: string) => (fromOutside && isStaff(view.to.role) ? inert(text) : text);
  return {
    ...shortLines(view),
    facts: {
      ...shortLines(facts),
      comment: relayed(comment.text),
      mailBody: ownBody.text,
      ...(facts['excerpt'] === undefined ? {} : { excerpt: firstLines(String(facts['excerpt'])) }),
    },
    commentIsCut: comment.isCut || ownBody.isCut,
    lists: listsOf(view),
    links,
    hasMoreLinks,
    linkTo: Object.fromEntries(links.map(({ action, url }) => [action, url])),
    answersColleague: COLLEAGUES_MAILS.includes(view.kind),
    message: message && { ...shortLines(message), ...words(message, chars, fromOutside && isStaff(view.to.role)) },
    yourWords: view.yourWords && {
      ...view.yourWords,
      text: inert(excerpt(view.yourWords.text, YOUR_WORDS_CHARS).text),
    },
    original: original && words(original, EXCERPT_CHARS, true),
    history: view.history.slice(isAsked ? -ASKED_STEPS : -STEPS).map(shortStep),
    hasMoreSteps: isAsked && view.history.length > ASKED_STEPS,
    report: report && { ...report, late: report.late.slice(0, LATE_REQUESTS).map((late) => shortLines(late)) },
    basket: basket && shortBasket(basket),
    month: month && shortMonth(month),
    requests: requests && requests.slice(0, OWN_REQUESTS).map((request) => shortLines(request)),
    hasMoreRequests: (requests?.length ?? 0) > OWN_REQUESTS,
    hasMoreLate: (report?.late.length ?? 0) > LATE_REQUESTS,
  };
}

function listsOf({ facts }: MailView): MailContent['lists'] {
  const lists = Object.entries(LIST_CHARS).map(([fact, chars]) => [fact, itemsOf(String(facts[fact] ?? ''), chars)]);
  return Object.fromEntries(lists) as MailContent['lists'];
}

function itemsOf(words: string, chars: number): string[] {
  const rows = words.split('\n').map((row) => inert(line(row, chars)));
  return rows.filter((row) => row !== '').slice(0, ITEMS);
}

/** Of a mail that nobody vouches for: enough to know it again, its page shows the rest. */
function firstLines(text: string): string {
  return inert(excerpt(text, FIRST_LINES_CHARS).text);
}

function words(message: { text: string; files: FileView[] }, chars: number, fromOutside: boolean) {
  const { text, isCut } = excerpt(message.text, chars);
  return {
    text: fromOutside ? inert(text) : text,
    isCut,
    files: withFirstPictures(message.files.slice(0, FILES)).map(shortFile),
    hasMoreFiles: message.files.length > FILES,
  };
}

function withFirstPictures(files: FileView[]): FileView[] {
  const shown = files.filter(({ picture }) => picture !== null).slice(0, PICTURES);
  return files.map((file) => (shown.includes(file) ? file : { ...file, picture: null }));
}

function shortFile(file: FileView): FileView {
  return { ...file, fileName: inert(line(file.fileName, FILE_NAME_CHARS)) };
}

function shortStep(step: HistoryView): HistoryView {
  return { ...shortLines(step), comment: inert(excerpt(step.comment, STEP_CHARS).text) };
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

function excerpt(text: string, chars: number): { text: string; isCut: boolean } {
  const start = text.slice(0, chars * 3);
  const clean = start.replace(/\r\n?/g, '\n').replace(CONTROLS, '').toWellFormed();
  const even = clean
    .replace(/[ \t]{80,}/g, ' ')
    .replace(/\n\s*\n/g, '\n\n')
    .trim();
  const kept = withinBudget(even, chars);
  const isCut = kept.length < even.length || start.length < text.length;
  return { text: isCut ? `${kept}…` : even, isCut };
}

function withinBudget(text: string, chars: number): string {
  let bytes = 0;
  let count = 0;
  let end = 0;
  for (const char of text) {
    count += 1;
    bytes += escapedBytes(char);
    if (count > chars || bytes > chars * BYTES_PER_CHAR) return text.slice(0, end);
    end += char.length;
  }
  return text;
}

function escapedBytes(char: string): number {
  if (char === '\n' || char === '"' || char === "'" || char === '&' || char === '<' || char === '>') return 6;
  return Buffer.byteLength(char);
}

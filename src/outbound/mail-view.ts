import type { MailFacts } from '../domain/decision.ts';
import type { Author, Language, Role } from '../domain/people.ts';
import type { Regime } from '../domain/silence.ts';
import type { MailKind } from '../domain/workflow.ts';

/** What a mail template reads. Dates are Dates: templates format them with `longDate`, `longDay`, `shortDate`. */
export interface MailView {
  kind: MailKind;
  /** The language of its reader. */
  language: Language;
  town: {
    name: string;
    mailbox: string;
    desk: OfficeView;
    court: { name: string; postalAddress: string };
    officer: { name: string; address: string };
  };
  /** `officeName`: of a department's shared mailbox; '' for an agent's own, and for everybody else. */
  to: { name: string; role: Role; officeName: string };
  /** Null for what concerns no single request: a status report, a held mail. */
  request: RequestView | null;
  /** What the decision knew: action, comment, actorName, outcome, number, … */
  facts: MailFacts;
  /** The office that holds the request after the decision, and the one before. */
  holder: OfficeView;
  previousHolder: OfficeView | null;
  /** The office of whoever acted: « Accueil », « Voirie »; '' for a citizen or the system. */
  actorOffice: string;
  /** Who signs it, where an agent acted. */
  author: Author | null;
  /** The message of the thread that this mail carries. */
  message: { text: string; authorName: string; at: Date; files: FileView[] } | null;
  /** What the citizen wrote last, so that a mail to them is understood alone; null elsewhere. */
  yourWords: { text: string; at: Date } | null;
  /** The citizen's first words and all pieces of the request, for whoever treats it. */
  original: { text: string; files: FileView[] } | null;
  /** Oldest first; agents only. */
  history: HistoryView[];
  /**
   * What this person can do now, the first thing first. For agents `action` is `view` or an action of the workflow; for
   * citizens `follow`, `citizen_reply`, `reopen`, `withdraw`, `confirm_address` or `mine`. Which of them a mail shows: shown-links.ts.
   */
  links: { action: string; url: string }[];
  /** For the help on commands: the words, and what they do. */
  commandCard: readonly { words: string; action: string }[];
  /** For the list of a citizen's requests, newest first; null elsewhere. */
  requests: OwnRequestView[] | null;
  /** For a status report. */
  report: ReportView | null;
  /** For a morning's basket. */
  basket: BasketView | null;
  /** For a monthly report. */
  month: MonthView | null;
  /** For what is about to be forgotten, and for what was. */
  deletion: DeletionView | null;
  /** When the mail is composed: « situation au … ». */
  now: Date;
}

export interface OfficeView {
  id: string;
  name: string;
  address: string;
  phone: string;
  postalAddress: string;
}

export interface RequestView {
  reference: string;
  subject: string;
  status: string;
  statusSince: Date;
  outcome: string | null;
  citizenName: string;
  citizenAddress: string;
  categoryName: string | null;
  /** Null when it is at nobody's name, or at the office's own. */
  assigneeName: string | null;
  receivedAt: Date;
  dueAt: Date | null;
  undeliverable: boolean;
  silence: SilenceView;
  /** As the legal clock stands: null when silence decides nothing, or not yet. */
  silenceOn: string | null;
}

/** What the town hall's silence means, and from which day on: null when it never decides anything. */
export interface SilenceView {
  regime: Regime;
  decidesOn: string | null;
  legalBasis: string;
}

export interface OwnRequestView {
  reference: string;
  subject: string;
  status: string;
  outcome: string | null;
  receivedAt: Date;
  /** Its follow-up page. */
  url: string;
}

export interface FileView {
  fileName: string;
  size: number;
  contentType: string;
  /** Null in the mail of whoever has no link to the request. */
  url: string | null;
  /** A photo shown small, in agents' mails; null for anything else. */
  picture: PictureView | null;
}

export interface PictureView {
  /** Of the part of the mail that holds it. */
  cid: string;
  /** As shown, in CSS pixels. */
  width: number;
  height: number;
}

export interface HistoryView {
  at: Date;
  action: string;
  actorName: string;
  actorOffice: string;
  statusBefore: string | null;
  statusAfter: string;
  comment: string;
}

export interface ReportView {
  counts: {
    open: number;
    new: number;
    inProgress: number;
    awaitingCitizen: number;
    onHold: number;
    late: number;
    closedThisWeek: number;
    receivedThisWeek: number;
  };
  /** Robots' mails that concerned no request, kept without an answer, since the last report. */
  archivedEmails: number;
  /** Mails waiting for a human. */
  heldEmails: number;
  /** Late requests, oldest first. */
  late: {
    reference: string;
    subject: string;
    status: string;
    holderName: string;
    receivedAt: Date;
    dueAt: Date;
    url: string;
  }[];
}

/** Sections in their order, each oldest first; `count` is larger where the mail cannot hold them all. */
export interface BasketView {
  /** How many need an action. */
  actionCount: number;
  shelves: { section: string; count: number; rows: BasketLineView[] }[];
}

export interface BasketLineView {
  reference: string;
  subject: string;
  citizenName: string;
  status: string;
  receivedAt: Date;
  statusSince: Date;
  waitUntil: Date | null;
  daysLate: number;
  url: string;
}

/** Days and shares are null when nothing was closed. */
export interface MonthView {
  /** `2026-08`. */
  month: string;
  received: number;
  closed: number;
  reopened: number;
  open: number;
  late: number;
  medianDays: number | null;
  ninthDecileDays: number | null;
  onTimePercent: number | null;
  byOutcome: { outcome: string; count: number }[];
  byCategory: GroupView[];
  byOffice: GroupView[];
  /** The oldest open requests. */
  oldest: { reference: string; subject: string; status: string; holderName: string; receivedAt: Date; url: string }[];
}

/** '' : of no category. */
export interface GroupView {
  name: string;
  received: number;
  closed: number;
}

export interface DeletionView {
  count: number;
  /** Most first. `from`, `to`: when the first and the last of them were closed; null once they are forgotten. */
  categories: {
    name: string | null;
    count: number;
    pieces: number;
    bytes: number;
    from: Date | null;
    to: Date | null;
    needsVisa: boolean;
  }[];
  /** To be forgotten, oldest first. Not what they say: this mail stays when they are gone. */
  requests: { reference: string; categoryName: string | null; closedAt: Date; forgetOn: string; url: string }[];
  /** Requests that wait for the archives' visa on this list. */
  listed: number;
  elimination: number | null;
  /** Mails that are still to be deleted from the mailbox. */
  pendingErasures: number;
}

import { SECTIONS } from '../domain/basket.ts';
import type { MailView } from './mail-view.ts';
import type { Words } from './sample-words.ts';

/** Samples of lists of requests. */

type UrlOf = (action: string) => string;

export function aReport(words: Words, url: UrlOf): NonNullable<MailView['report']> {
  const late = ['2026-000003', '2026-000021'].map((reference) => ({
    reference,
    subject: words.subject,
    status: 'new',
    holderName: 'Voirie',
    receivedAt: new Date('2026-03-02T09:00:00Z'),
    dueAt: new Date('2026-03-06T09:00:00Z'),
    url: url(reference),
  }));
  const counts = {
    open: 14,
    new: 5,
    inProgress: 6,
    awaitingCitizen: 2,
    onHold: 1,
    late: 2,
    closedThisWeek: 9,
    receivedThisWeek: 11,
  };
  return { counts, archivedEmails: 3, heldEmails: 1, late };
}

export function aBasket(words: Words, url: UrlOf): NonNullable<MailView['basket']> {
  const line = (reference: string, status: string, days: number) => ({
    reference,
    subject: words.subject,
    citizenName: words.name,
    status,
    receivedAt: new Date('2026-03-02T09:00:00Z'),
    statusSince: new Date('2026-04-07T09:00:00Z'),
    waitUntil: ['on_hold', 'awaiting_citizen'].includes(status) ? new Date('2026-04-14T07:00:00Z') : null,
    daysLate: days,
    url: url(reference),
  });
  const rows = {
    late: [line('2026-000003', 'new', 32), line('2026-000004', 'in_progress', 1), line('2026-000005', 'new', 0)],
    to_take_up: [line('2026-000021', 'new', 0)],
    answered: [line('2026-000008', 'in_progress', 0)],
    in_progress: [line('2026-000009', 'in_progress', 0)],
    wait_ends: [line('2026-000011', 'on_hold', 0), line('2026-000012', 'awaiting_citizen', 0)],
  };
  const shelves = SECTIONS.map((section) => ({ section, count: rows[section].length, rows: rows[section] }));
  return { actionCount: 6, shelves: shelves.map((shelf, i) => (i === 0 ? { ...shelf, count: 7 } : shelf)) };
}

export function aMonth(words: Words, url: UrlOf): NonNullable<MailView['month']> {
  return {
    month: '2026-03',
    received: 42,
    closed: 38,
    reopened: 2,
    open: 14,
    late: 3,
    medianDays: 4.5,
    ninthDecileDays: 17.25,
    onTimePercent: 87,
    byOutcome: [
      { outcome: 'accepted', count: 21 },
      { outcome: 'answered', count: 12 },
      { outcome: 'refused', count: 5 },
    ],
    byCategory: [
      { name: 'Éclairage public', received: 25, closed: 24 },
      { name: '', received: 17, closed: 14 },
    ],
    byOffice: [
      { name: 'Voirie', received: 30, closed: 28 },
      { name: 'Accueil', received: 12, closed: 10 },
    ],
    oldest: ['2026-000003', '2026-000021'].map((reference) => ({
      reference,
      subject: words.subject,
      status: 'new',
      holderName: 'Voirie',
      receivedAt: new Date('2026-03-02T09:00:00Z'),
      url: url(reference),
    })),
  };
}

import type { MailKind } from '../domain/workflow.ts';
import type { DeletionView } from './mail-view.ts';

/** What is about to be forgotten, and what was, in the samples. */
export function sampleDeletion(kind: MailKind, url: (action: string) => string): DeletionView | null {
  if (kind === 'deletion_notice') return aNotice(url);
  return kind === 'deletion_report' ? aReport() : null;
}

const CLOSED = { from: new Date('2024-03-02T09:00:00Z'), to: new Date('2024-05-11T09:00:00Z') };
const NOTHING = { requests: [], listed: 0, elimination: null, pendingErasures: 0 };

function aNotice(url: (action: string) => string): DeletionView {
  const requests = ['2024-000003', '2024-000021', '2024-000034'].map((reference, i) => ({
    reference,
    categoryName: i === 2 ? null : 'Éclairage public',
    closedAt: CLOSED.from,
    forgetOn: '2026-05-13',
    url: url(reference),
  }));
  return {
    ...NOTHING,
    count: 3,
    categories: [
      { name: 'Éclairage public', count: 2, pieces: 3, bytes: 0, ...CLOSED, needsVisa: false },
      { name: null, count: 1, pieces: 0, bytes: 0, from: CLOSED.from, to: CLOSED.from, needsVisa: true },
    ],
    requests,
  };
}

function aReport(): DeletionView {
  const gone = { from: null, to: null, needsVisa: false };
  return {
    ...NOTHING,
    count: 12,
    categories: [
      { name: 'Éclairage public', count: 11, pieces: 9, bytes: 31_000_000, ...gone },
      { name: null, count: 1, pieces: 0, bytes: 12_000, ...gone },
    ],
    listed: 4,
    elimination: 3,
    pendingErasures: 20,
  };
}

import { areAlike } from '../domain/likeness.ts';
import { citizensOthers, type Dossier } from '../store/dossiers.ts';
import type { Bearer } from './access.ts';
import type { Site } from './site.ts';

/** How far back the same request may have been written. */
const LOOK_BACK_DAYS = 30;
const MOST_SHOWN = 5;

export interface SimilarRequests {
  /** Newest first. */
  list: Pick<Dossier['request'], 'reference' | 'subject' | 'status' | 'outcome' | 'receivedAt'>[];
  /** How many more there are. */
  others: number;
}

export const NONE_SIMILAR: SimilarRequests = { list: [], others: 0 };

/** Other requests of the same citizen that look like this one: for whoever may see them all. */
export async function similarRequests(
  { ground }: Site,
  { person }: Bearer,
  { request, messages }: Dossier,
): Promise<SimilarRequests> {
  const maySeeAll = person.role === 'desk' || person.role === 'supervisor';
  if (!maySeeAll || request.status === 'closed' || request.citizenAddress === '') return NONE_SIMILAR;
  const since = new Date(request.receivedAt.getTime() - LOOK_BACK_DAYS * 86_400_000);
  const others = await citizensOthers(ground.store.db, request, since);
  const own = { subject: request.subject, text: firstWords(messages) };
  const alike = others.filter((other) => areAlike(own, { subject: other.subject, text: firstWords(other.messages) }));
  const list = alike.slice(0, MOST_SHOWN).map(({ reference, subject, status, outcome, receivedAt }) => ({
    reference,
    subject,
    status,
    outcome,
    receivedAt,
  }));
  return { list, others: alike.length - list.length };
}

function firstWords(messages: readonly { kind: string; text: string }[]): string {
  return (messages.find(({ kind }) => kind === 'inbound')?.text ?? '').slice(0, 2_000);
}

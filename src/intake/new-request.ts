import { extractFields } from '../domain/category-fields.ts';
import { guessCategory } from '../domain/category.ts';
import type { Opening } from '../domain/occurrences.ts';
import type { Person } from '../domain/people.ts';
import { senderOf } from '../domain/received-email.ts';
import { bareSubject, wordsInSubject } from '../domain/reference.ts';
import type { Route } from '../domain/routing.ts';
import type { NewRequest } from '../store/decide-on.ts';
import type { Ground } from '../store/store.ts';
import { firstForward } from './first-forward.ts';
import type { PreparedEmail } from './prepare-email.ts';

/** A request opens: for its sender, or for the sender of the mail that an agent forwards. */
export type OpeningRoute = Extract<Route, { verdict: 'new' | 'forward' }>;

export interface NewEmail {
  prepared: PreparedEmail;
  route: OpeningRoute;
}

/** `relatedReference`: the closed request that the mail answers. */
export function newRequest(
  ground: Ground,
  { prepared, route }: NewEmail,
  relatedReference: string | null = null,
): NewRequest {
  const { stored, email, text, elided, files } = prepared;
  const forward = prepared.forward && firstForward(prepared.forward, ground.config.town);
  const cause = { id: `email:${stored.id}`, inboundEmailId: stored.id };
  if (route.verdict === 'forward' && forward?.from) {
    const subject = bareSubject(forward.subject || (email?.subject ?? ''));
    const receivedAt =
      forward.sentAt !== null && forward.sentAt < stored.receivedAt ? forward.sentAt : stored.receivedAt;
    const citizen: Person = { role: 'citizen', department: null, ...forward.from };
    return {
      opening: {
        citizen,
        subject,
        text: forward.text,
        elided: '',
        receivedAt,
        acknowledge: true,
        relatedReference,
        ...aboutOf(subject, forward.text, ground),
      },
      note: forward.before.trim() === '' ? null : { author: route.forwarder, text: forward.before },
      cause: { ...cause, attachments: forward.files },
    };
  }
  const subject = bareSubject(email?.subject ?? '');
  const name = email?.from[0]?.name ?? '';
  const citizen: Person = { role: 'citizen', department: null, name, address: email === null ? '' : senderOf(email) };
  const acknowledge = route.verdict === 'new' && route.acknowledge;
  return {
    opening: {
      citizen,
      subject,
      text: text || wordsInSubject(subject),
      elided,
      receivedAt: stored.receivedAt,
      acknowledge,
      relatedReference,
      ...aboutOf(subject, text, ground),
    },
    note: null,
    cause: { ...cause, attachments: files },
  };
}

/** What the words tell of themselves: a proposal, which agents correct. */
function aboutOf(subject: string, text: string, { config }: Ground): Pick<Opening, 'category' | 'origin' | 'details'> {
  const category = guessCategory(`${subject} ${text}`, config.categories);
  return {
    category: category?.id ?? null,
    origin: 'email',
    details: category === null ? {} : extractFields(text, category.fields),
  };
}

import type { Act } from './decide.ts';
import { readMentions } from './mentions.ts';
import { staffAt, type Person, type Town } from './people.ts';
import { maySee, type RequestState } from './request.ts';
import type { Action } from './workflow.ts';

/** What an action leaves on the request besides where it stands. */
export function keptOf(request: RequestState, act: Act, town: Town, now: Date): Partial<RequestState> {
  return KEPT[act.action]?.(request, act, town, now) ?? {};
}

type Keep = (request: RequestState, act: Act, town: Town, now: Date) => Partial<RequestState>;

const KEPT: Partial<Record<Action, Keep>> = {
  request_correction: ({ pieces }, act) => {
    const asked = (act.pieces ?? []).filter((piece) => !pieces.some(({ name }) => name === piece));
    return { pieces: [...pieces, ...asked.map((name) => ({ name, isReceived: false }))] };
  },
  draft: (_request, { comment: text, actor: { name, address } }, _town, at) => ({ draft: { text, name, address, at } }),
  message: () => ({ draft: null }),
  answer: () => ({ draft: null }),
  note: (request, { comment }, town) => sharedWith(request, readMentions(comment, town).found),
  share: (request, { colleague = '' }, town) => sharedWith(request, staffAt(town, colleague).slice(0, 1)),
  unshare: (request, { guest }) => ({ sharedWith: request.sharedWith.filter((address) => address !== guest) }),
  freeze: (_request, { comment }, _town, now) => ({ frozenAt: now, frozenReason: comment, deletionNoticeAt: null }),
  unfreeze: () => ({ frozenAt: null, frozenReason: '' }),
  label: (_request, { labels = [] }) => ({ labels }),
  merge: (_request, { original }) => ({ relatedReference: original?.reference ?? null }),
  confirm_address: ({ pendingAddress }) => ({
    citizenAddress: pendingAddress,
    pendingAddress: '',
    undeliverable: false,
  }),
};

/** Whoever is named may read what they are asked about. */
function sharedWith(request: RequestState, persons: readonly Person[]): Partial<RequestState> {
  const guests = persons.filter((person) => !maySee(request, person)).map(({ address }) => address);
  return guests.length === 0 ? {} : { sharedWith: [...request.sharedWith, ...guests] };
}
